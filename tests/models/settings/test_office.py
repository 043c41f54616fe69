"""ceping.toml: which file is used, what it leaves out, and every fault with its line."""

from pathlib import Path

import pytest

from exports.documents.kinds import load_settings
from models.regulation.levels import Level
from models.regulation.rules import Comparator, Denominator, TrustRule
from models.settings.office import ENVIRONMENT_VARIABLE, find_file, shipped_file
from models.settings.toml_file import TomlFaultsError
from tests.offices import write


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a home without any settings."""
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    return tmp_path


def test_files_are_looked_for_in_order(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_file() == shipped_file()
    own = nowhere / "home" / ".config" / "ceping"
    own.mkdir(parents=True)
    expected = write(own, "ceping.toml", "")
    assert find_file() == expected
    expected = write(nowhere / "working", "ceping.toml", "")
    assert find_file() == expected
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(nowhere / "env.toml"))
    assert find_file() == nowhere / "env.toml"
    assert find_file(nowhere / "named.toml") == nowhere / "named.toml"


def test_what_a_file_leaves_out_comes_from_the_shipped_one(nowhere: Path) -> None:
    shipped = load_settings(shipped_file())
    found = load_settings(write(nowhere, "own.toml", '[office]\nname = "乙省局"\n'))
    assert found.office.name == "乙省局"
    assert found.office.basis == shipped.office.basis
    assert (found.levels, found.rules, found.groups) == (
        shipped.levels,
        shipped.rules,
        shipped.groups,
    )


def test_the_shipped_file_holds_the_regulation() -> None:
    levels = load_settings(shipped_file()).levels
    assert [len(levels[level].items) for level in Level] == [7, 5, 4, 4, 0]
    assert levels[Level.TEAM].scale.grades == ("优秀", "合格", "不合格")
    assert levels[Level.MEMBER].scale.grades == ("优秀", "称职", "基本称职", "不称职")
    assert levels[Level.INTEGRITY].scale.grades == ("好", "中", "差")
    assert [levels[level].scale.unstated for level in Level] == [False, True, False, True, False]
    assert load_settings(shipped_file()).rules.trust == {}, "no trust rule by default"


def test_own_wording_replaces_a_statement_and_nothing_else(nowhere: Path) -> None:
    text = '[levels.team.own_wording]\n2 = "本局的表述"\n'
    items = load_settings(write(nowhere, "own.toml", text)).levels[Level.TEAM].items
    shipped = load_settings(shipped_file()).levels[Level.TEAM].items
    assert items[1].statement == "本局的表述"
    assert (items[1].title, items[1].clause) == (shipped[1].title, shipped[1].clause)
    assert items[0] == shipped[0]
    assert items[2:] == shipped[2:]


@pytest.mark.parametrize("count", range(2, 10))
def test_two_to_nine_grades(nowhere: Path, count: int) -> None:
    grades = [f"等次{n}" for n in range(1, count + 1)]
    text = f"[levels.chief]\nscale = {grades}\n".replace("'", '"')
    scale = load_settings(write(nowhere, "own.toml", text)).levels[Level.CHIEF].scale
    assert scale.grades == tuple(grades)
    assert scale.short == ("等次",) * count
    assert not scale.unstated, "the office has stated it"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[office]\nnmae = "拼错"\n', "第2行 office.nmae：没有这一项设置，请检查拼写"),
        ("[rules]\ndecimals = 3\n", "第2行 rules.decimals：应在 1 至 2 之间，现为 3"),
        ('\n\n[rules]\ndenominator = "people"\n', "第4行 rules.denominator：应为 marks、valid"),
        ("[rules]\nsheet = 1\n", "第2行 rules.sheet：应为文字，现为 1"),
        ("[rules]\nminimum_group = true\n", "第2行 rules.minimum_group：应为整数"),
        ('[rules]\nverification = "1/1"\n', "第2行 rules.verification：应为 full、none 或 1/n"),
        ('[levels.chief]\nscale = ["好"]\n', "第2行 levels.chief.scale：等次应有 2 至 9 个"),
        ('[levels.chief]\nscale = ["好", "好"]\n', "第2行 levels.chief.scale：等次有重复"),
        (f"[levels.chief]\nscale = {list('一二三四五六七八九十')}\n", "现有 10 个"),
        (
            '[levels.chief]\nscale = ["好", "差"]\nshort = ["好"]\n',
            "第3行 levels.chief.short：应与 scale 一一对应",
        ),
        (
            '[levels.team.own_wording]\n8 = "多出"\n',
            "第2行 levels.team.own_wording.8：没有第 8 项测评内容，应为 1 至 7",
        ),
        ('[[levels.chief.items]]\ntitle = "短"\n', "第1行 levels.chief.items[0].statement：缺少"),
        ('[levels.boss]\nname = "老板"\n', "第1行 levels.boss：没有这一项设置"),
        ("[voting]\ngroups = []\n", "第2行 voting.groups：应有 1 至 99 项，现有 0 项"),
        ('[voting]\nvoid_reasons = ["甲", "甲"]\n', "第2行 voting.void_reasons：有重复的项"),
        (
            f"[voting]\ncorrection_reasons = {[str(n) for n in range(10)]}\n",
            "第2行 voting.correction_reasons：应有 1 至 9 项，现有 10 项",
        ),
        ('[documents]\nfont_set = "mac"\n', "第2行 documents.font_set：应为 gb2312、windows"),
        ('[trust]\nmember = ["优秀"]\n', "第2行 trust.member：还要写明分数"),
        ("office = 1\n", "第1行 office：应为表，现为 1"),
    ],
)
def test_a_fault_is_named_with_its_line(nowhere: Path, text: str, wanted: str) -> None:
    file = write(nowhere, "own.toml", text.replace("'", '"'))
    with pytest.raises(TomlFaultsError) as raised:
        load_settings(file)
    assert any(
        str(fault).startswith(str(file)) and wanted in str(fault) for fault in (raised.value.faults)
    ), str(raised.value)


def test_all_faults_at_once(nowhere: Path) -> None:
    text = '[rules]\ndecimals = 9\nsheet = "x"\n[office]\nwho = 1\n[other]\n'
    with pytest.raises(TomlFaultsError) as raised:
        load_settings(write(nowhere, "own.toml", text))
    assert [(fault.line, fault.key) for fault in sorted(raised.value.faults, key=str)] == [
        (2, "rules.decimals"),
        (3, "rules.sheet"),
        (5, "office.who"),
        (6, "other"),
    ]


def test_trust_rules_in_both_forms(nowhere: Path) -> None:
    text = (
        "[trust]\n"
        'chief = ["优秀"]\n'
        'at_least = "2/3"\n'
        "[trust.member]\n"
        'grades = ["优秀", "称职"]\n'
        'more_than = "1/2"\n'
        'denominator = "present"\n'
    )
    trust = load_settings(write(nowhere, "own.toml", text)).rules.trust
    assert trust == {
        Level.CHIEF: TrustRule(("优秀",), Comparator.AT_LEAST, 2, 3),
        Level.MEMBER: TrustRule(("优秀", "称职"), Comparator.MORE_THAN, 1, 2, Denominator.PRESENT),
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[office\nname = "甲"\n', 1),
        ('[office]\nname = "甲\n', 2),
        ("[office]\nname =\n", 2),
        ('[office]\nname = "甲"\nname = "乙"\n', 3),
        ('[office]\nbasis = [\n"甲",\n', 3),
    ],
)
def test_broken_toml_is_refused_with_the_line(nowhere: Path, text: str, line: int) -> None:
    with pytest.raises(TomlFaultsError, match="不合 TOML 写法") as raised:
        load_settings(write(nowhere, "own.toml", text))
    (fault,) = raised.value.faults
    assert fault.line == line


def test_a_gbk_file_a_folder_and_a_missing_file_are_refused(nowhere: Path) -> None:
    with pytest.raises(TomlFaultsError, match="不是 UTF-8 编码，请另存为 UTF-8"):
        load_settings(write(nowhere, "own.toml", '[office]\nname = "甲省局"\n', encoding="gb18030"))
    with pytest.raises(TomlFaultsError, match="读不出"):
        load_settings(nowhere)
    with pytest.raises(TomlFaultsError, match="读不出"):
        load_settings(nowhere / "missing.toml")


def test_a_byte_order_mark_is_not_a_fault(nowhere: Path) -> None:
    """Notepad writes one."""
    file = write(nowhere, "own.toml", '[office]\nname = "甲省局"\n', encoding="utf-8-sig")
    assert load_settings(file).office.name == "甲省局"


@pytest.mark.parametrize("character", ["\\u001b[31m", "\\u0007", "\\u200b", "\\u202e"])
def test_what_a_terminal_would_obey_is_no_text(tmp_path: Path, character: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(f'[office]\nname = "某局{character}"\n', encoding="utf-8")
    with pytest.raises(TomlFaultsError, match=r"第2行 office\.name：有看不见的控制字符"):
        load_settings(file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = 2026-02-29", "没有这一天"),
        ("a = " + "[" * 50_000, "括号套得太深"),
        ("a = " + "9" * 5_000, "数字太长"),
    ],
)
def test_what_ends_a_parser_is_a_fault(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TomlFaultsError, match=says):
        load_settings(file)
