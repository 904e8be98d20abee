"""Inside Excel: the ribbon add-in, how it is made and installed, and what its buttons do.

Nothing here is imported by a plain check, and ``xlwings`` only by what talks to a running Excel: importing it has
effects of its own. Only its BSD part is used.
"""

from __future__ import annotations

__all__ = ["main"]


def main(action: str) -> int:
    """What a button of the ribbon asks for: the add-in runs ``from checker.excel import main;main('<action>')``.

    ``action`` is one of ``checker.excel.ribbon.ACTIONS``; the workbook is named in ``sys.argv`` as xlwings does.
    """
    from checker.excel.entry import main as run

    return run(action)
