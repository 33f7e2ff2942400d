"""Rows of the database as tables for ``worth``, and what ``worth`` answers as rows again."""
