"""A workbook as every reader hands it over: cells as they are stored, nothing interpreted.

Rows and columns count from 1. A cell that holds neither a value nor a formula does not exist.
Sheets are read when first asked for; a pack that needs three of eight sheets pays for three.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

__all__ = [
    "Cell",
    "CellKind",
    "PlainRow",
    "Range",
    "RowShape",
    "Sheet",
    "SheetContent",
    "Workbook",
    "address",
    "column_letters",
]


class CellKind:
    """What is stored in a cell. Plain strings: they are compared a million times a second."""

    NUMBER: Final = "number"
    TEXT: Final = "text"
    BOOLEAN: Final = "boolean"
    ERROR: Final = "error"
    #: An ISO 8601 date cell (``t="d"``). Serial dates are numbers with a date format.
    DATE: Final = "date"
    #: A formula that no program has calculated: neither blank nor zero.
    NO_CACHE: Final = "no_cache"


class Cell(NamedTuple):
    """One stored cell.

    ``raw`` is the stored text exactly: the digits of a number as in the file, a text with its spaces,
    ``TRUE``/``FALSE``, ``#REF!``. ``formula`` is the text after ``=``, or None. ``style`` is an index
    for :meth:`Workbook.number_format`.
    """

    kind: str
    raw: str
    formula: str | None = None
    style: int = 0


class Range(NamedTuple):
    """A rectangle of cells, edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


class RowShape(NamedTuple):
    """What the rows of a table have in common: the columns that are filled, with the kind and style of each cell.
    ``at`` gives the position of a column, ``texts`` are the columns that hold a text, with their positions."""

    at: Mapping[int, int]
    kinds: tuple[str, ...]
    styles: tuple[int, ...]
    texts: tuple[tuple[int, int], ...]


class PlainRow(Mapping[int, Cell]):
    """A row whose cells are made when somebody asks for one: most are only ever looked at by the column, as ``raws``.
    ``formulas`` is empty if there are none."""

    __slots__ = ("formulas", "raws", "shape")

    def __init__(self, shape: RowShape, raws: Sequence[str], formulas: Sequence[str | None] = ()) -> None:
        self.shape = shape
        self.raws = raws
        self.formulas = formulas

    def __getitem__(self, column: int) -> Cell:
        at = self.shape.at[column]
        formula = self.formulas[at] if self.formulas else None
        return Cell(self.shape.kinds[at], self.raws[at], formula, self.shape.styles[at])

    def get(self, column: int, default: Any = None) -> Any:
        return self[column] if column in self.shape.at else default

    def __contains__(self, column: object) -> bool:
        return column in self.shape.at

    def texts(self) -> Sequence[tuple[int, str]]:
        """The columns that hold a text, with it."""
        raws = self.raws
        return [(column, raws[at]) for column, at in self.shape.texts]

    def __iter__(self) -> Iterator[int]:
        return iter(self.shape.at)

    def __len__(self) -> int:
        return len(self.raws)


Row = Mapping[int, Cell]
RowCallback = Callable[[int, Row], None]


class SheetContent(NamedTuple):
    """The cells of one sheet by row and column, in the order of the file made ascending."""

    rows: Mapping[int, Row]
    merges: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


class Sheet:
    """One sheet, read on first use.

    ``state`` is ``visible``, ``hidden`` or ``very_hidden``. ``load`` reads the sheet and may raise
    ``ReadError``; ``stream`` calls back once per row in order and keeps nothing; ``load_comments`` gives the
    notes by (row, column). ``size`` is that of its text in bytes, 0 if not known: by it a caller chooses between
    keeping a sheet and streaming it.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], SheetContent],
        *,
        state: str = "visible",
        stream: Callable[[RowCallback], None] | None = None,
        load_comments: Callable[[], Mapping[tuple[int, int], str]] | None = None,
        size: int = 0,
    ) -> None:
        self.name = name
        self.size = size
        self.state = state
        self._load = load
        self._stream = stream
        self._load_comments = load_comments

    @cached_property
    def content(self) -> SheetContent:
        return self._load()

    @property
    def rows(self) -> Mapping[int, Row]:
        return self.content.rows

    @property
    def merges(self) -> tuple[Range, ...]:
        return self.content.merges

    def stream(self, callback: RowCallback) -> None:
        """Call ``callback(row number, {column: cell})`` for each non-empty row without keeping the sheet."""
        if self._stream is not None:
            self._stream(callback)
        else:
            for number, row in self.rows.items():
                callback(number, row)

    @cached_property
    def comments(self) -> Mapping[tuple[int, int], str]:
        return self._load_comments() if self._load_comments else {}


class Workbook:
    """A workbook whose bytes were recognised and judged safe to read.

    ``path`` is what the user named. ``sha256`` is of the file's bytes. ``source`` is the kind of file by its
    content (``xlsx``, ``xls``). ``formulas`` is False where the reader cannot give formula text (.xls), so
    checks on formulas must answer "insufficient", not "pass". ``remarks`` are codes of oddities that the
    reader met and that a report should name; they grow as sheets are read.
    """

    def __init__(
        self,
        path: str,
        sha256: str,
        source: str,
        sheets: tuple[Sheet, ...],
        *,
        date1904: bool = False,
        formulas: bool = True,
        defined_names: Mapping[str, str] | None = None,
        remarks: Sequence[str] = (),
        load_number_formats: Callable[[], tuple[str, ...]] | None = None,
    ) -> None:
        self.path: Final = path
        self.sha256: Final = sha256
        self.source: Final = source
        self.sheets: Final = sheets
        self.date1904: Final = date1904
        self.formulas: Final = formulas
        self.defined_names: Final = defined_names or {}
        self.remarks: Final = remarks
        #: The forms that plugins say sheets are, by the name of the sheet.
        self.told_forms: Mapping[str, str] = {}
        self._load_number_formats = load_number_formats

    @cached_property
    def number_formats(self) -> tuple[str, ...]:
        """Number format code by style index (``General``, ``0.00%``, ``yyyy-mm-dd``)."""
        return self._load_number_formats() if self._load_number_formats else ()

    def number_format(self, style: int) -> str:
        formats = self.number_formats
        return formats[style] if 0 <= style < len(formats) else "General"


@cache
def column_letters(column: int) -> str:
    """``1`` → ``A``, ``28`` → ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """``(7, 5)`` → ``E7``."""
    return f"{column_letters(column)}{row}"
