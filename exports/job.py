"""One document to write, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from exports import package
from models.register import WrittenDocument


@dataclass(frozen=True)
class Job:
    """One document to write. `relative_path` is under the folder that the user names; `poll_id`
    is None for a document of the whole round; `official` says that it is a result."""

    kind: str
    kind_name: str
    round_id: int
    poll_id: int | None
    addressee: str
    relative_path: PurePath
    official: bool
    content: Callable[[], bytes] = field(repr=False, compare=False)

    def write(self, folder: Path) -> WrittenDocument:
        """Make the document and write it under `folder`, whole or not at all. Raises
        `RefusedError` with the path and what to do. Touches no database: entering it in the
        register (`models.register.record`) is the caller's."""
        path = folder / self.relative_path
        digest = package.write(path, self.content())
        return WrittenDocument(
            self.round_id,
            self.poll_id,
            self.kind_name,
            self.addressee,
            str(path),
            digest,
            self.official,
        )
