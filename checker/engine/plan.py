"""The rules of a pack, ready to run, and what is in force when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, partial

from checker.checks.subject import Answer, Compiled, Subject, answer
from checker.errors import CheckerError
from checker.messages import Text, listed, tr
from checker.model.outcome import Status
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
            return compiled._replace(run=partial(self._run, compiled))
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

    def _run(self, compiled: Compiled, subject: Subject) -> Iterable[Answer]:
        """The answers of a rule, if the parameters that it needs are in force."""
        if len(subject.parameters) < len(self.pack.parameters):
            reason = _not_in_force(compiled.rule, self.pack, self._kinds, subject)
            if reason is not None:
                return (answer(compiled.rule, subject, Status.INSUFFICIENT, (), reason=reason),)
        return compiled.run(subject)


def applies(rule: Rule, year: str) -> bool:
    """True if the rule is about forms of ``year`` (unknown year: the rule applies)."""
    if not year:
        return True
    return (not rule.since or rule.since[:4] <= year) and (not rule.until or year <= rule.until[:4])


def parameters_on(pack: Pack, year: str) -> dict[str, Decimal | str]:
    """The parameters in force at the end of ``year``, those that are not left out; the latest ones where the year is
    not known."""
    if not year:
        return {name: dated[-1].value for name, dated in pack.parameters.items()}
    values: dict[str, Decimal | str] = {}
    for name in pack.parameters:
        parameter = pack.parameter_at(name, year)
        if parameter is not None:
            values[name] = parameter.value
    return values


def _not_in_force(rule: Rule, pack: Pack, kinds: Mapping[str, CheckKind], subject: Subject) -> Text | None:
    """Why a rule cannot be run where one of its parameters is not in force; None where all are."""
    from checker.packs.named import parameters_of

    for name, dated in parameters_of(rule, pack, kinds).items():
        if name not in subject.parameters:
            periods = listed(f"{value.since or '…'} – {value.until or '…'}" for value in dated)
            return tr(
                "The parameter {name} is not in force in this year (it holds: {periods})", name=name, periods=periods
            )
    return None
