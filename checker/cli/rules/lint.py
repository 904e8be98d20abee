"""``checker rules lint``: mistakes in rule packs, found without any workbook."""

from __future__ import annotations

import argparse
from typing import Final

from checker.cli.output import page_of, put
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands
from checker.messages import tr

__all__ = ["add", "run"]

#: A badly written pack is a pack error.
_BAD_PACK: Final = 2


def add(commands: Commands) -> None:
    add_only_pack(commands.add("lint", tr("look for mistakes in rule packs, without any workbook"), run))


def run(arguments: argparse.Namespace) -> int:
    """Print the remarks. Gives 2 for an error among them."""
    import checker

    exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack).exit_code
    diagnostics = checker.lint(rules=arguments.rules, packs=[arguments.pack] if arguments.pack else None)
    page = page_of(arguments.lang)
    for diagnostic in diagnostics:
        put(diagnostic.render(page.language) + "\n")
    put(page.say(tr("{count} remarks on rule packs.", count=len(diagnostics))) + "\n")
    return _BAD_PACK if any(diagnostic.severity == "error" for diagnostic in diagnostics) else exit_code
