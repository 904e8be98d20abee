"""The entry point: choose the command, run it, and turn whatever happens into an exit code.

0 nothing at or above ``--fail-on`` · 1 findings · 2 the command or a rule pack is wrong · 3 something could
not be checked (this wins over 1: findings are shown all the same) · 130 stopped by the user.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from checker.cli.output import tell, tell_traceback, use_utf8
from checker.cli.parser import Commands, Parser, language_of
from checker.errors import CheckerError
from checker.messages import tr

if TYPE_CHECKING:
    from checker.model.plugin import Command

__all__ = ["COMMANDS", "main"]

#: As a shell reports a command ended by SIGPIPE or by Ctrl-C.
_BROKEN_PIPE, _INTERRUPTED = 141, 130
_INTERNAL = 3
#: Each is the module of its name in this folder.
COMMANDS: Final = (
    "check",
    "score",
    "annotate",
    "explanations",
    "explain",
    "forms",
    "rules",
    "template",
    "audit",
    "ledger",
    "plugins",
    "replay",
    "schema",
    "excel",
)
#: So many objects are made before Python looks for garbage: what a start makes, stays.
_GARBAGE_THRESHOLD: Final = 100_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``checker`` with ``argv`` (the words after its name) and give its exit code. Raises nothing.

    Without ``argv`` this is the whole process.
    """
    if argv is not None:
        return _guarded([*argv])
    gc.set_threshold(_GARBAGE_THRESHOLD)
    code = _guarded(sys.argv[1:])
    if "duckdb" not in sys.modules:  # which would tell on stderr of everything that is not collected in the end
        gc.freeze()  # or all that is left is looked through once more before the process ends
    return code


def _guarded(words: list[str]) -> int:
    language = language_of(words)
    use_utf8()
    try:
        code = _run(words, language)
        sys.stdout.flush()
    except CheckerError as error:
        tell(error.render(language))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has left. Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        tell(tr("Stopped.").render(language))
        return _INTERRUPTED
    except Exception as error:
        return _internal_error(error, language)
    return code


def _run(words: Sequence[str], language: str) -> int:
    command = _plugin_command(words, language)
    if command is not None:
        return command.run(list(words[1:]))
    try:
        arguments = _parser(words, language).parse_args(words)
    except SystemExit as end:  # --help, --version
        return int(end.code or 0)
    arguments.lang = language
    code: int = arguments.run(arguments)
    return code


def _plugin_command(words: Sequence[str], language: str) -> Command | None:
    """The command of a plugin. Plugins are loaded only for a word that is no command of ours."""
    if not words or words[0].startswith("-") or words[0] in COMMANDS:
        return None
    from checker.plugins.manager import load_plugins

    plugins = load_plugins(())
    found = plugins.commands(COMMANDS).get(words[0])
    for failure in plugins.failures:
        tell(failure.render(language))
    return found


def _parser(words: Sequence[str], language: str) -> Parser:
    """Knows the command that comes first, or else all: making the others costs more than running one."""
    description = tr("Check official budget and performance workbooks against their rules.")
    parser = Parser(prog="checker", language=language, description=description.render(language))
    parser.add_argument("--version", action=_Version, nargs=0, help=parser.say(tr("show the version")))
    commands = Commands(parser)
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        import_module(f"checker.cli.{name}").add(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print("checker", version("jixiao-checker"))
        except PackageNotFoundError:  # run from a source tree that was never installed
            print("checker")
        parser.exit()


def _internal_error(error: Exception, language: str) -> int:
    """A defect of the program: one line for the user."""
    tell_traceback(error)
    what = tr(
        "Internal error {kind}: {detail}. Nothing can be said about the workbook. "
        "Please report this, with the output of the same command under CHECKER_DEBUG=1.",
        kind=type(error).__name__,
        detail=error,
    )
    tell(what.render(language))
    return _INTERNAL


if __name__ == "__main__":
    sys.exit(main())
