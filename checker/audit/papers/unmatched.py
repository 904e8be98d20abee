"""Explanations and waivers that are about no finding: it was corrected meanwhile, or they were meant for another.

``unmatched.csv`` lists them, those that were given for the whole run and those in and beside single workbooks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker.audit.bureau.lists import table_text, write_paper
from checker.engine.waive import UNMATCHED, finding_of, idle
from checker.messages import Text, tr
from checker.model.explanation import Explanation, Waiver
from checker.session import Session

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["NAME", "write"]

NAME: Final = "unmatched.csv"


def write(store: Store, session: Session, folder: Path, language: str = "zh") -> list[Text]:
    """Write the list if there is anything to list; a line about it. Raises ``UsageError``."""
    file = folder / NAME
    given = _given(store, session)
    own = [*_own(store)]
    if not given and not own:
        file.unlink(missing_ok=True)
        return []
    rows = [*_rows(given), *([source, *[""] * 5, said.render(language), "", ""] for source, said in own)]
    write_paper(str(file), table_text(_headings(), rows, language))
    return [
        tr(
            "Explanations and waivers that fit no finding: {given} of those given, and some of their own in {files} "
            "workbooks; see {file}.",
            given=len(given),
            files=len(own),
            file=file,
        )
    ]


def _given(store: Store, session: Session) -> Sequence[Explanation | Waiver]:
    """Those that were given for the run and that no finding of it fits."""
    if not (session.explanations or session.waivers):
        return ()
    rules = {rule.id: rule for pack in session.loaded.packs.values() for rule in pack.rules}
    asked = {said.finding for said in session.explanations}
    asked |= {finding_of(waiver, rules[waiver.rule]) for waiver in session.waivers if waiver.rule in rules}
    found = store.connection.execute(
        "SELECT DISTINCT rule, id FROM findings WHERE id IN (SELECT unnest($asked::VARCHAR[]))", {"asked": [*asked]}
    )
    return idle({(rule, name) for rule, name in found.fetchall()}, rules, (*session.explanations, *session.waivers))


def _own(store: Store) -> Iterator[tuple[str, Text]]:
    """Workbooks, and what their reports say of explanations of their own."""
    told = store.connection.execute(
        "SELECT source, document -> '$.remarks' FROM workbooks WHERE contains(document, $code) ORDER BY source",
        {"code": f'"{UNMATCHED}"'},
    )
    for source, remarks in told.fetchall():
        for remark in json.loads(remarks):
            if remark["code"] == UNMATCHED:
                yield source, Text(remark["message"]["zh"], remark["message"]["en"])


def _headings() -> Sequence[Text]:
    names = (tr("File"), tr("Finding id"), tr("Rule id"), tr("Unit name"), tr("Year"), tr("Label path"))
    return *names, tr("Explanation"), tr("Who"), tr("Day")


def _rows(given: Sequence[Explanation | Waiver]) -> Iterator[list[str]]:
    for said in given:
        if isinstance(said, Explanation):
            yield ["", said.finding, said.rule, "", "", "", said.text, said.by, said.on]
        else:
            place = " / ".join(said.path)
            yield ["", said.finding, said.rule, said.unit, said.year, place, said.reason, said.approver, said.until]
