"""The files of the store as they are read: ``store/<table>/<part>.parquet``, written once, whole, and never changed.

A part of results is one file in each table. That in ``results`` is written last, and without it the others do not
count: a process that dies in between leaves nothing behind that anybody reads. A result that two processes sealed at
the same time, or that stands in a part and in the one that was compacted from it, is read from one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.audit.store.tables import BY_RESULT, BY_RUN, TABLES
from checker.errors import UsageError
from checker.messages import tr

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["SEALING", "Limits", "connect", "duckdb", "library", "part_file", "part_files", "quoted"]


class Limits(NamedTuple):
    """What DuckDB may use; what does not fit into its memory it keeps in a temporary folder."""

    memory: str = "512MB"
    threads: int = 2


DEFAULT = Limits()
#: Sealing goes file by file: another thread is hardly quicker and holds as much again.
SEALING = Limits(threads=1)


@contextmanager
def connect(
    folder: Path, limits: Limits = DEFAULT, parts: Sequence[str] | None = None, *, heads: bool = False
) -> Iterator[DuckDBPyConnection]:
    """A DuckDB connection in which all that is kept below ``folder``, of all runs, stands in views ``kept.results``,
    ``kept.findings``, … with the columns of ``tables``; only the results of ``parts``, if they are named. With
    ``heads`` only ``results``, ``files`` and ``runs``, which is quicker: each table is looked into.

    Raises ``UsageError`` where DuckDB is not installed or the store is damaged.
    """
    with duckdb(limits) as connection:
        try:
            connection.execute("CREATE SCHEMA kept")
            of_results, of_runs = (BY_RESULT[-1:], ("files", "runs")) if heads else (BY_RESULT, BY_RUN)
            _keep(connection, folder, of_results, "result", _parts(folder, "results") if parts is None else parts)
            _keep(connection, folder, of_runs, "run", _parts(folder, "runs"))
        except library().Error as error:
            raise UsageError(
                "STORE_DAMAGED",
                tr("The store cannot be read: {reason}.", reason=str(error).partition("\n")[0]),
                tr(
                    "See what was changed with `checker ledger verify`, or check everything again with `checker audit "
                    "--fresh`."
                ),
                str(folder / "store"),
            ) from error
        yield connection


@contextmanager
def duckdb(limits: Limits = DEFAULT) -> Iterator[DuckDBPyConnection]:
    """A DuckDB connection with nothing in it. Raises ``UsageError`` where DuckDB is not installed."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="checker-") as spill:
        connection: DuckDBPyConnection = library().connect(
            config={
                "memory_limit": limits.memory,
                "threads": limits.threads,
                "temp_directory": spill,
                "autoinstall_known_extensions": False,  # nothing is ever fetched
                "autoload_known_extensions": False,
            }
        )
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()


def part_file(folder: Path, table: str, part: str) -> Path:
    return folder / "store" / table / f"{part}.parquet"


def part_files(folder: Path, table: str) -> list[Path]:
    """The files of ``table``, in the order of their names."""
    return sorted((folder / "store" / table).glob("*.parquet"))


def _parts(folder: Path, table: str) -> list[str]:
    return [file.stem for file in part_files(folder, table)]


def library() -> Any:
    """The module itself."""
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(
            "EXTRA_MISSING",
            tr("The store needs DuckDB, which is not installed."),
            tr("Install it with: {command}", command='pip install "jixiao-checker[audit]"'),
        ) from error
    return duckdb


def _keep(connection: DuckDBPyConnection, folder: Path, tables: Sequence[str], key: str, parts: Sequence[str]) -> None:
    """Views over ``parts``. In the last of ``tables`` each ``key`` stands once."""
    head = tables[-1]
    several = False
    for name in (head, *tables[:-1]):
        columns = ", ".join(quoted(column.name) for column in TABLES[name].columns)
        if not parts:
            nothing = ", ".join(f"NULL::{column.type} AS {quoted(column.name)}" for column in TABLES[name].columns)
            connection.execute(f"CREATE VIEW kept.{name} AS SELECT {nothing} WHERE false")
            continue
        files = [str(part_file(folder, name, part)) for part in parts]
        connection.read_parquet(files, filename=True).create_view(f"sealed_{name}")
        if name == head:
            several = connection.execute(f"SELECT count(*) > count(DISTINCT {key}) FROM sealed_{name}").fetchall()[0][0]
            if several:
                connection.execute(
                    f"CREATE TABLE part_of_{key} AS SELECT {key}, min(parse_filename(filename)) AS part "
                    f"FROM sealed_{name} GROUP BY {key} HAVING count(*) > 1"
                )
        connection.execute(f"CREATE VIEW kept.{name} AS SELECT {columns} FROM sealed_{name}")
        if several:
            connection.execute(
                f"CREATE OR REPLACE VIEW kept.{name} AS SELECT {columns} FROM sealed_{name} AS here WHERE NOT EXISTS "
                f"(FROM part_of_{key} AS one WHERE one.{key} = here.{key} AND one.part <> parse_filename(filename))"
            )


def quoted(name: str) -> str:
    """A name in SQL. Only those of our own tables and columns are ever put into a statement; everything else is a
    parameter of it."""
    return f'"{name}"'
