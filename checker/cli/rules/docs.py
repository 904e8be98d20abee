"""``checker rules docs``: pages about rule packs, as Markdown or as one file for a browser."""

from __future__ import annotations

import argparse

from checker.cli.output import put, tell, write_file
from checker.cli.packs import add_only_pack, loaded_packs
from checker.cli.parser import Commands
from checker.cli.rules.progress import Progress
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("docs", tr("write pages about rule packs: what, why, source, examples, remedy"), run)
    say = parser.say
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help=say(tr("the folder for the pages")))
    parser.add_argument(
        "--format",
        choices=("md", "html"),
        default="html",
        help=say(tr("html: one file with search, for a browser, offline (the default); md: a file a page")),
    )
    add_only_pack(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the pages, in both languages. Gives 2 where a pack cannot be loaded."""
    from pathlib import Path

    from checker.authoring.pages.content import Registry, pages
    from checker.authoring.pages.examples import Words
    from checker.authoring.pages.writing import html_file, markdown_files
    from checker.session import Session

    chosen, exit_code = loaded_packs(arguments.rules, arguments.lang, arguments.pack)
    session = Session(arguments.rules)
    words = Words(session.labels, session.lexicon)
    registry = Registry(session.plans(), session.kinds, session.plugins.score_kinds(), words)
    names = [pack.id for pack in chosen]
    total = sum(rule.pack == pack.id for pack in chosen for rule in pack.rules)
    with Progress(total) as progress:
        made = [*pages(registry, names, progress.next)]
    files = [html_file(made, arguments.lang)] if arguments.format == "html" else [*markdown_files(made)]
    for name, text in files:
        target = Path(arguments.output, name)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                "OUTPUT_UNWRITABLE",
                tr("The report cannot be written: {reason}.", reason=error.strerror or error),
                tr("Name another folder with --output."),
                str(target.parent),
            ) from error
        write_file(str(target), text)
    put(f"{Path(arguments.output, files[0][0])}\n")
    tell(tr("{count} pages about {rules} rules.", count=len(made), rules=total).render(arguments.lang))
    return exit_code
