"""``checker annotate``: a copy of each workbook with the findings marked in it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from checker.cli.output import page_of, put, tell, tell_defects
from checker.cli.parser import Commands, add_circumstances, add_paths, add_rules, add_statements
from checker.errors import CheckerError, UsageError
from checker.messages import Text, tr
from checker.readers.discovery import find_workbooks
from checker.reports.page import Page

__all__ = ["add", "run"]

#: So many cells that could not be marked are named.
_MOST_SKIPPED = 5


def add(commands: Commands) -> None:
    parser = commands.add("annotate", tr("mark what is wrong in a copy of the workbook"), run)
    say = parser.say
    add_paths(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="COPY",
        required=True,
        help=say(tr("the copy, or a folder for copies of the same names")),
    )
    parser.add_argument(
        "--clear", action="store_true", help=say(tr("take the marks of an earlier check out of the copy"))
    )
    add_circumstances(parser)
    add_statements(parser)
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the copies and say what became of each. Gives the exit code of the check's verdict."""
    found = find_workbooks(arguments.paths)
    if remark := found.remark():
        tell(remark.render(arguments.lang))
    page = page_of(arguments.lang)
    copies = list(zip(found.files, _targets(found.files, arguments.output), strict=True))
    return _clear(copies, page) if arguments.clear else _annotate(copies, arguments, page)


def _targets(files: Sequence[str], output: str) -> list[str]:
    """Where each copy goes: to ``output`` itself, or into the folder of that name; one name is given once."""
    if len(files) == 1 and not os.path.isdir(output) and os.path.splitext(output)[1]:  # noqa: PTH112, PTH122
        return [output]
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "OUTPUT_NOT_WRITTEN",
            tr("{path} cannot be written: {reason}.", path=output, reason=error.strerror or str(error)),
        ) from error
    taken: set[str] = set()
    targets = []
    for file in map(Path, files):
        name, number = file.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{file.stem}-{number}{file.suffix}"
        taken.add(name.casefold())
        targets.append(str(folder / name))
    return targets


def _annotate(copies: Sequence[tuple[str, str]], arguments: argparse.Namespace, page: Page) -> int:
    from checker.annotate import annotate, written_to
    from checker.reports.text import verdict_line
    from checker.scores import check_and_score

    report = check_and_score(
        [file for file, _ in copies],
        rules=arguments.rules,
        pack=arguments.pack,
        year=arguments.year,
        prior=find_workbooks(arguments.prior).files,
        together=arguments.together,
        explanations=arguments.explanations,
        waivers=arguments.waivers,
        copies=[file for _, target in copies for file in written_to(target, arguments.lang)],
    )
    tell_defects(report)
    refused: list[CheckerError] = []
    for workbook, (file, target) in zip(report.workbooks, copies, strict=True):
        try:
            done = annotate(
                file,
                workbook,
                workbook.scores,
                target,
                packs=report.packs,
                failures=report.failures,
                reasons=report.reasons,
                language=arguments.lang,
            )
        except CheckerError as error:
            refused.append(error)
            tell(error.render(arguments.lang))
            continue
        if done.refused is not None:
            what = tr(
                "{file}: not marked: {reason} The findings are in {copy}.",
                file=page.quote(file),
                reason=done.refused.message,
                copy=page.quote(done.copy),
            )
        else:
            what = tr(
                "{file}: {cells} cells marked; the copy is {copy}.",
                file=page.quote(file),
                cells=done.cells,
                copy=page.quote(done.copy),
            )
        put(page.say(what) + "\n")
        put("".join(f"  {page.say(line)}\n" for line in _skipped(done.skipped, page)))
    put(verdict_line(report.verdict, page) + "\n")
    return max([report.verdict.exit, *(error.exit_code for error in refused)])


def _skipped(skipped: Sequence[tuple[str, str, Text]], page: Page) -> Iterator[Text]:
    for sheet, cell, reason in skipped[:_MOST_SKIPPED]:
        yield tr("{where}: {what}", where=page.place(sheet, cell), what=reason)
    if len(skipped) > _MOST_SKIPPED:
        yield tr("and {count} more", count=len(skipped) - _MOST_SKIPPED)


def _clear(copies: Sequence[tuple[str, str]], page: Page) -> int:
    from checker.annotate import clear

    worst = 0
    for file, target in copies:
        try:
            done = clear(file, target)
        except CheckerError as error:
            worst = max(worst, error.exit_code)
            tell(error.render(page.language))
            continue
        what = tr("{file}: {cells} marks taken away; the copy is {copy}.", file=file, cells=done.cells, copy=target)
        put(page.say(what) + "\n")
        reason = tr("the note was rewritten by hand and stays")
        put("".join(f"  {page.say(line)}\n" for line in _skipped([(*place, reason) for place in done.kept], page)))
    return worst
