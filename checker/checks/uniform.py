"""``uniform``: every indicator claims its full marks."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]

#: Fewer indicators than this may well all be met.
LEAST = 3


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, score, weight = (str(rule.check[key]) for key in ("table", "score", "weight"))

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not (table.has(score) and table.has(weight)):
            return
        pairs = [(table.fact(row, score), table.fact(row, weight)) for row in table.rows]
        filled = [
            (s, w) for s, w in pairs if s and w and s.quantity.number is not None and w.quantity.number is not None
        ]
        if not filled:
            return
        full = len(filled) >= LEAST and all(s.quantity.number == w.quantity.number for s, w in filled)
        yield answer(
            rule,
            subject,
            Status.FAIL if full else Status.PASS,
            [s for s, _ in filled],
            path=(*filled[0][0].path[:-2], score),
            left=Side("", "", str(len(filled))),
            operator="",
            count=len(filled),
        )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "uniform",
    schema("table", "score", "weight", table=NAME, score=NAME, weight=NAME),
    _compile,
    references,
    tr("Every indicator claims full marks"),
)
