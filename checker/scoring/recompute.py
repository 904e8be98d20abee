"""A scoring standard applied to a form where it was found: every indicator claimed and recomputed.

Facts are kept, so that checks can point at them; ``present`` makes of it what a report shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from checker.checks.environment import Scope
from checker.checks.subject import Subject
from checker.formula.error import FormulaError
from checker.formula.evaluate import evaluate, facts_of
from checker.formula.kept import parse
from checker.formula.obstacle import Absent, DivisionByZero, Obstacle, Undecided, Unusable
from checker.formula.render import fill, render
from checker.formula.value import Value
from checker.locate.located import LocatedTable
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.plugin import ScoreKind
from checker.model.scheme import Criterion, Scheme
from checker.model.score import Standing
from checker.scoring.award import Award
from checker.scoring.branch import taken
from checker.scoring.claims import ClaimRow, claim_rows, match, number_of, stated_marks
from checker.scoring.ground import Ground, Measure, Unscored
from checker.values.interval import Interval
from checker.values.numbers import CONTEXT, ZERO, round_to
from checker.values.quantity import Kind

__all__ = ["Entry", "Recomputed", "recompute"]

#: Marks are rounded to so many places where the form does not say.
_DECIMALS: Final = 2
_ONE: Final = Decimal(1)


class Entry(NamedTuple):
    """One indicator, claimed and computed. ``standard`` are the full marks of the standard, ``printed`` those of the
    workbook, ``full`` the ones that count. ``claimed`` is None where the cell is blank or holds no number."""

    name: str
    path: tuple[str, ...]
    criterion: Criterion | None
    standing: str
    row: ClaimRow | None = None
    full: Decimal | None = None
    standard: Decimal | None = None
    printed: Decimal | None = None
    claim: Fact | None = None
    claimed: Decimal | None = None
    award: Award | None = None
    #: Where full marks are not known: the share of them that the measure earns.
    share: Award | None = None
    measure: Measure | None = None
    reason: Text | None = None
    facts: tuple[Fact, ...] = ()
    #: The form without which nothing can be computed, if its workbook was not given.
    awaits: str = ""

    @property
    def kind(self) -> str:
        return self.criterion.kind if self.criterion is not None else ""

    @property
    def measured(self) -> str:
        """What was measured, as people read it; empty where nothing was."""
        if self.measure is not None:
            return self.measure.text
        return self.award.measured if self.award is not None else ""

    @property
    def agrees(self) -> bool | None:
        """Whether the claim is possible; None where the two cannot be compared."""
        if self.standing == Standing.NOT_APPLICABLE and self.criterion is not None:
            if self.claimed is None or not self.criterion.applies:
                return True
            return self.claimed == (self.full if self.criterion.not_applicable == "full" else ZERO)
        if self.claimed is None or self.award is None:
            return None
        return self.award.allows(self.claimed)

    @property
    def contradicted(self) -> bool:
        """Whether the figures do not allow full marks."""
        if self.award is None or self.full is None:
            return self.share is not None and self.share.high < 1
        return self.award.high < self.full

    def counted(self) -> Interval | None:
        """What goes into the total: the computed marks, or the claim where judgement counts; None: nothing is known."""
        if self.standing == Standing.NOT_APPLICABLE and self.criterion is not None:
            full = self.criterion.not_applicable == "full" and self.full is not None
            return Interval.point(self.full if full and self.full is not None else ZERO)
        if self.award is None:
            return None if self.claimed is None else Interval.point(self.claimed)
        if not (self.award.judgement or self.award.ceiling):
            return Interval(self.award.low, self.award.high)
        if self.claimed is None:
            return Interval(self.award.low, self.award.high) if self.award.judgement else None
        return Interval.point(min(max(self.claimed, self.award.low if self.award.judgement else ZERO), self.award.high))


class Recomputed(NamedTuple):
    """All of it. ``total`` is what all full marks add up to, ``total_claim`` the total as printed."""

    scheme: Scheme
    subject: Subject
    entries: tuple[Entry, ...]
    rows: tuple[ClaimRow, ...]
    total: Decimal | None
    decimals: int
    total_claim: Fact | None = None
    grade_claim: Fact | None = None

    @property
    def claimed_total(self) -> Decimal | None:
        return number_of(self.total_claim)


def recompute(scheme: Scheme, subject: Subject, kinds: Mapping[str, ScoreKind]) -> Recomputed:
    """Every indicator of ``scheme`` on the form of ``subject``. ``kinds`` are all ways to give marks, by name."""
    claims = scheme.claims
    table = subject.table(claims.table)
    column = subject.form.form.tables[claims.table].columns.get(claims.claimed) if table is not None else None
    decimals = column.decimals if column is not None and column.decimals is not None else _DECIMALS
    scorer = _Scorer(scheme, subject, kinds, table, decimals)
    rows = claim_rows(scheme, table, subject) if table is not None else []
    found = match(scheme, rows, subject)
    entries: list[Entry] = []
    head: ClaimRow | None = None
    for row in rows:
        criterion = found.by_row.get((row.row.number, row.row.block))
        if criterion is None and (row.subtotal or (head is not None and _below(head, row))):
            continue
        head = row if row.subtotal else None if head is not None and not _below(head, row) else head
        if criterion is None and scheme.others is None and not (row.full or row.claimed):
            continue
        entries.append(scorer.row(row, criterion or scheme.others))
    entries.extend(scorer.elsewhere(criterion) for criterion in scheme.criteria if criterion.claimed)
    for criterion in found.absent:
        reason = tr("The score table has no row for it") if table is not None else _no_table(claims.table)
        entries.append(scorer.without_row(criterion, reason))
    for criterion in found.twice.values():
        entries.append(scorer.without_row(criterion, tr("Several rows of the score table bear this name")))
    total_row = table.totals.get(claims.total) if table is not None and claims.total else None
    return Recomputed(
        scheme,
        subject,
        tuple(entries),
        tuple(rows),
        scorer.number(scheme.total),
        decimals,
        table.fact(total_row, claims.claimed) if table is not None and total_row is not None else None,
        subject.form.fields.get(claims.grade),
    )


def _below(head: ClaimRow, row: ClaimRow) -> bool:
    return row.labels[: len(head.labels)] == head.labels


def _no_table(name: str) -> Text:
    return tr("Table {table} was not found", table=name)


class _Scorer:
    def __init__(
        self,
        scheme: Scheme,
        subject: Subject,
        kinds: Mapping[str, ScoreKind],
        table: LocatedTable | None,
        decimals: int,
    ) -> None:
        self._scheme = scheme
        self._subject = subject
        self._kinds = kinds
        self._table = table
        self._decimals = decimals

    def number(self, value: Decimal | str) -> Decimal | None:
        """A number of the scheme, or the parameter of that name."""
        found = self._subject.parameters.get(value) if isinstance(value, str) else value
        return found if isinstance(found, Decimal) else None

    def row(self, row: ClaimRow, criterion: Criterion | None) -> Entry:
        """An indicator that stands in the score table."""
        name = criterion.name if criterion is not None and criterion.name else row.name
        printed = number_of(row.full)
        if printed is None:
            printed = stated_marks(row.name, self._subject)
        entry = Entry(
            name,
            row.path,
            criterion,
            Standing.UNNAMED,
            row,
            printed,
            printed=printed,
            claim=row.claimed,
            claimed=self._marks(row.claimed),
        )
        if criterion is None:
            return entry._replace(reason=tr("The standard does not name it: taken as claimed"))
        return self._scored(entry, criterion, Scope(self._subject, self._table, row.row))

    def elsewhere(self, criterion: Criterion) -> Entry:
        """An indicator whose claim stands in no row of the score table."""
        scope = Scope(self._subject)
        entry = Entry(criterion.name, (criterion.name,), criterion, Standing.MISSING)
        try:
            facts = facts_of(parse(criterion.claimed), scope)
        except FormulaError as error:
            return entry._replace(standing=Standing.BROKEN, reason=error.message)
        claim = facts[0] if len(facts) == 1 else None
        entry = entry._replace(claim=claim, claimed=self._marks(claim))
        return self._scored(entry, criterion, scope)

    def without_row(self, criterion: Criterion, reason: Text) -> Entry:
        entry = Entry(
            criterion.name, tuple(filter(None, (criterion.under, criterion.name))), criterion, Standing.ABSENT
        )
        full = self.number(criterion.full) if criterion.full is not None else None
        return entry._replace(full=full, standard=full, reason=reason)

    def _marks(self, fact: Fact | None) -> Decimal | None:
        number = number_of(fact)
        return None if number is None else round_to(number, self._decimals)

    def _scored(self, entry: Entry, criterion: Criterion, scope: Scope) -> Entry:
        try:
            entry = self._with_full(entry, criterion, scope)
            if not self._applies(entry, criterion, scope):
                return entry._replace(standing=Standing.NOT_APPLICABLE, reason=_out_of_scope(entry, criterion))
            kind = self._kinds.get(criterion.kind)
            if kind is None:
                raise Unscored(Standing.BROKEN, tr("There is no score kind {kind}", kind=criterion.kind))
            measure = self._measure(criterion, scope)
            entry = entry._replace(measure=measure, facts=measure.facts if measure is not None else ())
            full, parameters = entry.full, self._subject.parameters
            if full is None:
                return self._without_full(entry, kind, Ground(_ONE, criterion.terms, measure, parameters, scope=scope))
            with localcontext(CONTEXT):
                award: Award = kind.award(Ground(full, criterion.terms, measure, parameters, self._decimals, scope))
                if criterion.cap:
                    award = award.at_most(self._interval(criterion.cap, scope), full)
            award = award.rounded(self._decimals)
        except Unscored as obstacle:
            return entry._replace(
                standing=obstacle.standing, reason=obstacle.reason, facts=(*entry.facts, *obstacle.facts)
            )
        except Obstacle as obstacle:
            return _hindered(entry, obstacle)
        except FormulaError as error:
            return entry._replace(standing=Standing.BROKEN, reason=error.message)
        standing = Standing.JUDGEMENT if kind.judgement or award.judgement else Standing.COMPUTED
        facts = (*entry.facts, *award.facts)
        return entry._replace(standing=standing, award=award, facts=facts, reason=award.remark)

    def _with_full(self, entry: Entry, criterion: Criterion, scope: Scope) -> Entry:
        if criterion.full is None:
            return entry
        if isinstance(criterion.full, Decimal):
            return entry._replace(full=criterion.full, standard=criterion.full)
        value = evaluate(parse(criterion.full), scope)
        if value.operands:  # a cell of the workbook, not a number of the pack
            return entry._replace(full=value.number, printed=value.number)
        return entry._replace(full=value.number, standard=value.number)

    def _without_full(self, entry: Entry, kind: ScoreKind, ground: Ground) -> Entry:
        """Marks cannot be given, but whether the measure would earn all of them can be told."""
        reason = tr("Its full marks are not known")
        if ground.measured is None:
            return entry._replace(standing=Standing.MISSING, reason=reason)
        steps = ground.terms.get("steps")
        if isinstance(steps, list):  # marks, not shares: the best step earns all
            with suppress(Unscored):
                best = max(ground.marks(step.get("marks", step.get("otherwise"))) for step in steps)
                ground = ground._replace(full=best) if best > _ONE else ground
        award: Award = kind.award(ground)
        share = Interval(award.low / ground.full, award.high / ground.full)
        short = award._replace(options=(share,), central=award.central / ground.full)
        return entry._replace(standing=Standing.MISSING, reason=reason, share=short)

    def _applies(self, entry: Entry, criterion: Criterion, scope: Scope) -> bool:
        if criterion.applies:
            return evaluate(parse(criterion.applies), scope).boolean is not False
        return entry.claim is None or entry.claim.quantity.kind != Kind.NIL

    def _interval(self, formula: str, scope: Scope) -> Interval:
        value = self._value(formula, scope)
        assert value.interval is not None
        return value.interval

    def _measure(self, criterion: Criterion, scope: Scope) -> Measure | None:
        written = criterion.terms.get("measure")
        if written is None:
            return None
        value = self._value(str(written), scope)
        node = parse(str(written))
        assert value.number is not None and value.interval is not None
        unit = str(criterion.terms.get("unit", ""))
        filled = fill(taken(node, scope), scope)
        return Measure(value.number, value.interval, unit, render(node), filled, value.operands)

    def _value(self, formula: str, scope: Scope) -> Value:
        value = evaluate(parse(formula), scope, self._subject.form.form.rounding)
        if value.number is None:
            if value.blank:
                raise Unscored(Standing.MISSING, tr("What is measured is blank"), value.operands)
            raise Unscored(Standing.MISSING, tr("What is measured is not a number"), value.operands)
        return value


def _out_of_scope(entry: Entry, criterion: Criterion) -> Text:
    if criterion.applies:
        return tr("The standard's condition for it does not hold")
    return tr("The unit says that it does not apply")


def _hindered(entry: Entry, obstacle: Obstacle) -> Entry:
    standing = Standing.UNDECIDED if isinstance(obstacle, Undecided) else Standing.MISSING
    reason = obstacle.reason
    if isinstance(obstacle, DivisionByZero):
        reason = tr("What it is measured against is 0: {cells}", cells=_cells(obstacle.facts))
    elif isinstance(obstacle, Unusable) and obstacle.facts:
        reason = tr("{reason} ({cells})", reason=obstacle.reason, cells=_cells(obstacle.facts))
    awaits = obstacle.awaits if isinstance(obstacle, Absent) else ""
    return entry._replace(standing=standing, reason=reason, facts=(*entry.facts, *obstacle.facts), awaits=awaits)


def _cells(facts: tuple[Fact, ...]) -> Text:
    return listed(f"{fact.sheet}!{fact.address}" for fact in facts[:5])
