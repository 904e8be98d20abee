"""The figures behind a roll-up, out of the store: which files count for which unit, and what they add up to."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.audit.bureau.adjustments import Adjustment, Place
from checker.audit.bureau.expected import Roster
from checker.audit.bureau.forms import Forms
from checker.checks.subject import plain_text
from checker.errors import ReadError, UsageError
from checker.messages import tr
from checker.model.form import ColumnKind
from checker.values.numbers import CONTEXT

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = [
    "Figure",
    "Member",
    "Members",
    "Sum",
    "Summary",
    "members_of",
    "parts",
    "summary_of",
    "summary_source",
    "sums",
    "versions",
]

#: What can be added up over units; rates, marks and weights cannot.
ADDED: Final = frozenset({ColumnKind.AMOUNT, ColumnKind.COUNT})


class Figure(NamedTuple):
    """One cell of one file. ``value`` is None where it holds something that is no number: ``text``."""

    source: str
    sheet: str
    cell: str
    value: Decimal | None
    grain: Decimal
    measure: str
    text: str = ""


class Summary(NamedTuple):
    """The bureau's workbook: its figures by place; ``twice`` are places that it has several times."""

    number: int
    source: str
    sha256: str
    unit: str
    year: str
    figures: dict[Place, Figure]
    forms: frozenset[str]
    twice: frozenset[Place]


class Member(NamedTuple):
    """One form of one unit in one file that counts. ``versions`` are further files that differ from it."""

    number: int
    unit: str
    form: str
    source: str
    versions: tuple[int, ...] = ()


class Members(NamedTuple):
    """Who is added up. ``missing`` are (unit, form) of the roster without a file, ``left_out`` units that the bureau
    decided to leave out, ``strangers`` sources that belong to nobody on the roster or name no unit, ``other_years``
    sources of another year."""

    counted: tuple[Member, ...]
    missing: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    strangers: tuple[str, ...]
    other_years: tuple[str, ...]

    def of(self, form: str) -> list[Member]:
        return [member for member in self.counted if member.form == form]


class Sum(NamedTuple):
    """What the units have at one place, in one unit of measure: grains with how many figures are that coarse."""

    measure: str
    total: Decimal
    grains: tuple[tuple[Decimal, int], ...]
    figures: int
    unreadable: int


def summary_of(store: Store, path: str, forms: Forms) -> Summary:
    """The summary workbook among the files of the run. Raises ``UsageError`` if it is not there, ``ReadError`` if it
    could not be read."""
    source = summary_source(store, path)
    ((number, sha256, status, unit, year),) = store.connection.execute(
        "SELECT number, sha256, status, unit, year FROM workbooks WHERE source = $source", {"source": source}
    ).fetchall()
    if status == "unread":
        message = tr("The summary could not be read, so nothing was compared with it.")
        raise ReadError("SUMMARY_UNREAD", message, tr("See its error in the report."), path)
    added = place_is_added(forms)
    figures: dict[Place, Figure] = {}
    twice: set[Place] = set()
    printed: set[str] = set()
    for form, table, row, column, *rest in store.connection.execute(
        """SELECT form, "table", "row", "column", sheet, cell, value, coalesce(grain, 0), measure, coalesce(text, '')
           FROM facts WHERE number = $number AND text_hash IS NULL
           ORDER BY form, "table", "row", "column", sheet, cell""",
        {"number": number},
    ).fetchall():
        if (form, table, column) in added:
            place = Place(form, table, row, column)
            twice.update([place] if place in figures else ())
            figures.setdefault(place, _figure(source, *rest))
            printed.add(form)
    return Summary(number, source, sha256, unit, year, figures, frozenset(printed), frozenset(twice))


def summary_source(store: Store, path: str) -> str:
    """What the run calls the summary at ``path``. Raises ``UsageError`` if it is not there."""
    names = [name for (name,) in store.connection.execute("SELECT source FROM workbooks ORDER BY number").fetchall()]
    found = [path] if path in names else [name for name in names if _same_file(name, path)]
    if len(found) != 1:
        message = tr("The summary is not among the files of this run.")
        raise UsageError("SUMMARY_NOT_FOUND", message, tr("Name it with --summary in the run itself."), path)
    return found[0]


