"""What this program leaves in a workbook and beside it, by name: where people say something about its findings."""

from __future__ import annotations

from os.path import exists
from typing import Final

from checker.messages import LANGUAGES, tr
from checker.model.workbook import Workbook

__all__ = ["RECORD", "SIDECAR", "WAIVERS", "are_there", "is_own_name", "is_results_name"]

#: What the names of the files beside a workbook end in, behind the whole name of the workbook: explanations, waivers.
SIDECAR: Final = ".explanations.yaml"
WAIVERS: Final = ".waivers.yaml"
#: The sheet, hidden from the list of sheets, that keeps what marked cells looked like before.
RECORD: Final = "_checker"


def is_results_name(sheet: str) -> bool:
    """Whether a sheet is called as one of findings is, in any language."""
    return sheet.startswith(tuple(map(tr("Check results").render, LANGUAGES)))


def is_own_name(sheet: str) -> bool:
    """Whether a sheet is called as one of ours is, in any language."""
    return is_results_name(sheet) or sheet.startswith((RECORD, *map(tr("Score check").render, LANGUAGES)))


def are_there(path: str, workbook: Workbook) -> bool:
    """Whether there is any place where something may be said about the findings of the workbook at ``path``."""
    if any(is_results_name(sheet.name) or sheet.name.startswith(RECORD) for sheet in workbook.sheets):
        return True
    return exists(path + SIDECAR) or exists(path + WAIVERS)  # noqa: PTH110 - start-up time
