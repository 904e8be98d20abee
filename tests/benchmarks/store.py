"""The store: a question about 200,000 workbooks beside SQLite, bytes per workbook, and how fast rows are sealed.

    python tests/benchmarks/store.py [workbooks]

Rows are simulated from real samples. For the bytes, every workbook has a unit, figures, texts and names of rows of its
own: digits drawn at random, words from those of the samples, one mark in seven another one; what the form or the
standard prints stays. Nothing is asserted.
"""

from __future__ import annotations

import hashlib
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "audit"))

import filling

from checker.audit.store import spool
from checker.audit.store.reading import open_store, seal, write_run
from checker.audit.store.rows import Rows, rows_of
from checker.audit.store.tables import BY_RESULT, TABLES
from checker.scores import scored
from checker.session import Session

WORKBOOKS, UNITS, TIMES = 200_000, 2_000, 5
VARIED = 1_000
ROUNDS = 7
#: What units hand in, with shares of a hundred: a self-evaluation of each project, once a year one of the whole unit,
#: and the final accounts. Most have nothing wrong.
KINDS = {
    "project": (70, ("cn-project/clean/年度科普项目.xlsx",) * 4 + ("cn-project/errors/执行率计算错误.xlsx",)),
    "whole unit": (
        15,
        (
            "gd-department-2021/clean/年度整体自评.xlsx",
            "gd-department-2021/errors/三公控制率错误.xlsx",
            "cn-department/errors/评分表扣分无原因.xlsx",
            "gd-department-2022/published/海珠区科协2022.xlsx",
            "hn-department/errors/预算控制率得分偏高.xlsx",
            "hn-department/published/资阳区科协2021.xlsx",
        ),
    ),
    "accounts": (
        15,
        ("cn-final-accounts/clean/全国表样元.xlsx",) * 2 + ("cn-final-accounts/errors/02行合计错误.xlsx",),
    ),
}
#: Amounts in documents; years, and numbers of documents and codes, are no amounts.
AMOUNT = re.compile(r"(?<![\d.A-Za-z〔])(?!(?:19|20)\d\d(?!\d))(?:[1-9]\d*\.\d+|[1-9]\d{3,}(?!\d*[-年〕]))")


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def ask(folder: Path, workbooks: int) -> None:
    filling.synthetic_store(folder, workbooks, parts=100, units=UNITS, times=TIMES, without=("facts", "scores"))
    lite = sqlite3.connect(folder / "peer.sqlite")
    question = "SELECT unit, rule, count(*) FROM findings GROUP BY unit, rule"
    start = time.perf_counter()
    with open_store(folder) as store:
        opened = time.perf_counter() - start
        lite.execute("CREATE TABLE findings (unit TEXT, rule TEXT, severity TEXT)")
        rows = store.connection.execute("SELECT unit, rule, severity FROM findings")
        while several := rows.fetchmany(100_000):
            lite.executemany("INSERT INTO findings VALUES (?, ?, ?)", several)
        lite.commit()
        count = store.connection.execute("SELECT count(*) FROM findings").fetchall()[0][0]
        answered = store.connection.execute(question).fetchall()
        assert sorted(answered) == sorted(lite.execute(question).fetchall())
        ours = median(lambda: store.connection.execute(question).fetchall())
        peer = median(lambda: lite.execute(question).fetchall(), 3)
        print(f"unit × rule over {workbooks:,} workbooks, {count:,} findings, {len(answered):,} cells:")
        print(f"  {ours:.2f} s (bar: 1 s), {ours / peer:.2f} × SQLite; opening the store {opened:.2f} s")
        every = "SELECT rule, sum(pass), sum(fail), sum(insufficient) FROM outcomes GROUP BY rule"
        (count,) = store.connection.execute("SELECT count(*) FROM kept.outcomes").fetchall()[0]
        seconds = median(lambda: store.connection.execute(every).fetchall(), 3)
        print(f"  every rule over {count:,} outcomes: {seconds:.2f} s")


def samples(session: Session, names: Sequence[str]) -> list[Rows]:
    rows = {}
    for name in dict.fromkeys(names):
        assessed = session.assess(filling.WORKBOOKS / name)
        rows[name] = rows_of(assessed, scored(session, assessed).scores)
    return [rows[name] for name in names]


def official(session: Session) -> set[str]:
    """What forms, standards and official lists print: the same in every workbook."""
    names = {""}
    for pack in session.loaded.packs.values():
        for form in pack.forms.values():
            for table in form.tables.values():
                names.update(table.rows, table.totals, table.columns)
        for scheme in pack.schemes.values():
            for criterion in scheme.criteria:
                names.update((criterion.name, *criterion.labels))
        for dictionary in pack.dictionaries.values():
            names.update(word for entry in dictionary.entries for word in (entry.name, entry.code))
    return names


def words_of(real: list[Rows]) -> list[str]:
    """Pairs of characters as they stand in the texts and names of the samples."""
    texts = {str(row[at]) for rows in real for row in rows["facts"] for at in (3, len(row) - 1)}
    return sorted({text[at : at + 2] for text in texts for at in range(len(text) - 1) if text[at : at + 2].isalpha()})


def plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def varied(
    rows: Rows, numbers: random.Random, printed: set[str], vocabulary: list[str]
) -> dict[str, list[tuple[Any, ...]]]:
    """The same workbook of another unit: every figure, name and long text another, in all tables alike."""
    facts, results = TABLES["facts"].names[1:], TABLES["results"].names[1:]
    at = {name: facts.index(name) for name in ("row", "value", "measure", "text", "text_hash")}
    words: dict[str, str] = {}

    def another(text: str) -> str:
        if text not in words:
            words[text] = "".join(numbers.choice(vocabulary) for _ in range(len(text) // 2 + 1))[: len(text)]
        return words[text]

    figures: dict[str, str] = {}
    marks: set[str] = set()

    def figure(text: str) -> str:
        if text not in figures:
            head = str(numbers.randrange(1, 10))
            figures[text] = head + "".join(str(numbers.randrange(10)) if c.isdigit() else c for c in text[1:])
        return figures[text]

    unit = rows["results"][0][results.index("unit")]
    made: dict[str, list[tuple[Any, ...]]] = {"facts": []}
    for row in rows["facts"]:
        values = list(row)
        if values[at["row"]] not in printed:
            values[at["row"]] = another(values[at["row"]])
        value = values[at["value"]]
        if value is not None and values[at["measure"]] != "date" and value.strip("0.") not in ("", "1"):
            whole, _, places = value.partition(".")
            sign = "-" if whole.startswith("-") else ""
            number = plain(f"{whole.lstrip('-')}.{places}")
            if values[at["measure"]] == "分" and numbers.randrange(7):
                marks.add(number)
            values[at["value"]] = sign + (number if number in marks else figure(number))
        if values[at["text_hash"]] is not None:
            values[at["text"]], values[at["text_hash"]] = another(values[at["text"]]), numbers.getrandbits(64)
        made["facts"].append(tuple(values))
    if len(unit) > 3:
        another(unit)
    longest = sorted((word for word in words if len(word) > 3), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)) or "(?!)")

    def text(value: Any, name: str) -> Any:
        if not isinstance(value, str):
            return value
        if name == "document":
            value = AMOUNT.sub(lambda found: found[0] if plain(found[0]) in marks else figure(plain(found[0])), value)
        return pattern.sub(lambda found: words[found[0]], value)

    for table in ("results", "findings", "scores", "outcomes"):
        names = TABLES[table].names[1:]
        made[table] = [tuple(map(text, row, names)) for row in rows[table]]
    sha256 = hashlib.sha256(numbers.randbytes(8)).hexdigest()
    first = dict(zip(results, made["results"][0], strict=True))
    first["document"] = re.sub(r'"sha256":"\w*"', f'"sha256":"{sha256}"', first["document"])
    made["results"] = [(*{**first, "sha256": sha256, "alone": sha256[:16]}.values(),)]
    ids = TABLES["findings"].names.index("id") - 1
    document = TABLES["findings"].names.index("document") - 1
    for number, finding in enumerate(made["findings"]):
        values = list(finding)
        values[document] = values[document].replace(values[ids], new := f"{numbers.getrandbits(48):012x}")
        values[ids] = new
        made["findings"][number] = tuple(values)
    return made


def simulate(session: Session, names: Sequence[str], count: int) -> Iterator[tuple[str, Rows]]:
    real, numbers, printed = samples(session, names), random.Random(11), official(session)
    vocabulary = words_of(real)
    for number in range(count):
        rows = varied(real[number % len(real)], numbers, printed, vocabulary)
        yield hashlib.sha256(f"{names} {number}".encode()).hexdigest()[:16], rows


def listed(number: int) -> tuple[Any, ...]:
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    return (filling.RUN, f"市本级/{number:05d}.xlsx", sha256[:16], sha256, 20000 + number, "2025-02-01T00:00:00", False)


def weigh(folder: Path) -> None:
    session, whole, rows, seconds = Session(), 0.0, 0, 0.0
    print("bytes per workbook:")
    for kind, (share, names) in KINDS.items():
        out = folder / kind
        spools, several = [], []
        for number, (result, made) in enumerate(simulate(session, names, VARIED), 1):
            several.append((result, made))
            rows += sum(map(len, made.values()))
            if number % 16 == 0 or number == VARIED:
                spools.append(spool.write(out, f"{number:06d}", several))
                several = []
        start = time.perf_counter()
        sealed = seal(out, spools, "all")
        seconds += time.perf_counter() - start
        assert sealed is not None
        assert sealed.results == VARIED
        write_run(out, filling.run_row(files=VARIED), list(map(listed, range(VARIED))), [], [])
        sizes = {
            table: sum(file.stat().st_size for file in (out / "store" / table).iterdir()) / VARIED
            for table in (*BY_RESULT, "files")
        }
        total = sum(sizes.values())
        whole += total * share / 100
        print(f"  {kind}: {total:,.0f} ({', '.join(f'{table} {size:.0f}' for table, size in sizes.items())})")
    print(f"  together, in shares of {', '.join(str(share) for share, _ in KINDS.values())}: {whole:,.0f} (bar: 1,024)")
    print(f"sealing: {rows / seconds:,.0f} rows/s, {VARIED * len(KINDS) / seconds:,.0f} workbooks/s")


def main() -> None:
    workbooks = int(sys.argv[1]) if len(sys.argv) > 1 else WORKBOOKS
    with tempfile.TemporaryDirectory() as folder:
        weigh(Path(folder, "weigh"))
        ask(Path(folder, "ask"), workbooks)


if __name__ == "__main__":
    main()
