"""Pack a Word file into bytes and write it to disk.

The same parts give the same bytes: names are sorted, times are fixed, and there is one
compression level. All parts except `word/document.xml` are compressed once, when the master is
built, so a letter costs only its own text. A file is written under a temporary name, flushed and
renamed, so an existing file stays whole until it is replaced. Files that the program did not
write, or that were changed since, are not overwritten.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import struct
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.database.private_folder import make_folder
from models.refusal import RefusedError, fault_words

DOCUMENT = "word/document.xml"
_LEVEL = 6
# 1980-01-01 00:00, the earliest time in a zip entry; version 2.0 on Unix, a regular file.
_TIME, _DATE = 0, 0x21
_VERSION, _SYSTEM, _ATTRIBUTES = 20, 3, 0o100644 << 16
_UTF8_NAME = 0x800
# Packed by hand because zipfile takes twice as long: 0.96 ms instead of 0.46 ms a letter, and a
# province has thousands.
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")


@dataclass(frozen=True)
class Part:
    """A compressed part of a package."""

    name: str
    """Its path in the package."""
    checksum: int
    """CRC-32 of the uncompressed content."""
    size: int
    """Bytes of the uncompressed content."""
    data: bytes
    """The content, deflated."""


def compress(name: str, content: bytes) -> Part:
    """Compress the content of a part."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    data = deflate.compress(content) + deflate.flush()
    return Part(name, zlib.crc32(content), len(content), data)


@dataclass(frozen=True)
class Master:
    """A document without the bodies of its sections."""

    parts: tuple[Part, ...]
    """All parts except `word/document.xml`."""
    frame: tuple[str, ...]
    """The text of `word/document.xml` before, between and after the bodies."""
    closing: str
    """The paragraph to put after a table that ends the last body."""

    @classmethod
    def of(cls, contents: Mapping[str, bytes], closing: str, *frame: str) -> Master:
        """Create a master from uncompressed contents by name, its closing and its frame."""
        parts = tuple(compress(name, contents[name]) for name in contents if name != DOCUMENT)
        return cls(parts, frame, closing)

    def document(self, *bodies: str) -> bytes:
        """Return the whole file with these bodies, one for each section.

        Raises `ValueError` if there are more or fewer bodies than sections.
        """
        first, *after = self.frame
        pairs = zip(bodies, after, strict=True)
        *before, end = [first, *(part for pair in pairs for part in pair)]
        # An earlier section ends with the paragraph that holds its page's properties.
        closing = self.closing if bodies[-1].endswith("</w:tbl>") else ""
        text = "".join([*before, closing, end]).encode()
        return package([*self.parts, compress(DOCUMENT, text)])


def package(parts: list[Part]) -> bytes:
    """Return a zip archive of the parts; the same parts always give the same bytes."""
    local: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for part in sorted(parts, key=lambda part: part.name):
        name = part.name.encode()
        flags = 0 if name.isascii() else _UTF8_NAME
        common = (flags, zlib.DEFLATED, _TIME, _DATE, part.checksum, len(part.data), part.size)
        head = _LOCAL.pack(0x04034B50, _VERSION, *common, len(name), 0) + name
        made_by = _SYSTEM << 8 | _VERSION
        entry = _CENTRAL.pack(
            0x02014B50, made_by, _VERSION, *common, len(name), 0, 0, 0, 0, _ATTRIBUTES, offset
        )
        central.append(entry + name)
        local += (head, part.data)
        offset += len(head) + len(part.data)
    directory = b"".join(central)
    end = _END.pack(0x06054B50, 0, 0, len(parts), len(parts), len(directory), offset, 0)
    return b"".join((*local, directory, end))


class SomeonesFileError(RefusedError):
    """The path has a file that this program did not write, or that was changed since."""


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of the file at `path`, or None if nothing is there.

    Returns an empty string, which matches no digest, for anything that is not a regular file or
    cannot be read.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return ""


def write(path: Path, content: bytes, ours: Collection[str] = ()) -> str:
    """Write a file atomically and return its SHA-256. Missing folders are created.

    An existing file with the same bytes is left alone. Any other file is replaced only if its
    digest is in `ours`; otherwise, or if it appears or changes during the write, raises
    `SomeonesFileError`. Raises `RefusedError`, with the path and what to do, if the file cannot
    be written; an existing file is then unchanged.
    """
    digest = hashlib.sha256(content).hexdigest()
    before = digest_of(path)
    if before == digest:
        return digest
    if before is not None and before not in ours:
        raise _someones(path)
    try:
        make_folder(path.parent)
        _write(path, content, before)
    except OSError as error:
        raise RefusedError(f"没有写成 {path}：{_why(error)}原有的文件未动。") from error
    return digest


def _write(path: Path, content: bytes, before: str | None) -> None:
    # The name is fixed, so that a partial file left by a killed run is found and removed.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if digest_of(path) != before:
            raise _someones(path)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _someones(path: Path) -> SomeonesFileError:
    return SomeonesFileError(
        f"没有写 {path}：那里的文件写出后有人改过，或者不是本程序写的。请先把它改名或移走。"
    )


def _why(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满。请腾出空间，或用别的文件夹，再写一次；"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "没有写权限。请检查文件夹的权限，或换个文件夹；"
    if error.errno == errno.ENAMETOOLONG:
        return "路径太长。请换个较短的文件夹；"
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return "路径上已有同名的文件或文件夹。请移开它，或换个文件夹；"
    return f"磁盘出错（{fault_words(error)}）。请检查磁盘，或换个文件夹；"
