"""``pytest --checker-pack DIR``: the cases of rule packs as tests, without a line of Python.

pytest loads this module wherever the program is installed, so it imports nothing until the option is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.testing import PackTest

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The hook of pytest."""
    parser.getgroup("checker", "rule packs").addoption(
        "--checker-pack",
        action="append",
        default=[],
        metavar="DIR",
        help="test the rule packs in DIR: that they load, lint, and each case, as an item of its own (repeatable)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """The hook of pytest: the items of packs come after those of files, and ``-k`` and ``-m`` choose among both."""
    if folders := config.getoption("checker_pack"):
        items.extend(_items(session, folders))


def _items(session: pytest.Session, folders: list[str]) -> Iterator[pytest.Item]:
    from checker.errors import CheckerError
    from checker.testing import items_of

    try:
        tests = [*items_of(folders)]
    except CheckerError as error:
        raise pytest.UsageError(error.render()) from error
    for test in tests:
        yield _PackItem.from_parent(session, name=test.name, nodeid=f"checker-pack::{test.name}", test=test)


class _PackItem(pytest.Item):
    def __init__(self, *, test: PackTest, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self._test = test

    def runtest(self) -> None:
        if faults := self._test.faults():
            pytest.fail("\n".join(faults), pytrace=False)

    def reportinfo(self) -> tuple[str, None, str]:
        return "", None, self.name
