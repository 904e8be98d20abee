"""Where workbooks come from, and that nothing is passed over without being counted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import fsspec
import pytest

from checker.audit.execution.shards import in_shard
from checker.audit.intake.archives import Archive
from checker.audit.intake.sources import content, exists, find_sources
from checker.errors import ReadError, UsageError


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def zipped_in_gbk(members: dict[str, bytes]) -> bytes:
    """As Chinese Windows does it: names are bytes, and nothing tells what they mean."""
    stand_ins = {chr(65 + number) * len(name.encode("gbk")): name for number, name in enumerate(members)}
    data = zipped({stand_in: members[name] for stand_in, name in stand_ins.items()})
    for stand_in, name in stand_ins.items():
        data = data.replace(stand_in.encode(), name.encode("gbk"))
    return data


def test_folders_files_wildcards_lists_and_archives(tmp_path: Path) -> None:
    for name in ("甲/a.xlsx", "甲/~$a.xlsx", "乙/b.et", "乙/说明.docx", "c.xls"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    inner = zipped({"深/d.xlsx": b"deep", "readme.txt": b""})
    outer = {"丙/e.xlsx": b"e", "__MACOSX/._e.xlsx": b"", "里.zip": inner, "f.txt": b""}
    (tmp_path / "上报.zip").write_bytes(zipped(outer))
    (tmp_path / "表.rar").write_bytes(b"Rar!")
    listing = find_sources([str(tmp_path), str(tmp_path / "*.xls"), "-"], lambda: [str(tmp_path / "missing.xlsx")])
    names = [Path(source.name).relative_to(tmp_path).as_posix() for source in listing.sources]
    assert names == sorted(
        ["c.xls", "missing.xlsx", "上报.zip!丙/e.xlsx", "上报.zip!里.zip!深/d.xlsx", "乙/b.et", "甲/a.xlsx", "表.rar"]
    )
    assert (listing.passed_over.others, listing.passed_over.leftovers) == (3, 2)
    by_name = {Path(source.name).relative_to(tmp_path).as_posix(): source for source in listing.sources}
    assert content(by_name["上报.zip!里.zip!深/d.xlsx"].name) == b"deep"
    assert by_name["上报.zip!丙/e.xlsx"].near == "上报.zip/丙"
    assert by_name["甲/a.xlsx"].near == "甲"
    assert by_name["c.xls"].near == "c.xls"


def test_names_of_chinese_windows(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(zipped_in_gbk({"绩效/自评表.xlsx": b"1", "绩效/自评表.xlsx.explanations.yaml": b"2"}))
    (source,) = find_sources([str(place)]).sources
    assert source.name == f"{place}!绩效/自评表.xlsx"
    assert content(source.name) == b"1"
    assert exists(f"{source.name}.explanations.yaml")
    assert not exists(f"{source.name}.other")


def test_a_workbook_called_zip_is_a_workbook(tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    (source,) = find_sources([str(place)]).sources
    assert source.name == str(place)


def bomb() -> bytes:
    return zipped({"a.xlsx": bytes(60 << 20)})


def overlapping() -> bytes:
    data = bytearray(zipped({"a.xlsx": b"a" * 1000, "b.xlsx": b"a" * 1000}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(zipped({"a.xlsx": b"a"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 and no more", "ARCHIVE_DAMAGED"),
        (b"", "ARCHIVE_DAMAGED"),
        (bomb(), "ARCHIVE_SUSPECT"),
        (overlapping(), "ARCHIVE_SUSPECT"),
        (encrypted(), "ARCHIVE_ENCRYPTED"),
        (zipped({"b.zip": zipped({"c.zip": zipped({"a.xlsx": b""})})}), "FORMAT_ARCHIVE"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_told_like_a_workbook(tmp_path: Path, data: bytes, code: str) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(data)
    (source,) = find_sources([str(place)]).sources
    from checker.audit.execution.worker import SourceSession

    report = SourceSession().assess(source.name).report
    assert (report.status, report.error and report.error.code) == ("unread", code)


def test_a_table_of_contents_without_end_is_not_read() -> None:
    end = b"PK\x05\x06" + bytes(8) + (1 << 30).to_bytes(4, "little") + bytes(6)
    with pytest.raises(ReadError) as caught:
        Archive(io.BytesIO(bytes(100) + end), "a.zip")
    assert caught.value.code == "ARCHIVE_TOO_LARGE"


def test_addresses_of_any_file_system(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/audit/甲/a.xlsx": b"a", "/audit/b.zip": zipped({"c.xlsx": b"c"}), "/audit/d.txt": b""})
    listing = find_sources(["memory://audit"])
    assert [source.name for source in listing.sources] == ["memory:///audit/b.zip!c.xlsx", "memory:///audit/甲/a.xlsx"]
    assert [content(source.name) for source in listing.sources] == [b"c", b"a"]
    assert listing.passed_over.others == 1
    (tmp_path / "e.xlsx").write_bytes(b"e")
    (source,) = find_sources([f"file://{tmp_path}/*.xlsx"]).sources
    assert (content(source.name), source.size) == (b"e", 1)
    with pytest.raises(ReadError, match="FILE_MISSING"):
        content("memory://audit/none.xlsx")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("s3://bucket/a.xlsx", "DRIVER_MISSING"),
        ("nowhere://a", "DRIVER_UNKNOWN"),
        ("memory://none", "SOURCE_UNREADABLE"),
    ],
)
def test_what_an_address_lacks_is_told(address: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_sources([address])
    assert caught.value.code == code
    assert caught.value.hint is not None or code == "DRIVER_UNKNOWN"


def test_shards_share_all_files_and_keep_a_units_folder_together(tmp_path: Path) -> None:
    for unit in range(60):
        for name in ("a.xlsx", "b.xlsx"):
            (tmp_path / f"{unit}").mkdir(exist_ok=True)
            (tmp_path / f"{unit}" / name).write_bytes(b"")
    sources = find_sources([str(tmp_path)]).sources
    shards = [[s for s in sources if in_shard(s, (number, 4))] for number in (1, 2, 3, 4)]
    assert sorted(s for shard in shards for s in shard) == [*sources]
    assert all(len(shard) >= 10 for shard in shards)
    assert all(
        {s.near for s in one}.isdisjoint({s.near for s in two}) for one in shards for two in shards if one != two
    )
