"""``checker rules …``: what people do who write rules. One file per command."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from checker.cli.parser import Commands
from checker.messages import tr

__all__ = ["add"]

#: Each is the module of its name in this folder.
_COMMANDS: Final = ("list", "lint", "test", "new", "docs", "diff", "coverage", "dispute")


def add(commands: Commands) -> None:
    modules = {name: import_module(f"checker.cli.rules.{name}") for name in _COMMANDS}
    below = Commands(commands.add("rules", tr("list, check or test rules"), modules["list"].run))
    for module in modules.values():
        module.add(below)
