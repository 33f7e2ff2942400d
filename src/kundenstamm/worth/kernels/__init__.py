"""Inner loops compiled by numba. Import these modules inside the functions that need them.

Importing numba takes longer than a small report does; nothing outside this package imports it.
"""
