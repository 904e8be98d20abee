"""Rules and packs, as written: what must hold, why, and on whose authority."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from checker.messages import Text
from checker.model.form import Form
from checker.model.scheme import Scheme, Source

__all__ = ["Dictionary", "Entry", "Pack", "Parameter", "Patch", "Rule", "Severity", "Source"]

_NO_TEXT: Final = Text("", "")


class Severity:
    ERROR: Final = "error"  # 错误: must be corrected
    WARNING: Final = "warning"  # 警告: correct or explain
    NOTE: Final = "note"  # 提示
    ORDER: Final = ("error", "warning", "note")


class Parameter(NamedTuple):
    """A number that authorities set: dated, with its reference. ``value`` is a Decimal (``120%`` is 1.2) or a text.

    A pack keeps the values of one name in the order of ``since`` (empty: from the beginning).
    """

    name: str
    value: Decimal | str
    unit: str
    source: Source
    since: str = ""
    until: str = ""
    title: Text = _NO_TEXT


class Entry(NamedTuple):
    """One line of an official list: a code, its name, and the years (``yyyy``, empty: open) in which it stands."""

    code: str
    name: str
    since: str = ""
    until: str = ""


class Dictionary(NamedTuple):
    """An official list of codes, from ``dictionaries/*.csv``: every edition of every code, in the order of the file."""

    name: str
    title: Text
    source: Source
    entries: tuple[Entry, ...]


class Rule(NamedTuple):
    """One rule. ``check`` is the validated mapping below ``check:``; its ``kind`` says who can compile it.

    ``follows`` names rules whose failure on the same cells explains this one's. ``origin`` is
    ``file:line:column``. ``written_for`` is the form that the rule was written about, where ``form`` is a kind of it.
    """

    id: str
    name: str
    pack: str
    form: str
    title: Text
    severity: str
    source: Source
    check: Mapping[str, object]
    message: Text | None = None
    rationale: Text | None = None
    remedy: Text | None = None
    catalogue: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    region: str = ""
    origin: str = ""
    written_for: str = ""
    #: What an explanation of its warning must name (``figure``, ``document``, ``period``); nothing: any one of them.
    explain: tuple[str, ...] = ()


class Patch(NamedTuple):
    """What a dated file did to rules of a pack. ``changes`` say it in words, ``rules`` are their ids and names;
    ``file`` is where it stands."""

    id: str
    title: Text
    published: str
    document: str
    approver: str
    until: str
    changes: tuple[Text, ...]
    rules: tuple[str, ...]
    file: str


class Pack(NamedTuple):
    """A rule pack, inherited parts included. ``digest`` is over the text of every file it was made from.

    Inherited forms and rules are the parent's own objects: their ``pack`` is the pack that wrote them.
    """

    id: str
    title: Text
    edition: str
    status: str
    digest: str
    forms: Mapping[str, Form]
    rules: tuple[Rule, ...]
    parameters: Mapping[str, tuple[Parameter, ...]]
    extends: tuple[str, ...] = ()
    prefix: str = ""
    #: Rules of parents that do not apply here, by id, with the reason given.
    retired: Mapping[str, Text] = {}
    remarks: tuple[Text, ...] = ()
    root: str = ""
    #: Forms of packs that stand beside this one in a submission: rules may refer to them, none of theirs is run here.
    beside: Mapping[str, Form] = {}
    schemes: Mapping[str, Scheme] = {}
    dictionaries: Mapping[str, Dictionary] = {}
    #: What was changed in it after it was written.
    patches: tuple[Patch, ...] = ()

    @property
    def every_form(self) -> Mapping[str, Form]:
        """The forms that rules may name: the pack's own, and those of the packs beside it."""
        return {**self.beside, **self.forms} if self.beside else self.forms

    def rules_about(self, form: str) -> Iterator[Rule]:
        """The rules about a form: its own, and those about the forms that it is a kind of, unless it retires them.
        Each is given as a rule of this form."""
        spec = self.forms.get(form)
        if spec is None:
            return
        for rule in self.rules:
            if spec.is_a(rule.form) and rule.id not in spec.retired:
                yield rule if rule.form == form else rule._replace(form=form, written_for=rule.form)

    def parameter_at(self, name: str, date: str) -> Parameter | None:
        """The parameter ``name`` as it stood on ``date`` (``yyyy-mm-dd``, or ``yyyy`` for the end of that year)."""
        day = f"{date}-12-31" if len(date) == 4 else date
        for parameter in reversed(self.parameters.get(name, ())):
            if parameter.since <= day:
                return parameter if not parameter.until or day <= parameter.until else None
        return None
