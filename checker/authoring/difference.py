"""What differs between two editions of rules, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple, TypeVar

from checker.authoring.editions import Edition, Pair, paired
from checker.authoring.pages.lists import source_text
from checker.messages import Text
from checker.model.form import Form, Table
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Parameter, Rule
from checker.model.scheme import Criterion, Scheme
from checker.packs.named import parameters_of
from checker.reports.figures import shown
from checker.reports.rules import written

__all__ = ["Change", "Difference", "Item", "PackDifference", "compare", "rule_pairs"]

T = TypeVar("T")
_Owned = TypeVar("_Owned", Form, Scheme)

#: Parts of a rule that are told as they stand.
_PLAIN: Final = (
    "name", "form", "severity", "title", "message", "remedy", "rationale",
    "since", "until", "region", "catalogue", "follows", "explain",
)  # fmt: skip


class Change(NamedTuple):
    """One part that differs. ``part`` is its key as rule authors write it (``severity``, ``check.total``,
    ``tables.TABLE.rows``); an empty side: not there."""

    part: str
    before: str
    after: str


class Item(NamedTuple):
    """A rule, form, parameter or scoring standard that was ``added``, ``removed`` or ``changed``."""

    what: str
    name: str
    title: Text
    changes: tuple[Change, ...] = ()

    @property
    def regraded(self) -> bool:
        """Whether a rule is graver or milder than it was."""
        return any(change.part == "severity" for change in self.changes)


class PackDifference(NamedTuple):
    before: Pack
    after: Pack
    rules: tuple[Item, ...]
    forms: tuple[Item, ...]
    parameters: tuple[Item, ...]
    standards: tuple[Item, ...]

    @property
    def any(self) -> bool:
        return bool(self.rules or self.forms or self.parameters or self.standards)


class Difference(NamedTuple):
    """``removed`` and ``added`` are packs that stand on one side only."""

    packs: tuple[PackDifference, ...]
    removed: tuple[Pack, ...]
    added: tuple[Pack, ...]


def compare(before: Edition, after: Edition) -> Difference:
    """Both editions, pack by pack; what a pack inherits from another that is compared too is told there."""
    pairs, removed, added = paired(before, after)
    told = {pack.id for pair in pairs for pack in pair}
    kinds = {**before.session.kinds, **after.session.kinds}
    packs = []
    for pair in pairs:
        elsewhere = told - {pair.before.id, pair.after.id}
        packs.append(
            PackDifference(
                *pair,
                rules=tuple(_rules(pair, kinds, elsewhere)),
                forms=tuple(_items(pair[0].forms, pair[1].forms, elsewhere, _form_changes)),
                parameters=tuple(_parameters(pair, [e.session.loaded.packs for e in (before, after)], elsewhere)),
                standards=tuple(_items(pair[0].schemes, pair[1].schemes, elsewhere, _scheme_changes)),
            )
        )
    return Difference(tuple(packs), tuple(removed), tuple(added))


def rule_pairs(pair: Pair) -> list[tuple[Rule | None, Rule | None]]:
    """Rules that stand for each other: by id, else by name (a pack of its own numbers its rules anew)."""
    old, new = ({rule.id: rule for rule in pack.rules} for pack in pair)
    left_old, left_new = ({rule.name: rule for rule in pack.values()} for pack in _unshared(old, new))
    pairs: list[tuple[Rule | None, Rule | None]] = [
        (rule, new.get(rule.id) or left_new.get(rule.name)) for rule in old.values()
    ]
    return [*pairs, *((None, rule) for rule in left_new.values() if rule.name not in left_old)]


def _unshared(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[dict[str, T], dict[str, T]]:
    """What of each is not in the other."""
    return {k: v for k, v in old.items() if k not in new}, {k: v for k, v in new.items() if k not in old}


def _rules(pair: Pair, kinds: Mapping[str, CheckKind], elsewhere: set[str]) -> Iterator[Item]:
    for old, new in rule_pairs(pair):
        if old is not None and new is not None:
            if not (old.pack in elsewhere and new.pack in elsewhere) and (
                changes := tuple(_rule_changes(old, new, pair, kinds))
            ):
                yield Item("changed", new.id, new.title, changes)
        elif old is not None and old.pack not in elsewhere:
            reason = pair.after.retired.get(old.id)
            changes = (Change("retire", "", _said(reason)),) if reason is not None else ()
            yield Item("removed", old.id, old.title, changes)
        elif new is not None and new.pack not in elsewhere:
            yield Item("added", new.id, new.title)


def _rule_changes(old: Rule, new: Rule, pair: Pair, kinds: Mapping[str, CheckKind]) -> Iterator[Change]:
    if old.id != new.id:
        yield Change("id", old.id, new.id)
    for part in _PLAIN:
        yield from _changed(part, _said(getattr(old, part)), _said(getattr(new, part)))
    yield from _changed("source", _said(source_text(old.source)), _said(source_text(new.source)))
    for key in dict.fromkeys((*old.check, *new.check)):
        sides = ("\n".join(written({key: rule.check[key]})) if key in rule.check else "" for rule in (old, new))
        yield from _changed(f"check.{key}", *(side.removeprefix(f"{key}:").strip() for side in sides))
    mine, theirs = (parameters_of(rule, pack, kinds) for rule, pack in zip((old, new), pair, strict=True))
    for name in dict.fromkeys((*mine, *theirs)):
        yield from _changed(f"parameters.{name}", _dated(mine.get(name, ())), _dated(theirs.get(name, ())))


def _said(value: object) -> str:
    """A part as one text; one in two languages has both."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.zh if value.zh == value.en else f"{value.zh} | {value.en}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _changed(part: str, old: str, new: str) -> Iterator[Change]:
    if old != new:
        yield Change(part, old, new)


