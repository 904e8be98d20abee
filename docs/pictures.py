"""Make the pictures of this folder anew: a published workbook is checked in a double of Excel over headless LibreOffice
and shown as it is then.

    python docs/pictures.py

Needs LibreOffice with its Python module, Noto CJK fonts and pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "excel"))
SAMPLE = ROOT / "workbooks" / "gd-department-2021" / "published" / "湛江市科协2021.xlsx"
PICTURES = ROOT / "docs" / "pictures"
#: Around a picture, in hundredths of a millimetre; its width in pixels.
MARGIN, WIDTH = 400, 1300


def main() -> None:
    import fakewin
    import uno_com

    fakewin.windows()
    from checker.excel.entry import main as press
    from checker.excel.own import own_titles

    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = folder / SAMPLE.name
        shutil.copy(SAMPLE, copy)
        with uno_com.office(folder) as desktop:
            application = uno_com.excel(desktop, copy)
            store: Any = application.books[0].store
            with fakewin.serve(application):
                press("score", fakewin.command_line(copy.name))
                press("check", fakewin.command_line(copy.name))
            results, scores = own_titles()
            marked = max(store.names(), key=lambda sheet: len(store.notes(sheet)))
            _show_note(store, marked)
            _leave_out(store, results)
            for picture, sheet, rows in (("marked", marked, 26), ("results", results, 40), ("scores", scores, 26)):
                _draw(store, sheet, rows, folder / f"{picture}.pdf", PICTURES / picture)


def _show_note(store: Any, sheet: str) -> None:
    """Open the first note, as pointing at it does."""
    row, column = sorted(store.notes(sheet))[3]
    store._sheet(sheet).getCellByPosition(column - 1, row - 1).getAnnotation().setIsVisible(True)


def _leave_out(store: Any, results: str) -> None:
    """Hide what follows from other findings, but for the first of each: a list of all is no picture."""
    for row, (number, *_) in enumerate(store.values(results, store.used(results)), 1):
        if "." in str(number or "") and not str(number).endswith(".1"):
            store.hide(results, True, row, row, True)


def _draw(store: Any, sheet: str, rows: int, pdf: Path, picture: Path) -> None:
    import uno_com
    from com_model import Area

    used = store.used(sheet)
    shown = store._area(sheet, Area(1, 1, min(rows, used.bottom), used.right))
    area, size = shown.RangeAddress, shown.Size
    for other in store.names():
        store._sheet(other).setPrintAreas((area,) if other == sheet else ())
        store._sheet(other).IsVisible = other == sheet
    page = store.document.StyleFamilies.getByName("PageStyles").getByName(store._sheet(sheet).PageStyle)
    page.IsLandscape = True
    page.Width, page.Height = size.Width + 2 * MARGIN, size.Height + 2 * MARGIN
    page.ScaleToPagesX, page.ScaleToPagesY = 1, 1
    page.HeaderIsOn = page.FooterIsOn = False
    for side in ("LeftMargin", "RightMargin", "TopMargin", "BottomMargin"):
        setattr(page, side, MARGIN)
    uno = uno_com._uno()
    settings = (uno_com._property("ExportNotes", False), uno_com._property("PageRange", "1"))
    options = uno.Any("[]com.sun.star.beans.PropertyValue", settings)
    wanted = (uno_com._property("FilterName", "calc_pdf_Export"), uno_com._property("FilterData", options))
    store.document.storeToURL(pdf.as_uri(), wanted)
    command = [
        "pdftoppm",
        "-scale-to-x",
        str(WIDTH),
        "-scale-to-y",
        "-1",
        "-png",
        "-singlefile",
        str(pdf),
        str(picture),
    ]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
