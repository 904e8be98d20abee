"""``checker rules lint``: mistakes in rule packs, found without any workbook."""

from __future__ import annotations

import argparse
from typing import Final

from checker.cli.output import deliver, page_of
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands, add_output
from checker.messages import tr

__all__ = ["add", "run"]

#: A badly written pack is a pack error.
_BAD_PACK: Final = 2


def add(commands: Commands) -> None:
    parser = commands.add("lint", tr("look for mistakes in rule packs, without any workbook"), run)
    formats = ("text", "json", "sarif", "github")
    parser.add_argument("--format", choices=formats, default="text", help=parser.say(tr("form of the remarks")))
    add_output(parser)
    add_only_pack(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the remarks. Gives 2 for an error among them."""
    import checker

    remarks = checker.lint(rules=arguments.rules, packs=[arguments.pack] if arguments.pack else None)
    told = {(remark.code, remark.where) for remark in remarks} if arguments.pack is None else ()
    exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack, told).exit_code
    page = page_of(arguments.lang)
    if arguments.format == "text":
        lines = [remark.render(page.language) for remark in remarks]
        count = page.say(tr("{count} remarks on rule packs.", count=len(remarks)))
        written = "".join(f"{line}\n" for line in (*lines, count))
    else:
        from checker.authoring.remarks import FORMATS

        written = FORMATS[arguments.format](remarks, page.language)
    deliver(written, arguments.output, arguments.lang)
    return _BAD_PACK if any(remark.severity == "error" for remark in remarks) else exit_code
