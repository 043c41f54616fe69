"""`ceping completion`: the script with which a shell completes commands, options and files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

SHELLS = ("bash", "zsh", "fish")


def add_completion(parser: argparse.ArgumentParser) -> None:
    """The arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="、".join(SHELLS))


def completion(shell: str, of: argparse.ArgumentParser) -> int:
    """Print the script for a shell, made of the parser's own commands and options."""
    import shtab

    for action in _actions(of):
        if action.type is Path:
            # shtab looks for what to complete in an attribute of its own.
            vars(action)["complete"] = shtab.DIRECTORY if action.metavar == "DIR" else shtab.FILE
    sys.stdout.write(f"{shtab.complete(of, shell=shell)}\n")
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What a parser and the parsers of its commands take."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
