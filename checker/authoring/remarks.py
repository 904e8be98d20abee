"""Remarks on rule packs, written for people and for programs: editors, code scanning, a forge's checks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from checker.messages import LANGUAGES, Text
from checker.packs.diagnostic import Diagnostic
from checker.reports.sarif import SCHEMA, TAGS, driver, plain_message, uri

__all__ = ["FORMATS", "as_github", "as_json", "as_sarif"]

#: In a command of GitHub's log; in its properties two more.
_ESCAPED: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_ESCAPED_PROPERTY: Final = {**_ESCAPED, ":": "%3A", ",": "%2C"}


class _Place(NamedTuple):
    """Line and column are 0 where the remark is on a file, or a folder, as a whole."""

    file: str
    line: int
    column: int


def as_json(remarks: Sequence[Diagnostic], language: str) -> str:
    """Both languages, by ``schemas/remarks.schema.json``."""
    entries = [
        {
            "code": remark.code,
            "severity": remark.severity,
            "file": place.file,
            "line": place.line or None,
            "column": place.column or None,
            "message": _both(remark.message),
            "hint": _both(remark.suggestion) if remark.suggestion is not None else None,
        }
        for remark in remarks
        for place in (_place(remark),)
    ]
    return _written({"schema": "checker/remarks@1", "remarks": entries})


def as_sarif(remarks: Sequence[Diagnostic], language: str) -> str:
    """SARIF 2.1.0, a result at line and column for each remark."""
    codes = list(dict.fromkeys(remark.code for remark in remarks))
    run = {
        "columnKind": "unicodeCodePoints",
        "language": TAGS[language],
        "tool": {"driver": {**driver(), "rules": [{"id": code} for code in codes]}},
        "results": [_result(remark, codes.index(remark.code), language) for remark in remarks],
    }
    return _written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def as_github(remarks: Sequence[Diagnostic], language: str) -> str:
    """A workflow command for each remark, which GitHub shows at its line of the change."""
    lines = []
    for remark in remarks:
        place = _place(remark)
        properties: dict[str, object] = {"file": _relative(place.file)}
        if place.line:
            properties |= {"line": place.line, "col": place.column}
        properties["title"] = remark.code
        told = ",".join(f"{name}={_escaped(str(value), _ESCAPED_PROPERTY)}" for name, value in properties.items())
        level = "notice" if remark.severity == "note" else remark.severity
        lines.append(f"::{level} {told}::{_escaped(_said(remark, language), _ESCAPED)}\n")
    return "".join(lines)


#: By the name that people give a format.
FORMATS: Final[Mapping[str, Callable[[Sequence[Diagnostic], str], str]]] = MappingProxyType(
    {"json": as_json, "sarif": as_sarif, "github": as_github}
)


def _result(remark: Diagnostic, rule: int, language: str) -> dict[str, Any]:
    place = _place(remark)
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(_relative(place.file))}}
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": remark.code,
        "ruleIndex": rule,
        "level": remark.severity,
        "message": plain_message(_said(remark, language)),
        "locations": [{"physicalLocation": location}],
        "properties": {other: _said(remark, other) for other in LANGUAGES if other != language},
    }


def _place(remark: Diagnostic) -> _Place:
    return _Place(*remark.order) if remark.where else _Place("", 0, 0)


def _relative(file: str) -> str:
    """As seen from the folder that the command runs in, with ``/``, where it lies below."""
    shown = os.path.relpath(file) if os.path.isabs(file) else file  # noqa: PTH117
    return (file if shown.startswith("..") else shown).replace(os.sep, "/")


def _said(remark: Diagnostic, language: str) -> str:
    parts = [remark.message, *([remark.suggestion] if remark.suggestion is not None else [])]
    return (" " if language == "en" else "").join(part.render(language) for part in parts)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


def _written(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
