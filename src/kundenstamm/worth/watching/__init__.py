"""Whether somebody reads the customer base in an unusual way, from counts alone."""
