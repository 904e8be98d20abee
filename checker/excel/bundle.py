"""What an office without a network unpacks: Windows' embeddable Python with this program in it, and what to click.

Made on any system that reaches a package index, with pip. Windows itself is not needed, and was not at hand.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Final, NamedTuple

from checker.errors import CheckerError
from checker.excel.atomic import write_whole
from checker.messages import tr

__all__ = ["INSTALLER", "Bundle", "bundle"]

_NAME: Final = "jixiao-checker"
#: The kinds of machine a Windows program is made for (its PE header), as pip names them.
_PLATFORMS: Final = {0x8664: "win_amd64", 0x014C: "win32", 0xAA64: "win_arm64"}
#: What is clicked first. The names of files are Chinese, whatever the language of the one who packs them.
INSTALLER: Final = tr("install.bat").zh
#: What people click, and the command behind it; the window waits where it says something that is to be read.
_STARTERS: Final = (
    (INSTALLER, "excel install\npause"),
    (tr("check.bat").zh, "excel check --attach"),
    (tr("uninstall.bat").zh, "excel uninstall\npause"),
    (tr("selftest.bat").zh, 'excel selftest --json "%~dp0selftest.json"\npause'),
)
_STARTER: Final = r"""@echo off
if not exist "%~dp0python\python.exe" goto missing
"%~dp0python\python.exe" -m checker.cli.main {command}
exit /b
:missing
echo {words}
pause
"""


class Bundle(NamedTuple):
    """What was made: ``python`` as in "3.12", ``platform`` as pip names it."""

    path: Path
    sha256: str
    python: str
    platform: str


def bundle(target: Path, embeddable: Path) -> Bundle:
    """Write the archive ``target`` from Python's embeddable package (a zip archive). Raises ``CheckerError``, and
    ``OSError`` for ``target``."""
    target.parent.stat()  # before the minute that the rest takes
    with tempfile.TemporaryDirectory(prefix="checker-") as scratch:
        root = Path(scratch, "root")
        python, platform = _unpacked(embeddable, root / "python")
        libraries = root / "python" / "Lib" / "site-packages"
        _fetch(libraries, Path(scratch, "wheels"), python, platform)
        for name, command in _STARTERS:
            words = tr("Unpack the whole archive first, then double-click the unpacked file.").zh
            text = _STARTER.format(command=command, words=words)
            (root / name).write_bytes(text.replace("\n", "\r\n").encode("gbk"))
        content = Path(shutil.make_archive(str(Path(scratch, "all")), "zip", root)).read_bytes()
    write_whole(target, content)
    return Bundle(target, hashlib.sha256(content).hexdigest(), python, platform)


def _unpacked(embeddable: Path, folder: Path) -> tuple[str, str]:
    """Python in ``folder``, made to find what is installed into it; its version and platform."""
    try:
        with zipfile.ZipFile(embeddable) as archive:
            archive.extractall(folder)
        (paths,) = folder.glob("python3*._pth")
        platform = _PLATFORMS[_machine((folder / "python.exe").read_bytes())]
        lines, changed = re.subn(
            r"(?m)^# *import site\b", r"Lib\\site-packages" + "\nimport site", paths.read_text(encoding="utf-8")
        )
        if changed != 1:
            raise ValueError(paths.name)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CheckerError(
            "EMBEDDABLE_UNKNOWN",
            tr("This is not Python's embeddable package for Windows ({reason}).", reason=error),
            tr("Fetch it from python.org: python-3.x.y-embed-amd64.zip, and leave it packed."),
            str(embeddable),
        ) from error
    paths.write_text(lines, encoding="utf-8")
    digits = paths.stem.removeprefix("python")
    python, here = f"{digits[0]}.{digits[1:]}", ".".join(map(str, sys.version_info[:2]))
    if python != here:
        # pip asks the Python it runs in what is needed, and a compiled module fits one version only.
        raise CheckerError(
            "EMBEDDABLE_VERSION",
            tr("This package is Python {python}; this command runs in Python {here}.", python=python, here=here),
            tr(
                "Fetch the embeddable package of Python {here}, or run this with Python {python}.",
                python=python,
                here=here,
            ),
            str(embeddable),
        )
    return python, platform


def _machine(program: bytes) -> int:
    """The kind of machine in the header of a Windows program."""
    header = int.from_bytes(program[60:64], "little")
    return int.from_bytes(program[header + 4 : header + 6], "little")


def _fetch(folder: Path, wheels: Path, python: str, platform: str) -> None:
    """This program and what it needs on Windows, in ``folder``, compiled: what the ribbon starts may write nothing."""
    _pip("wheel", "--no-deps", "--wheel-dir", str(wheels), _origin())
    (wheel,) = wheels.glob("*.whl")
    machine = ("--platform", platform, "--python-version", python, "--implementation", "cp", "--only-binary=:all:")
    # pip judges by the system it runs on whether pywin32 is needed, so that is named.
    _pip("install", *machine, "--no-compile", "--target", str(folder), f"{wheel}[excel]", "pywin32")
    shutil.rmtree(folder / "bin", ignore_errors=True)
    # Unchecked, for unpacking changes the times of files. What cannot be compiled is read as it is.
    options = ("-q", "--invalidation-mode", "unchecked-hash")
    subprocess.run([sys.executable, "-m", "compileall", *options, str(folder)], capture_output=True, check=False)


def _origin() -> str:
    """Where this program was installed from: a folder or a file, or else its name and version in an index."""
    here = distribution(_NAME)
    told = here.read_text("direct_url.json")
    return str(json.loads(told)["url"]) if told else f"{_NAME}=={here.version}"


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", *words]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()] or [""]
        reason = next((line for line in reversed(lines) if line.startswith("ERROR: ")), lines[-1])
        error = CheckerError(
            "BUNDLE_INCOMPLETE",
            tr("pip could not fetch what is needed: {reason}", reason=reason),
            tr("See that this machine reaches a package index, or name a folder of wheels in PIP_FIND_LINKS."),
        )
        error.add_note(done.stderr)
        raise error
