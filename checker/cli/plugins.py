"""``checker plugins``: what is loaded, and from where."""

from __future__ import annotations

import argparse

from checker.cli.parser import Commands, add_rules
from checker.messages import tr

__all__ = ["add", "run"]


def add(commands: Commands) -> None:
    add_rules(commands.add("plugins", tr("list the plugins and where they come from"), run))


def run(arguments: argparse.Namespace) -> int:
    raise NotImplementedError
