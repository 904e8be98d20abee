"""Why a workbook cannot be marked: the findings are then given in a workbook of their own."""

from __future__ import annotations

from functools import cache

from checker.errors import CheckerError, UsageError
from checker.messages import Text, tr

__all__ = ["CannotMarkError", "cannot_mark", "no_marks"]


class CannotMarkError(CheckerError):
    """This workbook cannot be patched without loss. Nothing was written."""

    exit_code = 3


def cannot_mark(code: str, where: str, **parameters: object) -> CannotMarkError:
    """The error for ``code`` at ``where``, to be raised by the caller."""
    return CannotMarkError(code, _reasons()[code].fill(**parameters), where=where)


def no_marks(where: str) -> UsageError:
    """There is nothing to clear."""
    return UsageError(
        "NO_MARKS",
        tr("This workbook holds no marks of a check."),
        tr("Name a copy made by checker annotate."),
        where,
    )


@cache
def _reasons() -> dict[str, Text]:
    """Code → reason. A code never changes its meaning."""
    return {
        "MARK_CHANGED": tr("The workbook was changed after it was checked; check it again."),
        "MARK_OLD_FORMAT": tr("A workbook of the old format (.xls, .et) cannot be marked."),
        "MARK_SIGNED": tr("The workbook is digitally signed; marking it would break the signature."),
        "MARK_SIGNED_MACROS": tr(
            "The macros of the workbook are digitally signed; a changed copy would not be trusted."
        ),
        "MARK_SHARED": tr("The workbook is shared and keeps a log of changes, which marks would contradict."),
        "MARK_ENCODING": tr("The part {part} is not in UTF-8."),
        "MARK_TOO_LARGE": tr("The part {part} is larger than {limit} MiB."),
        "MARK_STRUCTURE": tr("The part {part} is not built as expected ({detail})."),
        "MARK_DIFFERS": tr("The marked copy did not read like the original ({detail}), so it was thrown away."),
    }
