"""What the pages say: one for each pack, for each rule that it wrote, and for each of its scoring standards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from checker.authoring.pages.blocks import (
    Block,
    Cell,
    Code,
    Fields,
    Grid,
    Inline,
    Link,
    Page,
    Paragraph,
    Section,
    plain,
)
from checker.authoring.pages.examples import Words, example
from checker.authoring.pages.lists import parameter_grid, source_text
from checker.authoring.pages.standard import standard
from checker.engine.plan import Plan
from checker.messages import Text, tr
from checker.model.plugin import CheckKind, ScoreKind
from checker.model.rule import Pack, Rule, Severity
from checker.model.scheme import Scheme
from checker.packs.cases import Case, load_cases
from checker.packs.named import parameters_of
from checker.reports.rules import written
from checker.reports.words import severity_word, source_remark

__all__ = ["Registry", "pages"]


class Registry(NamedTuple):
    """All that is loaded: ``plans`` are the packs by id, ready to run."""

    plans: Mapping[str, Plan]
    kinds: Mapping[str, CheckKind]
    ways: Mapping[str, ScoreKind]
    words: Words

    @property
    def packs(self) -> Iterator[Pack]:
        return (plan.pack for plan in self.plans.values())


def pages(registry: Registry, packs: Sequence[str], told: Callable[[str], None]) -> Iterator[Page]:
    """The pages of ``packs``, each pack followed by its standards and rules; ``told(id)`` before each rule."""
    for name in packs:
        plan = registry.plans[name]
        pack = plan.pack
        own = [rule for rule in pack.rules if rule.pack == pack.id]
        yield _pack(pack, own, registry)
        for number, scheme in enumerate(_own_schemes(pack), 1):
            yield standard(scheme, pack, f"{pack.id}/scoring-{number}", registry.ways)
        cases: dict[str, list[Case]] = {}
        for file in load_cases(pack)[0]:
            for case in file.cases:
                cases.setdefault(case.rule, []).append(case)
        for rule in own:
            told(rule.id)
            yield _rule(rule, plan, cases.get(rule.id, ()), registry)


def _own_schemes(pack: Pack) -> list[Scheme]:
    return [scheme for scheme in pack.schemes.values() if scheme.pack == pack.id]


def _pack(pack: Pack, own: Sequence[Rule], registry: Registry) -> Page:
    sections = [Section(tr("About"), (Fields(tuple(_about(pack, own, registry))), *_remarks(pack)))]
    forms = tuple(
        (
            Cell(plain(form.name)),
            Cell(form.title if form.title.en else plain(form.title.zh)),
            Cell(plain(form.unit)),
            Cell(plain("、".join(form.tables))),
            Cell(_count(sum(1 for _ in pack.rules_about(form.name))), "number"),
        )
        for form in pack.forms.values()
    )
    head = (tr("Form"), tr("Title"), tr("Unit"), tr("Tables"), tr("Rules"))
    sections.append(Section(tr("Forms of the pack"), (Grid(None, head, forms),)))
    if schemes := _own_schemes(pack):
        rows = tuple(
            (
                Cell(Link(scheme.title, f"{pack.id}/scoring-{number}")),
                Cell(plain(scheme.form)),
                Cell(source_text(scheme.source)),
            )
            for number, scheme in enumerate(schemes, 1)
        )
        sections.append(Section(tr("Scoring standards"), (Grid(None, (tr("Title"), tr("Form"), tr("Source")), rows),)))
    if own:
        sections.append(Section(tr("Rules"), tuple(_rule_grids(own))))
    if pack.parameters:
        sections.append(Section(tr("Parameters"), (parameter_grid(pack.parameters),)))
    if pack.retired:
        sections.append(Section(tr("Rules of parents that do not apply here"), (_retired(pack, registry.packs),)))
    return Page(pack.id, pack.id, pack.title, (tr("edition {edition}", edition=pack.edition),), tuple(sections))


def _about(pack: Pack, own: Sequence[Rule], registry: Registry) -> Iterator[tuple[Text, tuple[Inline, ...]]]:
    yield tr("Rule pack"), (plain(pack.id),)
    yield tr("Edition"), (plain(pack.edition),)
    yield tr("Standing"), (source_remark(pack.status) or tr("checked against its sources"),)
    if pack.extends:
        yield tr("Extends"), tuple(Link(plain(name), name) for name in pack.extends)
    children = [other.id for other in registry.packs if pack.id in other.extends]
    if children:
        yield tr("Extended by"), tuple(Link(plain(name), name) for name in children)
    counts = [(severity, sum(rule.severity == severity for rule in own)) for severity in Severity.ORDER]
    summary = [tr("{severity} {count}", severity=severity_word(name), count=count) for name, count in counts if count]
    yield tr("Rules of its own"), (_count(len(own)), *summary)
    if len(pack.rules) > len(own):
        yield tr("Rules inherited"), (_count(len(pack.rules) - len(own)),)
    for dictionary in pack.dictionaries.values():
        yield tr("Dictionary"), (dictionary.title, source_text(dictionary.source))


def _remarks(pack: Pack) -> Iterator[Block]:
    return (Paragraph(remark) for remark in pack.remarks)


def _rule_grids(own: Sequence[Rule]) -> Iterator[Grid]:
    by_form: dict[str, list[Rule]] = {}
    for rule in own:
        by_form.setdefault(rule.form, []).append(rule)
    for form, rules in by_form.items():
        rows = tuple(
            (
                Cell(Link(plain(rule.id), f"{rule.pack}/{rule.id}")),
                Cell(rule.title),
                Cell(severity_word(rule.severity)),
                Cell(source_text(rule.source)),
            )
            for rule in rules
        )
        yield Grid(plain(form), (tr("Rule"), tr("Must hold"), tr("Severity"), tr("Source")), rows)


def _retired(pack: Pack, packs: Iterable[Pack]) -> Grid:
    pages = {rule.id: f"{rule.pack}/{rule.id}" for other in packs for rule in other.rules}
    rows = tuple((Cell(Link(plain(rule), pages.get(rule, ""))), Cell(reason)) for rule, reason in pack.retired.items())
    return Grid(None, (tr("Rule"), tr("Reason")), rows)


def _rule(rule: Rule, plan: Plan, cases: Sequence[Case], registry: Registry) -> Page:
    pack = plan.pack
    what = (Fields(tuple(_place(rule, pack, registry))), Code("\n".join(written(rule.check))))
    sections = [Section(tr("What must hold"), what)]
    if rule.rationale:
        sections.append(Section(tr("Why"), (Paragraph(rule.rationale),)))
    sections.append(Section(tr("Source"), tuple(_sources(rule))))
    if named := parameters_of(rule, pack, registry.kinds):
        sections.append(Section(tr("Parameters"), (parameter_grid(named),)))
    for kind, title in (("fail", tr("An example that fails")), ("pass", tr("An example that passes"))):
        case = next((case for case in cases if case.kind == kind), None)
        if case is not None:
            name = (Paragraph(plain(case.name), "quiet"),) if case.name else ()
            sections.append(Section(title, (*name, *example(case, plan, registry.words))))
    if rule.remedy:
        sections.append(Section(tr("What to do"), (Paragraph(rule.remedy),)))
    if history := tuple(_history(rule, registry.packs)):
        sections.append(Section(tr("History"), (Fields(history),)))
    return Page(
        f"{pack.id}/{rule.id}",
        rule.id,
        rule.title,
        (plain(rule.name),),
        tuple(sections),
        group=rule.form,
        severity=rule.severity,
    )


def _place(rule: Rule, pack: Pack, registry: Registry) -> Iterator[tuple[Text, tuple[Inline, ...]]]:
    yield tr("Severity"), (severity_word(rule.severity),)
    yield tr("Rule pack"), (Link(pack.title, pack.id),)
    kinds = [form.name for form in pack.forms.values() if form.name != rule.form and rule.form in form.kinds_of]
    yield tr("Form"), tuple(map(plain, (rule.form, *kinds)))
    years = tr("every year")
    if rule.since or rule.until:
        years = tr(
            "from {since} until {until}", since=rule.since or tr("the beginning"), until=rule.until or tr("today")
        )
    yield tr("Years"), (years,)
    if rule.region:
        yield tr("Region"), (plain(rule.region),)
    if rule.catalogue:
        yield tr("Catalogue"), tuple(map(plain, rule.catalogue))
    by_name = {other.name: other for other in pack.rules}
    if rule.follows:
        yield (
            tr("Follows from"),
            tuple(
                Link(plain(name), f"{by_name[name].pack}/{by_name[name].id}")
                for name in rule.follows
                if name in by_name
            ),
        )
    kind = registry.kinds.get(str(rule.check["kind"]))
    if kind is not None and kind.doc.zh:
        yield tr("Kind of check"), (tr("{name}: {what}", name=kind.name, what=kind.doc),)
    yield tr("Written in"), (plain(_written_in(rule.origin, pack)),)


def _written_in(origin: str, pack: Pack) -> str:
    """``file:line`` from the folder of the pack: the same on every machine."""
    file = origin.rsplit(":", 1)[0]
    return file[len(pack.root) :].lstrip("/\\").replace("\\", "/") if file.startswith(pack.root) else file


def _sources(rule: Rule) -> Iterator[Block]:
    yield Paragraph(source_text(rule.source))
    if rule.source.status == "inferred":
        yield Paragraph(tr("No document says so in these words: it follows from the form or from practice."), "quiet")
    elif rule.source.status != "sourced":
        yield Paragraph(
            tr("The official text was not at hand: take it as advice until somebody has checked it."), "quiet"
        )


def _history(rule: Rule, packs: Iterable[Pack]) -> Iterator[tuple[Text, tuple[Inline, ...]]]:
    """What packs that extend this one made of the rule."""
    for pack in packs:
        reason = pack.retired.get(rule.id)
        if reason is not None:
            yield tr("Does not apply in"), (Link(plain(pack.id), pack.id), reason)
        for form in pack.forms.values():
            if rule.id in form.retired and form.pack == pack.id:
                yield tr("Does not apply to"), (plain(form.name), form.retired[rule.id])


def _count(number: int) -> Text:
    return plain(str(number))
