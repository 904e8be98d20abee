"""What people say about findings: explanations, bound to what they were written for, and waivers."""

from collections.abc import Sequence
from typing import NamedTuple

from checker.messages import Text
from checker.model.fact import Problem

__all__ = ["Bound", "Explained", "Explanation", "Statements", "Waiver"]


class Bound(NamedTuple):
    """What an explanation was written for: the version of the rule, the difference (plain digits in ``unit``; empty
    where nothing was subtracted), and every operand by its label path, with its value in words."""

    version: str
    difference: str
    unit: str
    operands: tuple[tuple[str, str], ...]

    @property
    def limit(self) -> str:
        """The largest difference that is explained, with its unit; empty where nothing was subtracted."""
        return f"{self.difference.lstrip('-')} {self.unit}".rstrip() if self.difference else ""


class Explanation(NamedTuple):
    """An officer's words about one finding. ``bound`` is None where nobody knows for which figures they were meant.

    ``reason`` is a code of the lexicon; ``on`` a day (``yyyy-mm-dd``). Both and ``by`` may be empty.
    """

    finding: str
    rule: str
    bound: Bound | None
    text: str
    reason: str = ""
    by: str = ""
    on: str = ""


class Waiver(NamedTuple):
    """A finding that somebody in charge lets pass until a day. It is named by ``finding`` (its id), or by unit, year
    and label path."""

    rule: str
    approver: str
    reason: str
    until: str
    document: str = ""
    finding: str = ""
    unit: str = ""
    year: str = ""
    path: tuple[str, ...] = ()


class Explained(NamedTuple):
    """What was said about a finding, and why it does not count (None: it does). ``behind`` is an explanation that
    nobody asks for while a waiver is in force."""

    said: Explanation | Waiver
    refused: Text | None = None
    behind: Explanation | None = None

    @property
    def explanation(self) -> Explanation | None:
        """What an officer wrote, whether or not it is what lets the finding pass."""
        return self.said if isinstance(self.said, Explanation) else self.behind


class Statements(NamedTuple):
    """All that was said about the findings of one workbook, on the day ``today`` (``yyyy-mm-dd``). ``problems`` is what
    of it could not be read, ``own`` what was said for this very workbook, ``remarks`` (code and words) what a reader
    must know about where it comes from."""

    explanations: Sequence[Explanation]
    waivers: Sequence[Waiver]
    today: str
    problems: Sequence[Problem] = ()
    own: Sequence[Explanation | Waiver] = ()
    remarks: Sequence[tuple[str, Text]] = ()
