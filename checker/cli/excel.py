"""``checker excel bundle|build|install|uninstall|status|selftest``: the ribbon add-in for Excel."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from checker.cli.output import page_of, put, tell, tell_traceback
from checker.cli.parser import Commands, Parser
from checker.errors import UsageError
from checker.excel.ribbon import ACTIONS
from checker.messages import Text, tr
from checker.reports.page import Page

if TYPE_CHECKING:
    from checker.excel.install import Status

__all__ = ["add"]

#: Exit codes: something is to be done; something could not be tried.
_STALE, _NOT_TRIED = 1, 3


def add(commands: Commands) -> None:
    parser = commands.add("excel", tr("the ribbon add-in for Excel: make, install, try"), _run_status)
    below = Commands(parser)
    for name, help_line, run, options in _COMMANDS:
        options(below.add(name, help_line, _logging(run)))


def _logging(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """``run`` whose every failure is one sentence, with the path of a log file that holds the rest."""

    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except Exception as error:
            from checker.excel.log import logged

            tell_traceback(error)
            raise logged(error) from error

    return guarded


def _build_options(parser: Parser) -> None:
    say = parser.say
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=say(tr("the add-in to write (.xlam)")))
    parser.add_argument(
        "--interpreter-windows", metavar="PATH", default="", help=say(tr("the Python that it starts on Windows"))
    )
    parser.add_argument(
        "--interpreter-mac", metavar="PATH", default="", help=say(tr("the Python that it starts on macOS"))
    )


def _bundle_options(parser: Parser) -> None:
    say = parser.say
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help=say(tr("the archive to write (.zip)")))
    parser.add_argument(
        "--python",
        metavar="FILE",
        required=True,
        help=say(tr("Python's embeddable package for Windows, python-3.x.y-embed-amd64.zip")),
    )


def _selftest_options(parser: Parser) -> None:
    parser.add_argument("--json", metavar="FILE", help=parser.say(tr("also write everything to this file")))


def _no_options(parser: Parser) -> None:
    """Nothing but what every command takes."""


def _check_options(parser: Parser) -> None:
    say = parser.say
    parser.add_argument(
        "--attach",
        action="store_true",
        required=True,
        help=say(tr("use the workbook in front of the running Excel (or WPS, experimental)")),
    )
    parser.add_argument(
        "--action", choices=ACTIONS, default=ACTIONS[0], help=say(tr("the button to press (default: check)"))
    )


def _run_check(arguments: argparse.Namespace) -> int:
    from checker.excel.entry import run_attached

    code = run_attached(arguments.action)
    return _NOT_TRIED if code else 0


def _run_build(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from checker.excel.addin import build

    target = Path(arguments.output)
    try:
        built = build(
            target, interpreter_windows=arguments.interpreter_windows, interpreter_mac=arguments.interpreter_mac
        )
    except OSError as error:
        raise _unwritable(arguments.output, error) from error
    page = page_of(arguments.lang)
    fields = (
        (tr("Add-in"), str(built.path)),
        (tr("SHA-256"), built.sha256),
        (tr("Made with"), f"xlwings {built.xlwings_version}"),
    )
    put("".join(f"{line}\n" for line in page.fields(fields, 0)))
    return 0


def _run_bundle(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from checker.excel.bundle import INSTALLER, bundle

    try:
        made = bundle(Path(arguments.output), Path(arguments.python))
    except OSError as error:
        raise _unwritable(arguments.output, error) from error
    fields = (
        (tr("Archive"), str(made.path)),
        (tr("SHA-256"), made.sha256),
        (tr("Starts"), f"{made.python} ({made.platform})"),
    )
    page = page_of(arguments.lang)
    put("".join(f"{line}\n" for line in page.fields(fields, 0)))
    told = tr("On each desk: unpack it into %LOCALAPPDATA%\\checker and double-click {file}.", file=INSTALLER)
    tell(page.say(told))
    return 0


def _unwritable(name: str, error: OSError) -> UsageError:
    return UsageError(
        "OUTPUT_UNWRITABLE",
        tr("The file cannot be written: {reason}.", reason=error.strerror or error),
        tr("Name another file with --output."),
        name,
    )


def _run_install(arguments: argparse.Namespace) -> int:
    from checker.excel.install import install
    from checker.session import Session

    Session()  # what a button needs is here; and the rules are compiled now, not when the first is pressed
    page = page_of(arguments.lang)
    _show(install(), page)
    tell(page.say(tr("Installed. Close all windows of Excel and open it again: the tab is on the right.")))
    return 0


def _run_uninstall(arguments: argparse.Namespace) -> int:
    from checker.excel.install import uninstall

    page = page_of(arguments.lang)
    removed = uninstall()
    for path in removed:
        put(page.say(tr("Removed: {path}", path=path)) + "\n")
    if not removed:
        tell(page.say(tr("Nothing was installed.")))
    return 0


def _run_status(arguments: argparse.Namespace) -> int:
    from checker.excel.install import status

    found = status()
    _show(found, page_of(arguments.lang))
    return 0 if found.installed and not found.stale else _STALE


def _run_selftest(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from checker.excel.selftest import selftest

    page = page_of(arguments.lang)
    tested = selftest(Path(arguments.json) if arguments.json else None)
    put("".join(f"{line}\n" for line in page.fields(((Text(k, k), v) for k, v in tested.environment.items()), 0)))
    for program, calls in tested.programs.items():
        failed = [call for call in calls if call.error]
        put(
            page.say(
                tr("{program}: {total} calls, {failed} failed.", program=program, total=len(calls), failed=len(failed))
            )
        )
        put("".join(f"\n  {call.call}: {page.quote(call.error)}" for call in failed) + "\n")
    for text in tested.not_tried:
        tell(page.say(text))
    return _NOT_TRIED if tested.not_tried else 0


def _show(found: Status, page: Page) -> None:
    put("".join(f"{line}\n" for line in page.fields(_fields(found, page), 0)))


def _fields(found: Status, page: Page) -> Iterator[tuple[Text, str]]:
    yield tr("Installed"), page.say(tr("yes") if found.installed else tr("no"))
    if found.path is not None:
        yield tr("Add-in"), str(found.path)
    if found.installed:
        yield tr("SHA-256"), found.sha256
    if found.xlwings_version:
        yield tr("Made with"), f"xlwings {found.xlwings_version}"
        yield tr("Starts"), found.interpreter
    for reason in found.stale:
        yield tr("Install anew"), page.say(reason)


#: Name, one line of help, what runs, and what adds its options.
_COMMANDS: tuple[tuple[str, Text, Callable[[argparse.Namespace], int], Callable[[Parser], None]], ...] = (
    ("check", tr("check the workbook that is open in Excel, without macros"), _run_check, _check_options),
    ("bundle", tr("gather what Windows desks without a network need, as one archive"), _run_bundle, _bundle_options),
    ("build", tr("make the add-in as a file, for this or another machine"), _run_build, _build_options),
    ("install", tr("make the add-in and let Excel load it at its start"), _run_install, _no_options),
    ("uninstall", tr("take the add-in away again"), _run_uninstall, _no_options),
    ("status", tr("say whether the add-in is installed and up to date"), _run_status, _no_options),
    ("selftest", tr("try on this machine what only a real Excel can show"), _run_selftest, _selftest_options),
)
