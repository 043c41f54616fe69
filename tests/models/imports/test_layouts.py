"""Rosters in the layouts of offices, written by XlsxWriter."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from models.database.store import Store
from models.imports.choices import Choices
from models.imports.roster_import import ImportPlan, plan
from models.imports.source import Opening
from models.refusal import RefusedError
from models.roster.cadres import all_cadres
from tests.offices import import_units
from tui.commands.importing import add_import, import_roster

UNITS = "单位名称,简称,上级单位\n省局,,\n东岭县工商行政管理局,东岭县局,省局\n西谷县局,西谷局,省局\n"
EAST, WEST = "东岭县工商行政管理局", "西谷县局"
WANTED = [("祁连山", EAST, "局长"), ("白桂兰", EAST, "副局长"), ("丁香草", WEST, "局长")]


@pytest.fixture
def offices(store: Store, tmp_path: Path) -> Store:
    import_units(tmp_path, store, UNITS)
    return store


@dataclass(frozen=True)
class Page:
    """A worksheet: its rows, the ranges that are merged, the rows that are hidden."""

    rows: str
    merged: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    name: str = "人员"
    state: str = ""


HEAD = "姓名|单位|职务|班子角色"
EASTERN = "祁连山|东岭县局|局长|正职\n白桂兰|东岭县局|副局长|成员"
WESTERN = "丁香草|西谷县局|局长|正职"
LAYOUTS: dict[str, tuple[Page, ...]] = {
    "titles": (Page(f"全省干部花名册\n\n{HEAD}\n{EASTERN}\n{WESTERN}", ("A1:D1",)),),
    "numbering": (
        Page(
            f"序号|{HEAD}\n1|2|3|4|5\n1|祁连山|东岭县局|局长|正职\n2|白桂兰|东岭县局|副局长|成员\n"
            "3|丁香草|西谷县局|局长|正职"
        ),
    ),
    "two-rows": (
        Page(
            "姓名|单位|任职情况||\n||职务|班子|\n||党政|角色|\n祁连山|东岭县局|局长|正职\n"
            "白桂兰|东岭县局|副局长|成员\n丁香草|西谷县局|局长|正职",
            (
                "A1:A3",
                "B1:B3",
                "C1:D1",
            ),
        ),
    ),
    "three-rows": (
        Page(
            "序号|基本情况|||任职\n|姓|单位|出生|职务|班子\n|名||年月||角色\n"
            "1|祁连山|东岭县局|1970.05|局长|正职\n2|白桂兰|东岭县局|1971.05|副局长|成员\n"
            "3|丁香草|西谷县局|1972.05|局长|正职",
            ("A1:A3", "B1:D1", "E1:F1", "C2:C3", "E2:E3"),
        ),
    ),
    "unmerged-two-rows": (Page("姓名|单位|职务|班子\n|||角色\n" + f"{EASTERN}\n{WESTERN}"),),
    "merged-units": (
        Page(
            "单位|姓名|职务|班子角色\n东岭县局|祁连山|局长|正职\n|白桂兰|副局长|成员\n"
            "西谷县局|丁香草|局长|正职",
            ("A2:A3",),
        ),
    ),
    "merged-block": (
        Page(
            "序号|单位||姓名|职务|班子角色\n1|东岭县局||祁连山|局长|正职\n2|||白桂兰|副局长|成员\n"
            "3|西谷县局||丁香草|局长|正职",
            ("B1:C1", "B2:C3", "B4:C4"),
        ),
    ),
    "block-over-the-number": (
        Page(
            "序号|单位|姓名|职务|班子角色\n东岭县局||祁连山|局长|正职\n||白桂兰|副局长|成员\n"
            "3|西谷县局|丁香草|局长|正职",
            ("A2:B3",),
        ),
    ),
    "sections": (
        Page(
            "姓名|职务|班子角色\n一、东岭县局（2人）\n祁连山|局长|正职\n白桂兰|副局长|成员\n"
            "西谷县局\n丁香草|局长|正职",
            ("A2:C2",),
        ),
    ),
    "sections-beside-units": (
        Page(f"{HEAD}\n东岭县局|2人\n{EASTERN}\n西谷县局\n丁香草||局长|正职"),
    ),
    "dittos": (
        Page(
            f"{HEAD}\n祁连山|东岭县局|局长|正职\n白桂兰|〃|副局长|成员\n丁香草|西谷县局|局长|正职"
        ),
    ),
    "the-same-as-above": (
        Page(
            f"{HEAD}\n祁连山|东岭县局|局长|正职\n白桂兰|同上|副局长|成员\n丁香草|西谷县局|局长|正职"
        ),
    ),
    "unit-and-title": (
        Page(
            "姓名|单位及职务|班子角色\n祁连山|东岭县局局长|正职\n"
            "白桂兰|东岭县工商行政管理局 副局长|成员\n丁香草|西谷县局局长|正职"
        ),
    ),
    "a-worksheet-a-unit": (
        Page("姓名|职务|班子角色\n祁连山|局长|正职\n白桂兰|副局长|成员", name="东岭县局"),
        Page("姓名|职务|班子角色\n丁香草|局长|正职", name="2.西谷局"),
    ),
    "the-unit-above-the-head": (
        Page(
            "干部花名册\n填报单位：东岭县局\n姓名|职务|班子角色\n祁连山|局长|正职\n白桂兰|副局长|成员",
            ("A1:C1", "A2:C2"),
            name="甲",
        ),
        Page("西谷县局领导班子名册\n姓名|职务|班子角色\n丁香草|局长|正职", ("A1:C1",), name="乙"),
    ),
    "tables-one-under-the-other": (
        Page(f"{HEAD}\n{EASTERN}\n合计|2人\n\n单位|姓名|职务|班子角色\n西谷县局|丁香草|局长|正职"),
    ),
    "totals": (
        Page(
            f"{HEAD}\n{EASTERN}\n小计|2人\n{WESTERN}\n合计|3人\n注：1.截至2026年11月\n2.含挂职\n"
            "审核人：某某||填表人：某某|填表日期：2026年11月"
        ),
    ),
    "hidden": (
        Page(f"{HEAD}\n{EASTERN}\n吴多|东岭县局|副局长|成员\n{WESTERN}", hidden=(4,)),
        Page(f"{HEAD}\n钱多|东岭县局|副局长|成员", name="2019年", state="very_hidden"),
        Page(f"{HEAD}\n孙多|东岭县局|副局长|成员", name="2018年", state="hidden"),
    ),
    "numbers-that-are-none": (
        Page(
            f"序号|{HEAD}\n一|祁连山|东岭县局|局长|正职\n—|白桂兰|东岭县局|副局长|成员\n"
            "1.5|丁香草|西谷县局|局长|正职"
        ),
    ),
}


def written(path: Path, pages: tuple[Page, ...]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for page in pages:
            sheet = book.add_worksheet(page.name)
            for y, line in enumerate(page.rows.split("\n")):
                for x, text in enumerate(line.split("|")):
                    if text:
                        sheet.write_string(y, x, text)
            lines = [line.split("|") for line in page.rows.split("\n")]
            for area in page.merged:
                y, x = int(area[1]) - 1, ord(area[0]) - 65
                sheet.merge_range(area, lines[y][x] if x < len(lines[y]) else "")
            for number in page.hidden:
                sheet.set_row(number - 1, options={"hidden": True})
            if page.state:
                getattr(sheet, page.state if page.state != "hidden" else "hide")()
    return path


def added(found: ImportPlan) -> list[tuple[str, str, str]]:
    titles = {step.name: str(step.post.get("title", "")) for step in found.cadre_steps}
    return [(item.name, item.place, titles[item.name]) for item in found.added]


@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout(name: str, tmp_path: Path) -> None:
    found = plan(written(tmp_path / "名单.xlsx", LAYOUTS[name]))
    assert not found.refused, found.refused
    assert added(found) == WANTED


@pytest.mark.usefixtures("offices")
def test_what_is_left_out_is_told_with_its_row(tmp_path: Path) -> None:
    found = plan(written(tmp_path / "名单.xlsx", LAYOUTS["totals"]))
    told = [(item.row, item.value) for item in found.adjusted]
    assert told == [
        (4, "小计 2人"),
        (6, "合计 3人"),
        (7, "注：1.截至2026年11月"),
        (8, "2.含挂职"),
        (9, "审核人：某某 填表人：某某 填表日期：2026年11月"),
    ]


@pytest.mark.usefixtures("offices")
def test_hidden_rows_and_worksheets_are_read_if_they_are_chosen(tmp_path: Path) -> None:
    path = written(tmp_path / "名单.xlsx", LAYOUTS["hidden"])
    told = [(item.sheet, item.row) for item in plan(path).adjusted]
    assert told == [("2019年", 0), ("2018年", 0), ("人员", 4)]
    some = plan(path, Choices(sheets=frozenset({"人员", "2019年"}), hidden_rows=True))
    assert {item.name for item in some.added} == {"祁连山", "白桂兰", "吴多", "丁香草", "钱多"}
    with pytest.raises(RefusedError, match="没有工作表“2020年”；有“人员”、“2019年”、“2018年”"):
        plan(path, Choices(sheets=frozenset({"2020年"})))


@pytest.mark.usefixtures("offices")
def test_a_unit_that_is_not_known_is_refused_in_each_of_its_rows(tmp_path: Path) -> None:
    rows = "姓名|职务|班子角色\n南山县局||\n祁连山|局长|正职"
    found = plan(written(tmp_path / "名单.xlsx", (Page(rows, ("A2:C2",)),)))
    assert [(item.row, item.column) for item in found.refused] == [(3, "单位")]


@pytest.mark.usefixtures("offices")
@pytest.mark.parametrize("unit", ["南山县局", "南山县局（2人）", "■南山管理所："])
def test_people_under_a_unit_that_is_not_known_are_not_given_to_the_unit_before(
    unit: str, tmp_path: Path
) -> None:
    rows = f"姓名|职务|班子角色\n东岭县局\n祁连山|局长|正职\n{unit}\n白桂兰|局长|正职"
    found = plan(written(tmp_path / "名单.xlsx", (Page(rows),)))
    assert [(item.row, item.column) for item in found.refused] == [(5, "单位")]
    assert added(found) == WANTED[:1]


@pytest.mark.usefixtures("offices")
def test_people_side_by_side_are_not_left_out_in_silence(tmp_path: Path) -> None:
    rows = f"{HEAD}|{HEAD}\n祁连山|东岭县局|局长|正职|丁香草|西谷县局|局长|正职"
    found = plan(written(tmp_path / "名单.xlsx", (Page(rows),)))
    assert ["并排" in item.reason for item in found.refused] == [True]


@pytest.mark.usefixtures("offices")
def test_two_rosters_in_one_workbook_ask_for_a_choice(tmp_path: Path) -> None:
    pages = (Page(f"{HEAD}\n{EASTERN}", name="2025年"), Page(f"{HEAD}\n{EASTERN}", name="2026年"))
    path = written(tmp_path / "名单.xlsx", pages)
    assert all("请只选一张" in item.reason for item in plan(path).refused)
    assert not plan(path, Choices(sheets=frozenset({"2026年"}))).refused


@pytest.mark.usefixtures("offices")
def test_the_head_and_the_columns_can_be_chosen(tmp_path: Path) -> None:
    rows = f"{HEAD}|在家\n郑多|省局|处长|其他|\n姓名|单位|原职务|班子角色|现在\n{EASTERN}"
    path = written(tmp_path / "名单.xlsx", (Page(rows),))
    chosen = Choices(heads={"人员": 3}, columns={("人员", 2): "title", ("人员", 1): ""})
    found = plan(path, chosen)
    assert [item.reason for item in found.refused] == ["没有“单位”列，这张表各行都不能导入，请补上"]
    found = plan(path, Choices(heads={"人员": 3}, columns={("人员", 2): "title"}))
    assert added(found) == WANTED[:2]


@pytest.mark.usefixtures("offices")
def test_the_command_reads_what_is_asked_for(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = (*LAYOUTS["hidden"], Page(f"{HEAD}\n吴某|东岭县局|副局长|成员", name="今年"))
    path = written(tmp_path / "名单.xlsx", pages)
    parser = argparse.ArgumentParser()
    add_import(parser)
    words = [str(path), "--sheet", "2019年", "--sheet", "今年"]
    assert import_roster(parser.parse_args(words), store, Opening(path)) == 1
    assert "加 --odd-names" in capsys.readouterr().err
    sure = parser.parse_args([*words, "--odd-names"])
    assert import_roster(sure, store, Opening(path)) == 0
    assert [row.name for row in all_cadres()] == ["钱多", "吴某"]
