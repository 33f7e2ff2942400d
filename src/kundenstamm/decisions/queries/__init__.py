"""What decisions are taken from, and which ones wait."""
