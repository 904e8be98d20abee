"""``checker rules list|lint|test``: whether they are well written, whether they decide right."""

from __future__ import annotations

import argparse
from typing import Any

from checker.cli.output import page_of, put
from checker.cli.packs import loaded_packs
from checker.cli.parser import Commands, Parser, add_rules
from checker.messages import tr
from checker.model.rule import Pack

__all__ = ["add"]

#: Exit codes: cases that come out otherwise than expected are findings; a badly written pack is a pack error.
_FAILED_CASES, _BAD_PACK = 1, 2


def add(commands: Commands) -> None:
    parser = commands.add("rules", tr("list, check or test rules"), _list)
    below = Commands(parser)
    listed = below.add("list", tr("list the rules"), _list)
    listed.add_argument("--format", choices=("text", "json"), default="text", help=listed.say(tr("form of the list")))
    _add_pack(listed)
    _add_pack(below.add("lint", tr("look for mistakes in rule packs, without any workbook"), _lint))
    _add_pack(below.add("test", tr("run the cases of rule packs"), _test))


def _add_pack(parser: Parser) -> None:
    parser.add_argument("--pack", metavar="ID", help=parser.say(tr("only this rule pack")))
    add_rules(parser)


def _list(arguments: argparse.Namespace) -> int:
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


def _lint(arguments: argparse.Namespace) -> int:
    import checker

    exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack).exit_code
    diagnostics = checker.lint(rules=arguments.rules, packs=[arguments.pack] if arguments.pack else None)
    page = page_of(arguments.lang)
    for diagnostic in diagnostics:
        put(diagnostic.render(page.language) + "\n")
    put(page.say(tr("{count} remarks on rule packs.", count=len(diagnostics))) + "\n")
    return _BAD_PACK if any(diagnostic.severity == "error" for diagnostic in diagnostics) else exit_code


def _test(arguments: argparse.Namespace) -> int:
    import checker

    exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack).exit_code
    report = checker.run_cases(rules=arguments.rules, pack=arguments.pack)
    page = page_of(arguments.lang)
    for failure in report.failures:
        put(page.quote(failure.render(page.language)) + "\n")
    put(page.say(tr("Cases {total}, failed {failed}.", total=report.total, failed=len(report.failures))) + "\n")
    return _FAILED_CASES if report.failures or not report.total else exit_code
