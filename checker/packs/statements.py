"""The files in which people speak about findings: explanations beside a workbook, and waivers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from os.path import exists, isfile
from typing import Any, Final

from checker.errors import CheckerError, PackError
from checker.messages import tr
from checker.model.explanation import Bound, Explanation, Waiver
from checker.packs.files import MAX_BYTES
from checker.packs.schema import Schemas
from checker.packs.strict_yaml import Located, load_yaml

__all__ = ["read_explanations", "read_waivers", "render_explanations"]

#: What JSON writes as it is and YAML does not take.
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff]")


def read_explanations(path: str) -> tuple[Explanation, ...]:
    """The explanations in a file. Raises ``PackError`` for the first thing that is wrong with it."""
    document = _document(path, "explanations")
    return tuple(_explanation(item) for item in document.data["explanations"])


def read_waivers(path: str) -> tuple[Waiver, ...]:
    """The waivers in a file. Raises ``PackError`` for the first thing that is wrong with it."""
    document = _document(path, "waivers")
    return tuple(_waiver(item, index, document) for index, item in enumerate(document.data["waivers"]))


def render_explanations(workbook: str, entries: Iterable[Explanation]) -> str:
    """A file of explanations, in the order of findings and texts: the same text for the same entries."""
    lines = ["schema: checker/explanations@1", f"workbook: {_quoted(workbook)}"]
    bound = sorted(
        ((entry, entry.bound) for entry in entries if entry.bound is not None),
        key=lambda pair: (pair[0].rule, pair[0].finding, pair[0].text, pair[1]),
    )
    lines.append("explanations:" if bound else "explanations: []")
    for entry, to in bound:
        lines.append(f"  - finding: {_quoted(entry.finding)}")
        fields = {"rule": entry.rule, "version": to.version, "difference": to.difference, "unit": to.unit}
        lines += [f"    {key}: {_quoted(value)}" for key, value in fields.items()]
        lines.append("    operands:" if to.operands else "    operands: []")
        lines += [f"      - {{label: {_quoted(label)}, value: {_quoted(value)}}}" for label, value in to.operands]
        fields = {"reason": entry.reason, "text": entry.text, "by": entry.by, "on": entry.on}
        lines += [f"    {key}: {_quoted(value)}" for key, value in fields.items()]
    return "\n".join(lines) + "\n"


def _document(path: str, name: str) -> Located:
    if not isfile(path):  # noqa: PTH113 - start-up time; a pipe would be waited for
        message = tr("This is not a file.") if exists(path) else tr("There is no such file.")  # noqa: PTH110
        raise PackError("STATEMENTS_UNREADABLE", message, None, path)
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackError(
            "STATEMENTS_UNREADABLE", tr("This cannot be read: {problem}.", problem=reason), None, path
        ) from error
    document = load_yaml(content, path)
    errors: list[CheckerError] = [*Schemas().errors(document, name)]
    if errors:
        raise errors[0]
    return document


def _explanation(item: Mapping[str, Any]) -> Explanation:
    operands = tuple((operand["label"], operand["value"]) for operand in item["operands"])
    bound = Bound(item["version"], item["difference"], item["unit"], operands)
    return Explanation(item["finding"], item["rule"], bound, item["text"], item["reason"], item["by"], item["on"])


def _waiver(item: Mapping[str, Any], index: int, document: Located) -> Waiver:
    place = ("waivers", index)
    try:
        date.fromisoformat(item["until"])
    except ValueError:
        message = tr("There is no day {date}.", date=item["until"])
        raise PackError("DATE_WRONG", message, None, document.where((*place, "until"))) from None
    named = [key for key in ("unit", "year", "path") if key in item]
    if ("finding" in item) == bool(named) or (named and len(named) < 3):
        message = tr("A waiver names a finding by its id (finding), or by unit, year and path.")
        raise PackError(
            "WAIVER_OF_WHAT", message, tr("Give one of the two; no waiver is for a whole rule."), document.where(place)
        )
    return Waiver(
        rule=item["rule"],
        approver=item["approver"],
        reason=item["reason"],
        until=item["until"],
        document=item.get("document", ""),
        finding=item.get("finding", ""),
        unit=item.get("unit", ""),
        year=str(item.get("year", "")),
        path=tuple(item.get("path", ())),
    )


def _quoted(text: str) -> str:
    """A text in quotation marks, as JSON and YAML both read it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
