"""How much a request may bring: what is more is not even kept for the moment."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from kundenstamm.care import rules

# A sales export of many years; elsewhere files are attached to what was recorded.
IMPORTS, MOST_IMPORTED = "/import/", 1 << 30


def skipped(request: HttpRequest) -> list[str]:
    """Names of the files that were larger than may be and were left out while they came."""
    found: list[str] = getattr(request, "skipped_uploads", [])
    return found


class Limited(FileUploadHandler):
    """Stands before the handlers that keep files, and lets no more than the limit through."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        imported = request is not None and request.path.startswith(IMPORTS)
        self._each = MOST_IMPORTED if imported else rules.MOST_FILE_BYTES
        self._left = MOST_IMPORTED if imported else rules.MOST_BYTES_TOGETHER

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._left -= len(raw_data)
        if start + len(raw_data) > self._each or self._left < 0:
            self.request.skipped_uploads = [*skipped(self.request), self.file_name]  # type: ignore[union-attr,arg-type]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002
        """Another handler has it."""
        return None
