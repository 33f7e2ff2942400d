"""Who holds whom, what hangs on one person, and what a second one would save."""
