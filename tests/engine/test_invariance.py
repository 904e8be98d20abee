"""The same content gives the same findings, however it was laid out, labelled, typed or saved.

Most of it runs on the neutral workbook: a sample is read once, moved about in memory and checked again. What is
compared is what a reader has in hand: finding ids, rules, severities, differences, consequences, and the cells,
followed to where they went.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from checker.engine.assess import assess, recognise
from checker.locate.located import LocatedForm
from checker.model.outcome import Outcome, Status
from checker.model.report import Finding, WorkbookReport
from checker.model.workbook import Cell, CellKind, Range, Sheet, SheetContent, Workbook, column_letters
from checker.session import Session

WORKBOOKS = Path(__file__).parents[2] / "workbooks" / "cn-project"
CLEAN = ("年度科普项目", "系统导出项目", "全套项目表")
WRONG = (
    "资金总额不等于来源合计",
    "资金总额为零",
    "执行率分值填成100",
    "总分合计错误",
    "定量指标得分偏高",
    "指标级次缺失",
    "第二个项目总额错误",
    "支出计划调整不平",
)
SAMPLES = [*(f"clean/{name}.xlsx" for name in CLEAN), *(f"errors/{name}.xlsx" for name in WRONG)]

At = tuple[str, int, int]
Where = Callable[[At], At]


@dataclass
class Page:
    """One sheet: its cells by (row, column) and its merged ranges."""

    cells: dict[tuple[int, int], Cell]
    merges: list[Range] = field(default_factory=list)


@dataclass
class Book:
    """A workbook as sheets by name, to be changed at will."""

    pages: dict[str, Page]
    formats: tuple[str, ...]
    date1904: bool = False

    @classmethod
    def of(cls, workbook: Workbook) -> Book:
        pages = {
            sheet.name: Page(
                {(row, column): cell for row, line in sheet.rows.items() for column, cell in line.items()},
                list(sheet.merges),
            )
            for sheet in workbook.sheets
        }
        return cls(pages, workbook.number_formats, workbook.date1904)

    def workbook(self) -> Workbook:
        def sheet(name: str, page: Page) -> Sheet:
            rows: dict[int, dict[int, Cell]] = {}
            for (row, column), cell in sorted(page.cells.items()):
                rows.setdefault(row, {})[column] = cell
            content = SheetContent(rows, tuple(page.merges))
            return Sheet(name, lambda: content)

        return Workbook(
            path="neutral",
            sha256="",
            source="xlsx",
            sheets=tuple(sheet(name, page) for name, page in self.pages.items()),
            date1904=self.date1904,
            load_number_formats=lambda: self.formats,
        )

    def each_page(self, change: Callable[[Page], Page]) -> Book:
        return replace(self, pages={name: change(page) for name, page in self.pages.items()})

    def each_cell(self, change: Callable[[Cell], Cell]) -> Book:
        return self.each_page(lambda page: replace(page, cells={at: change(cell) for at, cell in page.cells.items()}))

    def format(self, cell: Cell) -> str:
        return self.formats[cell.style] if cell.style < len(self.formats) else "General"


@dataclass(frozen=True)
class Seen:
    """A finding as a reader has it, without its wording."""

    id: str
    rule: str
    severity: str
    difference: Decimal | None
    cells: tuple[str, ...]
    below: tuple[Seen, ...]


def stay(at: At) -> At:
    return at


def seen(findings: Iterable[Finding], where: Where = stay, leave_out: str = "") -> list[Seen]:
    """What must not change. Among equals the order is that of the sheet, so it is not part of it."""
    return sorted((_seen(finding, where) for finding in findings if finding.rule.name != leave_out), key=repr)


def _seen(finding: Finding, where: Where) -> Seen:
    outcome = finding.outcome
    cells = {_cell(place, where) for place in (outcome, *finding.places)}
    below = tuple(seen(finding.consequences, where))
    return Seen(finding.id, finding.rule.name, outcome.severity, outcome.difference, tuple(sorted(cells)), below)


def _cell(outcome: Outcome, where: Where) -> str:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", outcome.cell)
    if match is None:
        return where((outcome.sheet, 1, 1))[0]
    sheet, row, column = where((outcome.sheet, int(match[2]), number_of(match[1])))
    return f"{sheet}!{column_letters(column)}{row}"


def number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@pytest.fixture(scope="module")
def session() -> Session:
    return Session()


Check = Callable[[Workbook], WorkbookReport]


@pytest.fixture(scope="module")
def check(session: Session) -> Check:
    plans = session.plans()
    return lambda workbook: assess(workbook, plans, session.labels, session.lexicon).report


@pytest.fixture(scope="module")
def books(session: Session, check: Check) -> dict[str, tuple[Book, WorkbookReport]]:
    """Each sample and what is said of it as it is."""
    read = {name: Book.of(session.read(WORKBOOKS / name)) for name in SAMPLES}
    return {name: (book, check(book.workbook())) for name, book in read.items()}


IsLabel = Callable[[str], bool]


@pytest.fixture(scope="module")
def is_label(session: Session) -> IsLabel:
    """Whether some form of the samples prints these words: elsewhere they may be what a unit fills in."""
    words: set[str] = set()
    for form in session.loaded.packs["cn-project"].forms.values():
        words.update(form.titles, *(each.labels for each in form.fields.values()))
        for table in form.tables.values():
            words.update(table.beside, *(each.labels for each in table.columns.values()))
            words.update(*(each.under for each in table.columns.values()))
            words.update(*(each.labels for each in (*table.rows.values(), *table.totals.values())))
    return lambda text: session.labels.normalise(text) in words


def test_the_samples_say_enough(books: dict[str, tuple[Book, WorkbookReport]]) -> None:
    """Nothing can be learnt below from samples about which nothing is said."""
    for name, (_, report) in books.items():
        assert report.status == "checked", name
        assert bool(report.findings) == (name.startswith("errors") or "系统导出" in name), name
        assert report.counts[Status.PASS] > 100


def assert_same(
    before: WorkbookReport, after: WorkbookReport, where: Where = stay, *, counts: bool = True, leave_out: str = ""
) -> None:
    assert after.error is None
    assert seen(after.findings, leave_out=leave_out) == seen(before.findings, where, leave_out)
    assert [form.form for form in after.forms] == [form.form for form in before.forms]
    assert (after.status, after.year) == (before.status, before.year)
    if counts:
        assert dict(after.counts) == dict(before.counts)


# ---- moved


def moved(book: Book, row: Callable[[int], int], column: Callable[[int], int], only: str = "") -> tuple[Book, Where]:
    """Rows and columns renumbered (on one sheet, if named) as spreadsheet programs do it: merged cells grow, formulas
    follow."""
    reference = re.compile(r"(?<![A-Za-z0-9_.!])(\$?)([A-Z]{1,3})(\$?)([0-9]+)(?![0-9A-Za-z_(.!])")

    def follow(match: re.Match[str]) -> str:
        return f"{match[1]}{column_letters(column(number_of(match[2])))}{match[3]}{row(int(match[4]))}"

    def shift(page: Page) -> Page:
        return Page(
            {
                (row(r), column(c)): cell._replace(formula=cell.formula and reference.sub(follow, cell.formula))
                for (r, c), cell in page.cells.items()
            },
            [Range(row(m.top), column(m.left), row(m.bottom), column(m.right)) for m in page.merges],
        )

    pages = {name: shift(page) if only in ("", name) else page for name, page in book.pages.items()}
    return (
        replace(book, pages=pages),
        lambda at: (at[0], row(at[1]), column(at[2])) if only in ("", at[0]) else at,
    )


def blank_rows_above(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    return moved(book, lambda row: row + 3, lambda column: column)


def blank_columns_at_the_left(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    return moved(book, lambda row: row, lambda column: column + 2)


def sheets_renamed(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    names = {name: f"Sheet{number}" for number, name in enumerate(book.pages, 1)}
    pages = {names[name]: page for name, page in book.pages.items()}
    return replace(book, pages=pages), lambda at: (names[at[0]], at[1], at[2])


def sheets_in_another_order(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    return replace(book, pages=dict(reversed(book.pages.items()))), stay


def unrelated_sheets(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    def text(*lines: tuple[str, ...]) -> Page:
        return Page({(r, c): Cell("text", word) for r, line in enumerate(lines, 1) for c, word in enumerate(line, 1)})

    contents = text(
        ("目录",), ("一、项目支出绩效自评",), (), ("单位", "金额", "备注"), ("甲", "12", ""), ("合计", "13", "")
    )
    notes = text(("填报说明",), ("请于3月底前报送，联系电话：0759-1234567",))
    return replace(book, pages={"目录": contents, "空表": Page({}), **book.pages, "说明": notes}), stay


# ---- labelled


def relabelled(change: Callable[[str], str]) -> Callable[[Book, frozenset[str]], tuple[Book, Where]]:
    def transform(book: Book, is_label: IsLabel) -> tuple[Book, Where]:

        def cell(old: Cell) -> Cell:
            return old._replace(raw=change(old.raw)) if old.kind == CellKind.TEXT and is_label(old.raw) else old

        return book.each_cell(cell), stay

    return transform


def spaced(text: str) -> str:
    return " ".join(text.strip())


NARROWER = {ord(wide): narrow for narrow, wide in zip("():/%", "（）：／％", strict=True)}


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["errors/资金总额不等于来源合计.xlsx", "errors/支出计划调整不平.xlsx"])
def test_every_alias_is_as_good_as_the_name(
    sample: str, books: dict[str, tuple[Book, WorkbookReport]], session: Session, check: Check, stride: int
) -> None:
    """With each, everything is found where it was; what is said is compared for every third only, unless all samples
    are asked for."""
    book, before = books[sample]
    packs = list(session.loaded.packs.values())

    def recognised(book: Book) -> tuple[LocatedForm, ...]:
        return recognise(book.workbook(), packs, session.labels, session.lexicon).forms

    tried = 0
    forms = recognised(book)
    found = where_found(forms)
    for form in forms:
        for labels, at in printed_labels(form):
            page = book.pages[form.sheet]
            others = {session.labels.normalise(cell.raw) for place, cell in page.cells.items() if place != at}
            for alias in labels:
                if alias in others:
                    continue  # on this sheet the word already means something else
                renamed = replace(page, cells=page.cells | {at: page.cells[at]._replace(raw=alias)})
                other = replace(book, pages=book.pages | {form.sheet: renamed})
                try:
                    assert where_found(recognised(other)) == found
                    if tried % stride == 0:
                        assert_same(before, check(other.workbook()))
                except AssertionError as error:
                    raise AssertionError(f"{form.form.name}: {alias} for {labels[0]}: {error}") from error
                tried += 1
    assert tried > 100


def where_found(forms: Iterable[LocatedForm]) -> list[tuple[object, ...]]:
    """Which forms stand where, with the places of their fields, columns and rows: all that their facts are read by."""
    return [
        (
            form.form.name,
            form.sheet,
            {name: (fact.row, fact.column, fact.quantity) for name, fact in form.fields.items()},
            {
                name: (table.header.blocks, [(row.name, row.number) for row in (*table.rows, *table.totals.values())])
                for name, table in form.tables.items()
            },
            form.problems,
        )
        for form in forms
    ]


def printed_labels(form: LocatedForm) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """The words that may stand for each label found on the sheet, and where it stands."""
    for name, spec in form.form.fields.items():
        for place in form.grid.find(spec.labels):
            if name in form.fields and place.top <= form.fields[name].row and not spec.under:
                yield spec.labels, (place.top, place.left)
                break
    for table in form.tables.values():
        for place in table.header.places:
            for block in table.header.blocks:
                for name, span in block.items():
                    if span[0] == place.left and place.label in (labels := table.table.columns[name].labels):
                        yield labels, (place.top, place.left)
        for name, rows in table.named.items():
            row = table.table.rows.get(name) or table.table.totals.get(name)
            for place in form.grid.by_row.get(rows[0].number, ()):
                if row is not None and place.label in row.labels:
                    yield row.labels, (place.top, place.left)


# ---- merged


def unmerged(book: Book, is_label: IsLabel) -> tuple[Book, Where]:
    return book.each_page(lambda page: replace(page, merges=[])), stay


def repeated_in_every_cell(keep: bool) -> Callable[[Book, frozenset[str]], tuple[Book, Where]]:
    """As programs export: the words of a merged cell in each cell of it, with the merge or instead of it."""

    def change(page: Page) -> Page:
        cells = dict(page.cells)
        for merge in page.merges:
            anchor = page.cells.get((merge.top, merge.left))
            if anchor is not None:
                for row in range(merge.top, merge.bottom + 1):
                    cells |= {(row, column): anchor for column in range(merge.left, merge.right + 1)}
        return Page(cells, page.merges if keep else [])

    return lambda book, is_label: (book.each_page(change), stay)


TRANSFORMS: dict[str, Callable[[Book, frozenset[str]], tuple[Book, Where]]] = {
    "blank rows above": blank_rows_above,
    "blank columns at the left": blank_columns_at_the_left,
    "sheets renamed": sheets_renamed,
    "sheets in another order": sheets_in_another_order,
    "unrelated sheets": unrelated_sheets,
    "leading spaces": relabelled(lambda text: f"   {text}"),
    "full-width spaces behind": relabelled(lambda text: f"{text}　　"),
    "spaced characters": relabelled(spaced),
    "broken lines": relabelled(lambda text: f"{text[:2]}\n{text[2:]}"),
    "colon behind": relabelled(lambda text: f"{text}："),
    "ordinal before": relabelled(lambda text: f"（一）{text}"),
    "letter mark behind": relabelled(lambda text: f"{text}（Ａ）"),
    "narrow punctuation": relabelled(lambda text: text.translate(NARROWER)),
    "unmerged": unmerged,
    "repeated, not merged": repeated_in_every_cell(keep=False),
    "repeated and merged": repeated_in_every_cell(keep=True),
}
#: Rules that look at single cells have more of them to pass.
MORE_CELLS = {"repeated, not merged", "repeated and merged", "unrelated sheets"}


@pytest.mark.slow
@pytest.mark.parametrize("name", TRANSFORMS)
def test_layout_and_labels_change_nothing(
    name: str, books: dict[str, tuple[Book, WorkbookReport]], check: Check, is_label: IsLabel
) -> None:
    for sample, (book, before) in books.items():
        changed, where = TRANSFORMS[name](book, is_label)
        assert changed.pages != book.pages or "sheets" in name, sample
        after = check(changed.workbook())
        try:
            assert_same(_any_order(before), _any_order(after), where, counts=name not in MORE_CELLS)
        except AssertionError as error:
            raise AssertionError(f"{sample}: {error}") from error


def _any_order(report: WorkbookReport) -> WorkbookReport:
    return report._replace(forms=tuple(sorted(report.forms, key=lambda form: (form.form, form.range))))


#: Between a label and the value under it a blank row breaks what belongs together.
LAID_TOGETHER = {12, 36}


@pytest.mark.parametrize(
    ("sample", "rows"), [("资金总额不等于来源合计", range(2, 26)), ("第二个项目总额错误", range(22, 38))]
)
def test_a_blank_row_anywhere_changes_nothing(
    sample: str, rows: range, books: dict[str, tuple[Book, WorkbookReport]], check: Check
) -> None:
    book, before = books[f"errors/{sample}.xlsx"]
    for at in sorted({*rows} - LAID_TOGETHER):
        changed, where = moved(book, lambda row, at=at: row + (row >= at), lambda column: column)  # type: ignore[misc]
        try:
            assert_same(before, check(changed.workbook()), where)
        except AssertionError as error:
            raise AssertionError(f"blank row {at}: {error}") from error


def test_two_blank_rows_between_the_blocks_change_nothing(
    books: dict[str, tuple[Book, WorkbookReport]], check: Check
) -> None:
    """Above each table of the whole set of sheets, one sheet at a time."""
    starts = {
        "项目支出绩效目标申报表": (6, 10, 12),
        "项目支出绩效目标执行监控": (5, 10, 11),
        "项目支出计划": (4, 6),
        "项目支出明细": (4, 5),
        "项目支出绩效自评表": (4, 6, 11, 13),
    }
    book, before = books["errors/支出计划调整不平.xlsx"]
    assert set(book.pages) == set(starts)
    for sheet, rows in starts.items():
        for at in rows:
            shift: Callable[[int], int] = lambda row, at=at: row + 2 * (row >= at)  # type: ignore[misc]  # noqa: E731
            changed, where = moved(book, shift, lambda column: column, only=sheet)
            assert_same(before, check(changed.workbook()), where)


def swapped(page: Page, rows: range, one: int, other: int) -> Page:
    columns = {one: other, other: one}
    cells = {(r, columns.get(c, c) if r in rows else c): cell for (r, c), cell in page.cells.items()}
    return replace(page, cells=cells)


def test_columns_in_another_order_change_nothing(books: dict[str, tuple[Book, WorkbookReport]], check: Check) -> None:
    """Columns are told by their headings: budget and spending, target and result, weight and score change places."""
    for name in ("资金总额不等于来源合计", "总分合计错误", "定量指标得分偏高", "资金总额为零"):
        book, before = books[f"errors/{name}.xlsx"]
        (sheet,) = book.pages
        swaps = [(range(6, 11), 6, 7), (range(13, 24), 6, 7), (range(13, 25), 8, 9)]
        page = book.pages[sheet]
        for rows, one, other in swaps:
            page = swapped(page, rows, one, other)

        def where(at: At) -> At:
            for rows, one, other in swaps:  # noqa: B023
                if at[1] in rows and at[2] in (one, other):
                    return at[0], at[1], one + other - at[2]
            return at

        assert_same(before, check(replace(book, pages={sheet: page}).workbook()), where)


# ---- typed


def test_numbers_stored_as_text_change_nothing_but_their_own_note(
    books: dict[str, tuple[Book, WorkbookReport]], check: Check
) -> None:
    for sample, (book, before) in books.items():
        after = check(as_text(book).workbook())
        assert_same(before, after, counts=False, leave_out="number-as-text")
        notes = [finding for finding in after.findings if finding.rule.name == "number-as-text"]
        assert [note.outcome.severity for note in notes] == ["note"], sample


def as_text(book: Book) -> Book:
    """Every typed number as the text that its format shows; figures that formulas give stay."""

    def cell(old: Cell) -> Cell:
        if old.kind != CellKind.NUMBER or old.formula is not None:
            return old
        raw = f"{Decimal(old.raw) * 100:.2f}%" if "%" in book.format(old) else f"{float(old.raw):.15g}"
        return Cell(CellKind.TEXT, raw)

    return book.each_cell(cell)


def test_the_1904_date_system_changes_nothing(books: dict[str, tuple[Book, WorkbookReport]], check: Check) -> None:
    """30 June 2024 is 45473 days after the epoch of the one and 44011 after that of the other."""
    reports = []
    for serial, date1904 in (("45473", False), ("44011", True)):
        book, _ = books["clean/年度科普项目.xlsx"]
        (sheet,) = book.pages
        last = max(row for row, _ in book.pages[sheet].cells)
        date = Cell(CellKind.NUMBER, serial, None, len(book.formats))
        cells = book.pages[sheet].cells | {(last + 1, 1): Cell(CellKind.TEXT, "填报日期"), (last + 1, 2): date}
        page = replace(book.pages[sheet], cells=cells)
        dated = replace(book, pages={sheet: page}, formats=(*book.formats, "yyyy-mm-dd"), date1904=date1904)
        reports.append(check(dated.workbook()))
    assert_same(*reports)
    assert [finding.rule.catalogue for finding in reports[0].findings] == [("DD-01",)]


# ---- repeated


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "copies", "head", "gap"),
    [
        ("资金总额不等于来源合计", 30, 0, 1),
        ("资金总额不等于来源合计", 3, 3, 1),
        ("资金总额为零", 2, 0, 0),
        ("资金总额为零", 30, 3, 0),
        ("定量指标得分偏高", 2, 3, 1),
        ("定量指标得分偏高", 2, 3, 0),
    ],
)
def test_each_of_many_forms_on_one_sheet_says_what_the_one_says(
    name: str, copies: int, head: int, gap: int, books: dict[str, tuple[Book, WorkbookReport]], check: Check
) -> None:
    """Projects below one another, each with its title or only the first, with a blank row between or none."""
    book, before = books[f"errors/{name}.xlsx"]
    ((sheet, page),) = book.pages.items()
    height = max(row for row, _ in page.cells) - head + gap
    pages = Page({}, [])
    for number in range(copies):
        first = head if number else 0
        down = number * height
        pages.cells.update({(row + down, column): cell for (row, column), cell in page.cells.items() if row > first})
        pages.merges += [Range(m.top + down, m.left, m.bottom + down, m.right) for m in page.merges if m.top > first]
    after = check(replace(book, pages={sheet: pages}).workbook())
    assert len(after.forms) == copies
    for number in range(copies):
        down = number * height
        top, bottom = (down + head + 1 if number else 1, down + height + head)
        assert told(after, sheet, top, bottom) == told(before, sheet, 1, height + head, down)
    ids = [finding.id for finding in after.findings]
    assert len(ids) == len({*ids})


def test_each_of_many_sheets_says_what_the_one_says(
    books: dict[str, tuple[Book, WorkbookReport]], check: Check
) -> None:
    book, before = books["errors/资金总额为零.xlsx"]
    ((sheet, page),) = book.pages.items()
    after = check(replace(book, pages={f"项目{number}": page for number in range(30)}).workbook())
    assert len(after.forms) == 30
    for number in range(30):
        assert told(after, f"项目{number}", 1, 99) == told(before, sheet, 1, 99)
    ids = [finding.id for finding in after.findings]
    assert len(ids) == len({*ids})


def told(report: WorkbookReport, sheet: str, top: int, bottom: int, down: int = 0) -> list[tuple[object, ...]]:
    """Rule, severity, difference and cell of everything said about some rows of a sheet, moved ``down``."""
    outcomes = [
        (finding.rule.name, outcome.severity, outcome.difference, number_of(match[1]), int(match[2]) + down)
        for finding in every(report.findings)
        for outcome in (finding.outcome, *finding.places)
        if outcome.sheet == sheet and (match := re.fullmatch(r"([A-Z]+)([0-9]+)", outcome.cell))
        if top <= int(match[2]) <= bottom
    ]
    return sorted(outcomes, key=repr)


def every(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings and all that hangs under them."""
    for finding in findings:
        yield finding
        yield from every(finding.consequences)


