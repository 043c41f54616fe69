"""What importing the floor costs and knows: no screen, and no Word until one is written."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import exports


def test_fresh_interpreter() -> None:
    names = [module.name for module in pkgutil.walk_packages(exports.__path__, "exports.")]
    assert "exports.writing.preparation" in names
    code = (
        f"import sys, {', '.join(names)}; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    loaded = set(shown.stdout.decode().split())
    assert not loaded & {"textual", "rich", "tui", "docx", "lxml", "tabulate", "openpyxl"}
