"""What a decision about one customer would bring: before signing, and where a customer loses."""
