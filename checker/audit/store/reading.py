"""The store as it is read: one run of all that is kept, in views, and as the documents that reports are made of.

with open_store(folder) as store:
    store.connection.execute("SELECT unit, count(*) FROM findings GROUP BY unit").fetchall()
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from checker.audit.store.buckets import in_buckets
from checker.audit.store.history import CHANGES
from checker.audit.store.parts import DEFAULT, Limits, connect
from checker.audit.store.sealing import Run, Sealed, compact, seal, write_run
from checker.audit.store.thin import whole
from checker.errors import UsageError
from checker.messages import tr

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Limits", "Run", "Sealed", "Store", "compact", "connect", "open_store", "seal", "write_run"]


class Store:
    """One run of a store. ``connection`` is for reading, by the views that ``docs/store.md`` describes."""

    def __init__(self, folder: Path, connection: DuckDBPyConnection, run: Run, before: Run | None) -> None:
        self.folder = folder
        self.connection = connection
        self.run = run
        #: The last complete run before it, which ``changes`` compares it with.
        self.before = before

    def documents(self) -> Iterator[dict[str, Any]]:
        """Every workbook of the run in the order of ``number``, as ``workbooks[]`` of ``schemas/report.schema.json``
        has it; ``path`` is the source. Memory does not grow with the run."""
        ((count,),) = self.connection.execute("SELECT count(*) FROM chosen").fetchall()
        for workbooks, findings, scores in zip(
            *(in_buckets(self.connection, query, count) for query in _DOCUMENTS), strict=True
        ):
            for number in sorted(workbooks):
                ((*columns, document),) = workbooks[number]
                rest = json.loads(document)
                if rest["error"]:  # a result does not know what its file is called
                    rest["error"]["where"] = columns[0] + rest["error"]["where"].removeprefix(columns[0])
                yield {
                    **dict(zip(_COLUMNS, columns, strict=True)),
                    **rest,
                    "findings": _nested(sorted(findings.get(number, ()))),
                    "scores": [whole(json.loads(score)) for *_, score in sorted(scores.get(number, ()))],
                }


#: What stands in columns of its own is not in the document of a workbook.
_COLUMNS: Final = ("path", "sha256", "pack", "unit", "year", "status")
#: What documents are made of.
_DOCUMENTS: Final = (
    "SELECT number, source, sha256, pack, unit, year, status, document FROM workbooks",
    "SELECT number, ordinal, parent, document FROM findings",
    "SELECT number, scheme, form, sheet, document FROM scores WHERE ordinal = 0",
)


@contextmanager
def open_store(folder: str | Path, run: str | None = None, limits: Limits = DEFAULT) -> Iterator[Store]:
    """The store below ``folder`` (``OUT/store``), as ``run`` saw it; None: the last complete run.

    Raises ``UsageError`` if there is no such run, or the store cannot be read.
    """
    folder = Path(folder)
    with connect(folder, limits) as connection:
        chosen = _run(connection, folder, run)
        before = _last(connection, "status = 'complete' AND (started, run) < ($started, $run)", chosen)
        connection.execute(
            "CREATE TABLE chosen AS SELECT row_number() OVER (ORDER BY source) - 1 AS number, files.* EXCLUDE (run), "
            "unit, unit_key, year FROM kept.files AS files JOIN kept.results USING (result) WHERE run = $run",
            {"run": chosen.run},
        )
        connection.execute(
            "CREATE TABLE run_before AS SELECT files.* EXCLUDE (run), unit, unit_key, year "
            "FROM kept.files AS files JOIN kept.results USING (result) WHERE run = $run",
            {"run": before.run if before else ""},
        )
        connection.execute("CREATE TABLE this_run AS FROM kept.runs WHERE run = $run", {"run": chosen.run})
        for view in _VIEWS:
            connection.execute(view)
        yield Store(folder, connection, chosen, before)


#: In the words of ``chosen``: the files of this run, numbered.
_PLACE: Final = "number, source, chosen.unit, chosen.year"
_VIEWS: Final = (
    "CREATE VIEW workbooks AS SELECT chosen.* EXCLUDE (unit, unit_key, year), results.* EXCLUDE (result, sha256) "
    "FROM chosen JOIN kept.results AS results USING (result)",
    *(
        f"CREATE VIEW {table} AS SELECT {_PLACE}, {table}.* FROM chosen JOIN kept.{table} AS {table} USING (result)"
        for table in ("findings", "outcomes", "facts", "scores")
    ),
    "CREATE VIEW submissions AS SELECT submissions.* EXCLUDE (run) FROM kept.submissions AS submissions "
    "SEMI JOIN this_run USING (run)",
    "CREATE VIEW rules AS SELECT DISTINCT ON (rule) * EXCLUDE (rules) FROM kept.rules AS rules "
    "SEMI JOIN this_run USING (rules) ORDER BY rule",
    "CREATE VIEW runs AS SELECT * FROM kept.runs ORDER BY started, run",
    *CHANGES,
)


def _run(connection: DuckDBPyConnection, folder: Path, name: str | None) -> Run:
    if name is None:
        found = _last(connection, "status = 'complete'")
    else:
        found = _last(connection, "run = $run", Run(name, datetime.min, None, "", "", "", "", 0, 0))
    if found is not None:
        return found
    runs = connection.execute("SELECT run, status FROM kept.runs ORDER BY started, run").fetchall()
    raise UsageError(
        "RUN_UNKNOWN",
        tr("The store has no complete run.") if name is None else tr("The store has no run {run}.", run=name),
        tr("It has: {runs}.", runs=", ".join(f"{run} ({status})" for run, status in runs) or "-"),
        str(folder),
    )


def _last(connection: DuckDBPyConnection, condition: str, run: Run | None = None) -> Run | None:
    given = {name: getattr(run, name) for name in ("started", "run") if f"${name}" in condition}
    rows = connection.execute(
        f"SELECT {', '.join(Run._fields)} FROM kept.runs WHERE {condition} ORDER BY started DESC, run DESC LIMIT 1",
        given,
    ).fetchall()
    return Run(*rows[0]) if rows else None


def _nested(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Findings with their consequences below them."""
    every: dict[int, dict[str, Any]] = {}
    tops: list[dict[str, Any]] = []
    for ordinal, parent, document in rows:
        finding = every[ordinal] = {**json.loads(document), "consequences": []}
        (tops if parent is None else every[parent]["consequences"]).append(finding)
    return tops
