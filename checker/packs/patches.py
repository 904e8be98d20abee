"""Where patches lie: YAML files in a folder ``patches`` of a folder of rule packs, or in such a folder named itself.

A patch is a dated file that retires, re-grades or corrects rules of installed packs; ``patch`` reads and applies them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from checker.model.plugin import PackSource

__all__ = ["FOLDER", "patch_files"]

FOLDER: Final = "patches"


def patch_files(sources: Iterable[PackSource]) -> list[str]:
    """The files of patches, each once, in the order of ``sources`` and of their names."""
    found: dict[str, None] = {}
    for source in sources:
        root = str(source.root)
        folder = root if os.path.basename(os.path.abspath(root)) == FOLDER else f"{root}/{FOLDER}"  # noqa: PTH100, PTH119
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if entry.name.endswith((".yaml", ".yml")))
        except OSError:
            continue  # there is none; a folder of packs that cannot be read is told by ``find_packs``
        found.update(dict.fromkeys(f"{folder}/{name}" for name in names if not name.startswith(".")))
    return [*found]
