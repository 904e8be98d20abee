"""The ribbon add-in ``checker.xlam``, made from the BSD template that xlwings brings along.

Only what is named here differs from the template, which Excel has opened on thousands of machines: the ribbon, the
settings sheet, one VBA module of our own in place of the template's, the hardened module ``xlwings``, and the
records that name them. Works on any system, without Excel; the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from struct import pack
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from checker.errors import CheckerError
from checker.excel.atomic import write_whole
from checker.excel.cfb import DamagedError, Storage, read_compound, write_compound
from checker.excel.hardening import PROJECT, harden, version_of
from checker.excel.ovba import BrokenSourceError, Record, compress, decompress, read_dir, write_dir
from checker.excel.ribbon import CALLBACK, custom_ui
from checker.messages import Text, tr

__all__ = ["MODULE", "BuiltAddin", "Interpreters", "Origin", "assemble", "build", "origin_of", "xlwings_folder"]

_TEMPLATE: Final = "quickstart_addin_ribbon.xlam"
_VBA, _RIBBON = "xl/vbaProject.bin", "customUI/customUI.xml"
_SETTINGS, _WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
#: Names in the template, and what they become.
_OLD_MODULE, MODULE = "RibbonMyAddin", "CheckerRibbon"
_OLD_PROJECT, _PROJECT = "MyAddin", "CheckerAddin"
_OLD_SHEET, _SHEET = "_myaddin.conf", f"{PROJECT}.conf"
#: Records of a ``dir`` stream ([MS-OVBA] 2.3.4.2).
_PROJECT_NAME, _MODULE_NAME, _MODULE_OFFSET = 0x0004, 0x0019, 0x0031
_NAME_RECORDS: Final = {0x0019: "ascii", 0x0047: "utf-16-le", 0x001A: "ascii", 0x0032: "utf-16-le"}
#: The first moment that a zip archive can tell.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


class Interpreters(NamedTuple):
    """The Python that the add-in starts, by system. Where none is named: the places that the guide names."""

    windows: str = r"%LOCALAPPDATA%\checker\python\python.exe"
    mac: str = "$HOME/.checker/bin/python3"


class BuiltAddin(NamedTuple):
    path: Path
    sha256: str
    xlwings_version: str


def build(target: Path, *, interpreter_windows: str = "", interpreter_mac: str = "") -> BuiltAddin:
    """Write the add-in to ``target``, whole or not at all. Raises ``CheckerError``."""
    default = Interpreters()
    interpreters = Interpreters(interpreter_windows or default.windows, interpreter_mac or default.mac)
    content, version = assemble(interpreters)
    write_whole(target, content)
    return BuiltAddin(target, hashlib.sha256(content).hexdigest(), version)


class Origin(Enum):
    """Whose an add-in is: made by some version of this program, made by it and signed by somebody since, or foreign."""

    OURS, SIGNED, FOREIGN = range(3)


def origin_of(content: bytes) -> Origin:
    """Whose the add-in ``content`` is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if CALLBACK.encode() not in archive.read(_RIBBON):
                return Origin.FOREIGN
            return Origin.SIGNED if any("signature" in name.lower() for name in archive.namelist()) else Origin.OURS
    except (KeyError, zipfile.BadZipFile):
        return Origin.FOREIGN


def xlwings_folder() -> Path:
    """Where xlwings is installed; it is not imported. Raises ``CheckerError``."""
    found = find_spec("xlwings")
    if found is None or not found.submodule_search_locations:
        raise CheckerError(
            "XLWINGS_MISSING",
            tr("The library xlwings is not installed in this Python."),
            tr('Unpack the program folder anew, or install it: pip install "jixiao-checker[excel]".'),
        )
    return Path(found.submodule_search_locations[0])


def assemble(interpreters: Interpreters, folder: Path | None = None) -> tuple[bytes, str]:
    """The add-in, and the version of xlwings it was made from, the one in ``folder`` or the installed one.

    Raises ``CheckerError`` when the template is missing or not as expected.
    """
    template = (folder or xlwings_folder()) / _TEMPLATE
    try:
        with zipfile.ZipFile(template) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        project = read_compound(parts[_VBA])
        parts[_VBA], version = _project(project)
        parts[_RIBBON] = custom_ui()
        parts[_SETTINGS] = _settings(parts[_SETTINGS].decode(), interpreters).encode()
        parts[_WORKBOOK] = _once(parts[_WORKBOOK].decode(), f'"{_OLD_SHEET}"', f'"{_SHEET}"').encode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, DamagedError, BrokenSourceError) as error:
        raise CheckerError(
            "TEMPLATE_UNUSABLE",
            tr("The add-in was not made: the template of xlwings cannot be used ({reason}).", reason=error),
            tr('Install xlwings anew: pip install --force-reinstall "xlwings>=0.31.10,<1".'),
            str(template),
        ) from error
    return _archive(parts), version


