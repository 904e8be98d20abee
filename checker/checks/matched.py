"""``matched``: rows of two tables joined by their keys say the same (approved targets and reported ones)."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, names
from checker.locate.located import LocatedTable
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, key = str(rule.check["table"]), str(rule.check["key"])
    other_form, _, other_table = str(rule.check["with"]).partition("!")
    pairs = [(name, name) for name in names(rule.check["columns"])]
    renamed = rule.check.get("renamed")
    if isinstance(renamed, dict):
        pairs = [(ours, str(renamed.get(ours, ours))) for ours, _ in pairs]

    def partner(subject: Subject) -> LocatedTable | None:
        forms = [f for f in subject.forms.get(other_form, ()) if other_table in f.tables]
        project = subject.form.role("project")
        same = [f for f in forms if f.role("project") == project]
        chosen = same if same else forms if len(forms) == 1 else []
        return chosen[0].tables[other_table] if len(chosen) == 1 else None

    def run(subject: Subject) -> Iterator[Outcome]:
        table, other = subject.table(table_name), partner(subject)
        if table is None:
            return
        if other is None:
            yield answer(
                rule,
                subject,
                Status.NOT_APPLICABLE,
                (),
                path=(subject.form.form.name, table_name),
                reason=tr("The workbook has no table {table} to compare with", table=f"{other_form} {other_table}"),
            )
            return
        keys = {_plain(row.name): row for row in other.rows}
        for row in table.rows:
            own = table.fact(row, key)
            twin = keys.get(_plain(row.name))
            if own is None or not row.name:
                continue
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
            for ours, theirs in pairs:
                mine, yours = table.fact(row, ours), other.fact(twin, theirs)
                if mine is None or yours is None:
                    continue
                texts = (_plain(mine.quantity.raw), _plain(yours.quantity.raw))
                yield answer(
                    rule,
                    subject,
                    Status.PASS if texts[0] == texts[1] else Status.FAIL,
                    (mine, yours),
                    left=Side("", "", mine.quantity.raw.strip()),
                    right=Side("", "", yours.quantity.raw.strip()),
                    expected=yours.quantity.raw.strip(),
                )

    return Compiled(rule, run, (table_name,))


def _plain(text: str) -> str:
    return "".join(text.split())


KIND = CheckKind(
    "matched",
    schema(
        "table",
        "key",
        "columns",
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
