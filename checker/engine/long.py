"""Tables too long to be kept: rows go by in pieces, and each piece is checked as a table of its own.

Rules that look at single rows run on every piece; sums of whole columns are added up on the way and judged at the
end; for any other rule the answer is "insufficient", said once. Passes are counted, not kept. Memory does not
grow with the number of rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, localcontext

from checker.checks.subject import Batch, Compiled, Subject, answer
from checker.engine.run import Results, run_rule
from checker.locate.grid import Grid
from checker.locate.located import Added, LocatedForm, LocatedTable
from checker.locate.rows import LocatedRow
from checker.messages import tr
from checker.model.form import ColumnKind
from checker.model.label import Labels
from checker.model.outcome import Outcome, Status
from checker.model.workbook import CellKind, Row, Sheet, SheetContent
from checker.values.numbers import CONTEXT
from checker.values.quantity import Kind

__all__ = ["HEAD_ROWS", "LONG_BYTES", "head_of", "is_long", "long_table", "run_long"]

#: A sheet whose text is longer than this is streamed (some 150,000 cells).
LONG_BYTES = 8 * 1024 * 1024
#: Titles, heads and headers are looked for in so many lines.
HEAD_ROWS = 200
PIECE_ROWS = 500
#: Findings of one rule that are told one by one; further ones are counted.
MOST_TOLD = 200


_DIGIT = re.compile(r"\d")


class _EnoughError(Exception):
    """Ends the reading of a sheet early."""


def is_long(sheet: Sheet) -> bool:
    return sheet.size > LONG_BYTES


def head_of(sheet: Sheet) -> Sheet:
    """A sheet of the first lines of a long one."""
    rows: dict[int, Row] = {}

    def keep(number: int, row: Row) -> None:
        if number > HEAD_ROWS:
            raise _EnoughError
        rows[number] = row

    with suppress(_EnoughError):
        sheet.stream(keep)
    content = SheetContent(rows)
    return Sheet(sheet.name, lambda: content, state=sheet.state, stream=sheet.stream, size=sheet.size)


def long_table(form: LocatedForm) -> LocatedTable | None:
    """The open table of a form on a long sheet that runs on past the head."""
    if not is_long(form.grid.sheet):
        return None
    tables = [table for table in form.tables.values() if table.table.layout == "open"]
    return max(tables, key=lambda table: table.header.top, default=None)


def run_long(
    rules: Sequence[Compiled], subject: Subject, table: LocatedTable, labels: Labels, results: Results
) -> None:
    """Run ``rules`` on the rows of ``table`` as they are read again from the start, and on its sums at the end."""
    by_row = [rule for rule in rules if rule.per_row and rule.tables in ((), (table.name,))]
    added = {
        name: Added()
        for name, column in table.table.columns.items()
        if table.has(name) and column.kind in ColumnKind.NUMERIC and _summed(rules, table.name, name)
    }
    told: dict[str, int] = {}
    totals: LocatedTable | None = None
    held: dict[int, Row] = {}

    def check_piece() -> None:
        nonlocal totals
        piece = _piece(table, held, labels)
        held.clear()
        part = _only(subject, piece)
        for rule in by_row:
            for item in run_rule(rule, part):
                _count(item, subject, results, told)
        for name, sum_ in added.items():
            _add(piece, name, sum_)
        if piece.totals:
            totals = piece

    def take(number: int, row: Row) -> None:
        if number > table.header.bottom:
            held[number] = row
            if len(held) >= PIECE_ROWS:
                check_piece()

    table.grid.sheet.stream(take)
    if held:
        check_piece()
    end = totals if totals is not None else table
    summary = LocatedTable(
        table.table,
        end.grid,
        table.header,
        (),
        list(end.totals.values()),
        table.units,
        table.reader,
        table.qualifier,
        end.bottom,
    )
    summary.added = added
    whole = _only(subject, summary)
    for rule in rules:
        if rule in by_row or table.name not in rule.tables:
            continue
        if str(rule.rule.check["kind"]) == "sum":
            for item in run_rule(rule, whole):
                _count(item, subject, results, told)
        else:
            reason = tr("The table is too long for a rule that looks at all of its rows at once")
            results.add(subject.form, answer(rule.rule, subject, Status.INSUFFICIENT, (), reason=reason))


def _summed(rules: Sequence[Compiled], table: str, column: str) -> bool:
    """True if a rule adds up this column."""
    checks = [rule.rule.check for rule in rules if table in rule.tables]
    return any(check["kind"] == "sum" and column in _listed(check.get("columns")) for check in checks)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _only(subject: Subject, table: LocatedTable) -> Subject:
    """``subject`` as if its form were this table and nothing else."""
    form = LocatedForm.__new__(LocatedForm)
    form.__dict__.update(subject.form.__dict__)
    form.tables = {table.name: table}
    form.fields = {}
    return subject._replace(form=form)


class _PieceGrid(Grid):
    """Some rows of a sheet; labels are not looked for."""

    def _index(self, labels: Labels) -> None:
        pass


def _piece(table: LocatedTable, rows: Mapping[int, Row], labels: Labels) -> LocatedTable:
    """Some rows as a table of their own, under the header of the whole."""
    content = SheetContent(dict(rows))
    whole = table.grid.sheet
    grid = _PieceGrid(Sheet(whole.name, lambda: content, state=whole.state), labels)
    spec, block = table.table, table.header.blocks[0]
    words = [span[0] for name, span in block.items() if spec.columns[name].kind not in ColumnKind.NUMERIC]
    if spec.key in block:
        words.remove(block[spec.key][0])
        words.insert(0, block[spec.key][0])
    names = {label: row.name for row in spec.totals.values() for label in row.labels}
    found: list[LocatedRow] = []
    totals: list[LocatedRow] = []
    new, text_kind = tuple.__new__, CellKind.TEXT
    for number, row in rows.items():
        name = ""
        for column in words:
            cell = row.get(column)
            if cell is not None and cell.kind == text_kind:
                name = name or cell.raw
                if not _DIGIT.search(cell.raw) and (total := names.get(labels.normalise(cell.raw))) is not None:
                    totals.append(LocatedRow(total, cell.raw.strip(), number))
                    break
        else:
            found.append(new(LocatedRow, (name, name, number, 0, True, "")))
    header = table.header._replace(bottom=min(rows) - 1)
    return LocatedTable(spec, grid, header, found, totals, table.units, table.reader, table.qualifier, max(rows))


def _add(piece: LocatedTable, column: str, sum_: Added) -> None:
    """Add a piece of a column to its sum; blanks and marks for none count nothing."""
    vector = piece.vector(column)
    with localcontext(CONTEXT):
        total = sum(vector, Decimal(0))
        if total == total:
            sum_.number += total
            sum_.figures += len(vector)
            return
        for fact in piece.facts(column):
            if fact.quantity.kind == Kind.NUMBER and fact.quantity.number is not None:
                sum_.number += fact.quantity.number
                sum_.figures += 1
            elif fact.quantity.kind not in (Kind.BLANK, Kind.NIL):
                sum_.unusable += 1


def _count(item: Outcome | Batch, subject: Subject, results: Results, told: dict[str, int]) -> None:
    """Keep what a reader needs, and count the rest."""
    if isinstance(item, Batch):
        results.counts[item.status] += len(item)
        return
    told[item.rule] = told.get(item.rule, 0) + 1
    if item.status in (Status.PASS, Status.TAIL, Status.NOT_APPLICABLE) or told[item.rule] > MOST_TOLD:
        results.counts[item.status] += 1
    else:
        results.add(subject.form, item)
