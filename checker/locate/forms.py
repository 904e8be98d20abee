"""Find the forms of the packs in a workbook: by title, by sheet name, by their tables' headers; with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from checker.locate.fields import read_fields, stated_unit, year_of
from checker.locate.grid import Grid, Place
from checker.locate.headers import Header, Span, best_headers, may_stand
from checker.locate.located import LocatedForm, LocatedTable, Reader
from checker.locate.problems import doubled_rows, header_problems, missing_tables, table_evidence, unheaded_columns
from checker.locate.rows import below_heading, read_rows, with_unheaded, with_wide_codes, without_doubled
from checker.locate.titles import Titled, segments
from checker.messages import tr
from checker.model.fact import Fact, Problem
from checker.model.form import ColumnKind, Form
from checker.model.label import Labels
from checker.model.workbook import Range, address

__all__ = ["Found", "Unclear", "locate"]

#: A title or a sheet name tells more than any one column heading.
TITLE_SCORE = 6
SHEET_SCORE = 3
NUMBER_SCORE = 3
NUMBER_LINES = 5
BESIDE_SCORE = 1
#: Excel cuts the names of sheets here.
SHEET_NAME_LIMIT = 31
#: Where neither title nor sheet name speaks for a form, the words of a header must: short ones ("unit", "amount") are
#: everybody's, of the longer ones so many characters are needed.
SHORT_LABEL = 2
TELLING_LENGTH = 8


class Unclear(NamedTuple):
    """A stretch of a sheet that says by no title which form it is, and the forms that its headings fit equally well."""

    sheet: str
    cell: str
    forms: tuple[str, ...]
    score: int


class Found(NamedTuple):
    """What was recognised: the forms, the nearest misses where nothing was (best first), and what may be several."""

    forms: tuple[LocatedForm, ...]
    nearest: tuple[LocatedForm, ...]
    unclear: tuple[Unclear, ...] = ()

    @property
    def score(self) -> int:
        return sum(form.score for form in self.forms) + sum(one.score for one in self.unclear)


def locate(grids: Sequence[Grid], forms: Sequence[Form], labels: Labels, reader: Reader) -> Found:
    """All instances of ``forms`` on the sheets seen in ``grids``, in the order of the sheets.

    Each stretch of a sheet belongs to at most one form: the one with the most evidence. Where nothing but headings
    speaks, and for several forms alike, it belongs to none: rules of the wrong form would accuse wrongly.
    """
    found: list[LocatedForm] = []
    nearest: list[LocatedForm] = []
    unclear: list[Unclear] = []
    forms = [form for form in forms if not form.abstract]
    for grid in grids:
        for segment, titled in segments(grid, forms):
            best = _best(grid, segment, titled, forms, reader, labels)
            found.extend(best.forms)
            nearest.extend(best.nearest)
            unclear.extend(best.unclear)
    nearest.sort(key=lambda form: -form.score)
    return Found(_qualified(found), tuple(nearest[:3]), tuple(unclear))


def _best(
    grid: Grid,
    segment: Range,
    titled: Titled | None,
    forms: Sequence[Form],
    reader: Reader,
    labels: Labels,
) -> Found:
    """The instances of the form with the most evidence in one stretch, and what else came near. Of two titled ones with
    the same evidence the first is taken, which is the plainer one: a form stands before its kinds."""

    def instances(of: Iterable[Form]) -> list[LocatedForm]:
        return [found for form in of if (found := _try(grid, segment, titled, form, reader, labels)) is not None]

    tried = instances(titled.forms) if titled is not None else []
    if not any(map(_whole, tried)):
        tried += instances(form for form in forms if titled is None or not titled.names(form))
    usable = [i for i in tried if any(t.header.complete and (_named(i) or _telling(t)) for t in i.tables.values())]
    if not usable:
        named = [i for i in tried if titled is not None and titled.names(i.form) and i.tables]
        return Found((max(named, key=lambda i: i.score),), ()) if named else Found((), tuple(tried))
    best = max(usable, key=lambda i: i.score)
    if not _named(best):
        best = _plainest(best, usable)
        if others := [i for i in usable if i.score >= best.score and not _kin(i.form, best.form)]:
            names = tuple(i.form.name for i in (best, *others))
            top = min(table.header.top for table in best.tables.values())
            return Found((), (), (Unclear(grid.sheet.name, address(top, best.range.left), names, best.score),))
    parts = _split(grid, segment, best)
    if len(parts) > 1:
        again = [_try(grid, part, titled, best.form, reader, labels) for part in parts]
        return Found(tuple(instance for instance in again if instance), ())
    return Found((best,), ())


def _named(form: LocatedForm) -> bool:
    return any(item.code in ("title", "sheet", "plugin", "number") for item in form.evidence)


def _plainest(best: LocatedForm, usable: Iterable[LocatedForm]) -> LocatedForm:
    """Of the forms that the best one is a kind of, the plainest with nearly its evidence: a kind assumes more."""
    near = [i for i in usable if best.form.is_a(i.form.name) and best.score - i.score < SHEET_SCORE]
    return min(near, key=lambda i: len(i.form.kinds_of))


def _kin(form: Form, other: Form) -> bool:
    return form.is_a(other.name) or other.is_a(form.name)


def _telling(table: LocatedTable) -> bool:
    """Whether the words of a header alone tell which table it is."""
    words = {place.label for place in table.header.places if len(place.label) > SHORT_LABEL}
    return sum(map(len, words)) >= TELLING_LENGTH


def _whole(form: LocatedForm) -> bool:
    """A form with its title and every table that it must have: no other form has a better claim."""
    return bool(form.tables) and not any(problem.code.startswith(("TABLE", "COLUMN")) for problem in form.problems)


def _try(
    grid: Grid,
    segment: Range,
    titled: Titled | None,
    form: Form,
    reader: Reader,
    labels: Labels,
) -> LocatedForm | None:
    """``form`` in one stretch of a sheet, looked for once: packs inherit forms from one another."""
    title = titled.place if titled is not None and titled.names(form) else None
    key = (id(form), segment, title)
    if key not in grid.tried:
        grid.tried[key] = _seek(grid, segment, title, form, reader, labels)
    found = grid.tried[key]
    return None if found is None else found.copy()


def _seek(
    grid: Grid,
    segment: Range,
    title: Place | None,
    form: Form,
    reader: Reader,
    labels: Labels,
) -> LocatedForm | None:
    evidence: list[Problem] = []
    problems: list[Problem] = []
    score = 0
    if title is not None:
        score += TITLE_SCORE + _share_of_title(title.label, form)
        evidence.append(
            Problem(
                "title",
                tr("title {text}", text=title.text.strip()),
                cell=_at(title),
                sheet=grid.sheet.name,
            )
        )
    sheet_label = labels.normalise(grid.sheet.name)
    if any(_same_sheet(sheet_label, name) for name in form.sheets):
        score += SHEET_SCORE
        evidence.append(Problem("sheet", tr("sheet name {name}", name=grid.sheet.name), sheet=grid.sheet.name))
    if reader.workbook.told_forms.get(grid.sheet.name) == form.name:
        score += TITLE_SCORE
        evidence.append(Problem("plugin", tr("a plugin knows the sheet"), sheet=grid.sheet.name))
    if number := _number(grid, segment, form):
        score += NUMBER_SCORE
        evidence.append(Problem("number", tr("form number {text}", text=number), sheet=grid.sheet.name))
    if not score and not any(may_stand(grid, table) for table in form.tables.values()):
        return None
    headers, near = _headers(grid, segment, form, problems)
    if not headers and not score:
        return None
    stops = _stops(form)
    stated = stated_unit(grid, segment, reader, form)
    tables: dict[str, LocatedTable] = {}
    for name, band in headers.items():
        abreast = _abreast(band, headers.values())
        header = below_heading(grid, band, max((right for _, right in abreast if right < band.left), default=0))
        header = with_unheaded(grid, with_wide_codes(header))
        below = min((h.top for h in headers.values() if h.top > header.bottom), default=segment.bottom + 1)
        own = form.tables[name]
        rows, totals, bottom = read_rows(
            grid, header, below - 1, stops - _row_labels(form, name) - set(form.tables[name].beside), abreast
        )
        header = without_doubled(grid, header, rows)
        unit = _units(grid, stated, header, reader)
        tables[name] = LocatedTable(own, grid, header, rows, totals, unit, reader, (form.name,), bottom)
        score += header.score + (BESIDE_SCORE if _beside(grid, header) else 0)
        score += _own_words(grid, header, bottom, labels)
        evidence.append(table_evidence(grid, header))
        problems.extend(header_problems(grid, header))
        problems.extend(unheaded_columns(grid, band, header))
        problems.extend(doubled_rows(tables[name]))
    stated_units = {unit for table in tables.values() for unit in table.units.values()}
    if form.keeps_unit and len(stated_units) == 1:
        for table in tables.values():
            table.money = next(iter(stated_units))
    problems.extend(missing_tables(grid, segment, form, headers, near))
    taken = [t.range for t in tables.values()]
    fields = read_fields(grid, segment, form, reader, taken, labels, stated)
    score += sum(1 for fact in fields.values() if fact.quantity.raw.strip())
    bottom = max((t.bottom for t in tables.values()), default=segment.bottom)
    right = max((t.header.right for t in tables.values()), default=segment.left)
    range_ = Range(segment.top, 1, max(bottom, segment.bottom if segment.bottom < bottom + 8 else bottom), right)
    return LocatedForm(
        form=form,
        grid=grid,
        range_=range_,
        fields=fields,
        tables=tables,
        qualifier="",
        year=year_of(grid, segment, reader),
        evidence=evidence,
        problems=problems,
        score=score,
        stated_unit=stated,
    )


def _number(grid: Grid, segment: Range, form: Form) -> str:
    """The form's number as the first lines print it: a name of its sheet that is no title of it."""
    numbers, last = {*form.sheets} - {*form.titles}, min(segment.bottom, segment.top + NUMBER_LINES)
    return next((p.text.strip() for p in grid.labels_between(segment.top, last) if p.label in numbers), "")


