"""The example pack of ``town``, once for all tests: whatever is read from another folder is compiled anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from .town import write


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("town"))
