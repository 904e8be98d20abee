"""What the file of the page holds, read without a browser."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64decode, b64encode
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checker
from checker.audit.page import render, write_page
from checker.audit.page.encode import without_figures
from checker.errors import UsageError

ROOT = Path(__file__).parents[3]


def unpacked(page: str) -> tuple[dict[str, Any], list[Any]]:
    blocks = dict(re.findall(r'<script type="text/plain" id="([a-z0-9-]+)">([^<]*)</script>', page))
    read = {name: json.loads(gzip.decompress(b64decode(body))) for name, body in blocks.items()}
    return read.pop("index"), [read[f"piece-{number}"] for number in range(len(read))]


def flat(finding: dict[str, Any]) -> list[dict[str, Any]]:
    alone = {key: value for key, value in finding.items() if key != "consequences"}
    return [alone, *(below for one in finding["consequences"] for below in flat(one))]


def test_every_finding_is_there_whole(file: Path, documents: ModuleType) -> None:
    index, pieces = unpacked(file.read_text("utf-8"))
    columns = index["findings"]
    read = []
    for rule, piece, place in zip(columns["rule"], columns["piece"], columns["place"], strict=True):
        row = index["rules"][rule]
        read.append({**row, "rule": row["id"], **pieces[piece][place]})
    made = [one for document in documents.run()[0] for finding in document["findings"] for one in flat(finding)]
    assert len(made) == 7
    assert [{key: one.get(key) for key in wanted} for one, wanted in zip(read, made, strict=True)] == made


def test_no_text_of_a_cell_stands_in_the_markup(file: Path) -> None:
    page = file.read_text("utf-8")
    assert "title='hit'" not in page
    assert page.count("<script") == page.count("</script>") == page.count('<script type="text/plain"') + 1


def test_the_policy_knows_the_script_and_the_style_and_allows_nothing_else(file: Path) -> None:
    page = file.read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    hashes = [b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in (script, style)]
    assert policy.split("; ") == [
        "default-src 'none'", f"script-src 'sha256-{hashes[0]}'", f"style-src 'sha256-{hashes[1]}'", "base-uri 'none'",
        "form-action 'none'",
    ]  # fmt: skip
    assert not re.search(r"""(src|href)=["'](?!#)""", page)


def test_the_script_uses_nothing_younger_than_chromium_86() -> None:
    script = "".join(part.read_text("utf-8") for part in (ROOT / "checker/audit/page/script").glob("*.js"))
    style = (ROOT / "checker/audit/page/page.css").read_text("utf-8")
    # Chromium 92, 93, 97, 98, 103; 88, 105, 87, 88.
    assert re.findall(r"\.at\(|hasOwn|findLast|structuredClone|AbortSignal\.timeout|\.toSorted|static \{", script) == []
    assert re.findall(r":is\(|:where\(|:has\(|\binset:|aspect-ratio|@layer|@container|color-mix|\bdvh\b", style) == []


def test_the_same_run_gives_the_same_bytes(file: Path, documents: ModuleType, tmp_path: Path) -> None:
    write_page(*documents.run(), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_bytes() == file.read_bytes()


def test_a_file_name_that_is_no_text_does_no_harm(documents: ModuleType, tmp_path: Path) -> None:
    _, around = documents.run()
    write_page([documents.workbook("\udce9.xlsx", "甲局")], around, tmp_path / "page.html")
    index, _ = unpacked((tmp_path / "page.html").read_text("utf-8"))
    assert index["workbooks"]["path"] == ["?.xlsx"]


def test_nothing_is_left_of_a_page_that_could_not_be_written(documents: ModuleType, tmp_path: Path) -> None:
    def breaking() -> Any:
        yield documents.workbook("a.xlsx", "甲局")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_page(breaking(), documents.run()[1], tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError) as refused:
        write_page(*documents.run(), tmp_path / "missing" / "page.html")
    assert refused.value.code == "OUTPUT_UNWRITABLE"


def test_a_report_has_a_page_too() -> None:
    sample = ROOT / "workbooks/cn-project/errors/执行率计算错误.xlsx"
    report = checker.check([sample])
    index, pieces = unpacked(render(report))
    assert index["workbooks"]["errors"] == [report.verdict.errors]
    assert [pack["id"] for pack in index["packs"]] == [report.packs[0].id]
    assert {one["id"] for piece in pieces for one in piece if "id" in one} >= {
        finding.id for finding in report.workbooks[0].findings
    }


@given(st.text(alphabet=st.sampled_from("填E7 1,234.50，.%|\0合计")))
def test_a_message_is_its_words_and_its_figures(text: str) -> None:
    words, figures = without_figures(text)
    filled = iter(figures.split(" ")) if figures else iter(())
    assert "".join(next(filled, part) if part == "\0" else part for part in re.split("(\0)", words)) == text
    assert next(filled, None) is None
