"""Put the add-in where Excel loads it at its start, for this user; take it away again; say how it stands.

A record is kept of every file that was written. Only these are ever replaced or removed, and unsigned add-ins that this
program made: the record may have been deleted with the folder of the program, or IT may have copied the file here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from checker.errors import CheckerError
from checker.excel.addin import Interpreters, Origin, assemble, origin_of, xlwings_folder
from checker.excel.atomic import write_whole
from checker.excel.places import Places, places
from checker.messages import Text, tr

__all__ = ["Status", "install", "status", "uninstall"]

#: What xlwings needs to talk to Excel, by system.
_NEEDED: Final = {"win32": ("win32com",), "darwin": ("appscript", "psutil")}
#: Characters that a command line would not take as part of a path.
_UNSAFE: Final = {"win32": re.compile(r"[%\"]"), "darwin": re.compile(r"[^\w./+-]")}
#: What VBA finds files by: the code page that Windows has for programs without Unicode.
_CODE_PAGE: Final = "mbcs" if sys.platform == "win32" else "utf-8"


class _Record(NamedTuple):
    """What was written: the files with their sha256, and what the add-in was made from."""

    files: dict[str, str]
    addin: str
    xlwings_version: str
    interpreter: str


class Status(NamedTuple):
    """How the add-in stands. ``stale`` says why it should be installed anew; empty if it need not."""

    installed: bool
    path: Path | None
    sha256: str = ""
    xlwings_version: str = ""
    interpreter: str = ""
    stale: tuple[Text, ...] = ()


def install(
    environment: Mapping[str, str] | None = None, system: str = sys.platform, interpreter: str = sys.executable
) -> Status:
    """Make the add-in with ``interpreter`` and put it in its place. Raises ``CheckerError``."""
    at = places(environment, system)
    if at.addin is None:
        raise CheckerError(
            "EXCEL_NOT_HERE",
            tr("On this system there is no Excel that takes an add-in."),
            tr(
                'Use "checker check" here, or make the add-in for another machine: checker excel build -o checker.xlam.'
            ),
        )
    _require(system, interpreter)
    content, version = assemble(_interpreters(system, interpreter))
    files = {at.addin: content}
    if at.scripts is not None:
        name = f"xlwings-{version}.applescript"
        files[at.scripts / name] = _script(name)
    earlier = _read(at)
    known = earlier.files if earlier else {}
    ours = {}
    for path, wanted in files.items():
        there = path.read_bytes() if path.exists() else None
        if there is not None and path == at.addin and origin_of(there) is Origin.SIGNED:
            raise _signed(path)
        if there is not None and str(path) not in known:
            if there == wanted and path != at.addin:
                continue  # xlwings itself may have put its script there: then it is not ours to remove
            if path != at.addin or origin_of(there) is Origin.FOREIGN:
                raise _foreign(path)
        ours[path] = wanted
    digests = {str(path): sha256(wanted).hexdigest() for path, wanted in ours.items()}
    record = _Record(digests, str(at.addin), version, interpreter)
    # First the record, of old and new: whatever happens now, what was written can be removed.
    _write(at, record._replace(files={**known, **digests}))
    for path, wanted in ours.items():
        _put(path, wanted)
    for name in set(known) - set(digests):
        _remove(Path(name))
    _write(at, record)
    return status(environment, system)


def uninstall(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> tuple[Path, ...]:
    """Remove what ``install`` wrote; gives the files that were removed. Raises ``CheckerError``."""
    at = places(environment, system)
    record = _read(at)
    if record is None:
        ours = at.addin is not None and at.addin.exists() and origin_of(at.addin.read_bytes()) is Origin.OURS
        return (at.addin,) if at.addin and ours and _remove(at.addin) else ()
    removed = tuple(path for path in map(Path, record.files) if _remove(path))
    at.record.unlink()
    return removed


def status(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> Status:
    """How the add-in stands. Raises ``CheckerError`` only for a record that cannot be read."""
    at = places(environment, system)
    record = _read(at)
    if record is None:
        return _unrecorded(at.addin)
    if not Path(record.addin).exists():
        return Status(False, at.addin)
    path = Path(record.addin)
    found = sha256(path.read_bytes()).hexdigest()
    return Status(True, path, found, record.xlwings_version, record.interpreter, tuple(_reasons(record, found, system)))


def _unrecorded(path: Path | None) -> Status:
    """How an add-in stands that this command did not put there."""
    if path is None or not path.exists():
        return Status(False, path)
    content = path.read_bytes()
    if origin_of(content) is Origin.FOREIGN:
        return Status(False, path, stale=(_foreign(path).message,))
    return Status(True, path, sha256(content).hexdigest())


def _reasons(record: _Record, found: str, system: str) -> list[Text]:
    reasons = []
    if found != record.files.get(record.addin, found):
        reasons.append(tr("The add-in was changed after it was installed."))
    if not Path(record.interpreter).exists():
        reasons.append(tr("The Python it starts is no longer there: {path}.", path=record.interpreter))
    reasons += [tr("The script {path} is missing.", path=name) for name in record.files if not Path(name).exists()]
    try:
        content, version = assemble(_interpreters(system, record.interpreter))
    except CheckerError as error:
        return [*reasons, error.message]
    if version != record.xlwings_version:
        reasons.append(
            tr("It was made with xlwings {old}; {new} is installed now.", old=record.xlwings_version, new=version)
        )
    elif sha256(content).hexdigest() != found and not reasons:
        reasons.append(tr("It was made by another version of this program."))
    return reasons


def _interpreters(system: str, interpreter: str) -> Interpreters:
    return Interpreters(windows=interpreter) if system == "win32" else Interpreters(mac=interpreter)


def _require(system: str, interpreter: str) -> None:
    """That the add-in will be able to do something. Raises ``CheckerError``."""
    missing = [name for name in ("xlwings", *_NEEDED[system]) if find_spec(name) is None]
    if missing:
        raise CheckerError(
            "LIBRARY_MISSING",
            tr("This Python lacks what is needed to talk to Excel: {names}.", names=", ".join(missing)),
            tr('Unpack the program folder anew, or install it: pip install "jixiao-checker[excel]".'),
        )
    if system == "win32" and "windowsapps" in f"{interpreter} {sys.base_prefix}".casefold():
        raise CheckerError(
            "INTERPRETER_STORE",
            tr("Python from the Microsoft Store writes into folders of its own, where Excel does not look."),
            tr("Install with the portable Python of the guide, or with one from python.org."),
        )
    try:
        interpreter.encode(_CODE_PAGE)
        unsafe = bool(_UNSAFE[system].search(interpreter))
    except UnicodeEncodeError:
        unsafe = True
    if unsafe:
        raise CheckerError(
            "INTERPRETER_PATH",
            tr("Excel cannot start a Python whose path has such characters: {path}.", path=interpreter),
            tr("Put Python into a folder with a plain name, then install again."),
        )


def _foreign(path: Path) -> CheckerError:
    return CheckerError(
        "FILE_NOT_OURS",
        tr("A file of this name is there that this program did not write."),
        tr("Move it away, then install again."),
        str(path),
    )


def _signed(path: Path) -> CheckerError:
    return CheckerError(
        "ADDIN_SIGNED",
        tr("The add-in that is there was signed after it was made, and stays."),
        tr("To replace it all the same, delete it first."),
        str(path),
    )


def _script(name: str) -> bytes:
    try:
        return (xlwings_folder() / name).read_bytes()
    except OSError as error:
        raise CheckerError(
            "TEMPLATE_UNUSABLE",
            tr("The add-in was not made: the template of xlwings cannot be used ({reason}).", reason=name),
            tr('Install xlwings anew: pip install --force-reinstall "xlwings>=0.31.10,<1".'),
        ) from error


def _put(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise _blocked(path, error) from error


def _remove(path: Path) -> bool:
    """Whether it was there."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _blocked(path, error) from error
    return True


def _blocked(path: Path, error: OSError) -> CheckerError:
    if isinstance(error, PermissionError):
        hint = tr("Close all windows of Excel, then try again; if that does not help, ask IT for write access.")
    else:
        hint = tr("See that the disk has room and the folder can be written, then try again.")
    reason = error.strerror or str(error)
    return CheckerError(
        "ADDIN_UNWRITABLE", tr("This file cannot be changed: {reason}.", reason=reason), hint, str(path)
    )


def _read(at: Places) -> _Record | None:
    try:
        stored = json.loads(at.record.read_text(encoding="utf-8"))
        return _Record(dict(stored["files"]), stored["addin"], stored["xlwings"], stored["interpreter"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckerError(
            "RECORD_BROKEN",
            tr("The record of what was installed cannot be read."),
            tr("Delete this file and {addin}, then install again.", addin=at.addin or "checker.xlam"),
            str(at.record),
        ) from error


def _write(at: Places, record: _Record) -> None:
    stored = {
        "files": record.files,
        "addin": record.addin,
        "xlwings": record.xlwings_version,
        "interpreter": record.interpreter,
    }
    _put(at.record, (json.dumps(stored, ensure_ascii=False, indent=2) + "\n").encode())