def _figure(
    source: str, sheet: str, cell: str, value: Decimal | None, grain: Decimal, measure: str, text: str
) -> Figure:
    """A cell as the store has it, without the zeros that fill up its columns of decimals."""
    return Figure(source, sheet, cell, None if value is None else _bare(value), _bare(grain), measure, text)


def _bare(number: Decimal) -> Decimal:
    bare = number.normalize(CONTEXT)
    return bare if int(bare.as_tuple().exponent) <= 0 else bare.quantize(Decimal(1), context=CONTEXT)


def _same_file(source: str, path: str) -> bool:
    return os.path.realpath(source) == os.path.realpath(path)


def place_is_added(forms: Forms) -> Collection[tuple[str, str, str]]:
    """Form, table and column of what can be added up."""
    return {(one.form, one.table, one.column) for one in forms.columns() if one.kind in ADDED}


def members_of(
    store: Store, summary: Summary, forms: Forms, roster: Roster | None, adjustments: Sequence[Adjustment]
) -> Members:
    """Who is added up: the units of the roster, or, without one, every unit of the run that names itself and the
    summary's year. Raises ``UsageError`` for a unit that is to be left out and is not there."""
    left_out = {plain_text(one.unit): one for one in adjustments if one.place is None}
    found: defaultdict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
    strangers, other_years, skipped, names = [], [], dict[str, None](), dict[str, str]()
    for number, source, sha256, status, unit, year, filed in store.connection.execute(
        "SELECT number, source, sha256, status, unit, year, forms FROM workbooks ORDER BY number"
    ).fetchall():
        if sha256 == summary.sha256 or status == "unread" or not summary.forms.intersection(filed):
            continue
        listed = roster.unit(unit) if roster is not None else None
        name = listed.name if listed is not None else unit
        key = plain_text(name)
        if not key or (roster is not None and listed is None):
            strangers.append(source)
        elif summary.year and year != summary.year:
            other_years.append(source)
        elif left_out.keys() & {key, plain_text(unit), *(listed.names if listed is not None else ())}:
            skipped[names.setdefault(key, name)] = None
        else:
            for form in summary.forms.intersection(filed):
                found[names.setdefault(key, name), form].append((number, sha256, source))
    missing = _missing(found, summary, roster, left_out.keys(), forms)
    _all_there(left_out.values(), skipped, roster)
    counted = [member for (unit, form), files in found.items() for member in _counted(unit, form, files, forms)]
    counted.sort(key=lambda member: (member.form, member.number))
    return Members(tuple(counted), missing, tuple(skipped), tuple(strangers), tuple(other_years))


def _counted(unit: str, form: str, files: Sequence[tuple[int, str, str]], forms: Forms) -> Iterator[Member]:
    """Identical copies count once. Files of a form that is filed for each project are added up; of any other form they
    are versions of one."""
    once = list({sha256: (number, source) for number, sha256, source in reversed(files)}.values())[::-1]
    if forms.several(form):
        yield from (Member(number, unit, form, source) for number, source in once)
    else:
        (number, source), *others = once
        yield Member(number, unit, form, source, tuple(other for other, _ in others))


def _missing(
    found: Collection[tuple[str, str]],
    summary: Summary,
    roster: Roster | None,
    left_out: Collection[str],
    forms: Forms,
) -> tuple[tuple[str, str], ...]:
    if roster is None:
        return ()
    filed = {unit for unit, _ in found}
    wanted = (
        (one.unit, form)
        for one in roster.expected
        if not summary.year or one.year == summary.year
        for form in sorted(summary.forms)
        if (forms.is_a(form, one.form) if one.form else one.unit.name not in filed)
        and not set(one.unit.names).intersection(left_out)
    )
    return tuple(dict.fromkeys((unit.name, form) for unit, form in wanted if (unit.name, form) not in found))


def _all_there(left_out: Iterable[Adjustment], skipped: Collection[str], roster: Roster | None) -> None:
    there = {plain_text(name) for name in skipped}
    for one in left_out:
        listed = roster.unit(one.unit) if roster is not None else None
        if listed is None and plain_text(one.unit) not in there:
            message = tr("The unit {unit} is to be left out, but no file of this run is its.", unit=one.unit)
            raise UsageError("ADJUSTMENT_UNUSED", message, tr("Write it as its files do."), str(one.line))


