"""Which rows and columns add up: told by indents, ordinals, "of which", words for totals, and headings over columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable
from checker.authoring.propose.words import Words
from checker.model.form import ColumnKind

__all__ = ["Across", "Down", "across", "balances", "down"]

#: Why parts are taken to be parts, surest first.
FORMULA, NUMBERED, TOTAL, PART = "formula", "numbered", "total", "part"


class Down(NamedTuple):
    """Rows that are parts of ``total``; ``how`` is why. Only where they are surely all of them do they add up to it."""

    total: FoundRow
    parts: tuple[FoundRow, ...]
    how: str


class Across(NamedTuple):
    """Columns: ``total`` is the sum of ``parts`` less ``less``."""

    total: FoundColumn
    parts: tuple[FoundColumn, ...]
    less: tuple[FoundColumn, ...] = ()


class _Ordinals:
    """The rank of the ordinal that a label begins with: 1 for the outermost style, 0 for none."""

    def __init__(self, numerals: str) -> None:
        words = f"[{re.escape(numerals)}]{{1,4}}"
        self._styles: Final = [
            re.compile(rf"{words}\s*[\u3001.\uff0e]"),
            re.compile(rf"[(\uff08]{words}[)\uff09]"),
            re.compile(r"[0-9]{1,2}\s*[\u3001.\uff0e]"),
            re.compile(r"[(\uff08][0-9]{1,2}[)\uff09]"),
        ]

    def rank(self, text: str) -> int:
        return next((rank for rank, style in enumerate(self._styles, 1) if style.match(text.strip())), 0)


def down(table: FoundTable, words: Words, sums: Mapping[int, Sequence[int]]) -> Iterator[Down]:
    """Rows that are parts of others. ``sums`` are those that formulas say, lines of parts by the line of the total."""
    ordinals = _Ordinals("".join(words.data["sections"]))
    for block in sorted({row.block for row in table.rows}):
        rows = [row for row in table.rows if row.block == block]
        by_line = {row.number: row for row in rows}
        said = {by_line[t]: [by_line[n] for n in parts if n in by_line] for t, parts in sums.items() if t in by_line}
        yield from (Down(total, tuple(parts), FORMULA) for total, parts in said.items() if parts)
        known = {id(row) for row in said}
        below = _below(rows, words, ordinals)
        for head, parts, how in below:
            if id(head) not in known and not head.empty:
                yield Down(head, tuple(parts), how)
        yield from _closing(rows, words, below, known, ordinals)


def _below(rows: Sequence[FoundRow], words: Words, ordinals: _Ordinals) -> list[tuple[FoundRow, list[FoundRow], str]]:
    """Rows that stand further in below a row, or are introduced as parts of it."""
    found: dict[int, tuple[FoundRow, list[FoundRow], str]] = {}
    heads: list[tuple[float, FoundRow]] = []
    groups: dict[int, float] = {}  # how far in the first part stands, by the row that it is a part of
    for before, row in zip([None, *rows], rows, strict=False):
        part = words.data["part"] in row.text
        depth = _depth(row, words, ordinals)
        opened = next((at for at, (_, head) in enumerate(heads) if groups.get(id(head), -1.0) >= row.indent), None)
        if part and opened is not None:  # a second breakdown of the same row
            del heads[opened + 1 :]
        elif part and before is not None:
            while heads and heads[-1][1] is not before:
                heads.pop()
            groups[id(before)] = row.indent
        else:
            while heads and depth <= heads[-1][0]:
                heads.pop()
            if not ordinals.rank(row.text):  # beside the first part, wherever its words begin
                at = max((n for n, (_, head) in enumerate(heads) if id(head) in groups), default=len(heads))
                del heads[at + 1 :]
        if heads:
            head = heads[-1][1]
            how = (
                PART if part else NUMBERED if ordinals.rank(row.text) else TOTAL if words.is_total(head.label) else PART
            )
            _, parts, first = found.setdefault(id(head), (head, [], how))
            parts.append(row)
            found[id(head)] = (head, parts, PART if PART in (how, first) else first)
        heads.append((depth, row))
    return [entry for entry in found.values() if entry[2] == PART or len(entry[1]) > 1]


def _depth(row: FoundRow, words: Words, ordinals: _Ordinals) -> float:
    rank = ordinals.rank(row.text)
    if words.is_total(row.label) and not rank and words.data["part"] not in row.text:
        return 0.0
    return row.indent + rank / 10


def _closing(
    rows: Sequence[FoundRow],
    words: Words,
    below: Sequence[tuple[FoundRow, Sequence[FoundRow], str]],
    known: set[int],
    ordinals: _Ordinals,
) -> Iterator[Down]:
    """Totals below what they add up: the rows since the last total, for a grand total with the totals before it."""
    inner = {id(part) for _, parts, _ in below for part in parts}
    heads = {id(head) for head, _, _ in below}
    since: list[FoundRow] = []
    totals: list[FoundRow] = []
    for row in rows:
        numbered = ordinals.rank(row.text) > 0
        if words.is_total(row.label) and not numbered and id(row) not in inner and id(row) not in heads:
            parts = [*totals, *since] if words.is_grand_total(row.label) else since
            if len(parts) > 1 and id(row) not in known:
                yield Down(row, tuple(parts), TOTAL)
            totals, since = [row] if not words.is_grand_total(row.label) else [], []
        elif id(row) not in inner:
            since.append(row)


Tree = tuple[str, list["Tree"], FoundColumn | None]


def _trees(columns: Sequence[FoundColumn], depth: int = 0) -> list[Tree]:
    trees: list[Tree] = []
    for column in columns:
        if len(column.above) <= depth:
            trees.append((column.label, [], column))
        elif trees and trees[-1][2] is None and trees[-1][0] == column.above[depth]:
            trees[-1][1].append(("", [], column))
        else:
            trees.append((column.above[depth], [("", [], column)], None))
    return [
        (name, _trees([leaf for _, _, leaf in inner if leaf is not None], depth + 1) if own is None else [], own)
        for name, inner, own in trees
    ]


def across(table: FoundTable, words: Words) -> Iterator[Across]:
    """Columns headed as totals, with those beside them under the same heading."""
    block = [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER)]
    shared = len(block) > 0 and all(c.above[:1] == block[0].above[:1] and c.above for c in block)
    yield from _sums(_trees(block, 1 if shared and len(block[0].above) > 0 else 0), words)


def _sums(trees: Sequence[Tree], words: Words) -> Iterator[Across]:
    heads = [_head(tree, words) for tree in trees]
    whole = [column for column in heads if column is not None]
    if len(whole) == len(trees) and len(whole) > 2:
        for total in dict.fromkeys((whole[0], whole[-1])):
            if words.is_total(total.label) and (trees[whole.index(total)][2] is not None):
                yield Across(total, tuple(column for column in whole if column is not total))
                break
    for _, inner, own in trees:
        if own is None:
            yield from _sums(inner, words)


def _head(tree: Tree, words: Words) -> FoundColumn | None:
    """The column that stands for a heading: its total, or itself."""
    _, inner, own = tree
    if own is not None:
        return own
    leaves = [leaf for _, _, leaf in inner if leaf is not None]
    return next((leaf for leaf in leaves if words.is_total(leaf.label)), None)


def balances(table: FoundTable, words: Words) -> Iterator[Across]:
    """Closing is opening and what came in, less what went out; under the same headings also aspect by aspect."""
    block = [c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)]
    trees = _trees(block)
    for spec in words.data["balances"]:
        opening, more, less, closing = (
            [tree for tree in trees if words.any_of(tree[0], spec[key])]
            for key in ("opening", "more", "less", "closing")
        )
        if not (len(opening) == len(closing) == 1 and more and less):
            continue
        sides = (opening[0], more[0], less[0], closing[0])
        heads = [_head(tree, words) for tree in sides]
        if all(heads) and len({id(tree) for tree in sides}) == 4:
            first, plus, minus, last = (column for column in heads if column is not None)
            yield Across(last, (first, plus), (minus,))
        for aspect in words.data["aspects"]:
            kin = [_aspect(tree, aspect, words) for tree in sides]
            if all(kin):
                first, plus, minus, last = (column for column in kin if column is not None)
                yield Across(last, (first, plus), (minus,))


def _aspect(tree: Tree, aspect: str, words: Words) -> FoundColumn | None:
    return next((_head(inner, words) for inner in tree[1] if inner[0].startswith(aspect)), None)
