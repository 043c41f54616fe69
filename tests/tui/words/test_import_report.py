"""What an import would do, told on the command line."""

import subprocess
import sys
from pathlib import Path

from wcwidth import wcswidth

from models.database.store import Store
from models.imports import roster_import
from tui.commands.demo import SAMPLE_OFFICE
from tui.words.import_report import lines

MESSY = Path(__file__).parents[2] / "data" / "roster-messy.xlsx"


def test_a_clean_file_is_one_line(store: Store) -> None:
    (line,) = lines(roster_import.plan(SAMPLE_OFFICE / "roster.xlsx"))
    assert line.startswith("roster.xlsx  单位：新增 105")


def test_remarks_stand_in_columns(store: Store) -> None:
    roster_import.apply(roster_import.plan(SAMPLE_OFFICE / "roster.xlsx"), store)
    _, figures, head, *rows = lines(roster_import.plan(MESSY))
    assert figures.startswith("须改正 ")
    start = wcswidth(head[: head.index("行")])
    for row in rows:
        before = ""
        for character in row:
            if wcswidth(before) >= start:
                break
            before += character
        assert wcswidth(before) == start
        assert before.endswith("  ")
        assert row[len(before)].isdigit()
    assert rows[0].startswith("拒绝")
    assert rows[-1].startswith("变更")
    assert "改为" in rows[-1]


def test_hostile_text_stays_on_its_line(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(
        '姓名,单位,班子角色,性别\n"张\x1b[2J三",无此单位,正职,"\x07[/b]"\n', encoding="utf-8"
    )
    told = lines(roster_import.plan(file))
    assert all(line.isprintable() for line in told)
    assert any("[/b]" in line for line in told)


def test_textual_is_not_imported_for_it() -> None:
    code = "import sys, tui.words.import_report; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
