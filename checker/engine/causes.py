"""The likely slip behind one failed equation, when the figures themselves speak for it.

An explanation is given only with evidence: the number that would make the equation hold is the typed one with two
digits exchanged, a digit too many, a sign or a power of ten away, or stands elsewhere in the workbook under the same
label; or the difference is another figure of the workbook. It is worded as a likelihood, and no number is proposed
that does not come from such evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from checker.engine.evidence import Failure, Figures, Trials, significant_digits
from checker.locate.located import LocatedForm
from checker.messages import Text, listed, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome

__all__ = ["MOST_OPERANDS", "likely_cause", "slip"]

#: Equations over more cells than this are not tried cell by cell.
MOST_OPERANDS: Final = 40
#: So many places at most are named where the same figure stands.
MOST_PLACES: Final = 3
#: 万元 and 元.
UNIT_SLIP: Final = 4
LARGEST_SLIP: Final = 9
#: A slip of one digit in a shorter number says nothing.
SHORTEST: Final = 3


def likely_cause(failure: Failure, figures: Figures, trials: Trials) -> Text | None:
    """What probably happened, or None without evidence. Only equations with a difference are explained."""
    outcome = failure.outcome
    difference = outcome.difference
    if outcome.cause is not None or outcome.operator != "=" or not difference:
        return outcome.cause
    return (
        _between_two(outcome)
        or _in_one_cell(failure, figures, trials, difference)
        or _missing(outcome, figures, difference)
    )


def _between_two(outcome: Outcome) -> Text | None:
    """Two figures that ought to be the same: what turns one into the other."""
    if len(outcome.operands) != 2 or outcome.left is None or outcome.right is None:
        return None
    one, other = outcome.left.value, outcome.right.value
    if not isinstance(one, Decimal) or not isinstance(other, Decimal):
        return None
    typing = slip(one, other)
    if typing is not None:
        return typing
    if _one_digit_differs(one, other):
        return tr("The two differ in a single digit: possibly a typing slip.")
    return None


def slip(typed: Decimal, meant: Decimal) -> Text | None:
    """The slip of the hand that makes ``typed`` out of ``meant``, if there is one."""
    if not typed or not meant or typed == meant:
        return None
    if typed == -meant:
        return tr("The two differ in nothing but the sign: a minus was most likely left out or typed too many.")
    powers = _power_of_ten(typed, meant)
    if powers is not None and significant_digits(meant) >= 2:
        if abs(powers) == UNIT_SLIP:
            return tr("One is exactly 10,000 times the other: yuan and 10,000 yuan were most likely mixed up.")
        return tr("The two differ by a power of ten: the decimal point was most likely misplaced.")
    if _exchanged(typed, meant):
        return tr(
            "{meant} with two neighbouring digits exchanged is {typed}: most likely a typing slip.",
            **_texts(typed, meant),
        )
    if _digit_too_many(typed, meant) or _digit_too_many(meant, typed):
        return tr("{typed} and {meant} differ by one digit typed too many or too few.", **_texts(typed, meant))
    return None


def _in_one_cell(failure: Failure, figures: Figures, trials: Trials, difference: Decimal) -> Text | None:
    """One cell of the equation that, put right, would make it hold, and what speaks for its being the wrong one."""
    outcome = failure.outcome
    if not 2 < len(outcome.operands) <= MOST_OPERANDS:
        return None
    cells = {(operand.sheet, operand.cell) for operand in outcome.operands}
    for fact in _facts(outcome, figures):
        typed = fact.quantity.number
        assert typed is not None
        for meant in (typed - difference, typed + difference):
            typing = slip(typed, meant)
            elsewhere = [other for other in figures.like(meant, fact.unit, cells) if _same_label(fact, other, meant)]
            if (typing is None and not elsewhere) or not trials.holds(failure, [(fact, meant)]):
                continue
            named = {"meant": f"{meant:f}", "cell": fact.address, "places": _places(elsewhere)}
            if elsewhere and (fact.sheet, fact.address) == (outcome.sheet, outcome.cell):
                return tr("At {places} stands {meant}: {cell} is most likely wrong.", **named)
            if elsewhere:
                return tr(
                    "It would hold with {meant} in {cell}, the figure at {places}: "
                    "it was most likely worked out from that one.",
                    **named,
                )
            assert typing is not None
            return tr(
                "It would hold with {meant} in {cell}. {slip}", meant=f"{meant:f}", cell=fact.address, slip=typing
            )
        if _as_last_year(fact, failure):
            return tr(
                "{cell} is the same figure as last year's: it was most likely not brought up to date.",
                cell=fact.address,
            )
    return None


def _missing(outcome: Outcome, figures: Figures, difference: Decimal) -> Text | None:
    """Another figure of the workbook that is just the difference."""
    unit = outcome.operands[0].unit if outcome.operands else ""
    cells = [(operand.sheet, operand.cell) for operand in outcome.operands]
    found = figures.like(difference, unit, cells)
    if not found or len({fact.path[-2:] for fact in found}) > MOST_PLACES:
        return None
    return tr(
        "The difference of {difference} is the figure at {places}: that item was possibly left out or counted twice.",
        difference=f"{abs(difference):f}",
        places=_places(found),
    )


def _facts(outcome: Outcome, figures: Figures) -> Iterator[Fact]:
    """The cells of the equation, the one that is pointed at first."""
    places = [(outcome.sheet, outcome.cell), *((operand.sheet, operand.cell) for operand in outcome.operands)]
    for place in dict.fromkeys(places):
        fact = figures.by_cell.get(place)
        if fact is not None and fact.quantity.number is not None:
            yield fact


def _same_label(fact: Fact, other: Fact, value: Decimal) -> bool:
    """Whether two cells are about the same thing: they share the name of their row, or of their column where neither
    row is a total; and the sign agrees."""
    if other.quantity.number != value or len(fact.path) < 2 or len(other.path) < 2:
        return False
    own, others = {*fact.path[-2:]}, {*other.path[-2:]}
    return bool(own & others) or _contained(fact.path[0], other.path)


def _contained(form: str, path: tuple[str, ...]) -> bool:
    return any(form in part for part in path[-2:])


def _as_last_year(fact: Fact, failure: Failure) -> bool:
    """Whether last year's form has the very figure at the same label path."""
    number = fact.quantity.number
    if failure.subject.prior is None or not number or significant_digits(number) < SHORTEST:
        return False
    forms: list[LocatedForm] = list(failure.subject.prior.get(fact.path[0], ()))
    if len(forms) != 1:
        return False
    last_year = Figures(forms).by_value.get(abs(number), ())
    return any(other.path[-3:] == fact.path[-3:] and other.quantity.number == number for other in last_year)


