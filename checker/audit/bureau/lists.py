"""Lists that people keep as CSV or as a workbook (a roster, adjustments) and papers that they open as CSV: headings in
either language, the encodings that Excel and WPS save in, the place of every mistake.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from checker.audit.bureau import sheets
from checker.checks.subject import plain_text
from checker.errors import UsageError
from checker.messages import Text, tr

__all__ = ["Heading", "Line", "read_list", "table_text", "write_paper"]

#: A list of units or adjustments is far below; a larger file is something else.
MOST_BYTES: Final = 64 * 1024 * 1024
#: Excel and WPS take a CSV in UTF-8 for one only with this mark.
MARK: Final = "\ufeff"
#: What makes a formula of a text when a spreadsheet program opens a CSV.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Heading(NamedTuple):
    """One column: what programs call it, what people call it, and other words for it."""

    key: str
    title: Text
    also: tuple[Text, ...] = ()
    mandatory: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, *(name for text in (self.title, *self.also) for name in text))


class Line(NamedTuple):
    """One record: the line that it begins on, its cells and the numbers of their columns by the key of the heading."""

    path: str
    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def text(self, key: str) -> str:
        """The cell below the heading ``key``; empty where the list has no such column."""
        return self.cells.get(key, "")

    def wrong(self, key: str, code: str, message: Text, hint: Text | None = None) -> UsageError:
        """The error that this cell is wrong: ``file:line:column``."""
        return UsageError(code, message, hint, f"{self.path}:{self.line}:{self.columns.get(key, 1)}")


def read_list(path: str, headings: Sequence[Heading]) -> list[Line]:
    """The records of a list, blank ones left out. Raises ``UsageError`` for the first thing that is wrong."""
    records = _records(path)
    first = next(records, None)
    if first is None:
        raise UsageError("LIST_EMPTY", tr("The list is empty."), _wanted(headings), path)
    columns = _columns(path, first, headings)
    lines = []
    for number, cells in records:
        named = {key: cells[at - 1].strip() for key, at in columns.items() if at <= len(cells)}
        if not any(named.values()):
            continue
        line = Line(path, number, named, columns)
        for heading in headings:
            if heading.mandatory and not line.text(heading.key):
                message = tr("{column} is missing in this line of the list.", column=heading.title)
                raise line.wrong(heading.key, "LIST_CELL_MISSING", message)
        lines.append(line)
    return lines


def table_text(headings: Sequence[Text], rows: Iterable[Sequence[str]], language: str = "zh") -> str:
    """A paper for spreadsheet programs. No text in it can become a formula: one that would begins with ``'``."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([heading.render(language) for heading in headings])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def _inert(cell: str) -> str:
    if cell.startswith(_FORMULA) and not cell[1:].replace(".", "", 1).isdecimal():
        return f"'{cell}"
    return cell


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            "LIST_UNREADABLE", tr("This cannot be read: {problem}.", problem=reason), None, path
        ) from error


def _text(content: bytes, path: str) -> str:
    save = tr("Save it as CSV (comma delimited) or as a workbook (.xlsx).")
    if len(content) > MOST_BYTES or b"\0" in content:
        raise UsageError("LIST_NO_CSV", tr("This is no list in CSV."), save, path)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError("LIST_ENCODING", tr("The text is neither UTF-8 nor GBK."), save, path)


def _records(path: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line that it begins on."""
    content = _content(path)
    if sheets.is_workbook(content):
        yield from sheets.records(path)
        return
    reader = csv.reader(io.StringIO(_text(content, path), newline=""), strict=True)
    begins = 1
    try:
        for record in reader:
            yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        message = tr("This line is not CSV: {problem}.", problem=error)
        raise UsageError(
            "LIST_NO_CSV", message, tr("Put texts with commas or quotes in quotes."), _at(path, begins)
        ) from error


def _at(path: str, line: int, column: int = 1) -> str:
    return f"{path}:{line}:{column}"


def _columns(path: str, first: tuple[int, list[str]], headings: Sequence[Heading]) -> dict[str, int]:
    """The number of each known column. A heading that is nearly a known one is a mistake; others are passed over."""
    known = {_folded(name): heading for heading in headings for name in heading.names}
    columns: dict[str, int] = {}
    strange: list[tuple[int, str]] = []
    for number, cell in enumerate(first[1], 1):
        heading = known.get(_folded(cell))
        if heading is None:
            strange.append((number, cell))
        elif heading.key in columns:
            message = tr("The list has the column {column} twice.", column=heading.title)
            raise UsageError("LIST_COLUMN_TWICE", message, None, _at(path, first[0], number))
        else:
            columns[heading.key] = number
    for number, cell in strange:
        near = [name for name in get_close_matches(_folded(cell), known, 1, 0.7) if known[name].key not in columns]
        if near:
            message = tr("The list has no column {column}.", column=cell.strip())
            hint = tr("Did you mean {names}?", names=known[near[0]].title)
            raise UsageError("LIST_COLUMN_UNKNOWN", message, hint, _at(path, first[0], number))
    for heading in headings:
        if heading.mandatory and heading.key not in columns:
            message = tr("The list has no column {column}.", column=heading.title)
            raise UsageError("LIST_COLUMN_MISSING", message, _wanted(headings), _at(path, first[0]))
    return columns


def _wanted(headings: Sequence[Heading]) -> Text:
    names = [heading.title for heading in headings]
    listed = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return tr("The first line names the columns: {columns}.", columns=listed)


def _folded(name: str) -> str:
    return plain_text(name).casefold()


def write_paper(path: str, text: str) -> None:
    """Write a paper whole or not at all. Raises ``UsageError``."""
    draft = f"{path}.{os.getpid()}.part"
    try:
        with open(draft, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            file.write(text)
        os.replace(draft, path)  # noqa: PTH105
    except OSError as error:
        if os.path.exists(draft):  # noqa: PTH110
            os.unlink(draft)  # noqa: PTH108
        reason = error.strerror or str(error)
        raise UsageError(
            "PAPER_UNWRITABLE", tr("The paper cannot be written: {reason}.", reason=reason), None, path
        ) from error
