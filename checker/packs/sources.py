"""Where rule packs come from without any Python: the program's own, and plain folders of YAML.

They are looked at in this order: the program's own, those of installed distributions by the names of their plugins,
folders on the command line (``--rules``), those in ``CHECKER_RULES``, those that the project names (``config``). No
pack takes the place of another: two of one id or one prefix are an error that names both, and the first counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from checker.model.plugin import PackSource
from checker.packs.config import rule_paths
from checker.packs.resources import data_root

__all__ = ["checker_rule_packs", "folder_sources"]


def checker_rule_packs() -> Iterable[PackSource]:
    """The hook of plugins, answered for the packs that ship with the program."""
    return [PackSource("checker", data_root("rules"), "built-in")]


def folder_sources(folders: Iterable[str], environ: Mapping[str, str] = os.environ) -> tuple[PackSource, ...]:
    """A source for each folder named (``--rules``), each in ``CHECKER_RULES`` (separated as ``PATH`` is), and each that
    the project's settings name. Raises ``UsageError`` for settings that are wrong."""
    listed = [folder for folder in environ.get("CHECKER_RULES", "").split(os.pathsep) if folder]
    named: dict[str, str] = {}
    for folder in (*folders, *listed, *rule_paths()):
        named.setdefault(os.path.realpath(folder), folder)
    if not named:
        return ()
    from pathlib import Path

    return tuple(PackSource(Path(path).name, Path(folder), "folder") for path, folder in named.items())
