"""``statement``: a table without figures says in words that there is none, and one with figures does not say so.

``expects: words`` asks the first, ``expects: figures`` the second. A text counts that matches one of ``patterns`` and
none of ``unless`` (the form's own instruction what to write where there is none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from checker.checks.reading import figures
from checker.checks.schema import NAME, NAMES, references, schema
from checker.checks.subject import Compiled, Subject, answer, form_path, is_blank, names
from checker.locate.grid import Place
from checker.messages import tr
from checker.model.fact import Fact
from checker.model.form import ColumnKind
from checker.model.outcome import Outcome, Side, Status
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["KIND"]


def _compile(rule: Rule, pack: Pack) -> Compiled:
    table_name = str(rule.check["table"])
    wants_words = rule.check["expects"] == "words"
    patterns = re.compile("|".join(f"(?:{text})" for text in names(rule.check["patterns"])))
    unless = re.compile("|".join(f"(?:{text})" for text in names(rule.check.get("unless"))) or "(?!)")

    def run(subject: Subject) -> Iterator[Outcome]:
        table = subject.table(table_name)
        if table is None:
            return
        range_ = subject.form.range
        said = next(
            (
                place
                for place in subject.form.grid.labels_between(range_.top, range_.bottom)
                if patterns.search(text := "".join(place.text.split())) and not unless.search(text)
            ),
            None,
        )
        filled = [fact for fact in figures(subject, table_name) if not is_blank(fact) and fact.quantity.number != 0]
        here = [_words(subject, said)] if said is not None else []
        wrong = not filled and said is None if wants_words else bool(filled) and said is not None
        yield answer(
            rule,
            subject,
            Status.FAIL if wrong else Status.PASS,
            here + filled[:1],
            path=form_path(subject, table_name),
            left=Side("", "", said.text.strip() if said is not None else ""),
            operator="",
            right=Side("", "", filled[0].quantity.number, unit=filled[0].unit) if filled else None,
            figure=f"{filled[0].address}={filled[0].quantity.raw.strip()}" if filled else "",
        )

    return Compiled(rule, run, (table_name,))


def _words(subject: Subject, place: Place) -> Fact:
    return Fact(
        quantity=subject.lexicon.read("text", place.text, measure=ColumnKind.TEXT),
        sheet=subject.form.sheet,
        row=place.top,
        column=place.left,
        path=form_path(subject, place.text.strip()[:20]),
        unit="",
        kind=ColumnKind.TEXT,
        grain=Decimal(0),
    )


KIND = CheckKind(
    "statement",
    schema(
        "table",
        "expects",
        "patterns",
        table=NAME,
        expects={"enum": ["words", "figures"]},
        patterns=NAMES,
        unless=NAMES,
    ),
    _compile,
    references,
    tr("An empty table says so, and a filled one does not"),
    ("figure",),
)
