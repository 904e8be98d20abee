"""Stores to test and measure with: one of real samples, and large ones made of it by SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from datetime import datetime
from pathlib import Path

from checker.audit.store import spool
from checker.audit.store.reading import Run, connect, seal, write_run
from checker.audit.store.rows import rows_of, rows_of_rules
from checker.audit.store.tables import TABLES
from checker.scores import scored
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
RUN, DIGEST = "20250301T080000-0001", "0123456789abcdef"
#: Clean, erroneous, published and unreadable; of every pack with scores.
SAMPLES = (
    "cn-project/clean/全套项目表.xlsx",
    "cn-project/errors/执行率计算错误.xlsx",
    "cn-project/errors/资金总额不等于来源合计.xlsx",
    "cn-project/errors/金额无法识别.xlsx",
    "cn-department/errors/评分表扣分无原因.xlsx",
    "cn-final-accounts/clean/全国表样元.xlsx",
    "cn-final-accounts/errors/02行合计错误.xlsx",
    "gd-department-2021/clean/年度整体自评.xlsx",
    "gd-department-2021/errors/三公控制率错误.xlsx",
    "gd-department-2022/published/海珠区科协2022.xlsx",
    "hn-department/errors/预算控制率得分偏高.xlsx",
    "hn-department/published/资阳区科协2021.xlsx",
)


def result_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def run_row(run: str = RUN, *, status: str = "complete", files: int = 0, reused: int = 0) -> Run:
    started = datetime.strptime(run[:15], "%Y%m%dT%H%M%S")
    return Run(run, started, started, "0.1.0", DIGEST, "{}", status, files, reused)


def add_run(
    session: Session, folder: Path, paths: Sequence[Path], run: str = RUN, *, status: str = "complete", part: str = ""
) -> list[str]:
    """Assess the workbooks, seal their rows, keep the run; gives the results in the order of ``paths``."""
    together, files, submissions = [], [], []
    for path in paths:
        data = path.read_bytes()
        result = result_of(data)
        assessed = session.assess(path)
        together.append((result, rows_of(assessed, scored(session, assessed).scores)))
        report = assessed.report
        digest = hashlib.sha256(data).hexdigest()
        files.append((run, str(path), result, digest, len(data), "2025-02-01T00:00:00", False))
        submissions.append((run, report.unit, report.year, [str(path)], []))
    spooled = spool.write(folder, f"m-{run}", together)
    seal(folder, [spooled], part or f"shard-{run}")
    spooled.unlink()
    rules = rows_of_rules(DIGEST, session.loaded.packs.values())
    write_run(folder, run_row(run, status=status, files=len(files)), files, submissions, rules)
    return [result for result, _ in together]


def sample_store(folder: Path, session: Session | None = None, further: Sequence[Path] = ()) -> Path:
    """A store of a dozen real samples, a file that is no workbook, and ``further`` ones."""
    broken = folder / "不是表格.xlsx"
    folder.mkdir(parents=True, exist_ok=True)
    broken.write_text("<html>not a workbook</html>", encoding="utf-8")
    add_run(session or Session(), folder, [*(WORKBOOKS / name for name in SAMPLES), broken, *further])
    return folder


def synthetic_store(
    folder: Path,
    workbooks: int = 20_000,
    *,
    parts: int = 20,
    sample: Path | None = None,
    units: int = 0,
    times: int = 1,
    without: Container[str] = (),
) -> Path:
    """A store of so many workbooks, each like a sample, with figures and finding ids of its own, and a unit of its own
    or one of ``units``, which its documents name too. It has each finding so many ``times``. Tables ``without`` rows
    are empty."""
    template = sample or sample_store(folder / "template")
    out = folder / "store"
    with connect(template) as connection:
        connection.execute(
            "CREATE TABLE made AS SELECT n, substr(sha256(n::VARCHAR), 1, 16) AS result, old.result AS old, "
            "old.unit AS old_unit, printf('%s（%05d）', if(old.unit = '', '示例单位', old.unit), n % $units) AS unit, "
            "printf('市本级/%03d/%05d.xlsx', n // 100, n) AS source FROM range($count) AS numbers(n) "
            "JOIN (SELECT *, row_number() OVER (ORDER BY result) - 1 AS k FROM kept.results) AS old "
            "ON k = n % (SELECT count(*) FROM kept.results)",
            {"count": workbooks, "units": units or workbooks},
        )
        document = "if(old_unit = '', document, replace(document, old_unit, made.unit)) AS document"
        unit = "if(t.unit = '', '', made.unit)"
        replaced = {
            "results": f"REPLACE (sha256(n::VARCHAR) AS sha256, made.result AS alone, {unit} AS unit, "
            f"{unit} AS unit_key, {document})",
            "findings": "REPLACE (substr(md5(id || n || again), 1, 12) AS id, "
            f"difference * (1 + n % 97) AS difference, {document}, "
            "ordinal + again * 1000 AS ordinal, parent + again * 1000 AS parent)",
            "outcomes": "",
            "facts": "REPLACE (CASE WHEN value IN (0, 100) OR measure IN ('%', 'date') OR value IS NULL THEN value "
            "ELSE round(value * (1 + (hash(n, cell) % 10000) / 10000), 2) END AS value)",
            "scores": f"REPLACE ({document})",
        }

        def put(table: str, part: str, query: str) -> None:
            file = out / table / f"{part}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            connection.sql(query).write_parquet(str(file), compression="zstd")

        for table, replacing in replaced.items():
            again = f", range({times}) AS times(again)" if table == "findings" else ""
            order = ", ".join(f't."{name}"' if name != "result" else "made.result" for name in TABLES[table].order)
            for part in range(parts):
                first, last = workbooks * part // parts, workbooks * (part + 1) // parts
                put(
                    table,
                    f"shard-{part:03d}",
                    f"SELECT made.result, t.* EXCLUDE (result) {replacing} FROM made "
                    f"JOIN kept.{table} AS t ON t.result = made.old{again} "
                    f"WHERE n >= {first} AND n < {last} AND {table not in without} ORDER BY {order}",
                )
        put(
            "files",
            RUN,
            f"SELECT '{RUN}' AS run, source, result, sha256(n::VARCHAR) AS sha256, 20000::BIGINT AS size, "
            "'2025-02-01T00:00:00' AS modified, false AS reused FROM made ORDER BY source",
        )
        put(
            "submissions",
            RUN,
            f"SELECT '{RUN}' AS run, made.unit, t.year, [source] AS sources, []::VARCHAR[] AS prior "
            "FROM made JOIN kept.results AS t ON t.result = made.old WHERE t.status <> 'unread' ORDER BY ALL",
        )
        put("rules", RUN, "FROM kept.rules")
        put("runs", RUN, f"SELECT * REPLACE ({workbooks} AS files) FROM kept.runs")
    return folder
