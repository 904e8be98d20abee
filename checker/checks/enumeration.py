"""``enumeration``: a cell must hold one of the words the form allows."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, either, references, schema
from checker.checks.subject import Compiled, Subject, answer, is_blank, names, plain_text
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, column = str(rule.check.get("table", "")), str(rule.check.get("column", ""))
    field = str(rule.check.get("field", ""))
    form = pack.forms[rule.form]
    declared = form.tables[table_name].columns[column].values if table_name else form.fields[field].values
    allowed = tuple(names(rule.check.get("values"))) or declared
    words = {plain_text(word) for word in allowed}

    def facts(subject: Subject) -> list[Fact]:
        if table_name:
            table = subject.table(table_name)
            return table.facts(column) if table is not None else []
        fact = subject.form.fields.get(field)
        return [fact] if fact is not None else []

    def run(subject: Subject) -> Iterator[Outcome]:
        for fact in facts(subject):
            text = fact.quantity.raw.strip()
            status = (
                Status.NOT_APPLICABLE if is_blank(fact) else Status.PASS if plain_text(text) in words else Status.FAIL
            )
            yield answer(
                rule,
                subject,
                status,
                (fact,),
                left=Side("", "", text),
                operator="in",
                right=Side("", "", " / ".join(allowed)),
            )

    return Compiled(rule, run, (table_name,) if table_name else (), per_row=bool(table_name))


KIND = CheckKind(
    "enumeration",
    either(
        schema(table=NAME, column=NAME, field=NAME, values=NAMES),
        (("table", "column"), ()),
        (("field",), ()),
    ),
    _compile,
    references,
    tr("A cell must hold one of the allowed words"),
)
