"""`ceping templates`: what it lists, names, checks and writes."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from exports.documents.kinds import KINDS
from models.refusal import RefusedError
from tests.offices import write
from tui.commands.templates import add_templates, templates

TEMPLATED = [kind.key for kind in KINDS.values() if kind.template]

Shown = pytest.CaptureFixture[str]


def run(folder: Path, *words: str, setting: str = "文书模板") -> int:
    """The command with a settings file of the office's own."""
    parser = argparse.ArgumentParser()
    add_templates(parser)
    options = parser.parse_args(words)
    options.config = write(folder, "own.toml", f'[documents]\ntemplates = "{setting}"\n')
    return templates(options)


@pytest.mark.parametrize("kind", TEMPLATED)
def test_a_template_is_begun_listed_and_found_good(
    tmp_path: Path, capsys: Shown, kind: str
) -> None:
    name = KINDS[kind].name
    assert run(tmp_path, "--new", name) == 0
    path = tmp_path / "文书模板" / f"{name}.docx"
    assert f"已写出模板：{path}\n" in capsys.readouterr().out
    assert run(tmp_path) == 0
    shown = capsys.readouterr().out
    assert f"  {name}：用模板 {name}.docx\n" in shown
    assert shown.count("用程序的版式") == len(TEMPLATED) - 1
    assert run(tmp_path, "--check") == 0
    assert f"{path}：可用\n" in capsys.readouterr().out
    with pytest.raises(RefusedError, match="已有"):
        run(tmp_path, "--new", kind)


def test_a_faulty_template_and_a_stranger_are_named(tmp_path: Path, capsys: Shown) -> None:
    folder = tmp_path / "文书模板"
    folder.mkdir()
    (folder / "反馈书.docx").write_bytes(b"x")
    (folder / "反馈表.docx").write_bytes(b"x")
    (folder / "~$反馈书.docx").write_bytes(b"x")
    assert run(tmp_path, "--check") == 1
    shown = capsys.readouterr().out
    assert "反馈书.docx：有错\n  不是完好的 Word 文档" in shown
    assert "  反馈表.docx：文件名不是文书种类，没有用。应为 反馈书、" in shown
    assert "~$" not in shown


def test_without_a_folder_everything_is_ours(tmp_path: Path, capsys: Shown) -> None:
    assert run(tmp_path, "--list", setting="") == 0
    assert "没有设模板文件夹，文书都用程序的版式" in capsys.readouterr().out
    for words in (("--check",), ("--new", "反馈书")):
        with pytest.raises(RefusedError, match=r"没有设模板文件夹。在 ceping\.toml"):
            run(tmp_path, *words, setting="")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: Shown) -> None:
    assert run(tmp_path) == 1
    shown = capsys.readouterr().out
    assert "文书模板，文书写不出来。用 ceping templates --new 建" in shown
    assert "用程序的版式" not in shown
    with pytest.raises(RefusedError, match="没有模板文件夹"):
        run(tmp_path, "--check")


def test_fields_are_explained(tmp_path: Path, capsys: Shown) -> None:
    assert run(tmp_path, "--fields", "反馈书", setting="") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "姓名  被测评人姓名" in lines
    at = lines.index("各层级（列表）  本人参加测评的各层级")
    assert lines[at + 1].startswith("  序号  ")
    with pytest.raises(
        RefusedError, match="“汇总表”没有模板。可以用模板的文书：feedback（反馈书）"
    ):
        run(tmp_path, "--fields", "汇总表")
