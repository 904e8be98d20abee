"""Reading and writing formulas: what is accepted, what is refused and what the refusal says."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.formula import tree
from checker.formula.functions import FUNCTIONS
from checker.formula.lexer import FormulaError, tokenize
from checker.formula.parser import MAX_DEPTH, MAX_LENGTH, parse
from checker.formula.render import render
from checker.formula.tree import Reference, Select
from checker.model.plugin import Function

ACCEPTED = [
    (
        "支出决算表[合计,基本支出]=SUM(支出决算表[类,基本支出])",
        "支出决算表[合计, 基本支出] = SUM(支出决算表[类, 基本支出])",
    ),
    ("[@执行率]＝[@执行数]÷[@预算数]", "[@执行率] = [@执行数] / [@预算数]"),
    ("上年！表［年末结转，合计］", "上年!表[年末结转, 合计]"),
    ("决算表!支出[*, @] × （1 － 5％）", "决算表!支出[*, @] * (1 - 5%)"),
    ("[行, ＠]≤表[行, @]", "[行, @] <= 表[行, @]"),
    ("表[*, 列]", "表[列]"),
    ("表[类型 = “一次性”, 金额]", '表[类型="一次性", 金额]'),
    ("IF([@类]=“一般 项目”，１，０．５)", 'IF([@类] = "一般 项目", 1, 0.5)'),
    ("“三公”经费表[“三公”经费, 合计（元）]", "“三公”经费表[“三公”经费, 合计（元）]"),
    ("'a b'['行 1', '列[1]']", "'a b'['行 1', '列[1]']"),
    ("表[人员经费-在职, 执行率(%)]", "表[人员经费-在职, 执行率(%)]"),
    ("sum(1, 2) >= - -3%", "SUM(1, 2) >= --3%"),
    ("(-3)%", "(-3)%"),
    ("a-(b-c)-d", "a - (b - c) - d"),
    ("a*(b/c)/(d+1)", "a * (b / c) / (d + 1)"),
    ("(a=b)<>(c=d)", "(a = b) <> (c = d)"),
    ("2022年", "2022年"),
    ("'2022'", "'2022'"),
    ("true", "TRUE"),
    ("'true'", "'true'"),
    ('"他说""好"""', '"他说""好"""'),
    ("NOT(ISBLANK(表单[填报日期]))", "NOT(ISBLANK(表单[填报日期]))"),
    ("1.50", "1.50"),
    (".5", "0.5"),
]


@pytest.mark.parametrize(("text", "canonical"), ACCEPTED)
def test_accepted_and_written_in_one_spelling(text: str, canonical: str) -> None:
    assert render(parse(text)) == canonical
    assert parse(canonical) == parse(text)


def test_references_say_which_rows_they_take() -> None:
    def read(text: str) -> tuple[str, str, str, str, str, str | None]:
        node = parse(text)
        assert isinstance(node, Reference)
        return node.book, node.table, node.select, node.row, node.text, node.column

    assert read("[@执行数]") == ("", "", Select.THIS, "", "", "执行数")
    assert read("资金[执行数]") == ("", "资金", Select.ALL, "", "", "执行数")
    assert read("资金[*, @]") == ("", "资金", Select.ALL, "", "", None)
    assert read("[总额, @]") == ("", "", Select.NAMED, "总额", "", None)
    assert read("上年!资金[总额, 执行数]") == ("上年", "资金", Select.NAMED, "总额", "", "执行数")
    assert read('资金[来源="其他", 执行数]') == ("", "资金", Select.WHERE, "来源", "其他", "执行数")


def test_nodes_know_their_place() -> None:
    text = "1 + SUM( 表[合计, 支出] )"
    node = parse(text)
    assert isinstance(node, tree.Binary)
    assert text[node.right.start : node.right.end] == "SUM( 表[合计, 支出] )"
    reference = next(part for part in tree.walk(node) if isinstance(part, Reference))
    assert text[reference.start : reference.end] == "表[合计, 支出]"


def test_numbers_are_exact() -> None:
    node = parse("1234567890.12345678901234")
    assert isinstance(node, tree.Number)
    assert node.value == Decimal("1234567890.12345678901234")


def test_trees_can_be_kept() -> None:
    node = parse("表[合计, 支出] = SUM(表[类, 支出]) * 95%")
    assert pickle.loads(pickle.dumps(node)) == node


