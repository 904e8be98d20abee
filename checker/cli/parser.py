"""The command line in the user's language, and the options that commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from checker.errors import UsageError
from checker.messages import LANGUAGES, Text, tr

__all__ = [
    "Commands",
    "Parser",
    "add_circumstances",
    "add_output",
    "add_paths",
    "add_rules",
    "add_statements",
    "language_of",
]


def language_of(words: Sequence[str]) -> str:
    """The language asked for with ``--lang``, known before the rest is understood; Chinese by default."""
    for number, word in enumerate(words):
        if word == "--lang" and words[number + 1 : number + 2] == ["en"]:
            return "en"
        if word == "--lang=en":
            return "en"
    return "zh"


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks the user's language and raises ``UsageError`` instead of leaving."""

    def __init__(self, *, language: str, **settings: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_formatter(language), **settings)
        self.language = language
        self._positionals.title = self.say(tr("Arguments"))
        self._optionals.title = self.say(tr("Options"))
        self.add_argument("-h", "--help", action="help", help=self.say(tr("show this help")))
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=argparse.SUPPRESS,
            help=self.say(tr("language: Chinese (zh, the default) or English (en)")),
        )

    def say(self, text: Text) -> str:
        return text.render(self.language)

    def error(self, message: str) -> NoReturn:
        raise UsageError("USAGE", _reason(message), tr("See: {program} --help", program=self.prog))


class Commands:
    """Where a command adds itself: its name, one line of help, and the function that runs it."""

    def __init__(self, parser: Parser) -> None:
        self.language = parser.language
        title = parser.say(tr("Commands"))
        self._commands: Any = parser.add_subparsers(
            title=title, metavar=parser.say(tr("COMMAND")), required=True, parser_class=Parser
        )

    def add(self, name: str, help: Text, run: Callable[[argparse.Namespace], int]) -> Parser:
        line = help.render(self.language)
        parser: Parser = self._commands.add_parser(name, language=self.language, help=line, description=line)
        parser.set_defaults(run=run)
        return parser


def add_paths(parser: Parser) -> None:
    """The workbooks, for ``find_workbooks``."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help=parser.say(tr("workbooks, or folders of them")))


def add_output(parser: Parser) -> None:
    """``--output``, the file of a report, for ``protect`` and ``deliver``."""
    parser.add_argument("--output", metavar="FILE", help=parser.say(tr("write the report to this file")))


def add_circumstances(parser: Parser) -> None:
    """``--pack``, ``--year``, ``--prior`` and ``--together``: what workbooks do not say themselves."""
    say = parser.say
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


def add_rules(parser: Parser) -> None:
    """``--rules``, which every command that reads packs takes."""
    parser.add_argument(
        "--rules",
        metavar="DIR",
        action="append",
        default=[],
        help=parser.say(tr("a folder of rule packs of your own; may be given several times")),
    )


def add_statements(parser: Parser) -> None:
    """``--explanations`` and ``--waivers``."""
    words = {
        "explanations": tr(
            "explanations of warnings: a file of them, or a marked copy in which they were written; those in the file "
            "beside a workbook (WORKBOOK.explanations.yaml) count anyway"
        ),
        "waivers": tr(
            "a file of waivers; may be given several times; those in the file beside a workbook "
            "(WORKBOOK.waivers.yaml) count anyway, but not in an audit"
        ),
    }
    for name, text in words.items():
        parser.add_argument(f"--{name}", metavar="FILE", action="append", default=[], help=parser.say(text))


#: What argparse says, and how we say it.
_REASONS: tuple[tuple[str, Callable[..., Text]], ...] = (
    (
        r"the following arguments are required: (?P<what>.+)",
        lambda what: tr("Missing on the command line: {what}.", what=what),
    ),
    (
        r"unrecognized arguments: (?P<what>.+)",
        lambda what: tr("Not understood on the command line: {what}.", what=what),
    ),
    (
        r"argument (?P<what>.+?): invalid choice: (?P<value>\S+) \(choose from (?P<choices>.+)\)",
        lambda what, value, choices: tr(
            "{what} cannot be {value}; choose from {choices}.", what=what, value=value, choices=choices
        ),
    ),
    (
        r"argument (?P<what>.+?): expected (?:one|at least one) argument",
        lambda what: tr("{what} needs a value.", what=what),
    ),
)


def _reason(message: str) -> Text:
    for pattern, words in _REASONS:
        if found := re.fullmatch(pattern, message):
            return words(**found.groupdict())
    return tr("The command line is not understood: {detail}.", detail=message)


def _formatter(language: str) -> Any:
    class Formatter(argparse.HelpFormatter):
        def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
            words = tr("Usage: ").render(language) if prefix is None else prefix
            super().add_usage(usage, actions, groups, words)

    return Formatter
