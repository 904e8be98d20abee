"""Writing to the store: spool files become parts, runs are kept, many small parts become one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from checker.audit.store.ledger import digest_of_files
from checker.audit.store.parts import DEFAULT, SEALING, Limits, connect, duckdb, part_file, part_files, quoted
from checker.audit.store.spool import LARGEST_LINE, write_tables
from checker.audit.store.tables import BY_RESULT, BY_RUN, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Decision", "Run", "Sealed", "compact", "seal", "sha256_of", "write_run"]

#: So many parts are read nearly as quickly as one.
MOST_PARTS: Final = 200
#: Results of a part that needs no compacting; what is sorted when a part is written must fit into memory.
LARGEST_PART: Final = 10_000
#: A fifth smaller than by default, for hardly more time; higher levels take long and gain little.
_LEVEL: Final = 9

#: Spool files whose rows lie about as they are.
_COMPRESSED_AT_ONCE: Final = 8

Stored = tuple[tuple[str, str], ...]
_About = TypeVar("_About")


class Decision(NamedTuple):
    """An explanation or waiver that counted: of which finding of which result, and who gave it."""

    result: str
    finding: str
    rule: str
    kind: str
    by: str


class Sealed(NamedTuple):
    """A part that was written: its files (``findings/<part>.parquet``) with their SHA-256, and what is in it.
    ``workbooks`` is one hash over those of its workbooks."""

    part: str
    files: Stored
    results: int
    findings: int
    workbooks: str
    decisions: tuple[Decision, ...] = ()


class Run(NamedTuple):
    """A row of table ``runs``. ``options`` is JSON; times are UTC; ``ledger`` is known once the run is kept."""

    run: str
    started: datetime
    finished: datetime | None
    engine: str
    rules: str
    options: str
    status: str
    files: int
    reused: int
    ledger: str | None = None


def seal(
    folder: Path,
    spools: Iterable[Path],
    part: str,
    limits: Limits = SEALING,
    record: Callable[[Sealed], object] | None = None,
    superseded: Iterable[str] = (),
) -> Sealed | None:
    """Make a part of spool files. Its name is ``part`` and a hash of what is in it: sealing the same again gives the
    same part. Results that the store has already, and those that are ``superseded``, are left out; None if nothing is
    left.

    ``record`` is called when all is written and nothing counts yet (the ledger's ``part_sealed``). The spool files
    stay; they can go when this returns. Raises ``OSError`` and ``UsageError``.
    """
    given = sorted(map(str, spools))
    if not given:
        return None
    with connect(folder, limits) as connection:
        _unspool(connection, given, BY_RESULT)
        connection.execute(
            "CREATE TABLE new AS SELECT result, min(filename) AS filename, min(sha256) AS sha256 "
            "FROM spooled.results ANTI JOIN kept.results USING (result) "
            "WHERE result NOT IN (SELECT unnest($superseded::VARCHAR[])) GROUP BY result",
            {"superseded": [*superseded]},
        )
        new = connection.execute("SELECT result, sha256 FROM new ORDER BY result").fetchall()
        if not new:
            return None
        name = f"{part}-{hashlib.sha256(''.join(result for result, _ in new).encode()).hexdigest()[:8]}"
        selections = {
            table: f"SELECT * FROM spooled.{table} SEMI JOIN new USING (result, filename)" for table in BY_RESULT
        }

        def about(files: Stored, drafts: Mapping[str, Path]) -> Sealed:
            count, decisions = _findings(connection, drafts["findings"])
            sealed = Sealed(name, files, len(new), count, digest_of_files(new), decisions)
            if record is not None:
                record(sealed)
            return sealed

        return _write(connection, folder, name, selections, about)


def _findings(connection: DuckDBPyConnection, file: Path) -> tuple[int, tuple[Decision, ...]]:
    """How many there are in one file, and what was decided about them."""
    given = {"files": [str(file)]}
    ((count,),) = connection.execute("SELECT count(*) FROM read_parquet($files)", given).fetchall()
    said = connection.execute(
        "SELECT result, id, rule, document ->> '$.explanation.kind', coalesce(document ->> '$.explanation.by', '') "
        "FROM read_parquet($files) WHERE status = 'waived' ORDER BY result, ordinal",
        given,
    )
    return count, tuple(Decision(*row) for row in said.fetchall())


def write_run(
    folder: Path,
    run: Run,
    files: Iterable[tuple[Any, ...]],
    submissions: Iterable[tuple[Any, ...]],
    rules: Iterable[tuple[Any, ...]],
    limits: Limits = SEALING,
    record: Callable[[Stored], str] | None = None,
) -> None:
    """Keep a run, with its rows of the tables ``files``, ``submissions`` and ``rules``. Kept twice, the later counts.

    ``record`` is called when those are written and the run does not count yet, and gives the hash of the ledger's last
    entry (its ``run_ended``). Raises ``OSError`` and ``UsageError``.
    """
    spools = [folder / "spool" / f"{run.run}.{name}.jsonl.gz" for name in ("tables", "run")]
    try:
        tables = dict(zip(BY_RUN, (files, submissions, rules), strict=False))
        write_tables(spools[0], tables.items())
        with connect(folder, limits) as connection:

            def about(written: Stored, _: object) -> Stored:
                return written

            _unspool(connection, [str(spools[0])], [*tables])
            written = _write(connection, folder, run.run, {table: f"FROM spooled.{table}" for table in tables}, about)
            head = record(written) if record is not None else None
            times = [moment and moment.isoformat(sep=" ") for moment in (run.started, run.finished)]
            write_tables(spools[1], [("runs", [(run.run, *times, *run[3:-1], head)])])
            _unspool(connection, [str(spools[1])], ["runs"])
            _write(connection, folder, run.run, {"runs": "FROM spooled.runs"}, about)
    finally:
        for spool in spools:
            spool.unlink(missing_ok=True)


def compact(
    folder: Path,
    *,
    most: int = MOST_PARTS,
    largest: int = LARGEST_PART,
    limits: Limits = DEFAULT,
    record: Callable[[Sealed, Sequence[str]], object] | None = None,
) -> list[Sealed]:
    """Where there are more than ``most`` parts of fewer than ``largest`` results, make large ones of them; gives those.

    Nobody else may use the store meanwhile; whoever dies meanwhile leaves old and new parts, which is harmless.
    ``record`` is the ledger's ``parts_compacted``. Raises ``OSError`` and ``UsageError``.
    """
    with duckdb(limits) as connection:
        query = "SELECT count(*) FROM read_parquet($file)"
        sizes = {
            file.stem: int(connection.execute(query, {"file": str(file)}).fetchall()[0][0])
            for file in part_files(folder, "results")
        }
    small = [part for part, size in sizes.items() if size < largest]
    if len(small) <= most:
        return []
    groups: list[list[str]] = [[]]
    for part in small:
        if sum(sizes[other] for other in groups[-1]) + sizes[part] > largest:
            groups.append([])
        groups[-1].append(part)
    return [_compacted(folder, group, limits, record) for group in groups if len(group) > 1]


def _compacted(
    folder: Path, old: Sequence[str], limits: Limits, record: Callable[[Sealed, Sequence[str]], object] | None
) -> Sealed:
    name = f"compact-{hashlib.sha256('/'.join(old).encode()).hexdigest()[:8]}"
    with connect(folder, limits, old) as connection:
        workbooks = connection.execute("SELECT result, sha256 FROM kept.results").fetchall()

        def about(files: Stored, drafts: Mapping[str, Path]) -> Sealed:
            count, _ = _findings(connection, drafts["findings"])
            sealed = Sealed(name, files, len(workbooks), count, digest_of_files(workbooks))
            if record is not None:
                record(sealed, old)
            return sealed

        sealed = _write(connection, folder, name, {table: f"FROM kept.{table}" for table in BY_RESULT}, about)
    for table in reversed(BY_RESULT):  # the one that makes the others count goes first
        for part in old:
            part_file(folder, table, part).unlink(missing_ok=True)
    return sealed


def _write(
    connection: DuckDBPyConnection,
    folder: Path,
    part: str,
    selections: Mapping[str, str],
    about: Callable[[Stored, Mapping[str, Path]], _About],
) -> _About:
    """Write one part, of each table what its statement in ``selections`` gives: the files under other names, then
    ``about`` them, then, in that order, their names. Gives what ``about`` gave."""
    drafts: dict[str, Path] = {}
    try:
        for table, selection in selections.items():
            target = part_file(folder, table, part)
            target.parent.mkdir(parents=True, exist_ok=True)
            drafts[table] = target.with_name(f"{part}.{secrets.token_hex(4)}.part")
            columns, order = (", ".join(map(quoted, names)) for names in (TABLES[table].names, TABLES[table].order))
            connection.execute(
                f"COPY (SELECT {columns} FROM ({selection}) ORDER BY {order}) TO $draft "
                f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {_LEVEL})",
                {"draft": str(drafts[table])},
            )
        told = about(
            tuple((f"{table}/{part}.parquet", sha256_of(draft)) for table, draft in drafts.items()),
            drafts,
        )
        for table, draft in drafts.items():
            draft.replace(part_file(folder, table, part))
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return told


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _unspool(connection: DuckDBPyConnection, files: Iterable[str], tables: Sequence[str]) -> None:
    """Tables ``spooled.results``, … of all rows in spool files, with the ``filename`` of each.

    One file after the other: DuckDB keeps the buffers of all files that one statement reads. What was read is
    compressed now and then, as DuckDB does it in files.
    """
    connection.execute("ATTACH IF NOT EXISTS ':memory:' AS spooled (COMPRESS)")
    kinds = {
        name: "STRUCT({})".format(
            ", ".join(f"{quoted(column.name)} {column.type}[]" for column in TABLES[name].columns)
        )
        for name in tables
    }
    for name in tables:
        columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in TABLES[name].columns)
        connection.execute(f"CREATE OR REPLACE TABLE spooled.{name} ({columns}, filename VARCHAR)")
    for number, file in enumerate(files, 1):
        connection.execute(
            "CREATE OR REPLACE TABLE spooled.lines AS FROM read_json($file, format = 'newline_delimited', "
            f"filename = true, maximum_object_size = {LARGEST_LINE}, columns = {kinds})",
            {"file": file},
        )
        for name in tables:
            unnested = ", ".join(f"unnest({name}.{quoted(column)})" for column in TABLES[name].names)
            connection.execute(
                f"INSERT INTO spooled.{name} SELECT {unnested}, filename FROM spooled.lines WHERE {name} IS NOT NULL"
            )
        if number % _COMPRESSED_AT_ONCE == 0:
            connection.execute("CHECKPOINT spooled")
    connection.execute("DROP TABLE IF EXISTS spooled.lines")
