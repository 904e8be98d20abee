"""Proposals as the YAML that an author reads: evidence stands beside what it speaks for, as comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checker.authoring.propose.found import FoundColumn, FoundRow, FoundTable, Layout
from checker.authoring.propose.proposal import SURE, Proposal
from checker.authoring.propose.words import Words
from checker.messages import Text, tr
from checker.model.form import ColumnKind
from checker.model.workbook import address
from checker.packs.flow import flow

__all__ = ["Example", "key_of", "write_cases", "write_checks", "write_dropped", "write_form"]

Example = Mapping[str, Any]


def write_form(layout: Layout, name: str, words: Words, file: str, header: str, language: str) -> str:
    """The form file. ``file`` is the workbook it was read off, ``header`` its first line."""
    say = _Sayer(language)
    lines = [
        header,
        *say.comment(tr("Proposed from {file}: check it line by line against the official form.", file=file)),
    ]
    lines += [
        "schema: checker/form@1",
        f"form: {flow(name)}",
        f"title: {flow({'zh': layout.title, 'en': layout.title})}",
    ]
    lines += [_with(f"titles: {flow([layout.title])}", layout.title_cell)]
    lines += [f"sheets: {flow(list(dict.fromkeys([layout.sheet, layout.title])))}"]
    unit = layout.unit_cell or say(tr("stated nowhere: the usual one"))
    lines += [_with(f"unit: {flow(layout.unit)}", unit), "optional: true"]
    if layout.fields:
        lines.append("fields:")
        for one in layout.fields:
            what: dict[str, Any] = {"kind": one.kind, "optional": True}
            what |= {"unit": "%"} if one.kind == ColumnKind.PERCENT else {}
            what |= {"place": one.place} if one.place != "right" else {}
            what |= {"role": one.role} if one.role and not _role_taken(layout, one.name, one.role) else {}
            what |= _alias(one.name, one.label)
            lines.append(_with(f"  {flow(one.name)}: {flow(what)}", one.cell))
    if layout.tables:
        lines.append("tables:")
        for table in layout.tables:
            lines += _table(table, layout, words, say)
    return "\n".join(lines) + "\n"


def _role_taken(layout: Layout, name: str, role: str) -> bool:
    return next(field.name for field in layout.fields if field.role == role) != name


class _Sayer:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: Text) -> str:
        return text.render(self.language)

    def comment(self, text: Text) -> list[str]:
        return [f"# {line}" for line in self(text).split("\n")]


def _with(line: str, comment: str) -> str:
    return f"{line}  # {comment}" if comment else line


def _alias(name: str, label: str) -> dict[str, Any]:
    return {"aliases": [label]} if label != name else {}


def _table(table: FoundTable, layout: Layout, words: Words, say: _Sayer) -> Iterator[str]:
    where = say(tr("lines {first}–{last}", first=table.top, last=table.bottom))
    yield _with(f"  {flow(table.name)}:", where)
    if table.beside:
        yield f"    beside: {flow([table.beside])}"
    depth = max((len(c.above) for c in table.columns), default=0) + 1
    if depth > 1:
        yield f"    header_rows: {depth}"
    if table.heading or depth > 1:  # others print further lines of it
        yield f"    heading: {flow(list(dict.fromkeys([*table.heading, *words.data['heading']])))}"
    if table.side_by_side:
        yield "    side_by_side: true"
    if len(layout.tables) > 1:
        yield "    optional: true"
    yield "    columns:"
    key = key_of(table)
    unheaded = not any(c.kind == ColumnKind.LABEL for c in table.columns)
    if table.rows and unheaded:
        name = words.data["unnamed"]
        yield _with(f"      {name}: {{kind: label}}", say(tr("the column has no heading")))
    for column in table.columns:
        yield _column(column, table, key, words, say, layout)
    if table.layout == "closed":
        yield "    rows:"
        for row in table.rows:
            yield _row(row)
        for row in table.doubtful:
            said = tr("{label} in {cell} stands twice and nothing tells which: give it beside: or an alias",
                      label=row.label, cell=address(row.number, row.left))  # fmt: skip
            yield f"      # {say(said)}"
        if any(row.lists for row in table.rows):
            yield "    extra_rows: true"
        return
    yield f"    rows: {table.layout}"
    code = next((c for c in table.columns if words.levels_of(c.label)), None)
    if code is not None and table.layout == "open":
        lengths = words.levels_of(code.label)
        levels = {level: {"column": code.name, "length": int(length)} for level, length in lengths.items()}
        yield f"    levels: {flow(levels)}"
    if table.totals:
        yield "    totals:"
        for row in table.totals:
            yield _row(row)
    if table.layout == "open":
        yield f"    ends: {flow([word for word in words.data['ends'] if word not in _labels(table)])}"


def _labels(table: FoundTable) -> set[str]:
    return {column.label for column in table.columns}


def key_of(table: FoundTable) -> str:
    """The column that names the rows of an open table: the innermost of those that hold labels."""
    if table.layout != "open":
        return ""
    labels = [c for c in table.columns if c.kind in (ColumnKind.LABEL, ColumnKind.TEXT)]
    codes = [c for c in table.columns if c.kind == ColumnKind.CODE and c.label != c.word]
    figures = [c.left for c in table.columns if c.is_figure]
    before = [c for c in labels if not figures or c.left < min(figures)]
    named = [c for c in before if c.kind == ColumnKind.LABEL]
    chosen = codes[:1] or named[-1:] or before[-1:] or table.columns[:1]
    return chosen[0].name


def _column(
    column: FoundColumn, table: FoundTable, key: str, words: Words, say: _Sayer, layout: Layout
) -> str:  # fmt: skip
    kind = column.kind
    if kind == ColumnKind.LABEL and table.layout != "closed":
        kind = ColumnKind.TEXT
    if column.name == key and kind not in (ColumnKind.TEXT, ColumnKind.CODE):
        kind = ColumnKind.TEXT
    what: dict[str, Any] = {"kind": kind}
    if kind in (ColumnKind.AMOUNT, ColumnKind.SCORE) and column.decimals is not None:
        what["decimals"] = column.decimals
    if column.unit and kind == ColumnKind.AMOUNT:
        what["unit"] = column.unit
    if kind == ColumnKind.PERCENT:
        what["unit"] = "%"
    if column.name == key:
        what["key"] = True
    labels = [c.name for c in table.columns if c.kind == ColumnKind.LABEL]
    if kind == ColumnKind.LABEL and len(labels) > 1:  # the last names the rows, those before it groups of them
        what |= {"key": True} if column.name == labels[-1] else {"fill": "down"}
    if column.label in words.data["fill"] and table.layout == "open":
        what["fill"] = "down"
    if kind in (ColumnKind.TEXT, ColumnKind.CODE) and column.name != key:
        what["optional"] = True
    alone = kind == ColumnKind.CODE and sum(c.label == column.label for t in layout.tables for c in t.columns) == 1
    if column.above and not alone and not table.side_by_side:
        what["under"] = [_above(column, table)]
    aliases = [word for word in dict.fromkeys((column.label, *words.same_as(column.label))) if word != column.name]
    what |= {"aliases": aliases} if aliases else {}
    said = address(column.line, column.left)
    if column.word and column.word != column.label:
        said += " " + say(tr("“{word}”", word=column.word))
    return _with(f"      {flow(column.name)}: {flow(what)}", said)


def _above(column: FoundColumn, table: FoundTable) -> str:
    """The heading above a column that tells it from others of its word: the nearest one, or the uppermost."""
    nearest = column.above[-1]
    same = [c for c in table.columns if c.label == column.label and c.above and c.above[-1] == nearest]
    return nearest if len(same) < 2 else column.above[0]


def _row(row: FoundRow) -> str:
    what: dict[str, Any] = {}
    if row.part_of:
        what["part_of"] = row.part_of
    if row.lists:
        what["lists"] = True
    if row.total:
        what["total"] = True
    else:
        what["optional"] = True
    if row.beside and row.name != row.label:
        what["beside"] = [row.beside]
    what |= _alias(row.name, row.label)
    return _with(f"      {flow(row.name)}: {flow(what)}", address(row.number, row.left))


def write_checks(
    name: str,
    prefix: str,
    kept: Sequence[tuple[int, Proposal]],
    dropped: Sequence[Text],
    names: Mapping[int, str],
    source: str,
    header: str,
    language: str,
) -> str:
    """The rules file: those that are ``kept``, and as comments what is said of those that were ``dropped``."""
    say = _Sayer(language)
    lines = [header]
    lines += say.comment(
        tr(
            "Proposed by a program: each rule waits for you. Keep what is right: set status to sourced and name the "
            "document; delete what is not, with its cases."
        )
    )
    lines += ["schema: checker/checks@1", f"form: {flow(name)}", "rules:"]
    for number, one in kept:
        sure = say(
            tr("sure: the workbook's own formula") if one.sure == SURE else tr("likely: judged by words and layout")
        )
        lines += [f"  # {say(tr('Evidence: '))}{say(one.evidence)}", f"  # {say(tr('How sure: '))}{sure}"]
        lines += [
            f"  - id: {prefix}-{number:04d}",
            f"    name: {names[number]}",
            f"    title: {flow({'zh': one.title.zh, 'en': one.title.en})}",
            f"    severity: {'error' if one.sure == SURE else 'warning'}",
            f"    source: {flow({'document': source, 'status': 'unverified'})}",
            "    x-proposed: true",
            f"    message: {flow(_message(one))}",
            f"    check: {flow(dict(one.check))}",
        ]
    return "\n".join(lines) + "\n" + write_dropped(dropped, language)


def write_dropped(dropped: Sequence[Text], language: str) -> str:
    """What is said of rules that were not kept, as comments."""
    return "".join(f"# {text.render(language)}\n" for text in dropped)


def _message(one: Proposal) -> dict[str, str]:
    text = (
        tr("{{cell}} {{label}} is {{left}} and should not be above {{right}}")
        if one.check["kind"] in ("within", "inequality")
        else tr("{{cell}} {{label}} is {{left}}; worked out it is {{right}}, a difference of {{difference}}")
    ).fill()
    return {"zh": text.zh, "en": text.en}


def write_cases(name: str, cases: Sequence[Example], header: str, language: str) -> str:
    lines = [header, *_Sayer(language).comment(tr("Examples with made-up figures; what comes of each was worked out."))]
    lines += [
        "schema: checker/cases@1",
        f"form: {flow(name)}",
        "cases:",
        *(f"  - {flow(dict(case))}" for case in cases),
    ]
    return "\n".join(lines) + "\n"
