"""Compile the rules of a pack once, for all workbooks: rules by form, ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from checker.checks.subject import Compiled
from checker.errors import CheckerError
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["Plan", "applies", "parameters_on", "plan"]


@dataclass(frozen=True)
class Plan:
    """A pack ready to run. ``broken`` are rules that could not be compiled, with the reason: each is shown."""

    pack: Pack
    by_form: Mapping[str, tuple[Compiled, ...]]
    rules: Mapping[str, Rule]
    broken: Mapping[str, CheckerError]


def plan(pack: Pack, kinds: Mapping[str, CheckKind]) -> Plan:
    """Compile every rule of ``pack``; one that cannot be compiled is kept as broken and costs nobody else."""
    by_form: dict[str, list[Compiled]] = {name: [] for name in pack.forms}
    broken: dict[str, CheckerError] = {}
    for rule in pack.rules:
        kind = kinds.get(str(rule.check["kind"]))
        try:
            if kind is None:
                raise CheckerError("KIND_UNKNOWN", tr("The kind of check {kind} is not known", kind=rule.check["kind"]))
            by_form[rule.form].append(kind.compile(rule, pack))
        except CheckerError as error:
            broken[rule.id] = error
        except Exception as error:  # a kind from a plugin may fail in any way; the rule is shown as broken
            broken[rule.id] = CheckerError(
                "RULE_BROKEN",
                tr(
                    "Rule {rule} could not be prepared: {error}",
                    rule=rule.id,
                    error=f"{type(error).__name__}: {error}",
                ),
                where=rule.origin,
            )
    return Plan(pack, {k: tuple(v) for k, v in by_form.items()}, {r.id: r for r in pack.rules}, broken)


def applies(rule: Rule, year: str) -> bool:
    """True if the rule is about forms of ``year`` (unknown year: the rule applies)."""
    if not year:
        return True
    return (not rule.since or rule.since[:4] <= year) and (not rule.until or year <= rule.until[:4])


def parameters_on(pack: Pack, year: str) -> dict[str, Decimal | str]:
    """The parameters in force at the end of ``year``; the latest ones where the year is not known."""
    day = f"{year}-12-31" if year else "9999-12-31"
    values: dict[str, Decimal | str] = {}
    for name, dated in pack.parameters.items():
        in_force = [p for p in dated if p.since <= day and (not p.until or day <= p.until)]
        chosen = max(in_force, key=lambda p: p.since, default=None) or min(dated, key=lambda p: p.since, default=None)
        if chosen is not None:
            values[name] = chosen.value
    return values
