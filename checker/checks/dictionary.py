"""``dictionary``: a code must be in the year's official list, under the name that the list gives it.

``codes`` are the lengths of the codes that a rule is about; without them it is about all but those longer than any in
the list, which may not go as deep.
``what`` is ``code`` (the code is in the list), ``name`` (a code of the list bears its name), or both when not said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from checker.checks.codes import code_of
from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Answer, Compiled, Subject, answer, batch
from checker.errors import PackError
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind, Reference
from checker.model.rule import Dictionary, Entry, Pack, Rule

__all__ = ["KIND"]

_DIGITS: Final = "0123456789"
#: Marks that people write, leave out or change in names.
_MARKS: Final = dict.fromkeys(map(ord, "\"'\u201c\u201d\u2018\u2019()"))


class _InForce:
    """A list as it stands in one year; in a year that is not known every edition stands."""

    def __init__(self, dictionary: Dictionary, year: str, normalise: Callable[[str], str]) -> None:
        self.dictionary = dictionary
        self.year = year
        self._normalise = normalise
        self.by_code: dict[str, list[Entry]] = {}
        for entry in dictionary.entries:
            if not year or ((not entry.since or entry.since <= year) and (not entry.until or year <= entry.until)):
                self.by_code.setdefault(entry.code, []).append(entry)

    def bare(self, name: str) -> str:
        """A name as it counts when two are compared."""
        return self._normalise(name).translate(_MARKS)

    @cached_property
    def by_name(self) -> dict[str, list[Entry]]:
        named: dict[str, list[Entry]] = {}
        for found in self.by_code.values():
            for entry in found:
                named.setdefault(self.bare(entry.name), []).append(entry)
        return named

    def calls(self, code: str, name: str) -> bool:
        """Whether the code goes by that name."""
        return any(self.bare(entry.name) == name for entry in self.by_code[code])

    def why_not(self, code: str) -> Text:
        """What the list says of a code that does not stand in it, or not under the name printed."""
        if code in self.by_code:
            return tr("its name is {name}", name=_names(self.by_code[code]))
        others = [entry for entry in self.dictionary.entries if entry.code == code]
        ended = [entry.until for entry in others if entry.until and entry.until < self.year]
        if ended:
            return tr("it ended with the year {year}", year=max(ended))
        if others:
            return tr("it is used from {year} on", year=min(entry.since for entry in others))
        return tr("the list has no such code")

    def nearest(self, code: str, name: str) -> list[Entry]:
        """What may be meant: the codes of that name; and those one slip of the keyboard away, or else the one above."""
        named = self.by_name.get(name, []) if name else []
        if code in self.by_code:
            return named
        slips = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(len(code) - 1)}
        slips |= {code[:i] + digit + code[i + 1 :] for i in range(len(code)) for digit in _DIGITS}
        slips |= {code[:i] + code[i + 1 :] for i in range(len(code))}
        slips |= {code[:i] + digit + code[i:] for i in range(len(code) + 1) for digit in _DIGITS}
        alike = [entry for slip in sorted(slips) for entry in self.by_code.get(slip, ())]
        alike.sort(key=lambda entry: (len(entry.code) != len(code), sorted(entry.code) != sorted(code), entry.code))
        above = (self.by_code.get(code[:length], []) for length in range(len(code) - 1, 0, -1))
        return [*named, *(alike or next(filter(None, above), []))]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, code_column = str(rule.check["table"]), str(rule.check["code"])
    name_column, what = str(rule.check.get("name", "")), rule.check.get("what")
    wanted = rule.check.get("codes")
    lengths = frozenset(wanted) if isinstance(wanted, list) else None
    dictionary = pack.dictionaries.get(str(rule.check["in"]))
    if dictionary is None:
        raise PackError("DICTIONARY_UNKNOWN", tr("The pack has no dictionary {name}.", name=rule.check["in"]))
    longest = max(len(entry.code) for entry in dictionary.entries)
    years: dict[str, _InForce] = {}

    def run(subject: Subject) -> Iterator[Answer]:
        table = subject.table(table_name)
        if table is None or not table.has(code_column):
            return
        listed = years.get(subject.form.year)
        if listed is None:
            listed = years[subject.form.year] = _InForce(dictionary, subject.form.year, table.grid.normalise)
        right: list[Fact] = []
        for row in table.rows:
            fact = table.fact(row, code_column)
            if fact is None:
                continue
            code = code_of(fact.quantity.raw)
            named = table.fact(row, name_column) if name_column else None
            name = listed.bare(named.quantity.raw) if named is not None else ""
            known = code in listed.by_code
            about = code.isdecimal() and (len(code) in lengths if lengths is not None else len(code) <= longest)
            if not about or (what == "name" and not (known and name)):
                yield answer(rule, subject, Status.NOT_APPLICABLE, (fact,))
            elif known and (what == "code" or not name or listed.calls(code, name)):
                right.append(fact)
            else:
                yield _wrong(rule, subject, listed, code, fact, named)
        if right:
            yield batch(rule, right, lambda fact: answer(rule, subject, Status.PASS, (fact,)))

    return Compiled(rule, run, (table_name,), per_row=True)


def _wrong(rule: Rule, subject: Subject, listed: _InForce, code: str, fact: Fact, named: Fact | None) -> Outcome:
    """The finding about a code that the list does not give, or gives another name; the cell that is wrong first."""
    name = named.quantity.raw.strip() if named is not None else ""
    near = listed.nearest(code, listed.bare(name))
    nearest = "; ".join(f"{entry.code} {entry.name}" for entry in [*dict.fromkeys(near)][:2])
    facts = [fact] if named is None else [named, fact] if code in listed.by_code else [fact, named]
    in_list = _names(listed.by_code.get(code, ()))
    message = rule.message or (
        tr("{cell}: {left} does not agree with the list {list}: {problem}. The nearest is {nearest}")
        if nearest
        else tr("{cell}: {left} does not agree with the list {list}: {problem}")
    )
    return answer(
        rule,
        subject,
        Status.FAIL,
        facts,
        left=Side("", "", f"{code} {name}".strip()),
        operator="in",
        right=Side("", "", f"{code} {in_list}" if in_list else nearest or listed.dictionary.name),
        message=message,
        code=code,
        list=listed.dictionary.title,
        listed=in_list,
        name=name,
        nearest=nearest,
        problem=listed.why_not(code),
        year=listed.year,
    )


def _names(entries: Iterable[Entry]) -> str:
    return " / ".join(dict.fromkeys(entry.name for entry in entries))


def _references(check: Mapping[str, object]) -> Iterator[Reference]:
    yield from references(check)
    for key in ("code", "name"):
        if key in check:
            yield Reference((key,), table=str(check["table"]), column=str(check[key]))


KIND = CheckKind(
    "dictionary",
    schema(
        "table",
        "code",
        "in",
        table=NAME,
        code=NAME,
        name=NAME,
        codes={"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "uniqueItems": True},
        what={"enum": ["code", "name"]},
        **{"in": NAME},
    ),
    _compile,
    _references,
    tr("A code must be in the year's official list"),
    ("code", "list", "listed", "name", "nearest", "problem", "year"),
)
