"""The tables of keys in the manual, made of what the screens declare, and the pictures beside
them. Run as a module it writes them into `docs/manual.md` and `docs/pictures/`."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests import pictures
from tui.screens.poll.keying_pad import FirstPad, PadScreen
from tui.screens.poll.stacks import PaperScreen
from tui.screens.results.opinions import OpinionScreen
from tui.screens.roster.panes import RosterPanes
from tui.screens.roster.people import RosterScreen
from tui.widgets.forms import Form, FormScreen
from tui.widgets.frame import EVERYWHERE, ResultFrame
from tui.widgets.keys import Key, key_table, merged
from tui.widgets.listing import Listing
from tui.widgets.pad import MarkGrid
from tui.widgets.paper_grid import PaperGrid
from tui.widgets.passage import Passage

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "docs" / "manual.md"
PAD = "## 三、录票的键\n\n"
ALL = "## 十四、各屏的键\n\n"
# What has the focus on a screen, where it is not a list.
_WITHIN: dict[type[ResultFrame[Any]], Any] = {
    PadScreen: MarkGrid,
    FormScreen: Form,
    PaperScreen: PaperGrid,
    RosterScreen: RosterPanes,
    OpinionScreen: Passage,
}


def screens() -> list[type[ResultFrame[Any]]]:
    """Every kind of screen that declares keys, in the order of their names in Chinese."""
    for file in sorted((ROOT / "tui" / "screens").rglob("*.py")):
        importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    found: list[type[ResultFrame[Any]]] = []
    waiting: list[type[ResultFrame[Any]]] = [ResultFrame]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "KEYS" in kind.__dict__ and kind.HELP and kind.__module__.startswith("tui."):
            found.append(kind)
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def within(kind: type[ResultFrame[Any]]) -> list[Any]:
    """The kind of widget that has the focus there, if it is no list."""
    return [widget for of, widget in _WITHIN.items() if issubclass(kind, of)]


def keys_of(kind: type[ResultFrame[Any]]) -> list[Key]:
    """The keys of a kind of screen and of what has the focus there, the general ones apart."""
    general = {key.does for key in (*ResultFrame.KEYS, *EVERYWHERE)}
    own = merged(kind.own_keys(), *(widget.KEYS for widget in within(kind)))
    return [key for key in own if key.does not in general]


def table(keys: Iterable[Key]) -> str:
    """Keys as a table of the manual."""
    rows = [f"| {name.replace('*', chr(92) + '*')} | {does} |" for name, does in key_table(keys)]
    return "\n".join(("| 键 | 作用 |", "|---|---|", *rows)) + "\n"


def name_of(kind: type[ResultFrame[Any]]) -> str:
    """What a screen is called: how its help begins."""
    return re.split("[：，。]", kind.HELP.strip())[0]


def shown(kind: type[ResultFrame[Any]]) -> str:
    """The picture of a screen, if there is one."""
    file = pictures.FOLDER / f"{kind.__name__}.svg"
    return f"![{name_of(kind)}](pictures/{file.name})\n\n" if file.exists() else ""


def all_tables() -> str:
    """The last chapter."""
    parts = [
        "每一屏最下面一行是现在能用的键；窗口窄时放不下的先省去（行末有 ›），F1 里总是全的。\n"
        "F1 列出这一屏全部的键：键入几个字（或拼音首字母、键名）筛选，Enter 就执行。\n"
        "录票时 F1 只供阅读。\n\n"
        "![F1 的帮助](pictures/help.svg)\n",
        "### 各屏都有\n\n" + table((*ResultFrame.KEYS, *EVERYWHERE, *Listing.KEYS)),
        *(f"### {name_of(kind)}\n\n{shown(kind)}{table(keys_of(kind))}" for kind in screens()),
    ]
    return "\n".join(parts)


def written(manual: str) -> str:
    """The manual with its tables as they have to be."""
    pad = table(keys_of(FirstPad))
    before, _, rest = manual.partition(PAD)
    rest = rest[rest.index("\n\n") + 1 :]
    return f"{before}{PAD}{pad}{rest}".partition(ALL)[0].rstrip() + f"\n\n{ALL}{all_tables()}"


if __name__ == "__main__":
    pictures.write()
    MANUAL.write_text(written(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
