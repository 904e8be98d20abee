"""What officers wrote beside the findings: read back by the id of the finding, wherever the columns are now."""

from __future__ import annotations

from collections.abc import Mapping

from checker.messages import LANGUAGES, Text, tr
from checker.model.workbook import Cell

__all__ = ["explanations_in"]


def explanations_in(rows: Mapping[int, Mapping[int, Cell]]) -> dict[str, str]:
    """Finding id → explanation, from the rows of a sheet of findings (as a reader gives them); none where it is no
    such sheet. Rows may be sorted and columns moved; what is written twice for one finding is kept line by line."""
    found: dict[str, str] = {}
    places: tuple[int, int] | None = None
    for row in rows.values():
        if places is None:
            places = _columns(row)
            continue
        identity, written = (row[column].raw.strip() if column in row else "" for column in places)
        if identity and written:
            before = found.get(identity)
            found[identity] = written if before in (None, written) else f"{before}\n{written}"
    return found


def _columns(row: Mapping[int, Cell]) -> tuple[int, int] | None:
    """Where the ids and the explanations stand, if this is the row of the titles."""
    by_title = {cell.raw.strip(): column for column, cell in row.items()}
    identity, written = (_one(by_title, title) for title in (tr("Finding id"), tr("Explanation")))
    return (identity, written) if identity and written else None


def _one(by_title: Mapping[str, int], title: Text) -> int:
    return next((by_title[word] for word in map(title.render, LANGUAGES) if word in by_title), 0)