def _places(facts: list[Fact]) -> Text:
    named = [*dict.fromkeys(f"{fact.sheet}!{fact.address}({_label(fact)})" for fact in facts)]
    return listed(named[:MOST_PLACES], len(named) > MOST_PLACES)


def _label(fact: Fact) -> str:
    """Row and column; a row without a name of its own (``#1``) says nothing."""
    return " / ".join(part for part in fact.path[-2:] if not part.startswith("#"))


def _texts(typed: Decimal, meant: Decimal) -> dict[str, str]:
    return {"typed": f"{typed:f}", "meant": f"{meant:f}"}


def _power_of_ten(one: Decimal, other: Decimal) -> int | None:
    """n ≠ 0 with one = other × 10ⁿ, or None."""
    if (one < 0) != (other < 0):
        return None
    first, second = one.normalize().as_tuple(), other.normalize().as_tuple()
    if first.digits != second.digits:
        return None
    assert isinstance(first.exponent, int) and isinstance(second.exponent, int)
    powers = first.exponent - second.exponent
    return powers if powers and abs(powers) <= LARGEST_SLIP else None


def _digits(one: Decimal, other: Decimal) -> tuple[str, str] | None:
    """Both written out with the same number of decimals; None where the signs differ."""
    if (one < 0) != (other < 0):
        return None
    exponents = [number.as_tuple().exponent for number in (one, other)]
    places = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    first, second = (f"{abs(number):.{max(places, 0)}f}".replace(".", "") for number in (one, other))
    return first, second


def _exchanged(one: Decimal, other: Decimal) -> bool:
    """Two neighbouring digits changed places, and nothing else."""
    written = _digits(one, other)
    if written is None or len(written[0]) != len(written[1]) or len(written[0]) < SHORTEST:
        return False
    first, second = written
    apart = [index for index, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    return first[apart[0]] == second[apart[1]] and first[apart[1]] == second[apart[0]]


def _digit_too_many(longer: Decimal, shorter: Decimal) -> bool:
    """One digit taken out of ``longer`` gives ``shorter``, as both are printed."""
    written = _digits(longer, shorter)
    if written is None or significant_digits(shorter) < SHORTEST or len(written[0]) != len(written[1]) + 1:
        return False
    first, second = written
    return any(first[:index] + first[index + 1 :] == second for index in range(len(first)))


def _one_digit_differs(one: Decimal, other: Decimal) -> bool:
    written = _digits(one, other)
    if written is None or len(written[0]) != len(written[1]) or len(written[0]) <= SHORTEST:
        return False
    return sum(a != b for a, b in zip(*written, strict=True)) == 1
