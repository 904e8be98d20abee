"""``checker forms``: which forms there are, or which of them a workbook holds, and how that can be told."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.cli.output import page_of, put
from checker.cli.packs import loaded_packs
from checker.cli.parser import Commands, add_rules
from checker.messages import Text, tr
from checker.reports.layout import BOLD
from checker.reports.page import Page

if TYPE_CHECKING:
    import checker

__all__ = ["add", "run"]

_UNRECOGNISED = 3


def add(commands: Commands) -> None:
    parser = commands.add("forms", tr("list the known forms, or recognise those of a workbook"), run)
    parser.add_argument("file", metavar="FILE", nargs="?", help=parser.say(tr("a workbook to recognise")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the forms. Gives 3 for a workbook in which none was recognised."""
    import checker

    page = page_of(arguments.lang)
    if arguments.file is None:
        put("\n".join(_known(arguments.rules, page)) + "\n")
        return 0
    recognition = checker.forms(arguments.file, rules=arguments.rules)
    put("\n".join(_recognised(recognition, arguments.file, page)) + "\n")
    return 0 if recognition.candidates else _UNRECOGNISED


def _known(rules: list[str], page: Page) -> Iterator[str]:
    for pack in loaded_packs(rules, page.language).packs:
        yield page.paint(f"{pack.id}  {page.say(pack.title)}", BOLD)
        for form in pack.forms.values():
            tables = page.joined([*form.tables])
            yield f"  {form.name}" + (page.brackets(tables) if tables else "")


def _recognised(recognition: checker.Recognition, path: str, page: Page) -> Iterator[str]:
    yield page.paint(page.quote(path), BOLD)
    candidates = recognition.candidates
    if not candidates:
        yield page.say(tr("No known form was recognised in this workbook."))
        candidates = () if recognition.not_checked else recognition.nearest
        if candidates:
            yield page.say(tr("The nearest:"))
    for number, candidate in enumerate(candidates, 1):
        place = page.place(candidate.sheet, str(candidate.range))
        yield f"{number}. {candidate.form}{page.brackets(candidate.pack)}  {place}"
        yield from page.fields(_candidate(candidate, page), 3)
    yield from page.fields(((tr("Not checked"), page.say(text)) for text in recognition.not_checked), 0)


def _candidate(candidate: checker.Candidate, page: Page) -> Iterator[tuple[Text, str]]:
    if candidate.year:
        yield tr("Year"), candidate.year
    yield tr("Score"), f"{candidate.score}"
    if candidate.evidence:
        yield tr("Evidence"), "\n".join(page.say(evidence) for evidence in candidate.evidence)
    if candidate.missing:
        yield tr("Missing"), "\n".join(page.say(missing) for missing in candidate.missing)
