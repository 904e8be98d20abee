"""The workbook in memory is what a reader would make of the file."""

from __future__ import annotations

from pathlib import Path

from checker.model.form import Form
from checker.model.workbook import Cell, CellKind, Range
from checker.templates import draw, stack, to_workbook, write_xlsx

GIVEN = {
    "单位": "示例局",
    "资金": {
        "拨款": {"预算": "100.50", "执行率": {"number": "0.9", "format": "0.0%"}},
        "结转": {"预算": {"formula": "=C5/0", "error": "#DIV/0!"}, "执行": {"text": "5"}},
        "合计": {"预算": {"formula": "=SUM(C5:C6)"}},
    },
}


def test_cells_merges_and_formats(small: Form) -> None:
    workbook = to_workbook({"甲": draw(small, GIVEN), "乙": draw(small)})
    assert [sheet.name for sheet in workbook.sheets] == ["甲", "乙"]
    rows = workbook.sheets[0].rows
    assert rows[5][3][:3] == (CellKind.NUMBER, "100.5", None)
    assert workbook.number_format(rows[5][3].style) == "#,##0.00"
    assert workbook.number_format(rows[5][5].style) == "0.0%"
    assert rows[6][3][:3] == (CellKind.ERROR, "#DIV/0!", "C5/0")
    assert rows[6][4][:2] == (CellKind.TEXT, "5")
    assert rows[4][3][:3] == (CellKind.NO_CACHE, "", "SUM(C5:C6)")
    assert 5 not in rows[6]  # nothing there
    assert Range(1, 1, 1, 5) in workbook.sheets[0].merges


def test_the_file_reads_back_as_the_workbook_in_memory(small: Form, tmp_path: Path) -> None:
    from checker.readers import open_workbook

    drawings = {"甲": stack([draw(small, GIVEN), draw(small)]), "乙": draw(small, GIVEN, printed=True)}
    write_xlsx(drawings, tmp_path / "a.xlsx")
    read = open_workbook(tmp_path / "a.xlsx")
    made = to_workbook(drawings)
    for one, other in zip(read.sheets, made.sheets, strict=True):
        assert one.name == other.name
        assert set(one.merges) == set(other.merges)
        assert {r: {c: _plain(x) for c, x in row.items()} for r, row in one.rows.items() if row} == {
            r: {c: _plain(x) for c, x in row.items()} for r, row in other.rows.items()
        }
        for number, row in other.rows.items():
            for column, cell in row.items():
                format_ = read.number_format(one.rows[number][column].style)
                assert format_ == made.number_format(cell.style)


def _plain(cell: Cell) -> tuple[str, str, str | None]:
    return cell.kind, cell.raw, cell.formula
