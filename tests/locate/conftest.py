"""Forms as packs write them, sheets drawn with bars, and what is found of the ones on the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from checker.locate.forms import Found, locate
from checker.locate.grid import Grid
from checker.locate.located import LocatedForm, Reader
from checker.model.form import Form
from checker.model.label import Labels
from checker.model.workbook import Cell, Range, Sheet, SheetContent, Workbook
from checker.packs.forms import read_form
from checker.packs.strict_yaml import load_yaml
from checker.session import Session
from checker.values.lexicon import Lexicon


@pytest.fixture(scope="session")
def words() -> tuple[Labels, Lexicon]:
    """The words of the built-in rule packs: how labels are compared, what units are called."""
    session = Session()
    return session.labels, session.lexicon


@pytest.fixture(scope="session")
def form(words: tuple[Labels, Lexicon]) -> Callable[[str], Form]:
    """``form(text)``: a form from its YAML."""

    def read(text: str) -> Form:
        document = load_yaml(text.encode(), "form.yaml")
        found, errors = read_form(document, document.data, "test", words[0])
        assert errors == []
        return found

    return read


def _cells(text: str) -> Iterator[tuple[int, dict[int, Cell]]]:
    for number, line in enumerate(text.strip("\n").splitlines(), 1):
        row = {}
        for at, part in enumerate(line.strip().removeprefix("|").removesuffix("|").split("|"), 1):
            shown = part.strip()
            if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", shown):
                row[at] = Cell("number", shown)
            elif shown:
                row[at] = Cell("text", shown.strip('"').replace("\\n", "\n"))
        if row:
            yield number, row


def _range(text: str) -> Range:
    corners = [(int(corner[1:]), ord(corner[0]) - 64) for corner in text.split(":")]
    return Range(*corners[0], *corners[1])


@pytest.fixture(scope="session")
def sheet() -> Callable[..., Sheet]:
    """``sheet(text, "A1:C1", …)``: lines of cells between bars, and merged ranges. A number is one unless it stands in
    quotes."""

    def draw(text: str, *merges: str, name: str = "Sheet1", hidden: Sequence[int] = ()) -> Sheet:
        content = SheetContent(dict(_cells(text)), tuple(map(_range, merges)), hidden_rows=frozenset(hidden))
        return Sheet(name, lambda: content)

    return draw


@pytest.fixture(scope="session")
def grid(words: tuple[Labels, Lexicon], sheet: Callable[..., Sheet]) -> Callable[..., Grid]:
    return lambda text, *merges: Grid(sheet(text, *merges), words[0])


@pytest.fixture(scope="session")
def find(words: tuple[Labels, Lexicon]) -> Callable[..., Found]:
    """``find([form, …], sheet, …)``: what is located on these sheets."""
    labels, lexicon = words

    def run(forms: Sequence[Form], *sheets: Sheet) -> Found:
        workbook = Workbook("test", "", "xlsx", sheets)
        return locate([Grid(each, labels) for each in sheets], forms, labels, Reader(workbook, lexicon))

    return run


@pytest.fixture(scope="session")
def one(find: Callable[..., Found], sheet: Callable[..., Sheet]) -> Callable[..., LocatedForm]:
    """``one(form, text, *merges)``: the only instance on a sheet."""

    def run(wanted: Form, text: str, *merges: str, hidden: Sequence[int] = ()) -> LocatedForm:
        (found,) = find([wanted], sheet(text, *merges, hidden=hidden)).forms
        return found

    return run


@pytest.fixture(scope="session")
def column() -> Callable[[LocatedForm, str, str], Mapping[str, str]]:
    """``column(found, table, name)``: what stands in a column, by row, with its address; totals included."""

    def read(found: LocatedForm, table: str, name: str) -> Mapping[str, str]:
        located = found.tables[table]
        facts = {located.label(row): located.fact(row, name) for row in (*located.rows, *located.totals.values())}
        return {label: f"{fact.quantity.raw}@{fact.address}" for label, fact in facts.items() if fact is not None}

    return read
