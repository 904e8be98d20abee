"""``once``: a form stands once in a workbook. Which of two is meant nobody can say, even where they are alike."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path
from checker.locate.abroad import distinct
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    def run(subject: Subject) -> Iterator[Outcome]:
        form = subject.form
        sheets = subject.workbook.sheets
        copies = [other for other in subject.forms.get(form.form.name, ()) if other.grid.sheet in sheets]
        if copies and copies[0] is form:
            others = copies[1:]
            yield answer(
                rule,
                subject,
                Status.FAIL if others else Status.PASS,
                (),
                path=form_path(subject),
                left=Side("", "", str(len(copies))),
                operator="",
                value=form.form.name,
                sheets=listed(other.sheet for other in copies),
                contents=tr("with the same figures") if len(distinct(copies)) == 1 else tr("with different figures"),
            )

    return Compiled(rule, run)


KIND = CheckKind("once", schema(), _compile, references, tr("A form stands once in a workbook"), ("sheets", "contents"))
