"""Folders on the screen: what they hold, newest first, and what a path begun means."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from models.names import names_it
from models.refusal import RefusedError

_REMEMBERED = "last-folder"


@dataclass(frozen=True)
class InFolder:
    """A file or a folder."""

    path: Path
    """Where it is."""
    folder: bool
    """Whether it is a folder."""
    changed: float
    """When it was changed last, in seconds since 1970."""
    size: int
    """Its bytes."""


def path_of(text: str) -> Path:
    """The path that was typed, `~` being the user's own folder. Raises `RefusedError` if `~` is
    followed by a user that is not known."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise RefusedError(f"文件：认不出 {text} 里的 ~，请写完整路径。") from error


def begun(text: str, folder: Path) -> tuple[Path, str]:
    """The folder that a typed text is in, and the part of a name after it; `folder` is where one
    is."""
    before, slash, part = text.rpartition("/")
    if not slash and not text.startswith("~"):
        return folder, part
    return folder / path_of(before + slash if slash else text), part if slash else ""


def entries(folder: Path, suffixes: tuple[str, ...], part: str = "") -> list[InFolder]:
    """The files in `folder` with these suffixes, newest first, then its folders by name; with
    `part`, those that have it in their name, by characters or by how these are read.

    Raises `RefusedError` if the folder cannot be read.
    """
    found = []
    try:
        with os.scandir(folder) as there:
            for each in there:
                if each.name.startswith(".") and not part.startswith("."):
                    continue
                if not each.is_dir() and Path(each.name).suffix.lower() not in suffixes:
                    continue
                if part and not names_it(each.name, part):
                    continue
                try:
                    about = each.stat()
                except OSError:
                    continue  # a link to nothing
                found.append(
                    InFolder(Path(each.path), each.is_dir(), about.st_mtime, about.st_size)
                )
    except OSError as error:
        raise RefusedError(f"打不开文件夹 {folder}。请检查路径和权限。") from error
    return sorted(
        found, key=lambda each: (each.folder, each.path.name if each.folder else -each.changed)
    )


def completed(part: str, found: list[InFolder]) -> str:
    """The longest beginning that all names share which begin with `part`; the only name in whole
    if there is but one. `part` itself if there is nothing to add."""
    names = [each.path.name + "/" * each.folder for each in found]
    names = [name for name in names if name.lower().startswith(part.lower())] or names
    if len(names) == 1:
        return names[0]
    shared = os.path.commonprefix(names)  # noqa: RUF071 - names are no paths
    return shared if len(shared) > len(part) else part


def remembered() -> Path:
    """The folder that a file was chosen from last, or the working folder."""
    try:
        folder = Path(_memory().read_text(encoding="utf-8"))
        return folder if folder.is_dir() else Path.cwd()
    except (OSError, ValueError):
        return Path.cwd()


def remember(folder: Path) -> None:
    """Keep the folder that a file was chosen from; where that cannot be kept, go on without."""
    try:
        _memory().parent.mkdir(parents=True, exist_ok=True)
        _memory().write_text(str(folder), encoding="utf-8")
    except OSError:
        return


def _memory() -> Path:
    import platformdirs

    return platformdirs.user_state_path("ceping", appauthor=False) / _REMEMBERED
