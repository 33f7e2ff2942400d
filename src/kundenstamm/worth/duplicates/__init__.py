"""Which rows mean the same customer: names and addresses in one spelling, compared, weighed."""
