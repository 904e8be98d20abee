"""What is marked in a workbook and what its result sheets say, whoever writes it: a patched copy or the open Excel.

Pure functions over a ``WorkbookReport``; nothing here knows a file format.
"""

from __future__ import annotations

from checker.marks.cells import Mark, marks_of
from checker.marks.explanations import explanations_in, texts_of, unlisted
from checker.marks.notes import mark_key, merge_note, strip_note
from checker.marks.results import result_rows
from checker.marks.scores import score_rows
from checker.marks.table import COLOURS, Column, Row, Table

__all__ = [
    "COLOURS",
    "Column",
    "Mark",
    "Row",
    "Table",
    "explanations_in",
    "mark_key",
    "marks_of",
    "merge_note",
    "result_rows",
    "score_rows",
    "strip_note",
    "texts_of",
    "unlisted",
]
