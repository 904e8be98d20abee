"""Everything that can go wrong in a way a user can mend, as one small tree of exceptions.

An error says what is wrong (``message``), where (``where``) and what to do (``hint``), in both
languages, and carries a ``code`` that programs and tests hold on to.
"""

from __future__ import annotations

from checker.messages import Text

__all__ = ["CheckerError", "PackError", "ReadError", "UsageError"]


class CheckerError(Exception):
    """A failure with a code, a message, a place and advice. Shown as one line, never as a traceback.

    ``code`` is upper case words joined by ``_`` and never changes its meaning.
    ``where`` is ``file``, ``file!sheet!cell`` or ``file:line:column``.
    """

    #: The process exit code that this kind of failure leads to (see README, "Exit codes").
    exit_code = 2

    def __init__(self, code: str, message: Text, hint: Text | None = None, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.hint = hint
        self.where = where

    def __reduce__(self) -> tuple[type[CheckerError], tuple[str, Text, Text | None, str]]:
        """By its arguments, so that it gets from one process to another."""
        return type(self), (self.code, self.message, self.hint, self.where)

    def render(self, language: str = "zh") -> str:
        """One line: place, what is wrong, what to do."""
        parts = [self.message.render(language)]
        if self.hint is not None:
            parts.append(self.hint.render(language))
        line = (" " if language == "en" else "").join(parts)
        return f"{self.where}: {line} [{self.code}]" if self.where else f"{line} [{self.code}]"

    def __str__(self) -> str:
        return self.render("en")


class UsageError(CheckerError):
    """The command was called in a way that cannot work."""


class PackError(CheckerError):
    """A rule pack (form, checks, parameters, cases) is wrong; ``where`` is ``file:line:column``."""


class ReadError(CheckerError):
    """A workbook could not be read, so nothing in it was checked."""

    exit_code = 3
