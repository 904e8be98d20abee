"""Findings as a table for Excel: one line each, consequences below their cause, UTF-8 with a byte order mark.

A workbook that could not be read has a line too. A text that Excel would take for a formula stands behind an
apostrophe; numbers stand as they are. ``docs/reports.md`` says what each column holds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TextIO

from checker.messages import Text, tr
from checker.model.report import Report
from checker.reports.layout import clean
from checker.reports.streams import Document, Head, numbered, rendered, said, valid
from checker.reports.words import severity_word, source_remark, status_word

__all__ = ["columns", "guarded", "render", "write"]

_BOM: Final = "\ufeff"
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: With these a cell begins that a spreadsheet program calculates; the wide ones where its language is East Asian.
_CALCULATED: Final = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def render(report: Report, language: str = "zh") -> str:
    """The findings of ``report``."""
    return rendered(write, report, language)


def write(documents: Iterable[Document], stream: TextIO, head: Head, language: str = "zh") -> None:
    """Workbook by workbook; ``stream`` must not translate line ends."""
    stream.write(_BOM)
    lines = csv.writer(stream, lineterminator="\r\n")
    lines.writerow([guarded(title.render(language)) for title in columns()])
    width = len(columns())
    patches = {
        pack["id"]: "; ".join(f"{said(one['title'], language)} {one['document']}".rstrip() for one in pack["patches"])
        for pack in head.packs
        if pack.get("patches")
    }
    for failure in head.failures:
        lines.writerow(_line(width, _unread({"path": failure["where"], "error": failure}, language)))
    for document in documents:
        if document["error"] is not None:
            lines.writerow(_line(width, _unread(document, language)))
        for number, finding in numbered(document["findings"]):
            told = _finding(document, number, finding, language)
            lines.writerow(_line(width, chain(told, [patches.get(finding["pack"], "")])))


def columns() -> tuple[Text, ...]:
    """The titles, in their order."""
    return (
        tr("File"),
        tr("Unit name"),
        tr("Year"),
        tr("No."),
        tr("Severity"),
        tr("Status"),
        tr("Form"),
        tr("Sheet"),
        tr("Cell"),
        tr("Label path"),
        tr("Further cells"),
        tr("Problem"),
        tr("Actual"),
        tr("Expected"),
        tr("Measured in"),
        tr("Difference"),
        tr("Tolerance"),
        tr("With numbers"),
        tr("Possible cause"),
        tr("Rule title"),
        tr("Source"),
        tr("Article"),
        tr("Standing of the source"),
        tr("Suggestion"),
        tr("Explanation"),
        tr("Rule id"),
        tr("Finding id"),
        tr("Patches of its rules in force"),
    )


def guarded(text: str) -> str:
    """``text`` on one line, such that no spreadsheet program calculates it."""
    text = clean(valid(text))
    return f"'{text}" if text.startswith(_CALCULATED) and not _NUMBER.fullmatch(text) else text


def _line(width: int, cells: Iterator[str]) -> list[str]:
    line = [guarded(cell) for cell in cells]
    return [*line, *[""] * (width - len(line))]


def _unread(document: Document, language: str) -> Iterator[str]:
    error = document["error"]
    yield from (document["path"], document.get("unit", ""), document.get("year", ""), "", "")
    yield tr("not read").render(language)
    yield from [""] * 5
    yield " ".join(
        filter(None, (said(error["message"], language), said(error["hint"], language), f"[{error['code']}]"))
    )


def _finding(document: Document, number: str, finding: Document, language: str) -> Iterator[str]:
    yield from (document["path"], document["unit"], document["year"], number)
    yield severity_word(finding["severity"]).render(language)
    yield status_word(finding["status"]).render(language)
    yield from (finding["form"], finding["sheet"], finding["cell"], finding["label"])
    yield ", ".join(_place(place, finding["sheet"]) for place in finding["places"])
    yield said(finding["message"], language)
    yield from (finding[key] or "" for key in ("actual", "expected", "unit", "difference", "tolerance", "values"))
    yield said(finding["cause"], language)
    yield said(finding["title"], language)
    source = finding["source"]
    standing = source_remark(source["status"])
    yield from (source["document"], source["article"], "" if standing is None else standing.render(language))
    yield said(finding["remedy"], language)
    yield (finding.get("explanation") or {}).get("text", "")
    yield from (finding["rule"], finding["id"])


def _place(place: Document, sheet: str) -> str:
    return place["cell"] if place["sheet"] == sheet else f"{place['sheet']}!{place['cell']}"
