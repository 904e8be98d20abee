"""Recomputed scores for programs: marks are strings of plain digits, texts are in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from checker.messages import Text
from checker.model.outcome import Operand
from checker.model.score import IndicatorScore, LevelScore, SchemeScore
from checker.reports.figures import in_unit, plain

__all__ = ["document"]


def document(score: SchemeScore) -> dict[str, Any]:
    """One standard applied to one form, as ``$defs/score`` of the report's schema has it."""
    total, grade = score.total, score.grade
    return {
        "scheme": score.scheme,
        "title": _text(score.title),
        "source": {
            "document": score.source.document,
            "article": score.source.article,
            "status": score.source.status,
        },
        "form": score.form,
        "sheet": score.sheet,
        "unit": score.unit,
        "headline": _text(score.headline),
        "tree": [_node(node) for node in score.tree],
        "total": {
            "full": _marks(total.full),
            "claimed": _marks(total.claimed),
            "added": _marks(total.added),
            "low": _marks(total.low),
            "high": _marks(total.high),
            "left_out": plain(total.left_out),
            "taken": total.taken,
            "unknown": list(total.unknown),
            "sheet": total.sheet,
            "cell": total.cell,
        },
        "grade": {
            "claimed": grade.claimed,
            "by_claim": grade.by_claim,
            "allowed": list(grade.allowed),
            "sheet": grade.sheet,
            "cell": grade.cell,
        }
        if grade is not None
        else None,
        "counts": [{"level": level, "count": count} for level, count in score.counts],
        "what_if": [
            {
                "supposed": tried.supposed,
                "changes": [
                    {"name": change.name, "before": change.before, "after": change.after} for change in tried.changes
                ],
            }
            for tried in score.what_if
        ],
    }


def _node(node: LevelScore | IndicatorScore) -> dict[str, Any]:
    return _indicator(node) if isinstance(node, IndicatorScore) else _level(node)


def _level(level: LevelScore) -> dict[str, Any]:
    return {
        "name": level.name,
        "full": _marks(level.full),
        "stated": _marks(level.stated),
        "claimed": _marks(level.claimed),
        "low": _marks(level.low),
        "high": _marks(level.high),
        "children": [_node(child) for child in level.children],
    }


def _indicator(indicator: IndicatorScore) -> dict[str, Any]:
    step = indicator.next
    return {
        "name": indicator.name,
        "path": list(indicator.path),
        "kind": indicator.kind,
        "standing": indicator.standing,
        "full": _marks(indicator.full),
        "full_from": "workbook" if indicator.full_own else "standard" if indicator.full is not None else None,
        "claimed": _marks(indicator.claimed),
        "low": _marks(indicator.low),
        "high": _marks(indicator.high),
        "central": _marks(indicator.central),
        "options": [{"low": plain(low), "high": plain(high)} for low, high in indicator.options],
        "at_stake": plain(indicator.at_stake),
        "agrees": indicator.agrees,
        "measure": indicator.measure,
        "formula": indicator.formula,
        "values": indicator.filled,
        "why": _text(indicator.why),
        "reason": _text(indicator.reason),
        "stated": indicator.stated,
        "next": {"target": step.shown, "marks": plain(step.marks)} if step is not None else None,
        "sheet": indicator.sheet,
        "cell": indicator.cell,
        "cells": [_operand(operand) for operand in indicator.cells],
    }


def _operand(operand: Operand) -> dict[str, Any]:
    value = plain(in_unit(operand.value, operand.unit)) if operand.value is not None else None
    return {
        "sheet": operand.sheet,
        "cell": operand.cell,
        "label": operand.label,
        "text": operand.text,
        "value": value,
        "unit": operand.unit,
    }


def _marks(marks: Decimal | None) -> str | None:
    return plain(marks) if marks is not None else None


def _text(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None
