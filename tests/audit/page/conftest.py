"""Pages to open in the browser."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from checker.audit.page import write_page

from ...browser import browser

__all__ = ["browser"]


@pytest.fixture(scope="session")
def documents() -> ModuleType:
    """The functions of ``documents.py``."""
    spec = importlib.util.spec_from_file_location("checker_page_documents", Path(__file__).with_name("documents.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def file(documents: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the run made by hand."""
    path = tmp_path_factory.mktemp("page") / "报告 #1.html"
    write_page(*documents.run(), path)
    return path
