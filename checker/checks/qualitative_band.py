"""``qualitative_band``: the marks of a qualitative indicator lie in the band of the words chosen.

Judgement is never wrong, only outside its band. ``bands`` maps words to a low and a high share of full marks; the
longest words that the achievement contains decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from checker.checks.schema import NAME, references, schema
from checker.checks.show import number_text
from checker.checks.subject import Compiled, Subject, answer, names
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Kind

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    check = rule.check
    table_name = str(check["table"])
    written = check["bands"]
    bands: Mapping[str, list[str]] = {k: names(v) for k, v in written.items()} if isinstance(written, Mapping) else {}
    words = sorted(bands, key=len, reverse=True)

    def share(subject: Subject, text: str) -> Decimal:
        value = subject.parameters.get(text)
        if isinstance(value, Decimal):
            return value
        return Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        for row in table.rows:
            actual, weight, score = (table.fact(row, str(check[key])) for key in ("actual", "weight", "score"))
            if actual is None or weight is None or score is None:
                continue
            text = "".join(actual.quantity.raw.split())
            word = next((word for word in words if text.startswith(word)), None)
            facts = (score, actual, weight)
            full, claimed = weight.quantity.number, score.quantity.number
            if word is None or actual.quantity.kind != Kind.TEXT or full is None:
                yield answer(rule, subject, Status.NOT_APPLICABLE, facts)
                continue
            if claimed is None:
                reason = tr("The score is blank or not a number")
                yield answer(rule, subject, Status.INSUFFICIENT, facts, reason=reason)
                continue
            low, high = ((share(subject, edge) * full).normalize() for edge in bands[word])
            # The half of a last place that rounding may take from the lower edge is not an offence.
            inside = low - score.grain / 2 <= claimed <= high
            yield answer(
                rule,
                subject,
                Status.PASS if inside else Status.FAIL,
                facts,
                left=Side("", "", claimed),
                operator="in",
                right=Side("", f"{number_text(low)}–{number_text(high)}", None, low, high),
                low=number_text(low),
                high=number_text(high),
                actual=text,
                name=row.label or row.name,
            )

    return Compiled(rule, run, (table_name,), per_row=True)


KIND = CheckKind(
    "qualitative_band",
    schema(
        "table",
        "actual",
        "weight",
        "score",
        "bands",
        table=NAME,
        actual=NAME,
        weight=NAME,
        score=NAME,
        bands={"type": "object", "minProperties": 1},
    ),
    _compile,
    references,
    tr("A qualitative score lies in the band of its words"),
    ("low", "high", "actual", "name"),
)
