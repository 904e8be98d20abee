"""Proposed rates: what formulas divide, what headings and notes say, and what the field knows a rate to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.authoring.propose.formulas import Said, quoted
from checker.authoring.propose.found import FoundColumn, FoundTable, Layout
from checker.authoring.propose.proposal import FORM, LIKELY, SURE, Place, Proposal, named
from checker.authoring.propose.words import Words
from checker.messages import Text, tr
from checker.model.form import ColumnKind
from checker.model.workbook import address

__all__ = ["rates", "rates_outside"]


def rates(table: FoundTable, said: Sequence[Said], words: Words) -> Iterator[Proposal]:
    """Columns of rates: what formulas divide, or the figures that their headings ask for."""
    done: set[str] = set()
    by_terms: dict[tuple[str, str], list[Said]] = {}
    for one in said:
        if one.kind == "ratio" and one.terms is not None:
            by_terms.setdefault((one.spot.column.name, one.terms), []).append(one)
    for (column, terms), every in by_terms.items():
        first = every[0]
        evidence = tr("formula {formula} in {cell}", formula=f"={first.formula}", cell=first.cell)
        done.add(column)
        shares = list(_shares(table, every, words, evidence))
        done.update(share.place[0][2] for share in shares)
        if shares:
            yield from shares
            continue
        upper, lower = (_plain(side.strip()) for side in terms.split("/"))
        several = table.layout == "closed" and sum(name == column for name, _ in by_terms) > 1
        rows = {"rows": [one.spot.row.name for one in every if one.spot.row is not None]} if several else {}
        check = {**_rowwise(table), **rows, "rate": f"[@{quoted(column)}]", "numerator": upper, "denominator": lower}
        place = tuple((s.table, s.row.name if s.row else "", s.column.name) for s in (first.spot, *first.takes))
        yield Proposal("rate", _title(check), check, evidence, SURE, place)
    for rate in table.columns:
        if rate.kind == ColumnKind.PERCENT and rate.name not in done:
            pair = _sides(rate, table, words)
            if pair is not None:
                evidence = tr(
                    "the heading “{heading}” in {cell} says so",
                    heading=rate.label,
                    cell=address(rate.line, rate.left),
                )
                yield _over(table, rate, *pair, evidence)


def _title(check: Mapping[str, Any]) -> Text:
    rate, upper, lower = (named(check[key]) for key in ("rate", "numerator", "denominator"))
    return tr("{rate} is {upper} over {lower}", rate=rate, upper=upper, lower=lower)


def _rowwise(table: FoundTable) -> dict[str, Any]:
    """A rule about each row; a rate that is left blank is not judged."""
    check: dict[str, Any] = {"kind": "rate", "table": table.name}
    if table.layout != "single":
        check["rows"] = "every" if table.layout == "open" and table.totals else "all"
    return check


def _plain(side: str) -> str:
    return side[1:-1] if side.startswith("(") and side.endswith(")") else side


def _shares(table: FoundTable, said: Sequence[Said], words: Words, evidence: Text) -> Iterator[Proposal]:
    """Shares of all, by their headings, of which the workbook works out only that of the total row: each row's figure
    over the total's; with the columns of the same heading beside it."""
    first = said[0]
    total, rate = first.spot.row, first.spot.column
    if len(said) > 1 or len(first.takes) != 2 or total is None or not words.is_total(total.name):
        return
    if not re.fullmatch(words.data["share"], rate.label) or any(spot.row is not total for spot in first.takes):
        return
    upper, lower = (spot.column for spot in first.takes)
    for column in table.columns:
        if column.label == rate.label:
            own = [c for c in table.columns if c.label == upper.label and c.above[:1] == column.above[:1]]
            if own:
                row = next((r.name for r in table.rows if r is not total), total.name)
                check = {
                    "kind": "rate",
                    "table": table.name,
                    "rows": "all",
                    "rate": f"[@{quoted(column.name)}]",
                    "numerator": f"[@{quoted(own[0].name)}]",
                    "denominator": f"{quoted(table.name)}[{quoted(total.name)}, {quoted(lower.name)}]",
                }
                why = tr(
                    "{evidence}, and the heading “{heading}” in {cell}",
                    evidence=evidence,
                    heading=column.label,
                    cell=address(column.line, column.left),
                )
                place = ((table, row, column.name), (table, row, own[0].name), (table, total.name, lower.name))
                yield Proposal("rate", _title(check), check, why, LIKELY, place)


def _sides(rate: FoundColumn, table: FoundTable, words: Words) -> tuple[FoundColumn, FoundColumn] | None:
    """The first pair of columns that a rate of this name is worked out from."""
    figures = [c for c in table.columns if c.is_figure and c.kind != ColumnKind.PERCENT]
    pairs: list[tuple[FoundColumn, FoundColumn]] = []
    for upper, lower in _pairs(rate.label, words)[1]:
        a = [c for c in figures if c.label.endswith(upper) and c.left < rate.left]
        b = [c for c in figures if c.label.endswith(lower) and c.left < rate.left]
        if a and b and a[-1] is not b[-1]:
            pairs.append((a[-1], b[-1]))
    return max(pairs, key=lambda pair: max(pair[0].left, pair[1].left), default=None)


