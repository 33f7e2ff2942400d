"""Whom to win, and what that may cost, before the first talk."""
