"""``matched``: rows of two tables joined by their keys say the same (approved targets and reported ones).

Without ``columns`` it is enough that the other table has the row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names, plain_text
from checker.locate.located import LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.values.quantity import Kind, Quantity

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, key = str(rule.check["table"]), str(rule.check["key"])
    other_form, _, other_table = str(rule.check["with"]).partition("!")
    pairs = [(name, name) for name in names(rule.check.get("columns"))]
    renamed = rule.check.get("renamed")
    if isinstance(renamed, dict):
        pairs = [(ours, str(renamed.get(ours, ours))) for ours, _ in pairs]

    def partner(subject: Subject) -> LocatedTable | None:
        forms = subject.counterparts(other_form)
        return forms[0].tables.get(other_table) if len(forms) == 1 else None

    def run(subject: Subject) -> Iterator[Outcome]:
        table, other = subject.table(table_name), partner(subject)
        if table is None:
            return
        if other is None:
            if other_form in subject.beside and not subject.forms.get(other_form):
                reason = tr("No workbook with the form {form} was given", form=other_form)
                yield answer(rule, subject, Status.INSUFFICIENT, (), reason=reason, awaits=other_form)
                return
            yield answer(
                rule,
                subject,
                Status.NOT_APPLICABLE,
                (),
                path=form_path(subject, table_name),
                reason=tr("The workbook has no table {table} to compare with", table=f"{other_form} {other_table}"),
            )
            return
        twins: dict[str, list[LocatedRow]] = {}
        for row in other.rows:
            twins.setdefault(plain_text(row.name), []).append(row)
        own_rows = list(table.rows) if pairs else _of_last_block(list(table.rows))
        times = Counter(plain_text(row.name) for row in own_rows)
        for row in own_rows:
            own, name = table.fact(row, key), plain_text(row.name)
            if own is None or not name:
                continue
            found = _of_last_block(twins.get(name, []))
            if len(found) > 1 or (found and times[name] > 1):
                reason = tr("Row {row} stands more than once", row=row.name)
                yield answer(rule, subject, Status.INSUFFICIENT, (own,), reason=reason)
                continue
            twin = found[0] if found else None
            if twin is None:
                yield answer(
                    rule,
                    subject,
                    Status.FAIL,
                    (own,),
                    left=Side("", "", row.name),
                    operator="in",
                    right=Side("", "", f"{other_form} {other_table}"),
                    expected="",
                )
                continue
            if not pairs:
                yield answer(rule, subject, Status.PASS, (own,), left=Side("", "", row.name), operator="in")
            for ours, theirs in pairs:
                mine, yours = table.fact(row, ours), other.fact(twin, theirs)
                if mine is None or yours is None:
                    continue
                yield answer(
                    rule,
                    subject,
                    Status.PASS if _agree(mine.quantity, yours.quantity) else Status.FAIL,
                    (mine, yours),
                    left=Side("", "", mine.quantity.raw.strip()),
                    right=Side("", "", yours.quantity.raw.strip()),
                    expected=yours.quantity.raw.strip(),
                )

    return Compiled(rule, run, (table_name,))


def _of_last_block(rows: list[LocatedRow]) -> list[LocatedRow]:
    """Of namesakes in blocks side by side those of the last: targets of the term stand before those of the year."""
    last = max((row.block for row in rows), default=0)
    return [row for row in rows if row.block == last]


def _agree(mine: Quantity, yours: Quantity) -> bool:
    """Whether two cells say the same: in the same words, or the same figure written in another way."""
    if plain_text(mine.raw) == plain_text(yours.raw) or (_is_nothing(mine) and _is_nothing(yours)):
        return True
    units = {mine.unit, yours.unit} - {""}
    return (
        mine.number is not None
        and mine.kind == yours.kind
        and mine.number == yours.number
        and (mine.comparator, mine.alternative) == (yours.comparator, yours.alternative)
        and len(units) < 2
    )


def _is_nothing(quantity: Quantity) -> bool:
    return quantity.kind in (Kind.BLANK, Kind.NIL)


KIND = CheckKind(
    "matched",
    schema(
        "table",
        "key",
        "with",
        table=NAME,
        key=NAME,
        columns=NAMES,
        renamed={"type": "object"},
        **{"with": {"type": "string", "pattern": "^[^!]+![^!]+$"}},
    ),
    _compile,
    references,
    tr("Rows of two tables say the same"),
    ("expected",),
)
