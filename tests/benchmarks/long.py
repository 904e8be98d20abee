"""A sheet of 200,000 × 12 with sums and per-row checks: time beside a bare calamine read, and peak memory.

    python tests/benchmarks/long.py [rows]

Each run is a process of its own; ratios are of medians of alternating runs. Bars: 3 × calamine, 64 MiB.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import xlsxwriter

ROWS = 200_000
ROUNDS = 3

FORM = """schema: checker/form@1
form: 基准长表
titles: [基准长表]
unit: 万元
tables:
  明细:
    columns:
      序号: {kind: code}
      单位: {kind: text, key: true}
      预算数: {kind: amount, decimals: 2}
      追加数: {kind: amount, decimals: 2}
      可用数: {kind: amount, decimals: 2}
      基本支出: {kind: amount, decimals: 2}
      项目支出: {kind: amount, decimals: 2}
      支出合计: {kind: amount, decimals: 2}
      结余: {kind: amount, decimals: 2}
      甲: {kind: amount, decimals: 2}
      乙: {kind: amount, decimals: 2}
      丙: {kind: amount, decimals: 2}
    rows: open
    totals: {总计: {}}
"""

CHECKS = [
    'identity, table: 明细, formula: "[@可用数] = [@预算数] + [@追加数]"',
    'identity, table: 明细, formula: "[@支出合计] = [@基本支出] + [@项目支出]"',
    "sum, table: 明细, total: 总计, columns: [预算数, 支出合计]",
]

CHILD_CHECK = """
import resource, sys, time
start = time.perf_counter()
from checker.session import Session
session = Session([sys.argv[2]])
report = session.assess(sys.argv[1], pack="long").report
seconds = time.perf_counter() - start
assert report.status == "checked" and not report.findings, (report.status, report.error, report.findings[:1])
assert report.counts["pass"] == 2 * int(sys.argv[3]) + 2, report.counts
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

CHILD_CALAMINE = """
import resource, sys, time
start = time.perf_counter()
import python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
rows = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
seconds = time.perf_counter() - start
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def make_workbook(path: Path, rows: int) -> Path:
    """Every check holds."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("明细")
    sheet.write(0, 0, "基准长表")
    heads = ["序号", "单位", "预算数", "追加数", "可用数", "基本支出", "项目支出", "支出合计", "结余", "甲", "乙", "丙"]
    for column, head in enumerate(heads):
        sheet.write(1, column, head)
    numbers = random.Random(3)
    units = ("教务处", "财务处", "后勤管理处", "科学技术处", "图书馆", "信息中心")
    totals = [Decimal(0)] * 10
    for row in range(rows):
        budget, added, basic, project = (Decimal(numbers.randrange(1_000_000)) / 100 for _ in range(4))
        rest = [Decimal(numbers.randrange(1_000_000)) / 100 for _ in range(4)]
        values = [budget, added, budget + added, basic, project, basic + project, *rest]
        totals = [a + b for a, b in zip(totals, values, strict=True)]
        sheet.write_string(row + 2, 0, f"{row + 1:06d}")
        sheet.write_string(row + 2, 1, units[row % len(units)])
        for column, value in enumerate(values, 2):
            sheet.write_number(row + 2, column, float(value))
    sheet.write(rows + 2, 1, "总计")
    for column, value in enumerate(totals, 2):
        sheet.write_number(rows + 2, column, float(value))
    book.close()
    return path


def make_pack(folder: Path) -> Path:
    pack = folder / "long"
    for name in ("forms", "checks"):
        (pack / name).mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        'schema: checker/pack@1\npack: long\ntitle: {zh: 长表, en: Long}\nedition: "1"\nprefix: LG\nstatus: sourced\n',
        "utf-8",
    )
    (pack / "forms" / "long.yaml").write_text(FORM, "utf-8")
    rules = "\n".join(
        f"  - id: LG-000{number}\n    name: rule-{number}\n    title: {{zh: 规则, en: Rule}}\n    severity: error\n"
        f"    source: {{document: 基准, status: sourced}}\n    check: {{kind: {check}}}"
        for number, check in enumerate(CHECKS, 1)
    )
    (pack / "checks" / "long.yaml").write_text(f"schema: checker/checks@1\nform: 基准长表\nrules:\n{rules}\n", "utf-8")
    return folder


def child(code: str, *arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of one run."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book, rules = make_workbook(folder / "L.xlsx", rows), make_pack(folder / "packs")
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(child(CHILD_CHECK, str(book), str(rules), str(rows)))
            peer.append(child(CHILD_CALAMINE, str(book)))
        a, b = (statistics.median(seconds for seconds, _ in runs) for runs in (ours, peer))
        print(f"check {rows} rows: {a:.2f} s, {max(p for _, p in ours):.0f} MiB   bar 64 MiB")
        print(f"calamine reads them: {b:.2f} s, {max(p for _, p in peer):.0f} MiB")
        print(f"ratio {a / b:.2f}   bar 3")


if __name__ == "__main__":
    main()
