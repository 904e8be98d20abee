"""A finding that somebody holds to be wrong, for the rule's owner: with the rule as it was run, and so that
``checker replay`` derives it again without the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from checker.engine.diagnose import finding_id
from checker.engine.replay import Answer, Replayer
from checker.errors import UsageError
from checker.messages import Text, tr
from checker.model.rule import Pack, Rule
from checker.session import Session

__all__ = ["SCHEMA", "dispute"]

SCHEMA: Final = "checker/dispute@1"
_LEAST: Final = 2

Document = Mapping[str, Any]


def dispute(finding: Document, reason: str, session: Session, *, engine: str = "", anonymous: bool = False) -> Document:
    """The finding (as ``$defs/finding`` of the report's schema has it), under ``x-dispute`` the reason, the rule, its
    pack, and ``engine``, the version of this program. What follows from the finding is left out.

    ``anonymous`` puts other words for the unit and for sheets that are not called as their form is. Raises
    ``UsageError`` where the finding cannot be derived again: then there is nothing to prove.
    """
    replayer = Replayer(session.plans(), session.labels, session.lexicon)
    alone = {**finding, "consequences": []}
    _prove(alone, replayer)
    grounds = finding["grounds"]
    pack = session.loaded.packs[grounds["pack"]]
    rule = next(rule for rule in pack.rules if rule.id == finding["rule"])
    if anonymous:
        alone = _anonymous(alone, rule)
        _prove(alone, replayer)
    return {**alone, "x-dispute": _told(reason, rule, pack, engine)}


def _prove(finding: Document, replayer: Replayer) -> None:
    replayed = replayer.replay(finding)
    if replayed.answer != Answer.SAME:
        raise UsageError(
            "DISPUTE_UNPROVEN",
            tr("The finding cannot be derived again: {reason}.", reason=replayed.reasons[0]),
            tr("Check the workbook again with --format json, and take the finding from there."),
            str(finding["id"]),
        )


def _told(reason: str, rule: Rule, pack: Pack, engine: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "reason": reason,
        "engine": engine,
        "pack": {
            "id": pack.id,
            "edition": pack.edition,
            "digest": pack.digest,
            "patches": [patch.id for patch in pack.patches],
        },
        "rule": {
            "id": rule.id,
            "name": rule.name,
            "pack": rule.pack,
            "form": rule.form,
            "title": _both(rule.title),
            "severity": rule.severity,
            "source": rule.source._asdict(),
            "rationale": _both(rule.rationale),
            "message": _both(rule.message),
            "check": rule.check,
        },
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None


def _anonymous(finding: Document, rule: Rule) -> dict[str, Any]:
    """The finding with other words for names; its id follows from them."""
    grounds = finding["grounds"]
    forms = {form["form"] for kept in grounds["slices"] for form in kept["forms"]}
    sheets = {form["sheet"] for kept in grounds["slices"] for form in kept["forms"]}
    sheets |= {cell["sheet"] for place in (finding, *finding["places"]) for cell in place["operands"]}
    words = {sheet: f"Sheet{number}" for number, sheet in enumerate(sorted(sheets - forms), 1) if len(sheet) >= _LEAST}
    if len(grounds["unit"]) >= _LEAST:
        words[grounds["unit"]] = "Unit"
    hidden: dict[str, Any] = _replaced({**finding, "explanation": None}, words)
    grounds = hidden["grounds"]
    path = hidden["label"].split(" / ")
    return {**hidden, "id": finding_id(rule, grounds["unit"], grounds["year"], path)}


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for word in sorted(words, key=len, reverse=True):
            value = value.replace(word, words[word])
        return value
    if isinstance(value, Mapping):
        return {key: _replaced(item, words) for key, item in value.items()}
    return [_replaced(item, words) for item in value] if isinstance(value, list) else value
