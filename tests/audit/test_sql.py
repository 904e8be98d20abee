"""``docs/store.md``: its tables are those of the code, its examples run and say what the samples hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checker.audit.store.reading import Store, open_store
from checker.audit.store.tables import BY_RESULT, BY_RUN, TABLES
from checker.session import Session

DOCUMENTS = {
    name: Path(__file__).parents[2] / "docs" / f"store.{end}" for name, end in (("en", "md"), ("zh", "zh-CN.md"))
}
DOCUMENT = DOCUMENTS["en"]
EXAMPLES = dict(re.findall(r"```sql\n-- (\d+)\..*?\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
EARLIER = "20250201T080000-0001"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, session: Session, filling: ModuleType) -> Iterator[Store]:
    """Two runs: an earlier one of few samples, one with another error then, one of another unit, which wrote the same,
    and one of the year before; and that of all samples with the other unit."""
    folder = tmp_path_factory.mktemp("sql")
    sample = filling.WORKBOOKS / filling.SAMPLES[1]
    other = twin(sample, folder / "另一单位.xlsx", "示例县科普服务中心", "示例县图书馆")
    before = twin(sample, folder / "上年.xlsx", "2024", "2023")
    earlier = [filling.SAMPLES[1], "cn-final-accounts/errors/01收入总计错误.xlsx", filling.SAMPLES[10]]
    filling.add_run(session, folder, [*(filling.WORKBOOKS / name for name in earlier), other, before], EARLIER)
    with open_store(filling.sample_store(folder, session, [other])) as opened:
        yield opened


def twin(sample: Path, target: Path, old: str, new: str) -> Path:
    """``sample`` with other words in its cells."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(sample) as read, zipfile.ZipFile(target, "w") as written:
        for entry in read.infolist():
            written.writestr(entry, read.read(entry).replace(old.encode(), new.encode()))
    return target


Rows = list[dict[str, Any]]


def asked(store: Store, number: str) -> Rows:
    found = store.connection.execute(EXAMPLES[number])
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def units(rows: Rows) -> Rows:
    assert [row["错误"] for row in rows] == sorted((row["错误"] for row in rows), reverse=True)
    assert {row["单位"]: row["文件数"] for row in rows}["示例县科普服务中心"] == 3
    return rows


def unread(rows: Rows) -> Rows:
    assert [Path(row["文件"]).name for row in rows] == ["不是表格.xlsx"]
    assert rows[0]["说明"]
    return rows


def matrix(rows: Rows) -> Rows:
    assert rows[0]["违反处数"] >= 1
    assert any(row["违反处数"] == 0 for row in rows)
    assert rows[-1]["违反处数"] is None
    return rows


def amounts(rows: Rows) -> Rows:
    values = [abs(row["差异"]) * (10000 if row["计量单位"] == "万元" else 1) for row in rows]
    assert values == sorted(values, reverse=True)
    assert all(isinstance(row["差异"], Decimal) for row in rows)
    return rows


def claims(rows: Rows) -> Rows:
    assert all(row["自评"] > row["重算上限"] >= row["重算下限"] for row in rows)
    return rows


def rates(rows: Rows) -> Rows:
    assert sum(row["项目数"] for row in rows) >= 4
    assert all(0 <= row["执行率起"] <= 200 for row in rows)
    return rows


def compared(rows: Rows) -> Rows:
    by_unit = {row["单位"]: row for row in rows}
    assert by_unit["示例区审计局"]["已解决"] == 1
    assert by_unit["示例区审计局"]["新出现"] == 1
    assert by_unit["示例县科普服务中心"]["仍存在"] == 1
    return rows


def runs(rows: Rows) -> Rows:
    assert [(row["批次"], row["文件数"]) for row in rows] == [(EARLIER, 5), ("20250301T080000-0001", 14)]
    return rows


def anything(rows: Rows) -> Rows:
    return rows


def copied(rows: Rows) -> Rows:
    assert all({*row["单位"]} >= {"示例县图书馆", "示例县科普服务中心"} for row in rows)
    return rows


def two_years(rows: Rows) -> Rows:
    assert {(row["单位"], row["年度"]) for row in rows} == {("示例县科普服务中心", "2024")}
    assert all(row["上年"] == row["本年"] for row in rows)
    return rows


CHECKS: Mapping[str, Callable[[Rows], Rows]] = {
    "1": units,
    "2": unread,
    "3": matrix,
    "4": amounts,
    "5": anything,
    "6": anything,
    "7": claims,
    "8": rates,
    "9": copied,
    "10": compared,
    "11": runs,
    "12": two_years,
}


@pytest.mark.parametrize("number", CHECKS)
def test_the_examples_say_what_the_samples_hold(store: Store, number: str) -> None:
    rows = CHECKS[number](asked(store, number))
    assert rows
    assert asked(store, number) == asked(store, number)


def test_every_example_is_looked_at() -> None:
    assert {*EXAMPLES} == {*CHECKS}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tables_are_described(language: str, request: pytest.FixtureRequest) -> None:
    names = (*reversed(BY_RESULT), *reversed(BY_RUN))
    told = "".join(f"\n### `{name}`\n\n{_described(name, language)}" for name in names)
    _written(DOCUMENTS[language], "tables", told, request)


def test_the_examples_are_the_same_in_both_languages(request: pytest.FixtureRequest) -> None:
    blocks = re.findall(r"```sql\n.*?```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    _written(DOCUMENTS["zh"], "questions", "".join(f"\n{block}\n" for block in blocks), request)


def _written(document: Path, part: str, told: str, request: pytest.FixtureRequest) -> None:
    """The part of a document that stands between two marks is this."""
    text = document.read_text(encoding="utf-8")
    start = text.index("-->\n", text.index(f"<!-- {part}:")) + 4
    end = text.index(f"<!-- /{part} -->")
    if request.config.getoption("--update-golden"):
        document.write_text(text[:start] + told + "\n" + text[end:], encoding="utf-8", newline="\n")
    elif text[start:end].strip() != told.strip():
        pytest.fail(f"{document} differs; run pytest --update-golden")


def _described(name: str, language: str) -> str:
    table = TABLES[name]
    missing = {"zh": "（可为 NULL）", "en": " (or NULL)"}[language]
    rows = "".join(
        f"| `{column.name}` | {column.type} | {column.meaning.render(language)}{missing if column.optional else ''} |\n"
        for column in table.columns
    )
    titles = {"zh": "| 列 | 类型 | |", "en": "| column | type | |"}[language]
    return f"{table.meaning.render(language)}\n\n{titles}\n|---|---|---|\n{rows}"


def test_views_have_the_columns_of_their_tables(store: Store) -> None:
    for name in ("findings", "outcomes", "facts", "scores"):
        columns = [row[0] for row in store.connection.execute(f"DESCRIBE {name}").fetchall()]
        assert columns == ["number", "source", "unit", "year", *TABLES[name].names]
    columns = [row[0] for row in store.connection.execute("DESCRIBE workbooks").fetchall()]
    assert {*columns} == {"number", *TABLES["files"].names, *TABLES["results"].names} - {"run"}
    for name in TABLES:
        described = store.connection.execute(f"DESCRIBE kept.{name}").fetchall()
        assert [(row[0], row[1]) for row in described] == [(c.name, c.type) for c in TABLES[name].columns]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_questions_in_the_readmes_have_answers(store: Store, name: str) -> None:
    questions = re.findall(r"```sql\n(.*?)```", (DOCUMENT.parents[1] / name).read_text(encoding="utf-8"), re.DOTALL)
    assert len(questions) == 2
    for question in questions:
        assert store.connection.execute(question).fetchall(), question
