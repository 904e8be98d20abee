"""The roster (应报名册): which units must file what by when, as a bureau keeps it in a CSV.

A unit is the same as on the roster if its name, one of its former names or its code is, white space and width apart;
nothing is matched by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Final, NamedTuple

from checker.audit.bureau.forms import Forms
from checker.audit.bureau.lists import Heading, Line, read_list
from checker.checks.subject import plain_text
from checker.messages import tr

__all__ = ["Expected", "Roster", "Unit", "headings", "read_roster"]


class Unit(NamedTuple):
    """A unit of the roster. ``names`` are its name, former names and code as they are compared."""

    name: str
    code: str
    names: tuple[str, ...]


class Expected(NamedTuple):
    """What one unit must file. ``form`` is empty where any form will do, ``due`` None where there is no deadline."""

    unit: Unit
    year: str
    form: str
    due: datetime | None
    line: int


class Roster(NamedTuple):
    """The list, in its order, with the forms by which it was understood."""

    path: str
    expected: tuple[Expected, ...]
    units: Mapping[str, Unit]
    forms: Forms

    def unit(self, named: str) -> Unit | None:
        """The unit that a workbook names, or None: by name, former name or code, also where both stand together."""
        key = plain_text(named)
        if (found := self.units.get(key)) is not None:
            return found
        code = _CODED.fullmatch(key)
        if code is None:
            return None
        number, name = (code["front"], code["name"]) if code["front"] else (code["behind"], code["before"])
        found = self.units.get(name)
        return found if found is not None and found.code in ("", number) else None


#: ``101001 name``, ``[101001]name``, ``name(101001)``, after ``plain_text``.
_CODED: Final = re.compile(
    r"[(\[\u3010]?(?P<front>\d{3,})[)\]\u3011]?[-_]?(?P<name>\D.*)|(?P<before>.*\D)[(\[\u3010](?P<behind>\d{3,})[)\]\u3011]"
)


def headings() -> tuple[Heading, ...]:
    return (
        Heading("unit", tr("Name of the unit"), (tr("Unit"),), mandatory=True),
        Heading("code", tr("Code of the unit")),
        Heading("year", tr("Year"), mandatory=True),
        Heading("forms", tr("Forms to file"), (tr("Official form"), tr("Form"))),
        Heading("due", tr("Deadline")),
        Heading("aliases", tr("Former names")),
    )


def read_roster(path: str, forms: Forms) -> Roster:
    """The roster in a CSV. Raises ``UsageError`` with line and column of the first mistake: a misspelt form or a name
    of two units would tell of units that they had not filed."""
    units: dict[str, Unit] = {}
    lines = read_list(path, headings())
    for line in lines:
        _add_unit(line, units)
    seen: dict[tuple[str, str, str], int] = {}
    expected = []
    for line in lines:
        unit, year, due = units[plain_text(line.text("unit"))], _year(line), _due(line)
        for form in _forms(line, forms):
            key = (unit.names[0], year, form)
            if key in seen:
                message = tr("This unit, year and form stand in line {line} already.", line=seen[key])
                raise line.wrong("forms" if form else "unit", "ROSTER_TWICE", message)
            seen[key] = line.line
            expected.append(Expected(unit, year, form, due, line.line))
    return Roster(path, tuple(expected), units, forms)


def _add_unit(line: Line, units: dict[str, Unit]) -> None:
    """The unit of a line, joined with what earlier lines say of it."""
    name = plain_text(line.text("unit"))
    before = units.get(name)
    code = line.text("code") or (before.code if before else "")
    if before is not None and before.code and code != before.code:
        message = tr("The unit {unit} has another code above: {code}.", unit=line.text("unit"), code=before.code)
        raise line.wrong("code", "ROSTER_AMBIGUOUS", message)
    names = dict.fromkeys((name, *map(plain_text, _parts(line.text("aliases"))), *([plain_text(code)] if code else [])))
    if before is not None:
        names = dict.fromkeys((*before.names, *names))
    unit = Unit(before.name if before else line.text("unit"), code, tuple(names))
    for word in names:
        other = units.get(word)
        if other is not None and other.names[0] != name:
            message = tr("{word} is a name or code of the unit {unit} too.", word=word, unit=other.name)
            key = "code" if word == code else "unit" if word == name else "aliases"
            raise line.wrong(key, "ROSTER_AMBIGUOUS", message)
        units[word] = unit


def _parts(text: str) -> list[str]:
    """The members of an enumeration in one cell."""
    return [part for part in map(str.strip, re.split(r"[;,\u3001|\n]", unicodedata.normalize("NFKC", text))) if part]


def _year(line: Line) -> str:
    found = re.fullmatch(r"((?:19|20)\d\d)\D?", plain_text(line.text("year")))
    if found is None:
        raise line.wrong(
            "year", "ROSTER_YEAR", tr("{text} is no year.", text=line.text("year")), tr("Write it as 2024.")
        )
    return found[1]


def _due(line: Line) -> datetime | None:
    """A deadline without a time lasts till the end of its day."""
    text = unicodedata.normalize("NFKC", line.text("due"))
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?\s*(?:(\d{1,2}):(\d{2})(?::\d{2})?)?", text)
    try:
        if found is None:
            raise ValueError
        year, month, day = map(int, found.groups()[:3])
        if found[4] is None:
            return datetime.combine(date(year, month, day), time.max)
        return datetime(year, month, day, int(found[4]), int(found[5]), 59)
    except ValueError:
        hint = tr("Write it as 2025-03-31 or 2025-03-31 18:00.")
        raise line.wrong("due", "ROSTER_DATE", tr("{text} is no date.", text=line.text("due")), hint) from None


def _forms(line: Line, forms: Forms) -> list[str]:
    found = []
    for words in _parts(line.text("forms")):
        form = forms.called(words)
        if not form:
            near = get_close_matches(words, forms.names, 3, 0.5)
            hint = tr("Did you mean {names}?", names=", ".join(near)) if near else tr("See checker forms.")
            raise line.wrong("forms", "ROSTER_FORM", tr("No rule pack knows a form {form}.", form=words), hint)
        found.append(form)
    return found or [""]
