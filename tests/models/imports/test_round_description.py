"""A round from TOML: the sample as it ships, and every fault with file, line, key and reason."""

from pathlib import Path

import pytest

from models.database.store import Store
from models.imports import round_description
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import Comparator, Denominator
from models.rounds import life, paper, polls
from models.rounds.plan import RoundState
from models.rounds.stacks import stacks
from models.settings.office import Settings
from models.settings.toml_file import TomlFaultsError
from tests.offices import SAMPLE_OFFICE, sample_round, small_unit, write

HEAD = 'title = "试验"\nyear = 2026\n'
POLL = '[[polls]]\nunit = "甲县工商行政管理局"\n'


@pytest.fixture
def unit(store: Store) -> int:
    return small_unit()


def faults(folder: Path, text: str, settings: Settings, **options: str) -> list[str]:
    """The faults found in a description, as `line key: reason`."""
    file = write(folder, "round.toml", text, **options)
    with pytest.raises(TomlFaultsError) as raised:
        round_description.read(file, settings)
    assert all(fault.file == str(file) for fault in raised.value.faults)
    assert str(file) in str(raised.value)
    return [f"{fault.line} {fault.key}: {fault.why}" for fault in raised.value.faults]


def test_the_sample_round(store: Store, settings: Settings) -> None:
    info = life.find_by_id(sample_round(settings, store))
    assert info.state is RoundState.OPEN
    assert info.title == "2026年度党风廉政建设责任制民主测评"
    assert (info.plan.starts, info.plan.ends) == ("2026-11-02", "2026-11-13")
    assert info.rules.denominator is Denominator.VALID
    rule = info.rules.trust[Level.MEMBER]
    assert (rule.grades, rule.comparator, rule.numerator, rule.denominator) == (
        ("优秀", "称职"),
        Comparator.AT_LEAST,
        2,
        3,
    )
    assert set(info.rules.trust) == {Level.CHIEF, Level.MEMBER}
    assert len(info.plan.integrity_items) == 3
    found = {poll.unit_name[:3]: poll for poll in polls.polls(info.id)}
    assert set(found) == {"白银市", "天水市", "城关区"}
    city = found["白银市"]
    assert (city.date, city.place, city.expected, city.present) == (
        "2026-11-05",
        "局机关三楼会议室",
        66,
        63,
    )
    assert all(
        (stack.issued, stack.returned) == (6, 5)
        for stack in stacks(city.id)
        if stack.group.name == "班子成员"
    )


def test_the_sample_is_read_the_same_from_the_tree(store: Store, settings: Settings) -> None:
    sample_round(settings, store)
    described = round_description.read(SAMPLE_OFFICE / "round.toml", settings)
    assert described.opened
    assert [len(poll.issued) for poll in described.polls] == [20, 20, 20]


def test_paper_by_level(unit: int, settings: Settings, tmp_path: Path) -> None:
    text = (
        f"{HEAD}open = true\n{POLL}"
        'issued = { "班子成员" = 9, "中层干部" = 8 }\n'
        "[polls.returned]\n"
        '"中层干部" = 7\n'
        '[polls.returned."领导班子"]\n'
        '"班子成员" = 5\n'
        '[polls.returned."正职"]\n'
        '"班子成员" = 4\n'
    )
    file = write(tmp_path, "round.toml", text)
    round_id = round_description.make(round_description.read(file, settings), settings)
    (poll,) = polls.polls(round_id)
    found = {
        (stack.level, stack.group.name): (stack.issued, stack.returned) for stack in stacks(poll.id)
    }
    assert found[Level.TEAM, "班子成员"] == (9, 5)
    assert found[Level.CHIEF, "班子成员"] == (9, 4)
    assert found[Level.MEMBER, "班子成员"] == (9, 0)
    assert found[Level.MEMBER, "中层干部"] == (8, 7)
    assert paper.level_names(round_id)[Level.TEAM] == "领导班子"


