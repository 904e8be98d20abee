"""How long a check takes, beside a bare calamine read of the same file, in one run.

    python tests/benchmarks/checking.py

Prints ratios of medians (this program ÷ peer) and the bars they are held to. The workbook has 8 sheets of 60 × 12
cells with 59 formulas each and a merged two-tier header; the pack has 200 rules: 120 on every row, 40 column sums,
40 across tables, 6,500 row evaluations in all. Nothing is asserted: a machine that is busy is not a defect.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import python_calamine
import xlsxwriter
from starting import SAMPLES, start

FORMS, ROWS = 8, 54
COLUMNS = ("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3")
ROUNDS = 9


def make_workbook(path: Path, *, in_doubles: bool = False) -> Path:
    """Every identity that the pack states holds. ``in_doubles``: totals are added up in doubles and stored as they come
    out, the way a spreadsheet program does."""
    book = xlsxwriter.Workbook(str(path))
    numbers = random.Random(7)
    amount = book.add_format({"num_format": "#,##0.00"})
    head = book.add_format({"bold": True})
    for form in range(1, FORMS + 1):
        sheet = book.add_worksheet(f"表{form}")
        sheet.merge_range(0, 0, 0, 11, f"基准测试表{form}", head)
        sheet.write(1, 0, "单位：万元")
        sheet.merge_range(2, 0, 3, 0, "代码", head)
        sheet.merge_range(2, 1, 3, 1, "项目", head)
        for block, first in (("甲", 2), ("乙", 5), ("丙", 8)):
            sheet.merge_range(2, first, 2, first + 2, f"{block}类", head)
        for column, name in enumerate(COLUMNS, 2):
            sheet.write(3, column, f"数{name}", head)
        sheet.merge_range(2, 11, 3, 11, "合计", head)
        totals = [Decimal(0)] * 10
        doubles = [0.0] * 10
        for row in range(ROWS):
            a1, a2, b1, b2, c1, c2 = (Decimal(numbers.randrange(0, 1_000_000)) / 100 for _ in range(6))
            values = [a1, a2, a1 + a2, b1, b2, b1 + b2, c1, c2, c1 + c2]
            values.append(values[2] + values[5] + values[8])
            totals = [t + v for t, v in zip(totals, values, strict=True)]
            doubles = [t + float(v) for t, v in zip(doubles, values, strict=True)]
            line = 4 + row
            sheet.write_string(line, 0, f"{row + 1:03d}")
            sheet.write_string(line, 1, f"项目{row + 1}")
            for column, value in enumerate(values[:-1], 2):
                sheet.write_number(line, column, float(value), amount)
            formula = f"=E{line + 1}+H{line + 1}+K{line + 1}"
            sheet.write_formula(line, 11, formula, amount, float(values[-1]))
        line = 4 + ROWS
        sheet.write(line, 1, "总计", head)
        for column, value in enumerate(doubles if in_doubles else totals, 2):
            if column < 7:
                sheet.write_number(line, column, float(value), amount)
            else:
                letter = chr(65 + column)
                sheet.write_formula(line, column, f"=SUM({letter}5:{letter}{line})", amount, float(value))
    book.close()
    return path


def make_pack(folder: Path) -> Path:
    """200 rules over eight forms, as a rule author would write them."""
    pack = folder / "benchmark"
    for name in ("forms", "checks"):
        (pack / name).mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        'schema: checker/pack@1\npack: benchmark\ntitle: {zh: 基准测试, en: Benchmark}\nedition: "1"\n'
        "prefix: BM\nstatus: sourced\n",
        "utf-8",
    )
    for form in range(1, FORMS + 1):
        (pack / "forms" / f"f{form}.yaml").write_text(_form(form), "utf-8")
        (pack / "checks" / f"f{form}.yaml").write_text(_checks(form), "utf-8")
    return folder


def _form(form: int) -> str:
    columns = "\n".join(
        f"      数{name}: {{kind: amount, decimals: 2, under: [{block}类]}}"
        for name, block in zip(COLUMNS, "甲甲甲乙乙乙丙丙丙", strict=True)
    )
    return (
        f"schema: checker/form@1\nform: 基准测试表{form}\ntitles: [基准测试表{form}]\nunit: 万元\n"
        f"tables:\n  明细{form}:\n    header_rows: 2\n    columns:\n"
        f"      代码: {{kind: code}}\n      项目: {{kind: text, key: true}}\n{columns}\n"
        "      合计: {kind: amount, decimals: 2}\n    rows: open\n    totals:\n      总计: {}\n"
    )


def _checks(form: int) -> str:
    table, rules, number = f"明细{form}", [], 0

    def rule(check: str) -> None:
        nonlocal number
        number += 1
        identity = f"BM-{form}{number:03d}"
        rules.append(
            f"  - id: {identity}\n    name: rule-{form}-{number}\n    title: {{zh: 规则{number}, en: Rule {number}}}\n"
            f"    severity: error\n    source: {{document: 基准, status: sourced}}\n    check: {check}"
        )

    rows = [
        "[@数A3] = [@数A1] + [@数A2]",
        "[@数B3] = [@数B1] + [@数B2]",
        "[@数C3] = [@数C1] + [@数C2]",
        "[@合计] = [@数A3] + [@数B3] + [@数C3]",
        "[@合计] = [@数A1] + [@数A2] + [@数B3] + [@数C3]",
        "[@合计] - [@数C3] = [@数A3] + [@数B3]",
        "[@数A1] = [@数A3] - [@数A2]",
        "[@数A2] = [@数A3] - [@数A1]",
        "[@数B1] = [@数B3] - [@数B2]",
        "[@数B2] = [@数B3] - [@数B1]",
        "[@数C1] = [@数C3] - [@数C2]",
        "[@数C2] = [@数C3] - [@数C1]",
        "[@合计] = [@数A3] + [@数B1] + [@数B2] + [@数C3]",
        "[@合计] = [@数A3] + [@数B3] + [@数C1] + [@数C2]",
        "[@合计] * 2 = ([@数A3] + [@数B3] + [@数C3]) * 2",
    ]
    for formula in rows:
        rule(f'{{kind: identity, table: {table}, formula: "{formula}"}}')
    for column in ("数A1", "数A2", "数A3", "数B3", "合计"):
        rule(f"{{kind: sum, table: {table}, total: 总计, columns: [{column}]}}")
    for left, right in (
        ("数A3", "{t}[总计, 数A1] + {t}[总计, 数A2]"),
        ("数B3", "{t}[总计, 数B1] + {t}[总计, 数B2]"),
        ("数C3", "{t}[总计, 数C1] + {t}[总计, 数C2]"),
        ("合计", "{t}[总计, 数A3] + {t}[总计, 数B3] + {t}[总计, 数C3]"),
        ("合计", "SUM({t}[总计, 数A3], {t}[总计, 数B3], {t}[总计, 数C3])"),
    ):
        rule(f'{{kind: identity, formula: "{table}[总计, {left}] = {right.format(t=table)}"}}')
    return f"schema: checker/checks@1\nform: 基准测试表{form}\nrules:\n" + "\n".join(rules) + "\n"


def median_ratio(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Medians in milliseconds of two callables timed in turn, and the median of their ratios."""
    ours(), peer()
    pairs = [(_milliseconds(ours), _milliseconds(peer)) for _ in range(ROUNDS)]
    return (
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        statistics.median(a / b for a, b in pairs),
    )


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def calamine(path: Path) -> Callable[[], object]:
    def read() -> object:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]

    return read


