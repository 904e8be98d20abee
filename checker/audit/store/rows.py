"""The rows of one assessed workbook. They say nothing of time, process or the file's name: the same workbook under the
same rules gives the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, NamedTuple

from checker.audit.store.thin import thin
from checker.checks.subject import plain_text
from checker.engine.assess import Assessed
from checker.locate.located import LocatedForm, LocatedTable
from checker.messages import Text
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Status
from checker.model.report import Finding, WorkbookReport
from checker.model.rule import Pack, Severity
from checker.model.score import SchemeScore, Standing
from checker.reports import json as report_json
from checker.reports.figures import in_unit
from checker.reports.score_json import document as score_document
from checker.values.quantity import Kind

__all__ = ["Rows", "rows_of", "rows_of_rules"]

#: By table, rows in the order of its columns, the column ``result`` left out: the spool puts it in front.
Rows = Mapping[str, Sequence[tuple[Any, ...]]]

#: A text of so many characters says something of its own: equal ones in two workbooks were copied.
LONG_TEXT: Final = 20
KEPT_TEXT: Final = 40
#: Of a workbook with more cells in rows that its forms do not name, only the rows that they name, and totals, are kept.
MOST_UNNAMED: Final = 3000
#: A longer document of a finding loses places and operands, down to so many each.
MOST_CHARACTERS: Final = 4_000_000
MOST_LISTED: Final = (200, 0)
#: So many different reasons are kept for which a rule did not answer in a workbook.
MOST_REASONS: Final = 3
_OPEN: Final = frozenset({Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN})
#: The role of the field that tells the workbooks of a unit apart.
_PROJECT: Final = "project"
#: A number was asked for and cannot be read: kept as text without a hash, for nobody may take it for nothing.
_NO_NUMBER: Final = frozenset({Kind.UNREADABLE, Kind.ERROR, Kind.NO_CACHE})
#: The unit of a day: its number in Excel's 1900 system.
DATE: Final = "date"
_PLACES: Final = Decimal("0.000001")
_EXACTLY: Final = Context(prec=60, rounding=ROUND_HALF_UP)
#: What DECIMAL(28,6) holds, and DECIMAL(18,6) for marks.
_LARGEST: Final = Decimal(10) ** 22
_MOST_MARKS: Final = Decimal(10) ** 12


def rows_of(assessed: Assessed, scores: Sequence[SchemeScore] = (), alone: str = "") -> Rows:
    """The rows of one workbook in every table that is kept by result. ``alone`` is the result of it by itself."""
    report = assessed.report
    flat = [*_flat(report.findings)]
    return {
        "results": [_result(assessed, report, alone)],
        "findings": [_finding(ordinal, one.parent, one.finding) for ordinal, one in enumerate(flat)],
        "outcomes": [*_outcomes(assessed)],
        "facts": [*_facts(assessed)],
        "scores": [row for score in scores for row in _scores(score)],
    }


def rows_of_rules(digest: str, packs: Iterable[Pack]) -> list[tuple[Any, ...]]:
    """The rows of table ``rules``: every rule once, under the pack that wrote it."""
    loaded = {pack.id: pack for pack in packs}
    found = {rule.id: rule for pack in loaded.values() for rule in pack.rules}
    return [
        (
            digest,
            rule.id,
            rule.pack,
            loaded[rule.pack].edition if rule.pack in loaded else "",
            rule.name,
            rule.title.zh,
            rule.title.en,
            rule.severity,
            rule.source.document,
            rule.source.article,
            rule.remedy.zh if rule.remedy else "",
            rule.remedy.en if rule.remedy else "",
            list(rule.catalogue),
        )
        for _, rule in sorted(found.items())
    ]


class _Placed(NamedTuple):
    finding: Finding
    parent: int | None


def _flat(findings: Iterable[Finding]) -> Iterator[_Placed]:
    """Findings in reading order, each before its consequences."""
    waiting = [_Placed(finding, None) for finding in findings][::-1]
    ordinal = 0
    while waiting:
        placed = waiting.pop()
        yield placed
        waiting.extend(_Placed(below, ordinal) for below in reversed(placed.finding.consequences))
        ordinal += 1


def _result(assessed: Assessed, report: WorkbookReport, alone: str) -> tuple[Any, ...]:
    standing = [one.outcome.severity for one in report.findings if one.outcome.status != Status.WAIVED]
    awaits = {outcome.awaits for outcome in report.outcomes if outcome.awaits}
    return (
        report.sha256,
        alone,
        report.status,
        report.unit,
        plain_text(report.unit),
        report.year,
        report.pack,
        assessed.plan.pack.edition if assessed.plan else "",
        [form.form for form in report.forms],
        sorted(awaits),
        report.error.code if report.error else None,
        *(standing.count(severity) for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)),
        len(report.findings) - len(standing),
        _json(_workbook_document(report)),
    )


def _workbook_document(report: WorkbookReport) -> dict[str, Any]:
    document = report_json.workbook_document(report._replace(findings=(), scores=(), outcomes=()))
    left_out = ("path", "sha256", "pack", "unit", "year", "status", "findings", "scores")
    return {key: value for key, value in document.items() if key not in left_out}


def _finding(ordinal: int, parent: int | None, finding: Finding) -> tuple[Any, ...]:
    document = report_json.finding_document(finding._replace(consequences=()))
    del document["consequences"]
    told = _json(document)
    for most in MOST_LISTED:
        if len(told) > MOST_CHARACTERS:
            del document["places"][most:]
            for place in (document, *document["places"]):
                del place["operands"][most:]
            told = _json(document)
    outcome, unit = finding.outcome, document["unit"]
    return (
        ordinal,
        parent,
        finding.id,
        finding.rule.id,
        outcome.severity,
        outcome.status,
        outcome.form,
        outcome.sheet,
        outcome.cell,
        document["label"],
        _decimal(outcome.difference, unit),
        unit,
        told,
    )


def _outcomes(assessed: Assessed) -> Iterator[tuple[Any, ...]]:
    results = assessed.results
    if results is None:
        return
    counts: dict[str, dict[str, int]] = {}
    reasons: dict[str, dict[Text, None]] = {}

    def add(rule: str, status: str, count: int) -> None:
        of_rule = counts.setdefault(rule, dict.fromkeys(Status.ORDER, 0))
        of_rule[status] += count

    for _, outcome in results.told:
        add(outcome.rule, outcome.status, 1)
        if outcome.reason is not None and outcome.status in _OPEN:
            reasons.setdefault(outcome.rule, {})[outcome.reason] = None
    for batch in results.batches:
        add(batch.rule.id, batch.status, len(batch))
    for rule in sorted(counts):
        told = [*reasons.get(rule, ())][:MOST_REASONS]
        yield (rule, *counts[rule].values(), _json(told) if told else None)


def _facts(assessed: Assessed) -> Iterator[tuple[Any, ...]]:
    """The figures of the forms. Of a table too long to be held in memory there are none."""
    if assessed.results is None:
        return
    forms = [subject.form for subject in assessed.results.subjects.values()]
    crowded = sum(_unnamed(table) for form in forms for table in form.tables.values()) > MOST_UNNAMED
    for form in forms:
        for name, fact in form.fields.items():
            yield from _fact(form, "", "", name, fact)
        for table in form.tables.values():
            spec, rows = table.table, table.rows
            columns = [column for column in spec.columns if table.has(column)]
            if crowded:
                rows = tuple(row for row in rows if row.name in spec.rows)
            for row in (*rows, *table.totals.values()):
                label = table.label(row)
                for column in columns:
                    fact_here = table.fact(row, column)
                    if fact_here is not None:
                        yield from _fact(form, table.name, label, column, fact_here)


def _unnamed(table: LocatedTable) -> int:
    """Cells in rows that the form does not name."""
    return sum(row.name not in table.table.rows for row in table.rows) * len(table.table.columns)


def _fact(form: LocatedForm, table: str, row: str, column: str, fact: Fact) -> Iterator[tuple[Any, ...]]:
    quantity = fact.quantity
    value = grain = text_hash = text = None
    unit = ""
    if quantity.kind == Kind.NUMBER:
        value, grain, unit = _decimal(quantity.number, fact.unit), _decimal(fact.grain, fact.unit), fact.unit
    elif quantity.kind == Kind.DATE:
        value, unit = _decimal(quantity.number, ""), DATE
    elif quantity.kind in _NO_NUMBER:
        text, unit = (quantity.raw.strip() or quantity.kind)[:KEPT_TEXT], fact.unit
    elif quantity.kind == Kind.TEXT and fact.kind != ColumnKind.LABEL:
        whole = plain_text(quantity.raw)
        if len(whole) >= LONG_TEXT or (not table and form.form.fields[column].role == _PROJECT):
            text_hash, text = _hash(whole), quantity.raw.strip()[:KEPT_TEXT]
    if value is not None or text is not None:
        place = (form.form.name, form.qualifier, table, row, column, fact.sheet, fact.address)
        yield (*place, value, unit, grain, text_hash, text)


def _scores(score: SchemeScore) -> Iterator[tuple[Any, ...]]:
    place, total = (score.scheme, score.form, score.sheet), score.total
    comparable = total.claimed is not None and total.low is not None and not total.unknown
    yield (
        *place,
        0,
        "",
        *_marks(total.full, total.claimed, total.low, total.high),
        Standing.COMPUTED if total.low is not None else Standing.MISSING,
        not total.disagrees if comparable else None,
        _json(thin(score_document(score))),
    )
    for ordinal, one in enumerate(score.indicators(), 1):
        marks = _marks(one.full, one.claimed, one.low, one.high)
        yield (*place, ordinal, one.name, *marks, one.standing, one.agrees, None)


def _marks(*marks: Decimal | None) -> Iterator[str | None]:
    return (_decimal(one, "", _MOST_MARKS) for one in marks)


def _decimal(value: Decimal | None, unit: str, largest: Decimal = _LARGEST) -> str | None:
    """Digits for a column of decimals; None for what it cannot hold (no amount of money is that large)."""
    if value is None or not value.is_finite():
        return None
    value = in_unit(value, unit)
    if abs(value) >= largest:
        return None
    digits = value.quantize(_PLACES, context=_EXACTLY)
    return format(digits if digits else abs(digits), "f")


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])


def _json(document: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
