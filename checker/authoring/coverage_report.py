"""Coverage as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from checker.authoring.coverage import Coverage, Guard, InputCell
from checker.messages import Text, tr
from checker.reports.layout import BOLD, pad, width
from checker.reports.page import Page

__all__ = ["document", "text"]

#: So many places are listed of each kind of slip, unless all are asked for.
_MOST: Final = 10


def text(found: Sequence[Coverage], page: Page, *, all_places: bool = False) -> str:
    """For people: what is guarded form by form, cells that are not, and slips that nobody notices."""
    return "\n".join(line for one in found for line in (*_pack(one, page, all_places), "")) + "\n"


def _pack(one: Coverage, page: Page, all_places: bool) -> Iterator[str]:
    yield page.paint(f"{one.pack.id}  {page.say(one.pack.title)}", BOLD)
    yield "  " + page.say(tr("Input cells guarded, weighted: {share}", share=_share(one.cells)))
    yield from _table(_forms(one, page), 4)
    for form in one.lost:
        yield "    " + page.say(tr("{form}: not recognised as drawn, nothing is known of its cells.", form=form))
    for guard, title in ((Guard.NONE, tr("No rule looks at:")), (Guard.ALONE, tr("Compared with nothing else:"))):
        lines = [*_cells([cell for cell in one.cells if cell.guard == guard], page)]
        if lines:
            yield "  " + page.say(title)
            yield from lines
    yield "  " + page.say(
        tr(
            "Slips noticed: {share} (in {samples} samples; {figures} of {typed} figures moved one at a time)",
            share=_percent(sum(slips.noticed for slips in one.slips), sum(slips.tried for slips in one.slips)),
            samples=one.samples,
            figures=one.figures,
            typed=one.typed,
        )
    )
    names = _names()
    rows = [[page.say(head) for head in (tr("Slip"), tr("tried"), tr("noticed"), tr("share"))]]
    for slips in one.slips:
        share = _percent(slips.noticed, slips.tried)
        rows.append([page.say(names[slips.mutation]), str(slips.tried), str(slips.noticed), share])
    yield from _table(rows, 4)
    for slips in one.slips:
        if slips.missed:
            yield "  " + page.say(tr("Nobody notices: {slip}", slip=names[slips.mutation]))
            shown = slips.missed if all_places else slips.missed[:_MOST]
            for place in shown:
                yield from page.lines(page.quote(place), "- ", 4)
            if len(slips.missed) > len(shown):
                yield "    " + page.say(tr("… and {count} more (--all)", count=len(slips.missed) - len(shown)))


def _forms(one: Coverage, page: Page) -> list[list[str]]:
    heads = (tr("Form"), tr("input cells"), tr("compared"), tr("alone"), tr("not at all"), tr("weighted"))
    rows = [[page.say(head) for head in heads]]
    for form in dict.fromkeys(cell.spot.form for cell in one.cells):
        cells = [cell for cell in one.cells if cell.spot.form == form]
        counts = [str(sum(cell.guard == guard for cell in cells)) for guard in Guard.ORDER]
        rows.append([form, str(len(cells)), *counts, _share(cells)])
    return rows


def _cells(cells: Sequence[InputCell], page: Page) -> Iterator[str]:
    """One line per column of a table, the heaviest first, with its rows."""
    columns: dict[tuple[str, str, str], list[InputCell]] = {}
    for cell in cells:
        columns.setdefault((cell.spot.form, cell.spot.table, cell.spot.column), []).append(cell)
    for (form, table, column), found in sorted(columns.items(), key=lambda item: -item[1][0].weight):
        rows = page.joined(cell.spot.row for cell in found if cell.spot.row not in ("", "*"))
        name = " / ".join(part for part in (form, table, column) if part)
        yield from page.lines(name + (page.brackets(rows) if rows else ""), "- ", 4)


def _table(rows: Sequence[Sequence[str]], indent: int) -> Iterator[str]:
    """Words at the left, figures at the right of their columns."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        figures = [" " * (size - width(cell)) + cell for cell, size in zip(rest, widths[1:], strict=True)]
        yield " " * indent + "  ".join([pad(first, widths[0]), *figures])


def _names() -> dict[str, Text]:
    return {
        "last_place": tr("one last place more"),
        "hundred_places": tr("a hundred last places more"),
        "swap": tr("exchanged with its neighbour"),
        "tenfold": tr("tenfold"),
        "ten_thousandfold": tr("ten thousandfold"),
        "sign": tr("wrong sign"),
        "blank": tr("left out"),
    }


def _share(cells: Sequence[InputCell]) -> str:
    """The weighted share of cells that rules compare with others."""
    guarded = sum(cell.weight for cell in cells if cell.guard == Guard.COMPARED)
    return _percent(guarded, sum(cell.weight for cell in cells))


def _percent(part: int, whole: int) -> str:
    """Rounded down: only all is 100%."""
    if not whole:
        return "-"
    return f"{(Decimal(part * 100) / whole).quantize(Decimal('0.1'), ROUND_FLOOR)}%"


def document(found: Sequence[Coverage]) -> dict[str, Any]:
    """For programs."""
    return {
        "schema": "checker/rules-coverage@1",
        "packs": [
            {
                "pack": one.pack.id,
                "edition": one.pack.edition,
                "digest": one.pack.digest,
                "guarded": _share(one.cells),
                "noticed": _percent(sum(slips.noticed for slips in one.slips), sum(slips.tried for slips in one.slips)),
                "samples": one.samples,
                "figures": one.figures,
                "typed": one.typed,
                "unrecognised": list(one.lost),
                "cells": [
                    {**cell.spot._asdict(), "kind": cell.kind, "weight": cell.weight, "guard": cell.guard}
                    for cell in one.cells
                ],
                "slips": [slips._asdict() for slips in one.slips],
            }
            for one in found
        ],
    }
