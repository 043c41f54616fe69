"""档案: a cadre found as one types, and his record over the years, driven by bursts."""

from __future__ import annotations

import datetime

import pytest

from models.database.store import Store
from models.database.tables import Cadre, Unit
from models.regulation.levels import Level
from models.regulation.rules import Denominator, RoundRules, SheetLines
from models.results import delivery, determination, opinions
from models.results.delivery import Handover
from models.roster.units import unit_tree
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.rounds.subjects import subjects
from models.settings.office import Settings
from tests.exports.small import key_all, make_round, seal_all
from tests.tui.driving import Driver, drive
from tui.screens.home import HomeScreen
from tui.screens.results.archive import ArchiveScreen
from tui.screens.results.cadre_record import CadreRecordScreen
from tui.screens.results.poll_results import ResultsScreen

TODAY = datetime.date.today().isoformat()


def keyed(settings: Settings, year: int, *, denominator: Denominator, seal: bool) -> RoundInfo:
    """A round of one year of the unit that all rounds here have, keyed."""
    units = [unit.id for unit in unit_tree()]
    rules = RoundRules(denominator=denominator)
    info = make_round(settings, year=year, units=units, rules=rules, date=f"{year}-11-05")
    key_all(info, seed=year)
    if seal:
        seal_all(info)
    return info


@pytest.fixture
def years(store: Store, settings: Settings) -> list[RoundInfo]:
    """Four years: counted another way, sealed, sealed, still being counted; the latest last."""
    marks = Denominator.MARKS
    found = [
        keyed(settings, 2023, denominator=Denominator.RETURNED, seal=True),
        keyed(settings, 2024, denominator=marks, seal=True),
        keyed(settings, 2025, denominator=marks, seal=True),
        keyed(settings, 2026, denominator=marks, seal=False),
    ]
    Cadre.update(readings="wang zheng", archive_no="LZ-7").where(Cadre.name == "王正").execute()
    return found


def text_of(driver: Driver) -> list[str]:
    return driver.line("lines").split("\n")


def block(lines: list[str], year: int) -> str:
    """The lines of one year's evaluation."""
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"{year}年度"))
    end = next((n for n in range(begin, len(lines)) if not lines[n]), len(lines))
    return "\n".join(lines[begin:end])


