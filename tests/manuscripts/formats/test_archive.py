from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace

import pytest

from components.errors import DamagedFile, LimitReached, UnsupportedType
from components.manuscripts import DEFAULT_LIMITS
from components.manuscripts.formats.archive import Archive, resolve
from tests.manuscripts.making_archives import archive


def test_parts_are_read_by_name():
    one = Archive(archive({"a/b.xml": "text", "c": b""}), limits=DEFAULT_LIMITS)
    assert one.names == ("a/b.xml", "c")
    assert "a/b.xml" in one
    assert one.read("a/b.xml") == b"text"
    with pytest.raises(DamagedFile):
        one.read("gone")


def test_too_many_parts():
    data = archive({str(number): "" for number in range(30)})
    with pytest.raises(LimitReached, match="more than 20 parts"):
        Archive(data, limits=replace(DEFAULT_LIMITS, archive_entries=20))


def test_bytes_are_counted_while_inflating():
    data = archive({"a": bytes(700_000), "b": bytes(700_000)})
    with pytest.raises(LimitReached, match="unfolds"):
        Archive(data, limits=replace(DEFAULT_LIMITS, part_bytes=600_000)).read("a")
    one = Archive(data, limits=replace(DEFAULT_LIMITS, archive_bytes=1_000_000))
    one.read("a")
    with pytest.raises(LimitReached, match="unfolds"):
        one.read("b")


def test_sizes_that_lie():
    data = bytearray(archive({"a": bytes(5_000_000)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1_000)
    with pytest.raises(DamagedFile):
        Archive(bytes(data), limits=DEFAULT_LIMITS).read("a")


def test_two_parts_of_one_name():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("a", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("a", "two")
        zipped.writestr("b", "text")
    one = Archive(out.getvalue(), limits=DEFAULT_LIMITS)
    assert one.read("b") == b"text"
    with pytest.raises(DamagedFile, match="same name"):
        one.read("a")


def test_a_part_that_is_locked():
    data = bytearray(archive({"a": "text"}))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.index(mark)
        data[at + offset] |= 1
    with pytest.raises(UnsupportedType, match="password"):
        Archive(bytes(data), limits=DEFAULT_LIMITS).read("a")


def test_a_part_packed_in_another_way():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as zipped:
        zipped.writestr("a", "text" * 100)
    with pytest.raises(DamagedFile):
        Archive(out.getvalue(), limits=DEFAULT_LIMITS).read("a")


@pytest.mark.parametrize("cut", [10, 60, 200])
def test_cut_off(cut):
    data = archive({"a": "text" * 1000, "b": "more"})
    with pytest.raises(DamagedFile):
        Archive(data[:cut], limits=DEFAULT_LIMITS)


def test_changed_bytes_are_noticed():
    data = bytearray(archive({"mimetype": "a" * 100}))
    data[60] ^= 0xFF
    with pytest.raises(DamagedFile):
        Archive(bytes(data), limits=DEFAULT_LIMITS).read("mimetype")


@pytest.mark.parametrize(
    ("base", "reference", "name"),
    [
        ("OEBPS/content.opf", "c1.xhtml#x", "OEBPS/c1.xhtml"),
        ("OEBPS/text/a.xhtml", "../b%20c.xhtml", "OEBPS/b c.xhtml"),
        ("OEBPS/a.xhtml", "#x", "OEBPS/a.xhtml"),
        ("word/document.xml", "/word/styles.xml", "word/styles.xml"),
        ("", "word/document.xml", "word/document.xml"),
        ("OEBPS/a.xhtml", "../../etc/passwd", ""),
        ("a.xhtml", "http://127.0.0.1:9/x", ""),
        ("a.xhtml", "//127.0.0.1/x", ""),
        ("a.xhtml", "file:///etc/passwd", ""),
        ("a.xhtml", "..\\..\\x", ""),
    ],
)
def test_references_stay_inside(base, reference, name):
    assert resolve(base, reference) == name


def test_parts_are_put_in_the_place_of_others():
    data = archive({"mimetype": b"stored", "a.xml": b"old", "pictures/": b"", "b.png": b"as it is"})
    written = Archive(data, limits=DEFAULT_LIMITS).with_parts({"c.xml": b"new", "a.xml": b"other"})
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(written)) as new:
        assert {name: new.read(name) for name in new.namelist()} == {
            "mimetype": b"stored",
            "a.xml": b"other",
            "pictures/": b"",
            "b.png": b"as it is",
            "c.xml": b"new",
        }
        assert new.namelist() == [*old.namelist(), "c.xml"]
        for name in old.namelist():
            before, after = old.getinfo(name), new.getinfo(name)
            assert before.date_time == after.date_time
            assert before.compress_type == after.compress_type


def test_a_broken_part_is_not_copied():
    data = archive({"a.xml": b"text", "b.png": b"picture" * 100})
    broken = data.replace(b"b.png", b"a.xml")
    with pytest.raises(DamagedFile):
        Archive(broken, limits=DEFAULT_LIMITS).with_parts({"c.xml": b"new"})
