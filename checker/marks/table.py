"""A sheet of results as rows of texts, and the colours that severities have in cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from checker.model.rule import Severity

__all__ = ["COLOURS", "Column", "Row", "Table", "colour_of"]

#: Colour name → RRGGBB of the fill.
COLOURS: Final[Mapping[str, str]] = {
    "red": "FF9B9B",
    "light red": "FFDCDC",
    "amber": "FFD24D",
    "light amber": "FFF0C2",
    "blue": "9CC7F0",
    "light blue": "DDEDFB",
}
_BY_SEVERITY: Final = {Severity.ERROR: "red", Severity.WARNING: "amber", Severity.NOTE: "blue"}


def colour_of(severity: str, light: bool = False) -> str:
    """The colour name of a severity; ``light`` for what follows from something else."""
    name = _BY_SEVERITY.get(severity, "blue")
    return f"light {name}" if light else name


class Column(NamedTuple):
    """``width`` in characters. ``role`` is ``text``, ``centre``, ``amount``, ``link`` (leads to a cell) or ``input``
    (people write there)."""

    title: str
    width: int
    role: str = "text"
    hidden: bool = False


class Row(NamedTuple):
    """``cells`` are texts and must be written as texts, also where they begin with ``=``, ``+``, ``-`` or ``@``.

    ``kind`` is a severity, ``section``, ``open`` (not decided), ``level``, ``wrong`` or ``plain``. ``link`` is where
    its column ``link`` leads (``'sheet'!A1``), ``depth`` how far it stands below its cause.
    """

    cells: tuple[str, ...]
    kind: str = "plain"
    link: str = ""
    depth: int = 0

    @property
    def explainable(self) -> bool:
        """Whether people are asked to write into its column ``input``: what they write elsewhere explains nothing."""
        return self.kind == Severity.WARNING and not self.depth


class Table(NamedTuple):
    """``name`` is the name of the sheet, ``headline`` the lines above the table, the first of them its title. ``seen``
    is for the record of the workbook (see ``engine.written``)."""

    name: str
    headline: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    seen: Mapping[tuple[str, str], str] = {}
