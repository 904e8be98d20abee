"""Codes and their names against the year's official list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checker.checks.subject import Batch
from checker.model.outcome import Outcome

Apply = Callable[..., list[Outcome]]
Only = Callable[..., Outcome]

FORM: dict[str, Any] = {
    "schema": "checker/form@1",
    "form": "支出表",
    "titles": ["支出表"],
    "unit": "万元",
    "tables": {
        "支出": {
            "columns": {
                "编码": {"kind": "code", "key": True},
                "科目": {"kind": "text", "optional": True},
                "金额": {"kind": "amount", "decimals": 2},
            },
            "rows": "open",
            "totals": {"合计": {"optional": True}},
        }
    },
}
LIST = """\
# 功能分类科目 | Functional lines | 政府收支分类科目 | sourced
code,name,since,until
208,社会保障和就业支出,,
20805,行政事业单位养老支出,2020,
20805,行政事业单位离退休,,2019
2080505,机关事业单位基本养老保险缴费支出,,
2080506,机关事业单位职业年金缴费支出,,
2080507,"对机关事业单位基本养老保险基金的补助, 其他",2023,
2080599,其他行政事业单位养老支出,2020,2021
"""
CHECK = {"kind": "dictionary", "table": "支出", "code": "编码", "name": "科目", "in": "功能分类"}


def given(*rows: tuple[Any, Any]) -> dict[str, Any]:
    listed: list[dict[str, Any]] = [{"编码": code, "科目": name, "金额": 1} for code, name in rows]
    return {"支出": [*listed, {"total": "合计", "金额": len(rows)}]}


@pytest.fixture
def look_up(apply: Apply) -> Apply:
    def told(*rows: tuple[Any, Any], **more: Any) -> list[Outcome]:
        check = CHECK | more.pop("check", {})
        return apply(check, given(*rows), form=FORM, dictionaries={"功能分类": LIST}, **more)

    return told


def test_codes_of_the_year_under_their_names(look_up: Apply) -> None:
    rows = (
        ("208", "社会保障和就业支出"),
        ("20805", " 行政事业单位 养老支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
    )
    assert [o.status for o in look_up(*rows)] == ["pass"] * 3
    assert [o.status for o in look_up(("20805", "行政事业单位离退休"), year="2018")] == ["pass"]


@pytest.mark.parametrize("name", ["机关事业单位基本养老保险缴费支出", "", "一、机关事业单位基本养老保险缴费支出："])
def test_a_name_counts_as_its_words(look_up: Apply, name: str) -> None:
    assert [o.status for o in look_up(("2080505", name))] == ["pass"]


@pytest.mark.parametrize(
    ("code", "name", "year", "cell", "words"),
    [
        ("2080550", "", "2024", "code", ["2080505 机关事业单位基本养老保险缴费支出", "没有"]),
        ("2800505", "", "2024", "code", ["2080505"]),
        ("208055", "", "2024", "code", ["2080505", "没有"]),
        ("2089999", "", "2024", "code", ["208 社会保障和就业支出"]),
        ("2080515", "机关事业单位职业年金缴费支出", "2024", "code", ["2080506 机关事业单位职业年金缴费支出"]),
        ("2080599", "", "2024", "code", ["2021"]),
        ("2080507", "", "2021", "code", ["2023"]),
        ("20805", "行政事业单位离退休", "2024", "name", ["行政事业单位养老支出"]),
        ("2080505", "机关事业单位职业年金缴费支出", "2024", "name", ["机关事业单位基本养老保险缴费支出", "2080506"]),
    ],
)
def test_what_the_list_does_not_give(
    look_up: Apply, code: str, name: str, year: str, cell: str, words: list[str]
) -> None:
    (told,) = look_up((code, name), year=year)
    assert told.status == "fail" and told.message is not None
    assert told.operands[0].text == (code if cell == "code" else name), "what is wrong is pointed at"
    assert told.cell == told.operands[0].cell
    assert all(word in told.message.zh for word in words), told.message.zh
    assert code in told.message.zh and told.cell in told.message.zh and "功能分类科目" in told.message.zh


def test_without_a_year_every_edition_stands(look_up: Apply) -> None:
    told = look_up(("20805", "行政事业单位离退休"), ("20805", "行政事业单位养老支出"), ("2080599", ""), year="")
    assert [o.status for o in told] == ["pass"] * 3


def test_what_is_no_code_is_not_accused(look_up: Apply) -> None:
    told = look_up(("208", "社会保障和就业支出"), ("栏次", "项目"), ("", "小计"))
    assert {o.status for o in told} == {"not_applicable", "pass"}


def test_only_codes_of_some_lengths(look_up: Apply) -> None:
    told = look_up(("2089999", "甲"), ("209", "乙"), check={"codes": [3, 5]})
    assert {o.operands[0].text: o.status for o in told} == {"2089999": "not_applicable", "209": "fail"}


@pytest.mark.parametrize(("what", "statuses"), [("code", ["pass", "fail"]), ("name", ["fail", "not_applicable"])])
def test_codes_and_names_by_rules_of_their_own(look_up: Apply, what: str, statuses: list[str]) -> None:
    told = look_up(("20805", "某支出"), ("20899", "某支出"), check={"what": what})
    row = {o.path[-2]: o.status for o in told}
    assert [row["20805"], row["20899"]] == statuses


def test_a_list_that_does_not_go_as_deep_accuses_nobody(apply: Apply) -> None:
    told = apply(CHECK, given(("2080505", "甲"), ("208", "乙")), form=FORM,
                 dictionaries={"功能分类": "code,name,since,until\n208,乙,,\n"})  # fmt: skip
    assert sorted(o.status for o in told) == ["not_applicable", "pass"]


def test_a_message_of_its_own(look_up: Apply) -> None:
    message = {"zh": "{cell}的{code}“{name}”：{problem}，可能是{nearest}（{list}，{year}年）", "en": "{code}"}
    (told,) = look_up(("2080550", "某支出"), message=message)
    assert told.message is not None and "{" not in told.message.zh and "2024年" in told.message.zh


def test_a_column_of_names_that_is_not_printed(apply: Apply) -> None:
    form = {**FORM, "tables": {"支出": {**FORM["tables"]["支出"], "columns": {
        "编码": {"kind": "code", "key": True}, "金额": {"kind": "amount", "decimals": 2}}}}}  # fmt: skip
    check = {key: value for key, value in CHECK.items() if key != "name"}
    told = apply(check, {"支出": [{"编码": "209", "金额": 1}]}, form=form, dictionaries={"功能分类": LIST})
    assert [o.status for o in told] == ["fail"]


def test_a_list_that_is_not_there_breaks_the_rule(at: Callable[..., Any]) -> None:
    with pytest.raises(AssertionError, match="DICTIONARY_UNKNOWN"):
        at(CHECK, given(("208", "")), form=FORM)


@pytest.mark.parametrize("wrong", [False, True])
def test_two_thousand_rows(at: Callable[..., Any], wrong: bool) -> None:
    codes = [f"{200 + n // 100}{n % 100:02d}{n % 97:02d}" for n in range(2000)]
    listed = "code,name,since,until\n" + "\n".join(f"{code},科目{code},," for code in dict.fromkeys(codes))
    rows = [(f"9{code[1:]}" if wrong else code, f"科目{code}") for code in codes]
    place = at(CHECK, given(*rows), form=FORM, dictionaries={"功能分类": listed})
    items = place.items()
    assert sum(len(item) if isinstance(item, Batch) else 1 for item in items) == 2000