def _at(place: Place) -> str:
    return address(place.top, place.left)


def _same_sheet(sheet: str, name: str) -> bool:
    return sheet == name or (len(name) > SHEET_NAME_LIMIT and sheet == name[:SHEET_NAME_LIMIT]) or name in sheet


def _headers(
    grid: Grid, segment: Range, form: Form, problems: list[Problem]
) -> tuple[dict[str, Header], dict[str, Header]]:
    """The header of each table, one band for one table; and the nearest bands of tables not found."""
    chosen: dict[str, Header] = {}
    near: dict[str, Header] = {}
    candidates: list[tuple[Header, str]] = []
    for name, table in form.tables.items():
        bands, miss = best_headers(grid, table, segment.top, segment.bottom)
        candidates.extend((band, name) for band in bands)
        if miss is not None:
            near[name] = miss
    candidates.sort(key=lambda item: (not item[0].complete, -item[0].score, item[0].top))
    for band, name in candidates:
        if name in chosen:
            continue
        if any(_overlap(band, other) for other in chosen.values()):
            continue
        chosen[name] = band
    return chosen, near


def _abreast(band: Header, bands: Iterable[Header]) -> list[Span]:
    """The columns of the tables whose headings stand in the same lines."""
    return [(b.left, b.right) for b in bands if b is not band and b.top <= band.bottom and band.top <= b.bottom]


