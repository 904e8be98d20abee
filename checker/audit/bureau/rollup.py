"""The papers of a roll-up (汇总审核): ``rollup.json`` for programs and pages, ``rollup.csv`` for people.

A figure that is out has what any finding has: both sides as formula, with numbers and as value, the difference, what
rounding explains, every cell of every file that took part, and what it rests on.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from checker.audit.bureau.adjustments import Adjustment, read_adjustments
from checker.audit.bureau.expected import Roster
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.gap import WHOLE, Change, Slip
from checker.audit.bureau.lists import table_text, write_paper
from checker.audit.bureau.reconcile import Cause, Reconciled, RollUp, explanations_of, roll_up
from checker.audit.bureau.sums import Figure
from checker.checks.subject import plain_text
from checker.messages import Text, tr
from checker.model.outcome import Operand, Outcome, Side, Status
from checker.reports.figures import plain, shown
from checker.reports.json import outcome_document

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["document", "read_adjustments", "summary", "write"]

SCHEMA: Final = "checker/rollup@1"
#: The name that the comparison goes by where findings of rules have the id of their rule.
RULE: Final = "rollup"
#: Up to so many figures are written out in a formula.
_WRITTEN_OUT: Final = 12


def write(
    store: Store,
    summary_file: str,
    forms: Forms,
    folder: str,
    *,
    roster: Roster | None = None,
    adjustments: Sequence[Adjustment] = (),
) -> tuple[Text, frozenset[str]]:
    """Compare, and write ``rollup.json`` and ``rollup.csv`` into ``folder``; gives the line that sums them up, and how
    grave the figures are that are out. Raises ``UsageError`` and ``ReadError`` as ``roll_up`` does."""
    found = roll_up(store, summary_file, forms, roster=roster, adjustments=adjustments)
    text = json.dumps(document(found), ensure_ascii=False, indent=1) + "\n"
    write_paper(os.path.join(folder, "rollup.json"), text)  # noqa: PTH118
    write_paper(os.path.join(folder, "rollup.csv"), table_text(_titles(), _rows(found)))  # noqa: PTH118
    return summary(found), frozenset(line.severity for line in found.lines if line.status == Status.FAIL)


def summary(found: RollUp) -> Text:
    """One line for the terminal."""
    if not found.lines:
        return tr("Roll-up: the summary has no figure that could be compared with the units.")
    agree = found.count(Status.PASS) + found.count(Status.TAIL)
    open_ = found.count(Status.UNDECIDED) + found.count(Status.INSUFFICIENT)
    line = tr(
        "Roll-up: {units} units, {all} figures compared; {agree} agree, {out} are out, {open} could not be judged.",
        units=len({member.unit for member in found.members.counted}),
        all=len(found.lines),
        agree=agree,
        out=found.count(Status.FAIL),
        open=open_,
    )
    if not found.causes:
        return line
    cause = found.causes[0]
    rest = tr(
        "{count} of them would be explained by: {slips}.",
        count=len(cause.places),
        slips=_joined([_slip_words(one.unit, one.slip, one.factor) for one in cause.slips]),
    )
    return Text(line.zh + rest.zh, f"{line.en} {rest.en}")


def document(found: RollUp) -> dict[str, Any]:
    """The roll-up for programs and pages: ``schemas/rollup.schema.json``."""
    members = found.members
    return {
        "schema": SCHEMA,
        "summary": {"source": found.summary.source, "unit": found.summary.unit, "year": found.summary.year},
        "principle": principle()._asdict(),
        "source": {"document": source()._asdict(), "article": "", "status": "inferred"},
        "counts": {status: found.count(status) for status in Status.ORDER},
        "units": sorted({member.unit for member in members.counted}),
        "missing": [{"unit": unit, "form": form} for unit, form in members.missing],
        "left_out": list(members.left_out),
        "strangers": list(members.strangers),
        "other_years": list(members.other_years),
        "adjustments": [_adjustment(one) for one in found.adjustments],
        "not_compared": [place._asdict() for place in found.unique],
        "causes": [_cause(cause) for cause in found.causes],
        "lines": [_line(line, found) for line in found.lines],
    }


def principle() -> Text:
    return tr("A summary is the sum of its units, more or less what was decided about them.")


def source() -> Text:
    """What the comparison rests on. No article is cited: none was checked."""
    return tr("Practice of reviewing summaries (eliminations between units as the instructions for final accounts ask)")


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return {
        "line": one.line,
        "unit": one.unit,
        "place": one.place._asdict() if one.place is not None else None,
        "amount": plain(one.amount) if one.place is not None else None,
        "measure": one.measure,
        "decided_by": one.decided_by,
        "reason": one.reason,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "slips": [{"unit": one.unit, "slip": one.slip, "factor": _digits(one.factor)} for one in cause.slips],
        "words": _joined([_slip_words(one.unit, one.slip, one.factor) for one in cause.slips])._asdict(),
        "places": [place.label for place in cause.places],
    }


def _line(line: Reconciled, found: RollUp) -> dict[str, Any]:
    outcome = outcome_document(_outcome(line))
    told = line.status not in (Status.PASS, Status.TAIL)
    search = line.search
    return {
        "id": _id(line, found) if told else None,
        "place": line.place._asdict(),
        "units": line.figures,
        **outcome,
        "message": _message(line)._asdict(),
        "reason": line.reason._asdict() if line.reason is not None else None,
        "adjustments": [_adjustment(one) for one in line.adjustments],
        "explanations": [
            {
                "changes": [_change(change) for change in explanation.changes],
                "words": _joined([_slip_words(c.unit, c.slip, c.factor) for c in explanation.changes])._asdict(),
                "rest": plain(explanation.rest),
                "closes": closes,
            }
            for explanation, closes in explanations_of(line, found.causes)
        ],
        "search": {
            "found": search.found,
            "searched": search.searched,
            "thinned": search.thinned,
            "by_chance": plain(search.chance),
            "words": _search_words(line)._asdict(),
        }
        if search is not None
        else None,
    }


def _change(change: Change) -> dict[str, str]:
    return {
        "unit": change.unit,
        "slip": change.slip,
        "figure": _digits(change.figure),
        "amount": _digits(change.amount),
        "factor": _digits(change.factor),
    }


def _digits(number: Decimal) -> str:
    return plain(number.normalize())


def _outcome(line: Reconciled) -> Outcome:
    """A figure of the summary and its sum as any comparison of two sides."""
    figure, judged = line.figure, line.judgement
    operands = [_operand(figure, tr("summary").zh, line)] if figure is not None else []
    operands += [_operand(part, unit, line) for unit, part in line.parts]
    names = tr("summary"), tr("sum of the units"), tr("adjustments")
    right = [names[1].zh, *([names[2].zh] if line.adjustments else [])]
    stated = figure.value if figure is not None else None
    return Outcome(
        rule=RULE,
        status=line.status,
        severity=line.severity,
        sheet=f"[{figure.source}]{figure.sheet}" if figure is not None else "",
        cell=figure.cell if figure is not None else "",
        path=tuple(part for part in line.place if part),
        form=line.place.form,
        left=Side(names[0].zh, _number(stated), stated, unit=line.measure),
        right=Side(" + ".join(right), _filled(line), line.adjusted, unit=line.measure) if judged is not None else None,
        difference=judged.difference if judged is not None else None,
        at_least=judged.at_least if judged is not None else None,
        tolerance=judged.tolerance if judged is not None else None,
        operands=tuple(operands),
    )


def _operand(figure: Figure, label: str, line: Reconciled) -> Operand:
    text = figure.text or (plain(figure.value) if figure.value is not None else "")
    return Operand(f"[{figure.source}]{figure.sheet}", figure.cell, label, text, figure.value, line.measure)


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value.normalize())


def _filled(line: Reconciled) -> str:
    """The right side with numbers: each where there are few, their sum otherwise."""
    few = 0 < len(line.parts) <= _WRITTEN_OUT
    numbers = [part.value for _, part in line.parts] if few else [line.total]
    numbers += [one.amount for one in line.adjustments]
    return " + ".join(f"({text})" if text.startswith("-") else text for text in map(_number, numbers)) or "0"


def _id(line: Reconciled, found: RollUp) -> str:
    """Stable over runs and corrections: no address, no amount."""
    about = [RULE, plain_text(found.summary.unit), found.summary.year, line.place.label]
    return hashlib.sha256("\0".join(about).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _message(line: Reconciled) -> Text:
    """What is the matter with this figure, in one sentence."""
    if line.judgement is None:
        assert line.reason is not None
        return tr("Not judged: {reason}", reason=line.reason)
    judged, grains = line.judgement, [line.figure.grain] if line.figure else [part.grain for _, part in line.parts]
    places = max((-int(grain.as_tuple().exponent) for grain in grains if grain), default=0)

    def money(number: Decimal, *, signed: bool = False) -> str:
        return shown(number, line.measure, places, signed=signed)

    numbers = {
        "stated": money(line.figure.value) if line.figure and line.figure.value is not None else tr("blank"),
        "total": money(line.adjusted),
        "units": line.figures,
        "difference": money(judged.difference, signed=True),
        "tolerance": money(judged.tolerance),
    }
    if line.status == Status.PASS:
        return tr("Summary and sum of {units} units agree: {stated}", **numbers)
    if line.status == Status.TAIL:
        return tr("Summary {stated}, sum of {units} units {total}: rounding explains {difference}", **numbers)
    gap = tr(
        "Summary {stated}, sum of {units} units with adjustments {total}: {difference} apart, "
        "rounding explains at most {tolerance}",
        **numbers,
    )
    return gap if line.reason is None else _joined([gap, line.reason])


def _search_words(line: Reconciled) -> Text:
    """What the search came to, with its limits: a lead, no proof."""
    search = line.search
    assert search is not None
    if not search.found:
        return tr(
            "No explanation: no set of up to {size} slips of units closes the gap. Look at the summary's own entry.",
            size=search.searched,
        )
    return tr(
        "{count} sets of {size} slips close the gap, {chance} would do so by chance. Where to look first, not what "
        "happened: compare with what the unit filed.",
        count=search.found,
        size=search.searched,
        chance=shown(search.chance),
    )


def _slip_words(unit: str, slip: str, factor: Decimal) -> Text:
    named: Text | str = tr("the summary's figure itself") if unit == WHOLE else unit
    if slip == Slip.OMITTED:
        return tr("{unit} is not in the summary", unit=named)
    if slip == Slip.DOUBLED:
        return tr("{unit} is in the summary twice", unit=named)
    if slip == Slip.SIGN:
        return tr("{unit} is in the summary with the other sign", unit=named)
    times = _digits(factor)
    return tr(
        "{unit} is in the summary at {factor} times its own figure (point, or unit of money)", unit=named, factor=times
    )


def _joined(texts: Sequence[Text]) -> Text:
    return Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))


def _titles() -> list[Text]:
    titles = (
        tr("State"),
        tr("Official form"),
        tr("Table"),
        tr("Row"),
        tr("Column"),
        tr("Unit"),
        tr("File"),
        tr("Cell"),
    )
    amounts = (tr("Amount"), tr("Unit of measure"), tr("Difference"), tr("Explained by rounding"), tr("Remark"))
    return [*titles, *amounts]


def _states() -> dict[str, Text]:
    return {
        Status.PASS: tr("agrees"),
        Status.TAIL: tr("rounding"),
        Status.FAIL: tr("is out"),
        Status.UNDECIDED: tr("undecided"),
        Status.INSUFFICIENT: tr("cannot be judged"),
    }


def _rows(found: RollUp) -> Iterator[list[str]]:
    """Each figure of the summary; below one that is out the units' cells, the decisions and the explanations."""
    words = _states()
    for line in sorted(found.lines, key=lambda line: line.status in (Status.PASS, Status.TAIL)):
        place, judged = list(line.place), line.judgement
        numbers = [_number(judged.difference), _number(judged.tolerance)] if judged is not None else ["", ""]
        yield [
            words[line.status].zh,
            *place,
            tr("summary").zh,
            *_where(line.figure),
            line.measure,
            *numbers,
            _message(line).zh,
        ]
        if line.status in (Status.PASS, Status.TAIL):
            continue
        for unit, part in line.parts:
            yield ["", *place, unit, *_where(part), line.measure, "", "", ""]
        for one in line.adjustments:
            said = f"{one.reason} ({one.decided_by})"
            yield ["", *place, one.unit, "", "", _number(one.amount), one.measure, "", "", said]
        for explanation, closes in explanations_of(line, found.causes):
            slips = _joined([_slip_words(c.unit, c.slip, c.factor) for c in explanation.changes])
            told = tr("Would be explained by: {slips}; this closes {count} gaps", slips=slips, count=closes)
            yield ["", *place, "", "", "", "", "", "", "", told.zh]
        if line.search is not None:
            yield ["", *place, "", "", "", "", "", "", "", _search_words(line).zh]


def _where(figure: Figure | None) -> list[str]:
    if figure is None:
        return ["", "", ""]
    return [figure.source, f"{figure.sheet}!{figure.cell}", _number(figure.value) or figure.text]