@pytest.mark.parametrize("typed", ["wz", "WZ", "王", "王正", "LZ-7", "ｗｚ"])
def test_found_as_one_types_and_opened(
    years: list[RoundInfo], store: Store, settings: Settings, typed: str
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", typed)
        driver.on(ArchiveScreen)
        assert [row[0] for row in driver.rows()] == ["王正"]
        await driver.burst("<enter>")
        driver.on(CadreRecordScreen)
        assert driver.line("title") == "廉政档案 > 王正"

    drive(store, settings, script)


def test_the_search_and_enter_in_one_burst(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "x", "<backspace>", "wx", "<backspace>", "z", "<ctrl+j>")
        driver.on(CadreRecordScreen)
        await driver.burst("<escape>", "<delete>", "zzz")
        driver.on(ArchiveScreen)
        assert driver.rows() == []
        assert "没有找到" in driver.message
        await driver.burst("<enter>", "<escape>")
        driver.on(HomeScreen)

    drive(store, settings, script)


def test_an_empty_roster_says_what_to_do(store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>")
        assert "F3 导入名册" in driver.message

    drive(store, settings, script)


def test_every_year_the_latest_first(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>")
        lines = text_of(driver)
        assert [line[:4] for line in lines if "民主测评" in line and "相比" not in line] == [
            "2026",
            "2025",
            "2024",
            "2023",
        ]
        assert "中共党员" in "\n".join(lines[:3])
        assert "现任  甲县工商行政管理局  党组书记、局长" in "\n".join(lines[:6])
        assert "【计票中，非正式结果】" in block(lines, 2026)
        for year in (2023, 2024, 2025):
            assert "非正式" not in block(lines, year)
            assert "反馈本人  未反馈" in block(lines, year)
            assert "归入廉政档案  未归档" in block(lines, year)
        assert "未反馈" not in block(lines, 2026)

    drive(store, settings, script, (80, 60))


def test_changes_only_between_years_counted_alike(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>")
        lines = text_of(driver)
        assert "个百分点" in block(lines, 2025)
        assert block(lines, 2025).count("测评（2024-11-05）相比：") == 2
        assert "不作比较" not in block(lines, 2025)
        assert "个百分点" not in block(lines, 2024)
        assert block(lines, 2024).count("测评（2023-11-05）相比：口径不同，不作比较") == 2
        assert "相比" not in block(lines, 2023)
        assert "个百分点" not in block(lines, 2026)

    drive(store, settings, script)


def test_counts_and_shares_are_those_of_the_tally(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    from models.count.shares import percent_sign
    from models.count.tally import tally

    info = years[2]
    (poll,) = polls.polls(info.id)
    place = tally(poll, info)[Level.CHIEF].subjects[0].headline

    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>")
        shown = [line.split() for line in block(text_of(driver), 2025).split("\n")]
        for grade, n, share in zip(
            ("优秀", "称职", "基本称职", "不称职"), place.grades, place.shares, strict=True
        ):
            row = next(cells for cells in shown if cells[:1] == [grade])
            assert row[1:3] == [str(n), percent_sign(share, 2)]

    drive(store, settings, script)


def test_what_people_decided_and_did(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    (poll,) = polls.polls(years[2].id)
    chief = subjects(poll.id)[Level.CHIEF][0]
    determination.determine(chief.id, "称职", on=TODAY, meeting="党组会", by="局党组")
    opinions.summarise(chief.id, "多下基层。")
    delivery.hand_over(
        poll.id,
        Handover.FEEDBACK,
        chief.id,
        on=TODAY,
        way="当面反馈",
        signed_by="王正",
        signed_on=TODAY,
    )
    delivery.hand_over(poll.id, Handover.ARCHIVE, chief.id, on=TODAY, way="归档")

    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>")
        shown = block(text_of(driver), 2025)
        assert f"研究确定的等次  正职 称职  {TODAY} 党组会" in shown
        assert "意见归纳  多下基层。" in shown
        assert f"反馈本人  {TODAY} 当面反馈  王正 {TODAY}签收" in shown
        assert f"归入廉政档案  {TODAY} 归档" in shown
        assert "研究确定的等次  未登记" in block(text_of(driver), 2024)

    drive(store, settings, script)


def test_the_course_of_each_grade(years: list[RoundInfo], store: Store, settings: Settings) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>", "<f4>")
        lines = text_of(driver)
        begin = next(n for n, line in enumerate(lines) if line.startswith("  优秀"))
        rows = lines[begin : begin + 4]
        assert [row[2 + 8 : 2 + 8 + 4] for row in rows[:1]] == ["2026"]
        assert [
            year for row in rows for year in ("2026", "2025", "2024", "2023") if year in row
        ] == [
            "2026",
            "2025",
            "2024",
            "2023",
        ]
        assert rows[0].endswith("计票中")
        assert all("█" in row for row in rows)
        assert "口径不同的只并列" in lines[-1]
        await driver.burst("<f4>")
        assert "【计票中，非正式结果】" in driver.line("lines")

    drive(store, settings, script)


def test_someone_never_evaluated(years: list[RoundInfo], store: Store, settings: Settings) -> None:
    Cadre.create(name="新来", readings="xin lai")

    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "xl", "<enter>")
        driver.on(CadreRecordScreen)
        assert "还没有参加过测评" in driver.message
        await driver.burst("<f4>", "<f4>", "<end>")
        assert "廉政档案号  未登记" in driver.line("lines")

    drive(store, settings, script)


def test_from_the_results_to_the_record(
    years: list[RoundInfo], store: Store, settings: Settings
) -> None:
    (poll,) = polls.polls(years[2].id)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(ResultsScreen(poll.id))
        await driver.settle()
        await driver.burst("<home>", "<f6>")
        driver.on(ResultsScreen)
        assert "没有个人档案" in driver.message
        await driver.burst("<down>", "<f6>")
        driver.on(CadreRecordScreen)
        assert driver.line("title") == "廉政档案 > 王正"

    drive(store, settings, script)


@pytest.mark.parametrize("size", [(120, 40), (40, 10), (20, 5)])
def test_no_window_is_too_small(
    years: list[RoundInfo], store: Store, settings: Settings, size: tuple[int, int]
) -> None:
    async def script(driver: Driver) -> None:
        await driver.burst("<f6>", "wz", "<enter>", "<pagedown>", "<f4>", "<end>", "<f1>")
        await driver.burst("<escape>", "<escape>")
        driver.on(ArchiveScreen)

    drive(store, settings, script, size)


HOSTILE = [
    "张三[/b]",
    "[@click=app.quit]赵六[/]",
    "\x1b[31m红\x1b[2J",
    "换\n行\t格\r",
    "长" * 120,
    "",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_shown_as_text(
    years: list[RoundInfo], store: Store, settings: Settings, name: str
) -> None:
    from models.database.tables import Poll, Post, Round, Subject

    Cadre.update(name=name, native_place=name, party=name).execute()
    Unit.update(name=name or "单位", short_name=name).execute()
    Post.update(title=name).execute()
    Poll.update(unit_name=name, unit_short_name=name).execute()
    Subject.update(name=name, post=name).execute()
    Round.update(title=name + "甲").where(Round.id == years[2].id).execute()

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(CadreRecordScreen(1))
        await driver.settle()
        seen = [driver.text()]
        await driver.burst("<f4>")
        seen.append(driver.text())
        await driver.burst("<escape>", "<f6>", "wz")
        seen.append(driver.text())
        for text in seen:
            assert "\x1b" not in text
            assert all(len(line) <= 80 for line in text.split("\n"))
        if "[" in name and "\x1b" not in name:
            assert name in seen[0]
            assert name in seen[1]

    drive(store, settings, script)


def test_what_is_not_compared_says_why(store: Store, settings: Settings) -> None:
    marks = Denominator.MARKS
    keyed(settings, 2023, denominator=marks, seal=False)
    keyed(settings, 2024, denominator=marks, seal=True)
    units = [unit.id for unit in unit_tree()]
    for year, rules in ((2025, RoundRules(sheet=SheetLines.ITEMS)), (2026, RoundRules())):
        info = make_round(settings, year=year, units=units, rules=rules)
        key_all(info)
        seal_all(info)

    async def script(driver: Driver) -> None:
        await driver.app.push_screen(CadreRecordScreen(1))
        await driver.settle()
        lines = text_of(driver)
        assert "测评（2023-11-05）相比：当时的结果计票中，不作比较" in block(lines, 2024)
        assert "票面没有总体评价" in block(lines, 2025)
        assert "相比" not in block(lines, 2025)
        # Every item of the chief's sheet, and of the year's own list.
        assert sum("%" in line for line in block(lines, 2025).split("\n")) == 5 + 2
        assert "测评（2025-11-05）相比：没有可比的结果，不作比较" in block(lines, 2026)

    drive(store, settings, script)
