"""Which rows and columns add up: told by indents, ordinals, "of which", words for totals, and headings over columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable
from checker.authoring.propose.words import Words
from checker.model.form import ColumnKind

__all__ = ["Across", "Down", "across", "balances", "down", "wholes", "within"]

#: Why parts are taken to be parts, surest first. ``WHOLE``: by what they are, they are all of them; ``DIVIDED``: the
#: line above says by what the total is divided; ``KNOWN``: by what it is, the row is within the other.
FORMULA, NUMBERED, TOTAL, DIVIDED, WHOLE, PART, KNOWN = (
    "formula", "numbered", "total", "divided", "whole", "part", "known",
)  # fmt: skip


class Down(NamedTuple):
    """Rows that are parts of ``total``; ``how`` is why. Only where they are surely all of them do they add up to it.
    ``line`` is that of the row that says how the total is divided."""

    total: FoundRow
    parts: tuple[FoundRow, ...]
    how: str
    line: int = 0


class Across(NamedTuple):
    """Columns: ``total`` is the sum of ``parts`` less ``less``; with ``moves`` only where some of these is given: all
    but the first of the parts, and what is taken off."""

    total: FoundColumn
    parts: tuple[FoundColumn, ...]
    less: tuple[FoundColumn, ...] = ()
    moves: bool = False


class _Group(NamedTuple):
    """Rows below ``head`` that divide it in one way; ``line`` is that of the row that says in which."""

    head: FoundRow
    parts: list[FoundRow]
    how: str
    line: int


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
        of = _known(rows, words)
        yield from (Down(whole, (part,), KNOWN) for part, whole in of)
        below = _below(rows, words, ordinals, {id(part) for part, _ in of})
        for head, parts, how, line in below:
            if not head.empty and not any(part in said.get(head, ()) for part in parts) and (
                how in (PART, WHOLE, DIVIDED) or head not in said
            ):  # fmt: skip
                yield Down(head, tuple(parts), how, line)
        inner = {id(part) for group in below for part in group.parts} | {id(part) for part, _ in of}
        yield from _closing(rows, words, inner, {id(group.head) for group in below}, {*map(id, said)}, ordinals)


def _known(rows: Sequence[FoundRow], words: Words) -> list[tuple[FoundRow, FoundRow]]:
    """Rows that by what they are lie within another, and that one."""
    found: list[tuple[FoundRow, FoundRow]] = []
    for ending, wholes in words.data["within"].items():
        for part in rows:
            own = [row for row in rows if part.label.endswith(ending) and any(map(row.label.endswith, wholes))]
            found += [(part, row) for row in own[:1]]
    return found


def _below(rows: Sequence[FoundRow], words: Words, ordinals: _Ordinals, apart: set[int]) -> list[_Group]:
    """Rows that stand further in below a row, or are introduced as parts of it, breakdown by breakdown. ``apart`` are
    rows that belong elsewhere."""
    found: dict[tuple[int, int], _Group] = {}
    heads: list[tuple[float, FoundRow]] = []
    groups: dict[int, float] = {}  # how far in the first part stands, by the row that it is a part of
    breakdowns: dict[int, int] = {}  # how many there are, by the row that is divided
    before: FoundRow | None = None
    line = 0
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if _says_how(row, after, words):
            line = row.number
            continue
        part = words.data["part"] in row.text
        depth = _depth(row, words, ordinals)
        opened = next((at for at, (_, head) in enumerate(heads) if groups.get(id(head), -1.0) >= row.indent), None)
        if part and opened is not None:  # a second breakdown of the same row
            del heads[opened + 1 :]
            breakdowns[id(heads[-1][1])] = breakdowns.get(id(heads[-1][1]), 0) + 1
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
        if heads and id(row) not in apart:
            head = heads[-1][1]
            how = (
                PART if part else NUMBERED if ordinals.rank(row.text) else TOTAL if words.is_total(head.label) else PART
            )
            key = (id(head), breakdowns.get(id(head), 0))
            group = found.setdefault(key, _Group(head, [], how, line))
            group.parts.append(row)
            found[key] = group._replace(how=PART if PART in (how, group.how) else group.how)
        heads.append((depth, row))
        before, line = row, 0
    every = [group._replace(how=_surely(group, words)) for group in found.values()]
    return [group for group in every if group.how == PART or len(group.parts) > 1]


def _says_how(row: FoundRow, after: FoundRow | None, words: Words) -> bool:
    """Whether a row only says how what follows divides the total: parts follow, or another such row."""
    if after is None or not re.fullmatch(words.data["breakdown"], row.label):
        return False
    return words.data["part"] in after.text or bool(re.fullmatch(words.data["breakdown"], after.label))


def _surely(group: _Group, words: Words) -> str:
    """Why the parts of a group are parts: all of them where the sheet or the field says so."""
    if group.how != PART:
        return group.how
    if group.line and len(group.parts) > 1:
        return DIVIDED
    labels = [part.label for part in group.parts]
    for whole in words.data["wholes"]:
        if len(whole) == len(labels) and all(any(words.any_of(label, [word]) for label in labels) for word in whole):
            return WHOLE
    return PART


def _depth(row: FoundRow, words: Words, ordinals: _Ordinals) -> float:
    rank = ordinals.rank(row.text)
    if words.is_total(row.label) and not rank and words.data["part"] not in row.text:
        return 0.0
    return row.indent + rank / 10


def _closing(
    rows: Sequence[FoundRow], words: Words, inner: set[int], heads: set[int], known: set[int], ordinals: _Ordinals
) -> Iterator[Down]:
    """Totals below what they add up: the rows since the last total, for a grand total with the totals before it. A row
    that says how the same total is divided in another way ends what it adds up, and what follows begins anew. ``inner``
    are rows that are parts of others, ``heads`` those others, ``known`` totals whose formulas tell."""
    since: list[list[FoundRow]] = [[]]
    totals: list[FoundRow] = []
    for row in rows:
        numbered = ordinals.rank(row.text) > 0
        if words.is_total(row.label) and not numbered and id(row) not in inner and id(row) not in heads:
            grand = words.is_grand_total(row.label)
            for rest in since:
                parts = [*totals, *rest] if grand else rest
                if len(parts) > 1 and id(row) not in known:
                    yield Down(row, tuple(parts), TOTAL)
            totals, since = [] if grand else [row], [[]]
        elif re.fullmatch(words.data["breakdown"], row.label):
            since.append([])
        elif id(row) not in inner:
            since[-1].append(row)


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


def wholes(table: FoundTable, words: Words) -> Iterator[Across]:
    """A column that has the same word as columns under headings that by what they are make a whole."""
    trees = _trees([c for c in table.columns if c.kind in (ColumnKind.AMOUNT, ColumnKind.COUNT)])
    done: set[str] = set()
    for whole in sorted(words.data["wholes"], key=len, reverse=True):
        heads = [[tree for tree in trees if words.any_of(tree[0], [word])] for word in whole]
        if not all(len(found) == 1 for found in heads):
            continue
        for _, _, total in trees:
            if total is None or total.name in done:
                continue
            kin = [_leaf(found[0], total.label) for found in heads]
            if all(kin) and total not in kin:
                done.add(total.name)
                yield Across(total, tuple(column for column in kin if column is not None))


def _leaf(tree: Tree, label: str) -> FoundColumn | None:
    """The column of this word under a heading."""
    return next((leaf for _, _, leaf in tree[1] if leaf is not None and leaf.label == label), None)


def within(table: FoundTable, words: Words) -> Iterator[tuple[FoundColumn, FoundColumn]]:
    """Columns whose heading says that they are a part, with the nearest one before them that is not."""
    for block in table.blocks or [table.columns]:
        whole: FoundColumn | None = None
        for column in block:
            if column.kind not in (ColumnKind.AMOUNT, ColumnKind.COUNT):
                continue
            if not column.part:
                whole = column
            elif whole is not None and whole.kind == column.kind:
                yield whole, column


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
            yield Across(last, (first, plus), (minus,), spec.get("moves", False))
        for aspect in words.data["aspects"]:
            kin = [_aspect(tree, aspect, words) for tree in sides]
            if all(kin):
                first, plus, minus, last = (column for column in kin if column is not None)
                yield Across(last, (first, plus), (minus,), spec.get("moves", False))


def _aspect(tree: Tree, aspect: str, words: Words) -> FoundColumn | None:
    return next((_head(inner, words) for inner in tree[1] if inner[0].startswith(aspect)), None)
