"""``checker plugins``: what is loaded, from where, and what failed to load."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.cli.output import page_of, put, tell
from checker.cli.parser import Commands, add_rules
from checker.messages import Text, tr
from checker.reports.layout import BOLD

if TYPE_CHECKING:
    from checker.plugins.manager import PluginInfo

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    add_rules(commands.add("plugins", tr("list the plugins and where they come from"), run))


def run(arguments: argparse.Namespace) -> int:
    """Print every plugin with its hooks. Gives the exit code of the gravest failure.

    Every hook is asked, so that names given twice come to light.
    """
    from checker.cli.check import OWN_FORMATS
    from checker.cli.main import COMMANDS
    from checker.session import Session

    session = Session(arguments.rules)
    session.plugins.score_kinds()
    session.plugins.report_formats(OWN_FORMATS)
    session.plugins.commands(COMMANDS)
    page = page_of(arguments.lang)
    for info in session.plugins.describe():
        put(page.paint(page.quote(info.name), BOLD) + "\n")
        put("".join(f"{line}\n" for line in page.fields(_fields(info), 2)))
    for failure in session.failures:
        tell(failure.render(arguments.lang))
    return max((failure.exit_code for failure in session.failures), default=0)


def _fields(info: PluginInfo) -> Iterator[tuple[Text, str]]:
    yield tr("From"), " ".join(filter(None, (info.distribution, info.version, f"[{info.origin}]")))
    if info.hooks:
        yield tr("Hooks"), ", ".join(info.hooks)
