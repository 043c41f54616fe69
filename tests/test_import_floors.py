"""The floors of the house: what importing a room must not bring along."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCREEN = {"textual", "rich"}
LATE = {"docx", "openpyxl", "pypinyin", "tabulate", "platformdirs"}


def modules_of(package: str) -> list[str]:
    return sorted(
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in (ROOT / package).rglob("*.py")
    )


def modules_loaded_by(statement: str, *arguments: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = (
        "import sys\n"
        "try:\n"
        f"    {statement}\n"
        "except SystemExit:\n"
        "    pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return set(done.stderr.split())


def loaded_by(statement: str, *arguments: str) -> set[str]:
    """The top-level packages that a fresh interpreter has loaded after a statement."""
    return {name.partition(".")[0] for name in modules_loaded_by(statement, *arguments)}


def test_models_know_no_screen_no_word_no_spreadsheet() -> None:
    loaded = loaded_by("import " + ", ".join(modules_of("models")))
    assert "models" in loaded
    assert not loaded & {*SCREEN, "docx", "openpyxl", "pypinyin", "tabulate", "exports", "tui"}


@pytest.mark.parametrize("module", modules_of("models"))
def test_each_room_of_models_can_be_entered_first(module: str) -> None:
    """No import runs in a circle, whichever module comes first."""
    assert not loaded_by(f"import {module}") & {*SCREEN, "docx", "exports", "tui"}


def test_exports_know_no_screen() -> None:
    loaded = loaded_by("import " + ", ".join(modules_of("exports")))
    assert "exports" in loaded
    assert not loaded & {*SCREEN, "tui"}


def test_help_loads_next_to_nothing() -> None:
    loaded = loaded_by("from tui.command import main; main(['--help'])")
    assert not loaded & {*SCREEN, *LATE}


def test_a_tally_for_a_pipe_loads_no_screen(keyed_office: Path) -> None:
    statement = "from tui.command import main; main(sys.argv[1:])"
    loaded = loaded_by(statement, "--database", str(keyed_office), "tally", "1", "--format", "json")
    assert "exports" in loaded
    assert not loaded & {*SCREEN, "docx", "openpyxl", "pypinyin"}


def test_home_loads_no_form_and_no_import() -> None:
    """What the first screen does not show must not delay it."""
    loaded = modules_loaded_by("import tui.command, tui.app, tui.screens.home")
    assert {"tui.screens.home", "models.entry.progress"} <= loaded
    assert not loaded & {"tui.widgets.forms", "models.roster.edit", "models.roster.cadres", "docx"}
    assert not loaded & {"models.rounds.sheets", "models.rounds.layout", "models.rounds.subjects"}
    assert not any(name.startswith("models.imports") for name in loaded)


def imported(file: Path) -> set[str]:
    """Every module a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("package", ["tui", "exports"])
def test_only_models_know_the_database(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        foreign = {
            name
            for name in imported(file)
            if name.partition(".")[0] in ("peewee", "playhouse", "sqlite3")
            or name.startswith("models.database.tables")
        }
        assert not foreign, f"{file.name} imports {foreign}"


def test_screens_write_no_sql() -> None:
    verbs = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "PRAGMA ")
    for file in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.startswith(verbs), f"{file.name}:{node.lineno}"
