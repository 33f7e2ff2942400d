"""Files as people have them: any separator, encoding, decimal mark, date order, three formats."""

from kundenstamm.importers.files.dialect import Dialect
from kundenstamm.importers.files.keys import keys_needed
from kundenstamm.importers.files.reading import Raw, read
from kundenstamm.importers.files.refused import FileRefused
from kundenstamm.importers.files.room import room_needed

__all__ = ["Dialect", "FileRefused", "Raw", "keys_needed", "read", "room_needed"]
