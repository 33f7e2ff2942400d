"""``kundenstamm report``: from a sales file to answers, without any database."""
