"""A pack in the making: first what its parents bring and the packs beside it show, then what it writes itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checker.errors import CheckerError, PackError
from checker.messages import Text, tr
from checker.model.form import Form
from checker.model.rule import Dictionary, Pack, Parameter, Rule
from checker.model.scheme import Scheme
from checker.packs.schema import suggest

__all__ = ["Built", "Draft", "twice"]

T = TypeVar("T")
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Built:
    """A pack, with what its children need: its forms as written."""

    pack: Pack
    raw_forms: Mapping[str, Raw]


@dataclass(slots=True)
class Draft:
    """What a pack has so far."""

    forms: dict[str, Form] = field(default_factory=dict)
    raw_forms: dict[str, Raw] = field(default_factory=dict)
    beside: dict[str, Form] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    parameters: dict[str, tuple[Parameter, ...]] = field(default_factory=dict)
    dictionaries: dict[str, Dictionary] = field(default_factory=dict)
    schemes: dict[str, Scheme] = field(default_factory=dict)
    retired: dict[str, Text] = field(default_factory=dict)
    remarks: dict[Text, None] = field(default_factory=dict)

    def inherit(self, parents: Iterable[Built], where: str, errors: list[CheckerError]) -> None:
        """Take over all that ``parents`` hold."""
        for parent in parents:
            pack = parent.pack
            _take(tr("form"), self.forms, pack.forms, where, errors)
            _take(tr("form"), self.beside, pack.beside, where, errors)
            _take(tr("parameter"), self.parameters, pack.parameters, where, errors)
            _take(tr("dictionary"), self.dictionaries, pack.dictionaries, where, errors)
            _take(tr("scoring standard"), self.schemes, pack.schemes, where, errors)
            self.raw_forms.update(parent.raw_forms)
            self.rules.update({rule.id: rule for rule in pack.rules})
            self.retired.update(pack.retired)
            self.remarks.update(dict.fromkeys(pack.remarks))

    def stand_beside(self, others: Iterable[Pack], where: str, errors: list[CheckerError]) -> None:
        """Let rules name the forms of ``others``."""
        for other in others:
            _take(tr("form"), self.beside, other.forms, where, errors)

    def retire(self, rule: str, reason: Text, where: str, errors: list[CheckerError]) -> None:
        """Leave out a rule that a parent brought."""
        if rule in self.rules:
            del self.rules[rule]
            self.retired[rule] = reason
        else:
            errors.append(
                PackError(
                    "RULE_UNKNOWN",
                    tr("No parent pack has a rule {rule}.", rule=rule),
                    suggest(rule, self.rules) or tr("Look the id up with: {command}", command="checker rules list"),
                    where,
                )
            )


def _take(what: Text, mine: dict[str, T], theirs: Mapping[str, T], where: str, errors: list[CheckerError]) -> None:
    """Take over what one more pack brings; two may share a thing but not each bring one of its name."""
    for name, value in theirs.items():
        if mine.setdefault(name, value) != value:
            message = tr("Two packs bring a {what} {name} of their own.", what=what, name=name)
            hint = tr("Extend only one of the two, or have it renamed in one.")
            errors.append(PackError("PARENTS_CLASH", message, hint, where))


def twice(what: Text, name: str, other: str, where: str) -> PackError:
    """The mistake of a name or an id used a second time; ``other`` is where it is first."""
    return PackError(
        "NAME_TWICE",
        tr("There is a {what} {name} already, at {other}.", what=what, name=name, other=other),
        tr("Names and ids are never used twice."),
        where,
    )
