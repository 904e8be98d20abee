"""``hidden``: a form, or rows and columns of it, that the reader of the printed sheet cannot see."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule
from checker.model.workbook import column_letters

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    def run(subject: Subject) -> Iterator[Outcome]:
        form = subject.form
        sheet = form.grid.sheet
        hidden: list[str] = []
        if sheet.state != "visible":
            hidden.append(sheet.name)
        content = sheet.content
        for number in sorted(content.hidden_rows):
            if form.range.top <= number <= form.range.bottom and number in content.rows:
                hidden.append(str(number))
        for column in sorted(content.hidden_columns):
            rows = (content.rows.get(number, ()) for number in range(form.range.top, form.range.bottom + 1))
            if column <= form.range.right and any(column in row for row in rows):
                hidden.append(column_letters(column))
        yield answer(
            rule,
            subject,
            Status.FAIL if hidden else Status.PASS,
            (),
            path=form_path(subject),
            left=Side("", "", ", ".join(hidden)),
            operator="",
            value=listed(hidden),
        )

    return Compiled(rule, run)


KIND = CheckKind("hidden", schema(), _compile, references, tr("Hidden sheets, rows and columns that hold data"))
