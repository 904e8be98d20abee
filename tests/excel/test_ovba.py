"""[MS-OVBA]: compression against the examples of the specification and an independent reader; records of ``dir``."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.excel.ovba import BrokenSourceError, Record, compress, decompress, read_dir, write_dir

SOURCES = Path(__file__).parents[2] / "checker" / "excel" / "CheckerRibbon.bas"
#: [MS-OVBA] 3.2: no compression, normal, maximum.
EXAMPLES = {
    b"abcdefghijklmnopqrstuv.": "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E",
    b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa": (
        "012FB00023616161626364658266007061676869 6A013808616B6C00306D6E6F700671027004107273747576107778797A003C"
    ),
    b"a" * 73: "0103B002614500",
}
LINES = st.lists(
    st.sampled_from(["Dim a As Long\r\n", "End Sub\r\n", "  x = 1\r\n", "'\r\n"]) | st.text(), max_size=800
)


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_of_the_specification(text: bytes) -> None:
    packed = bytes.fromhex(EXAMPLES[text])
    assert decompress(packed) == text
    assert len(compress(text)) <= len(packed)
    assert decompress(compress(text)) == text


@pytest.mark.parametrize("text", [b"abcdefghijklmnopqrstuv.", b"a" * 73])
def test_plain_examples_come_out_byte_by_byte(text: bytes) -> None:
    assert compress(text) == bytes.fromhex(EXAMPLES[text])


@settings(max_examples=100, deadline=None)
@given(LINES.map(lambda lines: "".join(lines).encode()))
def test_source_comes_back(text: bytes) -> None:
    assert decompress(compress(text)) == text


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=3600))
def test_any_bytes_come_back(text: bytes) -> None:
    assert decompress(compress(text)) == text


@pytest.mark.parametrize("size", [4095, 4096, 4097, 8192, 20_000])
def test_ends_of_chunks(size: int) -> None:
    text = (SOURCES.read_bytes() * 20)[:size]
    assert decompress(compress(text)) == text


def test_what_cannot_be_compressed_is_stored_whole_or_refused() -> None:
    import random

    noise = random.Random(1).randbytes(4096)
    assert decompress(compress(noise + b"end")) == noise + b"end"
    with pytest.raises(ValueError, match="longer"):
        compress(noise[:4000])


@settings(max_examples=40, deadline=None)
@given(LINES.map(lambda lines: "".join(lines).encode()))
def test_others_read_what_is_written(text: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        olevba = pytest.importorskip("oletools.olevba")
    assert bytes(olevba.decompress_stream(bytearray(compress(text)))) == text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | st.binary(max_size=40).map(lambda rest: b"\x01\x10\xb0" + rest))
def test_damage_ends_in_one_kind_of_error(data: bytes) -> None:
    for read in (decompress, read_dir):
        with contextlib.suppress(BrokenSourceError):
            read(data)


@given(st.lists(st.tuples(st.integers(0x10, 0x60), st.binary(max_size=50)).map(lambda pair: Record(*pair))))
def test_records_come_back(records: list[Record]) -> None:
    assert read_dir(write_dir(records)) == records


def test_the_record_with_the_odd_size() -> None:
    version = bytes.fromhex("0900 04000000 83f7ee61 0300 1000 00000000".replace(" ", ""))
    assert read_dir(version) == [Record(9, bytes.fromhex("83f7ee610300")), Record(0x10, b"")]
    assert write_dir(read_dir(version)) == version
