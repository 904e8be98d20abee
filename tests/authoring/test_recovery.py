"""From the blank workbooks alone a program proposes what the hand-written packs say of sums, rates and 其中 rows."""

import importlib.util
import json
from pathlib import Path

import pytest


@pytest.mark.slow
def test_as_much_is_recovered_as_before() -> None:
    path = Path(__file__).parent / "recovery.py"
    spec = importlib.util.spec_from_file_location("recovery", path)
    assert spec is not None and spec.loader is not None
    recovery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recovery)
    golden = json.loads(recovery.GOLDEN.read_text(encoding="utf-8"))
    found = recovery.main()
    assert {pack: counts["relations"] for pack, counts in found.items()} == {
        pack: counts["relations"] for pack, counts in golden["counts"].items()
    }
    fewer = {p: found[p]["recovered"] for p, c in golden["counts"].items() if found[p]["recovered"] < c["recovered"]}
    assert fewer == {}
