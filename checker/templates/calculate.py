"""What the formulas of a drawing show, so that a file made from it looks saved by Excel.

Only what forms use: ``+ - * / =``, SUM, MIN, MAX, ROUND, IF, IFERROR over cells and ranges of the same sheet.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, MutableMapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Final

from checker.errors import PackError
from checker.messages import tr
from checker.model.workbook import CellKind
from checker.templates.content import digits
from checker.templates.drawing import Placed, Position

__all__ = ["calculate"]

_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)")
_CELL: Final = re.compile(r"([A-Z]{1,3})([0-9]+)")

Scalar = Decimal | str | None
Operand = Scalar | list[Scalar]


class _Shown(Exception):  # noqa: N818 - it is a value on its way out
    """An Excel error value."""


class _Unknown(Exception):  # noqa: N818
    """A cell on the way was never calculated."""


def calculate(cells: MutableMapping[Position, Placed], pending: Mapping[Position, str]) -> None:
    """Put each ``pending`` formula into its cell together with what it shows.

    A formula that rests on a cell which was never calculated is left without a value, as Excel would not.
    Raises PackError for a formula outside the subset or one that rests on itself."""
    waiting = dict(pending)

    def settle(position: Position) -> None:
        formula = waiting.pop(position)
        place = cells[position]
        cells[position] = place._replace(kind=_BUSY, formula=formula)
        kind, raw = _result(formula, fetch)
        cells[position] = place._replace(kind=kind, raw=raw, formula=formula)

    def fetch(position: Position) -> Scalar:
        if position in waiting:
            settle(position)
        cell = cells.get(position)
        if cell is None or not cell.kind:
            return None
        if cell.kind == _BUSY:
            raise _refusal(cell.formula or "")
        if cell.kind == CellKind.NO_CACHE:
            raise _Unknown
        if cell.kind == CellKind.ERROR:
            raise _Shown(cell.raw)
        return Decimal(cell.raw) if cell.kind == CellKind.NUMBER else cell.raw

    while waiting:
        settle(next(iter(waiting)))


_BUSY: Final = "busy"


def _result(formula: str, fetch: Callable[[Position], Scalar]) -> tuple[str, str]:
    source = _RANGE.sub(r'RANGE("\1\2","\3\4")', formula.replace("=", "==")).replace("$", "")
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError as error:
        raise _refusal(formula) from error
    try:
        with localcontext(Context(prec=34)):
            value = _scalar(_Evaluation(formula, fetch).of(tree.body))
    except _Shown as error:
        return CellKind.ERROR, str(error)
    except _Unknown:
        return CellKind.NO_CACHE, ""
    if isinstance(value, str):
        return CellKind.TEXT, value
    return CellKind.NUMBER, digits(value or Decimal(0))


def _refusal(formula: str) -> PackError:
    return PackError(
        "layout-formula",
        tr("The formula {formula} in a layout cannot be calculated.", formula=formula),
        hint=tr("Use only + - * / =, SUM, MIN, MAX, ROUND, IF and IFERROR, and no formula that rests on itself."),
    )


class _Evaluation:
    def __init__(self, formula: str, fetch: Callable[[Position], Scalar]) -> None:
        self._formula = formula
        self._fetch = fetch

    def of(self, node: ast.expr) -> Operand:
        match node:
            case ast.Constant(value=bool()):
                raise _refusal(self._formula)
            case ast.Constant(value=int() | float() as number):
                return Decimal(str(number))
            case ast.Constant(value=str() as text):
                return text
            case ast.Name(id=name):
                return self._fetch(self._position(name))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -_number(self.of(operand))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._arithmetic(operator, _number(self.of(left)), _number(self.of(right)))
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                return Decimal(_same(_scalar(self.of(left)), _scalar(self.of(right))))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name, arguments)
        raise _refusal(self._formula)

    def _arithmetic(self, operator: ast.operator, left: Decimal, right: Decimal) -> Decimal:
        match operator:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                if right == 0:
                    raise _Shown("#DIV/0!")
                return left / right
        raise _refusal(self._formula)

    def _call(self, name: str, arguments: list[ast.expr]) -> Operand:
        if name == "IFERROR" and len(arguments) == 2:
            try:
                return self.of(arguments[0])
            except _Shown:
                return self.of(arguments[1])
        if name == "IF" and len(arguments) == 3:
            return self.of(arguments[1] if _number(self.of(arguments[0])) else arguments[2])
        values = [self.of(argument) for argument in arguments]
        match name, values:
            case "RANGE", [str(first), str(last)]:
                return self._range(first, last)
            case "ROUND", [value, places]:
                unit = Decimal(1).scaleb(-int(_number(places)))
                return _number(value).quantize(unit, rounding=ROUND_HALF_UP)
            case "SUM", _:
                return sum(_numbers(values), Decimal(0))
            case "MIN", _:
                return min(_numbers(values), default=Decimal(0))
            case "MAX", _:
                return max(_numbers(values), default=Decimal(0))
        raise _refusal(self._formula)

    def _range(self, first: str, last: str) -> list[Scalar]:
        (top, left), (bottom, right) = self._position(first), self._position(last)
        return [self._fetch((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]

    def _position(self, address: str) -> Position:
        match = _CELL.fullmatch(address)
        if match is None:
            raise _refusal(self._formula)
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - 64
        return int(match[2]), column


def _numbers(values: list[Operand]) -> list[Decimal]:
    """The numbers among cells and ranges: Excel's SUM passes over text."""
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    return [item for item in flat if isinstance(item, Decimal)]


def _same(left: Scalar, right: Scalar) -> bool:
    """A blank cell equals the empty text and zero."""
    if left is None or right is None:
        return not left and not right
    return left == right


def _scalar(value: Operand) -> Scalar:
    if isinstance(value, list):
        raise _Shown("#VALUE!")
    return value


def _number(value: Operand) -> Decimal:
    """One number, as Excel's operators take it: blank is 0, digits stored as text count, other text does
    not."""
    scalar = _scalar(value)
    if scalar is None:
        return Decimal(0)
    if isinstance(scalar, str):
        if not re.fullmatch(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*", scalar):
            raise _Shown("#VALUE!")
        return Decimal(scalar.strip())
    return scalar
