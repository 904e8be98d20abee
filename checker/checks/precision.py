"""``precision``: more decimals than the form declares."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.reading import figures
from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, names
from checker.messages import tr
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.numbers import places_of
from checker.values.quantity import Note

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    kinds = frozenset(names(rule.check["kinds"]))

    def run(subject: Subject) -> Iterator[Outcome]:
        for table in subject.form.tables.values():
            for name, column in table.table.columns.items():
                other_unit = table.units.get(name, column.unit) != column.unit
                if column.kind not in kinds or column.decimals is None or not table.has(name) or other_unit:
                    continue
                for fact in figures(subject, table.name, [name]):
                    # A value that a formula left unrounded was not typed with all those digits, nor was one that
                    # was stated in another unit.
                    converted = Note.CONVERTED in fact.quantity.notes
                    if fact.quantity.number is None or fact.formula is not None or converted:
                        continue
                    percent = 2 if column.kind == ColumnKind.PERCENT else 0
                    decimals = places_of(fact.quantity.number.normalize()) - percent
                    yield answer(
                        rule,
                        subject,
                        Status.FAIL if decimals > column.decimals else Status.PASS,
                        (fact,),
                        left=Side("", "", fact.quantity.raw.strip()),
                        operator="",
                        decimals=decimals,
                        declared=column.decimals,
                    )

    return Compiled(rule, run, per_row=True)


KIND = CheckKind(
    "precision",
    schema("kinds", kinds=NAMES),
    _compile,
    references,
    tr("Decimals beyond the declared ones"),
    ("decimals", "declared"),
)
