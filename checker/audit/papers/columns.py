"""The columns of the working paper: title and width of each, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from checker.messages import Text, tr

__all__ = ["RECORDED", "VALUE", "Column", "blocks", "findings", "opened", "rules", "scores"]

Column = tuple[Text, int]
#: Where the recomputation holds the figure in use and the figure recorded.
VALUE: Final = 6
RECORDED: Final = 8


def findings() -> Iterator[Column]:
    """One line for each finding."""
    yield from (
        (tr("No."), 7),
        (tr("Unit name"), 24),
        (tr("Year"), 7),
        (tr("File"), 28),
        (tr("Severity"), 8),
        (tr("Place"), 20),
        (tr("Problem"), 44),
        (tr("Actual"), 15),
        (tr("Expected"), 15),
        (tr("Difference"), 14),
        (tr("Tolerance"), 10),
        (tr("Measured in"), 8),
        (tr("Source"), 26),
        (tr("Suggestion"), 30),
        (tr("Explanation"), 24),
        (tr("Rule id"), 11),
        (tr("Recomputation"), 8),
        (tr("Finding id"), 14),
    )


def blocks() -> Iterator[Column]:
    """Figures, sides and verdict of a recomputation, below one another."""
    yield from (
        (tr("No."), 9),
        (tr("Item"), 10),
        (tr("Label path, or formula"), 52),
        (tr("Cell"), 26),
        (tr("As typed"), 16),
        (tr("Figure"), 18),
        (tr("Measured in"), 8),
        (tr("As recorded"), 18),
        (tr("Comparison"), 14),
    )


def scores() -> Iterator[Column]:
    """One line for each indicator that claims marks."""
    yield from (
        (tr("Unit name"), 24),
        (tr("Year"), 7),
        (tr("File"), 28),
        (tr("Indicator"), 36),
        (tr("Full marks"), 9),
        (tr("Claimed"), 9),
        (tr("Recomputed"), 9),
        (tr("Possible"), 14),
        (tr("Result"), 10),
        (tr("With numbers"), 36),
        (tr("Reason"), 40),
        (tr("Place"), 20),
    )


def opened() -> Iterator[Column]:
    """One line for each thing that was not read or not checked."""
    yield from (
        (tr("Unit name"), 24),
        (tr("Year"), 7),
        (tr("File"), 34),
        (tr("Rule or code"), 22),
        (tr("What was not checked"), 70),
        (tr("Place"), 22),
    )


def rules() -> Iterator[Column]:
    """One line for each rule."""
    yield from (
        (tr("Rule id"), 11),
        (tr("Rule pack"), 20),
        (tr("Edition"), 9),
        (tr("Rule title"), 50),
        (tr("Severity"), 8),
        (tr("Source"), 40),
        (tr("Article"), 18),
        (tr("Suggestion"), 40),
        (tr("Catalogue"), 16),
        (tr("Findings"), 9),
    )
