"""Where things of the add-in lie on this machine, for this user: nothing needs an administrator."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["Places", "places"]


class Places(NamedTuple):
    """``addin`` is None where there is no Excel; ``scripts`` is for the script that macOS needs."""

    addin: Path | None
    scripts: Path | None
    record: Path
    logs: Path


def places(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> Places:
    """The places as ``environment`` and ``system`` (as ``sys.platform`` names it) have them. Raises ``RuntimeError``
    where nothing says whose they are."""
    known = os.environ if environment is None else environment

    def folder(variable: str, otherwise: Path) -> Path:
        return Path(known[variable]) if known.get(variable) else otherwise

    own_home = known.get("USERPROFILE" if system == "win32" else "HOME")
    home = Path(own_home) if own_home else Path.home()
    if system == "win32":
        own = folder("LOCALAPPDATA", home / "AppData" / "Local") / "checker"
        start = folder("APPDATA", home / "AppData" / "Roaming") / "Microsoft" / "Excel" / "XLSTART"
        return Places(start / "checker.xlam", None, own / "addin.json", own / "logs")
    if system == "darwin":
        library = home / "Library"
        office = library / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
        return Places(
            office / "Startup.localized" / "Excel" / "checker.xlam",
            library / "Application Scripts" / "com.microsoft.Excel",
            library / "Application Support" / "checker" / "addin.json",
            library / "Logs" / "checker",
        )
    state = folder("XDG_STATE_HOME", home / ".local" / "state") / "checker"
    return Places(None, None, state / "addin.json", state / "logs")
