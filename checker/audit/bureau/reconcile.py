"""Roll-up (汇总审核): the sum of the units, with what the bureau has decided, against the bureau's summary.

Each figure of the summary is judged like any linear equation (design §6): a figure of each unit brings its own
rounding, so n units explain n half units in the last place, and one for the summary itself. Where a figure is
out, the smallest sets of slips that close the gap are sought, and those that close many gaps at once come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from checker.audit.bureau.adjustments import Adjustment, Place
from checker.audit.bureau.expected import Roster
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.gap import WHOLE, Explanation, Search, Slip, explain
from checker.audit.bureau.sums import (
    Figure,
    Members,
    Sum,
    Summary,
    members_of,
    parts,
    summary_of,
    sums,
    versions,
)
from checker.errors import UsageError
from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.model.rule import Severity
from checker.values.numbers import CONTEXT
from checker.values.tolerance import Judgement, Verdict, judge_linear

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["Cause", "Reconciled", "RollUp", "Slipped", "explanations_of", "roll_up"]

#: So many cells are kept with the figures that are out; the store has them all.
MOST_PARTS: Final = 200_000
#: So many causes are tried on every figure that is out.
MOST_CAUSES: Final = 200
_TEN: Final = Decimal(10)
_NOTHING: Final = Decimal(0)
_ONE: Final = Decimal(1)


class Reconciled(NamedTuple):
    """One figure of the summary against the units. ``figure`` is None where the summary's cell is blank; ``total`` and
    everything else is in the ``measure`` of the summary. ``parts`` are the units' cells, in that measure, where the
    figure is out. ``reason`` says why it could not be judged."""

    place: Place
    status: str
    severity: str
    figure: Figure | None
    measure: str
    total: Decimal
    figures: int
    adjustments: tuple[Adjustment, ...]
    judgement: Judgement | None
    parts: tuple[tuple[str, Figure], ...] = ()
    search: Search | None = None
    reason: Text | None = None

    @property
    def adjusted(self) -> Decimal:
        """What the summary should say."""
        return self.total + sum((one.amount for one in self.adjustments), _NOTHING)


class Slipped(NamedTuple):
    """A slip that happened to a unit, whatever the figure."""

    unit: str
    slip: str
    factor: Decimal


class Cause(NamedTuple):
    """Slips that close the gaps of ``places``, of all figures that are out."""

    slips: tuple[Slipped, ...]
    places: tuple[Place, ...]


class RollUp(NamedTuple):
    """The whole. ``lines`` are all figures compared, in the order of their places; ``unique`` rows that only one side
    has, by place: such rows are the units' own and cannot be compared."""

    summary: Summary
    members: Members
    lines: tuple[Reconciled, ...]
    causes: tuple[Cause, ...]
    unique: tuple[Place, ...]
    adjustments: tuple[Adjustment, ...]

    def count(self, status: str) -> int:
        return sum(line.status == status for line in self.lines)


