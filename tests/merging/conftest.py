"""The cast of the walls: a base in which every table has rows."""

from tests.wall.conftest import cast, facts, untraded

__all__ = ["cast", "facts", "untraded"]
