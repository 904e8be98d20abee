"""Lists that several pages hold: parameters with their dates, and what a source is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.authoring.pages.blocks import Cell, Grid, plain
from checker.messages import Text, tr
from checker.model.rule import Parameter
from checker.model.scheme import Source
from checker.reports.figures import shown
from checker.reports.words import source_remark

__all__ = ["parameter_grid", "source_text"]


def source_text(source: Source) -> Text:
    """Document, article and standing of a source."""
    named = plain("，".join(part for part in (source.document, source.article) if part))
    remark = source_remark(source.status)
    return tr("{one} ({other})", one=named, other=remark) if remark else named


def parameter_grid(parameters: Mapping[str, Sequence[Parameter]]) -> Grid:
    """Every dated value of ``parameters``."""
    head = (tr("Parameter"), tr("Meaning"), tr("Value"), tr("Valid from"), tr("until"), tr("Source"))
    rows = tuple(
        (
            Cell(plain(value.name)),
            Cell(value.title),
            Cell(plain(value.value if isinstance(value.value, str) else shown(value.value, value.unit)), "number"),
            Cell(plain(value.since)),
            Cell(plain(value.until)),
            Cell(source_text(value.source)),
        )
        for values in parameters.values()
        for value in values
    )
    return Grid(None, head, rows)
