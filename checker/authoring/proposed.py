"""The forms, rules and examples that a workbook suggests, as files of a new pack."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.authoring.new import headers, put_files
from checker.authoring.propose.examples import examples
from checker.authoring.propose.formulas import quoted, read_formulas
from checker.authoring.propose.found import Layout
from checker.authoring.propose.proposal import FORM, Proposal
from checker.authoring.propose.rules import propose
from checker.authoring.propose.tables import read_sheet
from checker.authoring.propose.words import Words, read_words
from checker.authoring.propose.write import write_cases, write_checks, write_dropped, write_form
from checker.checks import KINDS
from checker.engine.assess import assess, recognise
from checker.engine.long import head_of, is_long
from checker.engine.plan import Plan
from checker.errors import UsageError
from checker.locate.grid import Grid
from checker.messages import Text, tr
from checker.model.outcome import Status
from checker.model.plugin import PackSource
from checker.model.workbook import address
from checker.packs.flow import flow
from checker.packs.load import load_packs
from checker.packs.sources import folder_sources

if TYPE_CHECKING:
    from checker.model.workbook import Workbook
    from checker.session import Session

__all__ = ["Proposed", "proposed"]


class Proposed(NamedTuple):
    files: Mapping[str, str]
    forms: tuple[str, ...]
    rules: int
    left_out: int
    remarks: tuple[Text, ...]


class _Sheet(NamedTuple):
    """One form in the making; rules have their numbers."""

    stem: str
    name: str
    layout: Layout
    rules: tuple[tuple[int, Proposal], ...]


def proposed(
    file: str, session: Session, folders: Sequence[str], names: Mapping[str, str], extends: str, language: str
) -> Proposed:
    """What ``file`` suggests. Raises ``ReadError``, and ``UsageError`` where it shows no form."""
    workbook = session.read(file)
    words = read_words(session.labels, session.lexicon)
    known, remarks = _known(workbook, session, extends)
    sheets: list[_Sheet] = []
    for sheet in workbook.sheets:
        if sheet.name in known or sheet.state != "visible":
            continue
        grid = Grid(head_of(sheet) if is_long(sheet) else sheet, session.labels)
        layout = read_sheet(grid, words, workbook.number_formats)
        if layout is None or not layout.tables:
            continue
        number = len(sheets) + 1
        rules = propose(layout, list(read_formulas(grid, layout.tables)), words)
        name = _form_name(layout, sheets, session, extends)
        named = [rule._replace(check=_named(rule.check, name)) for rule in rules]
        sheets.append(_Sheet(f"form-{number:02d}", name, layout, _numbered(named, number)))
    if not sheets:
        raise UsageError(
            "NO_FORM_SEEN", tr("No table with headings was found that is not known already."),
            remarks[0] if remarks else tr("Give the official blank form, with its title, headings and rows."), file,
        )  # fmt: skip
    return _made(sheets, workbook, session, folders, names, words, extends, language, remarks)


def _known(workbook: Workbook, session: Session, extends: str) -> tuple[set[str], tuple[Text, ...]]:
    """Sheets that are forms of the parent, and what the workbook resembles besides."""
    packs = list(session.loaded.packs.values())
    found = recognise(workbook, packs, session.labels, session.lexicon)
    if extends:
        parent = session.loaded.packs[extends]
        own = recognise(workbook, [parent], session.labels, session.lexicon)
        remarks = [
            tr(
                "Sheet {sheet} is the form {form} of {pack}: nothing to propose.",
                sheet=f.sheet,
                form=f.form.name,
                pack=extends,
            )
            for f in own.forms
        ]
        return {form.sheet for form in own.forms}, tuple(remarks)
    resembling = [
        tr("Sheet {sheet} looks like the form {form} of the pack {pack}: consider --extends {pack}.",
           sheet=form.sheet, form=form.form.name, pack=form.form.pack)
        for form in found.every_form
    ]  # fmt: skip
    return set(), tuple(dict.fromkeys(resembling))


def _form_name(layout: Layout, sheets: Sequence[_Sheet], session: Session, extends: str) -> str:
    from checker.authoring.propose.found import clean

    taken = {sheet.name for sheet in sheets}
    if extends:
        taken |= session.loaded.packs[extends].forms.keys()
    name = clean(layout.title) or clean(layout.sheet)
    return next(found for found in (name, *(f"{name}{n}" for n in range(2, 999))) if found not in taken)


def _named(check: Mapping[str, Any], form: str) -> dict[str, Any]:
    """The check with the name of the form in its formulas."""
    own = quoted(form)
    return {key: value.replace(FORM, own) if isinstance(value, str) else value for key, value in check.items()}


def _numbered(rules: Sequence[Proposal], form: int) -> tuple[tuple[int, Proposal], ...]:
    """Ids that leave room: the first form's rules are 0101 to 0199 (or on from there)."""
    unique: dict[str, Proposal] = {}
    for rule in rules:
        unique.setdefault(flow(dict(rule.check)), rule)
    return tuple((form * 100 + at, rule) for at, rule in enumerate(unique.values(), 1))


