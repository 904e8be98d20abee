"""Where rule packs come from without any Python: the program's own, and plain folders of YAML."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from checker.model.plugin import PackSource
from checker.packs.resources import data_root

__all__ = ["checker_rule_packs", "folder_sources"]


def checker_rule_packs() -> Iterable[PackSource]:
    """The hook of plugins, answered for the packs that ship with the program."""
    return [PackSource("checker", data_root("rules"), "built-in")]


def folder_sources(folders: Iterable[str], environ: Mapping[str, str] = os.environ) -> tuple[PackSource, ...]:
    """A source for each folder named (``--rules``) and each in ``CHECKER_RULES`` (separated as ``PATH`` is)."""
    listed = [folder for folder in environ.get("CHECKER_RULES", "").split(os.pathsep) if folder]
    return tuple(PackSource(Path(folder).name, Path(folder), "folder") for folder in dict.fromkeys([*folders, *listed]))
