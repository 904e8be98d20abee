"""``checklist``: items, each missing one costs marks.

An item with a formula is decided by it; the others are judgement, so that only the values that some number of missing
items leaves are possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from checker.formula.evaluate import evaluate, facts_of
from checker.formula.kept import parse
from checker.formula.obstacle import Obstacle
from checker.messages import Text, tr
from checker.model.fact import Fact
from checker.model.plugin import ScoreKind
from checker.model.score import Standing
from checker.scoring.award import Award, clip, marks_text, one_of, options_text, together
from checker.scoring.ground import Ground, Unscored
from checker.values.numbers import CONTEXT, ZERO

__all__ = ["KIND"]

#: Cases without number stop here: no standard counts as many.
_MOST = 1000


def _award(ground: Ground) -> Award:
    items = ground.terms.get("items")
    if isinstance(items, list):
        return _listed(ground, items)
    with localcontext(CONTEXT):
        if isinstance(items, int):
            each = _each(ground, items)
            number = items
        else:
            each = _each(ground, None)
            number = min(int(ground.full / each) + 1, _MOST)
        options = one_of(clip(ground.full - each * missing, ground.full) for missing in range(number + 1))
    values = options_text(options)
    return Award(
        options,
        ground.full,
        f"{marks_text(ground.full)} − {marks_text(each)} × n",
        judgement=True,
        remark=tr("Each missing item costs {each}: possible are {values}", each=marks_text(each), values=values),
    )


def _each(ground: Ground, number: int | None) -> Decimal:
    if "each" in ground.terms:
        each = ground.marks(ground.terms["each"])
        if each > 0:
            return each
    elif number:
        return ground.full / number
    raise Unscored(Standing.BROKEN, tr("The standard does not say what a missing item costs"))


def _listed(ground: Ground, items: list[Mapping[str, object]]) -> Award:
    lost: list[tuple[Text, Decimal]] = []
    facts: list[Fact] = []
    open_costs: list[Decimal] = []
    with localcontext(CONTEXT):
        for item in items:
            cost = ground.marks(item["marks"]) if "marks" in item else _each(ground, len(items))
            holds, looked = _holds(ground, item)
            facts.extend(looked)
            if holds is None:
                open_costs.append(cost)
            elif not holds:
                lost.append((_title(item), cost))
        sure = sum((cost for _, cost in lost), ZERO)
        sums = {ZERO}
        for cost in open_costs:
            sums |= {known + cost for known in sums}
        options = one_of(clip(ground.full - sure - more, ground.full) for more in sums)
    central = clip(ground.full - sure, ground.full)
    return Award(
        options,
        central,
        " − ".join([marks_text(ground.full), *(marks_text(cost) for _, cost in lost)]),
        tr("Not met: {items}", items=together([title for title, _ in lost])) if lost else None,
        judgement=bool(open_costs),
        facts=tuple(facts),
        remark=tr("Possible are {values}", values=options_text(options)) if open_costs else None,
    )


def _holds(ground: Ground, item: Mapping[str, object]) -> tuple[bool | None, tuple[Fact, ...]]:
    """Whether an item is met; None where that is a person's to say, or cannot be told."""
    if "holds" not in item or ground.scope is None:
        return None, ()
    node = parse(str(item["holds"]))
    facts = facts_of(node, ground.scope)
    try:
        return evaluate(node, ground.scope).boolean, facts
    except Obstacle:
        return None, facts


def _title(item: Mapping[str, object]) -> Text:
    title = item["title"]
    if isinstance(title, Mapping):
        return Text(str(title["zh"]), str(title.get("en") or title["zh"]))
    return Text(str(title), str(title))


KIND = ScoreKind("checklist", _award, doc=tr("Items, each missing one costs marks"))
