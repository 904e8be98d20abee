"""Every reason for which a workbook is not read: its code, what is wrong, and what to do about it."""

from __future__ import annotations

from functools import cache

from checker.errors import ReadError
from checker.messages import Text, tr

__all__ = ["refusals", "refuse"]


def refuse(code: str, where: str, **parameters: object) -> ReadError:
    """The error for ``code`` at ``where`` (``file`` or ``file!sheet!cell``), to be raised by the caller."""
    message, hint = refusals()[code]
    return ReadError(code, message.fill(**parameters), hint, where)


@cache
def refusals() -> dict[str, tuple[Text, Text]]:
    """Code → what is wrong, what to do. A code never changes its meaning."""
    save_as = tr("Open it in Excel or WPS, save it as an Excel workbook (.xlsx) and check that file.")
    send_again = tr("Get the file again from where it came from, or open it in Excel or WPS and save it as .xlsx.")
    suspect = tr("No program writes such a file by itself. Ask the sender for a new one saved as .xlsx.")
    shrink = tr("Delete unused rows, columns, sheets and formats, save it as .xlsx, and check that file.")
    return {
        # The file
        "FILE_MISSING": (tr("There is no such file."), tr("Check the path.")),
        "NOT_A_FILE": (tr("This is not a file."), tr("Name a workbook.")),
        "FILE_UNREADABLE": (
            tr("The file cannot be opened: {reason}."),
            tr("Close it in other programs and check your rights to it."),
        ),
        "FILE_TOO_LARGE": (tr("The file is larger than {limit} MiB."), shrink),
        "FILE_EMPTY": (tr("The file is empty."), send_again),
        "FILE_TRUNCATED": (tr("The end of the file is missing."), send_again),
        "LOCK_FILE": (
            tr("This is the mark that Excel or WPS leaves while a workbook is open, not the workbook."),
            tr("Check the file of the same name without the leading ~$."),
        ),
        "APPLE_DOUBLE": (
            tr("This is a side file (._*) of macOS, not the workbook."),
            tr("Check the file of the same name without the leading ._."),
        ),
        "ENCRYPTED": (
            tr("The workbook is protected by a password."),
            tr("Open it in Excel or WPS, remove the password, save it as .xlsx and check that file."),
        ),
        # Other formats
        "FORMAT_XLSB": (tr("This is a binary workbook (.xlsb)."), save_as),
        "FORMAT_ODS": (tr("This is an OpenDocument spreadsheet (.ods)."), save_as),
        "FORMAT_OLD_XLS": (tr("This is a workbook of Excel 4 or older."), save_as),
        "FORMAT_HTML": (tr("This is a web page named like a workbook."), save_as),
        "FORMAT_MHTML": (tr("This is a saved web page (.mht) named like a workbook."), save_as),
        "FORMAT_XML_2003": (tr("This is an XML spreadsheet of Excel 2003."), save_as),
        "FORMAT_XML": (tr("This is an XML file, not a workbook."), save_as),
        "FORMAT_TEXT": (tr("This is a text file (such as .csv), not a workbook."), save_as),
        "FORMAT_PDF": (
            tr("This is a PDF."),
            tr("Check the workbook that the PDF was made from, saved as .xlsx."),
        ),
        "FORMAT_OFFICE": (
            tr("This is another kind of Office document, not a workbook."),
            tr("Copy its tables into a workbook, save it as .xlsx and check that file."),
        ),
        "FORMAT_ARCHIVE": (
            tr("This is an archive, not a workbook."),
            tr("Unpack it and check the .xlsx files in it."),
        ),
        "FORMAT_UNKNOWN": (tr("This is not a workbook that can be recognised."), save_as),
        # The archive
        "ZIP_DAMAGED": (tr("The package of the workbook is damaged ({part})."), send_again),
        "ZIP_DUPLICATE": (tr("The package holds the part {part} twice."), suspect),
        "ZIP_UNSAFE_NAME": (tr("The package holds a part with the unsafe name {part}."), suspect),
        "ZIP_METHOD": (tr("The part {part} is compressed by a method that workbooks do not use."), save_as),
        "ZIP_TOO_MANY_ENTRIES": (tr("The package holds more than {limit} parts."), suspect),
        "ZIP_TOO_LARGE": (tr("Unpacked, the workbook is larger than {limit} MiB."), shrink),
        "ZIP_RATIO": (tr("The part {part} grows more than {limit} times when unpacked."), suspect),
        # Markup
        "XML_DAMAGED": (tr("The part {part} is damaged: {reason}."), send_again),
        "XML_DTD": (tr("The part {part} declares a document type, which workbooks must not do."), suspect),
        "XML_TOO_DEEP": (tr("The part {part} is nested more than {limit} levels deep."), suspect),
        "XML_TAG_TOO_LONG": (tr("The part {part} has a tag longer than {limit} MiB."), suspect),
        "XML_TOO_MANY_NAMES": (tr("The part {part} uses more than {limit} different names."), suspect),
        # Parts
        "PART_MISSING": (tr("The part {part} is missing."), send_again),
        "PART_WRONG": (tr("The part {part} is not what it should be."), save_as),
        "PART_TOO_LARGE": (tr("The part {part} is larger than {limit} MiB."), shrink),
        "NO_SHEETS": (tr("The workbook has no sheets."), send_again),
        "TOO_MANY_SHEETS": (tr("The workbook has more than {limit} sheets."), shrink),
        "SHEET_TWICE": (tr("Two sheets have the name {name}."), save_as),
        "TOO_MANY_TEXTS": (tr("The workbook holds more than {limit} texts."), shrink),
        "TEXT_TOO_LONG": (tr("A text is longer than {limit} characters."), shrink),
        # Cells
        "SHEET_TOO_LARGE": (
            tr("The sheets are too large to be held in memory (more than {limit} MiB)."),
            shrink,
        ),
        "TOO_MANY_CELLS": (tr("The workbook has too many filled cells and texts."), shrink),
        "TOO_MANY_MERGES": (tr("The sheet has more than {limit} merged ranges."), shrink),
        "BAD_REFERENCE": (tr("{reference} is not the place of a cell."), save_as),
        "OUTSIDE_GRID": (tr("{reference} lies outside the grid of a sheet."), save_as),
        "CELL_IN_WRONG_ROW": (tr("The cell {reference} is stored in row {row}."), save_as),
        "CELL_TWICE": (tr("Row {row} holds a cell twice."), save_as),
        "ROWS_OUT_OF_ORDER": (tr("Row {row} comes after a later one."), save_as),
        "COLUMNS_DAMAGED": (tr("The widths of the columns are damaged."), save_as),
        "TEXT_MISSING": (tr("The cell refers to text number {number}, which does not exist."), save_as),
        "STYLE_DAMAGED": (tr("The style of the cell is damaged."), save_as),
        "FORMULA_TOO_LONG": (tr("A formula is longer than {limit} characters."), suspect),
        "TOO_MANY_FORMULAS": (tr("The sheet has too many shared formulas to be read safely."), shrink),
        "TOO_MANY_ARRAYS": (
            tr("The array formulas of the sheet reach over more than {limit} columns."),
            suspect,
        ),
        "ALTERNATE_CELLS": (tr("The sheet stores cells in two versions."), save_as),
        "SHEET_DAMAGED": (tr("The sheet holds its cells twice."), save_as),
        # .xls
        "XLS_DAMAGED": (tr("The .xls file is damaged ({reason})."), save_as),
        "XLS_TOO_LARGE": (tr("The .xls file is too large to be read safely."), save_as),
    }
