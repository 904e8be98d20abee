"""The auditor's working paper (底稿) as a workbook: findings, their recomputation in live formulas, marks, what was not
checked, and the rules.

Written row by row with openpyxl's write-only sheets, so that a run of any size fits. Texts from cells are texts,
never formulas; links are ``HYPERLINK`` formulas, of which a sheet may hold any number. A sheet that is full goes on in
another one. Amounts are numbers; a rate is a ratio shown as a percentage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from checker.audit.papers import columns
from checker.audit.papers.recomputation import Block, compared
from checker.audit.papers.sheets import Formula, Kind, Paper
from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.reports.figures import PERCENT
from checker.reports.streams import Document, numbered, said
from checker.reports.words import severity_word, source_remark, status_word

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["Overview", "overview", "write"]

#: Of so many findings the recomputation is written out; of more a workbook cannot be handled any more.
MOST_RECOMPUTED: Final = 50_000
_OPEN: Final = (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN)
#: A text in a formula may be this long.
_LONGEST_TEXT: Final = 255


class Overview(NamedTuple):
    """What is said of the run as a whole: names and values in order, rules (by id), and what could not be loaded."""

    lines: tuple[tuple[Text, str], ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    failures: tuple[Document, ...] = ()


def overview(store: Store, failures: Sequence[Document] = ()) -> Overview:
    """Of a run in the store."""
    run = store.run
    packs = store.connection.execute("SELECT DISTINCT pack, edition FROM rules ORDER BY ALL").fetchall()
    cursor = store.connection.execute("SELECT * FROM rules ORDER BY rule")
    names = [column[0] for column in cursor.description or ()]
    lines = (
        (tr("Run"), run.run),
        (tr("Started (UTC)"), f"{run.started:%Y-%m-%d %H:%M:%S}"),
        (tr("Finished (UTC)"), f"{run.finished:%Y-%m-%d %H:%M:%S}" if run.finished else "-"),
        (tr("Version of checker"), run.engine),
        (tr("Digest of all rules"), run.rules),
        (tr("Ledger head"), run.ledger or "-"),
        (tr("Rule packs"), ", ".join(f"{pack} {edition}" for pack, edition in packs)),
    )
    rules = tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return Overview(lines, rules, tuple(failures))


def write(documents: Iterable[Document], stream: IO[bytes], about: Overview, language: str = "zh") -> None:
    """The paper of ``documents`` (as for ``reports.streams``)."""
    Workpaper(about, language).write(documents, stream)


class Workpaper:
    """One paper while it is written. Every sheet is open: a finding and its recomputation point at each other."""

    def __init__(self, about: Overview, language: str) -> None:
        self._about = about
        self._language = language
        self._paper = Paper()
        new = self._paper.table
        self._overview = new(
            self._say(tr("Summary of the run")), ((self._say(tr("Item")), 26), (self._say(tr("Value")), 70))
        )
        self._findings = new(self._say(tr("Findings paper")), self._titles(columns.findings()))
        self._blocks = new(self._say(tr("Recomputation")), self._titles(columns.blocks()))
        self._scores = new(self._say(tr("Marks checked")), self._titles(columns.scores()))
        self._open = new(self._say(tr("Not read or not checked")), self._titles(columns.opened()))
        self._rules = new(self._say(tr("Rules")), self._titles(columns.rules()))
        self._counts = {"workbooks": 0, "checked": 0, "partly": 0, "unread": 0}
        self._severities = {"error": 0, "warning": 0, "note": 0, Status.WAIVED: 0}
        self._by_rule: dict[str, int] = {}
        self._recomputed = 0
        self._left_out = 0

    def write(self, documents: Iterable[Document], stream: IO[bytes]) -> None:
        for failure in self._about.failures:
            self._not_read({"path": failure["where"], "unit": "", "year": "", "error": failure})
        for document in documents:
            self._counts["workbooks"] += 1
            self._counts[document["status"]] += 1
            for number, finding in numbered(document["findings"]):
                self._finding(document, number, finding)
            for score in document["scores"]:
                self._score(document, score)
            self._not_checked(document)
        for rule in self._about.rules:
            self._rule(rule)
        self._tell_overview()
        self._paper.save(stream)

    def _say(self, text: Text) -> str:
        return text.render(self._language)

    def _titles(self, named: Iterable[columns.Column]) -> tuple[tuple[str, int], ...]:
        return tuple((self._say(title), width) for title, width in named)

    def _finding(self, document: Document, number: str, finding: Document) -> None:
        top = "." not in number
        waived = finding["status"] == Status.WAIVED
        if top:
            self._severities[Status.WAIVED if waived else finding["severity"]] += 1
        self._by_rule[finding["rule"]] = self._by_rule.get(finding["rule"], 0) + 1
        here = self._findings.next
        there = self._recompute(document, number, finding, here)
        places = [finding, *finding["places"]]
        message = said(finding["message"], self._language)
        if len(places) > 1:
            cells = ", ".join(_place(place) for place in places[1:11]) + (" …" if len(places) > 11 else "")
            message = tr("{one}; {other}", one=message, other=tr("also at {places}", places=cells)).render(
                self._language
            )
        percent = finding["unit"] == PERCENT
        kind = Kind.PERCENT if percent else Kind.AMOUNT
        numeric = finding["difference"] is not None
        explanation = finding.get("explanation") or {}
        severity = status_word(Status.WAIVED) if waived else severity_word(finding["severity"])
        self._findings.add(
            (number, Kind.CENTRE),
            (document["unit"], Kind.TEXT),
            (document["year"], Kind.CENTRE),
            (document["path"], Kind.TEXT),
            (self._say(severity), Kind.GRAVE.get(Status.WAIVED if waived else finding["severity"], Kind.CENTRE)),
            (_link(f"{document['path']}#{_target(finding)}", _place(finding)), Kind.LINK),
            (message, Kind.TEXT),
            (_figure(finding["actual"], finding, numeric), kind if numeric else Kind.TEXT),
            (_figure(finding["expected"], finding, numeric), kind if numeric else Kind.TEXT),
            (_figure(finding["difference"], finding, True), kind),
            (_figure(finding["tolerance"], finding, True), kind),
            (finding["unit"], Kind.CENTRE),
            (self._source(finding["source"]), Kind.TEXT),
            (said(finding["remedy"], self._language), Kind.TEXT),
            (str(explanation.get("text", "")), Kind.INPUT),
            (finding["rule"], Kind.CENTRE),
            (_link(f"#{there}", self._say(tr("Recompute"))) if there else "", Kind.LINK if there else Kind.TEXT),
            (finding["id"], Kind.TEXT),
        )

    def _recompute(self, document: Document, number: str, finding: Document, back: str) -> str:
        """Write the recomputation of a finding and its further places; where it begins, empty where there is none."""
        begins = ""
        for at, place, made in compared(finding):
            if self._recomputed >= MOST_RECOMPUTED:
                self._left_out += 1
                continue
            self._recomputed += 1
            self._blocks.room(len(made.figures) + 6)
            begins = begins or self._blocks.next
            name = number if at == 0 else f"{number} ({at + 1})"
            self._block(document, name, finding, place, made, back)
        return begins

    def _block(
        self, document: Document, number: str, finding: Document, place: Document, made: Block, back: str
    ) -> None:
        add, title = self._blocks.add, said(finding["title"], self._language)
        kind = Kind.PERCENT if made.unit == PERCENT else Kind.AMOUNT
        heading = " ".join(filter(None, (document["unit"], document["year"], finding["rule"], title)))
        add((_link(f"#{back}", number), Kind.HEAD_LINK), (heading, Kind.HEAD), *[("", Kind.HEAD)] * 7)
        cells: list[str] = []
        for figure in made.figures:
            cells.append(self._blocks.cell(columns.VALUE))
            of = Kind.FIGURE_PERCENT if figure.unit == PERCENT else Kind.FIGURE
            where = f"{figure.sheet}!{figure.cell}"
            target = f"{document['path']}#{_target({'sheet': figure.sheet, 'cell': figure.cell})}"
            link = where if "]" in figure.sheet else _link(target, where)
            add(
                ("", Kind.TEXT),
                (self._say(tr("figure")), Kind.CENTRE),
                (figure.label, Kind.TEXT),
                (link, Kind.TEXT if link is where else Kind.LINK),
                (figure.text, Kind.TEXT),
                (figure.value, of),
                (figure.unit, Kind.CENTRE),
            )
        left = self._side(tr("Actual"), made.left.format(*cells), made.actual, made, kind, place)
        right = self._side(tr("Expected"), made.right.format(*cells), made.expected, made, kind, place)
        tolerance = "0"
        if made.numeric:
            difference = self._blocks.cell(columns.VALUE)
            self._line(tr("Difference"), Formula(f"{left}-{right}"), made.difference, kind, difference)
            tolerance = self._blocks.cell(columns.VALUE)
            add(
                ("", Kind.TEXT),
                (self._say(tr("Tolerance")), Kind.CENTRE),
                *[("", Kind.TEXT)] * 3,
                (made.tolerance, Kind.FIGURE_PERCENT if made.unit == PERCENT else Kind.FIGURE),
                (made.unit, Kind.CENTRE),
            )
        verdict = made.verdict.format(left=left, right=right, tolerance=tolerance)
        constant = tr("the expected figure is as recorded: no formula of Excel gives it")
        passed, failed = (self._say(status_word(status)) for status in (Status.PASS, Status.FAIL))
        add(
            ("", Kind.TEXT),
            (self._say(tr("Verdict")), Kind.CENTRE),
            ("" if made.live else self._say(constant), Kind.TEXT),
            ("", Kind.TEXT),
            ("", Kind.TEXT),
            (Formula(f'IF({verdict},"{passed}","{failed}")'), Kind.VERDICT),
        )

    def _side(
        self, name: Text, formula: str, recorded: Decimal | str | None, made: Block, kind: str, place: Document
    ) -> str:
        cell = self._blocks.cell(columns.VALUE)
        shown = place["formula"].split(f" {place['operator']} ") if place["formula"] else []
        text = shown[0 if name == tr("Actual") else -1] if len(shown) == 2 else ""
        self._line(name, Formula(formula), recorded, kind if made.numeric else Kind.TEXT, cell, text)
        return cell

    def _line(
        self, name: Text, formula: Formula, recorded: Decimal | str | None, kind: str, cell: str, text: str = ""
    ) -> None:
        """A line with a formula, what was recorded, and whether they are the same."""
        number = isinstance(recorded, Decimal)
        here = self._blocks.cell(columns.RECORDED)
        same = f"ABS({cell}-{here})<=0.000001*MAX(1,ABS({here}))" if number else f"{cell}={here}"
        yes, no = (self._say(text) for text in (tr("as recorded"), tr("not as recorded")))
        self._blocks.add(
            ("", Kind.TEXT),
            (self._say(name), Kind.CENTRE),
            (text, Kind.TEXT),
            ("", Kind.TEXT),
            ("", Kind.TEXT),
            (formula, kind),
            ("", Kind.TEXT),
            (recorded, kind),
            (Formula(f'IF({same},"{yes}","{no}")'), Kind.CENTRE),
        )

    def _score(self, document: Document, score: Document) -> None:
        for path, node in _indicators(score["tree"]):
            low, high = node["low"], node["high"]
            if node["claimed"] is None and low is None:
                continue  # the table has no such row, or says nothing there
            possible = "" if low is None else low if low == high else f"{low} – {high}"
            agrees = {True: tr("agrees"), False: tr("does not agree"), None: tr("not compared")}[node["agrees"]]
            why = [said(node["why"], self._language), said(node["reason"], self._language)]
            self._scores.add(
                (document["unit"], Kind.TEXT),
                (document["year"], Kind.CENTRE),
                (document["path"], Kind.TEXT),
                (" / ".join(path), Kind.TEXT),
                (_decimal(node["full"]), Kind.AMOUNT),
                (_decimal(node["claimed"]), Kind.AMOUNT),
                (_decimal(node["central"]), Kind.AMOUNT),
                (possible, Kind.CENTRE),
                (self._say(agrees), Kind.GRAVE["error"] if node["agrees"] is False else Kind.CENTRE),
                (node["values"], Kind.TEXT),
                (" ".join(filter(None, why)), Kind.TEXT),
                (_link(f"{document['path']}#{_target(node)}", _place(node)) if node["cell"] else "", Kind.LINK),
            )

    def _not_checked(self, document: Document) -> None:
        if document["error"] is not None:
            self._not_read(document)
        for problem in document["problems"]:
            self._unchecked(document, problem["code"], said(problem["message"], self._language), _place(problem))
        rules = document.get("x-rules")
        if rules is None:
            rules = {"": document["counts"]}
        for rule, counts in rules.items():
            for status in _OPEN:
                if counts.get(status):
                    words = tr("{status}: {count} places", status=status_word(status), count=counts[status])
                    self._unchecked(document, rule, self._say(words), "")

    def _not_read(self, document: Document) -> None:
        error = document["error"]
        texts = (said(error["message"], self._language), said(error["hint"], self._language))
        self._unchecked(document, error["code"], " ".join(filter(None, texts)), "")

    def _unchecked(self, document: Document, what: str, why: str, place: str) -> None:
        unit, year = document["unit"], document["year"]
        self._open.add(
            (unit, Kind.TEXT),
            (year, Kind.CENTRE),
            (document["path"], Kind.TEXT),
            (what, Kind.CENTRE),
            (why, Kind.TEXT),
            (place, Kind.TEXT),
        )

    def _rule(self, rule: Mapping[str, Any]) -> None:
        self._rules.add(
            (rule["rule"], Kind.CENTRE),
            (rule["pack"], Kind.TEXT),
            (rule["edition"], Kind.CENTRE),
            (rule[f"title_{self._language}"], Kind.TEXT),
            (self._say(severity_word(rule["severity"])), Kind.CENTRE),
            (rule["document"], Kind.TEXT),
            (rule["article"], Kind.TEXT),
            (rule[f"remedy_{self._language}"] or "", Kind.TEXT),
            (", ".join(rule["catalogue"]), Kind.TEXT),
            (Decimal(self._by_rule.get(rule["rule"], 0)), Kind.COUNT),
        )

    def _tell_overview(self) -> None:
        add, counts, found = self._overview.add, self._counts, self._severities
        for name, value in self._about.lines:
            add((self._say(name), Kind.HEAD), (value, Kind.TEXT))
        for title, count in (
            (tr("Workbooks"), counts["workbooks"]),
            (tr("checked in full"), counts["checked"]),
            (tr("checked in part"), counts["partly"]),
            (tr("not read"), counts["unread"]),
            (severity_word("error"), found["error"]),
            (severity_word("warning"), found["warning"]),
            (severity_word("note"), found["note"]),
            (tr("Explained or waived"), found[Status.WAIVED]),
            (tr("Recomputed in live formulas"), self._recomputed),
        ):
            add((self._say(title), Kind.HEAD), (Decimal(count), Kind.COUNT))
        if self._left_out:
            text = tr(
                "{count} recomputations are left out: checker replay derives them from findings.json",
                count=self._left_out,
            )
            add((self._say(tr("Left out")), Kind.HEAD), (self._say(text), Kind.TEXT))
        hint = tr(
            "In the sheet of recomputations the figures on yellow may be changed: sides, difference and verdict "
            "follow. Links lead to the workbooks where they lay when they were checked."
        )
        add((self._say(tr("How to use it")), Kind.HEAD), (self._say(hint), Kind.TEXT))

    def _source(self, source: Document) -> str:
        standing = source_remark(source["status"])
        words = [source["document"], source["article"], self._say(standing) if standing is not None else ""]
        return " ".join(filter(None, words))


def _indicators(nodes: Iterable[Document], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Document]]:
    for node in nodes:
        if "children" in node:
            yield from _indicators(node["children"], (*above, node["name"]))
        else:
            yield (*above, node["name"]), node


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _figure(text: str | None, finding: Document, numeric: bool) -> Decimal | str | None:
    if text is None or not numeric:
        return text
    return Decimal(text).scaleb(-2) if finding["unit"] == PERCENT else Decimal(text)


def _place(place: Document) -> str:
    return "!".join(filter(None, (place["sheet"], place["cell"])))


def _target(place: Document) -> str:
    return "'{}'!{}".format(place["sheet"].replace("'", "''"), place["cell"] or "A1")


def _link(target: str, text: str) -> Formula | str:
    """A link, or just the text where Excel would not take it."""
    target, text = (part.replace('"', '""') for part in (target, text))
    if len(target) > _LONGEST_TEXT or len(text) > _LONGEST_TEXT:
        return text
    return Formula(f'HYPERLINK("{target}","{text}")')