def test_several_faults_at_once_with_line_and_key(
    unit: int, settings: Settings, tmp_path: Path
) -> None:
    text = (
        'year = "2026"\n'  # 1
        'titel = "拼错"\n'  # 2
        'kind = "随便"\n'  # 3
        "starts = 2026-11-02\n"  # 4
        'verification = "1/100"\n'  # 5
        "[[polls]]\n"  # 6
        'unit = "没有的局"\n'  # 7
        "expected = 3\n"  # 8
        "present = 4\n"  # 9
        'issued = { "群众" = 3 }\n'  # 10
        "[[polls]]\n"  # 11
        'unit = "甲县工商行政管理局"\n'  # 12
        'issued = { "班子成员" = 3 }\n'  # 13
        'returned = { "班子成员" = 4 }\n'  # 14
    )
    found = faults(tmp_path, text, settings)
    for wanted in (
        "0 title: 缺少这一项",
        "1 year: 应为整数，现为 '2026'",
        "2 titel: 没有这一项设置，请检查拼写",
        "3 kind: 应为 定期、不定期 之一",
        "5 verification: 应为 full、none 或 1/n",
        "7 polls[0].unit: 没有单位“没有的局”",
        "9 polls[0].present: 实到 4 人多于应到 3 人",
        "10 polls[0].issued.群众: 没有这一类测评人员",
        "14 polls[1].returned: 班子成员 收回 4 张多于发出 3 张，按规定测评无效",
    ):
        assert any(fault.startswith(wanted) for fault in found), (wanted, found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (HEAD + '[trust]\nmember = ["优秀"]\n', "4 trust.member: 还要写明分数"),
        (HEAD + '[trust]\nmember = ["特好"]\nat_least = "2/3"\n', "4 trust.member: 等次应取自"),
        (HEAD + '[trust]\nmember = ["优秀"]\nat_least = "4/3"\n', "5 trust.at_least: 应为不大于 1"),
        (HEAD + '[[groups]]\nname = "甲"\nweight = -1\n', "5 groups[0].weight: 应在 0 至"),
        (HEAD + '[[groups]]\nname = "甲"\n[[groups]]\nname = "甲"\n', "0 : 测评人员类别：有重复"),
        (HEAD + 'starts = "十一月"\n', "3 starts: 应为日期，如 2026-11-05"),
        (HEAD + "[integrity]\nitems = [1]\n", "4 integrity.items: 每一项应为文字且不空"),
        (HEAD + 'open = "yes"\n', "3 open: 应为true 或 false"),
    ],
)
def test_each_fault_is_named(
    unit: int, settings: Settings, tmp_path: Path, text: str, wanted: str
) -> None:
    found = faults(tmp_path, text, settings)
    assert any(fault.startswith(wanted) for fault in found), found


def test_a_weight_makes_the_round_weighted(unit: int, settings: Settings, tmp_path: Path) -> None:
    text = HEAD + '[[groups]]\nname = "甲"\nweight = 40\n[[groups]]\nname = "乙"\nweight = 60\n'
    plan = round_description.read(write(tmp_path, "round.toml", text), settings).plan
    assert plan.rules.weighted
    assert plan.groups == (("甲", 40), ("乙", 60))
    half = text.replace("weight = 60", "weight = 0")
    assert any("每一类都要有大于 0 的权重" in fault for fault in faults(tmp_path, half, settings))


def test_a_refused_round_leaves_nothing_behind(
    unit: int, settings: Settings, tmp_path: Path
) -> None:
    file = write(tmp_path, "round.toml", HEAD + POLL + POLL.replace("甲县", "乙县"))
    small_unit("乙县工商行政管理局")
    described = round_description.read(file, settings)
    twice = round_description.RoundDescription(
        described.plan, described.polls[:1] * 2, opened=False
    )
    with pytest.raises(RefusedError, match="已在轮次"):
        round_description.make(twice, settings)
    assert life.rounds() == []
