"""``stated_unit``: the sheet says in which unit its amounts are."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    def run(subject: Subject) -> Iterator[Outcome]:
        form = subject.form
        texts = [place.text for place in form.grid.labels_between(form.range.top, form.range.bottom)]
        stated = form.stated_unit is not None or any(subject.lexicon.unit_in_brackets(text) for text in texts)
        yield answer(
            rule,
            subject,
            Status.PASS if stated else Status.FAIL,
            (form.stated_unit,) if form.stated_unit is not None else (),
            path=form_path(subject),
            left=Side("", "", form.stated_unit.unit if form.stated_unit is not None else ""),
            operator="",
            unit=form.form.unit,
        )

    return Compiled(rule, run)


KIND = CheckKind("stated_unit", schema(), _compile, references, tr("The sheet states its unit"))
