"""``coverage``: each level of an indicator tree has the sub-levels that the form asks for."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names, plain_text
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, upper, lower = (str(rule.check[key]) for key in ("table", "column", "key"))
    required = rule.check["required"]
    wanted = {str(k): names(v) for k, v in required.items()} if isinstance(required, dict) else {}

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None or not table.has(upper) or not table.has(lower):
            return
        pairs = [(table.fact(row, upper), table.fact(row, lower)) for row in table.rows]
        for level, sub_levels in wanted.items():
            below = [(u, v) for u, v in pairs if u and v and level in plain_text(u.quantity.raw)]
            if not below:
                yield answer(rule, subject, Status.NOT_APPLICABLE, (), path=form_path(subject, table_name, level))
                continue
            present = {plain_text(v.quantity.raw) for _, v in below}
            for name in sub_levels:
                there = any(name in text for text in present)
                first = below[0][0]
                assert first is not None
                yield answer(
                    rule,
                    subject,
                    Status.PASS if there else Status.FAIL,
                    (first,),
                    path=form_path(subject, table_name, level, name),
                    left=Side("", "", ", ".join(sorted(present))),
                    operator="has",
                    right=Side("", "", name),
                    value=level,
                    missing=name,
                )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "coverage",
    schema("table", "column", "key", "required", table=NAME, column=NAME, key=NAME, required={"type": "object"}),
    _compile,
    references,
    tr("Each level has its sub-levels"),
    ("missing",),
)
