"""Journeys through the whole and checks of the whole; a room's own tests live in the room."""
