"""What can be said of scoring standards before any workbook is seen: names that the form does not have, steps that
nothing reaches, bands with gaps, full marks that do not add up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from checker.formula import tree
from checker.formula.error import FormulaError
from checker.formula.parser import parse
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.rule import Pack
from checker.model.scheme import Criterion, Scheme, number_or_name
from checker.packs.diagnostic import Diagnostic, unknown
from checker.packs.lint_names import NameCheck
from checker.packs.named import strings
from checker.packs.schema import suggest
from checker.packs.scoring import formulas_of
from checker.packs.strict_yaml import Located, load_yaml
from checker.packs.strict_yaml import Path as Place

__all__ = ["lint_schemes", "names_used", "names_used_by"]

_NUMBERS: Final = ("target", "per", "step", "lowest", "each")
_WORDS: Final = frozenset({"full", "proportional"})
_SIGNS: Final = ("<=", ">=", "≤", "≥", "<", ">", "=")


def lint_schemes(pack: Pack, names: NameCheck, kinds: Collection[str] = ()) -> Iterator[Diagnostic]:
    """Remarks on the standards that ``pack`` wrote itself. ``kinds`` are the score kinds there are (none: any)."""
    for scheme in pack.schemes.values():
        if scheme.pack == pack.id:
            yield from _Linter(pack, scheme, names, kinds).remarks()
    for rule in pack.rules:
        name = rule.check.get("scheme")
        if rule.pack == pack.id and name is not None and name not in pack.schemes:
            yield unknown("SCHEME_UNKNOWN", tr("scoring standard"), str(name), pack.schemes, rule.origin)


def names_used(pack: Pack) -> Iterator[str]:
    """Names of parameters that standards use, and of whatever else in them could be one."""
    for scheme in pack.schemes.values():
        yield from names_used_by(scheme)


def names_used_by(scheme: Scheme) -> Iterator[str]:
    """The same of one standard."""
    yield from (str(value) for value in (scheme.total, *(grade.lowest for grade in scheme.grades)))
    for criterion in (*scheme.criteria, *([scheme.others] if scheme.others is not None else [])):
        yield str(criterion.full)
        for text in strings(criterion.terms):
            yield from (text, _number_part(text))
    for _, formula in formulas_of(scheme):
        try:
            nodes = [*tree.walk(parse(formula))]
        except FormulaError:
            continue
        yield from (node.name for node in nodes if isinstance(node, tree.Parameter))


def _number_part(comparison: str) -> str:
    sign = next((sign for sign in _SIGNS if comparison.startswith(sign)), "")
    return comparison[len(sign) :].strip()


class _Linter:
    def __init__(self, pack: Pack, scheme: Scheme, names: NameCheck, kinds: Collection[str]) -> None:
        file = scheme.origin.rsplit(":", 2)[0]
        self.pack = pack
        self.scheme = scheme
        self.names = names
        self.kinds = kinds
        self._day = ""
        self._document: Located = load_yaml(Path(file).read_bytes(), file)

    def remarks(self) -> Iterator[Diagnostic]:
        form = self.pack.forms.get(self.scheme.form)
        if form is None:
            return  # told when the pack was made
        yield from self._claims(form)
        yield from self._formulas(form)
        today = [*self._numbers()]
        yield from today
        for day in self._days():  # what parameters were before
            self._day = day
            for remark in self._numbers():
                if remark not in today:
                    message = tr("On {date}: {problem}", date=day, problem=remark.message)
                    yield replace(remark, message=message)
        self._day = ""

    def _numbers(self) -> Iterator[Diagnostic]:
        """What is amiss with the numbers of the standard as they stand on one day."""
        for index, criterion in enumerate(self.scheme.criteria):
            yield from self._criterion(criterion, ("criteria", index))
        if self.scheme.others is not None:
            yield from self._criterion(self.scheme.others, ("others",))
        yield from self._grades()
        yield from self._weights()

    def _days(self) -> list[str]:
        """Days on which a parameter that the standard uses took another value."""
        used = [self.pack.parameters[name] for name in {*names_used_by(self.scheme)} & self.pack.parameters.keys()]
        return sorted({value.since for values in used if len(values) > 1 for value in values if value.since})

    def _claims(self, form: Form) -> Iterator[Diagnostic]:
        claims = self.scheme.claims
        table = form.tables.get(claims.table)
        if table is None:
            yield self._unknown("TABLE_UNKNOWN", tr("table"), claims.table, form.tables, ("claims", "table"))
            return
        columns = [(("claims", key), getattr(claims, key)) for key in ("full", "claimed", "reason")]
        columns += [(("claims", "levels", index), name) for index, name in enumerate(claims.levels)]  # type: ignore[misc]
        for path, name in columns:
            if name and name not in table.columns:
                yield self._unknown("COLUMN_UNKNOWN", tr("column"), name, table.columns, path)
        rows = [*table.rows, *table.totals]
        if claims.total and claims.total not in rows:
            yield self._unknown("ROW_UNKNOWN", tr("row"), claims.total, rows, ("claims", "total"))
        if claims.grade and claims.grade not in form.fields:
            yield self._unknown("FIELD_UNKNOWN", tr("field"), claims.grade, form.fields, ("claims", "grade"))

    def _formulas(self, form: Form) -> Iterator[Diagnostic]:
        for path, formula in formulas_of(self.scheme):
            criterion = self.scheme.criteria[path[1]] if path[0] == "criteria" else self.scheme.others  # type: ignore[index]
            elsewhere = criterion is not None and bool(criterion.claimed)
            for remark in self.names.formula(formula, form, "" if elsewhere else self.scheme.claims.table):
                where = self._where(path) if remark.offset is None else self._document.inside(path, remark.offset)
                yield Diagnostic(remark.code, where, remark.message, remark.suggestion, remark.severity)

    def _criterion(self, criterion: Criterion, path: Place) -> Iterator[Diagnostic]:
        terms = criterion.terms
        if self.kinds and criterion.kind not in self.kinds:
            message = tr("There is no score kind {kind}.", kind=criterion.kind)
            yield Diagnostic(
                "SCORE_KIND_UNKNOWN", self._where((*path, "kind")), message, suggest(criterion.kind, self.kinds)
            )
        for key in _NUMBERS:
            if key in terms and criterion.kind != "indicator":
                yield from self._number(terms[key], (*path, key))
        if criterion.kind == "equal" and "otherwise" in terms:
            yield from self._number(terms["otherwise"], (*path, "otherwise"))
        if criterion.kind == "linear":
            yield from self._number(_number_part(str(terms["best"])), (*path, "best"))
        if criterion.kind == "ladder":
            yield from self._ladder(criterion, (*path, "steps"))
        if isinstance(bands := terms.get("bands"), list):
            yield from self._bands(bands, (*path, "bands"))

    def _number(self, value: object, path: Place) -> Iterator[Diagnostic]:
        """A number, or a parameter that there is."""
        name = number_or_name(value)
        if isinstance(name, str) and name not in _WORDS and name not in self.pack.parameters:
            yield self._unknown("PARAMETER_UNKNOWN", tr("parameter"), name, self.pack.parameters, path)

    def _ladder(self, criterion: Criterion, path: Place) -> Iterator[Diagnostic]:
        written = criterion.terms["steps"]
        assert isinstance(written, Sequence)
        found: list[Diagnostic] = []
        for index, step in enumerate(written):
            if "otherwise" not in step:
                found.extend(self._number(_number_part(step["when"]), (*path, index, "when")))
            found.extend(self._number(step.get("marks", step.get("otherwise")), (*path, index)))
        yield from found
        full = self._value(criterion.full)
        steps = [self._step(step, full) for step in written]
        if found or any(step is None for step in steps):
            return
        yield from self._reached([step for step in steps if step is not None], full, path)

    def _reached(
        self, steps: Sequence[tuple[str, Decimal, Decimal | None]], full: Decimal | None, path: Place
    ) -> Iterator[Diagnostic]:
        edges = sorted({number for sign, number, _ in steps if sign})
        if not edges:
            return
        points = [edges[0] - 1, *edges, *((one + other) / 2 for one, other in pairwise(edges)), edges[-1] + 1]
        points.sort()
        first = [next((at for at, step in enumerate(steps) if _holds(step, point)), None) for point in points]
        for index in sorted({*range(len(steps))} - {at for at in first if at is not None}):
            yield Diagnostic("STEP_UNREACHABLE", self._where((*path, index)), tr("No value reaches this step."))
        if None in first:
            point = points[first.index(None)]
            message = tr("No step covers {value}.", value=format(point.normalize(), "f"))
            yield Diagnostic("STEP_GAP", self._where(path), message, tr("Add a last step with “otherwise”."))
        marks = [steps[at][2] for at in first if at is not None]
        known = [one for one in marks if one is not None]
        if len(known) == len(marks) and not _one_peak(known):
            message = tr("The marks of these steps go up and down more than once.")
            yield Diagnostic("STEP_ORDER", self._where(path), message, severity="warning")
        for index, (_, _, earned) in enumerate(steps):
            if full is not None and earned is not None and earned > full:
                message = tr("A step earns more than the full marks, {full}.", full=full)
                yield Diagnostic("MARKS_ABOVE_FULL", self._where((*path, index)), message)

    def _step(self, step: Mapping[str, Any], full: Decimal | None) -> tuple[str, Decimal, Decimal | None] | None:
        """Sign (none: whatever is left), number and marks of a step; None if its number is not known."""
        if "otherwise" in step:
            return "", Decimal(0), self._marks(step["otherwise"], full)
        number = self._value(number_or_name(_number_part(step["when"])))
        sign = next(sign for sign in _SIGNS if step["when"].startswith(sign))
        return None if number is None else (sign, number, self._marks(step["marks"], full))

    def _marks(self, value: object, full: Decimal | None) -> Decimal | None:
        if value == "full":
            return full
        number = self._value(number_or_name(value))
        if str(value).endswith("%"):
            return None if full is None or number is None else full * number
        return number

    def _value(self, value: Decimal | str | None) -> Decimal | None:
        """A number, or what the parameter of that name is on the day that is looked at (none: now)."""
        if isinstance(value, str):
            values = self.pack.parameters.get(value)
            then = self.pack.parameter_at(value, self._day) if self._day else values[-1] if values else None
            value = then.value if then is not None else None
        return value if isinstance(value, Decimal) else None

    def _bands(self, bands: Sequence[Mapping[str, Any]], path: Place) -> Iterator[Diagnostic]:
        found: list[tuple[Decimal, Decimal]] = []
        for index, band in enumerate(bands):
            unknown_names = [*self._number(band["from"], (*path, index, "from"))]
            unknown_names += self._number(band["to"], (*path, index, "to"))
            yield from unknown_names
            low, high = (self._value(number_or_name(band[key])) for key in ("from", "to"))
            if low is None or high is None:
                continue
            if not 0 <= low <= high <= 1:
                message = tr("A band goes from a lower to a higher share of full marks, between 0% and 100%.")
                yield Diagnostic("BAND_WRONG", self._where((*path, index)), message)
            found.append((low, high))
        ranges = sorted(set(found))
        for (_, high), (low, _) in pairwise(ranges):
            if low > high:
                message = tr("No band covers what lies between {low} and {high}.", low=high, high=low)
                yield Diagnostic("BAND_GAP", self._where(path), message, severity="warning")

    def _grades(self) -> Iterator[Diagnostic]:
        lowest = [self._value(grade.lowest) for grade in self.scheme.grades]
        for index, grade in enumerate(self.scheme.grades):
            yield from self._number(grade.lowest, ("grades", index, "lowest"))
        for index, (better, worse) in enumerate(pairwise(lowest)):
            if better is not None and worse is not None and worse >= better:
                message = tr("The grades do not stand in order, best first.")
                yield Diagnostic("GRADE_ORDER", self._where(("grades", index + 1)), message)

    def _weights(self) -> Iterator[Diagnostic]:
        yield from self._number(self.scheme.total, ("total",))
        full = [self._value(criterion.full) for criterion in self.scheme.criteria]
        known = [one for one in full if one is not None]
        total = self._value(self.scheme.total)
        if self.scheme.others is None and len(known) == len(full) and total is not None and sum(known) != total:
            message = tr("The full marks add up to {sum}, not to {total}.", sum=sum(known), total=total)
            yield Diagnostic("WEIGHTS_TOTAL", self._where(("total",)), message)

    def _unknown(self, code: str, what: Text, name: str, known: Collection[str], path: Place) -> Diagnostic:
        return unknown(code, what, name, known, self._where(path))

    def _where(self, path: Place) -> str:
        return self._document.where(path)


def _holds(step: tuple[str, Decimal, Decimal | None], value: Decimal) -> bool:
    sign, number, _ = step
    if not sign:
        return True
    if sign == "=":
        return value == number
    if sign in ("<=", "≤"):
        return value <= number
    if sign in (">=", "≥"):
        return value >= number
    return value < number if sign == "<" else value > number


def _one_peak(marks: Sequence[Decimal]) -> bool:
    """Whether marks rise to one height and fall from it (or only rise, or only fall)."""
    falling = False
    for one, other in pairwise(marks):
        if other < one:
            falling = True
        elif other > one and falling:
            return False
    return True
