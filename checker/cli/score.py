"""``checker score``: the scores that workbooks claim, recomputed by the standard of their pack."""

from __future__ import annotations

import argparse

from checker.cli.output import deliver, page_of, protect, tell, tell_defects
from checker.cli.parser import Commands, add_circumstances, add_output, add_paths, add_rules
from checker.messages import tr
from checker.readers.discovery import find_workbooks

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("score", tr("recompute the scores that workbooks claim"), run)
    say = parser.say
    add_paths(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=say(tr("form of the report")))
    add_output(parser)
    add_circumstances(parser)
    parser.add_argument(
        "--what-if",
        metavar="CELL=NUMBER",
        action="append",
        default=[],
        help=say(tr("what if this cell said so: form!table[row, column]=80%%; may be given several times")),
    )
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Score what was named and deliver the report. Gives the exit code of its verdict."""
    import checker

    found, prior = find_workbooks(arguments.paths), find_workbooks(arguments.prior)
    protect(arguments.output, [*found.files, *prior.files])
    if remark := found.remark():
        tell(remark.render(arguments.lang))
    report = checker.score(
        found.files,
        rules=arguments.rules,
        pack=arguments.pack,
        year=arguments.year,
        prior=prior.files,
        together=arguments.together,
        what_if=arguments.what_if,
    )
    tell_defects(report)
    if arguments.format == "json":
        from checker.reports import json

        rendered = json.render(report, arguments.lang)
    else:
        from checker.reports import score

        page = page_of(arguments.lang, to_file=arguments.output is not None)
        rendered = score.render(report, arguments.lang, columns=page.columns, colour=page.colour)
    deliver(rendered, arguments.output, arguments.lang)
    return report.verdict.exit