def _made(
    sheets: Sequence[_Sheet],
    workbook: Workbook,
    session: Session,
    folders: Sequence[str],
    names: Mapping[str, str],
    words: Words,
    extends: str,
    language: str,
    remarks: tuple[Text, ...],
) -> Proposed:
    head = headers(names, ("form", "checks", "cases"))
    file = os.path.basename(workbook.path)  # noqa: PTH119
    source = tr("{file} (blank form)", file=file).render("zh")
    slugs = {number: f"{rule.slug}-{number}" for sheet in sheets for number, rule in sheet.rules}

    def checks(sheet: _Sheet, kept: Sequence[tuple[int, Proposal]], dropped: Sequence[Text]) -> str:
        return write_checks(
            sheet.name, names["prefix"], kept, dropped, slugs, source, head["checks"], language
        )  # fmt: skip

    files: dict[str, str] = {}
    for sheet in sheets:
        files[f"forms/{sheet.stem}.yaml"] = write_form(sheet.layout, sheet.name, words, file, head["form"], language)
        if sheet.rules:
            files[f"checks/{sheet.stem}.yaml"] = checks(sheet, sheet.rules, ())
    plan = _tried(files, session, folders, names, extends)
    figures = _by_its_own_figures(workbook, plan, session)
    count = left_out = 0
    for sheet in sheets:
        kept: list[tuple[int, Proposal]] = []
        dropped: list[Text] = []
        shown: dict[int, list[dict[str, Any]]] = {}
        for number, rule in sheet.rules:
            own = f"{names['prefix']}-{number:04d}"
            found = examples(rule, own, sheet.name, plan, session.labels, session.lexicon)
            right, wrong = figures.get(own, (0, []))
            said = {"title": rule.title, "evidence": rule.evidence}
            if found is None:
                dropped.append(tr("Not kept, its examples did not come out: {title} ({evidence})", **said))
            elif len(wrong) > right:
                at = ", ".join(wrong)
                dropped.append(tr("Not kept, the workbook's own figures contradict it in {cells}: {title} ({evidence})",
                                  cells=at, **said))  # fmt: skip
            else:
                if wrong:
                    but = tr("{evidence}; but not in {cells}", evidence=rule.evidence, cells=", ".join(wrong))
                    rule = rule._replace(evidence=but)
                kept.append((number, rule))
                shown[number] = found
        count, left_out = count + len(kept), left_out + len(dropped)
        if not kept:
            files.pop(f"checks/{sheet.stem}.yaml", None)
            files[f"forms/{sheet.stem}.yaml"] += write_dropped(dropped, language)
            continue
        files[f"checks/{sheet.stem}.yaml"] = checks(sheet, kept, dropped)
        cases = [{**case, "rule": slugs[number]} for number, _ in kept for case in shown[number]]
        files[f"cases/{sheet.stem}.yaml"] = write_cases(sheet.name, cases, head["cases"], language)
    return Proposed(files, tuple(sheet.name for sheet in sheets), count, left_out, remarks)


def _by_its_own_figures(workbook: Workbook, plan: Plan, session: Session) -> dict[str, tuple[int, list[str]]]:
    """By rule in how many places the figures of the workbook itself bear it out, and in which cells they do not. What
    a formula works out in a form that is not filled in is no figure."""
    worked_out = {
        (sheet.name, address(number, at))
        for sheet in workbook.sheets
        if not is_long(sheet)
        for number, row in sheet.rows.items()
        for at, cell in row.items()
        if cell.formula is not None
    }
    results = assess(workbook, {plan.pack.id: plan}, session.labels, session.lexicon).results
    found: dict[str, tuple[int, list[str]]] = {}
    for outcome in () if results is None else results.every():
        right, wrong = found.setdefault(outcome.rule, (0, []))
        if outcome.status == Status.FAIL and (outcome.sheet, outcome.cell) not in worked_out:
            wrong.append(outcome.cell)
        elif outcome.status in (Status.PASS, Status.TAIL):
            found[outcome.rule] = right + 1, wrong
    return found


def _tried(
    files: Mapping[str, str], session: Session, folders: Sequence[str], names: Mapping[str, str], extends: str
) -> Plan:
    """The pack as it would be, ready to run; with all others only if it extends one. Raises the first mistake there
    is."""
    lines = ["schema: checker/pack@1", f"pack: {names['pack']}", f"title: {names['title']}", 'edition: "1"']
    lines += [f"prefix: {names['prefix']}", "status: unverified", *([f"extends: [{extends}]"] if extends else [])]
    with tempfile.TemporaryDirectory(prefix="checker-new-") as folder:
        root = Path(folder, names["pack"])
        put_files(root, {**files, "pack.yaml": "\n".join(lines) + "\n"})
        others = (*session.plugins.rule_packs(), *folder_sources(folders)) if extends else ()
        source = PackSource(names["pack"], Path(folder), "folder")
        loaded = load_packs((*others, source), session.kinds, own=KINDS, use_cache=False)
        if names["pack"] not in loaded.packs:
            raise next((f for f in loaded.failures if folder in f.where), loaded.failures[0])
        return Plan(loaded.packs[names["pack"]], session.kinds)
