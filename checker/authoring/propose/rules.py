"""Proposed rules: each with its evidence, and with the cells of one place where it can be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from checker.authoring.propose import parts
from checker.authoring.propose.formulas import Said, quoted, sums_by_line
from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable, Layout
from checker.authoring.propose.words import Words
from checker.messages import Text, tr
from checker.model.form import ColumnKind
from checker.model.workbook import address, column_letters

__all__ = ["FORM", "SURE", "Proposal", "propose"]

#: Stands for the name of the form where a rule names a field of it; the name is given when the form has one.
FORM: Final = "@form"
SURE: Final = "sure"  # the workbook's own formula
LIKELY: Final = "likely"  # words and layout


class Proposal(NamedTuple):
    """A rule for a person to judge. ``slug`` is its English name, ``title`` what it says, ``check`` the mapping below
    ``check:``, ``evidence`` why a program thinks so, ``sure`` how sure it is. ``place`` are the cells in which it can
    be shown, the one that is judged first: table, row (empty: any row of an open table) and column."""

    slug: str
    title: Text
    check: Mapping[str, Any]
    evidence: Text
    sure: str
    place: tuple[tuple[FoundTable, str, str], ...]


def propose(layout: Layout, said: Sequence[Said], words: Words) -> list[Proposal]:
    """The rules that a sheet suggests; ``part_of`` of its rows is set on the way."""
    found: list[Proposal] = []
    for table in layout.tables:
        own = [one for one in said if one.spot.table is table]
        found += _rows(table, own, words)
        found += _columns(table, own, words)
        found += _rates(table, own, words)
        found += _others(table, own)
        found += _totals(table, own, words)
        found += _levels(table, words)
        found += _scores(table, words)
    found += _fields(layout, words)
    return found


def _fields(layout: Layout, words: Words) -> Iterator[Proposal]:
    """Rates that stand outside the tables: what a note says of them, or the rows that their names ask for."""
    stated: dict[str, tuple[str, str, Text]] = {}
    for cell, text in layout.notes:
        for found in re.finditer(words.data["stated_rate"], text):
            rate, upper, lower = (words.labels.normalise(part) for part in found.groups())
            stated[rate] = upper, lower, tr("the note in {cell} says {formula}", cell=cell, formula=found[0])
    for field in layout.fields:
        if field.kind != ColumnKind.PERCENT:
            continue
        evidence = tr("the label {label} in {cell} says so", label=field.label, cell=field.cell)
        known = max((word for word in words.data["rates"] if field.label.endswith(word)), key=len, default="")
        pairs = [(*pair, evidence) for pair in words.data["rates"].get(known, {}).get("over", ())]
        for upper, lower, why in [*([stated[field.label]] if field.label in stated else []), *pairs]:
            a, b = _figure(layout, upper), _figure(layout, lower)
            if a is not None and b is not None and a != b:
                yield _field_rate(layout, field.name, a, b, why)
                break


Figure = tuple[FoundTable, str, str]


def _figure(layout: Layout, words: str) -> Figure | None:
    """The figure that a name means: a row of a table, in the column that it ends in or the last of amounts."""
    for table in layout.tables:
        amounts = [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)]
        for row in table.rows if amounts else ():
            if words.endswith(row.label) or row.label.endswith(words):
                return table, row.name, amounts[-1].name
            if words.startswith(row.label):
                rest = words.removeprefix(row.label)
                named = [c for c in amounts if c.label.endswith(rest)]
                if named:
                    return table, row.name, named[0].name
    return None


def _field_rate(layout: Layout, field: str, upper: Figure, lower: Figure, evidence: Text) -> Proposal:
    sides = [f"{quoted(table.name)}[{quoted(row)}, {quoted(column)}]" for table, row, column in (upper, lower)]
    check = {"kind": "rate", "rate": f"{FORM}[{quoted(field)}]", "numerator": sides[0], "denominator": sides[1]}
    title = tr("{rate} is {upper} over {lower}", rate=field, upper=upper[1], lower=lower[1])
    outside = FoundTable(FORM, [], 0, 0, 0, layout="fields")
    return Proposal("rate", title, check, evidence, LIKELY, ((outside, "", field), upper, lower))


def _rows(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    if table.layout != "closed":
        return
    figures = [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT, ColumnKind.NUMBER)]
    names = [c.name for c in figures]
    if not names:
        return
    for down in parts.down(table, words, sums_by_line(said, table)):
        for part in down.parts:
            if down.total.name not in part.part_of and part is not down.total:
                part.part_of.append(down.total.name)
        listed = [part.name for part in down.parts]
        title = tr("{total} is the sum of its parts", total=down.total.name)
        lines = _lines(down.parts)
        own = [one for one in said if one.spot.number == down.total.number and one.kind == "sum"]
        if down.how == parts.FORMULA:
            said_for = [one for one in own if one.spot.column.name in names]
            only = list(dict.fromkeys(one.spot.column.name for one in said_for))
            evidence = tr("formula {formula} in {cell}", formula=f"={own[0].formula}", cell=own[0].cell)
            yield _sum(table, down, only or names, listed, title, evidence, SURE)
            if words.data["part"] in down.parts[0].text:
                said_part = tr("line {line} says that it is a part", line=down.parts[0].number)
                yield _within(table, down, only or names, listed, said_part)
        elif down.how == parts.PART:
            evidence = tr("the line says that it is a part, or stands further in ({lines})", lines=lines)
            yield _within(table, down, names, listed, evidence)
        else:
            evidence = (
                tr("lines {lines} are numbered below line {line}", lines=lines, line=down.total.number)
                if down.how == parts.NUMBERED
                else tr("line {line} is named as a total, of the lines {lines}", lines=lines, line=down.total.number)
            )
            yield _sum(table, down, names, listed, title, evidence, LIKELY)


def _lines(rows: Sequence[FoundRow]) -> str:
    numbers = [row.number for row in rows]
    whole = numbers == list(range(numbers[0], numbers[-1] + 1)) and len(numbers) > 2
    return f"{numbers[0]}–{numbers[-1]}" if whole else ", ".join(map(str, numbers))


def _sum(
    table: FoundTable, down: parts.Down, columns: list[str], listed: list[str], title: Text, evidence: Text, sure: str
) -> Proposal:
    check = {"kind": "sum", "table": table.name, "total": down.total.name, "columns": columns, "parts": listed}
    place = [(table, down.total.name, columns[0]), *((table, name, columns[0]) for name in listed)]
    return Proposal("sum", title, check, evidence, sure, tuple(place))


def _within(
    table: FoundTable, down: parts.Down, columns: list[str], listed: list[str], evidence: Text
) -> Proposal:  # fmt: skip
    title = tr("The parts of {total} are not greater than it", total=down.total.name)
    check = {"kind": "within", "table": table.name, "whole": down.total.name, "columns": columns, "parts": listed}
    place = ((table, listed[0], columns[0]), (table, down.total.name, columns[0]))
    return Proposal("within", title, check, evidence, LIKELY, place)


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
                "column {column} is headed as a total ({heading}) beside {parts}",
                column=column_letters(found.total.left),
                heading=found.total.label,
                parts=", ".join(column_letters(c.left) for c in found.parts),
            )
            yield _across(table, found, evidence, LIKELY)
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
    title = tr("{total} is the sum of its parts in each row", total=found.total.name)
    if found.less:
        check["less_columns"] = [column.name for column in found.less]
        title = tr("{total} is the opening balance and what came in, less what went out", total=found.total.name)
    row = table.rows[0].name if table.rows else ""
    place = [(table, row, c.name) for c in (found.total, *found.parts, *found.less)]
    return Proposal(slug, title, check, evidence, sure, tuple(place))


def _first_by_column(said: Iterator[Said]) -> Iterator[Said]:
    seen: set[tuple[str, tuple[str, ...], str]] = set()
    for one in said:
        key = (one.spot.column.name, tuple(spot.column.name for spot in one.takes), one.kind)
        if key not in seen and all(spot.number == one.spot.number for spot in one.takes):
            seen.add(key)
            yield one


def _rates(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    """Rates: what formulas divide, or the figures that their headings ask for."""
    done: set[str] = set()
    by_terms: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        if one.kind == "ratio" and one.terms is not None:
            by_terms.setdefault((one.spot.column.name, one.terms), []).append(one)
    for (column, terms), every in by_terms.items():
        first = every[0]
        upper, lower = (side.strip() for side in terms.split("/"))
        check: dict[str, Any] = {"kind": "rate", "table": table.name}
        if table.layout != "single":  # a rate that is left blank is not judged
            check["rows"] = "every" if table.layout == "open" and table.totals else "all"
        check |= {"rate": f"[@{quoted(column)}]", "numerator": _plain(upper), "denominator": _plain(lower)}
        done.add(column)
        evidence = tr("formula {formula} in {cell}", formula=f"={first.formula}", cell=first.cell)
        place = [first.spot, *first.takes]
        yield Proposal(
            "rate", tr("{rate} is {upper} over {lower}", rate=column, upper=_said(upper), lower=_said(lower)), check,
            evidence, SURE, tuple((s.table, s.row.name if s.row else "", s.column.name) for s in place),
        )  # fmt: skip
    for rate in table.columns:
        if rate.kind == ColumnKind.PERCENT and rate.name not in done:
            pair = _sides(rate, table, words)
            if pair is not None:
                yield _rate(table, rate, *pair)


def _plain(side: str) -> str:
    return side[1:-1] if side.startswith("(") and side.endswith(")") else side


def _said(side: str) -> str:
    return side.replace("[@", "").replace("[", " ").replace("]", "").replace("'", "").strip("() ")


def _sides(rate: FoundColumn, table: FoundTable, words: Words) -> tuple[FoundColumn, FoundColumn] | None:
    """The first pair of columns that a rate of this name is worked out from."""
    known = max((word for word in words.data["rates"] if rate.label.endswith(word)), key=len, default=None)
    if known is None:
        return None
    figures = [c for c in table.columns if c.is_figure and c.kind != ColumnKind.PERCENT]
    pairs: list[tuple[FoundColumn, FoundColumn]] = []
    for upper, lower in words.data["rates"][known]["over"]:
        a = [c for c in figures if c.label.endswith(upper) and c.left < rate.left]
        b = [c for c in figures if c.label.endswith(lower) and c.left < rate.left]
        if a and b and a[-1] is not b[-1]:
            pairs.append((a[-1], b[-1]))
    return max(pairs, key=lambda pair: max(pair[0].left, pair[1].left), default=None)


def _rate(table: FoundTable, rate: FoundColumn, upper: FoundColumn, lower: FoundColumn) -> Proposal:
    check: dict[str, Any] = {"kind": "rate", "table": table.name}
    check |= {"rows": "all"} if table.layout != "single" else {}
    check |= {
        "rate": f"[@{quoted(rate.name)}]",
        "numerator": f"[@{quoted(upper.name)}]",
        "denominator": f"[@{quoted(lower.name)}]",
    }
    evidence = tr("the heading {heading} in {cell} says so", heading=rate.label, cell=address(rate.line, rate.left))
    row = table.rows[0].name if table.rows else ""
    place = tuple((table, row, c.name) for c in (rate, upper, lower))
    title = tr("{rate} is {upper} over {lower}", rate=rate.name, upper=upper.name, lower=lower.name)
    return Proposal("rate", title, check, evidence, LIKELY, place)


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
        first = every[0]
        evidence = tr("formula {formula} in {cell}", formula=f"={first.formula}", cell=first.cell)
        place = tuple((s.table, s.row.name if s.row else "", s.column.name) for s in (first.spot, *first.takes))
        title = tr("{figure} is worked out as the workbook's own formula says", figure=column)
        check: dict[str, Any] = {"kind": "identity"}
        if "[@" in terms:
            rows = list(dict.fromkeys(one.spot.row.name for one in every if one.spot.row is not None))
            whole = table.layout != "closed" or len(rows) >= len(table.rows)
            check |= {"table": table.name, "rows": "all" if whole else rows}
            check["formula"] = f"[@{quoted(column)}] = {terms}"
        elif first.spot.row is not None:
            here = f"{quoted(table.name)}[{quoted(first.spot.row.name)}, {quoted(column)}]"
            check["formula"] = f"{here} = {terms}"
        else:
            continue
        check["blank"] = "zero"
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
        columns = list(dict.fromkeys(one.spot.column.name for one in own))
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
        "sum", tr("{total} is the sum of all rows", total=total.name), check, evidence, SURE if down else LIKELY, place
    )


def _has_levels(table: FoundTable, words: Words) -> bool:
    return any(words.levels_of(column.label) for column in table.columns)


def _levels(table: FoundTable, words: Words) -> Iterator[Proposal]:
    """Coded rows: each level is the sum of the level below."""
    code = next((c for c in table.columns if words.levels_of(c.label)), None)
    columns = [c.name for c in table.columns if c.kind == ColumnKind.AMOUNT]
    if table.layout != "open" or code is None or not columns:
        return
    check: dict[str, Any] = {"kind": "hierarchy", "table": table.name}
    if table.totals:
        check["total"] = table.totals[0].name
    evidence = tr("column {column} holds the codes of a classification", column=column_letters(code.left))
    place = ((table, table.totals[0].name if table.totals else "", columns[0]), (table, "", columns[0]))
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
