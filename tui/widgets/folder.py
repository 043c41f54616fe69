"""The form that asks for a file by its path, with a hint of what the working folder holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.refusal import RefusedError
from tui.widgets.forms import FaultyFieldsError, Field, FormScreen

_MOST_NAMED = 6


def path_of(text: str) -> Path:
    """The path that was typed, `~` being the user's own folder. Raises `RefusedError` if `~` is
    followed by a user that is not known."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise RefusedError(f"文件：认不出 {text} 里的 ~，请写完整路径。") from error


def near(suffixes: tuple[str, ...]) -> str:
    """A hint that names the files with these suffixes in the working folder, newest first."""
    folder = Path.cwd()
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() in suffixes]
        found.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        found = []
    kinds = "、".join(suffixes)
    if not found:
        return f"当前文件夹 {folder} 里没有 {kinds} 文件，请键入完整路径"
    names = "、".join(path.name for path in found[:_MOST_NAMED])
    more = f" 等 {len(found)} 个" if len(found) > _MOST_NAMED else ""
    return f"当前文件夹 {folder} 里有：{names}{more}"


def path_screen(
    title: str, value: str, suffixes: tuple[str, ...], take: Callable[[str], None]
) -> FormScreen:
    """A form that asks for a file that exists, and calls `take` with its path as typed. It stays
    where `take` raises `RefusedError`."""

    def save(values: dict[str, str]) -> None:
        path = path_of(values["path"])
        try:
            path.stat()
        except (OSError, ValueError) as error:
            why = f"没有文件 {path}，或打不开它。请检查路径。"
            raise FaultyFieldsError({"path": why}) from error
        take(values["path"])

    field = Field("path", "文件", value=value, hint=near(suffixes), required=True)
    return FormScreen(title, [field], save, asks=False)
