"""One workbook through the whole house: recognise its forms, run the rules, make its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.checks.subject import Compiled
from checker.engine.diagnose import diagnose, unit_of
from checker.engine.long import head_of, is_long, long_table, run_long
from checker.engine.plan import Plan, applies
from checker.engine.run import Around, Results, run
from checker.engine.unread import unread
from checker.errors import CheckerError, ReadError
from checker.locate.forms import Found, Unclear, locate
from checker.locate.grid import Grid
from checker.locate.located import LocatedForm, Reader
from checker.messages import Text, listed, tr
from checker.model.fact import Problem
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding, FormFound, WorkbookReport
from checker.model.rule import Pack, Severity
from checker.model.workbook import Workbook
from checker.values.lexicon import Lexicon

if TYPE_CHECKING:
    from checker.model.explanation import Statements

__all__ = ["Assessed", "Part", "Recognised", "assess", "judge", "not_checked", "recognise"]


class Part(NamedTuple):
    """Forms of a workbook that belong to one pack."""

    pack: Pack
    forms: tuple[LocatedForm, ...]


class Recognised(NamedTuple):
    """The pack that a workbook belongs to, its forms, and the nearest misses where nothing was recognised.

    ``further`` are forms of other packs, on sheets of which the main one knows nothing. ``unclear`` is what may be one
    form or another, ``unknown`` the names of sheets with figures that are no form.
    """

    pack: Pack | None
    forms: tuple[LocatedForm, ...]
    nearest: tuple[LocatedForm, ...]
    further: tuple[Part, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return () if self.pack is None else (Part(self.pack, self.forms), *self.further)

    @property
    def every_form(self) -> tuple[LocatedForm, ...]:
        """The forms of all packs."""
        return tuple(form for part in self.parts for form in part.forms)

    @property
    def unread(self) -> tuple[str, ...]:
        """Sheets with figures of which nobody knows what they are."""
        return (*(one.sheet for one in self.unclear), *self.unknown)


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
    seen: dict[str, Found] = {pack.id: locate(grids, list(pack.forms.values()), labels, reader) for pack in packs}
    best = max(packs, key=lambda pack: seen[pack.id].score, default=None)
    nearest = sorted((form for found in seen.values() for form in found.nearest), key=lambda form: -form.score)[:3]
    unclear = seen[best.id].unclear if best is not None else ()
    if best is None or not seen[best.id].forms:
        return Recognised(None, (), tuple(nearest), unclear=unclear)
    forms = seen[best.id].forms
    left = _untaken(grids, forms)
    further = tuple(_further(best, left, packs, seen, labels, reader)) if left else ()
    for grid in grids:
        grid.tried.clear()
    parts = (Part(best, forms), *further)
    known = [form for part in parts for form in part.forms]
    unclear = tuple(one for one in unclear if one.sheet not in {form.sheet for form in known})
    told = {one.sheet for one in unclear}
    unknown = tuple(place for sheet in workbook.sheets if sheet.name not in told for place in unread(sheet, known))
    return Recognised(best, forms, tuple(nearest), further, unclear, unknown)


def _further(
    best: Pack, grids: Sequence[Grid], packs: Sequence[Pack], seen: Mapping[str, Found], labels: Labels, reader: Reader
) -> Iterator[Part]:
    """Forms of other packs on sheets that the best one left over: those that say by a title or the name of the sheet
    what they are. A pack and one that it extends never share a workbook."""
    by_id = {pack.id: pack for pack in packs}
    used = [best]
    while grids:
        scores = {
            pack.id: sum(form.score for form in seen[pack.id].forms if form.grid in grids and _titled(form))
            for pack in packs
            if not any(_kin(pack, other, by_id) for other in used)
        }
        name = max(scores, key=lambda pack: scores[pack], default="")
        if not name or not scores[name]:
            return
        found = locate(grids, list(by_id[name].forms.values()), labels, reader)
        forms = tuple(form for form in found.forms if _titled(form))
        if not forms:
            return
        yield Part(by_id[name], forms)
        used.append(by_id[name])
        grids = _untaken(grids, forms)


def _titled(form: LocatedForm) -> bool:
    return any(item.code in ("title", "sheet") for item in form.evidence)


def _untaken(grids: Sequence[Grid], forms: Sequence[LocatedForm]) -> list[Grid]:
    taken = {id(form.grid) for form in forms}
    return [grid for grid in grids if id(grid) not in taken]


def _kin(pack: Pack, other: Pack, packs: Mapping[str, Pack]) -> bool:
    """Whether one of them is the other or has it among its ancestors."""
    return pack.id in _line(other, packs) or other.id in _line(pack, packs)


def _line(pack: Pack, packs: Mapping[str, Pack]) -> set[str]:
    line: set[str] = set()
    ahead = [pack.id]
    while ahead:
        name = ahead.pop()
        if name not in line:
            line.add(name)
            ahead.extend(packs[name].extends if name in packs else ())
    return line


def assess(
    workbook: Workbook,
    plans: Mapping[str, Plan],
    labels: Labels,
    lexicon: Lexicon,
    *,
    year: str = "",
    every_outcome: bool = False,
    grounds: bool = False,
    said: tuple[Statements, Mapping[str, Any]] | None = None,
) -> Assessed:
    """Check one workbook. May raise ``ReadError`` (a sheet that cannot be read)."""
    recognised = recognise(workbook, [plan.pack for plan in plans.values()], labels, lexicon)
    words = (labels, lexicon)
    return judge(
        workbook, recognised, plans, *words, year=year, every_outcome=every_outcome, grounds=grounds, said=said
    )


def judge(
    workbook: Workbook,
    recognised: Recognised,
    plans: Mapping[str, Plan],
    labels: Labels,
    lexicon: Lexicon,
    *,
    year: str = "",
    every_outcome: bool = False,
    grounds: bool = False,
    around: Around = Around(),  # noqa: B008 (it holds nothing)
    remarks: Sequence[tuple[str, Text]] = (),
    said: tuple[Statements, Mapping[str, Any]] | None = None,
) -> Assessed:
    """Check what was recognised in one workbook, with what stands ``around`` it. ``remarks`` go into its report.
    ``said`` is what people say about its findings, with the lexicon by which that is judged. With ``grounds`` each
    finding keeps what it can be derived from again."""
    if recognised.pack is None:
        return Assessed(_unrecognised(workbook, recognised), None, None)
    forms = recognised.every_form
    unit = unit_of(forms)
    of_year = year or next((form.year for form in forms if form.year), "")
    problems = [problem for form in forms for problem in form.problems]
    problems.extend(_nothing_read(forms))
    problems.extend(map(_untitled, recognised.unclear))
    if recognised.unknown:
        remarks = (("FIGURES_UNREAD", _unknown(recognised.unknown)), *remarks)
    results = Results()
    findings: list[Finding] = []
    titles: dict[str, Text] = {}
    parts = recognised.parts
    for part in parts:
        plan = plans[part.pack.id]
        others = [form for other in parts if other is not part for form in other.forms]
        here = around._replace(forms=(*others, *around.forms), unread=(*recognised.unread, *around.unread))
        mine = _results(plan, part.forms, workbook, lexicon, labels, year, here)
        names = {form.form.name for form in part.forms}
        compiled: dict[tuple[str, str], Compiled] = {(name, c.rule.id): c for name in names for c in plan.about(name)}
        keeper = None
        if grounds:
            from checker.engine.grounds import Keeper

            keeper = Keeper(part.pack, labels)
        findings.extend(diagnose(mine, plan.rules, compiled, unit, of_year, keeper))
        titles.update((rule.id, rule.title) for rule in plan.rules.values())
        if not sum(mine.counts.values()):
            message = tr("The rule pack has no rule about these forms, so nothing was checked")
            problems.append(Problem("NO_RULES", message))
        results = results.with_those_of(mine) if recognised.further else mine
    if recognised.further:
        findings.sort(key=lambda finding: Severity.ORDER.index(finding.outcome.severity))
    if said is not None:
        from checker.engine.waive import unmatched, waive
        from checker.engine.wording import Wording

        problems.extend(said[0].problems)
        remarks = (*remarks, *said[0].remarks, *unmatched(findings, said[0].own))
        findings = waive(findings, results, said[0], Wording(said[1]))
    complete = not problems and not results.counts[Status.BROKEN]
    outcomes = tuple(results.every()) if every_outcome else _open_questions(results)
    report = WorkbookReport(
        path=workbook.path,
        status="checked" if complete else "partly",
        sha256=workbook.sha256,
        pack=recognised.pack.id,
        unit=unit,
        year=of_year,
        forms=tuple(FormFound(f.form.name, f.form.pack, f.sheet, str(f.range)) for f in forms),
        counts=dict(results.counts),
        findings=tuple(findings),
        problems=tuple(problems),
        remarks=(*_remarks(workbook), *remarks),
        outcomes=outcomes,
        further_packs=tuple(part.pack.id for part in recognised.further),
        titles={outcome.rule: titles[outcome.rule] for outcome in outcomes},
    )
    return Assessed(report, results, plans[recognised.pack.id])


def _remarks(workbook: Workbook) -> tuple[tuple[str, Text], ...]:
    """What the reader smoothed over, in words. Asked for last: sheets are read as the check goes on."""
    if not workbook.remarks:
        return ()
    from checker.readers.remarks import remarks

    words = remarks()
    return tuple((code, words.get(code, Text(code, code))) for code in workbook.remarks)


def _results(
    plan: Plan,
    forms: Sequence[LocatedForm],
    workbook: Workbook,
    lexicon: Lexicon,
    labels: Labels,
    year: str,
    around: Around,
) -> Results:
    """What comes of the rules; tables too long to be kept are streamed through those that are about them."""
    long = {id(form): form.tables.pop(table.name) for form in forms if (table := long_table(form)) is not None}
    apart = {key: table.name for key, table in long.items()}
    results = run(plan, forms, workbook, lexicon, year, apart, around)
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
        if not (table.rows or table.totals or table.table.optional or table.table.may_be_empty)
    ]


def _untitled(one: Unclear) -> Problem:
    """A sheet that may be one form or another was not checked."""
    message = tr(
        "Sheet {sheet} bears no title, and its headings fit several forms ({forms}): it was not checked. "
        "Write the title of the form above the table, or give the sheet its name",
        sheet=one.sheet,
        forms=listed(one.forms),
    )
    return Problem("FORM_UNTITLED", message, sheet=one.sheet, cell=one.cell, catalogue=("FMT-01",))


def _unknown(places: Sequence[str]) -> Text:
    return tr("Figures that stand in no form of a rule pack were not checked: {names}", names=listed(places))


def not_checked(recognised: Recognised) -> Iterator[Text]:
    """What a check of a workbook leaves out, in words."""
    yield from (_untitled(one).message for one in recognised.unclear)
    if recognised.unknown:
        yield _unknown(recognised.unknown)


def _unrecognised(workbook: Workbook, recognised: Recognised) -> WorkbookReport:
    message = tr("No known form was recognised in this workbook, so nothing was checked.")
    hint: Text
    if recognised.unclear:
        hint = _untitled(recognised.unclear[0]).message
    elif recognised.nearest:
        form = recognised.nearest[0]
        told = form.problems[0].message if form.problems else Text("", "")
        hint = tr("The nearest is {form} on sheet {sheet}. {why}", form=form.form.name, sheet=form.sheet, why=told)
    else:
        names = listed(sheet.name for sheet in workbook.sheets[:8])
        hint = tr("Its sheets are: {sheets}. Name the rule pack with --pack if it is another one.", sheets=names)
    return WorkbookReport(
        path=workbook.path,
        status="unread",
        sha256=workbook.sha256,
        error=CheckerError("FORM_UNRECOGNISED", message, hint, workbook.path),
        counts=dict.fromkeys(Status.ORDER, 0),
    )
