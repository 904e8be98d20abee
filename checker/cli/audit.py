"""``checker audit``: thousands of workbooks checked and kept, and the papers about them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from checker.cli.output import tell
from checker.cli.parser import Commands, Parser, add_rules, add_statements
from checker.errors import UsageError
from checker.messages import tr
from checker.model.rule import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from checker.audit.bureau.command import Bureau
    from checker.audit.execution.options import Options
    from checker.audit.execution.run import Audit, Ended
    from checker.model.report import Report
    from checker.session import Session

__all__ = ["add"]

_FORMATS: Final = ("html", "json", "xlsx", "sarif", "junit", "csv")


def add(commands: Commands) -> None:
    parser = commands.add("audit", tr("check thousands of workbooks, keep what was found, write papers about it"), _run)
    say = parser.say
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        help=say(tr("files, folders, wildcards, zip archives, addresses (s3://…), or - for a list of names on stdin")),
    )
    parser.add_argument("--out", metavar="OUT", required=True, help=say(tr("the folder for the store and the papers")))
    parser.add_argument(
        "--format",
        metavar="FORMATS",
        default="html,json,xlsx",
        help=say(tr("papers to write, with commas between: {formats}", formats=", ".join(_FORMATS))),
    )
    _add_bureau(parser)
    _add_execution(parser)
    parser.add_argument("--pack", metavar="ID", help=say(tr("use this rule pack instead of recognising one")))
    parser.add_argument("--year", metavar="YEAR", help=say(tr("the year of the workbooks, where they do not say")))
    parser.add_argument(
        "--fail-on",
        choices=Severity.ORDER,
        default=Severity.ERROR,
        help=say(tr("exit with 1 for findings of this severity or graver (default: error)")),
    )
    add_statements(parser)
    add_rules(parser)


def _add_bureau(parser: Parser) -> None:
    say = parser.say
    parser.add_argument("--roster", metavar="FILE", help=say(tr("a list of the units that must file (CSV or .xlsx)")))
    parser.add_argument("--summary", metavar="FILE", help=say(tr("the summary workbook that the units add up to")))
    parser.add_argument(
        "--adjustments",
        metavar="FILE",
        help=say(tr("a list of what is added or taken off in the summary (CSV or .xlsx)")),
    )


def _add_execution(parser: Parser) -> None:
    say = parser.say
    parser.add_argument("--jobs", metavar="N", type=int, help=say(tr("worker processes (default: one per core)")))
    parser.add_argument("--shard", metavar="I/N", help=say(tr("do only this part of the work, without papers")))
    parser.add_argument("--gather", action="store_true", help=say(tr("put the parts of all shards together")))
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help=say(tr("a Dask scheduler (tcp://…) instead of processes"))
    )
    parser.add_argument("--deadline", metavar="SECONDS", type=float, help=say(tr("time for one file (default: 20)")))
    parser.add_argument("--memory", metavar="MIB", type=int, help=say(tr("memory for one file (default: 2048)")))
    parser.add_argument("--fresh", action="store_true", help=say(tr("begin a new store; the old one is put aside")))


def _run(arguments: argparse.Namespace) -> int:
    """Go over the sources, keep what was found and write the papers. Gives the exit code."""
    if not arguments.sources and not arguments.gather:
        raise UsageError("USAGE", tr("There is no source."), tr("Name files, folders or archives."))
    options, language = _options(arguments), arguments.lang
    from checker.audit.bureau import command as bureau
    from checker.audit.execution.alone import alone
    from checker.audit.execution.run import Audit
    from checker.audit.intake.sources import find_sources

    audit = Audit(options)
    lists = {name: getattr(arguments, name) or "" for name in ("roster", "summary", "adjustments")}
    asked = bureau.read(audit.session, **lists)
    sources = None
    if not arguments.gather:
        listing = find_sources([*arguments.sources, *filter(None, [asked.summary])], _names)
        if remark := listing.passed_over.remark():
            tell(remark.render(language))
        sources = listing.sources
    with alone(options):
        try:
            ended = audit.run(sources)
        except KeyboardInterrupt:
            tell(tr("What was done is kept: the same command goes on from there.").render(language))
            raise
        _tell_counts(ended, language)
        return ended.exit if options.shard else _papers(audit, ended, asked, language)


def _options(arguments: argparse.Namespace) -> Options:
    missing = [name for name in ("duckdb", "fsspec") if find_spec(name) is None]
    if missing:
        raise UsageError(
            "EXTRA_MISSING",
            tr("This command needs the extra “audit”, which is not installed ({name}).", name=", ".join(missing)),
            tr("Install it with: {command}", command='pip install "jixiao-checker[audit]"'),
        )
    from checker.audit.execution.options import Options
    from checker.audit.execution.shards import shard_from
    from checker.packs.sources import folder_sources

    formats = tuple(dict.fromkeys(word.strip() for word in arguments.format.split(",") if word.strip()))
    unknown = [word for word in formats if word not in _FORMATS]
    if unknown:
        raise UsageError(
            "FORMAT_UNKNOWN",
            tr("There is no report format {format}.", format=unknown[0]),
            tr("Known formats: {formats}.", formats=", ".join(_FORMATS)),
        )
    given = {name: value for name in ("jobs", "deadline", "memory") if (value := getattr(arguments, name)) is not None}
    for name, value in given.items():
        if value <= 0:
            raise UsageError("USAGE", tr("{what} must be more than nothing.", what=f"--{name}"))
    return Options(
        os.path.abspath(arguments.out),  # noqa: PTH100
        cwd=os.getcwd(),  # noqa: PTH109
        rules=tuple(os.path.abspath(source.root) for source in folder_sources(arguments.rules)),  # noqa: PTH100
        pack=arguments.pack,
        year=arguments.year or "",
        explanations=tuple(arguments.explanations),
        waivers=tuple(arguments.waivers),
        scheduler=arguments.scheduler or "",
        shard=shard_from(arguments.shard) if arguments.shard else None,
        fresh=arguments.fresh,
        fail_on=arguments.fail_on,
        formats=formats,
        language=arguments.lang,
        **given,
    )


def _names() -> Iterable[str]:
    """Names on stdin, one a line or each ended by a NUL."""
    text = sys.stdin.buffer.read()
    parts = text.split(b"\0") if b"\0" in text else text.splitlines()
    return [os.fsdecode(part) for part in parts if part.strip()]


def _tell_counts(ended: Ended, language: str) -> None:
    errors, warnings, notes = ended.findings
    lines = [
        tr(
            "{files} files: {checked} checked, {partly} in part, {unread} not read; {reused} of them unchanged since "
            "they were last checked.",
            files=len(ended.files),
            checked=ended.count("checked"),
            partly=ended.count("partly"),
            unread=ended.count("unread"),
            reused=ended.reused,
        ),
        tr("{errors} errors, {warnings} warnings, {notes} notes.", errors=errors, warnings=warnings, notes=notes),
    ]
    if ended.unchanged:
        lines.append(tr("Nothing has changed since run {run}.", run=ended.run))
    for line in lines:
        tell(line.render(language))


def _papers(audit: Audit, ended: Ended, asked: Bureau, language: str) -> int:
    """Write what was asked for, and tell the plugins; what is there already and would be the same stays. Gives the exit
    code."""
    from checker.audit import page
    from checker.audit.bureau import command as bureau
    from checker.audit.papers import unmatched, whole
    from checker.audit.papers.writing import NAMES, write_papers
    from checker.audit.store.reading import open_store

    names = {"html": "report.html", **NAMES}
    out, formats, session = audit.folder, audit.options.formats, audit.session
    wanted = [name for name in formats if not (ended.unchanged and (out / names[name]).exists())]
    lists = asked.roster or asked.summary or session.explanations or session.waivers
    plugins = session.plugins.anybody_answers("checker_run_finished")
    code = ended.exit
    if wanted or not ended.unchanged or lists or plugins:
        with open_store(out) as store:
            written = bureau.write(store, asked, str(out))
            told = [*written.lines, *unmatched.write(store, session, out, language)]
            grave = Severity.ORDER[: Severity.ORDER.index(audit.options.fail_on) + 1]
            code = code or int(any(severity in grave for severity in written.out))
            if "html" in wanted:
                page.write(store, out / names["html"], session.loaded, language)
            write_papers(store, out, wanted, whole.head_of(store, session), language)
            if plugins:
                code = _tell_plugins(whole.report_of(store, session, code), session, out, language)
        for line in told:
            tell(line.render(language))
    if formats:
        tell(tr("The report is in {file}.", file=out / names[formats[0]]).render(language))
    return code


def _tell_plugins(report: Report, session: Session, out: Path, language: str) -> int:
    """Tell them of the run; the exit code after it. What fails in them is told."""
    before = len(session.failures)
    session.plugins.run_finished(report, str(out))
    failures = session.failures[before:]
    for failure in failures:
        tell(failure.render(language))
    return max(report.verdict.exit, *(failure.exit_code for failure in failures)) if failures else report.verdict.exit