def roll_up(
    store: Store,
    summary: str,
    forms: Forms,
    *,
    roster: Roster | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> RollUp:
    """The summary workbook at ``summary`` against the units of the run. Raises ``UsageError`` for a summary that is not
    in the run or an adjustment that concerns nothing, ``ReadError`` for a summary that could not be read."""
    book = summary_of(store, summary, forms)
    members = members_of(store, book, forms, roster, adjustments)
    return _Comparison(store, book, members, forms, adjustments).whole()


class _Comparison:
    """All that the figures are judged with."""

    def __init__(
        self, store: Store, summary: Summary, members: Members, forms: Forms, adjustments: Sequence[Adjustment]
    ) -> None:
        self._store = store
        self._summary = summary
        self._members = members
        self._forms = forms
        self._adjustments = tuple(adjustments)
        self._sums = sums(store, members, forms)
        self._versions = versions(store, members, forms)
        self._room = MOST_PARTS

    def whole(self) -> RollUp:
        places = sorted({*self._summary.figures, *self._sums})
        compared = [place for place in places if self._is_comparable(place)]
        self._check_adjustments(compared)
        lines = [self._line(place) for place in compared]
        causes = _causes(lines)
        unique = tuple(place for place in places if place not in set(compared))
        return RollUp(self._summary, self._members, tuple(lines), causes, unique, self._adjustments)

    def _is_comparable(self, place: Place) -> bool:
        """Whether both sides mean the same by this place. A row that the form does not name is somebody's own: it is
        compared where both sides have it."""
        if place.form not in self._summary.forms:
            return False
        if "#" in place.row:  # told apart by their order only
            return False
        if place in self._summary.figures and place in self._sums:
            return True
        table = self._forms.by_name[place.form].tables.get(place.table)
        return table is None or place.row in {**table.rows, **table.totals} or table.layout == "single"

    def _check_adjustments(self, compared: Sequence[Place]) -> None:
        for one in self._adjustments:
            if one.place is not None and one.place not in set(compared):
                message = tr("Nothing in the summary or the units stands at {place}.", place=one.place.label)
                raise UsageError("ADJUSTMENT_UNUSED", message, None, str(one.line))

    def _line(self, place: Place) -> Reconciled:
        figure = self._summary.figures.get(place)
        found = self._sums.get(place, [])
        measure = figure.measure if figure is not None else found[0].measure
        decided = tuple(one for one in self._adjustments if one.place == place)
        reason = self._obstacle(place, figure, found, measure)
        total, figures = _NOTHING, sum(one.figures for one in found)
        if reason is not None:
            status = Status.UNDECIDED if place in self._versions else Status.INSUFFICIENT
            return Reconciled(place, status, "", figure, measure, total, figures, decided, None, reason=reason)
        terms = [(_ONE, figure.grain)] if figure is not None else []
        for one in found:
            factor = self._factor(one.measure, measure)
            total += CONTEXT.multiply(one.total, factor)
            for grain, count in one.grains:
                terms += repeat((_ONE, CONTEXT.multiply(grain, factor)), count)
        decided = tuple(
            one._replace(
                amount=CONTEXT.multiply(one.amount, self._factor(one.measure, measure)),
                grain=CONTEXT.multiply(one.grain, self._factor(one.measure, measure)),
                measure=measure,
            )
            for one in decided
        )
        terms += [(_ONE, one.grain) for one in decided]
        line = Reconciled(place, Status.PASS, "", figure, measure, total, figures, decided, None)
        stated = figure.value if figure is not None and figure.value is not None else _NOTHING
        judged = judge_linear(stated - line.adjusted, terms, self._forms.rounding(place.form))
        return self._judged(line._replace(judgement=judged))

    def _judged(self, line: Reconciled) -> Reconciled:
        judged = line.judgement
        assert judged is not None
        verdict = judged.verdict
        if verdict in (Verdict.EQUAL, Verdict.TAIL):
            return line._replace(status=Status.PASS if verdict == Verdict.EQUAL else Status.TAIL)
        line = self._with_parts(line)
        if verdict == Verdict.LARGE_TAIL:
            line = line._replace(status=Status.FAIL, severity=Severity.NOTE)
        else:
            line = line._replace(status=Status.FAIL, severity=Severity.ERROR, search=self._search(line, judged))
        missing = [unit for unit, form in self._members.missing if form == line.place.form]
        if not missing:
            return line
        reason = tr(
            "{count} units of the roster have not filed this form, so the gap may be theirs: {units}",
            count=len(missing),
            units=", ".join(missing[:5]),
        )
        return line._replace(status=Status.INSUFFICIENT, severity="", reason=reason)

    def _search(self, line: Reconciled, judged: Judgement) -> Search | None:
        """What would close the gap; None where the cells of the units were not kept or there are none."""
        named: dict[str, Decimal] = {}
        for unit, part in line.parts:
            named[unit] = named.get(unit, _NOTHING) + (part.value or _NOTHING)
        if not named:
            return None
        figures, factors = list(named.items()), self._factors(line.measure)
        return explain(judged.difference, figures, judged.tolerance, factors, whole=line.adjusted)

    def _obstacle(self, place: Place, figure: Figure | None, found: Sequence[Sum], measure: str) -> Text | None:
        """Why this figure cannot be judged; None if it can."""
        if place in self._summary.twice:
            return tr("The summary has this figure more than once")
        if figure is not None and figure.value is None:
            return tr("The cell of the summary holds no number: {text}", text=figure.text)
        if place in self._versions:
            units = ", ".join(self._versions[place][:5])
            return tr("Filed in versions that differ here: {units}", units=units)
        unreadable = sum(one.unreadable for one in found)
        if unreadable:
            cells = parts(self._store, self._members, self._forms, place)
            units = ", ".join(dict.fromkeys(unit for unit, part in cells if part.value is None))
            return tr("{count} cells of units hold no number here: {units}", count=unreadable, units=units)
        if any(self._forms.lexicon.factor(one.measure, measure) is None for one in found):
            return tr("The units of measure differ: {measures}", measures=", ".join(one.measure for one in found))
        return None

    def _factor(self, measure: str, to: str) -> Decimal:
        factor = self._forms.lexicon.factor(measure, to)
        assert factor is not None, "looked at before"
        return factor

    def _with_parts(self, line: Reconciled) -> Reconciled:
        cells = []
        if self._room > 0:
            for unit, part in parts(self._store, self._members, self._forms, line.place):
                factor = self._factor(part.measure, line.measure)
                value = CONTEXT.multiply(part.value or _NOTHING, factor)
                grain = CONTEXT.multiply(part.grain, factor)
                cells.append((unit, part._replace(value=value, grain=grain, measure=line.measure)))
        self._room -= len(cells)
        return line._replace(parts=tuple(cells))

    def _factors(self, measure: str) -> tuple[Decimal, ...]:
        """What a figure may have been multiplied by: a digit too many or too few, another unit that forms state."""
        ratios = {_TEN}
        for unit in self._stated_units:
            ratio = self._forms.lexicon.factor(unit, measure)
            if ratio is not None and ratio != 1:
                ratios.add(max(ratio, CONTEXT.divide(_ONE, ratio)))
        return tuple(sorted({*ratios, *(CONTEXT.divide(_ONE, ratio) for ratio in ratios)}))

    @cached_property
    def _stated_units(self) -> set[str]:
        return {form.unit for form in self._forms.by_name.values() if form.unit}


def _slips(explanation: Explanation) -> tuple[Slipped, ...]:
    return tuple(Slipped(change.unit, change.slip, change.factor) for change in explanation.changes)


def _causes(lines: Sequence[Reconciled]) -> tuple[Cause, ...]:
    """What closes gaps, by how many it closes; each is tried on every figure that is out."""
    out = [line for line in lines if line.search is not None and line.judgement is not None]
    tried: dict[tuple[Slipped, ...], int] = {}
    for line in out:
        assert line.search is not None
        for explanation in line.search.explanations:
            slips = _slips(explanation)
            tried[slips] = tried.get(slips, 0) + 1
    likely = sorted(tried, key=lambda slips: (-tried[slips], len(slips), slips))[:MOST_CAUSES]
    causes = [Cause(slips, tuple(line.place for line in out if _closes(slips, line))) for slips in likely]
    return tuple(sorted(causes, key=lambda cause: (-len(cause.places), len(cause.slips), cause.slips)))


def _closes(slips: Sequence[Slipped], line: Reconciled) -> bool:
    assert line.judgement is not None
    moved = sum((_amount(one, line) for one in slips), _NOTHING)
    return abs(line.judgement.difference - moved) <= line.judgement.tolerance


def _amount(slipped: Slipped, line: Reconciled) -> Decimal:
    """What the slip does to this figure."""
    figure = line.adjusted
    if slipped.unit != WHOLE:
        figure = sum((part.value or _NOTHING for unit, part in line.parts if unit == slipped.unit), _NOTHING)
    if slipped.slip == Slip.OMITTED:
        return -figure
    if slipped.slip == Slip.DOUBLED:
        return figure
    if slipped.slip == Slip.SIGN:
        return -2 * figure
    return CONTEXT.multiply(figure, slipped.factor) - figure


def explanations_of(line: Reconciled, causes: Sequence[Cause]) -> Iterator[tuple[Explanation, int]]:
    """The explanations of one figure, those that close most gaps first, with how many they close."""
    if line.search is None:
        return
    closed = {cause.slips: len(cause.places) for cause in causes}
    found = [(explanation, closed.get(_slips(explanation), 1)) for explanation in line.search.explanations]
    yield from sorted(found, key=lambda pair: -pair[1])
