"""Attendance: a run against the roster of units that must file (应报名册).

Missing, wrong year, wrong form, late, filed twice; and the files that answer no line of the roster. Near names are only
suggested. A file's time of last change is weak evidence (copying changes it), so a date stated in the form goes before
it, and it is said which of the two speaks.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.audit.bureau.expected import Expected, Roster, Unit, read_roster
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.lists import table_text, write_paper
from checker.audit.bureau.names import Near
from checker.checks.subject import plain_text
from checker.messages import Text, listed, tr
from checker.values.numbers import serial_to_date

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = [
    "Attendance",
    "Copies",
    "Entry",
    "Filed",
    "Late",
    "State",
    "Stray",
    "attend",
    "attendance",
    "document",
    "read_roster",
    "write",
]

SCHEMA: Final = "checker/roster@1"


class Filed(NamedTuple):
    """One file of a run. ``modified`` is when it was last changed, ``stated`` the latest day that its forms state."""

    source: str
    sha256: str
    status: str
    unit: str
    year: str
    forms: tuple[str, ...]
    modified: datetime | None = None
    stated: date | None = None
    project: str = ""


class State:
    """How one expectation, or one file, stands."""

    FILED: Final = "filed"
    MISSING: Final = "missing"
    #: The unit filed, but of another year, or another form.
    WRONG_YEAR: Final = "wrong_year"
    WRONG_FORM: Final = "wrong_form"
    #: Of files that answer no expectation: the unit is not on the roster, none is named, the file cannot be read.
    NOT_EXPECTED: Final = "not_expected"
    NO_UNIT: Final = "no_unit"
    UNREAD: Final = "unread"


class Late:
    """What says that a file is late: a date stated in the form, or the time of its last change."""

    STATED: Final = "stated"
    MODIFIED: Final = "modified"


class Copies:
    """Several files for one expectation: all the same bytes, or versions that differ."""

    IDENTICAL: Final = "identical"
    DIFFERING: Final = "differing"


class Entry(NamedTuple):
    """How one expectation stands. ``sources`` are the files that answer it, or that were filed instead."""

    expected: Expected
    state: str
    sources: tuple[str, ...]
    late: str
    copies: str
    message: Text


class Stray(NamedTuple):
    """A file that answers no expectation; ``near`` are units of the roster with names like the one it bears."""

    file: Filed
    state: str
    near: tuple[str, ...]
    message: Text


class Attendance(NamedTuple):
    """A run against a roster: every expectation in the order of the list, then the files that answer none."""

    entries: tuple[Entry, ...]
    strays: tuple[Stray, ...]

    def count(self, state: str) -> int:
        return sum(entry.state == state for entry in self.entries)


def attendance(store: Store, roster: Roster, without: Sequence[str] = ()) -> Attendance:
    """The run of ``store`` against ``roster``. ``without`` are sources that are no unit's own: the bureau's summary."""
    return attend(roster, [file for file in filed(store, roster.forms) if file.source not in without])


def filed(store: Store, forms: Forms) -> list[Filed]:
    """The files of a run, in order."""
    roles = {"date": set[tuple[str, str]](), "project": set[tuple[str, str]]()}
    for form in forms.by_name.values():
        for field in form.fields.values():
            if field.role in roles:
                roles[field.role].add((form.name, field.name))
    fields = store.connection.execute(
        """SELECT number, form, "column", value, text_hash FROM facts
           WHERE "table" = '' AND (measure = 'date' OR text_hash IS NOT NULL)"""
    ).fetchall()
    stated: dict[int, date] = {}
    projects: defaultdict[int, set[str]] = defaultdict(set)
    for number, form_name, column, value, text_hash in fields:
        if (form_name, column) in roles["date"] and value is not None:
            day = serial_to_date(value)
            stated[number] = max(day, stated.get(number, day))
        elif (form_name, column) in roles["project"] and text_hash is not None:
            projects[number].add(str(text_hash))
    rows = store.connection.execute(
        "SELECT number, source, sha256, status, unit, year, forms, modified FROM workbooks ORDER BY number"
    ).fetchall()
    return [
        Filed(
            source,
            sha256,
            status,
            unit,
            year,
            tuple(names),
            _time(modified),
            stated.get(number),
            " ".join(sorted(projects.get(number, ()))),
        )
        for number, source, sha256, status, unit, year, names, modified in rows
    ]


def _time(text: str | None) -> datetime | None:
    """A time as the bureau's clock shows it."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo is not None else moment


