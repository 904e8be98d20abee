"""Damaged files end in a reading or in a ``ReadError``, whatever was damaged."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.errors import ReadError
from checker.readers import open_workbook

from .packages import SHEET, STRINGS, book, pack, parts, sheet, strings


def touch(path: Path) -> None:
    try:
        read = open_workbook(path)
        for first in read.sheets:
            first.content  # noqa: B018
            first.comments  # noqa: B018
        read.number_formats  # noqa: B018
    except ReadError as error:
        assert error.render("zh")


@cache
def sample(kind: str) -> bytes:
    file = BytesIO()
    if kind == "xls":
        old = xlwt.Workbook()
        page = old.add_sheet("表")
        page.write_merge(0, 0, 0, 3, "项目支出绩效自评表")
        for row in range(1, 8):
            page.write(row, 0, f"指标{row}")
            page.write(row, 1, row * 1.5)
            page.write(row, 2, xlwt.Formula(f"B{row + 1}*2"))
        old.save(file)
    elif kind == "xlsx":
        new = openpyxl.Workbook()
        new.active.merge_cells("A1:C1")
        for row in range(1, 8):
            new.active.append([f"指标{row}", row * 1.5, f"=B{row}*2"])
        new.active["A2"].comment = openpyxl.comments.Comment("说明", "审核")
        new.save(file)
    else:
        return pack({**parts('<row r="1"><c r="A1" t="s"><v>1</v></c></row>')}, 0)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["xls", "xlsx", "stored"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_changed(kind: str, data: st.DataObject, tmp_path: Path) -> None:
    changed = bytearray(sample(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "book"
    path.write_bytes(changed[: data.draw(st.sampled_from([len(changed), len(changed), len(changed) // 2]))])
    touch(path)


@pytest.mark.parametrize("kind", ["xls", "xlsx", "stored"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cut_anywhere(kind: str, data: st.DataObject, tmp_path: Path) -> None:
    whole = sample(kind)
    path = tmp_path / "book"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    touch(path)


MARKUP = st.text(alphabet="<>/=\"'& !-?[]crvftsi015AB:x\n", max_size=40)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=MARKUP, inside=MARKUP, after=MARKUP, texts=MARKUP)
def test_any_markup(before: str, inside: str, after: str, texts: str, tmp_path: Path) -> None:
    rows = f'{before}<row r="1"><c r="A1"><v>1</v></c>{inside}</row><row r="2"><c r="A2"><f>{inside}</f></c></row>'
    xml = sheet(rows, after=after)
    path = tmp_path / "book"
    path.write_bytes(book(**{SHEET: xml, STRINGS: strings(f"<si><t>{texts}</t></si>{texts}")}))
    touch(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reference=st.text("ABCXZaz019$:-?", max_size=8),
    kind=st.sampled_from(["", "n", "s", "b", "e", "d", "str", "inlineStr", "x"]),
    value=st.text("0123456789.-+eE x_#", max_size=12),
    style=st.text("0123456789-x", max_size=6),
    row=st.text("0123456789-", max_size=8),
)
def test_any_cell(reference: str, kind: str, value: str, style: str, row: str, tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(book(f'<row r="{row}"><c r="{reference}" s="{style}" t="{kind}"><v>{value}</v></c></row>'))
    touch(path)
