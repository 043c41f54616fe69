"""Rare characters of names stand in every document and file name as they are."""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path

from models.database.store import Store
from models.settings.office import Settings
from tests.exports.small import Team, key_all, make_round, seal_all
from tui.commands.exporting import add_export, export

# Extensions A, B, E, H and I, a private-use character, a selector of a variant.
RARE = ("张䶮㛃", "𠮷𬭎明", "王\U00031360", "李\U0002ebf5", "赵\ue000", "孙葛\U000e0100")


def test_rare_names_come_out_as_they_are(store: Store, settings: Settings, tmp_path: Path) -> None:
    info = make_round(settings, teams=(Team(chief=RARE[0], members=RARE[1:]),))
    key_all(info)
    seal_all(info)
    parser = argparse.ArgumentParser()
    add_export(parser)
    words = [info.title, "--kind", "feedback", "summary", "--output", str(tmp_path / "out")]
    options = parser.parse_args(words)
    options.config = None
    assert export(options, store) == 0
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    letters = [path.name for path in files if path.suffix == ".docx"]
    for name in RARE:
        assert any(name in letter for letter in letters), letters
    kinds = set()
    for path in (path for path in files if "汇总表" in path.name):
        if path.suffix == ".csv":
            text = path.read_text(encoding="utf-8-sig")
        else:
            with zipfile.ZipFile(path) as package:
                parts = [each for each in package.namelist() if each.endswith(".xml")]
                text = "".join(package.read(each).decode() for each in parts)
        if RARE[1] in text:
            kinds.add(path.suffix)
            # Names of two characters are spaced in tables.
            assert [name for name in RARE if name not in text.replace("\u3000", "")] == []
    assert kinds == {".docx", ".xlsx", ".csv"}
