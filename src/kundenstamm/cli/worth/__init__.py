"""``kundenstamm worth``: scores and comparisons from one file, without any database."""
