"""Excel's object model as far as it is used here, over a ``Store``: how a workbook is kept.

Blocks come as tuples of rows, one cell as one value; a property that differs within a block is None; rows and columns
count from 1. Names are Excel's.
"""
# ruff: noqa: N802, N803

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from fakewin import WINDOW, Dispatched, refused

from checker.model.workbook import address
from checker.readers.grid import column_number, parse_range

NONE, SOLID = -4142, 1
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Look(NamedTuple):
    """A fill: pattern, colour (red lowest), theme (0: none), tint, colour of the pattern."""

    pattern: int = NONE
    colour: int = 0xFFFFFF
    theme: int = 0
    tint: float = 0.0
    under: int = 0


class Area(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int

    @property
    def single(self) -> bool:
        return (self.top, self.left) == (self.bottom, self.right)


class Store(Protocol):
    """A workbook. Sheets go by number from 0; ``state`` is Excel's: -1, 0 or 2."""

    name: str
    full_name: str
    structure_protected: bool
    date1904: bool

    def names(self) -> list[str]: ...
    def add(self, index: int) -> None: ...
    def move(self, index: int, to: int) -> None: ...
    def delete(self, index: int) -> None: ...
    def rename(self, index: int, name: str) -> None: ...
    def save_copy(self, path: str) -> None: ...
    def state(self, sheet: str) -> int: ...
    def set_state(self, sheet: str, state: int) -> None: ...
    def protected(self, sheet: str) -> bool: ...
    def used(self, sheet: str) -> Area: ...
    def values(self, sheet: str, area: Area) -> list[list[Any]]: ...
    def formulas(self, sheet: str, area: Area) -> list[list[Any]]: ...
    def write(self, sheet: str, area: Area, rows: list[list[Any]]) -> None: ...
    def clear(self, sheet: str) -> None: ...
    def number_format(self, sheet: str, area: Area) -> str | None: ...
    def set_number_format(self, sheet: str, area: Area, code: str) -> None: ...
    def merges(self, sheet: str) -> list[Area]: ...
    def look(self, sheet: str, row: int, column: int) -> Look: ...
    def set_look(self, sheet: str, area: Area, look: Look) -> None: ...
    def notes(self, sheet: str) -> dict[tuple[int, int], str]: ...
    def note(self, sheet: str, row: int, column: int) -> str | None: ...
    def set_note(self, sheet: str, row: int, column: int, text: str | None) -> None: ...
    def splice_note(self, sheet: str, row: int, column: int, start: int, length: int, text: str) -> None: ...
    def size_note(self, sheet: str, row: int, column: int, width: int | None, height: int | None) -> None: ...
    def hidden(self, sheet: str, rows: bool) -> set[int]: ...
    def hide(self, sheet: str, rows: bool, first: int, last: int, hidden: bool) -> None: ...
    def set_width(self, sheet: str, first: int, last: int, width: float) -> None: ...
    def set_style(self, sheet: str, area: Area, name: str, value: Any) -> None: ...
    def fit_rows(self, sheet: str, first: int, last: int) -> None: ...


def _uniform(values: Any) -> Any:
    """The one value, or None for several."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


class Application(Dispatched):
    Hwnd = WINDOW
    Version = "16.0"
    DisplayAlerts = True
    EnableEvents = True
    ScreenUpdating = True
    StatusBar: Any = False

    def __init__(self, *stores: Store, new: Any = None, protected_view: int = 0) -> None:
        self.books = [Workbook(self, store) for store in stores]
        self.new = new
        self.in_front = self.books[0] if self.books else None
        self.selected: Range | None = None
        self.protected_view = protected_view

    @property
    def Application(self) -> Application:
        return self

    @property
    def Workbooks(self) -> Workbooks:
        return Workbooks(self)

    @property
    def ActiveWorkbook(self) -> Workbook | None:
        return self.in_front

    @property
    def Selection(self) -> Range | ChartArea:
        if self.selected is not None:
            return self.selected
        assert self.in_front is not None
        sheet = self.in_front.ActiveSheet
        return ChartArea() if isinstance(sheet, Chart) else sheet.Cells(1, 1)

    @property
    def ProtectedViewWindows(self) -> Any:
        return ProtectedViewWindows(self.protected_view)


class ProtectedViewWindows(Dispatched):
    def __init__(self, count: int) -> None:
        self.count = count

    @property
    def Count(self) -> int:
        return self.count


class Workbooks(Dispatched):
    def __init__(self, app: Application) -> None:
        self.app = app

    @property
    def Application(self) -> Application:
        return self.app

    @property
    def Count(self) -> int:
        return len(self.app.books)

    def __call__(self, key: str | int) -> Workbook:
        for number, book in enumerate(self.app.books, 1):
            if key in (number, book.store.name):
                return book
        raise refused("Subscript out of range")

    def __iter__(self) -> Iterator[Workbook]:
        return iter(self.app.books)

    def Add(self) -> Workbook:
        book = Workbook(self.app, self.app.new())
        self.app.books.append(book)
        return book


class Workbook(Dispatched):
    def __init__(self, app: Application, store: Store) -> None:
        self.app = app
        self.store = store
        self.front = store.names()[0]
        #: Set to make ``SaveCopyAs`` fail.
        self.no_copies: Exception | None = None
        #: By name how many worksheets stand before a sheet that is a chart.
        self.charts: dict[str, int] = {}
        #: The worksheets that are selected together, where several are.
        self.grouped: set[str] = set()
        #: By sheet the rows that its filter hides; none where it has a filter that hides nothing.
        self.filtered: dict[str, set[int]] = {}
        #: Cells with a conversation: (sheet, row, column).
        self.conversations: set[tuple[str, int, int]] = set()

    @property
    def Application(self) -> Application:
        return self.app

    @property
    def Name(self) -> str:
        return self.store.name

    @property
    def FullName(self) -> str:
        return self.store.full_name

    @property
    def Worksheets(self) -> Worksheets:
        return Worksheets(self)

    @property
    def Sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def ActiveSheet(self) -> Worksheet | Chart:
        return Chart(self, self.front) if self.front in self.charts else Worksheet(self, self.front)

    @property
    def ProtectStructure(self) -> bool:
        return self.store.structure_protected

    @property
    def Date1904(self) -> bool:
        return self.store.date1904

    def Activate(self) -> None:
        self.app.in_front = self

    def SaveCopyAs(self, path: str) -> None:
        if self.no_copies is not None:
            raise self.no_copies
        self.store.save_copy(path)


class Worksheets(Dispatched):
    def __init__(self, book: Workbook) -> None:
        self.book = book

    @property
    def Parent(self) -> Workbook:
        return self.book

    @property
    def Count(self) -> int:
        return len(self.book.store.names())

    def __call__(self, key: str | int) -> Worksheet:
        names = self.book.store.names()
        if isinstance(key, int):
            return Worksheet(self.book, names[key - 1])
        for name in names:
            if name.casefold() == key.casefold():
                return Worksheet(self.book, name)
        raise refused("Subscript out of range")

    def __iter__(self) -> Iterator[Worksheet]:
        return iter([Worksheet(self.book, name) for name in self.book.store.names()])

    def Add(self, Before: Any = None) -> Worksheet:
        if self.book.store.structure_protected:
            raise refused("The workbook is protected")
        names = self.book.store.names()
        index = names.index(_inner(Before).key) if Before is not None else 0
        count = max(1, len(self.book.grouped))  # as many as are selected
        for _ in range(count):
            self.book.store.add(index)
        self.book.charts = {
            name: before + count if before > index else before for name, before in self.book.charts.items()
        }
        self.book.grouped.clear()
        name = self.book.store.names()[index]
        self.book.front = name
        return Worksheet(self.book, name)


class Sheets(Worksheets):
    """Chart sheets as well."""

    @property
    def Count(self) -> int:
        return len(self.book.store.names()) + len(self.book.charts)


def _inner(wrapped: Any) -> Any:
    """xlwings hands over its wrapper as it stands; real pywin32 unpacks it by its ``_oleobj_``."""
    return getattr(wrapped, "_inner", wrapped)


class Worksheet(Dispatched):
    def __init__(self, book: Workbook, name: str) -> None:
        self.book = book
        self.key = name

    @property
    def store(self) -> Store:
        return self.book.store

    @property
    def Application(self) -> Application:
        return self.book.app

    @property
    def Parent(self) -> Workbook:
        return self.book

    @property
    def Name(self) -> str:
        return self.key

    @Name.setter
    def Name(self, name: str) -> None:
        if len(name) > 31 or name.casefold() in [other.casefold() for other in self.store.names() if other != self.key]:
            raise refused("That name is taken or not allowed")
        self.store.rename(self.store.names().index(self.key), name)
        if self.book.front == self.key:
            self.book.front = name
        object.__setattr__(self, "key", name)

    @property
    def Index(self) -> int:
        """Among all sheets."""
        index = self.store.names().index(self.key)
        return index + 1 + sum(before <= index for before in self.book.charts.values())

    @property
    def Visible(self) -> int:
        return self.store.state(self.key)

    @Visible.setter
    def Visible(self, state: int) -> None:
        if self.store.structure_protected:
            raise refused("Unable to set the Visible property of the Worksheet class")
        self.store.set_state(self.key, -1 if state is True else int(state))

    @property
    def ProtectContents(self) -> bool:
        return self.store.protected(self.key)

    @property
    def Cells(self) -> Range:
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def UsedRange(self) -> Range:
        return Range(self, self.store.used(self.key))

    @property
    def Comments(self) -> Comments:
        return Comments(Comment(Range(self, Area(*place, *place))) for place in self.store.notes(self.key))

    @property
    def CommentsThreaded(self) -> Comments:
        places = sorted((row, column) for sheet, row, column in self.book.conversations if sheet == self.key)
        return Comments(Comment(Range(self, Area(*place, *place))) for place in places)

    @property
    def AutoFilterMode(self) -> bool:
        return self.key in self.book.filtered

    @AutoFilterMode.setter
    def AutoFilterMode(self, on: bool) -> None:
        assert not on  # nor can Excel be told so
        self.book.filtered.pop(self.key, None)

    @property
    def FilterMode(self) -> bool:
        return bool(self.book.filtered.get(self.key))

    def Range(self, first: Any, second: Any = None) -> Range:
        start = _inner(first)
        if isinstance(start, str):
            if len(start) > 255:
                raise refused("Application-defined or object-defined error")
            return Range(self, *map(_area, start.split(",")))
        end = start if second is None else _inner(second)
        return Range(self, Area(start.area.top, start.area.left, end.area.bottom, end.area.right))

    def Activate(self) -> None:
        if self.Visible != -1:
            raise refused("Activate method of Worksheet class failed")
        self.book.front = self.key
        self.book.app.selected = None
        if self.key not in self.book.grouped:
            self.book.grouped.clear()

    def Select(self) -> None:
        self.Activate()
        self.book.grouped.clear()

    def Move(self, Before: Any) -> None:
        if self.Visible == 2:
            raise refused("Move method of Worksheet class failed")
        names = self.store.names()
        to = names.index(_inner(Before).key)
        self.store.move(names.index(self.key), to)
        self.book.front = self.key

    def Delete(self) -> None:
        if self.store.structure_protected:
            raise refused("The workbook is protected")
        states = {name: self.store.state(name) for name in self.store.names()}
        if states.pop(self.key) == 2 or not (self.book.charts or -1 in states.values()):
            raise refused("Delete method of Worksheet class failed")
        assert not self.book.app.DisplayAlerts, "Excel asks whether to delete"
        self.book.filtered.pop(self.key, None)
        self.store.delete(self.store.names().index(self.key))
        if self.book.front == self.key:
            self.book.front = self.store.names()[0]


class Chart(Dispatched):
    """A sheet that is a chart: it has no cells."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.book = book
        self.key = name

    @property
    def Name(self) -> str:
        return self.key

    @property
    def Parent(self) -> Workbook:
        return self.book

    def Activate(self) -> None:
        self.book.front = self.key
        self.book.app.selected = None
        self.book.grouped.clear()

    def Select(self) -> None:
        self.Activate()


class ChartArea(Dispatched):
    """What is selected where a chart is in front: it has no address."""


class Comments(Dispatched):
    def __init__(self, comments: Iterable[Comment]) -> None:
        self.comments = list(comments)

    @property
    def Count(self) -> int:
        return len(self.comments)

    def __iter__(self) -> Iterator[Comment]:
        return iter(self.comments)


def _area(text: str) -> Area:
    text = text.replace("$", "")
    first, _, last = text.partition(":")
    if first.isdecimal():
        return Area(int(first), 1, int(last or first), LAST_COLUMN)
    if first.isalpha():
        return Area(1, column_number(first), LAST_ROW, column_number(last or first))
    found = parse_range(text)
    assert found is not None, text
    return Area(*found)


class Range(Dispatched):
    """Of several areas ``area`` is the first, as Excel mostly looks at that only."""

    def __init__(self, sheet: Worksheet, area: Area, *others: Area) -> None:
        self.sheet = sheet
        self.area = area
        self.areas = (area, *others)

    @property
    def store(self) -> Store:
        return self.sheet.store

    def __call__(self, row: int, column: int) -> Range:
        """What ``Cells(row, column)`` comes to: pywin32 asks for the property and calls what it gets."""
        row, column = self.area.top + int(row) - 1, self.area.left + int(column) - 1
        return Range(self.sheet, Area(row, column, row, column))

    def Cells(self, row: int, column: int) -> Range:
        return self(row, column)

    @property
    def Application(self) -> Application:
        return self.sheet.book.app

    @property
    def Worksheet(self) -> Worksheet:
        return self.sheet

    @property
    def Row(self) -> int:
        return self.area.top

    @property
    def Column(self) -> int:
        return self.area.left

    @property
    def Rows(self) -> Lines:
        return Lines(self, True)

    @property
    def Columns(self) -> Lines:
        return Lines(self, False)

    @property
    def Count(self) -> int:
        return (self.area.bottom - self.area.top + 1) * (self.area.right - self.area.left + 1)

    @property
    def Address(self) -> str:
        first, last = (
            f"${address(1, column)[:-1]}${row}"
            for row, column in ((self.area.top, self.area.left), (self.area.bottom, self.area.right))
        )
        return first if first == last else f"{first}:{last}"

    @property
    def Value(self) -> Any:
        return self._block(self.store.values(self.sheet.key, self.area))

    @Value.setter
    def Value(self, value: Any) -> None:
        rows = [list(row) for row in value] if isinstance(value, tuple | list) else [[value]]
        self._open()
        hidden = self.sheet.book.filtered.get(self.sheet.key)
        if hidden and not self.area.single:
            # What a filter hides is passed over, and of a block the first cell is written into all that is seen.
            rows = [rows[0][:1] * len(rows[0])] * len(rows)
            for number, row in enumerate(rows, self.area.top):
                if number not in hidden:
                    place = self.area._replace(top=number, bottom=number)
                    self.store.write(self.sheet.key, place, [row])
            return
        self.store.write(self.sheet.key, self.area, rows)

    def painted(self) -> Iterator[Area]:
        """The areas that a new look is given to: what a filter hides is passed over in more than one cell."""
        hidden = self.sheet.book.filtered.get(self.sheet.key)
        if not hidden or (self.area.single and len(self.areas) == 1):
            yield from self.areas
            return
        for area in self.areas:
            for number in range(area.top, area.bottom + 1):
                if number not in hidden:
                    yield area._replace(top=number, bottom=number)

    def style(self, name: str, value: Any) -> None:
        for area in self.painted():
            self.store.set_style(self.sheet.key, area, name, value)

    @property
    def Value2(self) -> Any:
        return self._block(self.store.values(self.sheet.key, self.area))

    @property
    def Formula(self) -> Any:
        return self._block(self.store.formulas(self.sheet.key, self.area))

    def _block(self, rows: list[list[Any]]) -> Any:
        return rows[0][0] if self.area.single else tuple(map(tuple, rows))

    def _open(self) -> None:
        if self.sheet.ProtectContents:
            raise refused("The sheet is protected")

    @property
    def FormulaHidden(self) -> bool:
        return False

    @property
    def NumberFormat(self) -> str | None:
        return self.store.number_format(self.sheet.key, self.area)

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self._open()
        self.store.set_number_format(self.sheet.key, self.area, code)

    @property
    def MergeCells(self) -> bool | None:
        mine = self.area
        covered = 0
        for merge in self.store.merges(self.sheet.key):
            height = min(mine.bottom, merge.bottom) - max(mine.top, merge.top) + 1
            width = min(mine.right, merge.right) - max(mine.left, merge.left) + 1
            covered += max(height, 0) * max(width, 0)
        return True if covered == self.Count else None if covered else False

    @property
    def MergeArea(self) -> Range:
        top, left = self.area.top, self.area.left
        for merge in self.store.merges(self.sheet.key):
            if merge.top <= top <= merge.bottom and merge.left <= left <= merge.right:
                return Range(self.sheet, merge)
        return self

    @property
    def Interior(self) -> Interior:
        return Interior(self)

    @property
    def Font(self) -> Style:
        return Style(self, "Font")

    @property
    def Borders(self) -> Style:
        return Style(self, "Borders")

    @property
    def Comment(self) -> Comment | None:
        note = self.store.note(self.sheet.key, self.area.top, self.area.left)
        return None if note is None else Comment(self)

    def AddComment(self, text: str) -> Comment:
        self._open()
        place = self.area.top, self.area.left
        if self.Comment is not None or (self.sheet.key, *place) in self.sheet.book.conversations:
            raise refused("Application-defined or object-defined error")
        if not self.area.single or (self.MergeCells and self.MergeArea.area[:2] != place):
            raise refused("Application-defined or object-defined error")
        self.store.set_note(self.sheet.key, *place, text)
        return Comment(self)

    @property
    def EntireRow(self) -> Entire:
        return Entire(self, True)

    @property
    def EntireColumn(self) -> Entire:
        return Entire(self, False)

    @property
    def ColumnWidth(self) -> float:
        return 8.43

    @ColumnWidth.setter
    def ColumnWidth(self, width: float) -> None:
        self.store.set_width(self.sheet.key, self.area.left, self.area.right, width)

    @property
    def WrapText(self) -> None:
        return None

    @WrapText.setter
    def WrapText(self, wrap: bool) -> None:
        self.style("WrapText", wrap)

    @property
    def HorizontalAlignment(self) -> None:
        return None

    @HorizontalAlignment.setter
    def HorizontalAlignment(self, value: int) -> None:
        self.style("HorizontalAlignment", value)

    @property
    def IndentLevel(self) -> None:
        return None

    @IndentLevel.setter
    def IndentLevel(self, level: int) -> None:
        self.style("IndentLevel", level)

    @property
    def VerticalAlignment(self) -> None:
        return None

    @VerticalAlignment.setter
    def VerticalAlignment(self, value: int) -> None:
        self.style("VerticalAlignment", value)

    def Select(self) -> None:
        if self.sheet.book.front != self.sheet.key:
            raise refused("Select method of Range class failed")
        self.Application.selected = self

    def Clear(self) -> None:
        self._open()
        assert self.Count > 1_000_000  # only whole sheets
        self.store.clear(self.sheet.key)


class Lines(Dispatched):
    """``Rows`` or ``Columns`` of a range."""

    def __init__(self, range_: Range, rows: bool) -> None:
        self.range = range_
        self.rows = rows

    @property
    def Count(self) -> int:
        area = self.range.area
        return area.bottom - area.top + 1 if self.rows else area.right - area.left + 1

    def AutoFit(self) -> None:
        area = self.range.area
        self.range.store.fit_rows(self.range.sheet.key, area.top, area.bottom)


class Entire(Dispatched):
    """``EntireRow`` or ``EntireColumn``."""

    def __init__(self, range_: Range, rows: bool) -> None:
        self.range = range_
        self.rows = rows

    @property
    def Hidden(self) -> bool | None:
        area = self.range.area
        first, last = (area.top, area.bottom) if self.rows else (area.left, area.right)
        hidden = self.range.store.hidden(self.range.sheet.key, self.rows)
        if self.rows:
            hidden = hidden | self.range.sheet.book.filtered.get(self.range.sheet.key, set())
        return _uniform(number in hidden for number in range(first, last + 1))

    @Hidden.setter
    def Hidden(self, hidden: bool) -> None:
        area = self.range.area
        first, last = (area.top, area.bottom) if self.rows else (area.left, area.right)
        self.range.store.hide(self.range.sheet.key, self.rows, first, last, hidden)


class Style(Dispatched):
    """``Font`` or ``Borders``: only set here."""

    Bold = Size = LineStyle = Color = Underline = None

    def __init__(self, range_: Range, what: str) -> None:
        object.__setattr__(self, "range", range_)
        object.__setattr__(self, "what", what)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        self.range.style(f"{self.what}.{name}", value)


class Interior(Dispatched):
    def __init__(self, range_: Range) -> None:
        self.range = range_

    @property
    def look(self) -> Look:
        area = self.range.area
        return self.range.store.look(self.range.sheet.key, area.top, area.left)

    def _give(self, look: Look) -> None:
        self.range._open()
        for area in self.range.painted():
            self.range.store.set_look(self.range.sheet.key, area, look)

    @property
    def Pattern(self) -> int:
        return self.look.pattern

    @Pattern.setter
    def Pattern(self, pattern: int) -> None:
        self._give(self.look._replace(pattern=pattern) if pattern != NONE else Look())

    @property
    def Color(self) -> float:
        return float(self.look.colour)

    @Color.setter
    def Color(self, colour: int) -> None:
        self._give(
            Look(SOLID if self.look.pattern == NONE else self.look.pattern, int(colour), 0, 0.0, self.look.under)
        )

    @property
    def ThemeColor(self) -> int:
        if not self.look.theme:
            raise refused("Application-defined or object-defined error")
        return self.look.theme

    @ThemeColor.setter
    def ThemeColor(self, theme: int) -> None:
        self._give(self.look._replace(theme=int(theme), tint=0.0))

    @property
    def TintAndShade(self) -> float:
        return self.look.tint

    @TintAndShade.setter
    def TintAndShade(self, tint: float) -> None:
        self._give(self.look._replace(tint=tint))

    @property
    def PatternColor(self) -> float:
        return float(self.look.under)

    @PatternColor.setter
    def PatternColor(self, colour: int) -> None:
        self._give(self.look._replace(under=int(colour)))


class Comment(Dispatched):
    def __init__(self, range_: Range) -> None:
        self.range = range_

    @property
    def Parent(self) -> Range:
        return self.range

    @property
    def Shape(self) -> Shape:
        return Shape(self.range)

    def Text(self, text: str | None = None, Start: int | None = None, Overwrite: bool = False) -> str:
        place = self.range.sheet.key, self.range.area.top, self.range.area.left
        if text is not None:
            self.range._open()
            if Start is None:
                self.range.store.set_note(*place, text)
            else:
                assert not Overwrite
                self.range.store.splice_note(*place, Start - 1, 0, text)
        note = self.range.store.note(*place)
        assert note is not None
        return note

    def Delete(self) -> None:
        self.range._open()
        self.range.store.set_note(self.range.sheet.key, self.range.area.top, self.range.area.left, None)


class Shape(Dispatched):
    """The box of a note, in points."""

    Width = Height = 0

    def __init__(self, range_: Range) -> None:
        object.__setattr__(self, "range", range_)

    @property
    def TextFrame(self) -> TextFrame:
        return TextFrame(self.range)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        place = self.range.sheet.key, self.range.area.top, self.range.area.left
        self.range.store.size_note(*place, self.Width or None, self.Height or None)


class TextFrame(Dispatched):
    def __init__(self, range_: Range) -> None:
        self.range = range_

    def Characters(self, Start: int, Length: int) -> Characters:
        return Characters(self.range, Start - 1, Length)


class Characters(Dispatched):
    """Some of the characters of a note, in units of UTF-16."""

    def __init__(self, range_: Range, start: int, length: int) -> None:
        self.range = range_
        self.start = start
        self.length = length

    def Delete(self) -> None:
        self.range._open()
        place = self.range.sheet.key, self.range.area.top, self.range.area.left
        self.range.store.splice_note(*place, self.start, self.length, "")