def _dated(values: Iterable[Parameter]) -> str:
    """The values of a parameter with the dates from which they hold."""
    return "; ".join(
        f"{value.value if isinstance(value.value, str) else shown(value.value, value.unit)}"
        f" ({value.since}–{value.until})"
        for value in values
    )


def _parameters(pair: Pair, loaded: Sequence[Mapping[str, Pack]], elsewhere: set[str]) -> Iterator[Item]:
    old, new = (
        {name: values for name, values in pack.parameters.items() if not _from_parent(name, pack, packs, elsewhere)}
        for pack, packs in zip(pair, loaded, strict=True)
    )
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, ()), new.get(name, ())
        changes = [*_changed("values", _dated(before), _dated(after))]
        changes += _changed("source", _sources(before), _sources(after))
        if changes:
            what = "changed" if before and after else "removed" if before else "added"
            yield Item(what, name, (after or before)[0].title, tuple(changes))


def _sources(values: Iterable[Parameter]) -> str:
    return "; ".join(dict.fromkeys(_said(source_text(value.source)) for value in values))


def _from_parent(name: str, pack: Pack, packs: Mapping[str, Pack], elsewhere: set[str]) -> bool:
    """Whether a parent that is compared too brings the parameter."""
    parents = (packs[parent] for parent in pack.extends if parent in elsewhere and parent in packs)
    return any(parent.parameters.get(name) == pack.parameters[name] for parent in parents)


def _items(
    old: Mapping[str, _Owned], new: Mapping[str, _Owned], elsewhere: set[str],
    changes_of: Callable[[_Owned, _Owned], Iterator[Change]],
) -> Iterator[Item]:  # fmt: skip
    """Forms or standards, by name, that came, went or changed; those of packs that are compared by themselves left
    out."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        one = after or before
        assert one is not None
        if {each.pack for each in (before, after) if each is not None} <= elsewhere:
            continue
        if before is None or after is None:
            yield Item("added" if before is None else "removed", name, one.title)
        elif changes := tuple(changes_of(before, after)):
            yield Item("changed", name, one.title, changes)


def _form_changes(old: Form, new: Form) -> Iterator[Change]:
    for part in ("title", "titles", "sheets", "unit", "rounding", "optional", "kinds_of"):
        yield from _changed(part, _said(getattr(old, part)), _said(getattr(new, part)))
    yield from _named("fields", old.fields, new.fields)
    yield from _named("tables", old.tables, new.tables, deep=False)
    for name, table in old.tables.items():
        if name in new.tables:
            yield from _table_changes(f"tables.{name}", table, new.tables[name])
    if old.layout != new.layout:
        yield Change("layout", "…", "…")


def _table_changes(part: str, old: Table, new: Table) -> Iterator[Change]:
    for key in ("layout", "beside", "ends", "key", "optional", "header_rows", "extra_rows"):
        yield from _changed(f"{part}.{key}", _said(getattr(old, key)), _said(getattr(new, key)))
    yield from _named(f"{part}.columns", old.columns, new.columns)
    yield from _named(f"{part}.rows", old.rows, new.rows)
    yield from _named(f"{part}.totals", old.totals, new.totals)


def _named(
    part: str, old: Mapping[str, NamedTuple], new: Mapping[str, NamedTuple], *, deep: bool = True
) -> Iterator[Change]:
    """Fields, columns or rows: those that left, those that came, those that changed place, and what else changed."""
    gone, come = _unshared(old, new)
    for name in gone:
        yield Change(f"{part}.{name}", name, "")
    for name in come:
        yield Change(f"{part}.{name}", "", name)
    mine, theirs = ([name for name in one if name in other] for one, other in ((old, new), (new, old)))
    for name in _moved(mine, theirs):
        yield Change(f"{part}.{name}", f"#{[*old].index(name) + 1}", f"#{[*new].index(name) + 1}")
    for name in mine if deep else ():
        for key, value in old[name]._asdict().items():
            yield from _changed(f"{part}.{name}.{key}", _said(value), _said(getattr(new[name], key)))


def _moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Of two orders of the same names, the fewest that had to move, near enough."""
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    still = {name for block in kept for name in old[block.a : block.a + block.size]}
    return [name for name in new if name not in still]


def _scheme_changes(old: Scheme, new: Scheme) -> Iterator[Change]:
    for part in ("title", "form", "total"):
        yield from _changed(part, _said(getattr(old, part)), _said(getattr(new, part)))
    yield from _changed("source", _said(source_text(old.source)), _said(source_text(new.source)))
    grades = ("; ".join(f"{grade.word} {grade.lowest}" for grade in scheme.grades) for scheme in (old, new))
    yield from _changed("grades", *grades)
    mine, theirs = (dict(_criteria(scheme)) for scheme in (old, new))
    for name in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(name), theirs.get(name)
        if one is None or other is None:
            if one is not other:
                yield Change(f"criteria.{name}", name if one else "", name if other else "")
            continue
        for part in ("kind", "full", "claimed", "applies", "cap"):
            yield from _changed(f"criteria.{name}.{part}", _said(getattr(one, part)), _said(getattr(other, part)))
        terms = ("\n".join(written(criterion.terms)) for criterion in (one, other))
        yield from _changed(f"criteria.{name}.terms", *terms)


def _criteria(scheme: Scheme) -> Iterator[tuple[str, Criterion]]:
    for criterion in scheme.criteria:
        yield " / ".join(filter(None, (criterion.under, criterion.name))), criterion
    if scheme.others is not None:
        yield "others", scheme.others
