"""``rows_printed``: rows that the official form prints have not been deleted from the sheet."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name, rows = str(rule.check["table"]), names(rule.check["rows"])

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        missing = [name for name in rows if name not in table.named]
        yield answer(
            rule,
            subject,
            Status.FAIL if missing else Status.PASS,
            (),
            path=form_path(subject, table_name),
            left=Side("", "", ", ".join(name for name in rows if name not in missing)),
            operator="has",
            right=Side("", "", ", ".join(rows)),
            missing=listed(missing),
        )

    return Compiled(rule, run, (table_name,))


KIND = CheckKind(
    "rows_printed",
    schema("table", "rows", table=NAME, rows=NAMES),
    _compile,
    references,
    tr("Rows of the official form are there"),
    ("missing",),
)
