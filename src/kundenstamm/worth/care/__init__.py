"""Keeping the customers there are: who waits, for what, and what another week would cost.

Rules in prose and worked examples: ``docs/algorithms/care.md``. Everything here takes tables and
a day, and gives tables.
"""
