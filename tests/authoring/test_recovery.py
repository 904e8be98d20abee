"""From the blank workbooks alone a program proposes what the hand-written packs say of sums, rates and 其中 rows."""

import json
from pathlib import Path

import pytest

from .recovery import GOLDEN, measured, packs

WRITTEN = json.loads(Path(GOLDEN).read_text(encoding="utf-8"))


def test_every_pack_with_blank_forms_is_measured() -> None:
    assert sorted(WRITTEN) == packs()


@pytest.mark.slow
@pytest.mark.parametrize("pack", packs())
def test_as_much_is_recovered_and_nobody_accused(pack: str, stride: int) -> None:
    found, golden = measured(pack, stride), WRITTEN[pack]
    assert [found[key] for key in ("proposed", "relations", "recovered")] == [
        golden[key] for key in ("proposed", "relations", "recovered")
    ]
    assert [*found["missed"]] == [*golden["missed"]]
    assert found["accusing"].keys() <= golden["accusing"].keys()
    if stride == 1:
        assert [*found["accusing"]] == [*golden["accusing"]]
