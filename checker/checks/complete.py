"""``complete``: all forms of a set are there. Told once, of the first of them.

A workbook with fewer of them than ``of_at_least`` is not meant to hold the set. A sheet that was not recognised may be
the one that is missed: then nothing is accused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, names
from checker.messages import listed, tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind, Reference
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    wanted = names(rule.check["forms"])
    least = int(str(rule.check["of_at_least"]))

    def run(subject: Subject) -> Iterator[Outcome]:
        there = [name for name in wanted if subject.forms.get(name)]
        if not there or subject.forms[there[0]][0] is not subject.form:
            return
        missing = [name for name in wanted if name not in there]
        if len(there) < least and missing:
            reason = tr("The workbook holds {count} of the {all} forms of the set", count=len(there), all=len(wanted))
            yield answer(rule, subject, Status.NOT_APPLICABLE, (), reason=reason)
            return
        if missing and subject.unread:
            reason = tr(
                "{forms} was not found, but nobody knows what stands on {sheets}",
                forms=listed(missing),
                sheets=listed(subject.unread),
            )
            yield answer(rule, subject, Status.INSUFFICIENT, (), path=form_path(subject), reason=reason)
            return
        yield answer(
            rule,
            subject,
            Status.FAIL if missing else Status.PASS,
            (),
            path=form_path(subject),
            left=Side("", "", str(len(there))),
            operator="",
            right=Side("", "", str(len(wanted))),
            missing=listed(missing),
            count=len(missing),
        )

    return Compiled(rule, run)


def _references(check: Mapping[str, object]) -> Iterable[Reference]:
    yield from references(check)
    for index, name in enumerate(names(check["forms"])):
        yield Reference(("forms", index), form=name)


KIND = CheckKind(
    "complete",
    schema("forms", "of_at_least", forms=NAMES, of_at_least={"type": "integer", "minimum": 1}),
    _compile,
    _references,
    tr("All forms of a set are there"),
    ("missing",),
)
