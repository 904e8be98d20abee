"""What officers wrote beside the findings: read back by the id of the finding, wherever the columns are now, and what
of it the new list does not show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checker.engine.written import written_in
from checker.marks.results import EXPLANATION, IDENTITY
from checker.marks.table import Table
from checker.model.explanation import Explanation
from checker.model.workbook import Cell

__all__ = ["explanations_in", "texts_of", "unlisted"]


def explanations_in(rows: Mapping[int, Mapping[int, Cell]]) -> dict[str, str]:
    """Finding id → explanation, from the rows of a sheet of findings (as a reader gives them); none where it is no
    such sheet. What is written twice for one finding is kept line by line."""
    return _by_finding((one.finding, one.text) for one in written_in(rows))


def texts_of(said: Iterable[Explanation]) -> dict[str, str]:
    """Finding id → explanation; several for one finding line by line."""
    return _by_finding((one.finding, one.text) for one in said)


def unlisted(said: Iterable[Explanation], table: Table) -> list[Explanation]:
    """What no row of the sheet of findings shows."""
    shown: dict[str, list[str]] = {}
    for row in table.rows:
        shown.setdefault(row.cells[IDENTITY], []).append(row.cells[EXPLANATION])
    return [one for one in dict.fromkeys(said) if not any(one.text in texts for texts in shown.get(one.finding, ()))]


def _by_finding(written: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for finding, text in written:
        texts = found.setdefault(finding, [])
        if text not in texts:
            texts.append(text)
    return {finding: "\n".join(texts) for finding, texts in found.items()}
