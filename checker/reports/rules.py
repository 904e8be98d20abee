"""Rules as text: one explained in full, with what came of it in a workbook, or many in a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.messages import Text, tr
from checker.model.outcome import Outcome
from checker.model.rule import Pack, Rule
from checker.reports.layout import BOLD, pad, width
from checker.reports.page import Page
from checker.reports.text import comparison, formulas, operands, source_line
from checker.reports.words import severity_word, source_remark, status_word

__all__ = ["explain", "listing", "written"]


def explain(rule: Rule, pack: Pack, outcomes: Sequence[Outcome], page: Page) -> str:
    """What ``rule`` asks for, why and on whose authority; then every place it was applied to, passes too."""
    lines = [page.paint(f"{rule.id}  {rule.name}", BOLD), *page.fields(_rule(rule, pack, page), 2)]
    for outcome in outcomes:
        lines += ["", *_outcome(outcome, page)]
    return "\n".join(lines) + "\n"


def _rule(rule: Rule, pack: Pack, page: Page) -> Iterator[tuple[Text, str]]:
    yield tr("Must hold"), page.say(rule.title)
    yield tr("Severity"), page.say(severity_word(rule.severity))
    standing = source_remark(pack.status)
    edition = page.say(tr("{pack}, edition {edition}", pack=pack.id, edition=pack.edition))
    yield tr("Rule pack"), edition + (page.brackets(page.say(standing)) if standing else "")
    yield tr("Form"), rule.form
    yield tr("Source"), source_line(rule, page)
    if rule.rationale:
        yield tr("Reason"), page.say(rule.rationale)
    if rule.remedy:
        yield tr("What to do"), page.say(rule.remedy)
    if rule.catalogue:
        yield tr("Catalogue"), ", ".join(rule.catalogue)
    if rule.follows:
        yield tr("Follows from"), ", ".join(rule.follows)
    if rule.since or rule.until:
        yield tr("Valid"), f"{rule.since} – {rule.until}"
    if rule.region:
        yield tr("Region"), rule.region
    yield tr("Check"), "\n".join(written(rule.check))
    yield tr("Written in"), rule.origin


def written(value: Mapping[str, object], indent: str = "") -> Iterator[str]:
    """A check as it was written, near enough to find it again."""
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield f"{indent}{key}:"
            yield from written(item, indent + "  ")
        else:
            yield f"{indent}{key}: {_scalar(item)}"


def _scalar(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_scalar(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_scalar(item) for item in value) + "]"
    return str(value)


def _outcome(outcome: Outcome, page: Page) -> Iterator[str]:
    label = page.quote(" / ".join(outcome.path))
    yield f"{page.say(status_word(outcome.status))}  {page.place(outcome.sheet, outcome.cell)}  {label}"
    fields = []
    if outcome.reason:
        fields.append((tr("Reason"), page.say(outcome.reason)))
    if compared := comparison(outcome, page):
        fields.append((tr("Compared"), compared))
    fields += formulas(outcome, page)
    if cells := operands(outcome, page, len(outcome.operands)):
        fields.append((tr("Cells"), "\n".join(cells)))
    yield from page.fields(fields, 2)


def listing(packs: Iterable[Pack], page: Page) -> str:
    """One line per rule, under the pack that wrote it and its form; what a pack inherits is counted."""
    lines: list[str] = []
    for pack in packs:
        form = ""
        own = [rule for rule in pack.rules if rule.pack == pack.id]
        lines.append(page.paint(f"{pack.id}  {page.say(pack.title)}", BOLD))
        ids = max((width(rule.id) for rule in own), default=0) + 2
        names = max((width(rule.name) for rule in own), default=0) + 2
        for rule in own:
            if rule.form != form:
                form = rule.form
                lines.append(f"  {form}")
            remark = source_remark(rule.source.status)
            title = page.say(rule.title) + (page.brackets(page.say(remark)) if remark else "")
            severity = pad(page.say(severity_word(rule.severity)), 8)
            lines.append(f"    {pad(rule.id, ids)}{pad(rule.name, names)}{severity}{title}")
        lines.append(page.say(tr("{count} rules", count=len(own))) + _inherited(pack, len(pack.rules) - len(own), page))
        lines.append("")
    return "\n".join(lines)


def _inherited(pack: Pack, count: int, page: Page) -> str:
    if not count:
        return ""
    return page.brackets(page.say(tr("and {count} of {packs}", count=count, packs=", ".join(pack.extends))))