def _overlap(band: Header, other: Header) -> bool:
    rows = band.top <= other.bottom and other.top <= band.bottom
    return rows and bool({(p.top, p.left) for p in band.places} & {(p.top, p.left) for p in other.places})


def _split(grid: Grid, segment: Range, form: LocatedForm) -> list[Range]:
    """A stretch that lists the same form several times (one project below another), cut where each begins."""
    counts = {
        name: bands
        for name, table in form.form.tables.items()
        if len(bands := [b for b in best_headers(grid, table, segment.top, segment.bottom)[0] if b.complete]) > 1
    }
    if not counts:
        return [segment]
    bands = min(counts.values(), key=lambda found: found[0].top)
    starts = []
    floor = segment.top
    labels = {label for field in form.form.fields.values() for label in field.labels}
    for band in bands:
        start = band.top
        while start > floor and (
            any(p.label in labels for p in grid.by_row.get(start - 1, ()))
            or (not grid.rows.get(start - 1) and any(p.label in labels for p in grid.by_row.get(start - 2, ())))
        ):
            start -= 1
        starts.append(start)
        floor = band.bottom + 1
    starts[0] = segment.top
    ends = [start - 1 for start in starts[1:]] + [segment.bottom]
    return [Range(s, segment.left, e, segment.right) for s, e in zip(starts, ends, strict=True)]


