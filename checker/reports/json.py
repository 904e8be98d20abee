"""The report for programs: JSON of one shape, ``schemas/report.schema.json``, the same bytes each time.

Texts carry both languages. Amounts are strings of plain digits, never floats, in the ``unit`` beside them:
a rate of 97.8% is ``"97.8"`` with unit ``"%"``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from checker.errors import CheckerError
from checker.messages import Text
from checker.model.explanation import Explained, Waiver
from checker.model.fact import Problem
from checker.model.outcome import Operand, Outcome, Side, Status
from checker.model.report import Finding, PackUsed, Report, Submission, WorkbookReport
from checker.model.rule import Patch, Rule
from checker.reports.figures import in_unit, plain
from checker.reports.score_json import document as score_document
from checker.reports.words import patch_words

__all__ = [
    "SCHEMA",
    "error_document",
    "finding_document",
    "outcome_document",
    "pack_document",
    "render",
    "report_document",
    "workbook_document",
]

#: The shape and its version. Within a version fields may be added, never taken away or given a new meaning.
SCHEMA = "checker/report@1"


def render(report: Report, language: str = "zh") -> str:
    """``report`` as JSON. ``language`` has no effect: every text carries both."""
    text = json.dumps(report_document(report), ensure_ascii=False, indent=2)
    # A file name that is no valid text holds lone surrogates, which no encoding can write: they stay escaped.
    return "".join(rf"\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text) + "\n"


def report_document(report: Report) -> dict[str, Any]:
    """``report`` as the schema has it; what is a Decimal there is a text here."""
    verdict = report.verdict
    return {
        "schema": SCHEMA,
        "packs": [pack_document(pack) for pack in report.packs],
        "workbooks": [workbook_document(workbook) for workbook in report.workbooks],
        "submissions": [_submission(submission) for submission in report.submissions],
        "failures": [error_document(failure) for failure in report.failures],
        "verdict": {
            "errors": verdict.errors,
            "warnings": verdict.warnings,
            "notes": verdict.notes,
            "undecided": verdict.undecided,
            "insufficient": verdict.insufficient,
            "broken": verdict.broken,
            "exit": verdict.exit,
            "waived": verdict.waived,
        },
    }


def pack_document(pack: PackUsed) -> dict[str, Any]:
    """A pack, as ``$defs/pack`` of the schema has it."""
    return {
        "id": pack.id,
        "edition": pack.edition,
        "digest": pack.digest,
        "status": pack.status,
        "remarks": [_text(remark) for remark in pack.remarks],
        **({"patches": [_patch(patch) for patch in pack.patches]} if pack.patches else {}),
    }


def _patch(patch: Patch) -> dict[str, Any]:
    return {
        "id": patch.id,
        "title": _text(patch.title),
        "published": patch.published,
        "until": patch.until,
        "document": patch.document,
        "approver": patch.approver,
        "changes": [_text(words) for words in patch_words([patch])],
    }


def _submission(submission: Submission) -> dict[str, Any]:
    return {
        "unit": submission.unit,
        "year": submission.year,
        "workbooks": list(submission.workbooks),
        "prior": list(submission.prior),
    }


def workbook_document(workbook: WorkbookReport) -> dict[str, Any]:
    """One workbook, as ``$defs/workbook`` of the schema has it."""
    result: dict[str, Any] = {
        "path": workbook.path,
        "sha256": workbook.sha256,
        "pack": workbook.pack,
        "further_packs": list(workbook.further_packs),
        "unit": workbook.unit,
        "year": workbook.year,
        "status": workbook.status,
        "error": error_document(workbook.error) if workbook.error else None,
        "forms": [
            {"form": found.form, "pack": found.pack, "sheet": found.sheet, "range": found.range}
            for found in workbook.forms
        ],
        "counts": {status: workbook.counts.get(status, 0) for status in Status.ORDER},
        "remarks": [{"code": code, "message": _text(message)} for code, message in workbook.remarks],
        "findings": [finding_document(finding) for finding in workbook.findings],
        "problems": [_problem(problem) for problem in workbook.problems],
        "scores": [score_document(score) for score in workbook.scores],
    }
    if workbook.outcomes:
        result["outcomes"] = [
            {"rule": outcome.rule, **outcome_document(outcome), "reason": _text(outcome.reason)}
            for outcome in workbook.outcomes
        ]
    return result


def finding_document(finding: Finding) -> dict[str, Any]:
    """One finding with its consequences, as ``$defs/finding`` of the schema has it."""
    rule = finding.rule
    grounds = {"grounds": finding.grounds} if finding.grounds is not None else {}
    return {
        "id": finding.id,
        "rule": rule.id,
        "name": rule.name,
        "pack": rule.pack,
        "catalogue": list(rule.catalogue),
        "title": _text(finding.title),
        "message": _text(finding.message),
        **outcome_document(finding.outcome),
        "cause": _text(finding.cause),
        "reason": _text(finding.outcome.reason),
        "source": _source(rule),
        "remedy": _text(finding.remedy),
        "explanation": _explanation(finding.explained) if finding.explained else None,
        "places": [outcome_document(place) for place in finding.places],
        "consequences": [finding_document(consequence) for consequence in finding.consequences],
        **grounds,
    }


def _explanation(explained: Explained) -> dict[str, Any]:
    """What was said about a finding. ``refused`` is why it does not count."""
    said, head = explained.said, {"accepted": explained.refused is None, "refused": _text(explained.refused)}
    if isinstance(said, Waiver):
        return {
            "kind": "waiver",
            **head,
            "by": said.approver,
            "text": said.reason,
            "document": said.document,
            "until": said.until,
        }
    return {
        "kind": "explanation",
        **head,
        "by": said.by,
        "on": said.on,
        "reason": said.reason,
        "text": said.text,
        "limit": said.bound.limit if said.bound else "",
    }


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """Where, how it stands, and both sides; the same fields wherever an outcome is shown."""
    left, right = outcome.left, outcome.right
    unit = (left.unit if left else "") or (right.unit if right else "")
    joint = f" {outcome.operator} "
    return {
        "severity": outcome.severity,
        "status": outcome.status,
        "sheet": outcome.sheet,
        "cell": outcome.cell,
        "form": outcome.form,
        "label": " / ".join(outcome.path),
        "actual": _value(left, unit),
        "operator": outcome.operator,
        "expected": _value(right, unit),
        "unit": unit,
        "difference": _amount(outcome.difference, unit),
        "at_least": _amount(outcome.at_least, unit),
        "tolerance": _amount(outcome.tolerance, unit),
        "formula": joint.join(side.formula for side in (left, right) if side),
        "values": joint.join(side.filled for side in (left, right) if side),
        "operands": [_operand(operand) for operand in outcome.operands],
        **_cells(left, right),
    }


def _cells(left: Side | None, right: Side | None) -> dict[str, Any]:
    """Both sides as formulas over cells, where there are such."""
    if left is None or right is None or not (left.cells and right.cells):
        return {}
    return {"cells": {"actual": left.cells, "expected": right.cells}}


def _operand(operand: Operand) -> dict[str, Any]:
    return {
        "sheet": operand.sheet,
        "cell": operand.cell,
        "label": operand.label,
        "text": operand.text,
        "value": _amount(operand.value, operand.unit),
        "unit": operand.unit,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": _text(problem.message),
        "sheet": problem.sheet,
        "cell": problem.cell,
        "catalogue": list(problem.catalogue),
        "details": _plain(problem.details or {}),
    }


def error_document(error: CheckerError) -> dict[str, Any]:
    """An error as the schema has it."""
    return {
        "code": error.code,
        "message": _text(error.message),
        "hint": _text(error.hint),
        "where": error.where,
    }


def _source(rule: Rule) -> dict[str, str]:
    source = rule.source
    return {"document": source.document, "article": source.article, "status": source.status}


def _text(text: Text | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text is not None else None


def _value(side: Side | None, unit: str) -> str | None:
    """A number is in ``unit`` also where its side has none of its own: beside a rate a constant is one."""
    if side is None or side.value is None:
        return None
    return side.value if isinstance(side.value, str) else _amount(side.value, side.unit or unit)


def _amount(value: Decimal | None, unit: str) -> str | None:
    return plain(in_unit(value, unit)) if value is not None else None


def _plain(value: object) -> Any:
    """Free-form parts of a report, made of what JSON has. A float is a defect: it has lost digits."""
    if isinstance(value, Text):
        return _text(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a report cannot hold {value!r}")
