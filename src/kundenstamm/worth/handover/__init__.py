"""Who takes over whose customers when somebody leaves: weighed, assigned, priced."""