def attend(roster: Roster, files: Sequence[Filed]) -> Attendance:
    """Every expectation against the files, and the files that answer none."""
    of_unit: defaultdict[Unit, list[Filed]] = defaultdict(list)
    strays: list[Stray] = []
    near = Near(roster.units)
    for file in files:
        unit = roster.unit(file.unit) if file.unit else None
        if unit is not None:
            of_unit[unit].append(file)
        elif file.status == State.UNREAD:
            strays.append(Stray(file, State.UNREAD, (), tr("The file could not be read: nobody knows whose it is")))
        elif not file.unit:
            strays.append(Stray(file, State.NO_UNIT, (), tr("The file names no unit")))
        else:
            names = near.to(plain_text(file.unit))
            strays.append(Stray(file, State.NOT_EXPECTED, names, _not_expected(names)))
    years = defaultdict(set)
    for one in roster.expected:
        years[one.unit].add(one.year)
    used: set[str] = set()
    entries = []
    for one in roster.expected:
        entry = _entry(one, of_unit[one.unit], years[one.unit], roster.forms)
        used.update(entry.sources)
        entries.append(entry)
    for unit, theirs in of_unit.items():
        for file in theirs:
            if file.source not in used:
                of_year = file.year in years[unit]
                state = State.WRONG_FORM if of_year else State.WRONG_YEAR
                words = tr("The roster asks this unit for other forms") if of_year else _other_year(file, years[unit])
                strays.append(Stray(file, state, (), words))
    order = {file.source: number for number, file in enumerate(files)}
    return Attendance(tuple(entries), tuple(sorted(strays, key=lambda stray: order[stray.file.source])))


def _entry(one: Expected, files: Sequence[Filed], years: Iterable[str], forms: Forms) -> Entry:
    only = set(years) == {one.year}
    of_year = [file for file in files if file.year == one.year or (only and not file.year)]
    answers = [file for file in of_year if not one.form or any(forms.is_a(name, one.form) for name in file.forms)]
    if not answers:
        return _unanswered(one, of_year, [file for file in files if file not in of_year], forms)
    late, copies = _late(one, answers), _copies(one, answers, forms)
    words = [tr("filed")]
    if late:
        words.append(_late_words(one, answers, late))
    if copies:
        words.append(_copies_words(copies, len(answers)))
    if any(not file.year for file in answers):
        words.append(tr("the file states no year and is taken for {year}", year=one.year))
    message = Text("；".join(word.zh for word in words), "; ".join(word.en for word in words))
    return Entry(one, State.FILED, tuple(file.source for file in answers), late, copies, message)


def _unanswered(one: Expected, of_year: Sequence[Filed], others: Sequence[Filed], forms: Forms) -> Entry:
    elsewhere = [file for file in others if not one.form or any(forms.is_a(name, one.form) for name in file.forms)]
    if elsewhere:
        years = listed(sorted({file.year or "-" for file in elsewhere}))
        words = tr("not filed; there is a file of this unit for {years}", years=years)
        return Entry(one, State.WRONG_YEAR, tuple(file.source for file in elsewhere), "", "", words)
    if of_year:
        named = ", ".join(dict.fromkeys(name for file in of_year for name in file.forms)) or "-"
        words = tr("not filed; this unit filed {forms}", forms=named)
        return Entry(one, State.WRONG_FORM, tuple(file.source for file in of_year), "", "", words)
    return Entry(one, State.MISSING, (), "", "", tr("not filed"))


def _other_year(file: Filed, years: Iterable[str]) -> Text:
    return tr("The file is of {year}, the roster asks for {years}", year=file.year or "-", years=listed(sorted(years)))


def _not_expected(near: Sequence[str]) -> Text:
    if not near:
        return tr("The unit is not on the roster")
    return tr("The unit is not on the roster; names like it: {names}", names=", ".join(near))


def _late(one: Expected, answers: Sequence[Filed]) -> str:
    """Whether the earliest of the files is late, by the best evidence that there is for each."""
    if one.due is None:
        return ""
    due, found = one.due, set()
    for file in answers:
        if file.stated is not None:
            found.add(Late.STATED if datetime.combine(file.stated, time.min) > due else "")
        else:
            found.add(Late.MODIFIED if file.modified is not None and file.modified > due else "")
    return "" if "" in found else Late.STATED if Late.STATED in found else Late.MODIFIED


def _late_words(one: Expected, answers: Sequence[Filed], late: str) -> Text:
    due = one.due.strftime("%Y-%m-%d") if one.due else ""
    if late == Late.STATED:
        days = [file.stated for file in answers if file.stated is not None]
        return tr("late: the form states {day}, due was {due}", day=min(days).isoformat(), due=due)
    times = [file.modified for file in answers if file.modified is not None and file.stated is None]
    when = min(times).strftime("%Y-%m-%d %H:%M")
    return tr(
        "perhaps late: the file was last changed {time}, due was {due}; copying a file changes that time",
        time=when,
        due=due,
    )


