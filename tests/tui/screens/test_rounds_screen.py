"""轮次: list, form, draft, units and subjects, driven by bursts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.database.store import Store, open_store
from models.database.tables import Cadre, Post, Unit
from models.imports import roster_import, round_description
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.roster.units import find_unit, unit_tree
from models.rounds import life, polls, subjects
from models.rounds.plan import Gathering, RoundPlan, RoundState, propose
from models.settings.office import Settings
from tests.tui.driving import Driver, drive
from tui.command import main
from tui.commands.demo import SAMPLE_OFFICE
from tui.screens.home import HomeScreen
from tui.screens.roster.unit_picker import UnitPicker
from tui.screens.rounds import round_form, round_words, typed_rules
from tui.screens.rounds.all_rounds import RoundsScreen
from tui.screens.rounds.round_draft import DraftScreen
from tui.screens.rounds.subjects import CadrePicker, SubjectsScreen
from tui.widgets.file_chooser import FileChooser
from tui.widgets.forms import Form, FormScreen
from tui.widgets.frame import Confirm, Help

ROSTER = SAMPLE_OFFICE / "roster.xlsx"
SAMPLE_ROUND = SAMPLE_OFFICE / "round.toml"
GRADES = ("优秀", "称职", "基本称职", "不称职")


@pytest.fixture
def office(store: Store) -> Store:
    roster_import.apply(roster_import.plan(ROSTER), store)
    return store


def draft(settings: Settings, *units: str) -> int:
    """A draft with these units; its id."""
    round_id = life.create(propose(settings, [], 2026))
    polls.add_polls(round_id, [find_unit(unit).id for unit in units])
    return round_id


def names_at(poll_id: int, level: Level) -> list[str]:
    return [subject.name for subject in subjects.subjects(poll_id).get(level, ())]


def test_from_nothing_to_an_open_round(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f3>", "<f5>", str(ROSTER), "<ctrl+j>", "<f2>", "<escape>")
        driver.on(HomeScreen)
        assert "F2 新建轮次" in driver.message
        await driver.burst("<f2>", "<f2>")
        form = driver.on(FormScreen).query_one(Form)
        starts = [field.key for field in form.fields].index("starts")
        await driver.burst(*["<enter>"] * starts, "20261102", "<enter>", "２０２６１１１３", "<f2>")
        driver.on(DraftScreen)
        assert "按 F3 加单位" in driver.line("detail")
        await driver.keys("f9")
        assert "不能启动" in driver.message

        await driver.burst("<f3>", "<down>", "<plus>", "<home>", "<space>", "<f2>")
        driver.on(DraftScreen)
        assert driver.rows()[0][:2] == ["甘肃省工商行政管理局", "1"]
        await driver.keys("f9")
        driver.on(Confirm)
        for words in ("11 个单位", "制度未明示", "未设定信任票标准", "2026-11-02 至 2026-11-13"):
            assert words in driver.text()
        await driver.keys("f2")
        driver.on(HomeScreen)
        assert "2026年度党风廉政建设责任制民主测评" in driver.line("round")
        assert len(driver.rows()) == 11

    drive(store, settings, script)
    (info,) = life.rounds()
    assert info.state is RoundState.OPEN
    assert info.plan.ends == "2026-11-13"


def test_the_whole_path_in_one_burst(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst(
            *("<f3>", "<f5>", str(ROSTER), "<enter>", "<f2>", "<escape>"),
            *("<f2>", "<f2>", "<f2>", "<f3>", "<end>", "<enter>", "<f2>", "<f9>", "<f2>"),
        )
        driver.on(HomeScreen)

    drive(store, settings, script)
    (info,) = life.rounds()
    assert info.state is RoundState.OPEN
    assert [poll.unit_id for poll in polls.polls(info.id)] == [unit_tree()[-1].id]


def test_no_rounds_says_what_to_do(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.keys("f2")
        driver.on(RoundsScreen)
        assert "F2 新建" in driver.message
        await driver.keys("enter", "delete", "f9", "down")
        driver.on(RoundsScreen)

    drive(store, settings, script, (40, 10))


def test_a_round_is_made_from_a_file(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f3>", str(SAMPLE_ROUND), "<enter>")
        driver.on(RoundsScreen)
        assert "已按文件新建并启动" in driver.message
        assert driver.rows()[0][2:4] == ["进行", "3"]
        await driver.keys("enter")
        driver.on(HomeScreen)
        assert len(driver.rows()) == 3

    drive(office, settings, script)


def test_all_faults_of_a_file_are_listed(office: Store, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "round.toml"
    file.write_text('title = "[/b]"\nyear = 1900\nkindd = "x"\n', encoding="utf-8")

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f3>", str(file), "<enter>")
        driver.on(Help)
        assert "year" in driver.text()
        assert "kindd" in driver.text()
        await driver.keys("escape")
        driver.on(FileChooser)
        assert "没有建轮次" in driver.message

    drive(office, settings, script)
    assert not life.rounds()


def test_a_draft_is_deleted_only_as_a_draft(office: Store, settings: Settings) -> None:
    kept = round_description.make(round_description.read(SAMPLE_ROUND, settings), settings)
    plan = replace(propose(settings, [], 2027), title="备用[/b]")
    life.create(plan)

    async def script(driver: Driver) -> None:
        await driver.keys("f2", "delete")
        driver.on(Confirm)
        await driver.keys("escape")
        assert len(life.rounds()) == 2
        await driver.keys("delete", "f2")
        assert [info.id for info in life.rounds()] == [kept]
        await driver.keys("delete")
        assert "不能删除" in driver.message
        await driver.keys("f9", "f2")
        assert life.find_by_id(kept).state is RoundState.CLOSED
        await driver.keys("f9")
        assert "只有进行中的轮次可以办结" in driver.message

    drive(office, settings, script)


def test_a_changed_draft_keeps_what_the_form_does_not_show(
    office: Store, settings: Settings
) -> None:
    team = TrustRule(("优秀",), Comparator.MORE_THAN, 1, 2)
    plan = propose(settings, [], 2026)
    round_id = life.create(replace(plan, rules=replace(plan.rules, trust={Level.TEAM: team})))

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<enter>", "<f2>", "<end>", "（补）", "<f2>")
        driver.on(DraftScreen)
        assert "（补）" in driver.line("title")

    drive(office, settings, script)
    assert life.find_by_id(round_id).rules.trust == {Level.TEAM: team}


def test_every_fault_of_the_form_is_told(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f2>")
        form = driver.on(FormScreen).query_one(Form)
        applying = [form.fields[number].key for number in form.answers.applying]
        down = ["<enter>"] * applying.index("trust2")
        await driver.burst(*down, "良好>2/3", "<enter>", "优秀", "<enter>", "、=30", "<f2>")
        driver.on(FormScreen)
        # The first is gone to and said; the others are marked, and each is said where it stands.
        said = ("信任票 正职：没有等次", "信任票 班子成员：应写作", "测评人员类别：")
        assert driver.message.startswith(said[0])
        assert driver.message.endswith("（标 ! 的共 3 项）")
        assert form.field.key == "trust2"
        assert driver.text().count("!信任票") == 2
        await driver.burst("<down>")
        assert driver.message.startswith(said[1])
        await driver.burst("<down>")
        assert driver.message.startswith(said[2])
        await driver.burst("<end>", "1")
        assert "!测评人员类别" not in driver.text()
        assert driver.message.startswith("用、隔开")
        assert not life.rounds()

    drive(office, settings, script)


def test_a_round_is_filled_in_by_steps_and_looked_over(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f2>")
        form = driver.on(FormScreen).query_one(Form)
        keys = [form.fields[number].key for number in form.answers.applying]
        # What does not apply is not there: no interval where all is keyed again.
        assert "every" not in keys
        seen = []
        for key in keys:
            assert form.field.key == key
            step = driver.line("title").partition(" > ")[2].split("  ")[1]
            seen += [step] if step not in seen else []
            if key == "title":
                await driver.burst("核对试验")
            if key == "item1":
                await driver.burst("不收礼金")
            await driver.burst("<enter>")
        assert seen == ["基本", "票面", "规则", "廉洁内容"]
        driver.on(Confirm)
        for told in ("五  核对", "核对试验", "全部复核", "未设定信任票标准", "1 不收礼金"):
            assert told in driver.text()
        await driver.burst("<escape>")
        driver.on(FormScreen)
        assert not life.rounds()
        await driver.burst("<enter>", "<f2>")
        driver.on(DraftScreen)
        assert [info.title for info in life.rounds()] == ["核对试验"]

    drive(office, settings, script)


def test_the_interval_comes_with_the_sample(office: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f2>")
        form = driver.on(FormScreen).query_one(Form)
        applying = [form.fields[number].key for number in form.answers.applying]
        await driver.burst(*["<down>"] * applying.index("verification"), "2", "<down>", "1", "<f2>")
        assert form.field.key == "every"
        assert driver.message.startswith("抽查间隔：抽查时应为 2 至 99")
        await driver.burst("<backspace>", "8", "<f2>")
        driver.on(DraftScreen)
        assert life.rounds()[0].rules.verification.every == 8

    drive(office, settings, script)


DOUBTFUL = """title = "又一次"
year = 2026
starts = 2025-11-02
ends = 2025-11-13
groups = [{ name = "班子成员" }]
polls = [{ unit = "白银市工商行政管理局", date = 2025-12-01 }]
"""


def test_what_asks_for_a_look_is_said_of_a_draft_and_does_not_keep_it_from_starting(
    office: Store, settings: Settings, tmp_path: Path
) -> None:
    round_description.make(round_description.read(SAMPLE_ROUND, settings), settings)
    file = tmp_path / "round.toml"
    file.write_text(DOUBTFUL, encoding="utf-8")
    asked = (
        "轮次 2025-11-02 开始，年度是 2026",
        "测评人员只有“班子成员”一类",
        "提示211 “2026年度党风廉政建设责任制民主测评”同是 2026 年度定期测评",
        "提示210 白银市局：测评日期 2025-12-01 不在轮次起止（2025-11-02 至",
    )

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<f3>", str(file), "<enter>")
        driver.on(Help)
        shown = driver.text().replace("\n", "")
        assert "请看一看" in shown
        await driver.burst("<escape>")
        driver.on(RoundsScreen)
        await driver.burst("<home>", "<enter>")
        driver.on(DraftScreen)
        for words in asked:
            assert words in driver.line("round")
        await driver.keys("f9")
        driver.on(Confirm)
        assert "请先看一看" in driver.text()
        await driver.keys("f2")
        driver.on(HomeScreen)

    drive(office, settings, script)
    assert {info.state for info in life.rounds()} == {RoundState.OPEN}


def test_the_command_says_what_asks_for_a_look(
    office: Store, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "round.toml"
    file.write_text(DOUBTFUL, encoding="utf-8")
    office.close()
    assert main(["--database", str(office.path), "round", str(file)]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "请看一看："
    assert [line[:5] for line in said[1:]] == ["提示213", "提示212", "提示210"]


def test_units_are_picked_by_one_by_branch_and_all(office: Store, settings: Settings) -> None:
    draft(settings, "兰州市局")
    units = unit_tree()
    branch = [unit for unit in units if unit.parent_id == find_unit("兰州市局").id]

    async def script(driver: Driver) -> None:
        await driver.keys("f2", "enter", "f3")
        driver.on(UnitPicker)
        await driver.keys("f2")
        assert "还没有选" in driver.message
        await driver.keys("down", "space")
        assert "已在本轮次" in driver.message
        await driver.keys("plus")
        assert f"已选 {len(branch)} 个" in driver.message
        await driver.keys("down", "enter", "ctrl+j", "enter")
        assert f"已选 {len(branch) - 1} 个" in driver.message
        await driver.keys("asterisk")
        assert f"已选 {len(units) - 1} 个" in driver.message
        await driver.keys("asterisk")
        assert "还没有选" in driver.message
        await driver.keys("home", "plus", "f2")
        driver.on(DraftScreen)
        assert len(driver.rows()) == len(units)

    drive(office, settings, script)


def test_subjects_are_put_in_order_and_renamed(office: Store, settings: Settings) -> None:
    round_id = draft(settings, "白银市局", "天水市局")
    poll = polls.polls(round_id)[0]
    before = names_at(poll.id, Level.MEMBER)

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<enter>", "<enter>", "<down>", "<down>", "<plus>", "<plus>")
        driver.on(SubjectsScreen)
        assert names_at(poll.id, Level.MEMBER) == [*before[1:3], before[0], *before[3:]]
        await driver.burst("<minus>", "<minus>", "<minus>")
        assert names_at(poll.id, Level.MEMBER) == before
        assert "头上" in driver.message
        await driver.burst("<f2>", "<end>", "[/b]", "<f2>")
        assert names_at(poll.id, Level.MEMBER)[0] == f"{before[0]}[/b]"
        assert f"{before[0]}[/b]" in names_at(poll.id, Level.INTEGRITY)
        await driver.burst("<delete>")
        assert "仍在 个人廉洁自律" in driver.message
        assert names_at(poll.id, Level.MEMBER) == before[1:]
        await driver.burst("<f3>", "<enter>")
        assert names_at(poll.id, Level.MEMBER)[-1] not in before[1:]
        await driver.burst("<f5>", "<f2>")
        assert names_at(poll.id, Level.MEMBER) == before

    drive(office, settings, script)


def test_a_level_without_subjects_can_be_filled(office: Store, settings: Settings) -> None:
    poll = polls.polls(draft(settings, "白银市局"))[0]

    async def script(driver: Driver) -> None:
        await driver.burst("<f2>", "<enter>", "<enter>", "<delete>", "<delete>", "<plus>", "<f2>")
        driver.on(SubjectsScreen)
        assert names_at(poll.id, Level.TEAM) == []
        assert "按 F3 加" in driver.message
        await driver.burst("<f3>", "<f3>")
        assert names_at(poll.id, Level.TEAM) == [poll.unit_name]
        assert "只有一个对象" in driver.message
        await driver.burst("<down>", "<delete>", "<f3>")
        driver.on(CadrePicker)
        await driver.burst("<escape>", "<escape>")
        driver.on(DraftScreen)
        assert "无正职" in driver.rows()[0][-1]

    drive(office, settings, script)


def test_a_unit_without_subjects_keeps_the_round_from_starting(
    office: Store, settings: Settings
) -> None:
    Unit.create(name="空单位[/b]", short_name="空")
    round_id = draft(settings, "空")

    async def script(driver: Driver) -> None:
        await driver.keys("f2", "enter")
        assert driver.rows()[0][-1] == "没有被测评对象"
        await driver.keys("f9", "f2")
        driver.on(DraftScreen)
        assert "空单位[/b] 没有被测评对象" in driver.message
        await driver.keys("delete", "f2")
        assert polls.polls(round_id) == []

    drive(office, settings, script)


def test_hostile_names_are_text(store: Store, settings: Settings) -> None:
    unit = Unit.create(name="[/b]单位\x1b[2J", short_name="")
    for rank, name in enumerate(("=HYPERLINK(1)[/]", "李\x1b四\x07"), 1):
        cadre = Cadre.create(name=name)
        Post.create(cadre=cadre.id, unit=unit.id, title="[red]", role=rank, rank=rank)
    plan = propose(settings, [], 2026)
    round_id = life.create(
        replace(
            plan,
            title="[/b]轮次",
            combined_with="[/",
            groups=(("[bold", 0), ("=1", 0)),
            integrity_items=("[/i]\x1b",),
        )
    )
    polls.add_polls(round_id, [unit.id])

    async def script(driver: Driver) -> None:
        await driver.keys("f2", "enter", "f9")
        driver.on(Confirm)
        for keys in (("escape", "enter"), ("f2",), ("escape", "escape", "f3"), ("escape", "f2")):
            assert "\x1b" not in driver.text()
            await driver.keys(*keys)
        await driver.keys("escape", "escape", "delete")
        assert "\x1b" not in driver.text()

    for size in ((80, 24), (40, 10), (9, 2)):
        drive(store, settings, script, size)


def test_a_reader_changes_nothing(office: Store, settings: Settings) -> None:
    round_id = draft(settings, "白银市局")
    reader = open_store(office.path, write=False)
    poll = polls.polls(round_id)[0]
    before = subjects.subjects(poll.id)

    async def script(driver: Driver) -> None:
        await driver.keys("f2")
        for key in ("f2", "f3", "delete", "f9"):
            await driver.keys(key)
            driver.on(RoundsScreen)
            assert "只读" in driver.message
        await driver.keys("enter")
        for key in ("f2", "f3", "delete", "f9"):
            await driver.keys(key)
            driver.on(DraftScreen)
            assert "只读" in driver.message
        await driver.keys("enter")
        for key in ("f2", "f3", "f5", "plus", "minus", "delete", "enter"):
            await driver.keys(key)
            driver.on(SubjectsScreen)
            assert "只读" in driver.message

    drive(reader, settings, script)
    assert subjects.subjects(poll.id) == before


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", None),
        ("优秀+称职≥2/3", TrustRule(GRADES[:2], Comparator.AT_LEAST, 2, 3)),
        ("称职＋优秀＞１／２", TrustRule(GRADES[:2], Comparator.MORE_THAN, 1, 2)),
        ("优秀、称职 达到 2/3", TrustRule(GRADES[:2], Comparator.AT_LEAST, 2, 3)),
        ("优秀超过1/3", TrustRule(GRADES[:1], Comparator.MORE_THAN, 1, 3)),
        (
            "优秀>=1/1（收回票）",
            TrustRule(GRADES[:1], Comparator.AT_LEAST, 1, 1, Denominator.RETURNED),
        ),
    ],
)
def test_trust_is_read_as_people_write_it(text: str, rule: TrustRule | None) -> None:
    assert typed_rules.read_trust(text, GRADES) == rule
    assert typed_rules.read_trust(round_words.trust_text(rule), GRADES) == rule


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("优秀", "应写作"),
        ("优秀>=0.66", "应写作"),
        ("优秀>=3/2", "大于 1"),
        ("良好>=1/2", "没有等次“良好”"),
        ("优秀+优秀>=1/2", "重复"),
        ("优秀>=1/2（全体）", "没有分母“全体”"),
        ("优秀>=0/2", "应写作"),
    ],
)
def test_a_wrong_trust_rule_is_refused(text: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        typed_rules.read_trust(text, GRADES)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("甲、乙", (("甲", 0), ("乙", 0))),
        ("甲，乙;丙、", (("甲", 0), ("乙", 0), ("丙", 0))),
        ("甲=30、乙＝７０", (("甲", 30), ("乙", 70))),
    ],
)
def test_groups_are_read_as_people_write_them(
    text: str, groups: tuple[tuple[str, int], ...]
) -> None:
    assert typed_rules.read_groups(text) == groups


@pytest.mark.parametrize("text", ["=3", "甲=", "甲=0", "甲=-1", "甲=1.5", "甲=10001"])
def test_a_wrong_weight_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        typed_rules.read_groups(text)


def test_a_plan_survives_its_form(settings: Settings) -> None:
    plan = RoundPlan(
        title="2026年度测评",
        year=2026,
        kind="不定期",
        conducted="本级自测",
        gathering=Gathering.SCATTERED,
        combined_with="年度考评",
        starts="2026-11-02",
        ends="2026-11-13",
        rules=RoundRules(
            sheet=SheetLines.ITEMS,
            member_sheet=MemberSheet.PERSON,
            denominator=Denominator.RETURNED,
            decimals=1,
            minimum_group=7,
            verification=VerificationRule(every=12),
            weighted=True,
            trust={
                Level.CHIEF: TrustRule(GRADES[:2], Comparator.AT_LEAST, 2, 3, Denominator.VALID),
                Level.INTEGRITY: TrustRule(("好",), Comparator.MORE_THAN, 1, 2),
            },
        ),
        groups=(("班子成员", 30), ("中层干部", 70)),
        integrity_items=tuple(f"第{number}条" for number in range(1, 11)),
    )
    values = {field.key: field.value for field in round_form.fields(plan, settings)}
    assert round_form.plan(values, plan, settings) == plan
