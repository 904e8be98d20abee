"""Plugins: the hooks (``specs``), who answers them (``manager``), and where they are found (``entry_points``).

A plugin is a module, or any object, with functions marked ``@checker.plugins.hookimpl``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pluggy

    hookimpl: pluggy.HookimplMarker

__all__ = ["hookimpl"]


def __getattr__(name: str) -> Any:
    """``hookimpl``, made when a plugin asks for it: a start without plugins does not import pluggy."""
    if name != "hookimpl":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pluggy import HookimplMarker

    return HookimplMarker("checker")
