"""The formulas in ``docs/formulas*.md`` and ``docs/tolerance*.md`` come to what stands beside them."""

from __future__ import annotations

import re
import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from checker.formula import tree
from checker.formula.compare import compare
from checker.formula.error import FormulaError
from checker.formula.evaluate import evaluate
from checker.formula.obstacle import Insufficient, Obstacle, Undecided
from checker.formula.parser import parse
from checker.values.tolerance import Verdict, judge_linear, judge_same

ROOT: Final = Path(__file__).parents[2]
#: A sheet of facts, as the tests of the language have it.
Sheet: Final[Any] = runpy.run_path(str(ROOT / "tests" / "formula" / "conftest.py"))["Sheet"]
CHINESE: Final = {
    "通过": "pass",
    "尾差": "tail",
    "提示": "note",
    "不通过": "fail",
    "不可判定": "undecided",
    "资料不足": "data missing",
}
LANGUAGES: Final = ("zh", "en")


def rows(name: str, language: str, table: str) -> list[list[str]]:
    """The cells of the table that follows ``<!-- table: … -->``, without its heading."""
    suffix = "md" if language == "en" else "zh-CN.md"
    text = (ROOT / "docs" / f"{name}.{suffix}").read_text(encoding="utf-8")
    _, mark, after = text.partition(f"<!-- table: {table} -->\n")
    assert mark, f"{name} ({language}) has no table {table}"
    lines = after.lstrip("\n").split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]


def word(text: str) -> str:
    return CHINESE.get(text, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_references_can_be_read(language: str) -> None:
    for written, _ in rows("formulas", language, "references")[1:]:
        parse(written.strip("`"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_come_to_what_is_said(language: str) -> None:
    heading, *lines = rows("formulas", language, "sheet")
    cells = {line[0]: dict(zip(heading[1:], line[1:], strict=True)) for line in lines}
    at = {"this": "一般公共预算", "current": "执行数", "totals": ["合计"], "name": "资金"}
    sheet = Sheet(cells, **at, parameters={"满分": Decimal(100)})
    for formula, expected in rows("formulas", language, "results")[1:]:
        assert _told(formula.strip("`"), sheet, language) == expected, formula


def _told(formula: str, sheet: Any, language: str) -> str:
    try:
        value = evaluate(parse(formula), sheet)
    except Obstacle as obstacle:
        status = "undecided" if isinstance(obstacle, Undecided) else "data missing"
        assert isinstance(obstacle, Undecided | Insufficient)
        chinese = next(name for name, english in CHINESE.items() if english == status)
        return f"{status}: {obstacle.reason.en}" if language == "en" else f"{chinese}：{obstacle.reason.zh}"
    return str(value.number) if value.boolean is None else str(value.boolean).upper()


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistakes_are_answered_as_shown(language: str) -> None:
    for formula, expected in rows("formulas", language, "mistakes")[1:]:
        with pytest.raises(FormulaError) as caught:
            parse(formula.strip("`"))
        message, hint = caught.value.message, caught.value.hint
        assert hint is not None
        assert expected == (f"{message.en} {hint.en}" if language == "en" else message.zh + hint.zh)


# Tolerance


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["sums", "rates", "scores", "inequalities"])
def test_worked_examples(language: str, table: str) -> None:
    for formula, figures, difference, verdict, at_least in rows("tolerance", language, table)[1:]:
        node = parse(formula.strip("`"))
        assert isinstance(node, tree.Compare)
        found = compare(node.left, node.operator, node.right, _line(figures))
        status = found.severity or found.status
        assert status == word(verdict), formula + figures
        assert _shown(found.difference, difference) == difference, formula + figures
        assert _shown(found.at_least, at_least) == (at_least or "0"), formula + figures


def _shown(number: Decimal | None, like: str) -> str:
    """``number`` with as many decimals as ``like`` has, in per cent if that is."""
    if not number:
        return "0"
    digits = like.removesuffix("%")
    places = len(digits.partition(".")[2])
    return f"{number * 100:.{places}f}%" if like.endswith("%") else f"{number:.{places}f}"


def _line(figures: str) -> Any:
    """``甲 1.00, 乙 2`` as a row; figures without a decimal point are exact."""
    cells = dict(re.findall(r"(\S+) ([-\d.]+%?)", figures))
    return Sheet({"行": cells}, grains={name: "0" for name, text in cells.items() if "." not in text})


@pytest.mark.parametrize("language", LANGUAGES)
def test_thresholds(language: str) -> None:
    for formula, figures, verdict in rows("tolerance", language, "thresholds")[1:]:
        try:
            value = evaluate(parse(formula.strip("`")), _line(figures))
        except Undecided:
            told = "undecided"
        else:
            told = "pass" if value.boolean else "fail"
        assert told == word(verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_fact_in_two_places(language: str) -> None:
    verdicts = {Verdict.EQUAL: "pass", Verdict.NOTE: "note", Verdict.BEYOND: "fail"}
    for left, right, grain, verdict in rows("tolerance", language, "same")[1:]:
        grains = [Decimal(part) for part in grain.split(" / ")] * 2
        judged = judge_same(Decimal(left), grains[0], Decimal(right), grains[1])
        assert verdicts[judged.verdict] == word(verdict)


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_much_rounding_makes(language: str) -> None:
    for count, tail, note, beyond in rows("tolerance", language, "usual")[1:]:
        terms = [(Decimal(1), Decimal("0.01"))] * int(count)
        last = {}
        for cents in range(1, 60):
            last[judge_linear(Decimal(cents) / 100, terms).verdict] = Decimal(cents) / 100
            if Verdict.BEYOND in last:
                break
        assert last[Verdict.TAIL] == Decimal(tail)
        assert last.get(Verdict.LARGE_TAIL) == (None if note == "—" else Decimal(note))
        assert last[Verdict.BEYOND] == Decimal(beyond)
