"""`ceping backup` and `ceping restore`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.database.store import Store, default_path
from models.refusal import RefusedError
from tui.commands.waiting import working


def add_backup(parser: argparse.ArgumentParser) -> None:
    """The arguments of `backup`."""
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="写到哪里；不写则在数据库旁的备份文件夹"
    )
    parser.add_argument("--encrypt", action="store_true", help="用口令加密（age 格式）")


def add_restore(parser: argparse.ArgumentParser) -> None:
    """The arguments of `restore`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件；加密的会问口令")
    parser.add_argument("--of-another", action="store_true", help="确实要恢复另一个数据库的备份")


def backup(options: argparse.Namespace, store: Store) -> int:
    """Make a checked copy of an open store's database; the exit status."""
    from models.database import backup as backups
    from models.database import copy_elsewhere

    if options.file is None and options.encrypt:
        raise RefusedError("加密的备份要写明文件名：ceping backup 文件 --encrypt。")
    if options.file is None:
        with working("正在备份"):
            path = backups.make(store.path, "手工")
    else:
        path = options.file.absolute()
        passphrase = _passphrase(twice=True) if options.encrypt else ""
        with working("正在备份"):
            copy_elsewhere.copy_out(store.path, path, passphrase)
    sys.stdout.write(f"已备份，打开核对无误：{path}\n")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the place of the database; the exit status."""
    from models.database import restore as restoring

    passphrase = _passphrase(twice=False) if restoring.encrypted(options.file) else ""
    with working("正在核对、恢复"):
        done = restoring.restore(
            options.file,
            options.database or default_path(),
            passphrase,
            of_another=options.of_another,
        )
    sys.stdout.write(f"已恢复并重新核对：{done.rounds} 个轮次，{done.ballots} 张票。\n")
    if done.replaced:
        sys.stdout.write(f"原数据库保留为 {done.replaced}\n")
    return 0


def _passphrase(*, twice: bool) -> str:
    """Ask for a passphrase on the terminal, without echo; without a terminal it is the first line
    of standard input. Raises `RefusedError` if it is empty or the second one differs."""
    if not sys.stdin.isatty():
        text = sys.stdin.readline().rstrip("\n")
    else:
        from getpass import getpass

        text = getpass("口令：")
        if twice and text != getpass("再输一次："):
            raise RefusedError("两次口令不同，没有备份。")
    if not text:
        raise RefusedError("口令不能为空。")
    return text
