"""Editing ceping.toml: the changed values alone differ, and whoever saves second is told."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from exports.documents.kinds import KINDS, load_settings
from models.refusal import RefusedError
from models.settings import settings_file
from models.settings.office import Settings, shipped_file
from models.settings.settings_file import Place, SettingsFile, Value

A_PERSONS = """\
# 张三 2026 年 3 月改，别动顺序

[rules]      # 规则在前
decimals=1   # 领导要一位
   minimum_group   =   12

[office]
short_name="州局"
# 全称以编办文件为准
name    =  '临夏回族自治州工商行政管理局'   # 全称

basis = [
  "《甲》",   # 第一份
      "《乙》",
]
[documents]
public_persons = false


# 完
"""


def saved(file: Path, changes: dict[Place, Value]) -> Settings:
    return settings_file.save(settings_file.read(file), changes, {}, KINDS.values())


def changed_lines(before: str, after: str) -> list[str]:
    delta = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in delta if line[0] in "+-"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_changed_values_differ(tmp_path: Path, ends: str, mark: str) -> None:
    file = tmp_path / "ceping.toml"
    text = mark + A_PERSONS.replace("\n", ends)
    file.write_bytes(text.encode())
    file.chmod(0o640)
    found = saved(
        file, {("office", "name"): "临夏州局", ("rules", "decimals"): 2, ("rules", "quorum"): "1/2"}
    )
    assert (found.office.name, found.rules.decimals, found.rules.quorum) == ("临夏州局", 2, "1/2")
    after = file.read_bytes().decode()
    assert changed_lines(text, after) == [
        f"- decimals=1   # 领导要一位{ends}",
        f"+ decimals=2   # 领导要一位{ends}",
        f'+ quorum = "1/2"{ends}',
        f"- name    =  '临夏回族自治州工商行政管理局'   # 全称{ends}",
        f'+ name    =  "临夏州局"   # 全称{ends}',
    ]
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["ceping.toml"]


def test_a_list_that_is_not_changed_keeps_its_comments(tmp_path: Path) -> None:
    file = tmp_path / "ceping.toml"
    file.write_text(A_PERSONS, encoding="utf-8")
    saved(file, {("documents", "public_persons"): True, ("office", "copies"): ("丙局", "丁局")})
    after = file.read_text(encoding="utf-8")
    assert '  "《甲》",   # 第一份\n      "《乙》",\n]\n' in after
    assert load_settings(file).office.copies == ("丙局", "丁局")
    assert load_settings(file).office.basis == ("《甲》", "《乙》")


def test_whoever_saves_second_is_told_and_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "ceping.toml"
    file.write_text(A_PERSONS, encoding="utf-8")
    first, second = settings_file.read(file), settings_file.read(file)
    settings_file.save(first, {("office", "name"): "甲局"}, {}, KINDS.values())
    after = file.read_bytes()
    with pytest.raises(RefusedError, match="打开以后别人改过"):
        settings_file.save(second, {("office", "short_name"): "乙"}, {}, KINDS.values())
    assert file.read_bytes() == after
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_somebody_made_or_took_away_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "ceping.toml"
    nothing = settings_file.read(file)
    file.write_text(A_PERSONS, encoding="utf-8")
    with pytest.raises(RefusedError, match="别人改过"):
        settings_file.save(nothing, {("office", "name"): "甲局"}, {}, KINDS.values())
    assert file.read_text(encoding="utf-8") == A_PERSONS
    there = settings_file.read(file)
    file.unlink()
    with pytest.raises(RefusedError, match="别人改过"):
        settings_file.save(there, {("office", "name"): "甲局"}, {}, KINDS.values())
    assert not file.exists()


def test_what_is_no_setting_is_refused_and_nothing_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "ceping.toml"
    file.write_text(A_PERSONS, encoding="utf-8")
    with pytest.raises(RefusedError, match=r"office.name：不能为空。没有保存"):
        saved(file, {("office", "name"): ""})
    with pytest.raises(RefusedError, match=r"rules.decimals：应在 1 至 2 之间"):
        saved(file, {("rules", "decimals"): 5})
    assert file.read_text(encoding="utf-8") == A_PERSONS
    assert len(list(tmp_path.iterdir())) == 1


def test_a_new_file_has_what_was_changed_and_says_what_for(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "ceping.toml"
    place = ("office", "signature")
    found = settings_file.save(
        SettingsFile(file, None), {place: "甲局"}, {place: "落款"}, KINDS.values()
    )
    assert found.office.signature == "甲局"
    assert found.office.name == load_settings(shipped_file()).office.name
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# 本机关的设置")
    assert text.endswith('[office]\nsignature = "甲局" # 落款\n')
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    "text",
    [
        'office = { name = "甲", short_name = "乙" }\n',
        'office.name = "甲"\noffice.short_name = "乙"\n',
        '[office]\nname = "甲"\n[rules]\ndecimals = 1\n[office.x]\n',
        '"office"."name" = "甲" # 注\n',
        '[ office ]\n\tname = """甲"""\n',
    ],
)
def test_other_ways_of_writing_are_kept_or_refused_whole(text: str) -> None:
    try:
        after = settings_file.edited(text, {("office", "name"): "丙"}, {})
    except RefusedError:
        return
    assert "丙" in after
    assert [each for each in text.replace('"', "").split("甲") if each.strip()]
    assert after.replace('"""', '"').replace("丙", "甲") == text.replace('"""', '"')


def test_the_shipped_file_is_never_edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file.is_shipped(shipped_file())
    assert settings_file.own_file(shipped_file()) == tmp_path / "ceping" / "ceping.toml"
    link, target = tmp_path / "link.toml", tmp_path / "target.toml"
    target.write_text("")
    link.symlink_to(target)
    assert settings_file.own_file(link) == target
    assert not settings_file.is_shipped(link)


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    # The longest name that there is: the file beside it, which takes its place, cannot be made.
    file = tmp_path / f"{'a' * 250}.toml"
    file.write_text(A_PERSONS, encoding="utf-8")
    with pytest.raises(RefusedError, match="没有写成设置文件"):
        saved(file, {("office", "name"): "甲局"})
    assert file.read_text(encoding="utf-8") == A_PERSONS
