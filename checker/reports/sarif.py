"""SARIF 2.1.0: findings for code scanning and its viewers.

A result says where by logical locations (cell, label path, form); a workbook has no lines, so there are no regions.
Results come first and the rules they name after them, so that a run of any size is written as it is read; what is known
only at the end (rules, files, notifications) waits in a file. Rules and notifications are in both languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TextIO
from urllib.parse import quote

from checker.messages import LANGUAGES, tr
from checker.model.outcome import Status
from checker.model.report import Report
from checker.model.rule import Severity
from checker.reports.layout import clean
from checker.reports.streams import Document, Head, numbered, rendered, said
from checker.reports.words import source_remark, status_word

__all__ = ["SCHEMA", "TAGS", "driver", "plain_message", "render", "uri", "write"]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME: Final = "https://pypi.org/project/jixiao-checker/"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
TAGS: Final = {"zh": "zh-CN", "en": "en"}
#: Its figures say so; what that is worth a person must see.
_KINDS: Final = {Status.UNDECIDED: "review", Status.INSUFFICIENT: "open"}
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
#: In a message a link has such brackets, an argument such braces.
_MARKED: Final = re.compile(r"[\\\[\]]|\{(?=[0-9]+\})")
_KEPT: Final = 1 << 20


def render(report: Report, language: str = "zh") -> str:
    return rendered(write, report, language)


def write(documents: Iterable[Document], stream: TextIO, head: Head, language: str = "zh") -> None:
    """Workbook by workbook."""
    rules = _Rules()
    with _later() as files, _later() as notes:
        of_the_run = [*(_notification(failure, None, language) for failure in head.failures), *_patches(head, language)]
        notes.write(",".join(map(_json, of_the_run)))
        noted = bool(of_the_run)
        stream.write(
            f'{{"$schema": {_json(SCHEMA)}, "version": "2.1.0", "runs": [{{"columnKind": "unicodeCodePoints",\n'
        )
        stream.write(f'"language": {_json(TAGS[language])},\n"results": [')
        first = True
        for index, document in enumerate(documents):
            place = {"uri": uri(document["path"]), "index": index}
            files.write(("," if index else "") + "\n" + _json(_artifact(document, place)))
            for note in _notes(document, place, language):
                notes.write(("," if noted else "") + "\n" + _json(note))
                noted = True
            for result in _results(document, place, rules, language):
                stream.write(("" if first else ",") + "\n" + _json(result))
                first = False
        stream.write('],\n"artifacts": [')
        _copy(files, stream)
        done = _json(not head.failures)
        stream.write(f'],\n"invocations": [{{"executionSuccessful": {done}, "toolExecutionNotifications": [')
        _copy(notes, stream)
        tool = {"driver": {**driver(), "rules": rules.described(language)}}
        other = next(name for name in LANGUAGES if name != language)
        translation = {**driver(), "language": TAGS[other], "rules": rules.described(other)}
        stream.write(f']}}],\n"tool": {_json(tool)},\n"translations": [{_json(translation)}]}}]}}\n')


def uri(path: str) -> str:
    """``path`` as an address: relative ones stay relative, ``s3://…`` stays what it is."""
    scheme = _SCHEME.match(path)
    if scheme:
        return scheme[0] + _quoted(path[scheme.end() :], "/")
    if _DRIVE.match(path):
        return "file:///" + path[0] + ":" + _quoted(path[2:].replace("\\", "/"), "/")
    return ("file://" if path.startswith("/") else "") + _quoted(path, "/")


def _quoted(path: str, safe: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe=safe + "!'()*,;=@&+$")


