"""``checker explanations accept``: what officers wrote in a sheet of findings, kept in a file beside the workbook."""

from __future__ import annotations

import argparse
import os
from datetime import date
from typing import TYPE_CHECKING

from checker.cli.output import page_of, put, write_file
from checker.cli.parser import Commands, Parser, add_rules
from checker.errors import UsageError
from checker.messages import tr
from checker.reports.page import Page

if TYPE_CHECKING:
    from checker.engine.accept import Accepted

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("explanations", tr("keep the explanations that officers wrote in a workbook"), run)
    say = parser.say
    parts = parser.add_subparsers(metavar=say(tr("COMMAND")), required=True, parser_class=Parser)
    line = say(tr("write the explanations in the sheet of findings into a file, for the figures as they are now"))
    accept: Parser = parts.add_parser("accept", language=parser.language, help=line, description=line)
    accept.add_argument("path", metavar="FILE", help=say(tr("the workbook that was checked")))
    accept.add_argument(
        "-o", "--output", metavar="FILE", help=say(tr("the file to write (default: FILE.explanations.yaml)"))
    )
    accept.add_argument(
        "--explanations",
        metavar="LIST",
        action="append",
        default=[],
        help=say(tr("a workbook with a sheet of findings about FILE, where FILE has none; may be given several times")),
    )
    accept.add_argument("--by", metavar="NAME", default="", help=say(tr("who stands for the explanations")))
    accept.add_argument("--pack", metavar="ID", help=say(tr("use this rule pack instead of recognising one")))
    accept.add_argument(
        "--year", metavar="YEAR", default="", help=say(tr("the year of the workbooks, where they do not say"))
    )
    add_rules(accept)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and say of each text whether it was accepted. 1 if any was not."""
    from checker.engine.accept import accept
    from checker.engine.statements import SIDECAR, given
    from checker.engine.wording import Wording
    from checker.engine.written import explanations_of
    from checker.packs.statements import read_explanations, render_explanations
    from checker.session import Session

    path, output = arguments.path, arguments.output or arguments.path + SIDECAR
    if not output.lower().endswith((".yaml", ".yml")):
        message = tr("A file of explanations must have the ending .yaml.")
        raise UsageError("OUTPUT_ENDING", message, tr("Name another file with --output."), output)
    session = Session(arguments.rules)
    written = [*given(arguments.explanations, (), session.read)[0], *explanations_of(session.read(path))]
    if not written:
        raise UsageError(
            "NO_EXPLANATIONS",
            tr("There are no explanations in this workbook."),
            tr(
                "Write them into the sheet of findings that checker annotate makes; if it is a workbook of its own, "
                "name it with --explanations."
            ),
            path,
        )
    kept = read_explanations(output) if os.path.exists(output) else ()  # noqa: PTH110 - start-up time
    assessed = session.assess(path, pack=arguments.pack, year=arguments.year)
    if assessed.report.error is not None:
        raise assessed.report.error
    wording = Wording(session.loaded.lexicon)
    judged = accept(assessed, written, kept, wording, by=arguments.by, today=date.today().isoformat())
    told = {entry.said.finding for entry in judged}
    accepted = [entry.said for entry in judged if entry.refused is None]
    others = [entry for entry in kept if entry.finding not in told]
    about = output.removesuffix(SIDECAR) if output.endswith(SIDECAR) else path
    write_file(output, render_explanations(os.path.basename(about), [*others, *accepted]))  # noqa: PTH119
    page = page_of(arguments.lang)
    put("".join(f"{_line(entry, page)}\n" for entry in judged))
    refused = len(judged) - len(accepted)
    summary = tr("Accepted {accepted}, refused {refused}; the file is {file}.",
                 accepted=len(accepted), refused=refused, file=page.quote(output))  # fmt: skip
    put(page.say(summary) + "\n")
    return 1 if refused else 0


def _line(entry: Accepted, page: Page) -> str:
    """The finding, the text, and what became of it."""
    if entry.refused is None:
        what = tr("accepted as “{reason}”", reason=entry.said.reason)
    else:
        what = tr("refused: {reason}", reason=entry.refused)
    about = entry.said.finding
    if entry.finding is not None:
        outcome = entry.finding.outcome
        about = f"{page.place(outcome.sheet, outcome.cell)}  {entry.finding.rule.id}"
    text = " ".join(entry.said.text.split())
    return page.quote(page.say(tr("{about} “{text}”: {what}", about=about, text=text, what=what)))