# ---- saved


def written_by_openpyxl(book: Book, path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, page in book.pages.items():
        sheet = workbook.create_sheet(name)
        for (row, column), cell in page.cells.items():
            to = sheet.cell(row, column, float(cell.raw) if cell.kind == CellKind.NUMBER else cell.raw)
            to.number_format = book.format(cell)
            if cell.kind == CellKind.TEXT:
                to.data_type = "s"
        for merge in page.merges:
            sheet.merge_cells(str(merge))
    workbook.save(path)


def written_by_xlsxwriter(book: Book, path: Path) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        styles = [workbook.add_format({"num_format": code}) for code in book.formats]
        for name, page in book.pages.items():
            sheet = workbook.add_worksheet(name)
            for merge in page.merges:
                sheet.merge_range(merge.top - 1, merge.left - 1, merge.bottom - 1, merge.right - 1, "")
            for (row, column), cell in page.cells.items():
                style = styles[cell.style]
                if cell.kind == CellKind.TEXT:
                    sheet.write_string(row - 1, column - 1, cell.raw, style)
                else:
                    sheet.write_number(row - 1, column - 1, float(cell.raw), style)


def values_only(book: Book) -> Book:
    return book.each_cell(lambda cell: cell._replace(formula=None))


@pytest.mark.parametrize("write", [written_by_openpyxl, written_by_xlsxwriter])
@pytest.mark.parametrize("sample", [f"errors/{name}.xlsx" for name in WRONG] + ["clean/系统导出项目.xlsx"])
def test_other_writers_change_nothing(
    write: Callable[[Book, Path], None],
    sample: str,
    books: dict[str, tuple[Book, WorkbookReport]],
    session: Session,
    check: Check,
    tmp_path: Path,
) -> None:
    book, _ = books[sample]
    plain = values_only(book)
    write(plain, tmp_path / "saved.xlsx")
    assert_same(check(plain.workbook()), check(session.read(tmp_path / "saved.xlsx")))


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples saved by LibreOffice, below ``xlsx`` and ``xls``."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    target: Path = tmp_path_factory.mktemp("office")
    for suffix in ("xlsx", "xls"):
        command = [OFFICE, f"-env:UserInstallation=file://{target}/profile", "--headless", "--convert-to", suffix]
        files = [str(WORKBOOKS / name) for name in SAMPLES]
        subprocess.run(
            [*command, "--outdir", str(target / suffix), *files], check=True, capture_output=True, timeout=300
        )
    return target


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_saving_in_libreoffice_changes_nothing(
    suffix: str, converted: Path, books: dict[str, tuple[Book, WorkbookReport]], session: Session, check: Check
) -> None:
    """In .xls there are no formulas to be read: rules about them answer "insufficient" where they answered before, so
    the counts differ by just these; the findings are the same."""
    for sample, (_, before) in books.items():
        workbook = session.read(converted / suffix / Path(sample).with_suffix(f".{suffix}").name)
        assert workbook.formulas == (suffix == "xlsx")
        after = check(workbook)
        assert_same(before, after, counts=suffix == "xlsx")
        about_formulas = {
            outcome.rule
            for outcome in after.outcomes
            if outcome.status == Status.INSUFFICIENT and outcome.rule not in {other.rule for other in before.outcomes}
        }
        kinds = {
            rule.check["kind"]
            for pack in session.loaded.packs.values()
            for rule in pack.rules
            if rule.id in about_formulas
        }
        assert kinds == ({"total_formula"} if suffix == "xls" else set()), sample
