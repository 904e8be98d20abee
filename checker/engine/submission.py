"""Workbooks that belong together, checked as one: those of one unit and one year, and last year's beside them.

All workbooks of a run are read and recognised first, because any of them may belong to any other. What was recognised
is kept while the files are small enough, read again otherwise, and dropped with the last submission that looks at it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from checker.checks.subject import plain_text
from checker.engine.assess import Assessed, Recognised
from checker.engine.diagnose import unit_of
from checker.engine.long import long_table
from checker.engine.run import Around
from checker.locate.abroad import AbroadForm
from checker.messages import Text, listed, tr
from checker.model.report import Submission
from checker.model.workbook import Workbook

__all__ = ["Group", "Member", "Named", "Remarks", "Seen", "assess_together", "called", "grouped", "read_members"]

Remarks = Sequence[tuple[str, Text]]
#: Of files up to so many bytes together what was recognised is kept; a workbook takes some thirty times its file.
KEPT_BYTES: Final = 4 * 1024 * 1024


class Seen(NamedTuple):
    """A workbook and what was recognised in it."""

    workbook: Workbook
    recognised: Recognised


class Named(Protocol):
    """A workbook by what it names; ``key`` is the unit as it counts when two are compared."""

    @property
    def path(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def year(self) -> str: ...
    @property
    def key(self) -> str: ...


M = TypeVar("M", bound=Named)


class Member:
    """One workbook of a run: what it names, and, while somebody needs it, what was recognised in it.

    ``assessed`` stands in place of that where it could not be read or recognised. ``users`` counts the submissions that
    are yet to look at it.
    """

    def __init__(self, path: str, read: Callable[[str], Seen | Assessed], year: str = "") -> None:
        self.path = path
        self.users = 0
        self.assessed: Assessed | None = None
        self.unit = self.year = ""
        self._read = read
        self._seen: Seen | None = None
        seen = self.seen
        if seen is not None:
            forms = seen.recognised.every_form
            self.unit = unit_of(forms)
            self.year = year or next((form.year for form in forms if form.year), "")

    @property
    def key(self) -> str:
        """The unit as it counts when two are compared."""
        return plain_text(self.unit)

    @property
    def seen(self) -> Seen | None:
        if self._seen is None and self.assessed is None:
            found = self._read(self.path)
            if isinstance(found, Assessed):
                self.assessed = found
            else:
                self._seen = found
        return self._seen

    def drop(self) -> None:
        self._seen = None

    @property
    def unread(self) -> Sequence[str]:
        """Its sheets of which nobody knows what they are."""
        return self.seen.recognised.unread if self.seen is not None else ()

    def abroad(self, file: str) -> list[AbroadForm]:
        """Its forms as other workbooks see them, where it is called ``file``."""
        seen = self.seen
        if seen is None:
            return []
        forms = seen.recognised.every_form
        return [AbroadForm(form, file, [table.name] if (table := long_table(form)) else ()) for form in forms]


class Group(Generic[M]):
    """Workbooks that belong together, and those of last year."""

    def __init__(self, members: Sequence[M], unit: str, year: str) -> None:
        self.members = list(members)
        self.prior: list[M] = []
        self.unit = unit
        self.year = year
        self.remarks: list[tuple[str, Text]] = []

    @property
    def key(self) -> str:
        return plain_text(self.unit)

    def refuses(self, prior: M) -> tuple[str, Text] | None:
        """Why a workbook is not one of this unit's last year; None if it is."""
        file = os.path.basename(prior.path)  # noqa: PTH119
        if prior.key and self.key and prior.key != self.key:
            return "PRIOR_UNIT", tr(
                "{file} was not used as last year's workbook: it names the unit {theirs}, this one {ours}.",
                file=file,
                theirs=prior.unit,
                ours=self.unit,
            )
        if prior.year and self.year and not _follows(self.year, prior.year):
            return "PRIOR_YEAR", tr(
                "{file} was not used as last year's workbook: it is of the year {theirs}, this one of {ours}.",
                file=file,
                theirs=prior.year,
                ours=self.year,
            )
        return None


def assess_together(
    members: Sequence[Member],
    given_prior: Sequence[Member],
    judge: Callable[[Member, Around, Remarks], Assessed],
    *,
    together: bool = False,
) -> Iterator[tuple[list[tuple[int, Assessed]], Submission | None]]:
    """Check submission by submission: each with the numbers of its workbooks in ``members``.

    ``given_prior`` are workbooks given as last year's; further ones are found among ``members`` themselves. With
    ``together`` all are one submission, whatever units and years they name.
    """
    numbers = {id(member): number for number, member in enumerate(members)}
    for number, member in enumerate(members):
        if member.assessed is not None:
            yield [(number, member.assessed)], None
    found = [[member for member in several if member.assessed is None] for several in (members, given_prior)]
    groups = grouped(*found, together=together)
    for group in groups:
        for member in (*group.members, *group.prior):
            member.users += 1
    for group in groups:
        done = [(numbers[id(member)], assessed) for member, assessed in _assess(group, judge)]
        yield (
            done,
            Submission(
                group.unit,
                group.year,
                tuple(member.path for member in group.members),
                tuple(member.path for member in group.prior),
            ),
        )
        for member in (*group.members, *group.prior):
            member.users -= 1
            if not member.users:
                member.drop()


