"""Samples, and ways to look into packages."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import checker
from checker.model.report import Report
from checker.model.workbook import Workbook
from checker.readers import open_workbook

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path for path in (ROOT / "workbooks").rglob("*.xlsx"))
PUBLISHED = next(path for path in SAMPLES if path.name == "湛江市科协2021.xlsx")


@cache
def checked(path: Path) -> Report:
    return checker.check(path)


@cache
def scored(path: Path) -> Report:
    return checker.score(path)


def parts(path: Path | str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def content(path: Path | str) -> dict[str, object]:
    """All that rules may read of a workbook: values, formulas, merges, what is hidden."""
    workbook: Workbook = open_workbook(path)
    return {
        sheet.name: (
            sheet.state,
            {
                (row, column): (*cell[:3], workbook.number_format(cell.style))
                for row, cells in sheet.rows.items()
                for column, cell in cells.items()
            },
            sheet.content[1:],
        )
        for sheet in workbook.sheets
    }


def rewritten(source: Path, target: Path, changes: dict[str, bytes | None]) -> Path:
    """A copy of a package with other parts: new, changed, or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = dict.fromkeys([*old.namelist(), *changes])
        for name in names:
            data = changes[name] if name in changes else old.read(name)
            if data is not None:
                new.writestr(name, data)
    return target
