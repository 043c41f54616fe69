"""The office's own Word templates: which kinds of documents it has one for, and made from it.

A template is a .docx in the folder `[documents] templates`, named as its kind (反馈书.docx). With
none, or with the file moved or renamed, the program's own document is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exports.documents.kind import SUFFIX, Kind
from exports.documents.kinds import KINDS
from exports.documents.writer import OwnTemplate, writer_of
from exports.page import package
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.templates.check import faults
from exports.templates.fields import Values
from exports.templates.render import render
from models.refusal import RefusedError
from models.settings.office import DocumentSettings

_LARGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class Template:
    """A kind that can be made from a template."""

    kind: Kind
    """The kind."""
    path: Path
    """The file that is its template, if it is there."""
    exists: bool
    """Whether it is there."""


def kinds() -> list[Kind]:
    """The kinds that can have a template."""
    return [kind for kind in KINDS.values() if kind.template]


def kind_named(text: str) -> Kind:
    """The kind with this English or Chinese name that can have a template. Raises
    `RefusedError`, naming what there is."""
    for kind in kinds():
        if text in (kind.key, kind.name):
            return kind
    known = "、".join(f"{kind.key}（{kind.name}）" for kind in kinds())
    raise RefusedError(f"“{text}”没有模板。可以用模板的文书：{known}。")


def template_of(kind: Kind) -> OwnTemplate:
    """What a template of a kind may name, and how to begin one. Raises `ValueError` for a kind
    without."""
    found = writer_of(kind).template
    if found is None:
        raise ValueError(f"{kind.key} has no template")
    return found


def folder(documents: DocumentSettings) -> Path:
    """The folder of templates. Raises `RefusedError` if the settings name none."""
    if documents.templates is None:
        raise RefusedError(
            '没有设模板文件夹。在 ceping.toml 的 [documents] 里写 templates = "文书模板"。'
        )
    return documents.templates


def listing(documents: DocumentSettings) -> list[Template]:
    """Every kind that can have a template. Raises `RefusedError` if the settings name no
    folder."""
    there = folder(documents)
    return [
        Template(kind, path, path.is_file())
        for kind in kinds()
        for path in [there / f"{kind.name}{SUFFIX}"]
    ]


def strangers(documents: DocumentSettings) -> list[Path]:
    """Word documents in the folder that are no template, because no kind has their name."""
    known = {each.path.name for each in listing(documents)}
    return sorted(
        path
        for path in folder(documents).glob(f"*{SUFFIX}")
        if path.name not in known and not path.name.startswith("~$")
    )


def require_folder(documents: DocumentSettings) -> None:
    """Refuse a folder of templates that is not there: ours must not be taken for the office's by
    a slip."""
    if not folder(documents).is_dir():
        raise RefusedError(
            f"没有模板文件夹 {documents.templates}。请建好它，或把 ceping.toml 里 [documents] 的"
            " templates 留空，用程序的版式。"
        )


def find(documents: DocumentSettings, kind: Kind) -> Path | None:
    """The office's template of a kind, None if it has none. Raises `RefusedError` if the folder
    that the settings name is not there."""
    if documents.templates is None or not kind.template:
        return None
    require_folder(documents)
    path = documents.templates / f"{kind.name}{SUFFIX}"
    return path if path.is_file() else None


def check(path: Path, kind: Kind) -> list[str]:
    """What is wrong with a template, in Chinese, each with its place; empty for a good one."""
    try:
        content = _read(path)
    except RefusedError as error:
        return [str(error)]
    return list(_faults(content, kind.key))


def filled(documents: DocumentSettings, key: str, values: Callable[[], Values]) -> bytes | None:
    """A document of the kind `key` made from the office's template, None if it has none; `values`
    gives what it is filled with. Raises `RefusedError` naming the template and what is wrong with
    it."""
    path = find(documents, KINDS[key])
    if path is None:
        return None
    content = _read(path)
    if found := _faults(content, key):
        raise RefusedError(
            "\n".join((f"模板 {path} 不能用，没有写文书：", *found, "改好模板，或移开它再写。"))
        )
    try:
        return render(content, values())
    except RefusedError as error:
        raise RefusedError(f"模板 {path}：{error}") from error


def start(documents: DocumentSettings, kind: Kind) -> Path:
    """Write a template that makes our own document, to begin with; where it was written. Raises
    `RefusedError` if there is one already, or it cannot be written."""
    path = folder(documents) / f"{kind.name}{SUFFIX}"
    if path.exists():
        raise RefusedError(f"已有 {path}，没有动它。要重新开始，请先把它改名或移开。")
    package.write(path, start_of(kind, documents.font_set))
    return path


def start_of(kind: Kind, font_set: str) -> bytes:
    """The file that `start` writes, in the faces of a font set."""
    body = template_of(kind).start(Markup(font_set))
    return master(Orientation.PORTRAIT, font_set).document("".join(body))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise RefusedError(f"{path} 太大，不像文书模板。请删去大图片再用。")
        return path.read_bytes()
    except OSError as error:
        raise RefusedError(
            f"读不出模板 {path}：{error.strerror}。请检查文件，关掉正在编辑它的程序，再试。"
        ) from error


# A thousand letters are made from one template.
@lru_cache(maxsize=8)
def _faults(content: bytes, key: str) -> tuple[str, ...]:
    return tuple(faults(content, template_of(KINDS[key]).fields))
