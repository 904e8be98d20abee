"""``checker rules diff``: what differs between two editions of rules, and what that changes in workbooks."""

from __future__ import annotations

import argparse
from typing import Final

from checker.cli.output import page_of, put, tell
from checker.cli.parser import Commands, add_rules
from checker.cli.rules.progress import Progress
from checker.messages import tr

__all__ = ["add", "run"]

_DIFFERENT: Final = 1
_BAD_PACK: Final = 2
_UNREAD: Final = 3


def add(commands: Commands) -> None:
    parser = commands.add("diff", tr("compare two editions of rules, and what they say about workbooks"), run)
    say = parser.say
    parser.add_argument("before", metavar="A", help=say(tr("a rule pack by id, or a folder of rule packs")))
    parser.add_argument("after", metavar="B", help=say(tr("the other one")))
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help=say(tr("workbooks to check by both, or folders of them"))
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help=say(tr("form of the report")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs. Gives 1 for any difference, 2 where a pack or 3 where a workbook cannot be read."""
    from checker.authoring import difference_report
    from checker.authoring.difference import compare
    from checker.authoring.editions import load_edition
    from checker.authoring.verdicts import Verdict, verdicts
    from checker.readers.discovery import find_workbooks

    before, after = (load_edition(name, arguments.rules) for name in (arguments.before, arguments.after))
    failures = [*before.failures, *after.failures]
    for failure in failures:
        tell(failure.render(arguments.lang))
    if failures:
        return _BAD_PACK  # a comparison without a pack would call it removed
    difference = compare(before, after)
    files = find_workbooks(arguments.paths).files if arguments.paths else []
    with Progress(len(files)) as progress:
        found = [*verdicts(files, before, after, progress.next)]
    if arguments.format == "json":
        import json

        put(json.dumps(difference_report.document(difference, found), ensure_ascii=False, indent=2) + "\n")
    else:
        put(difference_report.text(difference, found, page_of(arguments.lang)))
    answers = any(isinstance(one, Verdict) for one in found)
    if difference.added or difference.removed or any(pack.any for pack in difference.packs) or answers:
        return _DIFFERENT
    return _UNREAD if found else 0
