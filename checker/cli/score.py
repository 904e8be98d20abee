"""``checker score``: the scores that workbooks claim, recomputed by the standard of their pack."""

from __future__ import annotations

import argparse

from checker.cli.discovery import find_workbooks
from checker.cli.output import page_of, put, tell, tell_traceback, write_file
from checker.cli.parser import Commands, add_rules
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("score", tr("recompute the scores that workbooks claim"), run)
    say = parser.say
    parser.add_argument("paths", metavar="PATH", nargs="+", help=say(tr("workbooks, or folders of them")))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=say(tr("form of the report")))
    parser.add_argument("--output", metavar="FILE", help=say(tr("write the report to this file")))
    parser.add_argument("--pack", metavar="ID", help=say(tr("use this rule pack instead of recognising one")))
    parser.add_argument("--year", metavar="YEAR", help=say(tr("the year of the workbooks, where they do not say")))
    parser.add_argument(
        "--prior",
        metavar="PATH",
        action="append",
        default=[],
        help=say(tr("last year's workbook, or a folder of them; may be given several times")),
    )
    parser.add_argument(
        "--together", action="store_true", help=say(tr("check all workbooks as one, whatever unit and year they name"))
    )
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
    from checker.cli.check import protect

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
    for workbook in report.workbooks:
        if workbook.error is not None and workbook.error.__cause__ is not None:
            tell_traceback(workbook.error.__cause__)
    if arguments.format == "json":
        from checker.reports import json

        rendered = json.render(report, arguments.lang)
    else:
        from checker.reports import score

        page = page_of(arguments.lang, to_file=arguments.output is not None)
        rendered = score.render(report, arguments.lang, columns=page.columns, colour=page.colour)
    if arguments.output is None:
        put(rendered)
    else:
        write_file(arguments.output, rendered)
        tell(tr("The report is in {file}.", file=arguments.output).render(arguments.lang))
    return report.verdict.exit
