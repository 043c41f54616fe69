"""The office's own Word templates: finding, checking and filling them.

A template is a .docx file in the folder `[documents] templates`, named after its kind
(反馈书.docx). If there is none, or it has been moved or renamed, the built-in layout is used.
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
from models.refusal import RefusedError, fault_words
from models.settings.office import DocumentSettings

_LARGEST = 20_000_000  # bytes
_MARK = "{% if 标记 %}（{{ 标记 }}）{% endif %}"  # at the top of every page


@dataclass(frozen=True)
class Template:
    """A kind that can have a template."""

    kind: Kind
    """The kind."""
    path: Path
    """Where its template would be."""
    exists: bool
    """Whether the file exists."""


def kinds() -> list[Kind]:
    """Return the kinds that can have a template."""
    return [kind for kind in KINDS.values() if kind.template]


def kind_named(text: str) -> Kind:
    """Return the kind with this key or Chinese name that can have a template.

    Raises `RefusedError` listing those kinds.
    """
    for kind in kinds():
        if text in (kind.key, kind.name):
            return kind
    known = "、".join(f"{kind.key}（{kind.name}）" for kind in kinds())
    raise RefusedError(f"“{text}”没有模板。可以用模板的文书：{known}。")


def template_of(kind: Kind) -> OwnTemplate:
    """Return a kind's template support. Raises `ValueError` if it has none."""
    found = writer_of(kind).template
    if found is None:
        raise ValueError(f"{kind.key} has no template")
    return found


def folder(documents: DocumentSettings) -> Path:
    """Return the template folder. Raises `RefusedError` if the settings do not name one."""
    if documents.templates is None:
        raise RefusedError(
            '没有设模板文件夹。在 ceping.toml 的 [documents] 里写 templates = "文书模板"。'
        )
    return documents.templates


def listing(documents: DocumentSettings) -> list[Template]:
    """Return every kind that can have a template.

    Raises `RefusedError` if the settings do not name a folder.
    """
    there = folder(documents)
    return [
        Template(kind, path, path.is_file())
        for kind in kinds()
        for path in [there / f"{kind.name}{SUFFIX}"]
    ]


def strangers(documents: DocumentSettings) -> list[Path]:
    """Return Word documents in the folder that are not named after any kind."""
    known = {each.path.name for each in listing(documents)}
    return sorted(
        path
        for path in folder(documents).glob(f"*{SUFFIX}")
        if path.name not in known and not path.name.startswith("~$")
    )


def require_folder(documents: DocumentSettings) -> None:
    """Raise `RefusedError` if the template folder does not exist.

    Otherwise a mistyped folder would silently produce the built-in layout.
    """
    if not folder(documents).is_dir():
        raise RefusedError(
            f"没有模板文件夹 {documents.templates}。请建好它，或把 ceping.toml 里 [documents] 的"
            " templates 留空，用程序的版式。"
        )


def find(documents: DocumentSettings, kind: Kind) -> Path | None:
    """Return the path of the office's template for a kind, or None.

    Raises `RefusedError` if the folder named in the settings does not exist.
    """
    if documents.templates is None or not kind.template:
        return None
    require_folder(documents)
    path = documents.templates / f"{kind.name}{SUFFIX}"
    return path if path.is_file() else None


def content_of(documents: DocumentSettings, kind: Kind) -> bytes | None:
    """Return the bytes of the office's template for a kind, or None without one.

    Raises `RefusedError` if the folder named in the settings does not exist, or it cannot be read.
    """
    path = find(documents, kind)
    return None if path is None else _read(path)


def check(path: Path, kind: Kind) -> list[str]:
    """Return the problems in a template, in Chinese with their locations; empty if it is good."""
    try:
        content = _read(path)
    except RefusedError as error:
        return [str(error)]
    return list(_faults(content, kind.key))


def filled(documents: DocumentSettings, key: str, values: Callable[[], Values]) -> bytes | None:
    """Return a document of the kind `key` made from the office's template, or None without one.

    `values` is called for the values to fill in. Raises `RefusedError` naming the template and its
    problems.
    """
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
    """Write a template that reproduces the built-in document, and return its path.

    Raises `RefusedError` if the file already exists or cannot be written.
    """
    path = folder(documents) / f"{kind.name}{SUFFIX}"
    if path.exists():
        raise RefusedError(f"已有 {path}，没有动它。要重新开始，请先把它改名或移开。")
    package.write(path, start_of(kind, documents.font_set))
    return path


def start_of(kind: Kind, font_set: str) -> bytes:
    """Return the file that `start` writes, in the fonts of `font_set`."""
    body = template_of(kind).start(Markup(font_set))
    return master(Orientation.PORTRAIT, font_set, _MARK).document("".join(body))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise RefusedError(f"{path} 太大，不像文书模板。请删去大图片再用。")
        return path.read_bytes()
    except OSError as error:
        raise RefusedError(
            f"读不出模板 {path}：{fault_words(error)}。请检查文件，关掉正在编辑它的程序，再试。"
        ) from error


# Cached because one template can produce a thousand letters.
@lru_cache(maxsize=8)
def _faults(content: bytes, key: str) -> tuple[str, ...]:
    return tuple(faults(content, template_of(KINDS[key]).fields))
