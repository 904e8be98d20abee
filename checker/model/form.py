"""An official form (表样): what its tables, rows, columns and fields are called, and what they hold.

Written in ``rules/<pack>/forms/*.yaml``, see ``schemas/form.schema.json``. A form never says where a cell
is; it says by which words it is found.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from checker.messages import Text

__all__ = ["Column", "ColumnKind", "Field", "Form", "Level", "Row", "Table"]


class ColumnKind:
    """What the cells of a column (or a field) hold."""

    AMOUNT: Final = "amount"  # money in the form's unit; rounded unless ``exact``
    PERCENT: Final = "percent"  # a rate; a number is a ratio, precision is as printed unless declared
    SCORE: Final = "score"  # marks earned
    WEIGHT: Final = "weight"  # full marks: exact
    COUNT: Final = "count"  # people, pieces: exact
    NUMBER: Final = "number"  # any other number; rounded to ``decimals``
    CODE: Final = "code"  # a classification code: text even when stored as a number
    DATE: Final = "date"
    TEXT: Final = "text"
    TARGET: Final = "target"  # an indicator's target: comparator, number and unit, or words
    ACTUAL: Final = "actual"  # what was achieved: number and unit, or words
    LABEL: Final = "label"  # the column that names the rows

    NUMERIC: Final = frozenset({"amount", "percent", "score", "weight", "count", "number"})
    EXACT: Final = frozenset({"weight", "count"})


class Column(NamedTuple):
    """One column of a table.

    ``labels`` are the header texts it goes by, canonical name first, already normalised. ``under`` are the
    header texts of a cell above, where the same word stands under several heads. ``decimals`` is the declared
    precision (None: as printed). ``fill`` is true where a blank cell repeats the one above (merged levels).
    ``group`` marks alternatives of which a form prints one ("target" columns by year).
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    under: tuple[str, ...] = ()
    unit: str = ""
    decimals: int | None = None
    exact: bool = False
    optional: bool = False
    mandatory: bool = False
    fill: bool = False
    key: bool = False
    values: tuple[str, ...] = ()
    english: str = ""
    formula: str = ""
    #: Words of a heading that crosses the column's own: either may stand above the other.
    meets: tuple[str, ...] = ()


class Row(NamedTuple):
    """One named row of a closed table. ``part_of`` lists the rows it may be a part of, nearest first: the first
    that the sheet prints counts. ``total`` marks the row that others add up to. ``beside`` are the labels one of which
    stands at the left of the row's own, over several rows, where the same word names rows of several groups. ``lists``
    marks a row whose parts bear names of their own (one project a row): rows below it that the form does not know."""

    name: str
    labels: tuple[str, ...]
    part_of: tuple[str, ...] = ()
    total: bool = False
    optional: bool = False
    mandatory: bool = False
    english: str = ""
    beside: tuple[str, ...] = ()
    lists: bool = False


class Level(NamedTuple):
    """A class of rows of an open table, told by the length of the code in ``column`` or by a pattern."""

    name: str
    column: str
    length: int


class Table(NamedTuple):
    """A block of rows and columns.

    ``layout`` is ``closed`` (named rows), ``open`` (any rows down to an end) or ``single`` (one unlabelled row).
    ``beside`` are the words of the block's own label at its left or above. ``ends`` closes an open table;
    ``totals`` are its named closing (or opening) rows. ``extra_rows`` tells whether rows with unknown labels
    may be further parts of the total row.
    """

    name: str
    layout: str
    columns: Mapping[str, Column]
    rows: Mapping[str, Row] = {}
    totals: Mapping[str, Row] = {}
    beside: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    key: str = ""
    levels: Mapping[str, Level] = {}
    optional: bool = False
    header_rows: int = 1
    #: Words that open further lines of the heading, below the columns' names (the numbers of the columns).
    heading: tuple[str, ...] = ()
    #: The official form is published without a row where there is nothing to tell.
    may_be_empty: bool = False
    extra_rows: bool = False
    #: The same columns stand several times side by side (two or three blocks); rows are read block by block.
    side_by_side: bool = False
    #: The table that a sheet need not have where it has this one: another shape of the same figures.
    stands_for: str = ""
    english: str = ""

    @property
    def code_steps(self) -> tuple[int, ...]:
        """By how many characters the codes of the rows grow from level to level."""
        lengths = sorted(level.length for level in self.levels.values())
        return tuple(length - before for before, length in zip([0, *lengths], lengths, strict=False))


class Field(NamedTuple):
    """A label with its value beside it (or below it).

    ``role`` tells what the report may use it for: ``unit`` (the body that files), ``project``, ``date`` or nothing.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    mandatory: bool = False
    place: str = "right"
    unit: str = ""
    values: tuple[str, ...] = ()
    english: str = ""
    role: str = ""
    #: The form may lack the label.
    optional: bool = False
    #: The label stands below one of these (normalised), where the same word stands twice.
    under: tuple[str, ...] = ()
    decimals: int | None = None


class Form(NamedTuple):
    """One official form. ``titles`` and ``sheets`` are normalised texts by which it is recognised, title first.

    ``rounding`` is ``half_up``, ``truncate`` or ``balanced``. ``layout`` is how a blank one is drawn (see
    ``templates``).
    """

    name: str
    pack: str
    title: Text
    titles: tuple[str, ...]
    sheets: tuple[str, ...]
    unit: str
    fields: Mapping[str, Field]
    tables: Mapping[str, Table]
    rounding: str = "half_up"
    optional: bool = False
    layout: Mapping[str, object] = {}
    origin: str = ""
    #: The forms that this one is a kind of, nearest first: rules about them are about this one too.
    kinds_of: tuple[str, ...] = ()
    #: Rules about those that do not hold here, by id, with the reason.
    retired: Mapping[str, Text] = {}
    #: Amounts stay in the unit that the sheet states, and are shown in it; otherwise they come in the form's.
    keeps_unit: bool = False
    #: What several forms have in common; no sheet is such a form itself.
    abstract: bool = False

    def is_a(self, name: str) -> bool:
        """Whether this is the form called ``name`` or a kind of it."""
        return name == self.name or name in self.kinds_of
