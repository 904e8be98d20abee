"""Who answers the hooks. A plugin that fails is named, with its distribution, and the rest goes on.

Nothing that a plugin does wrong is lost: it becomes one of ``failures``, which a report shows and which make the
exit code 3, because what a plugin did not contribute was not checked. The program's own parts answer the same hooks,
as functions of the hooks' names; they need no registering, so that pluggy is imported only where a plugin is installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from checker.errors import CheckerError
from checker.messages import Text, tr
from checker.model.plugin import CheckKind, Command, Function, PackSource, ReportFormat, ScoreKind
from checker.model.report import Report
from checker.model.workbook import Workbook
from checker.plugins import entry_points

if TYPE_CHECKING:
    import pluggy

__all__ = ["BUILT_IN", "PluginError", "PluginInfo", "Plugins", "load_plugins"]

BUILT_IN: Final = "built-in"
_DISTRIBUTION: Final = "jixiao-checker"
_HOOK: Final = "checker_"
_EVERYTHING: Final = "*"

T = TypeVar("T")


class PluginError(CheckerError):
    """A plugin could not be loaded or failed. ``where`` names it and its distribution."""

    exit_code = 3


class PluginInfo(NamedTuple):
    """A plugin as ``checker plugins`` lists it. ``origin`` is ``built-in``, ``installed`` or ``disabled``."""

    name: str
    distribution: str
    version: str
    origin: str
    hooks: tuple[str, ...]


_PROGRAM: Final = PluginInfo("checker", _DISTRIBUTION, "", BUILT_IN, ())


def load_plugins(
    built_in: Iterable[tuple[str, object]], *, path: Iterable[str] | None = None, disabled: str | None = None
) -> Plugins:
    """The program's own parts, then the installed plugins (on ``path``, default ``sys.path``).

    ``disabled`` are names of installed plugins to leave out, with commas between, ``*`` for all; by default
    ``CHECKER_DISABLE_PLUGINS``.
    """
    plugins = Plugins(built_in)
    listed = os.environ.get("CHECKER_DISABLE_PLUGINS", "") if disabled is None else disabled
    left_out = {name.strip() for name in listed.split(",")}
    for point in entry_points.find(None if path is None else [*path]):
        origin = "disabled" if point.name in left_out or _EVERYTHING in left_out else "installed"
        info = PluginInfo(point.name, point.distribution, point.version, origin, ())
        if origin == "disabled":
            plugins.disabled.append(info)
            continue
        try:
            plugin = point.load()
        except (Exception, SystemExit) as error:
            plugins.failures.append(_failure("PLUGIN_LOAD", info, tr("The plugin could not be loaded"), error))
        else:
            plugins.register(plugin, info)
    return plugins


class Plugins:
    """Registered plugins and what they contribute. ``failures`` grows as plugins are asked."""

    def __init__(self, built_in: Iterable[tuple[str, object]] = ()) -> None:
        self._built_in = dict(built_in)
        self._infos = {name: _info_of_own(name, part) for name, part in self._built_in.items()}
        self.disabled: list[PluginInfo] = []
        self.failures: list[CheckerError] = []
        self._score_kinds: Mapping[str, ScoreKind] | None = None

    @cached_property
    def _manager(self) -> pluggy.PluginManager:
        """Made when the first plugin is registered: importing pluggy takes longer than all else about plugins."""
        import pluggy

        from checker.plugins import specs

        manager = pluggy.PluginManager("checker")
        manager.add_hookspecs(specs)
        return manager

    def register(self, plugin: object, info: PluginInfo) -> None:
        """Add a plugin, or note why not: its name is taken, or it marks a hook that there is none of."""
        if info.name in self._infos:
            other = self._infos[info.name]
            self.failures.append(
                PluginError(
                    "PLUGIN_TWICE",
                    tr("There is a plugin of this name already, from {other}.", other=_called(other)),
                    tr("Uninstall one of the two, or disable it with CHECKER_DISABLE_PLUGINS."),
                    _called(info),
                )
            )
            return
        try:
            self._manager.register(plugin, info.name)
            self._manager.check_pending()
            self._refuse_wrappers(info.name)
        except Exception as error:
            if self._manager.has_plugin(info.name):
                self._manager.unregister(name=info.name)
            self.failures.append(_failure("PLUGIN_HOOK", info, tr("The plugin does not fit the hooks"), error))
            return
        hooks = tuple(sorted(hook.name for hook in self._manager.get_hookcallers(plugin) or ()))
        self._infos[info.name] = PluginInfo(info.name, info.distribution, info.version, info.origin, hooks)

    def _refuse_wrappers(self, name: str) -> None:
        for caller in self._manager.get_hookcallers(self._manager.get_plugin(name)) or ():
            if any(one.plugin_name == name and (one.wrapper or one.hookwrapper) for one in caller.get_hookimpls()):
                raise TypeError(f"{caller.name}: hook wrappers are not supported")

    def describe(self) -> tuple[PluginInfo, ...]:
        """Every plugin: the program's own first, then by name, the disabled last."""
        loaded = sorted(self._infos.values(), key=lambda info: (info.origin != BUILT_IN, info.name))
        return (*loaded, *sorted(self.disabled, key=lambda info: info.name))

    def rule_packs(self) -> tuple[PackSource, ...]:
        """Sources of packs, the program's own first."""
        return tuple(source for _, source in self._collect("checker_rule_packs", PackSource))

    def check_kinds(self) -> Mapping[str, CheckKind]:
        return self._named("checker_check_kinds", CheckKind)

    def score_kinds(self) -> Mapping[str, ScoreKind]:
        """Ways to give marks; asked once."""
        if self._score_kinds is None:
            self._score_kinds = self._named("checker_score_kinds", ScoreKind)
        return self._score_kinds

    def functions(self) -> Mapping[str, Function]:
        """Functions for formulas."""
        return self._named("checker_functions", Function)

    def report_formats(self, taken: Collection[str] = ()) -> Mapping[str, ReportFormat]:
        """Formats of plugins; none by a name in ``taken``, which are the program's own."""
        return self._named("checker_report_formats", ReportFormat, taken)

    def commands(self, taken: Collection[str] = ()) -> Mapping[str, Command]:
        """Commands of plugins; none by a name in ``taken``, which are the program's own."""
        return self._named("checker_commands", Command, taken)

    def open_workbook(self, path: str) -> Workbook | None:
        """The workbook, from the first plugin that reads files of its kind. Raises that plugin's ``ReadError``."""
        return self._first("checker_open_workbook", Workbook, path=path)

    def match_forms(self, workbook: Workbook) -> Mapping[str, str]:
        """The forms that plugins say sheets are, by the name of the sheet."""
        hook = "checker_match_form"
        if next(self._implementations(hook, ()), None) is None:
            return {}
        found = ((sheet.name, self._first(hook, str, workbook=workbook, sheet=sheet)) for sheet in workbook.sheets)
        return {sheet: form for sheet, form in found if form}

    def run_finished(self, report: Report, out: str = "") -> None:
        for _ in self._answers("checker_run_finished", {"report": report, "out": out}):
            pass

    def anybody_answers(self, hook: str) -> bool:
        """Whether anybody answers a hook."""
        return any(True for _ in self._implementations(hook, ()))

    def _named(self, hook: str, kind: type[T], taken: Collection[str] = ()) -> Mapping[str, T]:
        """What plugins contribute, by name; of two of one name the first, and a failure."""
        found: dict[str, Mapping[str, T]] = {}
        givers = dict.fromkeys(taken, _PROGRAM)
        for info, answer in self._sorted_answers(hook):
            for name, given in self._by_name(info, hook, kind, answer):
                if name not in givers:
                    found[name] = given
                    givers[name] = info
                    continue
                self.failures.append(
                    PluginError(
                        "PLUGIN_CLASH",
                        tr(
                            "{name} of {hook} is already given by {other}.",
                            name=name, hook=hook, other=_called(givers[name]),
                        ),
                        tr("Uninstall one of the two, or disable it with CHECKER_DISABLE_PLUGINS."),
                        _called(info),
                    )
                )  # fmt: skip
        return _Named(found)

    def _by_name(
        self, info: PluginInfo, hook: str, kind: type[T], answer: Any
    ) -> Iterator[tuple[str, Mapping[str, T]]]:
        """The names in one plugin's answer, each with where to look it up. The program's own parts may answer with a
        mapping, whose items come into being when they are looked up."""
        if info.origin == BUILT_IN and isinstance(answer, Mapping):
            yield from ((name, answer) for name in answer)
            return
        for item in self._items(info, hook, kind, answer):
            name: str = item.name  # type: ignore[attr-defined]
            yield name, {name: item}

    def _collect(self, hook: str, kind: type[T]) -> Iterator[tuple[PluginInfo, T]]:
        """Every item of every plugin's answer."""
        for info, answer in self._sorted_answers(hook):
            for item in self._items(info, hook, kind, answer):
                yield info, item

    def _sorted_answers(self, hook: str) -> Iterable[tuple[PluginInfo, Any]]:
        """The program's own answers first, then by the plugins' names."""
        return sorted(self._answers(hook, {}), key=lambda answer: (answer[0].origin != BUILT_IN, answer[0].name))

    def _items(self, info: PluginInfo, hook: str, kind: type[T], answer: Any) -> Iterator[T]:
        try:
            items = [*answer]
        except Exception as error:
            self.failures.append(_failure("PLUGIN_FAILED", info, tr("The plugin failed in {hook}", hook=hook), error))
            return
        for item in items:
            if not isinstance(item, kind):
                self.failures.append(_wrong(info, hook, kind, item))
            elif isinstance(item, Function) and not (item.name.isidentifier() and item.name == item.name.upper()):
                self.failures.append(_misnamed(info, item))
            else:
                yield item

    def _first(self, hook: str, kind: type[T], **arguments: object) -> T | None:
        for info, answer in self._answers(hook, arguments):
            if isinstance(answer, kind):
                return answer
            self.failures.append(_wrong(info, hook, kind, answer))
        return None

    def _answers(self, hook: str, arguments: Mapping[str, object]) -> Iterator[tuple[PluginInfo, Any]]:
        """What each plugin answers, None left out, in pluggy's order (``tryfirst``, then the last registered), and
        then the program's own parts.

        Each is asked by itself, so that one that fails costs the others nothing. A ``CheckerError`` is an answer
        to the user, not a failure of the plugin.
        """
        for name, function, wanted in self._implementations(hook, arguments):
            info = self._infos[name]
            try:
                answer = function(*(arguments[argument] for argument in wanted))
            except CheckerError:
                raise
            except (Exception, SystemExit) as error:
                failure = _failure("PLUGIN_FAILED", info, tr("The plugin failed in {hook}", hook=hook), error)
                if str(failure) not in map(str, self.failures):  # it may fail at every workbook
                    self.failures.append(failure)
                continue
            if answer is not None:
                yield info, answer

    def _implementations(
        self, hook: str, arguments: Iterable[str]
    ) -> Iterator[tuple[str, Callable[..., Any], Iterable[str]]]:
        """Whose function answers the hook, the function, and which arguments it takes: our own take them all."""
        if len(self._infos) > len(self._built_in):
            for implementation in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
                yield implementation.plugin_name, implementation.function, implementation.argnames
        for name, part in self._built_in.items():
            if function := getattr(part, hook, None):
                yield name, function, arguments


