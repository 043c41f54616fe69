"""One document to write, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from exports.page import package
from models.results.register import WrittenDocument


@dataclass(frozen=True)
class Job:
    """One document to write."""

    kind: str
    """The key of its kind."""
    kind_name: str
    """Its kind in Chinese, as the register of documents has it."""
    round_id: int
    """Its round."""
    poll_id: int | None
    """Its poll; None for a document of the whole round."""
    addressee: str
    """Whom or what it is for."""
    relative_path: PurePath
    """Its place under the folder that the user names."""
    official: bool
    """Whether it is a result: made from a sealed poll."""
    content: Callable[[], bytes] = field(repr=False, compare=False)
    """Makes the file; touches no database."""

    def path_in(self, folder: Path) -> Path:
        """Where the document goes if `folder` is named: an absolute path, which is what the
        register knows it by."""
        return folder.absolute() / self.relative_path

    def write(self, folder: Path, ours: Collection[str] = ()) -> WrittenDocument:
        """Make the document and write it under `folder`, whole or not at all.

        Of what stands there already, only a file of these bytes or with one of the digests `ours`
        gives way. Raises `package.SomeonesFileError` for any other, `RefusedError` with the path
        and what to do if it cannot be written. Touches no database: entering it in the register
        (`models.results.register.record`) is the caller's.
        """
        return self.written(self.path_in(folder), self.content(), ours)

    def written(self, path: Path, content: bytes, ours: Collection[str] = ()) -> WrittenDocument:
        """The same at a path of its own, for content that is made already."""
        digest = package.write(path, content, ours)
        return WrittenDocument(
            self.round_id,
            self.poll_id,
            self.kind_name,
            self.addressee,
            str(path),
            digest,
            self.official,
        )
