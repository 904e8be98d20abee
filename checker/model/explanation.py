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
    """What was said about a finding, and why it does not count (None: it does)."""

    said: Explanation | Waiver
    refused: Text | None = None


class Statements(NamedTuple):
    """All that was said about the findings of one workbook, on the day ``today`` (``yyyy-mm-dd``). ``problems`` is what
    of it could not be read, ``own`` those explanations that were written for this very workbook."""

    explanations: Sequence[Explanation]
    waivers: Sequence[Waiver]
    today: str
    problems: Sequence[Problem] = ()
    own: Sequence[Explanation] = ()