def _pairs(label: str, words: Words) -> tuple[str, Sequence[tuple[str, str]]]:
    """What the name of a rate ends in, of the words that are known, and what such a rate may be over what."""
    known = max((word for word in words.data["rates"] if label.endswith(word)), key=len, default="")
    return known, words.data["rates"][known]["over"] if known else ()


def _over(
    table: FoundTable, rate: FoundColumn, upper: FoundColumn, lower: FoundColumn, evidence: Text
) -> Proposal:  # fmt: skip
    check: dict[str, Any] = {"kind": "rate", "table": table.name}
    check |= {"rows": "all"} if table.layout != "single" else {}
    check |= {
        "rate": f"[@{quoted(rate.name)}]",
        "numerator": f"[@{quoted(upper.name)}]",
        "denominator": f"[@{quoted(lower.name)}]",
    }
    row = table.rows[0].name if table.rows else ""
    place = tuple((table, row, c.name) for c in (rate, upper, lower))
    return Proposal("rate", _title(check), check, evidence, LIKELY, place)


def rates_outside(layout: Layout, words: Words) -> Iterator[Proposal]:
    """Rates that stand apart from the figures they are of, as fields or as rows of a table of rates: what a note says
    of them, or the rows that their names ask for."""
    stated: dict[str, tuple[str, str, Text]] = {}
    for cell, text in layout.notes:
        for found in re.finditer(words.data["stated_rate"], text):
            rate, upper, lower = (words.labels.normalise(part) for part in found.groups())
            stated[rate] = upper, lower, tr("the note in {cell} says {formula}", cell=cell, formula=found[0])
    for place, written, label, cell in _rates_apart(layout):
        evidence = tr("the label “{label}” in {cell} says so", label=label, cell=cell)
        ways: list[tuple[Place | None, Place | None, Text]] = []
        if label in stated:
            upper, lower, why = stated[label]
            ways.append((_figure(layout, upper), _figure(layout, lower), why))
        known, pairs = _pairs(label, words)
        stem = label.removesuffix(known) if known else ""
        ways += [(*_in_row(layout, stem, *pair), evidence) for pair in pairs if stem]
        ways += [(_figure(layout, upper), _figure(layout, lower), evidence) for upper, lower in pairs]
        over = next(((a, b, why) for a, b, why in ways if a is not None and b is not None and a != b), None)
        if over is not None:
            a, b, why = over
            check = {"kind": "rate", "rate": written, "numerator": _written(a), "denominator": _written(b)}
            title = tr("{rate} is {upper} over {lower}", rate=named(f"[{quoted(label)}]"),
                       upper=named(check["numerator"]), lower=named(check["denominator"]))  # fmt: skip
            yield Proposal("rate", title, check, why, LIKELY, (place, a, b))


def _rates_apart(layout: Layout) -> Iterator[tuple[Place, str, str, str]]:
    """Fields, and rows of tables that hold nothing but rates: where, how a formula names them, the label, its cell."""
    for table in layout.tables:
        if table.layout == "closed" and [c.kind for c in table.figures] == [ColumnKind.PERCENT]:
            column = table.figures[0].name
            for row in table.rows:
                place = (table, row.name, column)
                yield place, _written(place), row.label, address(row.number, row.left)
    outside = FoundTable(FORM, [], 0, 0, 0, layout="fields")
    for field in layout.fields:
        if field.kind == ColumnKind.PERCENT:
            yield (outside, "", field.name), f"{FORM}[{quoted(field.name)}]", field.label, field.cell


def _written(place: Place) -> str:
    table, row, column = place
    return f"{quoted(table.name)}[{quoted(row)}, {quoted(column)}]"


def _money(table: FoundTable) -> list[FoundColumn]:
    return [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)]


def _in_row(layout: Layout, label: str, upper: str, lower: str) -> tuple[Place | None, Place | None]:
    """Two columns of the row that the name of a rate begins with."""
    for table in layout.tables:
        for row in table.rows:
            if row.label == label:
                a, b = (next((c for c in _money(table) if c.label.endswith(word)), None) for word in (upper, lower))
                if a is not None and b is not None:
                    return (table, row.name, a.name), (table, row.name, b.name)
    return None, None


def _figure(layout: Layout, words: str) -> Place | None:
    """The figure that a name means: a row of a table, in the column that it ends in or the last of amounts."""
    rows = [(table, row, _money(table)) for table in layout.tables for row in table.rows if _money(table)]
    for table, row, amounts in rows:
        if row.label == words:
            return table, row.name, amounts[-1].name
    for table, row, amounts in rows:
        if words.endswith(row.label) or row.label.endswith(words):
            return table, row.name, amounts[-1].name
        rest = words.removeprefix(row.label)
        at = [c for c in amounts if rest != words and rest and c.label.endswith(rest)]
        if at:
            return table, row.name, at[0].name
    return None
