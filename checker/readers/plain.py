"""Rows and texts as nearly every program writes them, each read by one regular expression.

A row is plain if it is nothing but cells, each with a reference, perhaps a style and a type, and a value, a formula
with its value or a text of its own, with no comment, line break or markup besides. Such a row is well-formed by
construction and says here what it says to expat, in a third of the time. All else is left to expat.
"""

from __future__ import annotations

import re
from typing import Final

from checker.model.workbook import Cell, CellKind
from checker.readers.escapes import unescape
from checker.readers.grid import LETTERS
from checker.readers.plain_row import plain_row
from checker.readers.refusals import refuse
from checker.readers.rows import RowKeeper

__all__ = ["read_plain_rows", "read_plain_texts"]

_TEXT: Final = r"[^<&\x00-\x1f]*(?:&(?:lt|gt|amp|quot|apos);[^<&\x00-\x1f]*)*"
_ATTRIBUTES: Final = r'(?: [A-Za-z0-9]{1,20}="[^"<>&\x00-\x1f]*")*'
_ROW: Final = re.compile(r'[ \t\r\n]*<row r="([0-9]{1,7})"((?: (?!r=)[A-Za-z0-9:]{1,40}="[^"<>&\x00-\x1f]*")*) ?(/?)>')
_HIDDEN: Final = re.compile(r' hidden="(?:1|true)"')
_ATTRIBUTE: Final = re.compile(r' ([A-Za-z0-9]+)="([^"]*)"')
#: Splits a row into what stands between the cells, which must be nothing, and the groups of each cell: reference,
#: style, type, attributes and text of the formula, value if it is a usual number, any other value, text.
_CELL: Final = re.compile(
    r'<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,6})")?(?: t="([A-Za-z]{1,9})")?'
    rf"(?:/|>(?:<f({_ATTRIBUTES})(?:/|>({_TEXT})</f)>)?<v>(?:(-?[0-9]{{1,15}}(?:\.[0-9]{{1,17}})?)|({_TEXT}))</v></c"
    rf'|><is><t(?: xml:space="preserve")?>({_TEXT})</t></is></c)>'
)
_STEP: Final = _CELL.groups + 1
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_SHARED_TEXT: Final = re.compile(rf'[ \t\r\n]*<si><t(?: xml:space="preserve")?>({_TEXT})</t>')


def read_plain_texts(texts: list[str], pieces: list[str], start: int) -> int:
    """Add the shared texts in ``pieces`` (``<si>…`` without its end tag) to ``texts``, from ``start`` to the first
    that is not plain. Gives the index of that one."""
    for number in range(start, len(pieces)):
        match = _SHARED_TEXT.fullmatch(pieces[number])
        if match is None:
            return number
        text = match[1]
        texts.append(unescape(_resolve(text)) if "&" in text or "_" in text else text)
    return len(pieces)


def read_plain_rows(rows: RowKeeper, pieces: list[str], start: int) -> int:
    """Read the rows in ``pieces`` (``<row …>…`` without its end tag, perhaps after empty rows), from ``start`` to the
    first that is not plain. Gives the index of that one. Raises ``ReadError``."""
    for number in range(start, len(pieces)):
        if not _read_row(rows, pieces[number]):
            return number
    return len(pieces)


def _read_row(rows: RowKeeper, piece: str) -> bool:
    """Read a row, or leave it alone and say False."""
    header = _ROW.match(piece)
    if header is None:
        return False
    headers = [header]
    while header[3]:
        header = _ROW.match(piece, header.end())
        if header is None:
            return False
        headers.append(header)
    content = piece[header.end() :]
    plain = plain_row(content, header[1], rows.texts)
    parts = _CELL.split(content) if plain is None else []
    if any(parts[::_STEP]):
        return False
    for header in headers:
        number = rows.next_row(header[1])
        if header[2] and _HIDDEN.search(header[2]):
            rows.hidden.add(number)
    if plain is not None:
        rows.finish_plain(number, plain)
    elif len(parts) > 1:
        _read_cells(rows, number, parts)
    return True


def _read_cells(rows: RowKeeper, row_number: int, parts: list[str]) -> None:
    row = rows.cells(row_number)
    texts, styles, letters, suffix = rows.texts, rows.styles, LETTERS, str(row_number)
    text_count, new, cell_type = len(texts), tuple.__new__, Cell
    number_kind, text_kind = CellKind.NUMBER, CellKind.TEXT
    ascending = True
    filled = len(row)
    column = 0
    groups = iter(parts)
    next(groups)
    for reference, style, kind, attributes, formula, number, value, text, _ in zip(*[groups] * _STEP, strict=True):
        column += 1
        if number is None and value is None:
            if text is None:
                continue
            kind, value = "inlineStr", text
        try:
            expected = reference == letters[column] + suffix
        except IndexError:
            expected = False
        if not expected:
            found = rows.column(reference, row_number)
            ascending = ascending and found >= column
            column = found
        if attributes is not None:
            formula = _resolve(formula).strip() if formula else ""
            if attributes or not formula:
                given = dict(_ATTRIBUTE.findall(attributes))
                formula = rows.special_formula(given, formula, row_number, column)
        if number is not None and (kind is None or kind == "n"):
            row[column] = new(cell_type, (number_kind, number, formula, styles[style]))
            filled += 1
        elif number is not None and kind == "s" and number.isdigit() and int(number) < text_count:
            row[column] = new(cell_type, (text_kind, texts[int(number)], formula, styles[style]))
            filled += 1
        else:
            value = _resolve(value or "") if number is None else number
            content = rows.content(kind or "n", value, formula is not None, row_number, column)
            if content is not None:
                row[column] = Cell(*content, formula, styles[style])
                filled += 1
    if filled != len(row):
        raise refuse("CELL_TWICE", rows.place, row=row_number)
    if row:
        rows.finish(row_number, row if ascending else dict(sorted(row.items())))


def _resolve(text: str) -> str:
    """``text`` with the entities of XML in place."""
    if "&" not in text:
        return text
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