def _copies(one: Expected, answers: Sequence[Filed], forms: Forms) -> str:
    """Whether several files answer for the same thing. Of a form that is filed for each project, files of other content
    are other projects, unless they name the same one; where any form will do, they are other forms."""
    if len(answers) < 2:
        return ""
    hashes = [file.sha256 for file in answers]
    if len(set(hashes)) == 1:
        return Copies.IDENTICAL
    projects = [file.project for file in {file.sha256: file for file in answers}.values() if file.project]
    if one.form and (not forms.several(one.form) or len(set(projects)) < len(projects)):
        return Copies.DIFFERING
    return Copies.IDENTICAL if len(set(hashes)) < len(hashes) else ""


def _copies_words(copies: str, count: int) -> Text:
    if copies == Copies.IDENTICAL:
        return tr("filed {count} times, identical copies among them", count=count)
    return tr("filed {count} times in versions that differ: ask which one counts", count=count)


def document(found: Attendance) -> dict[str, Any]:
    """The attendance for programs and pages: ``schemas/roster.schema.json``."""
    return {
        "schema": SCHEMA,
        "counts": {
            state: found.count(state) for state in (State.FILED, State.MISSING, State.WRONG_YEAR, State.WRONG_FORM)
        }
        | {
            "late": sum(bool(entry.late) for entry in found.entries),
            "copies": sum(bool(entry.copies) for entry in found.entries),
            "strays": len(found.strays),
        },
        "entries": [
            {
                "unit": entry.expected.unit.name,
                "code": entry.expected.unit.code,
                "year": entry.expected.year,
                "form": entry.expected.form,
                "due": entry.expected.due.isoformat(timespec="minutes") if entry.expected.due else None,
                "line": entry.expected.line,
                "state": entry.state,
                "late": entry.late or None,
                "copies": entry.copies or None,
                "sources": list(entry.sources),
                "message": entry.message._asdict(),
            }
            for entry in found.entries
        ],
        "strays": [
            {
                "source": stray.file.source,
                "state": stray.state,
                "unit": stray.file.unit,
                "year": stray.file.year,
                "forms": list(stray.file.forms),
                "near": list(stray.near),
                "message": stray.message._asdict(),
            }
            for stray in found.strays
        ],
    }


def summary(found: Attendance) -> Text:
    """One line for the terminal."""
    counts = document(found)["counts"]
    wrong = counts[State.WRONG_YEAR] + counts[State.WRONG_FORM]
    return tr(
        "Roster: {filed} of {all} filed, {missing} missing, {wrong} of another year or form, {late} late, "
        "{copies} filed more than once; {strays} files answer no line of the roster.",
        all=len(found.entries),
        wrong=wrong,
        **{key: counts[key] for key in ("filed", "missing", "late", "copies", "strays")},
    )


def write(store: Store, roster: Roster, folder: str, *, without: Sequence[str] = ()) -> Text:
    """Write ``roster.csv`` and ``roster.json`` into ``folder``; the line that sums them up. Raises ``UsageError``."""
    found = attendance(store, roster, without)
    text = json.dumps(document(found), ensure_ascii=False, indent=1) + "\n"
    write_paper(os.path.join(folder, "roster.json"), text)  # noqa: PTH118
    write_paper(os.path.join(folder, "roster.csv"), table_text(_titles(), _rows(found)))  # noqa: PTH118
    return summary(found)


def _titles() -> list[Text]:
    titles = (tr("State"), tr("Name of the unit"), tr("Code of the unit"), tr("Year"), tr("Forms to file"))
    return [*titles, tr("Deadline"), tr("Files"), tr("Remark"), tr("Line of the roster")]


def _states() -> Mapping[str, Text]:
    return {
        State.FILED: tr("filed"),
        State.MISSING: tr("not filed"),
        State.WRONG_YEAR: tr("another year"),
        State.WRONG_FORM: tr("another form"),
        State.NOT_EXPECTED: tr("not on the roster"),
        State.NO_UNIT: tr("no unit named"),
        State.UNREAD: tr("not read"),
    }


def _rows(found: Attendance) -> Iterable[list[str]]:
    words = _states()
    for entry in found.entries:
        one = entry.expected
        due = one.due.strftime("%Y-%m-%d %H:%M") if one.due else ""
        state = words[entry.state].zh
        files = "\n".join(entry.sources)
        yield [state, one.unit.name, one.unit.code, one.year, one.form, due, files, entry.message.zh, str(one.line)]
    for stray in found.strays:
        file = stray.file
        forms = ";".join(file.forms)
        yield [words[stray.state].zh, file.unit, "", file.year, forms, "", file.source, stray.message.zh, ""]
