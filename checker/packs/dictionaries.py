"""Official lists of codes, from ``dictionaries/*.csv``: UTF-8, a line for each edition of each code.

The first line may be a comment that says what the list is: ``# title | English title | document | status``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.rule import Dictionary, Entry, Source
from checker.packs.files import MAX_BYTES

__all__ = ["read_dictionary"]

HEADER: Final = ["code", "name", "since", "until"]
_STATUS: Final = ("sourced", "inferred", "unverified")
_YEAR: Final = re.compile("(?:[0-9]{4})?")


def read_dictionary(content: bytes, file: str) -> tuple[Dictionary | None, list[PackError]]:
    """The list in one file, called as the file is, and all that is wrong with it (then there is no list)."""
    name = PurePath(file).stem
    if len(content) > MAX_BYTES:
        message = tr("The file is larger than {limit} bytes.", limit=MAX_BYTES)
        return None, [_error("CSV_TOO_LARGE", message, file, 1, tr("Split it into several files."))]
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [_error("CSV_ENCODING", tr("The file is not UTF-8."), file, line, tr("Save it as UTF-8."))]
    errors: list[PackError] = []
    title, source, first = Text(name, name), Source(name, status="unverified"), 1
    if lines and lines[0].startswith("#"):
        title, source = _head(lines[0], file, errors) or (title, source)
        first = 2
    entries: list[Entry] = []
    seen: dict[tuple[str, str], int] = {}
    if first > len(lines) or _cells(lines[first - 1]) != HEADER:
        hint = tr("Write {header}.", header=",".join(HEADER))
        return None, [*errors, _error("CSV_HEADER", tr("The first line names the columns."), file, first, hint)]
    for number, entry in _entries(lines[first:], first + 1, file, errors):
        other = seen.setdefault((entry.code, entry.since), number)
        if other != number:
            message = tr("The code {code} stands on line {line} already.", code=entry.code, line=other)
            errors.append(_error("CODE_TWICE", message, file, number, tr("Give each edition its own years.")))
        entries.append(entry)
    if not entries and not errors:
        errors.append(_error("CSV_EMPTY", tr("The list is empty."), file, first))
    return (None, errors) if errors else (Dictionary(name, title, source, tuple(entries)), [])


def _head(line: str, file: str, errors: list[PackError]) -> tuple[Text, Source] | None:
    parts = [part.strip() for part in line.lstrip("#").split("|")]
    if len(parts) == 4 and all(parts) and parts[3] in _STATUS:
        return Text(parts[0], parts[1]), Source(parts[2], status=parts[3])
    hint = tr("Write {header}.", header=f"# zh | en | document | {'/'.join(_STATUS)}")
    errors.append(_error("CSV_TITLE", tr("This line does not say what the list is."), file, 1, hint))
    return None


def _entries(lines: Iterable[str], start: int, file: str, errors: list[PackError]) -> Iterator[tuple[int, Entry]]:
    for number, line in enumerate(lines, start):
        cells = _cells(line)
        if not cells:
            continue
        if len(cells) != len(HEADER):
            message = tr("There are {count} cells where {wanted} are wanted.", count=len(cells), wanted=len(HEADER))
            errors.append(
                _error(
                    "CSV_CELLS", message, file, number, tr("Quotation marks come in pairs around a cell with a comma.")
                )
            )
            continue
        entry = Entry(*cells)
        if not entry.code or not entry.name:
            errors.append(_error("CSV_BLANK", tr("A code and a name are needed."), file, number))
        elif any(not _YEAR.fullmatch(year) for year in (entry.since, entry.until)):
            errors.append(_error("CSV_YEAR", tr("A year is written with four digits."), file, number))
        elif entry.since and entry.until and entry.since > entry.until:
            errors.append(_error("CSV_YEARS", tr("The code ends before it begins."), file, number))
        else:
            yield number, entry


def _cells(line: str) -> list[str]:
    """The cells of one line; none where its quotation marks do not close."""
    try:
        found: list[list[str]] = [*csv.reader([line], strict=True)]
    except csv.Error:
        return [line]
    return [cell.strip() for cell in found[0]] if found else []


def _error(code: str, message: Text, file: str, line: int, hint: Text | None = None) -> PackError:
    return PackError(code, message, hint, f"{file}:{line}:1")
