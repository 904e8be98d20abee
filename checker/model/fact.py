"""Facts: what stands where, found by label, with the address that it was found at.

Made by ``locate``. A fact is a reading of one cell in the words of its form; tables are kept as columns of
facts made on demand, because a rule touches few of the thousands of cells of a workbook.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from checker.messages import Text
from checker.model.workbook import address
from checker.values.quantity import Quantity

__all__ = ["Fact", "Problem"]


class Fact(NamedTuple):
    """One cell, read as its column demands.

    ``path`` is its label path (``资金 / 年度资金总额 / 全年执行数``): the stable name of the fact in every report.
    ``unit`` is the unit the quantity is in. ``grain`` is one unit in the last place that counts (0 for exact):
    the fact stands for ``[number − grain/2, number + grain/2]``.
    """

    quantity: Quantity
    sheet: str
    row: int
    column: int
    path: tuple[str, ...]
    unit: str
    kind: str
    grain: Decimal
    formula: str | None = None

    @property
    def address(self) -> str:
        return address(self.row, self.column)


class Problem(NamedTuple):
    """Something that kept a form or table from being found: what was looked for, what was found, nearest first."""

    code: str
    message: Text
    sheet: str = ""
    cell: str = ""
    catalogue: tuple[str, ...] = ()
    details: Mapping[str, object] | None = None
