"""Somebody joins: which customers they get, whom they meet first, and what they read before."""
