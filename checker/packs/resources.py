"""Where the data that ships with the program lies. The only place that knows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from checker.errors import PackError
from checker.messages import tr

__all__ = ["PACKAGE", "data_root"]

#: The folder of the program's own code.
PACKAGE: Final = Path(__file__).parents[1]

_KINDS: Final = ("rules", "schemas")


def data_root(kind: str) -> Path:
    """The folder of ``rules`` or ``schemas``.

    In an installed wheel it is ``checker/_data/<kind>``; in a source tree (or an editable install, where
    ``checker`` resolves to the tree) ``<kind>`` stands beside ``checker``. Raises ``PackError`` otherwise.
    """
    if kind not in _KINDS:
        raise PackError("DATA_UNKNOWN", tr("There is no data of the kind {kind}.", kind=kind))
    for root in (PACKAGE / "_data" / kind, PACKAGE.parent / kind):
        if root.is_dir():
            return root
    raise PackError(
        "DATA_MISSING",
        tr("The folder of {kind} that belongs to the program is missing.", kind=kind),
        tr("Install the program again."),
        str(PACKAGE),
    )
