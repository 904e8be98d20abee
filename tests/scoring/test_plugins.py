"""A plugin brings a way to give marks: it is asked, used like our own, and told when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from checker import scoring
from checker.model.plugin import ScoreKind
from checker.model.score import Standing
from checker.plugins.manager import Plugins
from checker.scoring.award import Award, one_of
from checker.scoring.ground import Ground


def _stars(ground: Ground) -> Award:
    marks = ground.full * ground.number(ground.terms["stars"]) / 5
    return Award(one_of([marks]), marks)


STARS = ScoreKind("stars", _stars)


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    asked = [*scoring._asked]
    yield
    scoring._asked[:] = asked


def test_a_plugins_kind_gives_marks(
    house: Any, table: Any, figures: Any, rows: list[Any], scheme: dict[str, Any]
) -> None:
    part = SimpleNamespace(checker_score_kinds=lambda: [STARS])
    plugins = Plugins((("checker.scoring", scoring), ("stars", part)))
    assert {"stars", "ladder"} <= {*plugins.score_kinds()}
    scoring.ask_for_kinds(plugins.score_kinds)
    scheme["criteria"][3] = {"name": "制度健全性", "full": 40, "kind": "stars", "stars": 4}
    one = house(scheme=scheme).indicator("制度健全性", table(*rows), figures())
    assert (one.standing, one.high, one.agrees) == (Standing.COMPUTED, 32, False)


def test_a_second_kind_of_one_name_is_a_failure() -> None:
    part = SimpleNamespace(checker_score_kinds=lambda: [ScoreKind("ladder", _stars)])
    plugins = Plugins((("checker.scoring", scoring), ("ladders", part)))
    assert plugins.score_kinds()["ladder"].award is not _stars
    assert [failure.code for failure in plugins.failures] == ["PLUGIN_CLASH"]
