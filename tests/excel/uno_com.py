"""A workbook kept by headless LibreOffice: it calculates, keeps notes and writes files itself.

Two things it cannot be asked: very hidden sheets (it knows hidden ones only) are remembered here, and merged areas are
read from the file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from com_model import NONE, SOLID, Application, Area, Look

from checker.readers import open_workbook

PACKAGES = "/usr/lib/python3/dist-packages"
_ERRORS = {532: -2146826281, 524: -2146826265, 525: -2146826259, 519: -2146826273, 503: -2146826252, 32767: -2146826246}
_EVERYTHING, _ANNOTATION = 1023, 8


def available() -> bool:
    """Whether LibreOffice and its Python module are on this machine."""
    return shutil.which("soffice") is not None and _uno() is not None


def _uno() -> Any:
    if os.path.isdir(PACKAGES) and PACKAGES not in sys.path:  # noqa: PTH112
        sys.path.append(PACKAGES)
    try:
        import uno
    except ImportError:
        return None
    return uno


@contextmanager
def office(folder: Path, pipe: str = "") -> Iterator[Any]:
    """A desktop of a LibreOffice of its own, with its profile in ``folder``; ``reach`` finds it by its ``pipe``."""
    name = pipe or f"checker-{os.getpid()}-{time.monotonic_ns()}"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    base = ["soffice", profile, "--headless", "--norestore", "--nologo", "--nodefault"]
    subprocess.run([*base, "--terminate_after_init"], check=False, capture_output=True, timeout=120)
    process = subprocess.Popen(
        [*base, f"--accept=pipe,name={name};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    desktop = None
    try:
        desktop = reach(name)
        yield desktop
    finally:
        try:
            if desktop is not None:
                desktop.terminate()
            process.wait(20)
        except Exception:
            process.terminate()
            process.wait(20)


def reach(pipe: str) -> Any:
    """The desktop of the LibreOffice that listens at ``pipe``."""
    local = _uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(300):
        try:
            context = resolver.resolve(address)
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.1)
    raise TimeoutError("LibreOffice does not answer")


def excel(desktop: Any, path: Path) -> Application:
    """A running program that has opened ``path``, a file of its own; it may be open already."""
    url = path.as_uri()
    components = desktop.Components.createEnumeration()
    found = None
    while components.hasMoreElements():
        one = components.nextElement()
        found = one if getattr(one, "URL", "") == url else found
    return Application(UnoStore(desktop, path, found), new=lambda: UnoStore(desktop, None))


def _property(name: str, value: Any) -> Any:
    one = _uno().createUnoStruct("com.sun.star.beans.PropertyValue")
    one.Name, one.Value = name, value
    return one


class UnoStore:
    structure_protected = False

    def __init__(self, desktop: Any, path: Path | None, document: Any = None) -> None:
        """``document`` is one that is open already."""
        self.name = path.name if path else "Untitled 1"
        self.full_name = str(path) if path else self.name
        url = path.as_uri() if path else "private:factory/scalc"
        self.document = document or desktop.loadComponentFromURL(url, "_blank", 0, (_property("Hidden", True),))
        assert self.document is not None, f"{path} is not opened"
        self.date1904 = self.document.NullDate.Year == 1904
        self.very_hidden: set[str] = set()
        self._known: dict[str, Any] = {}
        self._merges: dict[str, list[Area]] = {}
        if path:
            book = open_workbook(path)
            self._merges = {sheet.name: [Area(*merge) for merge in sheet.merges] for sheet in book.sheets}
            self.very_hidden = {sheet.name for sheet in book.sheets if sheet.state == "very_hidden"}

    def close(self) -> None:
        self.document.close(True)

    @property
    def sheets(self) -> Any:
        return self.document.Sheets

    def _sheet(self, name: str) -> Any:
        """Kept, since every question to LibreOffice costs a way there and back."""
        if name not in self._known:
            self._known[name] = self.sheets.getByName(name)
        return self._known[name]

    def _area(self, sheet: str, area: Area) -> Any:
        return self._sheet(sheet).getCellRangeByPosition(area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)

    def names(self) -> list[str]:
        return list(self.sheets.ElementNames)

    def add(self, index: int) -> None:
        self.sheets.insertNewByName(f"Sheet{self.sheets.Count + 100}", index)

    def move(self, index: int, to: int) -> None:
        self.sheets.moveByName(self.names()[index], to)

    def delete(self, index: int) -> None:
        self._known.clear()
        self.sheets.removeByName(self.names()[index])

    def rename(self, index: int, name: str) -> None:
        self._known.clear()
        self.sheets.getByIndex(index).Name = name

    def save_copy(self, path: str) -> None:
        self.document.storeToURL(Path(path).as_uri(), (_property("FilterName", "Calc MS Excel 2007 XML"),))

    def state(self, sheet: str) -> int:
        return 2 if sheet in self.very_hidden else -1 if self._sheet(sheet).IsVisible else 0

    def set_state(self, sheet: str, state: int) -> None:
        self._sheet(sheet).IsVisible = state == -1
        (self.very_hidden.add if state == 2 else self.very_hidden.discard)(sheet)

    def protected(self, sheet: str) -> bool:
        return bool(self._sheet(sheet).isProtected())

    def used(self, sheet: str) -> Area:
        cursor = self._sheet(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        place = cursor.RangeAddress
        return Area(1, 1, place.EndRow + 1, place.EndColumn + 1)

    def values(self, sheet: str, area: Area) -> list[list[Any]]:
        asked = self._area(sheet, area)
        rows = [[None if value == "" else value for value in row] for row in asked.getDataArray()]
        for cell in self._errors(asked):
            place = cell.CellAddress
            rows[place.Row + 1 - area.top][place.Column + 1 - area.left] = _ERRORS.get(cell.getError(), -2146826246)
        return rows

    def _errors(self, area: Any) -> Iterator[Any]:
        cells = area.queryFormulaCells(4).Cells.createEnumeration()
        while cells.hasMoreElements():
            yield cells.nextElement()

    def formulas(self, sheet: str, area: Area) -> list[list[Any]]:
        """Its own spelling has semicolons; that of Excel has commas."""
        rows = self._area(sheet, area).getFormulaArray()
        return [
            [value.replace(";", ",") if value.startswith("=") else value.removeprefix("'") for value in row]
            for row in rows
        ]

    def write(self, sheet: str, area: Area, rows: list[list[Any]]) -> None:
        target, text = self._area(sheet, area), self._format("@")
        formulas = [
            (target.getCellByPosition(column, row_number), value)
            for row_number, row in enumerate(rows)
            for column, value in enumerate(row)
            if isinstance(value, str) and value.startswith("=")
        ]
        # Before the block is written: LibreOffice makes text cells of those that get a text like a formula.
        formulas = [(cell, value) for cell, value in formulas if cell.NumberFormat != text]
        target.setDataArray(tuple(tuple("" if value is None else value for value in row) for row in rows))
        for cell, value in formulas:
            cell.NumberFormat = 0
            cell.setFormula(value.replace('","', '";"'))

    def clear(self, sheet: str) -> None:
        self._sheet(sheet).clearContents(_EVERYTHING)
        self._merges.pop(sheet, None)

    def _format(self, code: str) -> int:
        if code == "General":
            return 0
        formats, locale = self.document.NumberFormats, _uno().createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(code, locale, False)
        return int(key if key != -1 else formats.addNew(code, locale))

    def number_format(self, sheet: str, area: Area) -> str | None:
        """A mixture has to be computed: asked for it, LibreOffice gives the format of the first cell."""
        ranges = self._area(sheet, area).getCellFormatRanges().createEnumeration()
        codes = set()
        while ranges.hasMoreElements():
            key = ranges.nextElement().NumberFormat
            codes.add(self.document.NumberFormats.getByKey(key).FormatString)
        return str(codes.pop()) if len(codes) == 1 else None

    def set_number_format(self, sheet: str, area: Area, code: str) -> None:
        self._area(sheet, area).NumberFormat = self._format(code)

    def merges(self, sheet: str) -> list[Area]:
        return self._merges.get(sheet, [])

    def look(self, sheet: str, row: int, column: int) -> Look:
        colour = self._sheet(sheet).getCellByPosition(column - 1, row - 1).CellBackColor
        return Look() if colour == -1 else Look(SOLID, _turned(colour))

    def set_look(self, sheet: str, area: Area, look: Look) -> None:
        self._area(sheet, area).CellBackColor = -1 if look.pattern == NONE else _turned(look.colour)

    def notes(self, sheet: str) -> dict[tuple[int, int], str]:
        found = self._sheet(sheet).Annotations
        notes = [found.getByIndex(number) for number in range(found.Count)]
        return {(note.Position.Row + 1, note.Position.Column + 1): note.getString() for note in notes}

    def note(self, sheet: str, row: int, column: int) -> str | None:
        note = self._sheet(sheet).getCellByPosition(column - 1, row - 1).getAnnotation()
        return None if note is None or not note.getString() else str(note.getString())

    def set_note(self, sheet: str, row: int, column: int, text: str | None) -> None:
        cell = self._sheet(sheet).getCellByPosition(column - 1, row - 1)
        if self.note(sheet, row, column) is not None:
            cell.clearContents(_ANNOTATION)
        if text is not None:
            self._sheet(sheet).Annotations.insertNew(cell.CellAddress, text)

    def splice_note(self, sheet: str, row: int, column: int, start: int, length: int, text: str) -> None:
        note = self._sheet(sheet).getCellByPosition(column - 1, row - 1).getAnnotation()
        cursor = note.createTextCursor()
        cursor.gotoStart(False)
        cursor.goRight(start, False)
        cursor.goRight(length, True)
        if length:
            cursor.setString(text)
        else:
            note.insertString(cursor, text, False)

    def size_note(self, sheet: str, row: int, column: int, width: int | None, height: int | None) -> None:
        shape = self._sheet(sheet).getCellByPosition(column - 1, row - 1).getAnnotation().AnnotationShape
        size = shape.Size
        size.Width, size.Height = (
            round(one / 72 * 2540) if one else old for one, old in ((width, size.Width), (height, size.Height))
        )
        shape.setSize(size)

    def hidden(self, sheet: str, rows: bool) -> set[int]:
        used = self.used(sheet)
        of = self._sheet(sheet)
        lines, last = (of.Rows, used.bottom) if rows else (of.Columns, used.right)
        return {number for number in range(1, last + 1) if not lines.getByIndex(number - 1).IsVisible}

    def hide(self, sheet: str, rows: bool, first: int, last: int, hidden: bool) -> None:
        of = self._sheet(sheet)
        for number in range(first, last + 1):
            (of.Rows if rows else of.Columns).getByIndex(number - 1).IsVisible = not hidden

    def set_width(self, sheet: str, first: int, last: int, width: float) -> None:
        for number in range(first, last + 1):
            self._sheet(sheet).Columns.getByIndex(number - 1).Width = int(width * 200 + 100)

    def set_style(self, sheet: str, area: Area, name: str, value: Any) -> None:
        uno = _uno()
        target = self._area(sheet, area)
        if name == "WrapText":
            target.IsTextWrapped = bool(value)
        elif name == "HorizontalAlignment":
            where = {-4108: "CENTER", -4152: "RIGHT", -4131: "LEFT"}[value]
            target.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", where)
        elif name == "VerticalAlignment":
            target.VertJustify = {-4160: 1, -4108: 2}[value]
        elif name == "IndentLevel":
            target.HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", "LEFT")
            target.ParaIndent = 300 * value
        elif name == "Font.Bold":
            target.CharWeight = target.CharWeightAsian = 150.0 if value else 100.0
        elif name == "Font.Size":
            target.CharHeight = target.CharHeightAsian = float(value)
        elif name == "Font.Color":
            target.CharColor = _turned(value)
        elif name == "Font.Underline":
            target.CharUnderline = 1
        elif name == "Borders.LineStyle":
            line = uno.createUnoStruct("com.sun.star.table.BorderLine2")
            line.OuterLineWidth, line.Color = 18, 0xBFBFBF
            for side in ("LeftBorder", "RightBorder", "TopBorder", "BottomBorder"):
                setattr(target, side, line)

    def fit_rows(self, sheet: str, first: int, last: int) -> None:
        rows = self._area(sheet, Area(first, 1, last, 1)).Rows
        rows.OptimalHeight = True


def _turned(colour: int) -> int:
    """Red lowest, as Excel has it, from red highest, and back."""
    return int.from_bytes(colour.to_bytes(3, "big"), "little")
