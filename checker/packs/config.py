"""Folders of rule packs that a project names for whoever works in it: ``rule-paths`` in ``checker.toml``, or below
``[tool.checker]`` in ``pyproject.toml``.

The nearest of these files counts, in the working folder or above it up to the top of the repository. Where there is
none this costs a few looks at the file system and imports nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

from checker.errors import UsageError
from checker.messages import Text, tr

__all__ = ["rule_paths"]

_OWN, _SHARED = "checker.toml", "pyproject.toml"
_MENTIONED: Final = b"tool.checker"
_KEY: Final = "rule-paths"
_TOP: Final = ".git"


def rule_paths(start: str | None = None) -> tuple[str, ...]:
    """The folders, from the nearest file that says so, absolute. Raises ``UsageError`` for a file that is wrong."""
    for folder in _upwards(start):
        own, shared = os.path.join(folder, _OWN), os.path.join(folder, _SHARED)  # noqa: PTH118
        settings, tool = _read(own, b""), _read(shared, _MENTIONED)
        if tool is not None:
            tool = tool.get("tool", {}).get("checker")
        if settings is not None and tool is not None:
            message = tr("The settings stand in two files, here and in {other}.", other=_SHARED)
            raise UsageError("CONFIG_TWICE", message, tr("Keep them in one of the two."), own)
        if settings is not None:
            return _paths(settings, folder, own)
        if tool is not None:
            return _paths(tool, folder, shared)
    return ()


def _upwards(start: str | None) -> Iterator[str]:
    try:
        folder = os.path.abspath(start) if start is not None else os.getcwd()  # noqa: PTH100, PTH109
    except OSError:  # the working folder is gone
        return
    while True:
        yield folder
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder or os.path.exists(os.path.join(folder, _TOP)):  # noqa: PTH110, PTH118
            return
        folder = above


def _read(file: str, mentioned: bytes) -> dict[str, Any] | None:
    """The settings in a file; None if there is none, or if it does not hold ``mentioned``."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123
            content = opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _wrong(file, tr("This cannot be read: {problem}.", problem=error.strerror or str(error))) from error
    if mentioned not in content:
        return None
    import tomllib

    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise _wrong(file, tr("The TOML cannot be read: {problem}.", problem=error)) from error


def _paths(settings: Any, folder: str, file: str) -> tuple[str, ...]:
    example = tr("Write for instance {example}.", example=f'{_KEY} = ["rules"]')
    if not isinstance(settings, dict):
        raise _wrong(file, tr("The settings of checker must be a table."), example)
    for key in settings:
        if key != _KEY:
            raise _wrong(file, tr("There is no setting {name}.", name=key), example)
    paths = settings.get(_KEY, [])
    if not isinstance(paths, list) or not all(isinstance(path, str) and path for path in paths):
        raise _wrong(file, tr("{name} must be a list of folders.", name=_KEY), example)
    return tuple(os.path.normpath(os.path.join(folder, path)) for path in paths)  # noqa: PTH118


def _wrong(file: str, message: Text, hint: Text | None = None) -> UsageError:
    return UsageError("CONFIG_WRONG", message, hint, file)
