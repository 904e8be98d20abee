"""What the store knows already, so that it need not be done again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.audit.execution.keys import Keys
from checker.audit.execution.worker import Judged
from checker.audit.intake.sources import Source, content, statements
from checker.audit.store.parts import connect, part_files
from checker.errors import CheckerError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["LastRun", "by_result", "known_files", "last_run"]

#: Files are read ahead, because a network answers late.
_READERS: Final = 8
_COLUMNS: Final = "'', result, alone, sha256, unit, year, status, errors, warnings, notes, coalesce(error_code, '')"


def known_files(folder: Path, sources: Iterable[Source], keys: Keys) -> dict[str, Judged]:
    """By name, what the store has of sources whose content it knows; where they were judged together with others, that.
    What a file comes to by itself is looked up by its content."""
    if not part_files(folder, "results"):
        return {}

    def alone(source: Source) -> tuple[str, str]:
        try:
            return source.name, keys.alone(sha256(content(source.name)).hexdigest(), statements(source.name))
        except CheckerError:  # told by whoever judges it
            return source.name, ""

    with ThreadPoolExecutor(_READERS) as readers:
        wanted = dict(readers.map(alone, sources))
    with connect(folder, heads=True) as connection:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM kept.results WHERE alone IN (SELECT unnest($alone)) "
            "ORDER BY alone, result <> alone",
            {"alone": [*wanted.values()]},
        ).fetchall()
    found: dict[str, Judged] = {}
    for row in rows:
        judged = Judged(*row)
        if judged.alone:
            found.setdefault(judged.alone, judged)
    return {name: found[key]._replace(source=name) for name, key in wanted.items() if key in found}


def by_result(connection: DuckDBPyConnection, results: Iterable[str]) -> Mapping[str, Judged]:
    """By result, those that the store has; ``source`` is empty."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM kept.results WHERE result IN (SELECT unnest($results))", {"results": [*results]}
    ).fetchall()
    return {judged.result: judged for judged in (Judged(*row) for row in rows)}


class LastRun(NamedTuple):
    """The last complete run; ``results`` by source."""

    run: str
    rules: str
    engine: str
    options: str
    results: Mapping[str, str]

    def same(self, rules: str, engine: str, options: str, results: Mapping[str, str]) -> bool:
        """Whether another run would say nothing else."""
        return (self.rules, self.engine, self.options, self.results) == (rules, engine, options, results)


def last_run(folder: Path) -> LastRun | None:
    with connect(folder, heads=True) as connection:
        rows = connection.execute(
            "SELECT run, rules, engine, options FROM kept.runs WHERE status = 'complete' "
            "ORDER BY started DESC, run DESC LIMIT 1"
        ).fetchall()
        if not rows:
            return None
        results = connection.execute("SELECT source, result FROM kept.files WHERE run = $run", {"run": rows[0][0]})
        run, rules, engine, options = rows[0]
        return LastRun(run, rules, engine, options, dict(results.fetchall()))