class _Rules:
    """The rules that results name, numbered as they come."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dict[str, Any]]] = {}

    def index(self, finding: Document) -> int:
        """The number of the rule of a finding; an outcome that is no finding names only its id."""
        number, described = self._known.setdefault(finding["rule"], (len(self._known), {}))
        if not described and "title" in finding:
            described.update({key: finding[key] for key in ("name", "pack", "catalogue", "title", "source", "remedy")})
        return number

    def described(self, language: str) -> list[dict[str, Any]]:
        return [_rule(rule, described, language) for rule, (_, described) in self._known.items()]


def _rule(rule: str, described: Mapping[str, Any], language: str) -> dict[str, Any]:
    if not described:
        return {"id": rule}
    title, source = said(described["title"], language), described["source"]
    standing = source_remark(source["status"])
    authority = [source["document"], source["article"], standing.render(language) if standing else ""]
    help_lines = [title, " ".join(filter(None, authority)), said(described["remedy"], language)]
    return {
        "id": rule,
        "name": described["name"],
        "shortDescription": plain_message(title),
        "help": plain_message("\n".join(filter(None, help_lines))),
        "properties": {"pack": described["pack"], "catalogue": described["catalogue"], "source": dict(source)},
    }


def _results(document: Document, place: Document, rules: _Rules, language: str) -> Iterator[dict[str, Any]]:
    for number, finding in numbered(document["findings"]):
        yield _result(document, number, finding, place, rules, language)
    for outcome in document.get("outcomes", ()):
        if outcome["status"] in _KINDS:
            reason = said(outcome["reason"], language) or status_word(outcome["status"]).render(language)
            yield {
                "ruleId": outcome["rule"],
                "ruleIndex": rules.index(outcome),
                "kind": _KINDS[outcome["status"]],
                "level": "none",
                "message": plain_message(reason),
                "locations": [_location(outcome, place)],
            }


def _result(
    document: Document, number: str, finding: Document, place: Document, rules: _Rules, language: str
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding["rule"],
        "ruleIndex": rules.index(finding),
        "kind": "fail",
        "level": _LEVELS.get(finding["severity"], "warning"),
        "message": plain_message(said(finding["message"], language)),
        "locations": [_location(finding, place)],
        "partialFingerprints": {"checkerFinding/v1": finding["id"]},
        "properties": {
            "number": number,
            "unit": document["unit"],
            "year": document["year"],
            **{name: said(finding["message"], name) for name in LANGUAGES if name != language},
            **{key: finding[key] for key in ("actual", "operator", "expected", "difference", "tolerance", "values")},
            "measuredIn": finding["unit"],
        },
    }
    if finding["cause"] is not None:
        result["properties"]["cause"] = said(finding["cause"], language)
    if finding["places"]:
        result["relatedLocations"] = [
            {"id": at, **_location(other, place)} for at, other in enumerate(finding["places"])
        ]
    if finding["status"] == Status.WAIVED:
        explanation = finding.get("explanation") or {}
        suppression = {"kind": "external", "status": "accepted"}
        result["suppressions"] = [suppression | ({"justification": explanation["text"]} if explanation else {})]
    return result


def _location(outcome: Document, place: Document) -> dict[str, Any]:
    """The file, and in it the cell, the label path and the form."""
    cell = "!".join(filter(None, (outcome["sheet"], outcome["cell"])))
    logical = (
        [{"name": outcome["cell"] or outcome["sheet"], "fullyQualifiedName": cell, "kind": "cell"}] if cell else []
    )
    if outcome["label"]:
        logical.append({"fullyQualifiedName": outcome["label"], "kind": "label"})
    logical.append({"name": outcome["form"], "fullyQualifiedName": outcome["form"], "kind": "form"})
    return {"physicalLocation": {"artifactLocation": dict(place)}, "logicalLocations": logical}


def _artifact(document: Document, place: Document) -> dict[str, Any]:
    hashes = {"hashes": {"sha-256": document["sha256"]}} if document["sha256"] else {}
    return {"location": dict(place), **hashes}


def _notes(document: Document, place: Document, language: str) -> Iterator[dict[str, Any]]:
    """What was not read, not found, or not decided: nothing of it is a pass."""
    if document["error"] is not None:
        yield _notification(document["error"], place, language)
    for problem in document["problems"]:
        note = _notification({**problem, "hint": None, "where": ""}, place, language)
        if problem["sheet"]:
            cell = "!".join(filter(None, (problem["sheet"], problem["cell"])))
            note["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": cell, "kind": "cell"}]
        yield note
    shown = () if "outcomes" not in document else tuple(_KINDS)
    for status in (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN):
        count = document["counts"].get(status, 0)
        if count and status not in shown:
            message = tr("{status}: {count} places", status=status_word(status), count=count)
            error = {"code": status.upper(), "message": {"zh": message.zh, "en": message.en}, "hint": None, "where": ""}
            yield _notification(error, place, language) | {"level": "error" if status == Status.BROKEN else "warning"}


def _patches(head: Head, language: str) -> Iterator[dict[str, Any]]:
    """What was changed in the rules after they were written."""
    for change in (change for pack in head.packs for patch in pack.get("patches", ()) for change in patch["changes"]):
        note = {"code": "PATCH", "message": change, "hint": None, "where": ""}
        yield _notification(note, None, language) | {"level": "note"}


def _notification(error: Document, place: Document | None, language: str) -> dict[str, Any]:
    def words(name: str) -> str:
        texts = (said(error["message"], name), said(error["hint"], name), error["where"] if place is None else "")
        return " ".join(filter(None, texts))

    note: dict[str, Any] = {
        "descriptor": {"id": error["code"]},
        "level": "error",
        "message": plain_message(words(language)),
        "properties": {name: words(name) for name in LANGUAGES if name != language},
    }
    if place is not None:
        note["locations"] = [{"physicalLocation": {"artifactLocation": dict(place)}}]
    return note


def driver() -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    driver: dict[str, Any] = {"name": "checker", "informationUri": _HOME}
    with suppress(PackageNotFoundError):  # run from a source tree that was never installed
        driver["version"] = version("jixiao-checker")
    return driver


def plain_message(text: str) -> dict[str, str]:
    """A message of plain text: what looks like a link or an argument in it is none."""
    text = "\n".join(map(clean, text.split("\n")))
    return {"text": _MARKED.sub(lambda found: "{{" if found[0] == "{" else f"\\{found[0]}", text)}


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(rf"\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


def _later() -> Any:
    """A text that is kept, beyond a megabyte in a file."""
    return SpooledTemporaryFile(_KEPT, "w+", encoding="utf-8")


def _copy(kept: Any, stream: TextIO) -> None:
    kept.seek(0)
    while part := kept.read(_KEPT):
        stream.write(part)