def show(what: str, figures: tuple[float, float, float], bar: str) -> None:
    print(f"{what:<52} {figures[0]:8.2f} ms  peer {figures[1]:7.2f} ms  ratio {figures[2]:6.2f}   bar {bar}")


def main() -> None:
    from checker.engine.assess import recognise
    from checker.engine.run import run
    from checker.session import Session

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = make_workbook(folder / "S.xlsx")
        rules = make_pack(folder / "packs")
        session = Session([rules])
        assert "benchmark" in session.loaded.packs, [failure.render("en") for failure in session.failures]
        plan = session.plans("benchmark")["benchmark"]
        report = session.assess(book, pack="benchmark").report
        assert report.status == "checked" and not report.findings, report
        assert report.counts["pass"] == 120 * ROWS + 80, report.counts
        peer = calamine(book)
        show(
            "whole warm check, 200 rules, both sides kept",
            median_ratio(lambda: session.assess(book, pack="benchmark"), peer),
            "6",
        )
        workbook = session.read(book)
        found = recognise(workbook, [plan.pack], session.labels, session.lexicon)

        def evaluate() -> object:
            return run(plan, found.forms, workbook, session.lexicon, "")

        def afresh() -> object:
            for form in found.forms:
                for table in form.tables.values():
                    table.forget()
            return evaluate()

        show("evaluating 200 rules (6,560 answers) over facts", median_ratio(evaluate, peer), "1")
        show("the same, facts read from cells afresh", median_ratio(afresh, peer), "-")
        from checker.readers import open_workbook

        def read() -> object:
            return [sheet.rows for sheet in open_workbook(book).sheets]

        show("read: values, formulas, errors, merges, hidden", median_ratio(read, peer), "3.5")
        noisy = session.assess(make_workbook(folder / "doubles.xlsx", in_doubles=True), pack="benchmark").report
        print(f"40 correct column sums in doubles: {len(noisy.findings)} false alarms   bar 0")
    sample = sorted(SAMPLES.glob("*.xlsx"))[0]
    show("command from start to report on a sample", start(sample, ROUNDS), "10")


if __name__ == "__main__":
    main()