def _stops(form: Form) -> frozenset[str]:
    """Labels that belong to another part of the form than the rows of a table."""
    fields = {label for field in form.fields.values() for label in field.labels}
    beside = {label for table in form.tables.values() for label in table.beside}
    return frozenset(fields | beside | set(form.titles))


def _row_labels(form: Form, name: str) -> frozenset[str]:
    table = form.tables[name]
    return frozenset(label for row in (*table.rows.values(), *table.totals.values()) for label in row.labels)


def _beside(grid: Grid, header: Header) -> bool:
    return any(p.left < header.left and p.top <= header.bottom <= p.bottom for p in grid.find(header.table.beside))


def _share_of_title(label: str, form: Form) -> int:
    """How much of what stands there is a title of the form, in thirds: a few words of another form's longer title say
    less than that title itself."""
    return 3 * max(len(title) for title in form.titles if title in label) // len(label)


def _own_words(grid: Grid, header: Header, bottom: int, labels: Labels) -> int:
    """How many words the columns hold of which all that may stand there do: indicators of level 1 tell two standards
    with one table apart."""
    score = 0
    for name, span in header.blocks[0].items():
        values = header.table.columns[name].values
        found = 0
        for label in map(labels.normalise, values):
            places = grid.find((label,)) or grid.find_explained((label,))
            found += any(header.bottom < p.top <= bottom and span[0] <= p.left <= span[1] for p in places)
        score += found if found == len(values) else 0
    return score


def _units(grid: Grid, sheet: Fact | None, header: Header, reader: Reader) -> dict[str, str]:
    """The unit in which the sheet states each money column: its heading, the label beside, the sheet, the form."""
    lexicon = reader.lexicon
    beside = next(
        (
            unit
            for p in grid.find(header.table.beside)
            if p.left < header.left and p.top <= header.bottom and (unit := lexicon.unit_in_brackets(p.text))
        ),
        "",
    )
    units: dict[str, str] = {}
    heads = {(p.left, p.label): p for p in header.places}
    for name, span in header.blocks[0].items():
        column = header.table.columns[name]
        if column.kind != ColumnKind.AMOUNT:
            continue
        own = next((lexicon.unit_in_brackets(p.text) for (left, _), p in heads.items() if left == span[0]), "")
        stated = own or beside or (sheet.quantity.unit if sheet is not None else "") or column.unit
        units[name] = stated if lexicon.factor(stated, column.unit) is not None else column.unit
    return units


def _qualified(forms: list[LocatedForm]) -> tuple[LocatedForm, ...]:
    """Give the instances of a form that occurs more than once their own names, so that facts keep stable paths."""
    by_form: dict[str, list[LocatedForm]] = {}
    for instance in forms:
        by_form.setdefault(instance.form.name, []).append(instance)
    for instances in by_form.values():
        if len(instances) < 2:
            continue
        seen: dict[str, int] = {}
        for instance in instances:
            name = instance.role("project") or instance.sheet
            seen[name] = seen.get(name, 0) + 1
            instance.rename(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return tuple(forms)
