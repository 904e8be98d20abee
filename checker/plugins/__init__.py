"""Plugins: the hooks (``specs``), who answers them (``manager``), and where they are found (``entry_points``).

A plugin is a module, or any object, with functions marked ``@checker.plugins.hookimpl``.
"""

import pluggy

__all__ = ["hookimpl"]

hookimpl = pluggy.HookimplMarker("checker")
