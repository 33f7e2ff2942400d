"""A file that cannot be read at all."""

from __future__ import annotations

from pathlib import Path


class FileRefused(Exception):  # noqa: N818
    """What is wrong with which file, and the mend; English, translated where it is shown.

    ``template`` and ``mend`` are templates in ``str.format`` style over ``values``.
    """

    def __init__(self, path: Path | str, template: str, mend: str, **values: object) -> None:
        self.path = Path(path)
        self.template = template
        self.mend = mend
        self.values = values
        super().__init__(str(self))

    def __str__(self) -> str:
        return f"{self.path.name}: {self.said}"

    @property
    def said(self) -> str:
        """What is wrong and the mend, without the file's name."""
        return f"{self.template.format(**self.values)} {self.mend.format(**self.values)}"
