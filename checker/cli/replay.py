"""``checker replay``: findings derived again from a report, without the workbook.

Exit 0 the same, 1 something differs, 3 something could not be derived. Unlike elsewhere 1 wins over 3: that a document
says something else than its own figures is the answer that was asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from checker.cli.output import page_of, put
from checker.cli.parser import Commands, add_rules
from checker.errors import ReadError, UsageError
from checker.messages import Text, tr

if TYPE_CHECKING:
    from checker.engine.replay import Replayed
    from checker.reports.page import Page

__all__ = ["add", "findings_in", "lines_of", "run"]

_EXIT: Final = {"same": 0, "different": 1, "cannot": 3}
Document = Mapping[str, Any]


def add(commands: Commands) -> None:
    parser = commands.add("replay", tr("derive findings again from a report, without the workbook"), run)
    say = parser.say
    parser.add_argument(
        "file", metavar="FILE", help=say(tr("a finding, or a report in JSON (findings.json); - reads standard input"))
    )
    parser.add_argument("--id", metavar="ID", help=say(tr("only the findings with this id")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Derive each finding again and say whether it is the same."""
    from checker.engine.replay import Answer, Replayer
    from checker.session import Session

    session = Session(arguments.rules)
    replayer = Replayer(session.plans(), session.labels, session.lexicon)
    page = page_of(arguments.lang)
    counts = dict.fromkeys(Answer.ORDER, 0)
    for document in findings_in(lines_of(arguments.file), arguments.file, arguments.id):
        replayed = replayer.replay(document)
        for depth, one in _walk(replayed):
            counts[one.answer] += 1
            put("".join(f"{line}\n" for line in _told(one, page, depth)))
    if not any(counts.values()):
        raise UsageError(
            "NO_FINDINGS",
            tr("The report has no finding {id}.", id=arguments.id)
            if arguments.id
            else tr("The report has no findings."),
            where=arguments.file,
        )
    if sum(counts.values()) > 1:
        summary = tr(
            "{same} the same, {different} not the same, {cannot} could not be derived again",
            **{name: str(count) for name, count in counts.items()},
        )
        put(f"{page.say(summary)}\n")
    return next((_EXIT[answer] for answer in Answer.ORDER if counts[answer]), 0)


def findings_in(lines: Iterator[str], name: str, wanted: str | None = None) -> Iterator[Document]:
    """The findings of a document: of one finding, of a report, or of a report with a workbook on each line, of which no
    more than a line is kept. ``wanted`` is an id, also of a consequence. Raises ``ReadError``."""
    import json

    first = next(lines, "")
    try:
        if first.startswith('{"schema": "checker/findings@1"'):
            for line in lines:
                if line.startswith("{") and (wanted is None or wanted in line):
                    yield from _wanted(json.loads(line.rstrip().rstrip(","))["findings"], wanted)
            return
        whole = json.loads(first + "".join(lines))
        if isinstance(whole, dict) and "workbooks" in whole:
            for workbook in whole["workbooks"]:
                yield from _wanted(workbook["findings"], wanted)
        else:
            yield from _wanted(whole if isinstance(whole, list) else [whole], wanted)
    except (ValueError, LookupError, TypeError) as error:
        raise ReadError(
            "NO_REPORT",
            tr("This is no report in JSON ({detail}).", detail=error),
            tr("checker check --format json and checker audit write such reports."),
            name,
        ) from error


def _wanted(findings: list[Document], wanted: str | None) -> Iterator[Document]:
    for finding in findings:
        if wanted is None or finding["id"] == wanted:
            yield finding
        else:
            yield from _wanted(finding["consequences"], wanted)


def lines_of(name: str) -> Iterator[str]:
    """The lines of a file, or of standard input (``-``). Raises ``ReadError``."""
    if name == "-":
        yield from sys.stdin
        return
    try:
        with open(name, encoding="utf-8-sig") as file:  # noqa: PTH123
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(
            "REPORT_UNREADABLE",
            tr("The report cannot be read: {reason}.", reason=getattr(error, "strerror", None) or error),
            where=name,
        ) from error


def _walk(replayed: Replayed, depth: int = 0) -> Iterator[tuple[int, Replayed]]:
    yield depth, replayed
    for below in replayed.consequences:
        yield from _walk(below, depth + 1)


def _told(one: Replayed, page: Page, depth: int) -> Iterator[str]:
    words: dict[str, Text] = {
        "same": tr("derived again: the same"),
        "different": tr("NOT the same"),
        "cannot": tr("cannot be derived again"),
    }
    colours = {"same": "32", "different": "31", "cannot": "33"}
    head = page.paint(page.say(words[one.answer]), colours[one.answer])
    yield from page.lines(f"{page.quote(one.id)} {page.quote(one.rule)} {page.say(one.title)}", f"{head}  ", 2 * depth)
    for text in (*one.reasons, *one.remarks):
        yield from page.lines(page.say(text), "- ", 2 * depth + 2)
