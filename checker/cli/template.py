"""``checker template``: the blank official workbook of a form."""

from __future__ import annotations

import argparse

from checker.cli.output import tell
from checker.cli.packs import loaded_packs
from checker.cli.parser import Commands, add_rules
from checker.errors import UsageError
from checker.messages import tr
from checker.model.form import Form
from checker.model.rule import Pack

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    parser = commands.add("template", tr("write the blank workbook of a form"), run)
    say = parser.say
    parser.add_argument("form", metavar="FORM", help=say(tr("name of the form, as `checker forms` lists it")))
    parser.add_argument("--pack", metavar="ID", help=say(tr("the rule pack it belongs to")))
    parser.add_argument("--output", metavar="FILE", help=say(tr("file to write (default: the form's name .xlsx)")))
    add_rules(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook. A file that exists is left alone: somebody may have filled it in."""
    from checker.templates import draw, write_xlsx

    form = _form(loaded_packs(arguments.rules, arguments.lang, arguments.pack).packs, arguments.form)
    output = arguments.output or f"{form.name}.xlsx"
    write_xlsx({form.name: draw(form)}, output)
    tell(tr("The blank workbook is in {file}.", file=output).render(arguments.lang))
    return 0


def _form(packs: list[Pack], name: str) -> Form:
    for pack in packs:
        if name in pack.forms:
            return pack.forms[name]
    raise UsageError(
        "FORM_UNKNOWN",
        tr("There is no form {form}.", form=name),
        tr(
            "Known forms: {forms}.",
            forms=", ".join(dict.fromkeys(form for pack in packs for form in pack.forms)),
        ),
    )
