"""What a reader wants to know first: full marks are claimed, and which of the unit's own figures contradict them."""

from __future__ import annotations

from checker.checks.show import number_text
from checker.messages import Text, tr
from checker.scoring.award import options_text, together
from checker.scoring.recompute import Entry, Recomputed

__all__ = ["contradicted", "contradiction", "headline", "is_full"]


def is_full(result: Recomputed) -> bool:
    """Whether the total claimed is the full total."""
    claimed = result.claimed_total
    return claimed is not None and claimed == result.total


def contradicted(result: Recomputed) -> list[Entry]:
    """Indicators whose figures do not allow full marks, although these are claimed: for the whole, or for them."""
    whole = is_full(result)
    return [entry for entry in result.entries if entry.contradicted and (whole or entry.claimed == entry.full)]


def contradiction(entry: Entry) -> Text:
    """One contradicted indicator with its measure: what it is, and what it earns of full marks."""
    award = entry.award
    if award is None:
        return tr(
            "{name} {measure}: does not meet the condition for full marks", name=entry.name, measure=entry.measured
        )
    measure = Text(entry.measured, entry.measured) if entry.measured else award.why or Text("", "")
    return tr(
        "{name} {measure}: earns {marks} of {full}",
        name=entry.name,
        measure=measure,
        marks=options_text(award.options),
        full=number_text(entry.full),
    )


def headline(result: Recomputed) -> Text | None:
    """The headline of a report, or None where full marks are not claimed or nothing contradicts them."""
    entries = contradicted(result)
    if not is_full(result) or not entries:
        return None
    return tr(
        "Full marks ({total}) are claimed, but the unit's own figures contradict this: {why}",
        total=number_text(result.claimed_total),
        why=together([contradiction(entry) for entry in entries]),
    )
