"""`ceping export`: what it tells, and its exit status."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from models.database.store import Store
from models.settings.office import Settings
from tests.exports.small import key_all, make_round
from tests.offices import write
from tui.commands.exporting import add_export, export


def test_a_document_that_cannot_be_made_is_named_and_the_others_are_written(
    store: Store, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    info = make_round(settings)
    key_all(info)
    (tmp_path / "模板").mkdir()
    (tmp_path / "模板" / "反馈书.docx").write_bytes(b"no zip")
    parser = argparse.ArgumentParser()
    add_export(parser)
    words = [info.title, "--kind", "feedback", "summary", "--output", str(tmp_path / "out")]
    options = parser.parse_args(words)
    options.config = write(tmp_path, "own.toml", '[documents]\ntemplates = "模板"\n')
    assert export(options, store) == 1
    told = capsys.readouterr()
    assert "以下 3 份没有写成，其余照写" in told.err
    assert told.err.count("反馈书.docx") == 3
    assert "写出 6 份文书" in told.out
    assert len([*(tmp_path / "out").rglob("*汇总表*")]) == 6