class _Named(Mapping[str, T]):
    """What is found under its name in one of several mappings."""

    def __init__(self, homes: Mapping[str, Mapping[str, T]]) -> None:
        self._homes = homes

    def __getitem__(self, name: str) -> T:
        return self._homes[name][name]

    def __contains__(self, name: object) -> bool:
        return name in self._homes

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)


def _info_of_own(name: str, part: object) -> PluginInfo:
    hooks = tuple(sorted(hook for hook in vars(part) if hook.startswith(_HOOK)))
    return PluginInfo(name, _DISTRIBUTION, "", BUILT_IN, hooks)


def _misnamed(info: PluginInfo, function: Function) -> PluginError:
    return PluginError(
        "PLUGIN_ANSWER",
        tr("No formula can call a function {name}.", name=function.name or "-"),
        tr("Its name must be one word, in capitals where it is Latin."),
        _called(info),
    )


def _wrong(info: PluginInfo, hook: str, kind: type[object], item: object) -> PluginError:
    return PluginError(
        "PLUGIN_ANSWER",
        tr(
            "{hook} must give {kind}, but the plugin gave {given}.",
            hook=hook, kind=kind.__name__, given=type(item).__name__,
        ),
        None,
        _called(info),
    )  # fmt: skip


def _failure(code: str, info: PluginInfo, what: Text, error: BaseException) -> PluginError:
    problem = f"{type(error).__name__}: {error}"
    return PluginError(
        code,
        tr("{what}: {problem}.", what=what, problem=problem),
        tr("Everything else goes on without it; update it, or disable it with CHECKER_DISABLE_PLUGINS."),
        _called(info),
    )


def _called(info: PluginInfo) -> str:
    return " ".join(filter(None, (info.name, f"({info.distribution}", info.version))) + ")"
