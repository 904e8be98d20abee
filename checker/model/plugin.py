"""What a plugin hands over: rule packs, kinds of checks, functions, report formats, commands.

Plain data, so that a plugin can be written and tested without the program; tuples, because every start of the
program defines them and a dataclass costs a millisecond. The hooks that ask for them are in ``checker.plugins.specs``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checker.messages import Text

if TYPE_CHECKING:
    from pathlib import Path

    from checker.model.report import Report

__all__ = ["CheckKind", "Command", "Function", "PackSource", "Reference", "ReportFormat", "ScoreKind"]

_NO_TEXT: Final = Text("", "")


class PackSource(NamedTuple):
    """Where rule packs come from: ``root`` is a pack folder (it holds ``pack.yaml``) or a folder of pack folders.

    ``origin`` says who brought it, as shown to users: ``built-in``, ``folder``, or a distribution and its version.
    """

    name: str
    root: "Path"
    origin: str

    @classmethod
    def from_package(cls, package: str, folder: str = "rules") -> "PackSource":
        """The packs below ``folder`` of an importable package: all that a distribution of YAML has to say."""
        from importlib import import_module
        from pathlib import Path

        file = import_module(package).__file__
        if file is None:
            raise ImportError(f"package {package} has no folder of its own", name=package)
        return cls(package, Path(file).parent / folder, package)


class Reference(NamedTuple):
    """Something that a check names: ``path`` is where below ``check:`` it is written.

    Set ``formula`` for a text in the formula language, or ``table`` with ``row`` and ``column`` as far as named
    (empty: not named). ``form`` is empty for the rule's own form.
    """

    path: tuple[str | int, ...]
    formula: str = ""
    form: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    parameter: str = ""


class CheckKind(NamedTuple):
    """A shape of rule (``sum``, ``rate`` …), chosen by ``kind`` below ``check:``.

    ``schema`` is a JSON Schema for the mapping below ``check:``; ``kind`` and ``x-`` keys are added to it and all
    else that it does not name is refused. ``compile`` makes the rule runnable; its arguments are the engine's.
    ``references`` lists what the mapping names, for ``checker rules lint``.
    """

    name: str
    schema: Mapping[str, object]
    compile: Callable[..., Any]
    references: Callable[[Mapping[str, object]], Iterable[Reference]] | None = None
    doc: Text = _NO_TEXT
    #: What its messages may hold in braces beyond what every message may.
    placeholders: tuple[str, ...] = ()


class ScoreKind(NamedTuple):
    """A way to give marks (``ladder``, ``linear`` …), chosen by ``kind`` in a scoring standard.

    ``award`` takes a ``checker.scoring.ground.Ground`` (full marks, terms, the measure) and gives an ``Award``; it may
    raise ``checker.scoring.ground.Unscored`` to say why no marks can be given. ``judgement``: a person decides; the
    standard only bounds what is possible.
    """

    name: str
    award: Callable[..., Any]
    judgement: bool = False
    doc: Text = _NO_TEXT


class Function(NamedTuple):
    """A function for formulas. ``arity`` is the least and the greatest number of arguments (None: any)."""

    name: str
    arity: tuple[int, int | None]
    evaluate: Callable[..., Any]
    doc: Text = _NO_TEXT


class ReportFormat(NamedTuple):
    """A way to write a report. ``render`` takes the report and a language (``zh`` or ``en``)."""

    name: str
    suffix: str
    render: Callable[["Report", str], str]
    doc: Text = _NO_TEXT


class Command(NamedTuple):
    """A further command. ``run`` takes the words after its name and gives the exit code."""

    name: str
    help: Text
    run: Callable[[list[str]], int]
