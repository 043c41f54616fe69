"""`ceping rehearse`: a whole round tried out in a database of its own, wiped afterwards."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from models.database import rehearsal
from models.database.private_folder import make_folder
from models.database.store import Store, default_path, open_store
from models.refusal import RefusedError, fault_words
from models.settings.office import Settings


def add_rehearse(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument(
        "round", nargs="?", metavar="ROUND", help="轮次的编号或名称；不写：只抹掉上次留下的"
    )


def rehearse(
    options: argparse.Namespace, settings: Settings, run: Callable[[Store, Settings], int]
) -> int:
    """Rehearse a round by `run`, then wipe it; without a round, wipe what a killed rehearsal left.
    Raises `RefusedError`."""
    from models.imports import rehearsed

    path: Path = options.database or default_path()
    folder, file = rehearsal.folder_of(path), rehearsal.file_of(path)
    require_over(file)
    if options.round is None:
        wiped = rehearsal.wipe(folder) if folder.exists() else 0
        sys.stdout.write("上次的演练已抹掉。\n" if wiped else "没有留下的演练。\n")
        return 0
    office = open_store(path, write=False)
    try:
        found = rehearsed.read(options.round)
    finally:
        office.close()
    if folder.exists():
        rehearsal.wipe(folder)
    try:
        make_folder(folder)
    except OSError as error:
        raise RefusedError(f"建不了文件夹 {folder}（{fault_words(error)}）。") from error
    try:
        store = open_store(file)
        rehearsal.mark()
        store.close()
        store = open_store(file)
        rehearsed.begin(found, settings)
        status = run(store, settings)
        store.close()
    finally:
        rehearsal.wipe(folder)
    sys.stdout.write("演练结束，演练的票和数据库已全部抹掉。\n")
    return status


def require_over(file: Path) -> None:
    """Refuse to wipe what another program works in: raises `RefusedError`."""
    if not file.exists():
        return
    left = open_store(file)
    holder = left.holder if left.read_only else None
    left.close()
    if holder is not None:
        raise RefusedError(f"演练正由 {holder} 进行。请等对方退出后再试。")
