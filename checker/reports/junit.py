"""JUnit XML for continuous integration: a suite for each workbook, a case for each rule.

A finding is a failure, a file that was not read or a rule that could not run an error; what is undecided, lacks data or
was waived is skipped, with the reason: never passed in silence; so is a note, which nobody must correct. Rules that
only passed have a case each where the report knows them (``--all``, an audit), and one together otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TextIO
from xml.sax.saxutils import escape, quoteattr

from checker.messages import tr
from checker.model.outcome import Status
from checker.model.report import Report
from checker.model.rule import Severity
from checker.reports.streams import Document, Head, numbered, rendered, said, valid
from checker.reports.words import severity_word, status_word

__all__ = ["render", "write"]

#: What XML 1.0 cannot hold, and what turns the direction of writing.
_NOT_IN_XML: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_OPEN: Final = (Status.UNDECIDED, Status.INSUFFICIENT)
_PASSED: Final = (Status.PASS, Status.TAIL, Status.NOT_APPLICABLE)


class _Case(NamedTuple):
    """``results`` are (element, type, message, body)."""

    name: str
    group: str
    results: tuple[tuple[str, str, str, str], ...] = ()


def render(report: Report, language: str = "zh") -> str:
    return rendered(write, report, language)


def write(documents: Iterable[Document], stream: TextIO, head: Head, language: str = "zh") -> None:
    """Workbook by workbook."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="checker">\n')
    if head.failures:
        title = tr("What could not be loaded").render(language)
        stream.writelines(_suite(title, [_unread(failure, language) for failure in head.failures]))
    patches = [
        (patch["id"], said(change, language))
        for pack in head.packs
        for patch in pack.get("patches", ())
        for change in patch["changes"]
    ]
    if patches:
        stream.writelines(_suite(tr("Rules changed by patches").render(language), [], patches))
    for document in documents:
        stream.writelines(_suite(document["path"], list(_cases(document, language))))
    stream.write("</testsuites>\n")


def _suite(name: str, cases: list[_Case], properties: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    kinds = [{result[0] for result in case.results} for case in cases]
    errors = sum("error" in kind for kind in kinds)
    failures = sum("failure" in kind and "error" not in kind for kind in kinds)
    skipped = sum(kind == {"skipped"} for kind in kinds)
    yield (
        f'<testsuite name={_attribute(name)} tests="{len(cases)}" failures="{failures}" errors="{errors}" '
        f'skipped="{skipped}">\n'
    )
    if properties:
        each = (f"<property name={_attribute(one)} value={_attribute(value)}/>\n" for one, value in properties)
        yield f"<properties>\n{''.join(each)}</properties>\n"
    for case in cases:
        yield f"<testcase classname={_attribute(case.group)} name={_attribute(case.name)}"
        if not case.results:
            yield "/>\n"
            continue
        yield ">\n"
        for element, kind, message, body in case.results:
            attributes = f"type={_attribute(kind)} message={_attribute(message)}"
            yield f"<{element} {attributes}>{escape(_text(body))}</{element}>\n"
        yield "</testcase>\n"
    yield "</testsuite>\n"


def _cases(document: Document, language: str) -> Iterator[_Case]:
    """An error for what was not read, then a case for each rule, in the order of the findings."""
    group = " ".join(filter(None, (document["unit"], document["year"]))) or document["path"]
    if document["error"] is not None:
        yield _unread(document["error"], language)._replace(group=group)
    for problem in document["problems"]:
        where = "!".join(filter(None, (problem["sheet"], problem["cell"])))
        message = said(problem["message"], language)
        yield _Case(f"{problem['code']} {where}".rstrip(), group, (("error", problem["code"], message, message),))
    results: dict[str, list[tuple[str, str, str, str]]] = {}
    titles: dict[str, str] = {}
    for number, finding in numbered(document["findings"]):
        titles[finding["rule"]] = said(finding["title"], language)
        results.setdefault(finding["rule"], []).append(_result(number, finding, language))
    for outcome in document.get("outcomes", ()):
        told = results.setdefault(outcome["rule"], [])
        if outcome["status"] in (*_OPEN, Status.BROKEN):
            told.append(_open(outcome, language))
    for rule, counts in document.get("x-rules", {}).items():
        told = results.setdefault(rule, [])
        why = "; ".join(said(reason, language) for reason in document.get("x-reasons", {}).get(rule, ()))
        told += [_counted(s, counts[s], language, why) for s in (*_OPEN, Status.BROKEN) if counts.get(s)]
    for rule, told in results.items():
        yield _Case(f"{rule} {titles.get(rule, '')}".rstrip(), group, tuple(told))
    if "x-rules" not in document:
        yield from _others(document, group, language)


def _others(document: Document, group: str, language: str) -> Iterator[_Case]:
    """What the report only counts."""
    counts = document["counts"]
    if told := {outcome["status"] for outcome in document.get("outcomes", ())} & {Status.PASS, Status.TAIL}:
        counts = {status: count for status, count in counts.items() if status not in (*told, *_PASSED)}
    if passed := sum(counts.get(status, 0) for status in _PASSED):
        yield _Case(tr("{count} checks without a finding", count=passed).render(language), group)
    if "outcomes" not in document:
        for status in (*_OPEN, Status.BROKEN):
            if counts.get(status):
                result = _counted(status, counts[status], language)
                yield _Case(status_word(status).render(language), group, (result,))


def _unread(error: Document, language: str) -> _Case:
    message = " ".join(filter(None, (said(error["message"], language), said(error["hint"], language))))
    return _Case(error["code"], error["where"], (("error", error["code"], message, error["where"]),))


def _result(number: str, finding: Document, language: str) -> tuple[str, str, str, str]:
    lines = [
        f"{number}  {_place(finding)}  {finding['label']}",
        f"{tr('Actual').render(language)} {finding['actual'] or ''}",
        f"{tr('Expected').render(language)} {finding['operator']} {finding['expected'] or ''} {finding['unit']}",
        finding["values"],
        said(finding["cause"], language),
        " ".join(filter(None, (finding["source"]["document"], finding["source"]["article"]))),
        said(finding["remedy"], language),
        finding["id"],
    ]
    body = "\n".join(line.strip() for line in lines if line.strip())
    message = said(finding["message"], language)
    if finding["status"] == Status.WAIVED:
        explanation = (finding.get("explanation") or {}).get("text", "")
        return "skipped", Status.WAIVED, message, f"{explanation}\n{body}".strip()
    element = "skipped" if finding["severity"] == Severity.NOTE else "failure"
    return element, severity_word(finding["severity"]).render(language), message, body


def _open(outcome: Document, language: str) -> tuple[str, str, str, str]:
    element = "error" if outcome["status"] == Status.BROKEN else "skipped"
    reason = said(outcome["reason"], language) or status_word(outcome["status"]).render(language)
    return element, outcome["status"], reason, f"{_place(outcome)}  {outcome['label']}"


def _counted(status: str, count: int, language: str, why: str = "") -> tuple[str, str, str, str]:
    element = "error" if status == Status.BROKEN else "skipped"
    message = tr("{status}: {count} places", status=status_word(status), count=count).render(language)
    return element, status, message, why


def _place(place: Document) -> str:
    return "!".join(filter(None, (place["sheet"], place["cell"])))


def _attribute(text: str) -> str:
    return quoteattr(_text(text), {"\n": " ", "\r": " ", "\t": " "})


def _text(text: str) -> str:
    return _NOT_IN_XML.sub("", valid(text))
