"""The difference of two editions as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from checker.authoring.difference import Change, Difference, Item, PackDifference
from checker.authoring.verdicts import Unread, Verdict
from checker.messages import Text, tr
from checker.model.rule import Pack
from checker.reports.layout import BOLD, GREEN, RED, YELLOW
from checker.reports.page import Page
from checker.reports.words import severity_word, status_word

__all__ = ["document", "text"]

_SIGNS: Final = {"added": ("+", GREEN), "removed": ("-", RED), "changed": ("~", YELLOW)}


def text(difference: Difference, found: Sequence[Verdict | Unread], page: Page) -> str:
    """For people: what was added (+), removed (-) and changed (~), with both sides of every part."""
    lines: list[str] = []
    for sign, packs in (("-", difference.removed), ("+", difference.added)):
        for pack in packs:
            lines.append(f"{sign} {page.say(tr('Rule pack'))} {pack.id}  {page.say(pack.title)}")
    for compared in difference.packs:
        lines += [*_pack(compared, page), ""]
    if found:
        lines += [*_verdicts(found, page), ""]
    return "\n".join([*lines, page.say(_summary(difference, found))]) + "\n"


def _pack(pack: PackDifference, page: Page) -> Iterator[str]:
    names = [tr("{pack}, edition {edition}", pack=side.id, edition=side.edition) for side in (pack.before, pack.after)]
    yield page.paint(" → ".join(dict.fromkeys(map(page.say, names))), BOLD)
    if not pack.any:
        yield "  " + page.say(tr("No difference."))
    for title, items in _parts(pack):
        if items:
            yield f"  {page.paint(page.say(title), BOLD)}{page.brackets(page.say(_counts(items)))}"
            for item in items:
                yield from _item(item, page)


def _parts(pack: PackDifference) -> tuple[tuple[Text, tuple[Item, ...]], ...]:
    return (
        (tr("Rules"), pack.rules),
        (tr("Forms of the pack"), pack.forms),
        (tr("Parameters"), pack.parameters),
        (tr("Scoring standards"), pack.standards),
    )


def _counts(items: Sequence[Item]) -> Text:
    numbers = {what: sum(item.what == what for item in items) for what in _SIGNS}
    regraded = sum(item.regraded for item in items)
    if regraded:
        return tr(
            "added {added}, removed {removed}, changed {changed}, of these re-graded {regraded}",
            **numbers,
            regraded=regraded,
        )
    return tr("added {added}, removed {removed}, changed {changed}", **numbers)


def _item(item: Item, page: Page) -> Iterator[str]:
    sign, colour = _SIGNS[item.what]
    title = page.say(item.title)
    yield f"    {page.paint(sign, colour)} {item.name}" + (f"  {title}" if title != item.name else "")
    for change in item.changes:
        yield from page.lines(_change(change, page), f"{change.part}: ", 8)


def _change(change: Change, page: Page) -> str:
    before, after = (_value(change.part, side, page) for side in (change.before, change.after))
    if change.part == "layout":
        return page.say(tr("drawn otherwise"))
    if not before:
        return f"+ {after}"
    return f"{before} → {after}" if after else f"- {before}"


def _value(part: str, value: str, page: Page) -> str:
    return page.say(severity_word(value)) if part == "severity" else page.quote(value)


def _verdicts(found: Iterable[Verdict | Unread], page: Page) -> Iterator[str]:
    yield page.paint(page.say(tr("Workbooks")), BOLD)
    path = None
    for one in found:
        if one.path != path:
            path = one.path
            yield "  " + page.quote(path)
        if isinstance(one, Unread):
            for side, error in ((tr("before"), one.before), (tr("after"), one.after)):
                if error is not None:
                    yield f"    {page.say(side)}: {page.say(error.message)}"
            continue
        place = page.place(one.sheet, one.cell)
        yield f"    {one.rule}  {place}  {page.quote(one.label)}"
        yield f"        {_verdict(one.before, page)} → {_verdict(one.after, page)}  {page.say(one.title)}"


def _verdict(verdict: str, page: Page) -> str:
    if not verdict:
        return page.say(tr("(no such rule or place)"))
    status, _, severity = verdict.partition("/")
    word = page.say(status_word(status))
    return word + page.brackets(page.say(severity_word(severity))) if severity else word


def _summary(difference: Difference, found: Sequence[Verdict | Unread]) -> Text:
    items = [item for pack in difference.packs for _, items in _parts(pack) for item in items]
    count = len(items) + len(difference.added) + len(difference.removed)
    changed = sum(isinstance(one, Verdict) for one in found)
    if not count and not changed:
        return tr("The two are the same.")
    if not changed:
        return tr("{count} differences.", count=count)
    return tr("{count} differences; {changed} answers about workbooks differ.", count=count, changed=changed)


def document(difference: Difference, found: Sequence[Verdict | Unread]) -> dict[str, Any]:
    """For programs."""
    return {
        "schema": "checker/rules-diff@1",
        "added": [_named(pack) for pack in difference.added],
        "removed": [_named(pack) for pack in difference.removed],
        "packs": [
            {
                "before": _named(pack.before),
                "after": _named(pack.after),
                "rules": [_entry(item, rule=True) for item in pack.rules],
                "forms": [_entry(item) for item in pack.forms],
                "parameters": [_entry(item) for item in pack.parameters],
                "standards": [_entry(item) for item in pack.standards],
            }
            for pack in difference.packs
        ],
        "verdicts": [{**one._asdict(), "title": one.title._asdict()} for one in found if isinstance(one, Verdict)],
        "unread": [
            {
                "path": one.path,
                "before": one.before.code if one.before is not None else None,
                "after": one.after.code if one.after is not None else None,
            }
            for one in found
            if isinstance(one, Unread)
        ],
    }


def _named(pack: Pack) -> Mapping[str, str]:
    return {"pack": pack.id, "edition": pack.edition, "digest": pack.digest}


def _entry(item: Item, *, rule: bool = False) -> dict[str, Any]:
    entry: dict[str, Any] = {"change": item.what, "name": item.name, "title": item.title._asdict()}
    if rule:
        entry["regraded"] = item.regraded
    return {**entry, "changes": [change._asdict() for change in item.changes]}
