"""Screens across units, for the auditor only: leads, never errors (see ``leads``; the SQL is in ``screens_sql``).

Measured with these settings on simulated populations of 300 units, 8 each (``tests/benchmarks/screens.py``): no lead in
vain on clean ones. Found: copies of all or most figures 7 of 8 (a small unit's have too few digits), with half of them
changed none; copied texts all; a heap of 11% of the units 2, of 21% 7 of 8; one part of a total a hundred times too
large 8, thirty times 3, ten times 1 of 8, for shares differ much among honest units. Real populations are less regular.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import exp, lgamma, log, sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.audit.bureau import screens_sql as sql
from checker.audit.bureau.forms import Forms
from checker.audit.bureau.leads import Lead, Seen, document, lead, rows, titles
from checker.audit.bureau.lists import table_text, write_paper
from checker.audit.bureau.thresholds import rate_thresholds, score_thresholds
from checker.messages import Text, tr
from checker.model.form import ColumnKind
from checker.reports.figures import PERCENT, plain, shown

if TYPE_CHECKING:
    from checker.audit.store.reading import Store

__all__ = ["Settings", "screen", "write"]


class Settings(NamedTuple):
    """How sharp the screens are. None of these numbers is official; they trade leads missed for leads in vain."""

    #: Equal figures: how many different amounts, with how many digits that count, what share of all of a unit's, and
    #: how many units may have one amount in one place before it is taken for a common one.
    amounts: int = 5
    digits: int = 3
    share: Decimal = Decimal("0.5")
    bearers: int = 50
    #: Copied texts: their least length, and the share of units (beyond a few) from which a text is a template.
    length: int = 20
    template: Decimal = Decimal("0.2")
    few: int = 3
    #: Heaping: width of the bands on each side of a threshold (points), least cases in them, level of significance.
    width: Decimal = Decimal(2)
    cases: int = 20
    level: Decimal = Decimal("0.001")
    #: Full marks: least indicators.
    indicators: int = 5
    #: Outliers: least peers, robust standard deviations and log odds apart that are worth a look, and the share that
    #: counts as all.
    peers: int = 12
    whole: Decimal = Decimal("0.999")
    apart: Decimal = Decimal(6)
    factor: Decimal = Decimal("1.1")
    #: How many outliers, and how many cells of one lead, are shown.
    most: int = 200
    cells: int = 12


#: The median absolute deviation of a normal distribution in standard deviations is 1 / 1.4826.
_TO_SIGMA: Final = Decimal("1.4826")


class _Screens:
    """All screens over one run."""

    def __init__(self, store: Store, forms: Forms, without: Sequence[str], settings: Settings) -> None:
        self._forms = forms
        self._set = settings
        self._without = list(without)
        self._connection = store.connection
        self.years = [year for (year,) in self._rows(sql.YEARS)]

    def _rows(self, query: str, **given: object) -> list[Any]:
        named = {"without": self._without, **given}
        return self._connection.execute(query, {k: v for k, v in named.items() if f"${k}" in query}).fetchall()

    def _money(self) -> list[str]:
        measures = [measure for (measure,) in self._rows("SELECT DISTINCT measure FROM facts WHERE measure <> ''")]
        units = [(measure, self._forms.lexicon.unit(measure)) for measure in measures]
        money = {form.unit for form in self._forms.by_name.values()}
        dimensions = {unit.dimension for name in money if name and (unit := self._forms.lexicon.unit(name))}
        return sorted(measure for measure, unit in units if unit is not None and unit.dimension in dimensions)

    def equal(self) -> Iterator[Lead]:
        """Units with the same figures in the same places."""
        chosen, money = self._set, self._money()
        pairs: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for form, year, *pair in self._rows(
            sql.EQUAL,
            money=money,
            digits=chosen.digits,
            bearers=chosen.bearers,
            least=chosen.amounts,
            share=chosen.share,
        ):
            pairs[form, year].append(pair)
        for (form, year), found in pairs.items():
            for group in _joined([(pair[0], pair[1]) for pair in found]):
                one, other, places, amounts, size, number, number_of_other = next(p for p in found if p[0] in group)
                cells = self._rows(
                    sql.EQUAL_PLACES,
                    one=number,
                    other=number_of_other,
                    form=form,
                    money=money,
                    most=chosen.cells // 2,
                )
                seen = [
                    Seen(unit, source, sheet, cell, f"{table} / {row} / {column} {_amount(value, measure)}")
                    for table, row, column, value, measure, *both in cells
                    for unit, (source, sheet, cell) in ((one, both[:3]), (other, both[3:]))
                ]
                message = tr(
                    "{units} units have the same amounts in the same places: {places} of the {size} of {one} and "
                    "{other}, {amounts} of them different",
                    units=len(group),
                    places=places,
                    size=size,
                    amounts=amounts,
                    one=one,
                    other=other,
                )
                counts = (("places", places), ("amounts", amounts), ("size", size))
                yield lead("equal", (_title("equal"), message, _limits("equal")), form, year, "", group, counts, seen)

    def copied(self) -> Iterator[Lead]:
        """Long texts that several units share, and that are no template."""
        chosen, wanted = self._set, _text_columns(self._forms)
        for form, year, table, column, text, sharers, units, names, cells in self._rows(
            sql.COPIED,
            length=chosen.length,
            forms=[one for one, _, _ in wanted],
            tables=[one for _, one, _ in wanted],
            columns=[one for _, _, one in wanted],
        ):
            if sharers > max(chosen.template * units, Decimal(chosen.few)):
                continue
            message = tr(
                "{sharers} of the {units} units that wrote something here wrote the same: {text}",
                sharers=sharers,
                units=units,
                text=text,
            )
            seen = [Seen("", source, sheet, cell, "") for source, sheet, cell in cells[: chosen.cells]]
            place, counts = " / ".join(filter(None, (table, column))), (("sharers", sharers), ("units", units))
            words = (_title("copied"), message, _limits("copied"))
            yield lead("copied", words, form, year, place, names, counts, seen, text)

    def heaping(self) -> Iterator[Lead]:
        """More cases just above a threshold than the cases around it let expect."""
        for year in self.years:
            for rate in rate_thresholds(self._forms, year):
                given = {"form": rate.form, "table": rate.table, "column": rate.column, "row": rate.row, "year": year}
                place = " / ".join(filter(None, (rate.table, rate.row, rate.column)))
                found = self._rows(sql.RATES, **given)
                yield from self._heap(found, rate.limit, rate.name, PERCENT, rate.form, year, place)
            for score in score_thresholds(self._forms, year):
                found = self._rows(sql.SCORES, scheme=score.scheme, year=year)
                yield from self._heap(found, score.limit, score.grade, "", score.scheme, year, tr("total score").zh)

    def _heap(
        self, found: Sequence[Any], limit: Decimal, name: str, unit: str, about: str, year: str, place: str
    ) -> Iterator[Lead]:
        bands = [0, 0, 0, 0]
        for value, *_ in found:
            offset = value - limit + 2 * self._set.width
            if 0 <= offset < 4 * self._set.width:
                bands[int(offset // self._set.width)] += 1
        cases = bands[1] + bands[2]
        if cases < self._set.cases:
            return
        expected = share_above(bands)
        chance = tail(bands[2], cases, expected)
        if chance >= self._set.level:
            return
        above = [row for row in found if limit <= row[0] < limit + self._set.width]
        seen = [
            Seen(body, source, sheet, cell, f"{plain(value.normalize())}{unit}")
            for value, body, source, sheet, cell in above
        ]
        message = tr(
            "{above} cases lie less than {width} above {limit} ({name}), {below} less than {width} below; by the cases "
            "around, a share above of about {share} was to be expected (chance of as many or more: {chance})",
            above=bands[2],
            below=bands[1],
            width=plain(self._set.width),
            limit=f"{plain(limit.normalize())}{unit}",
            name=name,
            share=f"{expected:.0%}",
            chance=f"{chance:.1g}",
        )
        counts = tuple(zip(("far_below", "below", "above", "far_above"), bands, strict=True))
        words = (_title("heaping"), message, _limits("heaping"))
        units = sorted({row[1] for row in above if row[1]})
        yield lead("heaping", words, about, year, place, units, counts, seen[: self._set.cells], plain(limit))

    def full(self) -> Iterator[Lead]:
        """Score tables in which every indicator has full marks."""
        for scheme, form, year, tables, hits, places in self._rows(sql.FULL, indicators=self._set.indicators):
            message = tr(
                "{hits} of {tables} score tables claim full marks for every indicator", hits=hits, tables=tables
            )
            seen = [Seen(unit, source, sheet, "", "") for unit, source, sheet in places[: self._set.cells]]
            words = (_title("full"), message, _limits("full"))
            units = sorted({unit for unit, _, _ in places if unit})
            yield lead("full", words, scheme, year, form, units, (("hits", hits), ("tables", tables)), seen)

    def outliers(self) -> Iterator[Lead]:
        """Parts of a total that are a very different share of it from those of other units: one lead a unit and form,
        about the part that is furthest away."""
        chosen = self._set
        totals = [one for one in self._forms.columns() if one.kind == ColumnKind.AMOUNT and one.total]
        found: defaultdict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for form, year, table, row, column, unit, *rest in self._rows(
            sql.OUTLIERS,
            forms=[one.form for one in totals],
            tables=[one.table for one in totals],
            columns=[one.column for one in totals],
            totals=[one.total for one in totals],
            peers=chosen.peers,
            to_sigma=_TO_SIGMA,
            apart=chosen.apart,
            factor=chosen.factor,
            whole=chosen.whole,
            most=chosen.most,
        ):
            found[form, year, unit].append((f"{table} / {row} / {column}", *rest))
        for (form, year, unit), parts in found.items():
            seen = [
                Seen(unit, source, sheet, cell, f"{place} {_amount(value, measure)}")
                for place, source, sheet, cell, value, _, measure, *_ in parts
            ]
            place, _, _, _, value, whole, measure, peers, share, middle, apart = parts[0]
            message = tr(
                "{place}: {value} are {share}% of {whole}; half of {peers} units have less than {middle}%, and this is "
                "{apart} times the usual spread away",
                place=place,
                value=_amount(value, measure),
                whole=_amount(whole, measure),
                share=share,
                middle=middle,
                peers=peers,
                apart=apart,
            )
            counts = (("peers", peers), ("share", share), ("middle", middle), ("apart", apart))
            words = (_title("outliers"), message, _limits("outliers"))
            yield lead("outliers", words, form, year, "", [unit], counts, seen[: chosen.cells])


def _amount(value: Decimal, measure: str) -> str:
    return shown(value.normalize(), measure)


def share_above(bands: Sequence[int]) -> float:
    """What share of the two bands next to a threshold should lie above it: on a straight line through the outer bands,
    two of its standard errors more, and never less than half. Given generously, so that a rising number of cases is
    no heap."""
    outer = bands[0] + bands[3]
    if not outer:
        return 0.8
    straight = 0.5 + (bands[3] - bands[0]) / (6 * outer)
    return min(max(straight, 0.5) + 2 / (6 * sqrt(outer)), 0.8)


def tail(hits: int, cases: int, share: float) -> float:
    """The chance of ``hits`` or more among ``cases`` that each hit with ``share`` (0 < share < 1): exact binomial."""
    ways = (lgamma(cases + 1) - lgamma(k + 1) - lgamma(cases - k + 1) for k in range(hits, cases + 1))
    numbers = zip(range(hits, cases + 1), ways, strict=True)
    return min(sum(exp(way + k * log(share) + (cases - k) * log(1 - share)) for k, way in numbers), 1.0)


def _joined(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Units that pairs connect, each group sorted."""
    group: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = group.get(one, {one}) | group.get(other, {other})
        for unit in merged:
            group[unit] = merged
    return sorted(sorted(units) for units in {id(units): units for units in group.values()}.values())


