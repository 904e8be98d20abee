"""A verdict derived again from a finding as it was written down, without the workbook.

The rule of the installed pack runs on the cells that the document tells; what it says is compared, field by field, with
what the document says. Likely causes and explanations take the whole workbook and are not derived again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from checker.checks.subject import Compiled
from checker.engine.binding import rule_version
from checker.engine.diagnose import counted, finding_of
from checker.engine.grounds import Surroundings, answers, subject_from
from checker.engine.kept import Contradiction, Named, value_of
from checker.engine.plan import Plan, parameters_on
from checker.errors import UsageError
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.rule import Rule
from checker.reports.json import finding_document, outcome_document
from checker.reports.words import status_word
from checker.values.lexicon import Lexicon

__all__ = ["Answer", "Replayed", "Replayer"]

Document = Mapping[str, Any]


class Answer:
    """What came of deriving a finding again."""

    SAME: Final = "same"
    DIFFERENT: Final = "different"
    CANNOT: Final = "cannot"
    #: The gravest first: a document that says something else weighs more than one of which nothing can be said.
    ORDER: Final = ("different", "cannot", "same")


class Replayed(NamedTuple):
    """``reasons`` are what differs, or why nothing can be said; ``remarks`` what a reader must know all the same."""

    id: str
    rule: str
    title: Text
    answer: str
    reasons: tuple[Text, ...] = ()
    remarks: tuple[Text, ...] = ()
    consequences: tuple[Replayed, ...] = ()

    @property
    def gravest(self) -> str:
        """The answer for it and all that follows from it."""
        every = [self.answer, *(below.gravest for below in self.consequences)]
        return min(every, key=Answer.ORDER.index)


class _Cannot(Exception):  # noqa: N818 - it is an answer on its way out
    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


#: Of several amounts that differ the most telling first. ``status`` is apart: people may have changed it.
_OF_PLACE: Final = (
    "actual",
    "expected",
    "difference",
    "at_least",
    "tolerance",
    "operator",
    "unit",
    "severity",
    "form",
    "sheet",
    "cell",
    "label",
    "formula",
    "values",
    "cells",
    "operands",
)
_OF_FINDING: Final = ("id", "name", "pack", "catalogue", "title", "message", "source", "remedy")
_AMOUNTS: Final = frozenset({"difference", "at_least", "tolerance"})
_SIDES: Final = frozenset({"actual", "expected"})


@cache
def _names() -> dict[str, Text]:
    return {
        "actual": tr("actual"),
        "expected": tr("expected"),
        "difference": tr("difference"),
        "at_least": tr("what rounding cannot explain"),
        "tolerance": tr("tolerance"),
        "operator": tr("comparison sign"),
        "unit": tr("unit of measure"),
        "severity": tr("severity"),
        "form": tr("form"),
        "sheet": tr("sheet"),
        "cell": tr("cell"),
        "label": tr("label path"),
        "formula": tr("formula"),
        "values": tr("formula with its numbers"),
        "cells": tr("formula over cells"),
        "operands": tr("cells that took part"),
        "id": tr("finding id"),
        "name": tr("rule name"),
        "pack": tr("rule pack"),
        "catalogue": tr("catalogue number"),
        "title": tr("what the rule asks"),
        "message": tr("problem"),
        "source": tr("source"),
        "remedy": tr("suggestion"),
    }


class Replayer:
    """Derives findings again with the packs of ``plans``."""

    def __init__(self, plans: Mapping[str, Plan], labels: Labels, lexicon: Lexicon) -> None:
        self._plans = plans
        self._labels = labels
        self._lexicon = lexicon

    def replay(self, document: Document) -> Replayed:
        """A finding as ``$defs/finding`` of ``schemas/report.schema.json`` has it, and what follows from it.

        Raises ``UsageError`` for what is no such thing.
        """
        try:
            head = str(document["id"]), str(document["rule"]), Text(document["title"]["zh"], document["title"]["en"])
            below = tuple(map(self.replay, document["consequences"]))
            answer = self._answer(document)
        except _Cannot as found:
            return Replayed(*head, Answer.CANNOT, (found.reason,), (), below)
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
            raise UsageError(
                "NO_FINDING",
                tr("This is no finding as a report has it ({detail}).", detail=f"{type(error).__name__}: {error}"),
                tr("Give a finding out of checker check --format json or checker audit, or the whole file."),
            ) from error
        return Replayed(*head, Answer.DIFFERENT if answer[0] else Answer.SAME, *answer, below)

    def _answer(self, document: Document) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
        """What differs, and remarks."""
        grounds = document.get("grounds")
        if grounds is None:
            raise _Cannot(tr("the finding was written without what it rests on; check anew with --format json"))
        plan = self._plans.get(grounds["pack"])
        if plan is None:
            raise _Cannot(tr("rule pack {pack} is not installed", pack=grounds["pack"]))
        rule = plan.rules.get(document["rule"])
        if rule is None:
            raise _Cannot(tr("rule pack {pack} has no rule {rule}", pack=_edition(plan), rule=document["rule"]))
        if rule_version(rule) != grounds["rule_version"]:
            raise _Cannot(
                tr("the rule was changed after the finding was written (rule pack now: {pack})", pack=_edition(plan))
            )
        if not grounds["slices"]:
            raise _Cannot(tr("it rests on more cells than a finding holds; check the workbook itself"))
        remarks: list[Text] = []
        if plan.pack.digest != grounds["digest"]:
            remarks.append(_other_pack(grounds, plan))
        differences = tuple(self._differences(document, grounds, plan, rule))
        if differences and remarks:  # whether the document or the pack was changed, nobody can say
            raise _Cannot(tr("{one}; {other}", one=remarks[0], other=differences[0]))
        if document["status"] == Status.WAIVED:
            remarks.append(tr("that it was explained or waived is not derived again"))
        return differences, tuple(remarks)

    def _differences(self, document: Document, grounds: Document, plan: Plan, rule: Rule) -> Iterator[Text]:
        places = [document, *document["places"]]
        named = _named(places)
        try:
            told = [outcome for kept in grounds["slices"] for outcome in self._told(kept, named, plan, rule)]
        except Contradiction as found:
            place = f"{found.fact.sheet}!{found.fact.address}"
            text = found.fact.quantity.raw.strip()
            yield tr("{place}: the text “{text}” and the number beside it do not agree", place=place, text=text)
            return
        here: list[Outcome] = []
        for place in places:
            outcome = _nearest(place, told)
            if outcome is None:
                yield tr("{place}: the rule says nothing about this place", place=_place(place))
                continue
            here.append(outcome)
            yield from _place_differences(place, outcome)
        if len(here) == len(places):
            again = finding_document(counted(finding_of(here, rule, grounds["unit"], grounds["year"])))
            yield from (_told(document, key, again) for key in _OF_FINDING if document[key] != again[key])

    def _told(self, kept: Document, named: Named, plan: Plan, rule: Rule) -> list[Outcome]:
        """All that the rule says of what was kept of one form."""
        around = Surroundings(self._lexicon, parameters_on(plan.pack, kept["year"]), plan.pack.beside)
        subject = subject_from(
            kept["forms"], lambda name, pack: self._form(plan, name, pack), named, around, self._labels
        )
        return answers(_compiled(plan, subject.form.form.name, rule), subject)

    def _form(self, plan: Plan, name: str, pack: str) -> Form:
        packs = [plan.pack, *(other.pack for other in self._plans.values())]
        for forms in (packs[0].every_form, *(other.forms for other in packs[1:])):
            if name in forms and forms[name].pack == pack:
                return forms[name]
        raise _Cannot(tr("rule pack {pack} has no form {form}", pack=pack, form=name))


def _edition(plan: Plan) -> str:
    return f"{plan.pack.id} {plan.pack.edition}"


def _other_pack(grounds: Document, plan: Plan) -> Text:
    return tr(
        "the rule pack is not the one that it was found with (then {then}, now {now})",
        then=f"{grounds['pack']} {grounds['edition']} {grounds['digest'][:12]}",
        now=f"{_edition(plan)} {plan.pack.digest[:12]}",
    )


def _compiled(plan: Plan, form: str, rule: Rule) -> Compiled:
    for compiled in plan.about(form):
        if compiled.rule.id == rule.id:
            return compiled
    raise _Cannot(tr("the rule cannot be run on form {form} here", form=form))


def _named(places: Sequence[Document]) -> Named:
    return {
        (cell["sheet"], cell["cell"]): (cell["text"], value_of(cell["value"], cell["unit"]), cell["unit"])
        for place in places
        for cell in place["operands"]
    }


def _nearest(place: Document, told: Sequence[Outcome]) -> Outcome | None:
    """What was said of this place; where several things were, that which differs least."""
    here = [o for o in told if (o.sheet, o.cell, " / ".join(o.path)) == (place["sheet"], place["cell"], place["label"])]
    near = here or [o for o in told if (o.sheet, o.cell) == (place["sheet"], place["cell"])]
    return min(near, key=lambda outcome: len(list(_place_differences(place, outcome))), default=None)


def _place_differences(place: Document, outcome: Outcome) -> Iterator[Text]:
    again = outcome_document(outcome)
    status = Status.FAIL if place["status"] == Status.WAIVED else place["status"]
    if again["status"] != status:
        yield _difference(place, tr("status"), status_word(status), status_word(again["status"]))
    for key in _OF_PLACE:
        amounts = key in _AMOUNTS or (key in _SIDES and again["difference"] is not None)
        if place.get(key) != again.get(key) and not (amounts and _equal(place[key], again[key])):
            yield _told(place, key, again)


def _equal(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and Decimal(one) == Decimal(other)


def _told(recorded: Document, key: str, again: Document) -> Text:
    if key == "operands":
        return _operands(recorded, again)
    return _difference(recorded, _names()[key], _word(recorded.get(key)), _word(again.get(key)))


def _operands(recorded: Document, again: Document) -> Text:
    """The first cell of which two things are told."""
    before, now = (
        {(cell["sheet"], cell["cell"]): cell for cell in outcome["operands"]} for outcome in (recorded, again)
    )
    for place in (*before, *now):
        one, other = before.get(place, {}), now.get(place, {})
        for key in ("label", "text", "value", "unit"):
            if one.get(key) != other.get(key):
                what = tr("{what} {cell}", what=_names()["operands"], cell="!".join(place))
                return _difference(recorded, what, _word(one.get(key)), _word(other.get(key)))
    return _difference(recorded, _names()["operands"], str(len(before)), str(len(now)))


def _difference(place: Document, what: Text, recorded: Text | str, derived: Text | str) -> Text:
    return tr(
        "{place}, {what}: written {recorded}, derived {derived}",
        place=_place(place),
        what=what,
        recorded=recorded,
        derived=derived,
    )


def _word(value: Any) -> Text | str:
    if isinstance(value, Mapping) and {"zh", "en"} <= value.keys():
        return Text(str(value["zh"]), str(value["en"]))
    if isinstance(value, Mapping):
        return " ".join(str(item) for item in value.values() if item)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)


def _place(place: Document) -> str:
    return f"{place['sheet']}!{place['cell']}" if place["cell"] else str(place["sheet"])
