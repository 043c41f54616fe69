"""One document to write, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from exports.page import package
from models.results.register import WrittenDocument

# In the order in which they are written and filed.
KINDS: Mapping[str, str] = {
    "ballot": "测评票",
    "plan": "实施方案",
    "count": "计票结果报告单",
    "summary": "汇总表",
    "feedback": "反馈书",
    "chief": "第一责任人反馈书",
    "public": "公开反馈",
    "report": "情况报告",
    "accountability": "责任追究呈批件",
    "archive": "廉政档案登记表",
    "catalogue": "归档文件目录",
}
SUFFIX = ".docx"


def numbered_kind(kind: str) -> str:
    """A kind's name behind its place in the order, `05_反馈书`, as file managers sort it."""
    return f"{list(KINDS).index(kind) + 1:02d}_{KINDS[kind]}"


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
