"""One workbook through the whole house: recognise its forms, run the rules, make its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from checker.checks.subject import Compiled
from checker.engine.diagnose import diagnose, unit_of
from checker.engine.long import head_of, is_long, long_table, run_long
from checker.engine.plan import Plan, applies
from checker.engine.run import Results, run
from checker.errors import CheckerError, ReadError
from checker.locate.forms import Found, locate
from checker.locate.grid import Grid
from checker.locate.located import LocatedForm, Reader
from checker.messages import Text, tr
from checker.model.fact import Problem
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.report import FormFound, WorkbookReport
from checker.model.rule import Pack
from checker.model.workbook import Workbook
from checker.values.lexicon import Lexicon

__all__ = ["Assessed", "Recognised", "assess", "recognise"]


class Recognised(NamedTuple):
    """The pack that a workbook belongs to, its forms, and the nearest misses where nothing was recognised."""

    pack: Pack | None
    forms: tuple[LocatedForm, ...]
    nearest: tuple[LocatedForm, ...]


class Assessed(NamedTuple):
    """A workbook's report and what it was made from."""

    report: WorkbookReport
    results: Results | None
    plan: Plan | None


#: No official workbook holds as many; labels are looked for in all of them.
MOST_TEXTS = 250_000


def recognise(workbook: Workbook, packs: Sequence[Pack], labels: Labels, lexicon: Lexicon) -> Recognised:
    """The pack whose forms have the most evidence in the workbook. May raise ``ReadError``."""
    reader = Reader(workbook, lexicon)
    sheets = (head_of(sheet) if is_long(sheet) else sheet for sheet in workbook.sheets)
    grids: list[Grid] = []
    for sheet in sheets:
        grid = Grid(sheet, labels)
        if grid.by_row:
            grids.append(grid)
        if sum(grid.texts for grid in grids) > MOST_TEXTS:
            raise ReadError(
                "TOO_MANY_TEXTS",
                tr(
                    "The workbook has more than {limit} cells of text in which forms would have to be looked for.",
                    limit=MOST_TEXTS,
                ),
                tr("Take out the sheets that do not belong to the form, and save it again."),
                workbook.path,
            )
    best: tuple[int, Pack | None, Found] = (0, None, Found((), ()))
    nearest: list[LocatedForm] = []
    for pack in packs:
        found = locate(grids, list(pack.forms.values()), labels, reader)
        nearest.extend(found.nearest)
        score = sum(form.score for form in found.forms)
        if score > best[0]:
            best = (score, pack, found)
    nearest.sort(key=lambda form: -form.score)
    return Recognised(best[1], best[2].forms, tuple(nearest[:3]))


def assess(
    workbook: Workbook,
    plans: Mapping[str, Plan],
    labels: Labels,
    lexicon: Lexicon,
    *,
    year: str = "",
    every_outcome: bool = False,
) -> Assessed:
    """Check one workbook. May raise ``ReadError`` (a sheet that cannot be read)."""
    recognised = recognise(workbook, [plan.pack for plan in plans.values()], labels, lexicon)
    if recognised.pack is None:
        return Assessed(_unrecognised(workbook, recognised.nearest), None, None)
    plan = plans[recognised.pack.id]
    forms = recognised.forms
    results = _results(plan, forms, workbook, lexicon, labels, year)
    compiled: dict[str, Compiled] = {c.rule.id: c for form in forms for c in plan.about(form.form.name)}
    unit = unit_of(forms)
    of_year = year or next((form.year for form in forms if form.year), "")
    findings = diagnose(results, plan.rules, compiled, unit, of_year)
    problems = [problem for form in forms for problem in form.problems]
    problems.extend(_nothing_read(forms))
    if not sum(results.counts.values()):
        problems.append(Problem("NO_RULES", tr("The rule pack has no rule about these forms, so nothing was checked")))
    complete = not problems and not results.counts[Status.BROKEN]
    outcomes = tuple(results.every()) if every_outcome else _open_questions(results)
    report = WorkbookReport(
        path=workbook.path,
        status="checked" if complete else "partly",
        sha256=workbook.sha256,
        pack=plan.pack.id,
        unit=unit,
        year=of_year,
        forms=tuple(FormFound(f.form.name, f.form.pack, f.sheet, str(f.range)) for f in forms),
        counts=dict(results.counts),
        findings=findings,
        problems=tuple(problems),
        remarks=_remarks(workbook),
        outcomes=outcomes,
        titles={outcome.rule: plan.rules[outcome.rule].title for outcome in outcomes},
    )
    return Assessed(report, results, plan)


def _remarks(workbook: Workbook) -> tuple[tuple[str, Text], ...]:
    """What the reader smoothed over, in words. Asked for last: sheets are read as the check goes on."""
    if not workbook.remarks:
        return ()
    from checker.readers.remarks import remarks

    words = remarks()
    return tuple((code, words.get(code, Text(code, code))) for code in workbook.remarks)


def _results(
    plan: Plan, forms: Sequence[LocatedForm], workbook: Workbook, lexicon: Lexicon, labels: Labels, year: str
) -> Results:
    """What comes of the rules; tables too long to be kept are streamed through those that are about them."""
    long = {id(form): form.tables.pop(table.name) for form in forms if (table := long_table(form)) is not None}
    results = run(plan, forms, workbook, lexicon, year, {key: table.name for key, table in long.items()})
    for form in forms:
        table = long.get(id(form))
        if table is not None:
            mine = [c for c in plan.about(form.form.name) if applies(c.rule, year or form.year)]
            results.rules_run.update(compiled.rule.id for compiled in mine)
            run_long(mine, results.subjects[id(form)], table, labels, results)
            form.tables[table.name] = table
    return results


def _open_questions(results: Results) -> tuple[Outcome, ...]:
    """What could not be decided: always told, because "no finding" must mean "was checked"."""
    wanted = (Status.UNDECIDED, Status.INSUFFICIENT, Status.BROKEN)
    return tuple(outcome for _, outcome in results.told if outcome.status in wanted)


def _nothing_read(forms: Sequence[LocatedForm]) -> list[Problem]:
    """Tables that were found and hold no row: nothing in them was checked."""
    return [
        Problem(
            "TABLE_EMPTY",
            tr("Table {table} was found, but no row in it could be read", table=table.name),
            sheet=form.sheet,
            cell=str(table.range).partition(":")[0],
            catalogue=("FMT-03",),
        )
        for form in forms
        for table in form.tables.values()
        if not table.rows and not table.totals and not table.table.optional
    ]


def _unrecognised(workbook: Workbook, nearest: Sequence[LocatedForm]) -> WorkbookReport:
    message = tr("No known form was recognised in this workbook, so nothing was checked.")
    hint: Text
    if nearest:
        form = nearest[0]
        told = form.problems[0].message if form.problems else Text("", "")
        hint = tr("The nearest is {form} on sheet {sheet}. {why}", form=form.form.name, sheet=form.sheet, why=told)
    else:
        names = ", ".join(sheet.name for sheet in workbook.sheets[:8])
        hint = tr("Its sheets are: {sheets}. Name the rule pack with --pack if it is another one.", sheets=names)
    return WorkbookReport(
        path=workbook.path,
        status="unread",
        sha256=workbook.sha256,
        error=CheckerError("FORM_UNRECOGNISED", message, hint, workbook.path),
        counts=dict.fromkeys(Status.ORDER, 0),
    )
