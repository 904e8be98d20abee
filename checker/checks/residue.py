"""``residue``: prompts of the template left standing in the text cells of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Answer, Compiled, Subject, answer, batch, names
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]

_WORDS = (ColumnKind.TEXT, ColumnKind.TARGET, ColumnKind.ACTUAL, ColumnKind.DATE, ColumnKind.LABEL)


def _compile(rule: Rule, pack: Pack) -> Compiled:
    pattern = re.compile("|".join(f"(?:{text})" for text in names(rule.check["patterns"])))

    def facts(subject: Subject) -> Iterator[Fact]:
        yield from subject.form.fields.values()
        for table in subject.form.tables.values():
            for name, column in table.table.columns.items():
                if column.kind in _WORDS and table.has(name):
                    yield from table.facts(name)

    def told(subject: Subject, fact: Fact, status: str, found: str = "") -> Outcome:
        return answer(
            rule,
            subject,
            status,
            (fact,),
            left=Side("", "", fact.quantity.raw.strip()[:120]),
            operator="",
            value=found,
        )

    def run(subject: Subject) -> Iterator[Answer]:
        seen: set[tuple[int, int]] = set()
        passed: list[Fact] = []
        for fact in facts(subject):
            text = fact.quantity.raw
            if not text.strip() or (fact.row, fact.column) in seen:
                continue
            seen.add((fact.row, fact.column))
            if found := pattern.search(text):
                yield told(subject, fact, Status.FAIL, found.group())
            else:
                passed.append(fact)
        if passed:
            yield batch(rule, passed, lambda fact: told(subject, fact, Status.PASS))

    return Compiled(rule, run)


KIND = CheckKind(
    "residue",
    schema("patterns", patterns=NAMES),
    _compile,
    references,
    tr("Template prompts must not be left in"),
)
