"""What is wrong with the text of a formula, and where in it."""

from __future__ import annotations

from checker.errors import PackError
from checker.messages import Text

__all__ = ["FormulaError"]


class FormulaError(PackError):
    """A formula that cannot be read. ``position`` and ``end`` are offsets into its text; the pack loader adds
    file and line as ``where``."""

    def __init__(
        self, code: str, position: int, end: int, message: Text, hint: Text | None = None, where: str = ""
    ) -> None:
        super().__init__(code, message, hint, where)
        self.position = position
        self.end = end
