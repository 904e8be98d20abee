"""Files become ``Workbook``s: recognised by content, judged before they are believed, read in one pass."""

from __future__ import annotations

import os
import stat
from hashlib import sha256

from checker.model.workbook import Workbook
from checker.readers import limits
from checker.readers.refusals import refuse
from checker.readers.sniff import OLE, recognise

__all__ = ["open_workbook", "read_file", "workbook_in"]


def open_workbook(path: str | os.PathLike[str]) -> Workbook:
    """The workbook at ``path``, with its sheets still unread.

    Raises ``ReadError`` with a code of its own for everything that is not a readable workbook; reading a sheet
    may raise it too. The file is read once, nothing in it is run, nothing it points to is fetched.
    """
    name = os.fspath(path)
    return workbook_in(read_file(name), name)


def workbook_in(data: bytes, name: str) -> Workbook:
    """The workbook whose bytes are ``data``; ``name`` is what it is called. Raises as ``open_workbook``."""
    digest = sha256(data).hexdigest()
    if recognise(data, name) == OLE:
        from checker.readers.xls import open_xls

        return open_xls(name, data, digest)
    from checker.readers.xlsx import open_xlsx

    return open_xlsx(name, data, digest)


def read_file(path: str) -> bytes:
    """The bytes of a file that may be a workbook. Raises ``ReadError``."""
    try:
        status = os.stat(path)  # noqa: PTH116 - pathlib costs start-up time and gives nothing here
        if not stat.S_ISREG(status.st_mode):
            raise refuse("NOT_A_FILE", path)
        if status.st_size > limits.MAX_FILE_BYTES:
            raise refuse("FILE_TOO_LARGE", path, limit=limits.MAX_FILE_BYTES // limits.MIB)
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read(limits.MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise refuse("FILE_MISSING", path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse("FILE_UNREADABLE", path, reason=reason) from error
