"""Bytes and files: the zip, what stands when writing fails, safe names."""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.file_names import MOST_BYTES, TakenNames, safe_file_name
from exports.package import Master, compress, package, write
from models.refusal import RefusedError


def test_package_is_a_zip_of_fixed_times_in_order() -> None:
    made = package([compress("b.xml", b"<b/>"), compress("a.xml", b"<a/>" * 1000)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.xml", "b.xml"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("a.xml") == b"<a/>" * 1000


def test_master_puts_the_body_in_place() -> None:
    master = Master.of({"word/document.xml": b"old", "x.xml": b"<x/>"}, "<d>", "</d>")
    with zipfile.ZipFile(io.BytesIO(master.document("<p>测</p>"))) as archive:
        assert archive.read("word/document.xml").decode() == "<d><p>测</p></d>"
        assert archive.read("x.xml") == b"<x/>"


def test_write_makes_folders_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙.docx"
    write(path, b"one")
    write(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["乙.docx"]


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
    write(path, b"before")

    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RefusedError, match=word) as refused:
        write(path, b"after")
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
    assert name.isprintable()


def test_names_that_a_file_system_could_confuse_are_numbered() -> None:
    taken = TakenNames()
    names = [taken.free(parts, ".docx") for parts in (["A张三"], ["a张三"], ["Ａ张三"], ["张四"])]
    assert names == ["A张三.docx", "a张三_2.docx", "Ａ张三_3.docx", "张四.docx"]
    long = [taken.free(["某" * 100], ".docx") for _ in range(3)]
    assert len(set(long)) == 3
    assert all(len(name.encode()) <= MOST_BYTES for name in long)
