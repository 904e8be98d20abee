"""``distinct``: a combination of columns may occur once in a table."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, is_blank, names, plain_text
from checker.messages import listed, tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, columns = str(rule.check["table"]), names(rule.check["columns"])

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        seen: dict[tuple[str, ...], list[Fact]] = {}
        for row in table.rows:
            facts = [fact for column in columns if (fact := table.fact(row, column)) is not None]
            if not table.has(columns[-1]) or is_blank(facts[-1]):
                continue
            key = tuple(plain_text(fact.quantity.raw) for fact in facts)
            places = seen.setdefault(key, [])
            if not places or (places[-1].row, places[-1].column) != (facts[-1].row, facts[-1].column):
                places.append(facts[-1])  # rows under one merged cell name it once
        for facts in seen.values():
            repeated = len(facts) > 1
            yield answer(
                rule,
                subject,
                Status.FAIL if repeated else Status.PASS,
                facts[1:] + facts[:1] if repeated else facts,
                left=Side("", "", facts[0].quantity.raw.strip()),
                operator="once",
                right=Side("", "", ", ".join(fact.address for fact in facts)),
                count=len(facts),
                cells=listed(fact.address for fact in facts),
            )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "distinct",
    schema("table", "columns", table=NAME, columns=NAMES),
    _compile,
    references,
    tr("A combination may occur only once"),
)