REFUSED = [
    ("", 0, "empty", ""),
    ("   ", 3, "empty", ""),
    ("＝1+2", 0, "begin", "Delete the “=”"),
    ("1 + ", 4, "ends too soon", "at the end"),
    ("SUM(1", 3, "never closed", "“)”"),
    ("（1", 0, "never closed", "“)”"),
    ("1)", 1, "closes nothing", "Delete"),
    ("(1))", 3, "closes nothing", "Delete"),
    ("[@执行数", 0, "never closed", "“]”"),
    ("表[a, [b]", 5, "“[” inside", "“]”"),
    ("a == b", 2, "“==”", "“=”"),
    ("a ＝＝ b", 2, "“==”", "“=”"),
    ("a =< b", 2, "“=<”", "“<=”"),
    ("a => b", 2, "“=>”", "“>=”"),
    ("a != b", 2, "“!=”", "“<>”"),
    ("a < b < c", 6, "Two comparisons", "AND(a < b, b < c)"),
    ("a ^ 2", 2, "“^”", "a * a"),
    ('"x" & "y"', 4, "“&”", "AND"),
    ("SUM(1；2)", 5, "“；”", "“,”"),
    ("A1:B2", 2, "“:”", "table[column]"),
    ("$A$1", 0, "“$”", "labels"),
    ("{1}", 0, "“{”", "“[”"),
    ("a – b", 2, "“–”", "“-”"),
    ("‘a’", 0, "“‘”", "'"),
    ("1.5万", 1, "“.”", "without a unit"),
    ("1.2.3", 1, "“.”", "one decimal point"),
    ("1,000", 1, "between arguments", "1000"),
    ("+1", 0, "between two terms", "Delete"),
    ("1 2", 2, "operator is missing", "+ - * /"),
    ("1 (2)", 2, "operator is missing", "+ - * /"),
    ("年末 结转", 3, "side by side", "single quotes"),
    ("表[年末 结转]", 5, "“结转”", "single quotes"),
    ("表[a, b, c]", 6, "“,”", "table[row, column]"),
    ("表[]", 2, "name is missing", "table[row, column]"),
    ("[@]", 2, "name is missing", "[@column]"),
    ("表[a,]", 4, "name is missing", ""),
    ("表[列=文本, b]", 4, "text in double quotes", '"文本"'),
    ('表[列="文本"]', 8, "column is missing", "“,”"),
    ("上年!x", 4, "After “上年!” comes a table", "上年!table[row, column]"),
    ('"abc', 0, "never closed", ""),
    ("'abc", 0, "never closed", ""),
    ("SUMM(1)", 0, "no function SUMM", "Did you mean SUM?"),
    ("VLOOKUP(1)", 0, "no function VLOOKUP", "The functions are"),
    ("INDIRECT(1)", 0, "no function INDIRECT", ""),
    ("IF(1, 2)", 0, "IF is given 2", "Give it 3"),
    ("ROUND(1)", 0, "ROUND is given 1", "Give it 2"),
    ("SUM()", 0, "SUM is given 0", "at least 1"),
    ("a.b", 1, "“.”", ""),
    ("__import__('os')", 0, "no function __import__", ""),
    ("9" * 35, 0, "more than 34 digits", ""),
]


@pytest.mark.parametrize(("text", "position", "message", "hint"), REFUSED)
def test_refused_with_place_and_advice(text: str, position: int, message: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert error.position == position
    assert message in error.message.en
    assert hint in (error.hint.en if error.hint else "")
    assert error.position <= error.end <= len(text)
    assert error.code.startswith("FORMULA_")


def test_full_width_signs_get_the_same_error_as_ascii() -> None:
    for wide, narrow in [("（1", "(1"), ("a＾2", "a^2"), ("SUM（1，", "SUM(1,")]:
        with pytest.raises(FormulaError) as one:
            parse(wide)
        with pytest.raises(FormulaError) as other:
            parse(narrow)
        assert one.value.position == other.value.position


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 4_000,
        "-" * 4_000,
        "[" * 4_000,
        "1" + "%" * 3_999,
        "SUM(" * 1_000,
        "+".join(["1"] * 2_000),
        "1=" * 2_000,
        "NOT(" * 60 + "TRUE" + ")" * 60,
        "“ " * 2_000,
        "'" * 3_999,
        '"' * 3_999,
        "表[" + " " * 3_990,
        "表[a=" + "“" * 3_990,
        "0" * 4_000,
        "a!" * 2_000,
    ],
)
def test_monsters_are_refused_at_once(text: str) -> None:
    with pytest.raises(FormulaError):
        parse(text)


def test_the_limits_themselves_are_fine() -> None:
    assert parse("(" * (MAX_DEPTH) + "1" + ")" * MAX_DEPTH) == parse("1")
    assert parse("+".join(["1"] * MAX_DEPTH))
    with pytest.raises(FormulaError, match="TOO_BIG"):
        parse("+".join(["1"] * (MAX_DEPTH + 1)))
    assert parse("SUM(" + ",".join(["1"] * 900) + ")")
    with pytest.raises(FormulaError, match="TOO_BIG"):
        parse("SUM(" + ",".join(["1"] * 1_100) + ")")
    assert parse(" " * (MAX_LENGTH - 1) + "1")
    with pytest.raises(FormulaError, match="TOO_BIG"):
        parse(" " * MAX_LENGTH + "1")


