"""The last touch on a written package: what each formula shows, and nothing that changes from run to run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from checker.model.workbook import CellKind, address
from checker.templates.drawing import Drawing, Placed

__all__ = ["finish"]

_FORMULA_CELL: Final = re.compile(
    r'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)(?: t="[a-z]+")?><f>([^<]*)</f><v ?(?:/>|></v>)</c>'
)
_STAMP: Final = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_DATE: Final = "2020-01-01T00:00:00Z"
_TYPES: Final = {
    CellKind.NUMBER: "",
    CellKind.TEXT: ' t="str"',
    CellKind.BOOLEAN: ' t="b"',
    CellKind.ERROR: ' t="e"',
}


def finish(path: str, drawings: Sequence[Drawing]) -> None:
    """Put the shown values beside the formulas of each sheet, in order, and fix every date in the package.

    openpyxl writes formulas without values, which tells every reader that nobody calculated them."""
    source = Path(path)
    with zipfile.ZipFile(source) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    for number, drawing in enumerate(drawings, start=1):
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = _with_values(parts[name].decode(), drawing).encode()
    core = "docProps/core.xml"
    parts[core] = _STAMP.sub(rf"\g<1>{_DATE}", parts[core].decode()).encode()
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)  # its date is the first that a zip can tell
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, data)


def _with_values(xml: str, drawing: Drawing) -> str:
    formulas: Mapping[str, Placed] = {
        address(*position): cell for position, cell in drawing.cells.items() if cell.formula is not None
    }

    def value(match: re.Match[str]) -> str:
        cell = formulas[match[1]]
        if cell.kind not in _TYPES:
            return f'<c r="{match[1]}"{match[2]}><f>{match[3]}</f></c>'
        shown = cell.raw
        if cell.kind == CellKind.BOOLEAN:
            shown = "1" if shown == "TRUE" else "0"
        return (
            f'<c r="{match[1]}"{match[2]}{_TYPES[cell.kind]}><f>{match[3]}</f><v>{escape(shown, quote=False)}</v></c>'
        )

    patched, count = _FORMULA_CELL.subn(value, xml)
    if count != len(formulas):
        raise RuntimeError(f"{len(formulas)} formulas drawn, {count} found in the file")
    return patched
