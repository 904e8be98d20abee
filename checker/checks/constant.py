"""``constant``: every row whose name matches ``pattern`` states one and the same figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, plain_text
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]

#: Fewer rows than this may well all state the same.
LEAST: Final = 3
_HUNDREDTH: Final = Decimal("0.01")


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, label, column = (str(rule.check[key]) for key in ("table", "label", "column"))
    pattern, text = re.compile(str(rule.check["pattern"])), str(rule.check["value"])
    value = Decimal(text.removesuffix("%")) * (_HUNDREDTH if text.endswith("%") else 1)

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not (table.has(label) and table.has(column)):
            return
        stated = [
            fact
            for row in table.rows
            if (name := table.fact(row, label)) is not None
            and pattern.search(plain_text(name.quantity.raw))
            and (fact := table.fact(row, column)) is not None
            and fact.quantity.number is not None
        ]
        if len(stated) < LEAST:
            path = form_path(subject, table_name, column)
            reason = tr("Fewer than {count} rows state such a figure", count=LEAST)
            yield answer(rule, subject, Status.NOT_APPLICABLE, stated, path=path, reason=reason)
            return
        alike = all(fact.quantity.number == value for fact in stated)
        yield answer(
            rule,
            subject,
            Status.FAIL if alike else Status.PASS,
            stated,
            path=(*stated[0].path[:-2], column),
            left=Side("", "", text),
            operator="",
            count=len(stated),
        )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "constant",
    schema(
        "table", "label", "pattern", "column", "value", table=NAME, label=NAME, pattern=NAME, column=NAME, value=NAME
    ),
    _compile,
    references,
    tr("Rows do not all state the same figure"),
)
