"""Proposed rules: each with its evidence, and with the cells of one place where it can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from checker.authoring.propose import parts
from checker.authoring.propose.formulas import Said, quoted, sums_by_line
from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable, Layout
from checker.authoring.propose.proposal import LIKELY, LISTED, SURE, Proposal, enumerated, named
from checker.authoring.propose.rates import rates, rates_outside
from checker.authoring.propose.words import Words
from checker.messages import Text, tr
from checker.model.form import ColumnKind
from checker.model.workbook import address, column_letters

__all__ = ["propose"]

#: So many parts are named in a title.
_NAMED: Final = 3
#: A formula that adds and takes off, and nothing else.
_LINEAR: Final = re.compile(r"(SUM\(|\$?[A-Z]{1,3}\$?[0-9]+|[-+:,() ])+")


def propose(layout: Layout, said: Sequence[Said], words: Words) -> list[Proposal]:
    """The rules that a sheet suggests; ``part_of`` of its rows is set on the way."""
    found: list[Proposal] = []
    for table in layout.tables:
        own = [one for one in said if one.spot.table is table]
        found += _rows(table, own, words)
        found += _columns(table, own, words)
        found += rates(table, own, words)
        found += _others(table, own)
        found += _totals(table, own, words)
        found += _levels(table, words)
        found += _scores(table, words)
    found += rates_outside(layout, words)
    return found


def _rows(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    if table.layout != "closed":
        return
    figures = [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT, ColumnKind.NUMBER)]
    names = [c.name for c in figures]
    if not names:
        return
    divided: set[str] = set()
    for down in parts.down(table, words, sums_by_line(said, table)):
        if down.how != parts.KNOWN and down.total.name not in divided:  # a row is part of the first breakdown
            divided.add(down.total.name)
            for part in down.parts:
                if part is not down.total:
                    part.part_of.append(down.total.name)
        own = [one for one in said if one.spot.number == down.total.number and one.kind == "sum"]
        columns = names
        if down.how == parts.FORMULA:
            columns = list(dict.fromkeys(one.spot.column.name for one in own if one.spot.column.name in names)) or names
            evidence = tr("formula {formula} in {cell}", formula=f"={own[0].formula}", cell=own[0].cell)
            yield _sum(table, down, columns, evidence, SURE)
        elif down.how in (parts.NUMBERED, parts.TOTAL, parts.WHOLE, parts.DIVIDED):
            yield _sum(table, down, columns, _why(down), LIKELY)
        unsigned = [c.name for c in figures if c.name in columns and not words.is_signed(c.label)]
        if down.how in (parts.PART, parts.KNOWN):
            yield from _within(table, down, unsigned, _why(down))
        elif down.how not in (parts.NUMBERED, parts.TOTAL) and words.data["part"] in down.parts[0].text:
            said_part = tr("line {line} says that it is a part", line=down.parts[0].number)
            yield from _within(table, down, unsigned, said_part)
    for row in table.rows:
        if row.lists:
            yield _listed(table, row, names)


def _why(down: parts.Down) -> Text:
    lines, line = _lines(down.parts), down.total.number
    return {
        parts.NUMBERED: tr("lines {lines} are numbered below line {line}", lines=lines, line=line),
        parts.TOTAL: tr("line {line} is named as a total, of the lines {lines}", lines=lines, line=line),
        parts.DIVIDED: tr("line {line} says how the total is divided: lines {lines}", lines=lines, line=down.line),
        parts.WHOLE: tr("lines {lines} together make line {line}, by what they are", lines=lines, line=line),
        parts.PART: tr("the line says that it is a part, or stands further in ({lines})", lines=lines),
        parts.KNOWN: tr("line {lines} is a part of line {line}, by what it is", lines=lines, line=line),
    }[down.how]


def _listed(table: FoundTable, row: FoundRow, columns: list[str]) -> Proposal:
    """A row with its parts listed below it, under names that nobody knows beforehand."""
    check = {"kind": "sum", "table": table.name, "total": row.name, "columns": columns}
    evidence = tr("the label in {cell} says that its parts are listed below it, a row each",
                  cell=address(row.number, row.left))  # fmt: skip
    title = tr("“{total}” is the sum of the rows listed below it", total=row.name)
    place = ((table, row.name, columns[0]), (table, LISTED, columns[0]))
    return Proposal("sum", title, check, evidence, LIKELY, place)


def _lines(rows: Sequence[FoundRow]) -> str:
    numbers = [row.number for row in rows]
    whole = numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2
    return f"{numbers[0]}–{numbers[-1]}" if whole else ", ".join(map(str, numbers))


def _sum(table: FoundTable, down: parts.Down, columns: list[str], evidence: Text, sure: str) -> Proposal:
    listed = [part.name for part in down.parts]
    check = {"kind": "sum", "table": table.name, "total": down.total.name, "columns": columns, "parts": listed}
    title = (
        tr("“{total}” is the sum of {parts}", total=down.total.name, parts=enumerated(listed))
        if len(listed) <= _NAMED
        else tr("“{total}” is the sum of its parts", total=down.total.name)
    )
    place = [(table, down.total.name, columns[0]), *((table, name, columns[0]) for name in listed)]
    return Proposal("sum", title, check, evidence, sure, tuple(place))


def _within(table: FoundTable, down: parts.Down, columns: list[str], evidence: Text) -> Iterator[Proposal]:
    if not columns:
        return
    listed = [part.name for part in down.parts]
    check = {"kind": "within", "table": table.name, "whole": down.total.name, "columns": columns, "parts": listed}
    title = (
        tr("“{total}” is not less than {parts}", total=down.total.name, parts=enumerated(listed))
        if len(listed) <= _NAMED
        else tr("The parts of “{total}” are not greater than it", total=down.total.name)
    )
    place = ((table, listed[0], columns[0]), (table, down.total.name, columns[0]))
    yield Proposal("within", title, check, evidence, LIKELY, place)


def _columns(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    """Sums across a row: by formula, by headings, and what is carried over."""
    done: set[tuple[str, ...]] = set()
    for one in _first_by_column(one for one in said if one.kind == "sum"):
        total = one.spot.column
        if all(spot.table is table and spot.number == one.spot.number for spot in one.takes) and len(one.takes) > 1:
            columns = [spot.column for spot in one.takes]
            evidence = tr("formula {formula} in {cell}", formula=f"={one.formula}", cell=one.cell)
            done.add((total.name, *sorted(column.name for column in columns)))
            yield _across(table, parts.Across(total, tuple(columns)), evidence, SURE)
    for found in parts.across(table, words):
        if (found.total.name, *sorted(column.name for column in found.parts)) not in done:
            evidence = tr(
                "column {column} is headed as a total (“{heading}”) beside {parts}",
                column=column_letters(found.total.left),
                heading=found.total.label,
                parts=", ".join(column_letters(c.left) for c in found.parts),
            )
            done.add((found.total.name, *sorted(column.name for column in found.parts)))
            yield _across(table, found, evidence, LIKELY)
    for found in parts.wholes(table, words):
        if (found.total.name, *sorted(column.name for column in found.parts)) not in done:
            columns_of = ", ".join(column_letters(c.left) for c in found.parts)
            evidence = tr("columns {columns} together make column {column}, by what they are",
                          columns=columns_of, column=column_letters(found.total.left))  # fmt: skip
            yield _across(table, found, evidence, LIKELY)
    for whole, part in parts.within(table, words):
        yield _part_column(table, whole, part, said)
    for found in parts.balances(table, words):
        taken = (*found.parts, *found.less)
        evidence = tr(
            "headings of an opening and a closing balance: columns {columns}",
            columns=", ".join(column_letters(c.left) for c in (*taken, found.total)),
        )
        yield _across(table, found, evidence, LIKELY, "balance")


def _across(table: FoundTable, found: parts.Across, evidence: Text, sure: str, slug: str = "row-sum") -> Proposal:
    check: dict[str, Any] = {"kind": "sum", "table": table.name}
    if table.layout == "open" and table.totals:
        check["rows"] = "every"
    check["total_column"] = found.total.name
    check["part_columns"] = [column.name for column in found.parts]
    title = tr("“{total}” is the sum of its parts in each row", total=found.total.name)
    if found.less:
        check["less_columns"] = [column.name for column in found.less]
        if found.moves:
            moved = (f"NOT(ISBLANK([@{quoted(column.name)}]))" for column in (*found.parts[1:], *found.less))
            check["when"] = f"OR({', '.join(moved)})"
        title = tr("“{total}” is the opening balance and what came in, less what went out", total=found.total.name)
    row = table.rows[0].name if table.rows else ""
    place = [(table, row, c.name) for c in (found.total, *found.parts, *found.less)]
    return Proposal(slug, title, check, evidence, sure, tuple(place))


def _part_column(
    table: FoundTable, whole: FoundColumn, part: FoundColumn, said: Sequence[Said]
) -> Proposal:  # fmt: skip
    """A column that is a part of another; rows of differences, which may be negative, left out."""
    signed: set[int] = set()
    for one in said:
        if one.spot.column in (whole, part) and ("-" in one.formula or signed & {spot.number for spot in one.takes}):
            signed.add(one.spot.number)
    rows: Any = "every" if table.layout == "open" and table.totals else "all"
    unsigned = [row.name for row in table.rows if row.number not in signed]
    if signed and table.layout == "closed":
        rows = unsigned
    check = {"kind": "within", "table": table.name, "rows": rows, "whole_column": whole.name,
             "part_columns": [part.name]}  # fmt: skip
    evidence = tr("the heading in {cell} says that it is a part", cell=address(part.line, part.left))
    title = tr("“{part}” is not greater than “{whole}”", part=part.name, whole=whole.name)
    row = unsigned[0] if table.rows else ""
    return Proposal("within", title, check, evidence, LIKELY, ((table, row, part.name), (table, row, whole.name)))


def _first_by_column(said: Iterator[Said]) -> Iterator[Said]:
    seen: set[tuple[str, tuple[str, ...], str]] = set()
    for one in said:
        key = (one.spot.column.name, tuple(spot.column.name for spot in one.takes), one.kind)
        if key not in seen and all(spot.number == one.spot.number for spot in one.takes):
            seen.add(key)
            yield one


def _others(table: FoundTable, said: Sequence[Said]) -> Iterator[Proposal]:
    """Formulas of any other shape, once each."""
    grouped: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        same_row = all(spot.number == one.spot.number and spot.table is table for spot in one.takes)
        across_or_down = one.kind == "sum" and (
            same_row or all(s.column.name == one.spot.column.name for s in one.takes)
        )
        listed = one.kind == "sum" and across_or_down and all(s.table is table for s in one.takes)
        if one.kind != "ratio" and not listed and one.terms is not None and one.takes:
            grouped.setdefault((one.spot.column.name, one.terms), []).append(one)
    for (column, terms), every in grouped.items():
        first = next((one for one in every if one.spot.row is None), every[0])
        evidence = tr("formula {formula} in {cell}", formula=f"={first.formula}", cell=first.cell)
        place = tuple((s.table, s.row.name if s.row else "", s.column.name) for s in (first.spot, *first.takes))
        check: dict[str, Any] = {"kind": "identity"}
        if "[@" in terms:
            rows = list(dict.fromkeys(one.spot.row.name for one in every if one.spot.row is not None))
            if table.layout != "closed":
                check |= {"table": table.name, "rows": "every" if rows and first.spot.row is None else "all"}
            else:
                check |= {"table": table.name, "rows": "all" if len(rows) >= len(table.rows) else rows}
            check["formula"] = f"[@{quoted(column)}] = {terms}"
        elif first.spot.row is not None:
            here = f"{quoted(table.name)}[{quoted(first.spot.row.name)}, {quoted(column)}]"
            check["formula"] = f"{here} = {terms}"
        else:
            continue
        check["blank"] = "zero"
        left, right = (named(side) for side in check["formula"].split(" = ", 1))
        title = (
            tr("{left} is {right}", left=left, right=right)
            if not re.search(r"[A-Z]\(", terms)
            else tr("{figure} is worked out as the workbook's own formula says", figure=left)
        )
        yield Proposal("identity", title, check, evidence, SURE, place)


def _totals(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    """The total row of an open table."""
    if table.layout != "open" or len(table.totals) != 1 or _has_levels(table, words):
        return
    total = table.totals[0]
    columns = [c.name for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)]
    own = [one for one in said if one.spot.row is total and one.kind == "sum"]
    down = [one for one in own if all(s.table is table and s.column.name == one.spot.column.name for s in one.takes)]
    if down:
        added = _added_up(total, said)
        columns = [c.name for c in table.columns if c.name in added]
    if not columns:
        return
    evidence = (
        tr("formula {formula} in {cell}", formula=f"={down[0].formula}", cell=down[0].cell)
        if down
        else tr("line {line} is named as a total", line=total.number)
    )
    check = {"kind": "sum", "table": table.name, "total": total.name, "columns": columns}
    place = ((table, total.name, columns[0]), (table, "", columns[0]))
    yield Proposal(
        "sum",
        tr("“{total}” is the sum of all rows", total=total.name),
        check,
        evidence,
        SURE if down else LIKELY,
        place,
    )


def _added_up(total: FoundRow, said: Sequence[Said]) -> set[str]:
    """Columns whose figure in the total row is the sum of the rows: by its formula, or because it is worked out of such
    figures by adding and taking off, as in every row."""
    own = [one for one in said if one.spot.row is total]
    found: set[str] = set()
    while True:
        more = {
            one.spot.column.name
            for one in own
            if (one.kind == "sum" and all(spot.column == one.spot.column for spot in one.takes))
            or (_LINEAR.fullmatch(one.formula) and all(s.row is total and s.column.name in found for s in one.takes))
        }
        if more <= found:
            return found
        found |= more


def _has_levels(table: FoundTable, words: Words) -> bool:
    return any(words.levels_of(column.label) for column in table.columns)


def _levels(table: FoundTable, words: Words) -> Iterator[Proposal]:
    """Coded rows: each level is the sum of the level below."""
    code = next((c for c in table.columns if words.levels_of(c.label)), None)
    columns = [c.name for c in table.columns if c.kind == ColumnKind.AMOUNT]
    if table.layout != "open" or code is None or not columns:
        return
    check: dict[str, Any] = {"kind": "hierarchy", "table": table.name}
    if len(table.totals) == 1:  # of several each is the total of some classes
        check["total"] = table.totals[0].name
    evidence = tr("column {column} holds the codes of a classification", column=column_letters(code.left))
    total = check.get("total", "")
    place = ((table, total, columns[0]), (table, "" if total else LISTED, columns[0]))
    yield Proposal("levels", tr("Each level is the sum of the level below it"), check, evidence, LIKELY, place)


def _scores(table: FoundTable, words: Words) -> Iterator[Proposal]:
    """Marks are not above full marks; full marks add up to the usual total."""
    weight = [c for c in table.columns if c.kind == ColumnKind.WEIGHT]
    score = [c for c in table.columns if c.kind == ColumnKind.SCORE]
    if len(weight) != 1 or len(score) != 1 or table.layout == "single":
        return
    formula = f"[@{quoted(score[0].name)}] <= [@{quoted(weight[0].name)}]"
    row = table.rows[0].name if table.rows else ""
    cells = ", ".join(address(c.line, c.left) for c in (weight[0], score[0]))
    evidence = tr("headings of full marks and of marks: {cells}", cells=cells)
    yield Proposal(
        "score-within", tr("Marks are not above full marks"),
        {"kind": "inequality", "table": table.name, "rows": "all", "formula": formula}, evidence, LIKELY,
        ((table, row, score[0].name), (table, row, weight[0].name)),
    )  # fmt: skip
    if table.layout == "open" and table.totals:
        total = table.totals[0].name
        here = f"{quoted(table.name)}[{quoted(total)}, {quoted(weight[0].name)}]"
        full = words.data["full_marks"]
        evidence = tr("heading of full marks in {cell}, and the usual {marks}", cell=cells.split(",")[0], marks=full)
        yield Proposal(
            "full-marks", tr("Full marks add up to {marks}", marks=full),
            {"kind": "identity", "formula": f"{here} = {full}"}, evidence, LIKELY, ((table, total, weight[0].name),),
        )  # fmt: skip
