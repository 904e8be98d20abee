"""What the page holds: an index of workbooks and findings in columns, and the documents themselves in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from checker.audit.page.around import Around, code_of
from checker.audit.page.encode import Pieces, Strings, without_figures
from checker.checks.subject import plain_text
from checker.model.outcome import Status

__all__ = ["contents"]

_SEVERITIES: Final = ("error", "warning", "note")
_STATUSES: Final = ("checked", "partly", "unread")
_OPEN: Final = (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN)
_CHANGES: Final = ("", "new", "still")
#: What a rule says in all its findings, and is therefore kept with the rule.
_OF_RULE: Final = ("name", "pack", "catalogue", "title", "source", "remedy")
#: Before the path of a workbook that names no unit.
_NAMELESS: Final = "\0"
_WORKBOOK: Final = (
    "unit", "path", "year", "packs", "status", "errors", "warnings", "notes", "waived", "open", "error", "problems",
    "awaits", "profile", "reasons",
)  # fmt: skip
_FINDING: Final = (
    "workbook", "rule", "severity", "waived", "parent", "sheet", "cell", "label", "difference", "unit", "places", "zh",
    "en", "figures", "change",
)  # fmt: skip
_SCORE: Final = ("workbook", "title", "full", "claimed", "low", "high")


def contents(documents: Iterable[Mapping[str, Any]], around: Around, pieces: Pieces) -> dict[str, Any]:
    """The index of the page, after all documents went into ``pieces``.

    ``documents`` are workbooks as ``schemas/report.schema.json`` has them; they are gone through once.
    """
    made = _Contents(around, pieces)
    for number, document in enumerate(documents):
        made.add(number, document)
    return made.whole()


class _Contents:
    def __init__(self, around: Around, pieces: Pieces) -> None:
        self._around = around
        self._pieces = pieces
        self._text = Strings()
        self._units: dict[str, int] = {}
        self._unit_names: list[str] = []
        self._rules: dict[str, int] = {}
        self._rule_rows: list[dict[str, Any]] = []
        self._profiles: dict[str, int] = {}
        #: What of the reasons why rules did not answer is the same in several workbooks is kept once.
        self._reasons: dict[str, int] = {}
        self._reason_rows: list[list[Any]] = []
        self._workbooks: dict[str, list[Any]] = {name: [] for name in _WORKBOOK}
        self._findings: dict[str, list[Any]] = {name: [] for name in _FINDING}
        self._scores: dict[str, list[Any]] = {name: [] for name in _SCORE}
        self._seen = 0

    def add(self, number: int, document: Mapping[str, Any]) -> None:
        standing = [one["severity"] for one in document["findings"] if one["status"] != Status.WAIVED]
        counts, error = document["counts"], document["error"]
        row = {
            "unit": self._unit(document),
            "path": document["path"],
            "year": self._text(document["year"]),
            "packs": [self._text(pack) for pack in (document["pack"], *document.get("further_packs", ())) if pack],
            "status": _STATUSES.index(document["status"]),
            "errors": standing.count("error"),
            "warnings": standing.count("warning"),
            "notes": standing.count("note"),
            "waived": len(document["findings"]) - len(standing),
            "open": [counts.get(status, 0) for status in _OPEN],
            "error": [*self._both(error["message"], error["hint"]), error["code"]] if error else None,
            "problems": [self._both(problem["message"]) for problem in document["problems"]],
            "awaits": [self._text(form) for form in self._around.awaits.get(number, ())],
            "profile": self._profile(number, document),
            "reasons": self._why(number, document),
        }
        for name, value in row.items():
            self._workbooks[name].append(value)
        for finding in document["findings"]:
            self._add_finding(number, finding, -1)
        for score in document["scores"]:
            self._add_score(number, score)
        kept = {key: value for key, value in document.items() if key not in ("findings", "outcomes", "scores")}
        self._pieces.add(-1 - number, "", kept | {"scores": [_brief(score) for score in document["scores"]]})

    def whole(self) -> dict[str, Any]:
        """The index; nothing can be added after it."""
        self._pieces.close()
        places = self._pieces.places
        self._findings["piece"] = [places[number][0] for number in range(self._seen)]
        self._findings["place"] = [places[number][1] for number in range(self._seen)]
        count = len(self._workbooks["path"])
        self._workbooks["piece"] = [places[-1 - number][0] for number in range(count)]
        self._workbooks["place"] = [places[-1 - number][1] for number in range(count)]
        around = self._around
        profiles = [
            " ".join(f"{self._rule(entry[:-1])}{entry[-1]}" for entry in told.split()) for told in self._profiles
        ]
        return {
            "head": {**around.head, "whole": around.whole},
            "packs": list(around.packs),
            "factors": {unit: around.factors[unit] for unit in sorted(self._used_units()) if unit in around.factors},
            "rules": self._rule_rows,
            "profiles": profiles,
            "reasons": self._reason_rows,
            "units": self._unit_names,
            "nameless": [number for key, number in self._units.items() if key.startswith(_NAMELESS)],
            "workbooks": self._workbooks,
            "findings": self._findings,
            "scores": self._scores,
            "rates": [
                {"form": rate.form, "column": rate.column, "workbook": [*rate.values], "value": [*rate.values.values()]}
                for rate in around.rates
            ],
            "gone": [{**one, "rule": self._rule(one["rule"])} for one in around.gone],
            "strings": self._text.listed(),
        }

    def _unit(self, document: Mapping[str, Any]) -> int:
        """Workbooks of one unit stand in one row. A workbook that names none stands for itself."""
        name = document["unit"] or document["path"]
        key = plain_text(document["unit"]) or _NAMELESS + document["path"]
        if key not in self._units:
            self._units[key] = len(self._unit_names)
            self._unit_names.append(name)
        return self._units[key]

    def _profile(self, number: int, document: Mapping[str, Any]) -> int:
        told = self._around.profiles.get(number)
        if told is None:
            statuses: dict[str, list[str]] = {}
            for outcome in document.get("outcomes", ()):
                statuses.setdefault(outcome["rule"], []).append(outcome["status"])
            told = " ".join(rule + code_of(found) for rule, found in sorted(statuses.items()))
        return self._profiles.setdefault(told, len(self._profiles))

    def _why(self, number: int, document: Mapping[str, Any]) -> int:
        """The number of a row of reasons: the rules that did not answer, each with its reasons in both languages."""
        told = self._around.reasons.get(number)
        if told is None:
            found: dict[str, list[list[str]]] = {}
            for outcome in document.get("outcomes", ()):
                if outcome["reason"] is not None and outcome["status"] in _OPEN:
                    found.setdefault(outcome["rule"], []).append([*outcome["reason"].values()])
            told = json.dumps(found, ensure_ascii=False, sort_keys=True)
        if told not in self._reasons:
            self._reasons[told] = len(self._reason_rows)
            self._reason_rows.append(
                [
                    [self._rule(rule), [[self._text(words) for words in reason] for reason in reasons]]
                    for rule, reasons in json.loads(told).items()
                ]
            )
        return self._reasons[told]

    def _rule(self, name: str, finding: Mapping[str, Any] | None = None) -> int:
        """The number of a rule. What the store does not say of it, its first finding does."""
        number = self._rules.setdefault(name, len(self._rule_rows))
        if number == len(self._rule_rows):
            self._rule_rows.append({"id": name, **self._around.rules.get(name, {})})
        if finding is not None:
            row = self._rule_rows[number]
            for key in _OF_RULE:
                row.setdefault(key, finding[key])
            if "status" not in row["source"]:  # the store does not say how well a source is known
                row["source"] = finding["source"]
        return number

    def _add_finding(self, workbook: int, finding: Mapping[str, Any], parent: int) -> None:
        number, self._seen = self._seen, self._seen + 1
        rule = self._rule(finding["rule"], finding)
        (zh, figures), (en, others) = (without_figures(finding["message"][language]) for language in ("zh", "en"))
        row = {
            "workbook": workbook,
            "rule": rule,
            "severity": _SEVERITIES.index(finding["severity"]),
            "waived": int(finding["status"] == Status.WAIVED),
            "parent": parent,
            "sheet": self._text(finding["sheet"]),
            "cell": self._text(finding["cell"]),
            "label": self._text(finding["label"]),
            "difference": finding["difference"],
            "unit": self._text(finding["unit"]),
            "places": len(finding["places"]),
            "zh": self._text(zh),
            "en": self._text(en),
            "figures": figures if figures == others else f"{figures}|{others}",
            "change": _CHANGES.index(self._around.changes.get((workbook, finding["id"]), "")),
        }
        for name, value in row.items():
            self._findings[name].append(value)
        known = self._rule_rows[rule]
        document = {
            key: value
            for key, value in finding.items()
            if key not in ("consequences", "rule") and not (key in _OF_RULE and known.get(key) == value)
        }
        self._pieces.add(number, finding["rule"], document)
        for below in finding["consequences"]:
            self._add_finding(workbook, below, number)

    def _add_score(self, workbook: int, score: Mapping[str, Any]) -> None:
        total = score["total"]
        row = {"workbook": workbook, "title": self._both(score["title"])}
        row |= {name: total[name] for name in ("full", "claimed", "low", "high")}
        for name, value in row.items():
            self._scores[name].append(value)

    def _both(self, *texts: Mapping[str, str] | None) -> list[int]:
        """Texts one after the other, in Chinese and in English."""
        given = [text for text in texts if text]
        return [self._text("".join(text["zh"] for text in given)), self._text(" ".join(text["en"] for text in given))]

    def _used_units(self) -> set[str]:
        texts = self._text.listed()
        return {texts[number] for number in set(self._findings["unit"])}


def _brief(score: Mapping[str, Any]) -> dict[str, Any]:
    """A score without the proofs of its indicators, which ``checker score`` shows."""
    return {key: score[key] for key in ("scheme", "title", "form", "sheet", "headline", "total", "grade")}