def _archive(parts: dict[str, bytes]) -> bytes:
    """Stored, not deflated: deflating gives other bytes with another zlib."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 0
            archive.writestr(entry, content)
    return file.getvalue()


def _project(project: Storage) -> tuple[bytes, str]:
    """The VBA project with our module and the hardened one, and the version of xlwings."""
    modules = project["VBA"]
    if isinstance(modules, bytes):
        raise DamagedError("VBA")
    records = read_dir(decompress(_stream(modules, "dir")))
    offset = next(
        int.from_bytes(record.content, "little")
        for name, record in _by_module(records)
        if name == "xlwings" and record.id == _MODULE_OFFSET
    )
    text = decompress(_stream(modules, "xlwings")[offset:]).decode("ascii").replace("\r\n", "\n")
    hardened = harden(text)
    ours = (Path(__file__).parent / f"{MODULE}.bas").read_text(encoding="ascii")
    changed = {
        **{name: content for name, content in modules.items() if name != _OLD_MODULE},
        "dir": compress(write_dir(_renamed(record, name) for name, record in _by_module(records))),
        "xlwings": compress(_source(hardened)),
        MODULE: compress(_source(ours)),
    }
    if len(changed) != len(modules):
        raise DamagedError(_OLD_MODULE)
    streams = {
        **project,
        "VBA": changed,
        "PROJECT": _listing(_stream(project, "PROJECT").decode("ascii")).encode("ascii"),
        "PROJECTwm": _names(_stream(project, "PROJECTwm")),
    }
    return write_compound(streams), version_of(text)


def _stream(storage: Storage, name: str) -> bytes:
    content = storage[name]
    if not isinstance(content, bytes):
        raise DamagedError(name)
    return content


def _source(text: str) -> bytes:
    return "\r\n".join([*text.splitlines(), ""]).encode("ascii")


def _by_module(records: Iterable[Record]) -> Iterable[tuple[str, Record]]:
    """Each record with the name of the module it is about, or nothing before the first."""
    name = ""
    for record in records:
        if record.id == _MODULE_NAME:
            name = record.content.decode("ascii")
        yield name, record


def _renamed(record: Record, module: str) -> Record:
    """The record as it must be for our names, and for streams that hold nothing but source."""
    if record.id == _PROJECT_NAME:
        return Record(record.id, _PROJECT.encode("ascii"))
    if module == _OLD_MODULE and record.id in _NAME_RECORDS:
        return Record(record.id, MODULE.encode(_NAME_RECORDS[record.id]))
    if module in (_OLD_MODULE, "xlwings") and record.id == _MODULE_OFFSET:
        return Record(record.id, pack("<I", 0))
    return record


def _listing(text: str) -> str:
    """The stream ``PROJECT``, a text that lists the modules."""
    text = _once(text, f'Name="{_OLD_PROJECT}"', f'Name="{_PROJECT}"')
    text = _once(text, f"Module={_OLD_MODULE}\r\n", f"Module={MODULE}\r\n")
    return _once(text, f"\r\n{_OLD_MODULE}=", f"\r\n{MODULE}=")


def _names(content: bytes) -> bytes:
    """The stream ``PROJECTwm``: each name twice, in the code page and in UTF-16."""

    def both(name: str) -> bytes:
        return name.encode("ascii") + b"\0" + name.encode("utf-16-le") + b"\0\0"

    return _once(content.decode("latin-1"), both(_OLD_MODULE).decode("latin-1"), both(MODULE).decode("latin-1")).encode(
        "latin-1"
    )


def _settings(sheet: str, interpreters: Interpreters) -> str:
    """The sheet that the VBA modules read their settings and messages from; nothing else is asked for them."""
    rows = _rows(interpreters)
    lines = (
        f'<row r="{number}">{_cell(f"A{number}", name)}{_cell(f"B{number}", value)}</row>'
        for number, (name, value) in enumerate(rows, 1)
    )
    for pattern, text in (
        (r"<sheetData>.*</sheetData>", f"<sheetData>{''.join(lines)}</sheetData>"),
        (r'<dimension ref="[A-Z0-9:]+" ?/>', f'<dimension ref="A1:B{len(rows)}"/>'),
    ):
        sheet = _once(sheet, found.group() if (found := re.search(pattern, sheet, re.DOTALL)) else pattern, text)
    return sheet


def _rows(interpreters: Interpreters) -> tuple[tuple[str, str | bool | Text], ...]:
    return (
        ("Interpreter_Win", interpreters.windows),
        ("Interpreter_Mac", interpreters.mac),
        # The word, not the truth value: VBA would write that in the language of the machine.
        ("ADD_WORKBOOK_TO_PYTHONPATH", "false"),
        ("PYTHONPATH", ""),
        ("Conda Path", ""),
        ("Conda Env", ""),
        ("Use UDF Server", False),
        ("Show Console", False),
        ("MESSAGE_TITLE", tr("Performance check")),
        ("MESSAGE_STARTING", tr("Starting to check…")),
        ("MESSAGE_NO_WORKBOOK", tr("Open the workbook first, then press the button again.")),
        (
            "MESSAGE_PROTECTED_VIEW",
            tr('The workbook is in protected view: press "Enable Editing" above the sheet, then the button again.'),
        ),
        (
            "MESSAGE_FILE_NAME",
            tr('The name of the file has characters that cannot be used here: rename it without % $ ` " \\ | first.'),
        ),
        (
            "MESSAGE_NO_PYTHON",
            tr("The Python of this add-in is no longer in its place: put the folder back, or install again."),
        ),
        (
            "MESSAGE_NOT_STARTED",
            tr(
                "Excel could not start the checking program, probably because security software forbids it: ask IT to"
                " allow it, or use the shortcut, which needs no macros. On macOS, install again."
            ),
        ),
        (
            "MESSAGE_PYTHON_FAILED",
            tr("The checking program did not get to its end: install again; if that does not help, send IT this file."),
        ),
        ("MESSAGE_LOG", tr("Log file: ")),
    )


def _cell(name: str, value: str | bool | Text) -> str:
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    words = value.render("zh") if isinstance(value, Text) else value
    if not words:
        return ""
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(words)}</t></is></c>'


def _once(text: str, old: str, new: str) -> str:
    """``text`` with ``old``, which must stand in it exactly once, replaced. Raises ``ValueError``."""
    if text.count(old) != 1:
        raise ValueError(old.strip("\r\n\0"))
    return text.replace(old, new)
