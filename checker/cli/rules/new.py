"""``checker rules new``: a new rule pack, from nothing, from a parent or from a blank workbook."""

from __future__ import annotations

import argparse

from checker.cli.output import put, tell
from checker.cli.parser import Commands, add_rules
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("new", tr("make a new rule pack: from nothing, from a parent, or from a blank workbook"), run)
    say = parser.say
    parser.add_argument("directory", metavar="DIR", help=say(tr("folder to make; it must not exist yet")))
    parser.add_argument("--extends", metavar="PACK", default="", help=say(tr("the rule pack to take over")))
    parser.add_argument(
        "--from", dest="workbook", metavar="FILE", default="",
        help=say(tr("an official workbook, blank or filled in: its forms and obvious rules are proposed")),
    )  # fmt: skip
    parser.add_argument("--pack", metavar="ID", default="", help=say(tr("id of the pack (default: the folder's name)")))
    parser.add_argument("--prefix", metavar="XX", default="", help=say(tr("what the ids of its rules begin with")))
    parser.add_argument("--title", metavar="TEXT", default="", help=say(tr("title of the pack")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make the pack and say what to do next. A folder that exists is left alone."""
    from checker.authoring.new import new_pack
    from checker.session import Session

    made = new_pack(
        arguments.directory,
        Session(arguments.rules),
        rules=arguments.rules,
        extends=arguments.extends,
        workbook=arguments.workbook,
        pack=arguments.pack,
        prefix=arguments.prefix,
        title=arguments.title,
        language=arguments.lang,
    )
    for remark in made.remarks:
        tell(remark.render(arguments.lang))
    lines = [tr("The pack is in {folder}: {count} files.", folder=str(made.root), count=len(made.files))]
    if made.forms:
        forms = ", ".join(made.forms)
        lines.append(tr("Proposed: forms {forms}; {rules} rules.", forms=forms, rules=made.rules))
    if made.left_out:
        lines.append(tr("{left} more were left out; comments in the files say why.", left=made.left_out))
    folder = str(made.root)
    lines += [
        tr("1. Read it and correct it: the comments say what each part is for.")
        if not made.forms
        else tr("1. Read forms/ and checks/: keep what is right, name its source, delete what is wrong."),
        tr(
            "2. checker rules lint --rules {folder} and checker rules test --rules {folder}, after every change.",
            folder=folder,
        ),
        tr("3. checker check WORKBOOK --rules {folder}: try it on workbooks that were filled in.", folder=folder),
    ]
    for line in lines:
        put(line.render(arguments.lang) + "\n")
    return 0
