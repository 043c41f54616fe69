"""A document to write, and how to write it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from exports.page import package
from models.refusal import RefusedError
from models.results.lapse import Basis
from models.results.register import WrittenDocument


@dataclass(frozen=True)
class Job:
    """A document to write."""

    kind: str
    """The key of its kind."""
    kind_name: str
    """The Chinese name of its kind, as recorded in the register of documents."""
    round_id: int
    """Its round."""
    poll_id: int | None
    """Its poll; None for a document of the whole round."""
    addressee: str
    """Whom or what it is for."""
    relative_path: PurePath
    """Its path below the folder that the user chooses."""
    official: bool
    """Whether it is official, that is, generated from sealed polls."""
    content: Callable[[], bytes] = field(repr=False, compare=False)
    """Generates the file; does not use the database."""
    basis: Basis = ()
    """The polls whose results it gives, each with the version of its seal."""
    withheld: str = ""
    """Why it must not be written now; empty if nothing is against it."""
    instead: str = ""
    """What to do instead of writing it; empty if it is to be written."""
    template: Callable[[], bytes | None] | None = field(default=None, repr=False, compare=False)
    """Reads the office's own template that it is made from, if there is one; None for a kind that
    has none. Raises `RefusedError` if it cannot be read."""

    def made(self) -> bytes | str:
        """Generate the file, or return why it cannot be: a fault in one document must not keep the
        others from being written."""
        try:
            return self.content()
        except RefusedError as error:
            return str(error)
        except Exception as error:
            return f"程序出错，请报告：{type(error).__name__} {error}"

    def path_in(self, folder: Path) -> Path:
        """Return the absolute path of the document under `folder`, as used in the register."""
        return folder.absolute() / self.relative_path

    def write(self, folder: Path, ours: Collection[str] = ()) -> WrittenDocument:
        """Generate the document and write it atomically under `folder`.

        An existing file is replaced only if its SHA-256 is in `ours`, and left alone if it has
        the same bytes. Raises `package.SomeonesFileError` for any other file, and `RefusedError`,
        with the path and what to do, if the document cannot be written. Does not use the
        database; the caller registers the document (`models.results.register.record`).
        """
        return self.written(self.path_in(folder), self.content(), ours)

    def written(self, path: Path, content: bytes, ours: Collection[str] = ()) -> WrittenDocument:
        """Like `write`, but for content already generated and a given path."""
        digest = package.write(path, content, ours)
        return WrittenDocument(
            self.round_id,
            self.poll_id,
            self.kind_name,
            self.addressee,
            str(path),
            digest,
            self.official,
            self.basis,
        )
