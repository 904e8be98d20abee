"""What officers wrote beside the findings in a workbook, and for which figures they wrote it.

Texts stand in the sheet of findings. The record, a sheet that nobody sees, keeps beside them what each row was about
when it was written, so that a text does not come to explain figures that its author never saw.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from checker.engine.binding import bound_to, from_token, to_token
from checker.engine.traces import RECORD, is_results_name
from checker.messages import LANGUAGES, Text, tr
from checker.model.explanation import Bound, Explanation
from checker.model.report import Finding
from checker.model.rule import Severity
from checker.model.workbook import Cell, Sheet, Workbook
from checker.values.typed import fold

__all__ = [
    "RECORD",
    "SEEN",
    "SIGNATURE",
    "Seen",
    "Written",
    "explanations_of",
    "is_record",
    "seen",
    "waiting_in",
    "waiting_of",
    "waiting_row",
    "written_in",
]

#: What its first cell says.
SIGNATURE: Final = "checker marks 1"
#: What a row of the record begins with that says what a row of the sheet of findings was about: then come the id of the
#: finding, its number, and a text that ``seen`` makes.
SEEN: Final = "seen"
#: What a row of the record begins with that keeps an explanation whose finding is not listed: then come the id of the
#: finding, the text, and to what it is bound.
WAITING: Final = "explanation"
#: White space and punctuation, but for the points of figures.
_BETWEEN_WORDS: Final = re.compile(r"[^\w.]|(?<!\d)\.|\.(?!\d)")

Rows = Mapping[int, Mapping[int, Cell]]
#: By id and number of a finding, what its row was about.
Seen = Mapping[tuple[str, str], str]


class Written(NamedTuple):
    """One row of the sheet of findings: the finding (empty where it names none), its number there, its rule, and what
    somebody wrote."""

    finding: str
    number: str
    rule: str
    text: str


def written_in(rows: Rows) -> Iterator[Written]:
    """The rows of a sheet of findings (as a reader gives them) in which somebody wrote; none where it is no such sheet.
    Rows may be sorted and columns moved."""
    places: list[int] = []
    for row in rows.values():
        if not places:
            places = _columns(row)
            continue
        finding, text, number, rule = (row[column].raw.strip() if column in row else "" for column in places)
        if text:
            yield Written(finding, number, rule, text)


def explanations_of(workbook: Workbook) -> tuple[Explanation, ...]:
    """The explanations in the sheets of findings of a workbook. May raise ``ReadError``."""
    known: dict[tuple[str, str], str] = {}
    for sheet in workbook.sheets:
        if is_record(sheet):
            known.update(_seen_in(sheet.rows))
    return tuple(
        Explanation(one.finding, one.rule, _bound(known.get((one.finding, one.number), ""), one.text), one.text)
        for sheet in workbook.sheets
        if is_results_name(sheet.name)
        for one in written_in(sheet.rows)
    )


def waiting_of(workbook: Workbook) -> tuple[Explanation, ...]:
    """The explanations whose findings were not listed when the workbook was last checked. May raise ``ReadError``."""
    rows = (row for sheet in workbook.sheets if is_record(sheet) for row in sheet.rows.values())
    return tuple(said for row in rows if (said := waiting_in(_texts(row))) is not None)


def waiting_row(said: Explanation) -> tuple[str, str, str, str]:
    """The row of the record that keeps ``said``."""
    return WAITING, said.finding, said.text, json.dumps(to_token(said.bound), ensure_ascii=False) if said.bound else ""


def waiting_in(row: Sequence[str]) -> Explanation | None:
    """The other way; None for another row."""
    kind, finding, text, token = row
    if kind != WAITING:
        return None
    try:
        bound = from_token(json.loads(token)) if token else None
    except ValueError:
        bound = None
    return Explanation(finding, "", bound, text)


def is_record(sheet: Sheet) -> bool:
    """Whether a sheet as read is a record. May raise ``ReadError``."""
    if not sheet.name.startswith(RECORD):
        return False
    cell = sheet.rows.get(1, {}).get(1)
    return cell is not None and cell.raw == SIGNATURE


def seen(finding: Finding, text: str) -> str:
    """What the record keeps of a finding whose row is written with ``text`` as its explanation: what a text written
    there later is bound to, and to what ``text`` itself was. Nothing for errors and notes without a text: one with a
    text may have been a warning, and become one again."""
    if finding.outcome.severity != Severity.WARNING and not text:
        return ""
    said = finding.explained.explanation if finding.explained else None
    of_text = said.bound if said is not None and said.text == text else None
    content: dict[str, object] = {"now": to_token(bound_to(finding))}
    if text:
        content |= {"text": _digest(text), "for": to_token(of_text) if of_text else None}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _bound(token: str, text: str) -> Bound | None:
    """To what ``text`` is bound, if its row was about ``token``."""
    try:
        content: Any = json.loads(token)
        return from_token(content["for"] if content.get("text") == _digest(text) else content["now"])
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def _seen_in(rows: Rows) -> Iterator[tuple[tuple[str, str], str]]:
    for row in rows.values():
        kind, finding, number, token = _texts(row)
        if kind == SEEN:
            yield (finding, number), token


def _texts(row: Mapping[int, Cell]) -> Sequence[str]:
    """The cells of a row of the record that any face writes."""
    return [row[column].raw if column in row else "" for column in range(1, 5)]


def _columns(row: Mapping[int, Cell]) -> list[int]:
    """Where id, explanation, number and rule stand, if this is the row of the titles."""
    by_title = {cell.raw.strip(): column for column, cell in row.items()}
    titles = (tr("Finding id"), tr("Explanation"), tr("No."), tr("Rule id"))
    identity, text, *others = (_one(by_title, title) for title in titles)
    return [identity, text, *others] if identity and text else []


def _one(by_title: Mapping[str, int], title: Text) -> int:
    return next((by_title[word] for word in map(title.render, LANGUAGES) if word in by_title), 0)


def _digest(text: str) -> str:
    """The same for texts of the same words and figures: who adds a full stop writes nothing new."""
    return sha256(_BETWEEN_WORDS.sub("", fold(text)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
