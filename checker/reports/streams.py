"""What the formats have in common that are written workbook by workbook out of documents.

A document is a workbook as ``workbooks[]`` of ``schemas/report.schema.json`` has it; it may also hold ``x-rules``: for
each rule that concerned the workbook, how many answers of each status it gave. Only the document at hand is kept.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TextIO

from checker.messages import Text
from checker.model.report import Report
from checker.reports.json import report_document

__all__ = ["Document", "Head", "Write", "numbered", "rendered", "said", "valid"]

Document = Mapping[str, Any]


class Head(NamedTuple):
    """What a report says of the run as a whole: packs and failures, as the schema has them."""

    packs: tuple[Document, ...] = ()
    failures: tuple[Document, ...] = ()


#: Writes workbooks to a stream in a language.
Write = Callable[[Iterable[Document], TextIO, Head, str], None]


def rendered(write: Write, report: Report, language: str) -> str:
    """``report`` as ``write`` writes it."""
    document = report_document(report)
    stream = io.StringIO(newline="")
    write(document["workbooks"], stream, Head(tuple(document["packs"]), tuple(document["failures"])), language)
    return stream.getvalue()


def numbered(findings: Iterable[Document], above: str = "") -> Iterator[tuple[str, Document]]:
    """Every finding with its number: 1, 1.1, 1.2, 2; consequences stand below their cause."""
    for index, finding in enumerate(findings, 1):
        number = f"{above}.{index}" if above else str(index)
        yield number, finding
        yield from numbered(finding["consequences"], number)


def said(text: Document | None, language: str) -> str:
    """A text of a document in one language; nothing where there is none."""
    return "" if text is None else Text(text["zh"], text["en"]).render(language)


def valid(text: str) -> str:
    """``text`` without lone surrogates, which no encoding can write (a file name that is no text holds them)."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if not text.isascii() else text
