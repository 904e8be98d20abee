"""Compound files: what is written is read back, by us and by others, and keeps to every rule of [MS-CFB] we know."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from struct import unpack, unpack_from
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.excel.cfb import DamagedError, read_compound, write_compound

NAMES = st.text(st.characters(codec="utf-16-le", categories=("L", "N", "Pc")), min_size=1, max_size=15)


def distinct(storage: dict[str, Any]) -> bool:
    return len({name.upper() for name in storage}) == len(storage)


STREAMS = st.one_of(
    st.binary(max_size=200), st.integers(0, 20_000).map(lambda size: bytes(i % 251 for i in range(size)))
)
STORAGES = st.recursive(
    st.dictionaries(NAMES, STREAMS, max_size=12).filter(distinct),
    lambda below: st.dictionaries(NAMES, STREAMS | below, max_size=6).filter(distinct),
    max_leaves=12,
)


def check_strictly(data: bytes) -> None:
    """Every sector has one owner, every chain the length its size asks for, every tree of names is red and black."""
    assert len(data) % 512 == 0
    assert data[:8] == bytes.fromhex("d0cf11e0a1b11ae1")
    assert data[8:24] == bytes(16)
    assert unpack_from("<5H", data, 24) == (0x3E, 3, 0xFFFE, 9, 6)
    assert data[34:40] == bytes(6)
    directories, fats, directory, signature, limit, mini_fat, mini_fats, difat, difats = unpack_from("<9I", data, 40)
    assert (directories, signature, limit, difat, difats) == (0, 0, 4096, 0xFFFFFFFE, 0)
    slots = unpack_from("<109I", data, 76)
    assert all(slot == 0xFFFFFFFF for slot in slots[fats:])
    sectors = [data[at : at + 512] for at in range(512, len(data), 512)]
    fat = unpack(f"<{fats * 128}I", b"".join(sectors[slot] for slot in slots[:fats]))
    assert all(number == 0xFFFFFFFF for number in fat[len(sectors) :])
    owned = set(slots[:fats])
    assert all(fat[slot] == 0xFFFFFFFD for slot in owned)

    def chain(first: int) -> bytes:
        content = b""
        while first != 0xFFFFFFFE:
            assert first not in owned
            owned.add(first)
            content += sectors[first]
            first = fat[first]
        return content

    entries = chain(directory)
    nodes = [entries[at : at + 128] for at in range(0, len(entries), 128)]
    start, size = unpack_from("<IQ", nodes[0], 116)
    mini_stream = chain(start)
    assert -(-size // 512) * 512 == len(mini_stream)
    table = chain(mini_fat)
    assert len(table) == mini_fats * 512
    mini = unpack(f"<{len(table) // 4}I", table)
    mini_owned: set[int] = set()
    for node in nodes[1:]:
        kind = node[66]
        begin, length = unpack_from("<IQ", node, 116)
        assert node[80:116] == bytes(36)  # no class, no state, no dates
        if kind == 0:
            assert node[:68] == bytes(68)
        elif kind == 1:
            assert (begin, length) == (0, 0)
        elif length >= 4096:
            assert -(-length // 512) * 512 == len(chain(begin))
        elif length:
            count = 0
            while begin != 0xFFFFFFFE:
                assert begin not in mini_owned
                mini_owned.add(begin)
                begin, count = mini[begin], count + 1
            assert count == -(-length // 64)
        else:
            assert begin == 0xFFFFFFFE
    assert owned == set(range(len(sectors)))
    assert mini_owned == set(range(size // 64))

    def blacks(number: int, low: tuple[Any, ...], high: tuple[Any, ...], red_above: bool) -> int:
        """How many black nodes are on every way down; siblings are in order."""
        if number == 0xFFFFFFFF:
            return 0
        node = nodes[number]
        length, kind, colour, left, right, child = unpack_from("<HBBIII", node, 64)
        name = node[: length - 2].decode("utf-16-le")
        assert node[length - 2 : 64] == bytes(66 - length)
        key = (length, name.upper())
        assert low < key < high
        assert not (red_above and colour == 0)
        if kind == 1:
            blacks(child, (0,), (99,), True)  # the root of a tree is black
        below = {blacks(left, low, key, colour == 0), blacks(right, key, high, colour == 0)}
        assert len(below) == 1
        return below.pop() + colour

    length, kind, colour, left, right, child = unpack_from("<HBBIII", nodes[0], 64)
    assert (kind, colour, left, right) == (5, 1, 0xFFFFFFFF, 0xFFFFFFFF)
    assert nodes[0][: length - 2].decode("utf-16-le") == "Root Entry"
    blacks(child, (0,), (99,), True)


@settings(max_examples=60, deadline=None)
@given(STORAGES)
def test_what_is_written_is_read_back(storage: Mapping[str, Any]) -> None:
    data = write_compound(storage)
    check_strictly(data)
    assert read_compound(data) == storage


@settings(max_examples=20, deadline=None)
@given(STORAGES)
def test_others_read_what_is_written(storage: Mapping[str, Any]) -> None:
    olefile = pytest.importorskip("olefile")

    def streams(folder: Any, way: tuple[str, ...] = ()) -> dict[tuple[str, ...], bytes]:
        found = {}
        for name, content in folder.items():
            found |= {(*way, name): content} if isinstance(content, bytes) else streams(content, (*way, name))
        return found

    with olefile.OleFileIO(write_compound(storage), raise_defects=olefile.DEFECT_POTENTIAL) as read:
        assert read.parsing_issues == []
        found = {tuple(way): read.openstream(way).read() for way in read.listdir(storages=False)}
    assert found == streams(storage)


def test_order_of_names_does_not_matter() -> None:
    streams = {"one": b"1", "two": b"2" * 5000, "three": {"x": b"", "y": b"z"}}
    assert write_compound(streams) == write_compound(dict(reversed(streams.items())))


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a:b", "a!b", "x" * 32])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        write_compound({name: b""})


def test_names_that_differ_in_case_only_are_refused() -> None:
    with pytest.raises(ValueError, match="case"):
        write_compound({"VBA": b"", "vba": b""})


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        write_compound({"big": bytes(7_200_000)})


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_ends_in_one_kind_of_error(data: st.DataObject) -> None:
    sound = bytearray(write_compound({"a": b"x" * 100, "b": {"c": b"y" * 6000}}))
    for _ in range(data.draw(st.integers(1, 4))):
        sound[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DamagedError):
        read_compound(bytes(sound)[: data.draw(st.integers(0, len(sound)))])
