"""``checker schema``: the JSON Schemas of the files that people write, for editors and other programs."""

from __future__ import annotations

import argparse

from checker.cli.output import deliver, page_of, put
from checker.cli.parser import Commands, add_rules
from checker.messages import Text, tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("schema", tr("show the JSON Schema of a kind of file"), run)
    parser.add_argument("name", metavar="NAME", nargs="?", help=parser.say(tr("which one; without it, list them")))
    parser.add_argument("-o", "--output", metavar="FILE", help=parser.say(tr("write the schema to this file")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the schemas there are, or one of them in one piece, with the kinds of checks of all plugins put in."""
    import json

    from checker.packs.schema import published, schema_names

    if arguments.name is None:
        page = page_of(arguments.lang)
        for name, title in schema_names().items():
            zh, _, en = title.partition(" / ")
            put(f"{name:<13} {page.say(Text(zh, en or zh))}\n")
        return 0
    from checker.session import Session

    schema = published(arguments.name, Session(arguments.rules).kinds.values())
    deliver(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", arguments.output, arguments.lang)
    return 0
