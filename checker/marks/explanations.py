"""What officers wrote beside the findings: read back by the id of the finding, wherever the columns are now."""

from __future__ import annotations

from collections.abc import Mapping

from checker.engine.written import written_in
from checker.model.workbook import Cell

__all__ = ["explanations_in"]


def explanations_in(rows: Mapping[int, Mapping[int, Cell]]) -> dict[str, str]:
    """Finding id → explanation, from the rows of a sheet of findings (as a reader gives them); none where it is no
    such sheet. What is written twice for one finding is kept line by line."""
    found: dict[str, str] = {}
    for one in written_in(rows):
        before = found.get(one.finding)
        found[one.finding] = one.text if before in (None, one.text) else f"{before}\n{one.text}"
    return found
