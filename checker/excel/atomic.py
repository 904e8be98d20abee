"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(target: Path, content: bytes) -> None:
    """Put ``content`` in the place of ``target``. Raises ``OSError``; ``target`` is then what it was."""
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with draft.open("xb") as file:
            file.write(content)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