def test_plugins_bring_functions() -> None:
    median = Function("MEDIAN", (1, None), lambda evaluator, arguments: None)
    node = parse("median(1, 2)", {**FUNCTIONS, "MEDIAN": median})
    assert isinstance(node, tree.Call)
    assert node.function == "MEDIAN"


# Any tree written out reads back the same

NAMES = st.one_of(
    st.sampled_from(
        ["合计", "“三公”经费", "a b", "it's", "TRUE", "12", "*", "“x”", "执行率（%）", "@", "A1", "2022年"]
    ),
    st.text(min_size=1, max_size=8).filter(lambda text: "\x00" not in text),
)


def calls(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return st.sampled_from(["SUM", "MIN", "AND"]).flatmap(
        lambda name: st.lists(children, min_size=1, max_size=3).map(lambda found: tree.Call(0, 0, name, tuple(found)))
    )


def references() -> st.SearchStrategy[tree.Node]:
    place = st.one_of(
        st.tuples(st.just(Select.THIS), st.just(""), st.just(""), NAMES),
        st.tuples(st.just(Select.ALL), st.just(""), st.just(""), st.one_of(NAMES, st.none())),
        st.tuples(st.just(Select.NAMED), NAMES, st.just(""), st.one_of(NAMES, st.none())),
        st.tuples(st.just(Select.WHERE), NAMES, st.text(max_size=8), st.one_of(NAMES, st.none())),
    )
    head = st.one_of(st.just(("", "")), NAMES.map(lambda name: ("", name)), st.tuples(NAMES, NAMES))
    return st.tuples(head, place).map(lambda pair: Reference(0, 0, *pair[0], *pair[1]))


LEAVES = st.one_of(
    st.decimals(0, 10**9, allow_nan=False, places=3).map(lambda number: tree.Number(0, 0, number)),
    st.text(max_size=8).map(lambda text: tree.Text(0, 0, text)),
    st.booleans().map(lambda value: tree.Boolean(0, 0, value)),
    NAMES.map(lambda name: tree.Parameter(0, 0, name)),
    references(),
)
TREES = st.recursive(
    LEAVES,
    lambda children: st.one_of(
        st.builds(tree.Binary, st.just(0), st.just(0), st.sampled_from("+-*/"), children, children),
        st.builds(
            tree.Compare, st.just(0), st.just(0), st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), children, children
        ),
        st.builds(tree.Negate, st.just(0), st.just(0), children),
        st.builds(tree.Percent, st.just(0), st.just(0), children),
        calls(children),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_every_tree_can_be_written_and_read(node: tree.Node) -> None:
    assert parse(render(node)) == node


SOUP = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from([*"(）[]@，,!=<＞+-×%“”\"'* ≤^&\n１表", "1", ".5", "合计", "SUM", "IF", "TRUE"]),
        max_size=120,
    ).map("".join),
)


@settings(max_examples=600, deadline=None)
@given(SOUP)
def test_any_text_gives_a_tree_or_an_error(text: str) -> None:
    try:
        node = parse(text)
    except FormulaError as error:
        assert 0 <= error.position <= error.end <= len(text)
        assert error.message.zh and error.message.en
    else:
        assert parse(render(node)) == node


# Excel reads the common part the same way

ASCII = st.recursive(
    st.one_of(
        st.integers(0, 999).map(str),
        st.sampled_from(["0.5", '"a""b"', '"x y"', "TRUE", "rate", "limit_1"]),
    ),
    lambda children: st.one_of(
        st.tuples(children, st.sampled_from(["+", "-", "*", "/", " + "]), children).map("".join),
        children.map(lambda text: f"({text})"),
        children.map(lambda text: f"-({text})"),
        children.map(lambda text: f"({text})%"),
        st.tuples(st.sampled_from(["SUM", "MAX"]), children, children).map(lambda t: f"{t[0]}({t[1]},{t[2]})"),
        st.tuples(children, st.sampled_from(["=", "<>", "<=", ">"]), children).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(ASCII)
def test_words_are_those_that_excel_sees(text: str) -> None:
    from openpyxl.formula.tokenizer import Token, Tokenizer

    def excel(token: Token) -> list[str]:
        if token.subtype == Token.TEXT:
            return [token.value[1:-1].replace('""', '"')]
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            return [token.value[:-1], "("]
        return [token.value]

    expected = [word for token in Tokenizer("=" + text).items if token.type != Token.WSPACE for word in excel(token)]
    assert [token.text for token in tokenize(text)[:-1]] == expected
    parse(text)
