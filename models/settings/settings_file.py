"""Edit an office's ceping.toml: the changed values alone differ, however the rest is written.

A file is read with its bytes, and replaced only while those are still what stands on the disk.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.database.private_folder import make_folder
from models.refusal import RefusedError, fault_words
from models.settings import office
from models.settings.document_kind import DocumentKind
from models.settings.office import FILE_NAME, Settings, shipped_file
from models.settings.toml_file import TomlFaultsError

Value = str | int | bool | tuple[str, ...]
Place = tuple[str, str]
"""A table and a key in it."""

_HEAD = """# 本机关的设置。没有写的各项按程序自带的设置；改了以后，再打开程序或在设置里保存即生效。
# 已启动的轮次不受影响。
"""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class SettingsFile:
    """A settings file as it was read."""

    path: Path
    """Where it is, or is to be made."""
    content: bytes | None
    """What stood in it; None if there is none yet."""


class UnsettableError(RefusedError):
    """What is asked for is no setting: `faults` are the reasons by `table.key`."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        said = "；".join(f"{key}：{why}" for key, why in faults.items())
        super().__init__(f"{said}。没有保存。")
        self.faults = dict(faults)


def is_shipped(file: Path) -> bool:
    """Whether a settings file is the one that ships with the program, and the office has none of
    its own."""
    return file.resolve() == shipped_file().resolve()


def own_file(file: Path) -> Path:
    """The file to edit where `file` is in use: itself, or the user's own for the shipped one. A
    link is followed, so that it stays one."""
    if not is_shipped(file):
        return file.resolve()
    import platformdirs

    return platformdirs.user_config_path("ceping", appauthor=False) / FILE_NAME


def read(path: Path) -> SettingsFile:
    """Read a file with its bytes. Raises `RefusedError` if it is there and cannot be read."""
    try:
        return SettingsFile(path, path.read_bytes())
    except FileNotFoundError:
        return SettingsFile(path, None)
    except OSError as error:
        raise RefusedError(f"读不了设置文件 {path}（{fault_words(error)}）。") from error


def values(settings: Settings, places: Iterable[Place]) -> dict[Place, Value]:
    """What is set at these places of the tables office, documents, rules and voting."""
    voting = {
        "groups": settings.groups,
        "void_reasons": settings.void_reasons,
        "correction_reasons": settings.correction_reasons,
    }
    found: dict[Place, Value] = {}
    for table, key in places:
        if table == "voting":
            found[table, key] = voting[key]
            continue
        holder = {
            "office": settings.office,
            "documents": settings.documents,
            "rules": settings.rules,
        }[table]
        value = getattr(holder, key)
        found[table, key] = value if isinstance(value, bool | int | tuple) else str(value)
    return found


def edited(text: str, changes: Mapping[Place, Value], notes: Mapping[Place, str]) -> str:
    """The text of a settings file with these values changed. A value that it did not have is added
    with its note as a comment. Raises `RefusedError` if the file's way of writing cannot be kept.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        for (table, key), value in changes.items():
            if table not in document:
                document[table] = tomlkit.table()
            inner: Any = document[table]
            made = tomlkit.item(list(value) if isinstance(value, tuple) else value)
            if key in inner:
                inner[key] = made
            else:
                if note := notes.get((table, key), ""):
                    made.comment(note)
                made.trivia.trail = "\r\n" if "\r\n" in text else "\n"
                inner.append(key, made)
        made_text = tomlkit.dumps(document)
        right = tomllib.loads(made_text) == _with(tomllib.loads(text), changes)
    except (TOMLKitError, tomllib.TOMLDecodeError, TypeError) as error:
        raise RefusedError("设置文件的写法程序改不了，请用文本编辑器改。没有保存。") from error
    if not right:
        raise RefusedError("设置文件的写法程序改不了，请用文本编辑器改。没有保存。")
    return made_text


def _with(before: dict[str, Any], changes: Mapping[Place, Value]) -> dict[str, Any]:
    """The values of a file after the changes, worked out without its text."""
    for (table, key), value in changes.items():
        before.setdefault(table, {})[key] = list(value) if isinstance(value, tuple) else value
    return before


def save(
    before: SettingsFile,
    changes: Mapping[Place, Value],
    notes: Mapping[Place, str],
    kinds: Iterable[DocumentKind],
) -> Settings:
    """Change values in a settings file and read it again; what else stands in it stays as it is.

    Raises `UnsettableError` if what is asked for is no setting, and `RefusedError` if the file is
    no longer what was read or cannot be written; then nothing is changed. `kinds` are as for
    `office.load`.
    """
    try:
        text = (before.content or _HEAD.encode()).decode()
    except UnicodeDecodeError as error:
        raise RefusedError(f"设置文件 {before.path} 不是 UTF-8，没有保存。") from error
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    content = (mark + edited(text.removeprefix(mark), changes, notes)).encode()
    path = before.path
    # Beside the file, so that it can take its place at once, and relative paths in it hold.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        make_folder(path.parent)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        try:
            _write(temporary, content, mode)
            _require_readable(temporary, kinds)
            _require_unchanged(before)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise RefusedError(f"没有写成设置文件 {path}（{fault_words(error)}）。") from error
    return office.load(path, kinds)


def _write(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _require_readable(temporary: Path, kinds: Iterable[DocumentKind]) -> None:
    try:
        office.load(temporary, kinds)
    except TomlFaultsError as error:
        raise UnsettableError({each.key: each.why for each in error.faults}) from error


def _require_unchanged(before: SettingsFile) -> None:
    """Whoever saves second is told, and overwrites nothing."""
    if read(before.path).content != before.content:
        raise RefusedError(
            f"设置文件 {before.path} 打开以后别人改过，没有保存，免得盖掉他改的。"
            "请返回后重新打开设置，看过再改。"
        )
