"""A finding that somebody holds to be wrong, for the rule's owner: with the rule as it was run, and so that
``checker replay`` derives it again without the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from checker.authoring.anonymous import anonymised
from checker.engine.replay import Answer, Replayer
from checker.errors import UsageError
from checker.messages import Text, tr
from checker.model.rule import Pack, Rule
from checker.session import Session

__all__ = ["SCHEMA", "dispute"]

SCHEMA: Final = "checker/dispute@1"

Document = Mapping[str, Any]


def dispute(finding: Document, reason: str, session: Session, *, engine: str = "", anonymous: bool = False) -> Document:
    """The finding (as ``$defs/finding`` of the report's schema has it), under ``x-dispute`` the reason, the rule, its
    pack, and ``engine``, the version of this program. What follows from the finding is left out.

    ``anonymous`` puts other words for names (see ``authoring.anonymous``) and lists, under ``x-dispute``, those that
    stay because the verdict rests on them. Raises ``UsageError`` where the finding cannot be derived again: then there
    is nothing to prove.
    """
    replayer = Replayer(session.plans(), session.labels, session.lexicon)
    alone: Document = {**finding, "consequences": []}
    replayed = replayer.replay(alone)
    if replayed.answer != Answer.SAME:
        raise UsageError(
            "DISPUTE_UNPROVEN",
            tr("The finding cannot be derived again: {reason}.", reason=replayed.reasons[0]),
            tr("Check the workbook again with --format json, and take the finding from there."),
            str(finding["id"]),
        )
    pack = session.loaded.packs[finding["grounds"]["pack"]]
    rule = next(rule for rule in pack.rules if rule.id == finding["rule"])
    if not anonymous:
        return {**alone, "x-dispute": _told(reason, rule, pack, engine)}
    alone, words, kept = anonymised(alone, rule, lambda other: replayer.replay(other).answer == Answer.SAME)
    return {**alone, "x-dispute": {**_told(words.put_for(reason), rule, pack, engine), "texts_kept": kept}}


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
