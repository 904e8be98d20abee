"""``checker check``: workbooks in, one report out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Final

from checker.cli.output import deliver, page_of, protect, tell, tell_defects
from checker.cli.parser import Commands, add_circumstances, add_output, add_paths, add_rules, add_statements
from checker.errors import UsageError
from checker.messages import tr
from checker.model.report import Report
from checker.model.rule import Severity
from checker.readers.discovery import find_workbooks
from checker.reports import FORMATS

__all__ = ["OWN_FORMATS", "add", "run"]

#: The formats beside text, and the module that has the ``render`` of each.
_FORMATS: Final = {**{name: f"checker.reports.{name}" for name in FORMATS}, "html": "checker.audit.page"}
#: No plugin's format has one of these names.
OWN_FORMATS: Final = ("text", *_FORMATS)


def add(commands: Commands) -> None:
    parser = commands.add("check", tr("check workbooks and report what is wrong"), run)
    say = parser.say
    add_paths(parser)
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        default="text",
        help=say(tr("text, {formats}, or a format of a plugin", formats=", ".join(_FORMATS))),
    )
    add_output(parser)
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
    add_circumstances(parser)
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
        grounds=arguments.format == "json",
        progress=_progress if len(found.files) > 1 and sys.stderr.isatty() else None,
    )
    tell_defects(report)
    deliver(render(report, arguments.lang), arguments.output, arguments.lang)
    return report.verdict.exit


def _renderer(arguments: argparse.Namespace) -> Callable[[Report, str], str]:
    """How to write the report. Raises ``UsageError`` for a format that neither we nor a plugin know."""
    if arguments.format in _FORMATS:
        render: Callable[[Report, str], str] = import_module(_FORMATS[arguments.format]).render
        return render
    if arguments.format == "text":
        from checker.reports import text

        page = page_of(arguments.lang, to_file=arguments.output is not None)
        return partial(
            text.render, verbose=arguments.all, brief=arguments.brief, columns=page.columns, colour=page.colour
        )
    from checker.plugins.manager import load_plugins

    plugins = load_plugins(())
    formats = plugins.report_formats(OWN_FORMATS)
    if arguments.format in formats:
        return formats[arguments.format].render
    for failure in plugins.failures:  # the format may be that of a plugin which could not be loaded
        tell(failure.render(arguments.lang))
    raise UsageError(
        "FORMAT_UNKNOWN",
        tr("There is no report format {format}.", format=arguments.format),
        tr("Known formats: {formats}.", formats=", ".join((*OWN_FORMATS, *formats))),
    )


def _progress(number: int, total: int, path: str) -> None:
    """One line that is written over; gone when the last file is done."""
    line = f"[{number}/{total}] {os.path.basename(path)}" if number <= total else ""  # noqa: PTH119
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()
