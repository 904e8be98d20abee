"""``checker rules list``: the rules there are."""

from __future__ import annotations

import argparse
from typing import Any

from checker.cli.output import page_of, put
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands
from checker.messages import tr
from checker.model.rule import Pack

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("list", tr("list the rules"), run)
    parser.add_argument("--format", choices=("text", "json"), default="text", help=parser.say(tr("form of the list")))
    add_only_pack(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the rules, those of a pack under the pack that wrote them. Gives 2 where a pack cannot be loaded."""
    packs, exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack)
    if arguments.format == "json":
        import json

        every = arguments.pack is not None
        entries = [entry for pack in packs for entry in _entries(pack, inherited=every)]
        put(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
    else:
        from checker.reports import rules

        put(rules.listing(packs, page_of(arguments.lang)))
    return exit_code


def _entries(pack: Pack, *, inherited: bool) -> list[dict[str, Any]]:
    """A rule under the pack that wrote it; all that hold in one pack only where that pack alone is asked for."""
    return [
        {
            "pack": rule.pack,
            "id": rule.id,
            "name": rule.name,
            "form": rule.form,
            "severity": rule.severity,
            "catalogue": list(rule.catalogue),
            "title": {"zh": rule.title.zh, "en": rule.title.en},
            "source": {
                "document": rule.source.document,
                "article": rule.source.article,
                "status": rule.source.status,
            },
        }
        for rule in pack.rules
        if inherited or rule.pack == pack.id
    ]
