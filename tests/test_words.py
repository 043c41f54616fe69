"""Models and exports name no key and no command: they are used from a screen and without one.

A refusal or a finding names its way out; `tui.words.ways` has the key and the command for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEYS = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(F(1[0-2]|[1-9])|Enter|Esc|Escape|Backspace|Delete|Insert|Tab|Home|End|Page ?Up|Page ?Down|"
    r"Ctrl|Alt|Shift|Space)"
    r"(?![A-Za-z0-9])"
    r"|回车|退格|空格键|方向键|[上下左右]键|翻页键|[按用]\s*[-+/*]"
    # A hint: the sign of a key, then what it does.
    r"|(?:^|[\s，。：；])[-+](?=[\u4e00-\u9fff])"
)
COMMANDS = re.compile(r"(?<![\w.])ceping(?![\w./-])|(?<![\w-])--[a-z]")
# The name of the folders and of the form of the sealed text, which is also the command's.
NAMES = {"ceping"}


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """The string constants of a file with their lines; no docstring of anything."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    spoken = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
        ):
            yield node.lineno, node.value


@pytest.mark.parametrize("floor", ["models", "exports"])
@pytest.mark.parametrize("pattern", [KEYS, COMMANDS], ids=["key", "command"])
def test_no_sentence_names_a_key_or_a_command(floor: str, pattern: re.Pattern[str]) -> None:
    named = [
        f"{file.relative_to(ROOT)}:{line}: {text!r}"
        for file in sorted((ROOT / floor).rglob("*.py"))
        for line, text in sentences(file)
        if text not in NAMES and pattern.search(text)
    ]
    assert not named, "\n".join(named)
