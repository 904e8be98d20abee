"""``checker explain``: one rule in full, and what came of it in a workbook."""

from __future__ import annotations

import argparse

from checker.cli.output import page_of, put
from checker.cli.parser import Commands, add_rules
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("explain", tr("explain a rule, and what came of it in a workbook"), run)
    parser.add_argument("rule", metavar="RULE", help=parser.say(tr("id or name of the rule")))
    parser.add_argument("file", metavar="FILE", nargs="?", help=parser.say(tr("a workbook to apply it to")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the rule, and both sides for every place it was applied to."""
    import checker
    from checker.reports import rules

    rule, pack, outcomes = checker.explain(arguments.rule, arguments.file, rules=arguments.rules)
    put(rules.explain(rule, pack, outcomes, page_of(arguments.lang)))
    return 0