def _text_columns(forms: Forms) -> list[tuple[str, str, str]]:
    """Where units write in their own words: texts that neither name the unit or project nor label a row."""
    found = []
    for form in forms.by_name.values():
        fields = (field for field in form.fields.values() if field.kind == ColumnKind.TEXT and not field.role)
        found += [(form.name, "", field.name) for field in fields]
        for table in form.tables.values():
            for column in table.columns.values():
                if column.kind == ColumnKind.TEXT and not (column.key or column.fill):
                    found.append((form.name, table.name, column.name))
    return found


def screen(
    store: Store,
    forms: Forms,
    *,
    without: Sequence[str] = (),
    settings: Settings = Settings(),  # noqa: B008 (it is frozen)
) -> list[Lead]:
    """All leads of a run. ``without`` are sources that are no unit's own: the bureau's summary."""
    every = _Screens(store, forms, without, settings)
    return [one for run in (every.equal, every.copied, every.heaping, every.full, every.outliers) for one in run()]


def write(store: Store, forms: Forms, folder: str, *, without: Sequence[str] = ()) -> Text:
    """Write ``leads.json`` and ``leads.csv`` into ``folder``; the line that sums them up. Raises ``UsageError``."""
    leads = screen(store, forms, without=without)
    ran = [(name, _title(name), _limits(name)) for name in ("equal", "copied", "heaping", "full", "outliers")]
    text = json.dumps(document(leads, ran), ensure_ascii=False, indent=1) + "\n"
    write_paper(os.path.join(folder, "leads.json"), text)  # noqa: PTH118
    write_paper(os.path.join(folder, "leads.csv"), table_text(titles(), rows(leads)))  # noqa: PTH118
    count = {name: sum(one.screen == name for one in leads) for name, _, _ in ran}
    return tr(
        "Leads across units (where to look, no errors): {equal} equal figures, {copied} copied texts, {heaping} heaps "
        "at thresholds, {full} with full marks throughout, {outliers} outliers.",
        **count,
    )


def _title(name: str) -> Text:
    return {
        "equal": tr("Units with the same figures"),
        "copied": tr("The same words in several units"),
        "heaping": tr("Heaping just above a threshold"),
        "full": tr("Full marks for every indicator"),
        "outliers": tr("A share unlike that of the other units"),
    }[name]


def _limits(name: str) -> Text:
    return {
        "equal": tr(
            "A department and its only unit have the same figures rightly, and so has a unit that appears under two "
            "names. Amounts that many units have are passed over; so are copies in which most figures were changed."
        ),
        "copied": tr(
            "Units under one department may have been given the words, and a joint project is rightly described alike. "
            "A text that many units share is taken for a template; one that was reworded is not recognised."
        ),
        "heaping": tr(
            "Units that know the threshold work towards it, and prompting by the bureau does the same: that is what "
            "thresholds are for. The test says nothing of a single unit, and several thresholds are tested at once."
        ),
        "full": tr(
            "Some units reach every target. Whether full marks are supported by the unit's own figures is what the "
            "rules check; this only shows how common they are."
        ),
        "outliers": tr(
            "Units differ in their tasks: a single building project or a closed office does this. Only shares of a "
            "total are compared, over all units that filed the form, whatever their kind."
        ),
    }[name]
