"""What stands around the workbooks of a run: the run itself, its packs and rules, what was checked in each workbook,
and what has changed since the run before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.audit.bureau.forms import Forms
from checker.model.form import ColumnKind
from checker.model.outcome import Status
from checker.model.report import PackUsed, Report
from checker.reports.figures import PERCENT
from checker.reports.words import patch_words
from checker.values.lexicon import Lexicon

if TYPE_CHECKING:
    from checker.audit.store.reading import Store
    from checker.packs.load import LoadedPacks

__all__ = ["CHECKED", "Around", "Rate", "code_of", "of_report", "of_store"]

#: What a rule came to in a workbook, in a letter; where places differ, the one that a reader must know of.
CHECKED: Final = "p"
_CODES: Final = (
    (Status.BROKEN, "b"),
    (Status.INSUFFICIENT, "i"),
    (Status.UNDECIDED, "u"),
    (Status.FAIL, CHECKED),
    (Status.WAIVED, CHECKED),
    (Status.TAIL, CHECKED),
    (Status.PASS, CHECKED),
    (Status.NOT_APPLICABLE, "n"),
)
_MOST_RATES: Final = 12


class Rate(NamedTuple):
    """A rate that the forms hold: by workbook number, in per cent."""

    form: str
    column: str
    values: Mapping[int, str]


class Around(NamedTuple):
    """``profiles`` are texts like ``XX-0001p XX-0002i``: the rules that concerned the workbook, with their letter.
    ``whole`` is whether they name the rules that passed, too. ``reasons`` are, by workbook number, why rules did not
    answer, as JSON: ``{"XX-0002": [["…", "…"]]}``."""

    head: Mapping[str, Any]
    packs: Sequence[Mapping[str, Any]]
    #: Of units: what they measure, and how many of its first unit they are.
    factors: Mapping[str, tuple[str, str]]
    rules: Mapping[str, Mapping[str, Any]] = {}
    profiles: Mapping[int, str] = {}
    whole: bool = False
    changes: Mapping[tuple[int, str], str] = {}
    gone: Sequence[Mapping[str, Any]] = ()
    rates: Sequence[Rate] = ()
    awaits: Mapping[int, Sequence[str]] = {}
    reasons: Mapping[int, str] = {}


def code_of(statuses: Iterable[str]) -> str:
    """The letter for a rule that came to ``statuses`` in a workbook."""
    found = set(statuses)
    return next((code for status, code in _CODES if status in found), "n")


def of_report(report: Report, lexicon: Lexicon) -> Around:
    """What a report says of itself. It was made just now and is not kept, so it has no run."""
    return Around({}, [_pack(pack) for pack in report.packs], _factors(lexicon))


def of_store(store: Store, loaded: LoadedPacks) -> Around:
    """What the store knows of its run. The packs tell how well their sources are known, which figures are rates, and
    how large a unit is: the store does not."""
    run = store.run
    used = _rows(store, "SELECT DISTINCT pack, edition FROM workbooks WHERE pack <> '' ORDER BY ALL")
    changes, gone = _changes(store)
    return Around(
        {
            "run": run.run,
            "started": run.started.isoformat(),
            "finished": run.finished.isoformat() if run.finished else None,
            "engine": run.engine,
            "rules": run.rules,
            "status": run.status,
            "reused": run.reused,
            "ledger": run.ledger,
            "before": store.before.run if store.before else None,
        },
        [_pack(_used(loaded, *pack)) for pack in used],
        _factors(Lexicon(loaded.lexicon)),
        dict(_rules(store)),
        dict(_profiles(store)),
        True,
        changes,
        gone,
        list(_rates(store, loaded)),
        dict(_rows(store, "SELECT number, awaits FROM workbooks WHERE len(awaits) > 0")),
        dict(_reasons(store)),
    )


def _used(loaded: LoadedPacks, name: str, edition: str) -> PackUsed:
    pack = loaded.packs.get(name)
    if pack is None or pack.edition != edition:
        return PackUsed(name, edition, "", "")
    return PackUsed(name, edition, pack.digest, pack.status, (*pack.remarks, *patch_words(pack.patches)))


def _pack(pack: PackUsed) -> dict[str, Any]:
    remarks = [[*remark] for remark in pack.remarks]
    return {"id": pack.id, "edition": pack.edition, "status": pack.status, "remarks": remarks}


def _factors(lexicon: Lexicon) -> dict[str, tuple[str, str]]:
    return {name: (unit.dimension, str(unit.factor)) for name, unit in lexicon.units.items()}


def _rows(store: Store, query: str, parameters: Mapping[str, object] = {}) -> Iterator[tuple[Any, ...]]:
    cursor = store.connection.cursor()
    try:
        cursor.execute(query, dict(parameters))
        while rows := cursor.fetchmany(1000):
            yield from rows
    finally:
        cursor.close()


def _rules(store: Store) -> Iterator[tuple[str, Mapping[str, Any]]]:
    columns = "rule, pack, name, title_zh, title_en, severity, document, article, remedy_zh, remedy_en, catalogue"
    for rule, pack, name, zh, en, severity, document, article, *remedy, catalogue in _rows(
        store, f"SELECT {columns} FROM rules"
    ):
        yield (
            rule,
            {
                "pack": pack,
                "name": name,
                "title": {"zh": zh, "en": en},
                "severity": severity,
                "source": {"document": document, "article": article},
                "remedy": {"zh": remedy[0], "en": remedy[1]} if any(remedy) else None,
                "catalogue": list(catalogue),
            },
        )


def _profiles(store: Store) -> Iterator[tuple[Any, ...]]:
    letter = " ".join(f"WHEN {status} > 0 THEN '{code}'" for status, code in _CODES)
    worst = f"string_agg(rule || CASE {letter} ELSE 'n' END, ' ' ORDER BY rule)"
    return _rows(store, f"SELECT number, {worst} FROM outcomes GROUP BY number ORDER BY number")


def _reasons(store: Store) -> Iterator[tuple[int, str]]:
    """Most workbooks lack the same as others do: what is the same is kept once."""
    kept: dict[str, str] = {}
    told = "'{' || string_agg(to_json(rule) || ':' || reasons, ',' ORDER BY rule) || '}'"
    query = f"SELECT number, {told} FROM outcomes WHERE reasons IS NOT NULL GROUP BY number"
    for number, reasons in _rows(store, query):
        yield number, kept.setdefault(reasons, reasons)


def _rates(store: Store, loaded: LoadedPacks) -> Iterator[Rate]:
    """The rates that most workbooks hold: of each workbook the one of the whole, or the topmost."""
    forms = Forms(loaded.packs.values(), loaded.labels, Lexicon(loaded.lexicon))
    columns = [one for one in forms.columns() if one.kind == ColumnKind.PERCENT and one.table]
    rows = _rows(
        store,
        'WITH rates AS (SELECT unnest($forms) AS form, unnest($tables) AS "table", unnest($columns) AS "column", '
        "unnest($totals) AS total) "
        'SELECT form, "column", number, arg_min(value::VARCHAR, ("row" <> total, length(cell), cell)) '
        'FROM facts JOIN rates USING (form, "table", "column") WHERE measure = $rate AND value IS NOT NULL '
        'GROUP BY form, "table", "column", number ORDER BY ALL',
        {
            "forms": [one.form for one in columns],
            "tables": [one.table for one in columns],
            "columns": [one.column for one in columns],
            "totals": [one.total for one in columns],
            "rate": PERCENT,
        },
    )
    found: dict[tuple[str, str], dict[int, str]] = {}
    for form, column, number, value in rows:
        found.setdefault((form, column), {}).setdefault(number, value)
    most = sorted(found.items(), key=lambda item: -len(item[1]))
    yield from (Rate(*name, values) for name, values in most[:_MOST_RATES])


def _changes(store: Store) -> tuple[Mapping[tuple[int, str], str], Sequence[Mapping[str, Any]]]:
    """Which findings are new, by workbook and id; and those of the run before that are not there any more."""
    changes = {
        (number, finding): change
        for number, finding, change in _rows(
            store,
            "SELECT beside.number, changes.id, change FROM changes JOIN subjects USING (number) "
            "JOIN subjects AS beside USING (subject)",
        )
    }
    names = ("change", "id", "rule", "severity", "unit", "year", "source", "sheet", "cell", "label")
    gone = _rows(
        store, f"SELECT {', '.join(names)} FROM changes WHERE number IS NULL ORDER BY unit, year, source, rule, id"
    )
    return changes, [dict(zip(names, row, strict=True)) for row in gone]
