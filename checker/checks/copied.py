"""``copied``: two texts that should differ are the same, word for word."""

from __future__ import annotations

from collections.abc import Iterator

from checker.checks.schema import NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, is_blank, names, plain_text
from checker.messages import tr
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]

#: Shorter texts coincide by nature ("done", "yes").
SHORTEST = 8


def _compile(rule: Rule, pack: Pack) -> Compiled:
    listed = rule.check["pairs"]
    pairs = [names(pair) for pair in listed] if isinstance(listed, list) else []

    def run(subject: Subject) -> Iterator[Outcome]:
        for first, second in pairs:
            goal, done = subject.form.fields.get(first), subject.form.fields.get(second)
            if goal is None or done is None:
                continue
            if is_blank(goal) or is_blank(done):
                yield answer(rule, subject, Status.NOT_APPLICABLE, (done, goal))
                continue
            texts = [plain_text(fact.quantity.raw) for fact in (goal, done)]
            same = texts[0] == texts[1] and len(texts[0]) >= SHORTEST
            yield answer(
                rule,
                subject,
                Status.FAIL if same else Status.PASS,
                (done, goal),
                left=Side("", "", done.quantity.raw.strip()[:120]),
                operator="<>",
                right=Side("", "", goal.quantity.raw.strip()[:120]),
            )

    return Compiled(rule, run)


KIND = CheckKind(
    "copied",
    schema("pairs", pairs={"type": "array", "items": {**NAMES, "minItems": 2, "maxItems": 2}, "minItems": 1}),
    _compile,
    references,
    tr("Two texts must not be the same"),
)
