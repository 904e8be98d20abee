"""The rules of a pack, ready to run, and what is in force when."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from checker.checks.subject import Compiled
from checker.errors import CheckerError
from checker.messages import tr
from checker.model.plugin import CheckKind
from checker.model.rule import Pack, Rule

__all__ = ["Plan", "applies", "parameters_on"]


class Plan:
    """A pack ready to run: its rules are compiled once, for all workbooks.

    Those about one form are compiled when the form is first met: a workbook holds few forms of its pack. ``broken`` are
    the rules among them that could not be compiled, by form and rule, with the reason: each is shown.
    """

    def __init__(self, pack: Pack, kinds: Mapping[str, CheckKind]) -> None:
        self.pack = pack
        self.broken: dict[tuple[str, str], CheckerError] = {}
        self._kinds = kinds
        self._about: dict[str, tuple[Compiled, ...]] = {}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules of the pack by id."""
        return {rule.id: rule for rule in self.pack.rules}

    def about(self, form: str) -> tuple[Compiled, ...]:
        """The rules about ``form``, ready to run: its own, and those about the forms that it is a kind of.

        One that cannot be compiled is broken and costs nobody else.
        """
        if form not in self._about:
            made = (self._compiled(rule) for rule in self.pack.rules_about(form))
            self._about[form] = tuple(compiled for compiled in made if compiled is not None)
        return self._about[form]

    def _compiled(self, rule: Rule) -> Compiled | None:
        table = rule.check.get("table")
        form = self.pack.forms[rule.form]
        if form.kinds_of and isinstance(table, str) and table not in form.tables:
            return Compiled(rule, lambda _: (), (table,))  # the form has nothing that such a rule is about
        kind = self._kinds.get(str(rule.check["kind"]))
        try:
            if kind is None:
                raise CheckerError("KIND_UNKNOWN", tr("The kind of check {kind} is not known", kind=rule.check["kind"]))
            compiled: Compiled = kind.compile(rule, self.pack)
            return compiled
        except CheckerError as error:
            self.broken[rule.form, rule.id] = error
        except Exception as error:  # a kind from a plugin may fail in any way; the rule is shown as broken
            self.broken[rule.form, rule.id] = CheckerError(
                "RULE_BROKEN",
                tr(
                    "Rule {rule} could not be prepared: {error}",
                    rule=rule.id,
                    error=f"{type(error).__name__}: {error}",
                ),
                where=rule.origin,
            )
        return None


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
