"""``checker rules coverage``: which input cells rules guard, and which slips nobody would notice."""

from __future__ import annotations

import argparse
from typing import Final

from checker.cli.output import page_of, put
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands
from checker.cli.rules.progress import Progress
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["add", "run"]

_MOST: Final = 40


def add(commands: Commands) -> None:
    parser = commands.add(
        "coverage", tr("measure which input cells rules guard, and which slips nobody would notice"), run
    )
    say = parser.say
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help=say(tr("workbooks without errors, to try slips on (without any: the cases of the pack that pass)")),
    )
    parser.add_argument(
        "--most",
        metavar="N",
        type=int,
        default=_MOST,
        help=say(tr("move at most about so many figures of each workbook ({count})", count=_MOST)),
    )
    parser.add_argument("--all", action="store_true", help=say(tr("list every place, however many")))
    parser.add_argument("--format", choices=("text", "json"), default="text", help=say(tr("form of the report")))
    add_only_pack(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the measures. With workbooks those packs are measured that they belong to."""
    from checker.authoring import coverage_report
    from checker.authoring.coverage import coverage
    from checker.engine.assess import recognise
    from checker.readers.discovery import find_workbooks
    from checker.session import Session

    if arguments.most < 1:
        raise UsageError("USAGE", tr("{what} must be at least 1.", what="--most"))
    packs, exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack)
    session = Session(arguments.rules)
    samples: dict[str, list[str]] = {pack.id: [] for pack in packs}
    if arguments.paths:
        for path in find_workbooks(arguments.paths).files:
            found = recognise(session.read(path), packs, session.labels, session.lexicon).pack
            if found is None:
                raise UsageError("FORM_UNRECOGNISED", tr("No known form was recognised in this workbook."), where=path)
            samples[found.id].append(path)
        samples = {name: files for name, files in samples.items() if files}
    measured = []
    with Progress(sum(map(len, samples.values()))) as progress:
        for name, files in samples.items():
            measured.append(coverage(session, session.loaded.packs[name], files, arguments.most, progress.next))
    if arguments.format == "json":
        import json

        put(json.dumps(coverage_report.document(measured), ensure_ascii=False, indent=2) + "\n")
    else:
        put(coverage_report.text(measured, page_of(arguments.lang), all_places=arguments.all))
    return exit_code
