"""The cast of the walls: a base in which every table has rows."""

from tests.wall.conftest import base, cast, facts, untraded

__all__ = ["base", "cast", "facts", "untraded"]