_COUNTED: Final = """
counted AS (SELECT unnest($numbers) AS number, unnest($forms) AS form, unnest($units) AS member),
added AS (SELECT unnest($added_forms) AS form, unnest($added_tables) AS "table", unnest($added_columns) AS "column"),
figures AS (
    SELECT member, facts.form, facts."table", facts."row", facts."column", facts.source, facts.sheet, facts.cell,
           facts.value, coalesce(facts.grain, 0) AS grain, facts.measure, coalesce(facts.text, '') AS text, facts.number
    FROM facts
    JOIN counted ON counted.number = facts.number AND counted.form = facts.form
    JOIN added ON added.form = facts.form AND added."table" = facts."table" AND added."column" = facts."column"
    WHERE facts.text_hash IS NULL
)
"""
_SUMS: Final = f"""
WITH {_COUNTED}
SELECT form, "table", "row", "column", measure, grain, coalesce(sum(value), 0), count(value), count(*) - count(value)
FROM figures GROUP BY ALL ORDER BY ALL
"""
_PARTS: Final = f"""
WITH {_COUNTED}
SELECT member, source, sheet, cell, value, grain, measure, text FROM figures
WHERE form = $form AND "table" = $table AND "row" = $row AND "column" = $column ORDER BY number, sheet, cell
"""
_VERSIONS: Final = f"""
WITH {_COUNTED}, versions AS (SELECT member, form, count(*) AS files FROM counted GROUP BY ALL)
SELECT figures.form, "table", "row", "column", member
FROM figures JOIN versions USING (member, form)
GROUP BY ALL HAVING count(DISTINCT value) > 1 OR count(value) <> any_value(files) ORDER BY ALL
"""


def _given(members: Iterable[tuple[int, str, str]], forms: Forms) -> dict[str, object]:
    listed, added = list(members), sorted(place_is_added(forms))
    return {
        "numbers": [number for number, _, _ in listed],
        "forms": [form for _, form, _ in listed],
        "units": [unit for _, _, unit in listed],
        "added_forms": [form for form, _, _ in added],
        "added_tables": [table for _, table, _ in added],
        "added_columns": [column for _, _, column in added],
    }


def _plain(members: Iterable[Member]) -> Iterator[tuple[int, str, str]]:
    return ((member.number, member.form, member.unit) for member in members)


def sums(store: Store, members: Members, forms: Forms) -> dict[Place, list[Sum]]:
    """What the units have at every place, one entry for each unit of measure."""
    found: defaultdict[tuple[Place, str], list[tuple[Decimal, Decimal, int, int]]] = defaultdict(list)
    for form, table, row, column, measure, *numbers in store.connection.execute(
        _SUMS, _given(_plain(members.counted), forms)
    ).fetchall():
        grain, total, *counts = numbers
        found[Place(form, table, row, column), measure].append((_bare(grain), _bare(total), *counts))
    result: defaultdict[Place, list[Sum]] = defaultdict(list)
    for (place, measure), rows in found.items():
        grains = tuple((grain, count) for grain, _, count, _ in rows if count)
        total = sum((total for _, total, _, _ in rows), Decimal(0))
        readable = sum(count for _, _, count, _ in rows)
        result[place].append(Sum(measure, total, grains, readable, sum(rest for *_, rest in rows)))
    return result


def parts(store: Store, members: Members, forms: Forms, place: Place) -> list[tuple[str, Figure]]:
    """The cells behind one sum, by unit."""
    given = _given(_plain(members.of(place.form)), forms) | place._asdict()
    return [(unit, _figure(*rest)) for unit, *rest in store.connection.execute(_PARTS, given).fetchall()]


def versions(store: Store, members: Members, forms: Forms) -> dict[Place, list[str]]:
    """Where the versions that a unit filed differ, with the units."""
    several = [
        (number, member.form, member.unit)
        for member in members.counted
        if member.versions
        for number in (member.number, *member.versions)
    ]
    found: defaultdict[Place, list[str]] = defaultdict(list)
    if several:
        for *place, unit in store.connection.execute(_VERSIONS, _given(several, forms)).fetchall():
            found[Place(*place)].append(unit)
    return found
