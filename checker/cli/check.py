"""``checker check``: workbooks in, one report out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial

from checker.cli.discovery import find_workbooks
from checker.cli.output import page_of, put, tell, tell_traceback, write_file
from checker.cli.parser import Commands, add_rules, add_statements
from checker.errors import UsageError
from checker.messages import tr
from checker.model.report import Report
from checker.model.rule import Severity

__all__ = ["add", "protect", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("check", tr("check workbooks and report what is wrong"), run)
    say = parser.say
    parser.add_argument("paths", metavar="PATH", nargs="+", help=say(tr("workbooks, or folders of them")))
    parser.add_argument(
        "--format", metavar="FORMAT", default="text", help=say(tr("text, json, or a format of a plugin"))
    )
    parser.add_argument("--output", metavar="FILE", help=say(tr("write the report to this file")))
    parser.add_argument(
        "--fail-on",
        choices=Severity.ORDER,
        default=Severity.ERROR,
        help=say(tr("exit with 1 for findings of this severity or graver (default: error)")),
    )
    parser.add_argument("--all", action="store_true", help=say(tr("show every check, passes included")))
    parser.add_argument(
        "--brief", action="store_true", help=say(tr("one page for each workbook, a line for each finding"))
    )
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
    add_statements(parser)
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Check what was named and deliver the report. Gives the exit code of the verdict."""
    import checker

    render = _renderer(arguments)
    found = find_workbooks(arguments.paths)
    prior = find_workbooks(arguments.prior)
    protect(arguments.output, [*found.files, *prior.files])
    remark = found.remark()
    if remark:
        tell(remark.render(arguments.lang))
    report = checker.check(
        found.files,
        rules=arguments.rules,
        pack=arguments.pack,
        year=arguments.year,
        every_outcome=arguments.all,
        fail_on=arguments.fail_on,
        prior=prior.files,
        together=arguments.together,
        explanations=arguments.explanations,
        waivers=arguments.waivers,
        progress=_progress if len(found.files) > 1 and sys.stderr.isatty() else None,
    )
    for workbook in report.workbooks:
        if workbook.error is not None and workbook.error.__cause__ is not None:
            tell_traceback(workbook.error.__cause__)
    _deliver(render(report, arguments.lang), arguments.output, arguments.lang)
    return report.verdict.exit


def _renderer(arguments: argparse.Namespace) -> Callable[[Report, str], str]:
    """How to write the report. Raises ``UsageError`` for a format that neither we nor a plugin know."""
    if arguments.format == "json":
        from checker.reports import json

        return json.render
    if arguments.format == "text":
        from checker.reports import text

        page = page_of(arguments.lang, to_file=arguments.output is not None)
        return partial(
            text.render, verbose=arguments.all, brief=arguments.brief, columns=page.columns, colour=page.colour
        )
    from checker.plugins.manager import load_plugins

    formats = load_plugins(()).report_formats()
    if arguments.format in formats:
        return formats[arguments.format].render
    raise UsageError(
        "FORMAT_UNKNOWN",
        tr("There is no report format {format}.", format=arguments.format),
        tr("Known formats: {formats}.", formats=", ".join(("text", "json", *formats))),
    )


def _deliver(rendered: str, output: str | None, language: str) -> None:
    if output is None:
        put(rendered)
        return
    write_file(output, rendered)
    tell(tr("The report is in {file}.", file=output).render(language))


def protect(output: str | None, files: list[str]) -> None:
    """A report never takes the place of a workbook that it reports on."""
    if output is None:
        return
    taken = os.path.realpath(output)
    if any(os.path.realpath(file) == taken for file in files):
        raise UsageError(
            "OUTPUT_IS_INPUT",
            tr("The report would overwrite the workbook it reports on."),
            tr("Name another file with --output."),
            output,
        )


def _progress(number: int, total: int, path: str) -> None:
    """One line that is written over; gone when the last file is done."""
    line = f"[{number}/{total}] {os.path.basename(path)}" if number <= total else ""  # noqa: PTH119
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()