def read_members(
    paths: Sequence[str], read: Callable[[str], Seen | Assessed], year: str, before: Callable[[int, str], None]
) -> list[Member]:
    """The workbooks of a run, read one by one; ``before`` is called with the number and path of each. ``year`` is that
    of all, if not empty."""
    members: list[Member] = []
    kept = 0
    for number, path in enumerate(paths, 1):
        before(number, path)
        members.append(Member(path, read, year))
        kept += _size(path)
        if kept > KEPT_BYTES:
            members[-1].drop()
    return members


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)  # noqa: PTH202
    except OSError:
        return 0


def grouped(members: Sequence[M], given_prior: Sequence[M] = (), *, together: bool = False) -> list[Group[M]]:
    """Members of one unit and year, each group with those of the year before; one that does not name its unit or year
    belongs to the only one that the others name. Arguments are as for ``assess_together``."""
    groups = _groups(members, together)
    _add_prior(groups, given_prior, alone=together)
    return groups


def _groups(members: Sequence[M], together: bool) -> list[Group[M]]:
    if together and members:
        return [_all_together(members)]
    units = {member.key: member.unit for member in reversed(members) if member.unit}
    years = {member.year for member in members if member.year}
    groups: dict[object, Group[M]] = {}
    for member in members:
        key = member.key or (next(iter(units)) if len(units) == 1 else "")
        year = member.year or (next(iter(years)) if len(years) == 1 else "")
        alone = not key or (years and not year)
        group = groups.setdefault(
            id(member) if alone else (key, year), Group((), member.unit or units.get(key, ""), year)
        )
        group.members.append(member)
    return list(groups.values())


def _all_together(members: Sequence[M]) -> Group[M]:
    units = list({member.key: member.unit for member in reversed(members) if member.unit}.values())[::-1]
    years = sorted({member.year for member in members if member.year})
    group = Group(members, units[0] if units else "", years[-1] if years else "")
    if len(units) > 1 or len(years) > 1:
        names = listed(name for several in (units, years) if len(several) > 1 for name in several)
        words = tr("Checked together as asked, although the workbooks name different ones: {names}", names=names)
        group.remarks.append(("TOGETHER", words))
    return group


def _add_prior(groups: Sequence[Group[M]], given: Sequence[M], *, alone: bool) -> None:
    of_unit: dict[str, list[Group[M]]] = {}
    for group in groups:
        of_unit.setdefault(group.key, []).append(group)
    for group in groups:
        if not alone and group.key:
            last = (g for g in of_unit[group.key] if g.year and _follows(group.year, g.year))
            group.prior = [member for other in last for member in other.members]
    for prior in given:
        refusals = [(group, group.refuses(prior)) for group in groups if prior not in group.members]
        for group, refusal in refusals:
            if refusal is None and prior not in group.prior:
                group.prior.append(prior)
        if all(refusal is not None for _, refusal in refusals):
            near = [(g, refusal) for g, refusal in refusals if refusal is not None and g.key == prior.key]
            for group, refusal in near or refusals[:1]:
                if refusal is not None:
                    group.remarks.append(refusal)


def _follows(year: str, last: str) -> bool:
    return year.isdigit() and last.isdigit() and int(year) == int(last) + 1


def _assess(
    group: Group[Member], judge: Callable[[Member, Around, Remarks], Assessed]
) -> Iterator[tuple[Member, Assessed]]:
    files = called([member.path for member in (*group.members, *group.prior)])
    several = len(group.members) > 1
    views = {id(member): member.abroad(files[member.path]) for member in group.members} if several else {}
    prior = [form for member in group.prior for form in member.abroad(files[member.path])] if group.prior else None
    for number, member in enumerate(group.members):
        beside = [other for other in group.members if other is not member]
        others = [form for other in beside for form in views[id(other)]]
        unread = [f"{files[other.path]}{sheet}" for other in beside for sheet in other.unread]
        yield member, judge(member, Around(others, prior, unread), group.remarks if number == 0 else ())


def called(paths: Sequence[str]) -> dict[str, str]:
    """What each file is called in references, as Excel writes them: ``[book.xlsx]``, with its folder where two have one
    name."""
    names = [os.path.basename(path) for path in paths]  # noqa: PTH119
    found = {}
    for path, name in zip(paths, names, strict=True):
        folder = os.path.dirname(path) if names.count(name) > 1 else ""  # noqa: PTH120
        found[path] = f"{os.path.join(folder, '')}[{name}]"  # noqa: PTH118
    return found
