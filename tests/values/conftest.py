from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from checker.values.lexicon import Lexicon

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    with (RULES / "lexicon.yaml").open(encoding="utf-8") as file:
        return Lexicon(yaml.load(file, yaml.BaseLoader))
