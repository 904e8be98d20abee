"""Make the workbooks that the benchmarks read: ``S``, a usual one, and ``L``, a long one.

    python tests/benchmarks/files.py DIRECTORY

The same version of XlsxWriter makes the same bytes each time.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

SHEETS, ROWS, COLUMNS = 8, 60, 12
LONG_ROWS = 200_000
UNITS = ("教务处", "财务处", "后勤管理处", "科学技术处", "图书馆", "信息中心")


def make_small(path: Path) -> Path:
    """``S``: 8 sheets of 60 × 12 cells with 59 formulas each and a merged header."""
    book = _book(path)
    amount = book.add_format({"num_format": "#,##0.00"})
    percent = book.add_format({"num_format": "0.00%"})
    title = book.add_format({"bold": True, "align": "center"})
    numbers = random.Random(1)
    for index in range(SHEETS):
        sheet = book.add_worksheet(f"自评表{index + 1}")
        sheet.merge_range(0, 0, 0, COLUMNS - 1, f"项目支出绩效自评表（{index + 1}）", title)
        sheet.merge_range(1, 0, 1, 1, "项目名称", title)
        sheet.merge_range(1, 2, 1, 5, "资金情况（万元）", title)
        sheet.merge_range(1, 6, 1, 10, "绩效指标", title)
        sheet.write(1, 11, "合计", title)
        for row in range(2, ROWS - 1):
            values = [round(numbers.uniform(0, 9999), 2) for _ in range(8)]
            sheet.write_string(row, 0, f"{index + 1}.{row - 1}")
            sheet.write_string(row, 1, f"指标 {index + 1}-{row - 1} 完成情况说明")
            sheet.write_string(row, 2, UNITS[row % len(UNITS)])
            for column, value in enumerate(values, 3):
                sheet.write_number(row, column, value, amount)
            sheet.write_formula(row, 11, f"SUM(D{row + 1}:K{row + 1})", amount, round(sum(values), 2))
        sheet.write_string(ROWS - 1, 0, "总计")
        for column in range(1, 10):
            sheet.write_number(ROWS - 1, column, column)
        sheet.write_formula(ROWS - 1, 10, "D3/E3", percent, 0.9732)
        sheet.write_formula(ROWS - 1, 11, f"SUM(L3:L{ROWS - 1})", amount, 1234567.89)
    book.close()
    return path


def make_long(path: Path, rows: int = LONG_ROWS) -> Path:
    """``L``: one sheet of 200,000 × 12 cells."""
    book = _book(path, constant_memory=True)
    sheet = book.add_worksheet("明细")
    numbers = random.Random(2)
    for row in range(rows):
        sheet.write_string(row, 0, f"{row + 1:06d}")
        sheet.write_string(row, 1, UNITS[row % len(UNITS)])
        for column in range(2, COLUMNS):
            sheet.write_number(row, column, round(numbers.uniform(0, 9999), 2))
    book.close()
    return path


def _book(path: Path, constant_memory: bool = False) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": constant_memory})
    book.set_properties({"created": datetime(2024, 1, 1)})
    return book


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    print(make_small(folder / "S.xlsx"), make_long(folder / "L.xlsx"))
