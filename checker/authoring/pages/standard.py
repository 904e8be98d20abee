"""The page of a scoring standard: its criteria, how each gives marks, and the grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from checker.authoring.pages.blocks import Block, Cell, Fields, Grid, Inline, Link, Page, Section, plain
from checker.authoring.pages.lists import parameter_grid, source_text
from checker.messages import Text, tr
from checker.model.plugin import ScoreKind
from checker.model.rule import Pack, Parameter
from checker.model.scheme import Criterion, Scheme
from checker.packs.named import strings

__all__ = ["standard"]


def standard(scheme: Scheme, pack: Pack, key: str, ways: Mapping[str, ScoreKind]) -> Page:
    """The page of ``scheme``, which ``pack`` wrote. ``ways`` are the ways to give marks, by name."""
    sections = [
        Section(tr("About"), (Fields(tuple(_about(scheme, pack))),)),
        Section(tr("Criteria"), (_criteria(scheme, ways),)),
        *(_criterion(criterion, ways) for criterion in _every(scheme) if _terms(criterion)),
    ]
    if scheme.grades:
        rows = tuple((Cell(plain(grade.word)), Cell(_number(grade.lowest), "number")) for grade in scheme.grades)
        sections.insert(2, Section(tr("Grades"), (Grid(None, (tr("Grade"), tr("Lowest score")), rows),)))
    if named := _parameters(scheme, pack):
        sections.append(Section(tr("Parameters"), (parameter_grid(named),)))
    return Page(key, scheme.name, scheme.title, (), tuple(sections), group="scoring")


def _parameters(scheme: Scheme, pack: Pack) -> dict[str, tuple[Parameter, ...]]:
    """The parameters that the standard names."""
    texts = [scheme.total, *(grade.lowest for grade in scheme.grades)]
    for criterion in _every(scheme):
        texts += [criterion.full or "", *strings(criterion.terms)]
    return {text: pack.parameters[text] for text in dict.fromkeys(map(str, texts)) if text in pack.parameters}


def _about(scheme: Scheme, pack: Pack) -> Iterator[tuple[Text, tuple[Inline, ...]]]:
    yield tr("Rule pack"), (Link(pack.title, pack.id),)
    yield tr("Form"), (plain(scheme.form),)
    yield tr("Source"), (source_text(scheme.source),)
    yield tr("Full marks in all"), (_number(scheme.total),)
    yield tr("Where the unit states its scores"), (plain(" / ".join((scheme.claims.table, scheme.claims.claimed))),)


def _every(scheme: Scheme) -> tuple[Criterion, ...]:
    return scheme.criteria if scheme.others is None else (*scheme.criteria, scheme.others)


def _criteria(scheme: Scheme, ways: Mapping[str, ScoreKind]) -> Grid:
    head = (tr("Criterion"), tr("Below"), tr("Full marks"), tr("Way of scoring"), tr("Source"))
    rows = tuple(
        (
            Cell(plain(criterion.name) if criterion.name else tr("(all others)")),
            Cell(plain(criterion.under)),
            Cell(tr("those of the table") if criterion.full is None else _number(criterion.full), "number"),
            Cell(_way(criterion, ways)),
            Cell(source_text(criterion.source) if criterion.source else plain("")),
        )
        for criterion in _every(scheme)
    )
    return Grid(None, head, rows)


def _criterion(criterion: Criterion, ways: Mapping[str, ScoreKind]) -> Section:
    """How marks are given, in full."""
    fields: list[tuple[Text, tuple[Inline, ...]]] = [(tr("Way of scoring"), (_way(criterion, ways),))]
    grids: list[Block] = []
    for name, value in criterion.terms.items():
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            grids.append(_steps(name, value))
        else:
            fields.append((plain(name), (plain(_written(value)),)))
    for name, text in (("applies", criterion.applies), ("claimed", criterion.claimed), ("cap", criterion.cap)):
        if text:
            fields.append((plain(name), (plain(text),)))
    blocks = (Fields(tuple(fields)), *grids)
    return Section(plain(criterion.name) if criterion.name else tr("(all others)"), blocks)


def _steps(name: str, items: Sequence[Mapping[str, object]]) -> Grid:
    """A list of steps, bands or items, each with the same few terms."""
    keys = list(dict.fromkeys(key for item in items for key in item))
    rows = tuple(tuple(Cell(plain(_written(item[key]) if key in item else "")) for key in keys) for item in items)
    return Grid(plain(name), tuple(map(plain, keys)), rows)


def _terms(criterion: Criterion) -> bool:
    return bool(criterion.terms or criterion.applies or criterion.claimed or criterion.cap)


def _way(criterion: Criterion, ways: Mapping[str, ScoreKind]) -> Text:
    kind = ways.get(criterion.kind)
    return tr("{name}: {what}", name=criterion.kind, what=kind.doc) if kind and kind.doc.en else plain(criterion.kind)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_written(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " · ".join(_written(item) for item in value)
    return str(value)


def _number(value: Decimal | str) -> Text:
    return plain(f"{value:f}" if isinstance(value, Decimal) else value)
