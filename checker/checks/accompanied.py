"""``accompanied``: what a submission must hold besides this form. Without it nothing can be said, and that is said."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    wanted = names(rule.check["forms"])

    def run(subject: Subject) -> Iterator[Outcome]:
        for name in wanted:
            found = [form for forms in subject.forms.values() for form in forms if form.form.is_a(name)]
            path = form_path(subject, name)
            if found:
                yield answer(rule, subject, Status.PASS, (), path=path, left=Side("", "", found[0].sheet), operator="")
            else:
                reason = tr("The submission has no form {form}, so what it would show could not be checked", form=name)
                yield answer(rule, subject, Status.INSUFFICIENT, (), path=path, reason=reason)

    return Compiled(rule, run)


KIND = CheckKind(
    "accompanied",
    schema("forms", forms=NAMES),
    _compile,
    references,
    tr("The submission holds other forms besides this one"),
)
