"""Scores recomputed from the unit's own figures by the standard that a pack writes down.

This module is all that a start imports of the room: the hooks that plugins answer too. What computes is imported when a
rule or a command asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from checker.checks.schema import NAME, schema
from checker.messages import tr
from checker.model.plugin import CheckKind, ScoreKind
from checker.model.rule import Pack, Rule

__all__ = ["KINDS", "ask_for_kinds", "checker_check_kinds", "checker_score_kinds", "score_kinds"]

_MEANT: Final = {"scheme": NAME}


def _compile(kind: str) -> Callable[[Rule, Pack], Any]:
    def compile_rule(rule: Rule, pack: Pack) -> Any:
        from checker.scoring.checks import COMPILERS

        return COMPILERS[kind](rule, pack)

    return compile_rule


KINDS: tuple[CheckKind, ...] = (
    CheckKind(
        "recomputed",
        schema(**_MEANT, kinds={"type": "array", "items": NAME, "minItems": 1, "uniqueItems": True}),
        _compile("recomputed"),
        None,
        tr("Each claimed score is what the standard gives for the unit's own figures"),
        ("expected", "full", "measure", "name", "why"),
    ),
    CheckKind(
        "full_marks",
        schema(**_MEANT),
        _compile("full_marks"),
        None,
        tr("Full marks are claimed only where the unit's own figures allow them"),
        ("full", "name", "why"),
    ),
    CheckKind(
        "grade",
        schema(**_MEANT),
        _compile("grade"),
        None,
        tr("The grade is that of the total claimed"),
        ("expected", "total"),
    ),
    CheckKind(
        "level_counts",
        schema(
            "expected",
            **_MEANT,
            expected={
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": ["integer", "string"]},
            },
        ),
        _compile("level_counts"),
        None,
        tr("Each level has as many indicators as the standard has"),
        ("expected", "name"),
    ),
    CheckKind(
        "rescaled",
        schema(**_MEANT),
        _compile("rescaled"),
        None,
        tr("The total is rescaled for what does not apply"),
        ("expected", "left_out", "total"),
    ),
    CheckKind(
        "weights",
        schema(**_MEANT, aspect={"enum": ["criteria", "levels", "total"]}),
        _compile("weights"),
        None,
        tr("Full marks are those of the standard, and of a level what lies below it"),
        ("expected", "name"),
    ),
    CheckKind(
        "claimed_total",
        schema(**_MEANT),
        _compile("claimed_total"),
        None,
        tr("The total claimed is what the claims add up to"),
        ("expected",),
    ),
)


def checker_check_kinds() -> Iterable[CheckKind]:
    """The hook of plugins, answered for the kinds of checks that rest on a scoring standard."""
    return KINDS


def checker_score_kinds() -> Iterable[ScoreKind]:
    """The hook of plugins, answered for the ways to give marks that come with the program."""
    from checker.scoring.kinds import KINDS as OWN

    return OWN


_asked: list[Callable[[], Mapping[str, ScoreKind]]] = []


def ask_for_kinds(source: Callable[[], Mapping[str, ScoreKind]]) -> None:
    """Where further ways to give marks come from; asked when the first score is worked out."""
    _asked[:] = [source]


def score_kinds() -> Mapping[str, ScoreKind]:
    """Every way to give marks, by name."""
    if _asked:
        return _asked[0]()
    return {kind.name: kind for kind in checker_score_kinds()}
