"""Who did what, and who looked at whom: noted, sealed into a chain, verified.

Writes are noted by triggers (`triggers`), reads by whoever shows a customer (`note_read`,
`note_reveal`). Entries are sealed every few seconds (`chain`), and the chain's tip leaves the
database (`tips`).
"""

from kundenstamm.guard.audit.notes import note_read, note_refused, note_reveal

__all__ = ["note_read", "note_refused", "note_reveal"]
