"""A store of a dozen real samples, and one of any number of workbooks made of them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from checker.session import Session

pytest.importorskip("duckdb", reason="extra audit")


def _filling() -> ModuleType:
    name = "checker_audit_filling"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("filling.py"))
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def filling() -> ModuleType:
    """The functions of ``filling.py``."""
    return _filling()


@pytest.fixture(scope="session")
def session() -> Session:
    return Session()


@pytest.fixture(scope="session")
def store_folder(tmp_path_factory: pytest.TempPathFactory, session: Session, filling: ModuleType) -> Path:
    """``OUT`` with the store of a dozen real samples. Only for reading."""
    folder: Path = filling.sample_store(tmp_path_factory.mktemp("samples"), session)
    return folder


@pytest.fixture(scope="session")
def synthetic_store(store_folder: Path, filling: ModuleType) -> Callable[..., Path]:
    """``synthetic_store(folder, workbooks=20000)``: a store of so many workbooks, made by SQL."""

    def make(folder: Path, workbooks: int = 20_000, parts: int = 20) -> Path:
        made: Path = filling.synthetic_store(folder, workbooks, parts=parts, sample=store_folder)
        return made

    return make
