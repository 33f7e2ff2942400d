"""Who supplies whom, what a chain brings, and what goes with one of its links."""
