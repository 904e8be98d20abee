# ruff: noqa: E501 (a mistake and its place are told on one line)
"""Official lists of codes and scoring standards in a pack: read strictly, inherited, part of the digest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checker.messages import Text
from checker.model.rule import Entry
from checker.packs.load import LoadedPacks

from .conftest import BASE, PACK, Files, told

Load = Callable[..., LoadedPacks]
LIST = "code,name,since,until\n208,社会保障,,\n20805,养老支出,2020,\n20805,离退休,,2019\n"
CHILD = {"pack.yaml": PACK.replace("pack: demo", "pack: child").replace("DM", "CH") + "extends: [demo]\n"}
SCHEME = """\
schema: checker/scoring@1
scheme: 评分
title: {zh: 评分, en: Marks}
form: 收支表
source: {document: 办法, status: sourced}
claims: {table: 收支, levels: [项目], claimed: 决算数}
total: 100
criteria:
  - {name: 合计, full: 5, kind: manual}
"""


def with_list(text: str, name: str = "科目") -> Files:
    return {**BASE, f"dictionaries/{name}.csv": text}


def test_a_list_is_read(load: Load) -> None:
    loaded = load(demo=with_list("# 科目表 | Lines | 财政部文件 | sourced\n" + LIST))
    assert loaded.failures == ()
    listed = loaded.packs["demo"].dictionaries["科目"]
    assert (listed.name, listed.title, listed.source.document) == ("科目", Text("科目表", "Lines"), "财政部文件")
    assert listed.entries[1:] == (Entry("20805", "养老支出", "2020"), Entry("20805", "离退休", "", "2019"))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + LIST,
        LIST.replace("\n", "\r\n"),
        LIST.rstrip(),
        LIST + "\n\n",
        LIST.replace("社会保障", '" 社会保障 "'),
    ],
)
def test_what_spreadsheet_programs_write_is_read_too(load: Load, text: str) -> None:
    listed = load(demo=with_list(text)).packs["demo"].dictionaries["科目"]
    assert listed.entries[0] == Entry("208", "社会保障")
    assert (listed.title, listed.source.status) == (Text("科目", "科目"), "unverified")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {("CSV_HEADER", 1)}),
        ("code,name\n1,a\n", {("CSV_HEADER", 1)}),
        ("code;name;since;until\n", {("CSV_HEADER", 1)}),
        ("name,code,since,until\na,1,,\n", {("CSV_HEADER", 1)}),
        ("# 科目 | 财政部 | sourced\n" + LIST, {("CSV_TITLE", 1)}),
        ("# 科目 | Lines | 财政部 | maybe\n" + LIST, {("CSV_TITLE", 1)}),
        ("# 科目 | Lines | 财政部 | sourced\n208,社会保障,,\n", {("CSV_HEADER", 2)}),
        ("code,name,since,until\n", {("CSV_EMPTY", 1)}),
        (LIST + "208,社会保障,,2019\n", {("CODE_TWICE", 5)}),
        (LIST + "209,卫生\n,名,,\n210,,,\n", {("CSV_CELLS", 5), ("CSV_BLANK", 6), ("CSV_BLANK", 7)}),
        (LIST + "209,卫生,20,\n210,卫生,2020年,\n211,甲,2021,2020\n", {("CSV_YEAR", 5), ("CSV_YEAR", 6), ("CSV_YEARS", 7)}),
        (LIST + '209,"卫生,,\n', {("CSV_CELLS", 5)}),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_line(load: Load, text: str, expected: set[tuple[str, int]]) -> None:
    loaded = load(demo=with_list(text))
    assert {told(f) for f in loaded.failures} == {
        (code, f"demo/dictionaries/科目.csv:{line}:1") for code, line in expected
    }
    assert "demo" not in loaded.packs


def test_another_encoding(load: Load, write: Callable[[str, Files], Path]) -> None:
    root = write("demo", BASE)
    folder = root / "demo" / "dictionaries"
    folder.mkdir()
    (folder / "a.csv").write_bytes(LIST.encode("gbk"))
    (failure,) = load(other={}).failures[:1]
    assert told(failure) == ("CSV_ENCODING", "demo/dictionaries/a.csv:2:1")


@pytest.mark.parametrize("path", ["forms/a.csv", "a.csv", "dictionaries/a.yaml", "scoring/a.csv", "dictionaries/a.yml"])
def test_a_file_in_the_wrong_folder_is_an_error(load: Load, path: str) -> None:
    loaded = load(demo={**BASE, path: LIST})
    assert [told(f) for f in loaded.failures] == [("PACK_FILE_UNKNOWN", f"demo/{path}")]


def test_lists_are_inherited_and_never_replaced_by_accident(load: Load) -> None:
    loaded = load(demo=with_list(LIST), child=CHILD)
    parent, child = loaded.packs["demo"], loaded.packs["child"]
    assert child.dictionaries == parent.dictionaries
    clash = load(child={**CHILD, "dictionaries/科目.csv": LIST})
    assert [told(f) for f in clash.failures] == [("NAME_TWICE", "child/dictionaries/科目.csv:1:1")]


def test_the_digest_covers_lists_and_standards(load: Load) -> None:
    files = {**with_list(LIST), "scoring/a.yaml": SCHEME}
    digests = {
        load(demo=changed).packs["demo"].digest
        for changed in (files, with_list(LIST + "209,甲,,\n"), {**files, "scoring/a.yaml": SCHEME + "x-note: a\n"})
    }
    assert len(digests) == 3


class TestSchemes:
    def test_a_standard_is_read_and_inherited(self, load: Load) -> None:
        loaded = load(demo={**BASE, "scoring/a.yaml": SCHEME}, child=CHILD)
        assert loaded.failures == ()
        scheme = loaded.packs["demo"].schemes["评分"]
        assert scheme.criteria[0].name == "合计"
        assert loaded.packs["child"].schemes["评分"] == scheme

    @pytest.mark.parametrize(
        ("path", "old", "new", "expected"),
        [
            ("demo", "form: 收支表", "form: 收支总表", ("FORM_UNKNOWN", "demo/scoring/a.yaml:4:7")),
            ("demo", "scheme: 评分", "scheme: 评分\nreplace: 新办法", ("SCHEME_INHERITED", "demo/scoring/a.yaml:2:9")),
            ("child", "", "", ("SCHEME_INHERITED", "child/scoring/a.yaml:2:9")),
            ("child", "scheme: 评分", "scheme: 评分表\nreplace: 新办法", ("SCHEME_INHERITED", "child/scoring/a.yaml:2:9")),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_told_at_its_place(
        self, load: Load, path: str, old: str, new: str, expected: tuple[str, str]
    ) -> None:
        scheme = {"scoring/a.yaml": SCHEME.replace(old, new)} if old else {"scoring/a.yaml": SCHEME}
        packs = {"demo": {**BASE, "scoring/a.yaml": SCHEME}, "child": CHILD}
        loaded = load(**{name: {**files, **(scheme if name == path else {})} for name, files in packs.items()})
        assert told(loaded.failures[0]) == expected

    def test_two_standards_of_one_name(self, load: Load) -> None:
        loaded = load(demo={**BASE, "scoring/a.yaml": SCHEME, "scoring/b.yaml": SCHEME})
        assert [told(f) for f in loaded.failures] == [("NAME_TWICE", "demo/scoring/b.yaml:2:9")]

    def test_a_child_may_replace_a_standard(self, load: Load) -> None:
        own = SCHEME.replace("scheme: 评分", "scheme: 评分\nreplace: 本省另有规定").replace("total: 100", "total: 90")
        loaded = load(demo={**BASE, "scoring/a.yaml": SCHEME}, child={**CHILD, "scoring/a.yaml": own})
        assert loaded.failures == ()
        assert [loaded.packs[name].schemes["评分"].total for name in ("demo", "child")] == [100, 90]
