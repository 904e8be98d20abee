"""``checker rules dispute``: a finding held to be wrong, with its proof, for whoever owns the rule."""

from __future__ import annotations

import argparse

from checker.cli.output import deliver, page_of, tell
from checker.cli.parser import Commands, add_rules
from checker.errors import UsageError
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("dispute", tr("hand a finding held to be wrong to the rule's owner, with its proof"), run)
    say = parser.say
    parser.add_argument("file", metavar="FILE", help=say(tr("a finding, or a report in JSON (findings.json)")))
    parser.add_argument("--id", metavar="ID", help=say(tr("id of the finding, where the file holds several")))
    parser.add_argument("--reason", metavar="TEXT", required=True, help=say(tr("why the finding is wrong")))
    parser.add_argument(
        "--anonymous", action="store_true", help=say(tr("put other words for names, in texts of cells too"))
    )
    parser.add_argument("-o", "--output", metavar="FILE", help=say(tr("write to this file")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write one finding so that ``checker replay`` derives it again without the workbook."""
    import json
    from importlib.metadata import PackageNotFoundError, version

    from checker.authoring.dispute import dispute
    from checker.cli.replay import findings_in, lines_of
    from checker.session import Session

    found = list(findings_in(lines_of(arguments.file), arguments.file, arguments.id))
    if len(found) != 1:
        message = tr("One finding is disputed at a time, and here are {count}.", count=len(found))
        raise UsageError("DISPUTE_WHICH", message, tr("Name it with --id."), arguments.file)
    if not arguments.reason.strip():
        raise UsageError("DISPUTE_REASON", tr("The reason is empty."), tr("Say why the finding is wrong."))
    try:
        engine = version("jixiao-checker")
    except PackageNotFoundError:  # run from a source tree that was never installed
        engine = ""
    session = Session(arguments.rules)
    document = dispute(found[0], arguments.reason, session, engine=engine, anonymous=arguments.anonymous)
    if kept := document["x-dispute"].get("texts_kept"):
        shown = ", ".join(f"“{text}”" for text in kept)
        tell(page_of(arguments.lang).say(tr("The verdict rests on these texts, so they stay: {texts}.", texts=shown)))
    deliver(json.dumps(document, ensure_ascii=False, indent=2) + "\n", arguments.output, arguments.lang)
    return 0
