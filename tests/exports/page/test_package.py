"""Bytes and files: the zip, what stands when writing fails, safe names."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.page.package import Master, SomeonesFileError, compress, digest_of, package, write
from exports.writing.file_names import MOST_BYTES, TakenNames, safe_file_name
from models.refusal import RefusedError


def test_package_is_a_zip_of_fixed_times_in_order() -> None:
    made = package([compress("b.xml", b"<b/>"), compress("a.xml", b"<a/>" * 1000)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.xml", "b.xml"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("a.xml") == b"<a/>" * 1000


def test_master_puts_the_body_in_place() -> None:
    master = Master.of({"word/document.xml": b"old", "x.xml": b"<x/>"}, "<p/>", "<d>", "</d>")
    with zipfile.ZipFile(io.BytesIO(master.document("<p>测</p>"))) as archive:
        assert archive.read("word/document.xml").decode() == "<d><p>测</p></d>"
        assert archive.read("x.xml") == b"<x/>"


def test_a_body_that_ends_with_a_table_gets_its_closing() -> None:
    master = Master.of({"word/document.xml": b""}, "<p/>", "<d>", "<s/>", "</d>")
    made = master.document("<w:tbl></w:tbl>", "<w:tbl></w:tbl>")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        whole = archive.read("word/document.xml").decode()
    assert whole == "<d><w:tbl></w:tbl><s/><w:tbl></w:tbl><p/></d>"


def test_write_makes_folders_and_replaces_what_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙.docx"
    first = write(path, b"one")
    assert first == hashlib.sha256(b"one").hexdigest() == digest_of(path)
    write(path, b"two", [first])
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["乙.docx"]


def test_a_file_of_these_bytes_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "乙.docx"
    path.write_bytes(b"one")
    before = path.stat()
    assert write(path, b"one") == digest_of(path)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_anybody_elses_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "乙.docx"
    path.write_bytes(b"changed by hand")
    with pytest.raises(SomeonesFileError, match="有人改过") as refused:
        write(path, b"two", [hashlib.sha256(b"one").hexdigest()])
    assert str(path) in str(refused.value)
    assert path.read_bytes() == b"changed by hand"
    assert os.listdir(tmp_path) == ["乙.docx"]


def test_what_is_no_plain_file_is_never_taken_for_ours(tmp_path: Path) -> None:
    target = tmp_path / "其他.docx"
    target.write_bytes(b"one")
    path = tmp_path / "乙.docx"
    path.symlink_to(target)
    with pytest.raises(SomeonesFileError):
        write(path, b"two", [hashlib.sha256(b"one").hexdigest()])
    assert target.read_bytes() == b"one"
    (tmp_path / "夹.docx").mkdir()
    with pytest.raises(SomeonesFileError):
        write(tmp_path / "夹.docx", b"two")
    path.unlink()
    path.symlink_to(tmp_path / "没有")
    assert digest_of(path) == ""


@pytest.mark.parametrize("before", [None, b"one"])
def test_a_file_saved_while_ours_is_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    """Between the first look and the renaming, somebody saves."""
    path = tmp_path / "乙.docx"
    ours = [write(path, before)] if before else []
    flush = os.fsync

    def saved_meanwhile(handle: int) -> None:
        flush(handle)
        path.write_bytes(b"by hand")

    monkeypatch.setattr(os, "fsync", saved_meanwhile)
    with pytest.raises(SomeonesFileError):
        write(path, b"two", ours)
    assert path.read_bytes() == b"by hand"
    assert os.listdir(tmp_path) == ["乙.docx"]


def test_half_a_file_of_a_killed_run_goes(tmp_path: Path) -> None:
    path = tmp_path / "乙.docx"
    path.with_name(".乙.docx.tmp").write_bytes(b"PK\3\4 half")
    write(path, b"whole")
    assert os.listdir(tmp_path) == ["乙.docx"]
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EACCES, "没有写权限"),
        (errno.EROFS, "没有写权限"),
        (errno.EIO, "磁盘出错"),
    ],
)
def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, word: str
) -> None:
    path = tmp_path / "乙.docx"
    ours = [write(path, b"before")]

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RefusedError, match=word) as refused:
        write(path, b"after", ours)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["乙.docx"]


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "甲").write_text("x")
    with pytest.raises(RefusedError, match="同名"):
        write(tmp_path / "甲" / "乙.docx", b"x")


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (["白银市局", "副局长", "李 晓梅"], "白银市局_副局长_李晓梅.docx"),
        (["../../etc", "[/b]"], "etc_b.docx"),
        (["con"], "_con.docx"),
        (["COM1.x"], "_COM1.x.docx"),
        (["", "\x00\x1b"], "未命名.docx"),
        ([".hidden"], "hidden.docx"),
        (["=HYPERLINK(1)"], "HYPERLINK(1).docx"),
        (["a\u202eb"], "ab.docx"),
    ],
)
def test_safe_names(parts: list[str], name: str) -> None:
    assert safe_file_name(parts, ".docx") == name


@given(st.lists(st.text(max_size=120), max_size=5))
def test_any_text_makes_a_safe_name(parts: list[str]) -> None:
    name = safe_file_name(parts, ".docx")
    assert name.endswith(".docx")
    assert len(name) > len(".docx")
    assert len(name.encode()) <= MOST_BYTES
    assert not name.startswith((".", " ", "-"))
    assert not set(name) & set('/\\:*?"<>|\0\n\r\t =')
    # Characters of a later Unicode than Python's, or of a private area, are kept as they stand.
    assert not {unicodedata.category(char) for char in name} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_names_that_a_file_system_could_confuse_are_numbered() -> None:
    taken = TakenNames()
    names = [taken.free(parts, ".docx") for parts in (["A张三"], ["a张三"], ["Ａ张三"], ["张四"])]
    assert names == ["A张三.docx", "a张三_2.docx", "Ａ张三_3.docx", "张四.docx"]
    long = [taken.free(["某" * 100], ".docx") for _ in range(3)]
    assert len(set(long)) == 3
    assert all(len(name.encode()) <= MOST_BYTES for name in long)
