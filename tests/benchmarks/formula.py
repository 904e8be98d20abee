"""How long formulas take: ``python tests/benchmarks/formula.py`` prints µs per evaluation, slow path and fast path.

The whole is what a workbook costs: 200 rules on a sheet of 54 rows, 6,480 row evaluations, both sides kept.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Sequence
from decimal import Decimal

from checker.formula import tree
from checker.formula.compare import compare
from checker.formula.evaluate import evaluate
from checker.formula.parser import parse
from checker.formula.tree import Reference, Select
from checker.formula.vector import compile_equality
from checker.model.fact import Fact
from checker.values.quantity import Kind, Quantity

ROWS = 54
ROW_RULES = ["[@合计] = [@甲] + [@乙] + [@丙]", "[@合计] - [@丙] = SUM([@甲], [@乙])", "[@率] = [@甲] / [@合计]"]
SUM_RULE = "[合计, 甲] = SUM(表[甲])"
CELL_RULE = "[合计, 合计] = [合计, 甲] + [合计, 乙] + [合计, 丙]"


class Table:
    """Columns of facts and of numbers, made before the clock starts."""

    blank = "insufficient"
    row = 0

    def __init__(self) -> None:
        parts = {
            name: [Decimal(number * 137 % 9973 + shift).scaleb(-2) for number in range(1, ROWS + 1)]
            for shift, name in enumerate("甲乙丙", 1)
        }
        total = [sum(row, Decimal(0)) for row in zip(*parts.values(), strict=True)]
        rate = [round(a / b, 4) for a, b in zip(parts["甲"], total, strict=True)]
        self.vectors = {**parts, "合计": total, "率": rate}
        self.columns = {name: self._facts(name, numbers) for name, numbers in self.vectors.items()}
        self.totals = {
            name: self._facts(name, [sum(numbers, Decimal(0))], ROWS + 1) for name, numbers in self.vectors.items()
        }
        self.steps = {name: [fact.grain for fact in facts] for name, facts in self.columns.items()}

    def _facts(self, name: str, numbers: Sequence[Decimal], start: int = 1) -> list[Fact]:
        grain = Decimal("0.0001" if name == "率" else "0.01")
        at = list(self.vectors).index(name) + 1
        return [
            Fact(Quantity(Kind.NUMBER, number), "表", row, at, (name,), "万元", "amount", grain)
            for row, number in enumerate(numbers, start)
        ]

    def facts(self, reference: Reference) -> list[Fact]:
        column = reference.column or ""
        if reference.select == Select.THIS:
            return [self.columns[column][self.row]]
        return self.columns[column] if reference.select == Select.ALL else self.totals[column]

    def column(self, reference: Reference) -> Sequence[Decimal]:
        if reference.select == Select.NAMED:
            return [fact.quantity.number or Decimal(0) for fact in self.totals[reference.column or ""]]
        return self.vectors[reference.column or ""]

    def grains(self, reference: Reference) -> Sequence[Decimal]:
        return self.steps[reference.column or ""]

    def parameter(self, name: str) -> Decimal:
        return Decimal(1)


def microseconds(action: Callable[[], object], times: int) -> float:
    """The best of five runs."""
    return min(timeit.repeat(action, number=times, repeat=5)) / times * 1e6


def sides(text: str) -> tuple[tree.Node, tree.Node]:
    node = parse(text)
    assert isinstance(node, tree.Compare)
    return node.left, node.right


def main() -> None:
    table = Table()
    print("µs  parse")
    for text in [*ROW_RULES, SUM_RULE]:
        print(f"{microseconds(lambda text=text: parse(text), 500):7.1f}  {text}")  # type: ignore[misc]
    print("µs  evaluate")
    for text in ["[@甲] + [@乙] + [@丙] + [@合计]", "[@甲] / [@合计]", "MIN(1, [@甲] / [@合计]) * 10", "SUM(表[甲])"]:
        node = parse(text)
        print(f"{microseconds(lambda node=node: evaluate(node, table), 500):7.1f}  {text}")  # type: ignore[misc]
    print("µs  compare (one row)")
    for text in [*ROW_RULES, SUM_RULE]:
        left, right = sides(text)
        each = microseconds(lambda one=left, other=right: compare(one, "=", other, table), 500)  # type: ignore[misc]
        print(f"{each:7.1f}  {text}")
    print(f"µs  compile_equality ({ROWS} rows)")
    for text in [*ROW_RULES, SUM_RULE]:
        run = compile_equality(*sides(text))
        assert run is not None and all(run(table).equal), text
        print(f"{microseconds(lambda run=run: run(table), 500):7.1f}  {text}")  # type: ignore[misc]
    rules = [compile_equality(*sides(ROW_RULES[number % 3])) for number in range(120)]
    rules += [compile_equality(*sides(SUM_RULE)) for _ in range(40)]
    rules += [compile_equality(*sides(CELL_RULE)) for _ in range(40)]
    runs = [rule for rule in rules if rule is not None]
    whole = microseconds(lambda: [run(table) for run in runs], 20)
    print(f"{whole / 1000:.2f} ms for {len(runs)} rules, {120 * ROWS:,} row evaluations")


if __name__ == "__main__":
    main()
