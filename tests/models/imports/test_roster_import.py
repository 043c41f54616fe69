"""A roster planned and applied: the province twice, every fault told, nothing half-done."""

import time
from pathlib import Path

import pytest

from models.database import journal
from models.database.store import Store
from models.imports.roster_check import FindingKind
from models.imports.roster_import import ImportPlan, apply, plan
from models.refusal import RefusedError
from models.roster import cadres, edit
from models.roster.cadres import PostDetails
from models.roster.roles import Role
from models.roster.units import find_unit, unit_tree

DATA = Path(__file__).parents[2] / "data"
PROVINCE = Path(__file__).parents[3] / "models" / "sample_office" / "roster.xlsx"
MESSY = DATA / "roster-messy.xlsx"
HEADER = "姓名,单位,班子角色,班子排序,出生年月,廉政档案号,职务,任现职时间"
UNITS = "单位名称,简称,上级单位\n省局,,\n甲局,甲,省局\n乙局,乙,省局\n"

pytestmark = pytest.mark.usefixtures("store")


def planned(tmp_path: Path, text: str) -> ImportPlan:
    path = tmp_path / "名单.csv"
    path.write_text(text, encoding="utf-8")
    return plan(path)


def people(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


@pytest.fixture
def offices(store: Store, tmp_path: Path) -> Store:
    apply(planned(tmp_path, UNITS), store)
    return store


def told(plan: ImportPlan, kind: FindingKind) -> list[tuple[int, str, str]]:
    return [(item.row, item.column, item.reason) for item in plan.findings if item.kind is kind]


def refused(plan: ImportPlan) -> list[tuple[int, str, str]]:
    return told(plan, FindingKind.REFUSED)


def adjusted(plan: ImportPlan) -> list[tuple[int, str, str]]:
    return told(plan, FindingKind.ADJUSTED)


def test_the_province_comes_in_once_and_fast(store: Store) -> None:
    start = time.perf_counter()
    counts = apply(plan(PROVINCE), store)
    assert time.perf_counter() - start < 3
    assert (counts.units_added, counts.cadres_added) == (105, 448)
    tree = unit_tree()
    assert [sum(unit.depth == depth for unit in tree) for depth in range(4)] == [1, 17, 87, 0]
    assert sum(unit.cadres for unit in tree) == 448
    before = journal.entries(), cadres.all_cadres()
    again = plan(PROVINCE)
    assert (again.findings, again.added, again.changed) == ((), (), ())
    assert apply(again, store).nothing
    assert (again.unchanged_units, again.unchanged_cadres) == (105, 448)
    assert (journal.entries(), cadres.all_cadres()) == before
    assert len(before[0]) == 1
    county = plan(DATA / "roster-county.gb18030.csv")
    assert (county.findings, county.changed, county.unchanged_cadres) == ((), (), 4)


def test_every_fault_of_the_messy_list_after_the_province(store: Store) -> None:
    apply(plan(PROVINCE), store)
    messy = plan(MESSY)
    assert [(row, column) for row, column, _ in refused(messy)] == [
        (7, "出生年月"),
        (8, "单位"),
        (10, "姓名"),
        (11, "班子角色"),
        (13, "姓名"),
        (15, "姓名"),
        (15, "廉政档案号"),
    ]
    reasons = [reason for _, _, reason in refused(messy)]
    expected = ["没有 13 月", "没有这个单位", "缺少姓名", "正职、成员（班子成员）、其他"]
    expected += ["与第 4 行重复", "公式，", "与第 12 行贾珍平的档案号相同"]
    reasons[5] = reasons[5].replace("公式或出错值", "公式")
    assert all(part in reason for part, reason in zip(expected, reasons, strict=True))
    assert messy.refused[0].value == "1970-13"
    assert messy.refused[5].value == '=HYPERLINK("x")'
    assert adjusted(messy) == [
        (5, "姓名", "去掉空格，读作“雷学”"),
        (6, "出生年月", "统一年月写法，读作“1968.05”"),
        (9, "班子排序", "全角改为半角，读作“3”"),
        (9, "班子排序", "与姚立新（第 6 行）同为第 3 位，请核对班子排序"),
    ]
    assert [(item.row, item.who, item.field, item.old, item.new) for item in messy.changed] == [
        (6, "姚立新", "出生年月", "1968.11", "1968.05"),
        (9, "刘玉文", "班子排序", "6", "3"),
    ]
    before = cadres.all_cadres()
    with pytest.raises(RefusedError, match=r"7 处须改正，没有导入：“人员花名册”第 7 行“出生年月”"):
        apply(messy, store)
    assert cadres.all_cadres() == before
    counts = apply(messy, store, clean_part=True)
    assert (counts.cadres_changed, counts.cadres_unchanged, counts.rows_refused) == (2, 3, 6)
    assert plan(MESSY).changed == ()


def test_people_without_any_unit_are_told_to_import_units_first(store: Store) -> None:
    messy = plan(MESSY)
    assert (3, "", "还没有单位，请先导入单位名单（单位名称、简称、上级单位、单位类别）") in refused(
        messy
    )
    assert {row for row, _, _ in refused(messy)} == {3, 7, 10, 11, 13, 15}
    for clean_part in (False, True):
        with pytest.raises(RefusedError, match="请先导入单位名单"):
            apply(messy, store, clean_part=clean_part)
    assert journal.entries() == []


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("张三,丙局,成员,1,,,,", "单位", "没有这个单位"),
        ("张三,,成员,1,,,,", "单位", "缺少单位"),
        ("张三,甲局,,1,,,,", "班子角色", "缺少班子角色，请填上：正职、成员"),
        ("张三,甲局,副职,1,,,,", "班子角色", "应为 正职、成员（班子成员）、其他"),
        ("张三,甲局,成员,一,,,,", "班子排序", "应为整数"),
        ("张三,甲局,成员,0,,,,", "班子排序", "应在 1 至 9999"),
        ("张三,甲局,成员,1,1965.1,,,", "出生年月", "分不清是 1 月还是 10 月"),
        ("张三,甲局,成员,1,,,,2020", "任现职时间", "认不出年月"),
        ("\u200b,甲局,成员,1,,,,", "姓名", "只有空格或不可见字符"),
        (f"{'长' * 51},甲局,成员,1,,,,", "姓名", "过长，最多 50 个字"),
        ("李四,乙局,成员,2,,A1,,", "廉政档案号", "已属于 王五（甲局）"),
        ("王五,甲局,成员,1,1970.02,,,", "姓名", "若是两人，请给两人都填廉政档案号"),
    ],
)
def test_a_row_that_cannot_be(
    offices: Store, tmp_path: Path, row: str, column: str, reason: str
) -> None:
    apply(planned(tmp_path, people("王五,甲局,正职,1,1965.09,A1,局长,2016.04")), offices)
    found = planned(tmp_path, people(row))
    ((number, where, why),) = refused(found)
    assert (number, where) == (2, column)
    assert reason in why
    assert (found.added, found.changed) == ((), ())


def test_rows_of_one_file_against_each_other(offices: Store, tmp_path: Path) -> None:
    found = planned(
        tmp_path,
        people(
            "张三,甲局,正职,1,1965.09,,局长,",
            "张三,乙局,正职,1,1965.09,,局长,",
            "李四,甲局,正职,2,,B1,局长,",
            "王五,甲局,成员,2,,B1,,",
            "赵六,乙局,成员,3,1970.01,C1,,",
            "赵六,乙局,成员,4,1970.01,C2,,",
            "钱七,乙局,成员,5,,,,",
            "钱七,乙局,成员,6,1980.01,,,",
        ),
    )
    assert [(row, column) for row, column, _ in refused(found)] == [
        (3, "姓名"),
        (4, "班子角色"),
        (5, "廉政档案号"),
        (9, "姓名"),
    ]
    assert "甲局 已有正职张三（第 2 行）" in refused(found)[1][2]
    assert [item.name for item in found.added] == ["张三", "赵六", "赵六", "钱七"]


def test_a_second_chief_is_refused_unless_the_first_leaves(offices: Store, tmp_path: Path) -> None:
    apply(planned(tmp_path, people("张三,甲局,正职,1,1965.09,,局长,2016.04")), offices)
    second = planned(tmp_path, people("李四,甲局,正职,1,1970.01,,局长,"))
    assert "已有正职张三（现任）" in refused(second)[0][2]
    both = people("李四,甲局,正职,1,1970.01,,局长,", "张三,乙局,正职,1,1965.09,,局长,2022.05")
    change = planned(tmp_path, both)
    assert change.findings == ()
    stays = both.replace("2022.05", "2022.13")
    # The first one's row is refused, so he stays, and the successor's row falls with it.
    assert [row for row, _, _ in refused(planned(tmp_path, stays))] == [2, 3]
    counts = apply(planned(tmp_path, both), offices)
    assert (counts.cadres_added, counts.cadres_changed, counts.cadres_moved) == (1, 1, 1)


def test_a_cadre_in_another_unit_is_moved_and_keeps_the_archive_number(
    offices: Store, tmp_path: Path
) -> None:
    apply(planned(tmp_path, people("张三,甲局,成员,2,1965.09,A1,副局长,2016.04")), offices)
    moved = planned(tmp_path, people("张三,乙,正职,1,,A1,局长,2022.05"))
    changes = {item.field: (item.old, item.new) for item in moved.changed}
    assert changes == {
        "单位": ("甲局", "乙局"),
        "班子角色": ("班子成员", "正职"),
        "班子排序": ("2", "1"),
        "职务": ("副局长", "局长"),
        "任现职时间": ("2016.04", "2022.05"),
    }
    apply(moved, offices)
    (row,) = cadres.all_cadres()
    assert (row.unit_name, row.archive_no, row.born) == ("乙局", "A1", "1965.09")
    posts = [(post.unit_name, post.since, post.until) for post in cadres.cadre(row.id).posts]
    assert posts == [("乙局", "2022.05", ""), ("甲局", "2016.04", "2022.05")]
    early = planned(tmp_path, people("张三,甲局,成员,2,,A1,副局长,2021.01"))
    assert "早于原职务（乙局）开始的 2022.05" in refused(early)[0][2]


def test_a_later_post_in_the_same_unit_is_history_and_a_correction_is_not(
    offices: Store, tmp_path: Path
) -> None:
    apply(planned(tmp_path, people("张三,甲局,成员,2,1965.09,A1,副局长,2016.04")), offices)
    apply(
        planned(tmp_path, people("张三,甲局,成员,2,1965.09,A1,党组成员、副局长,2016.04")), offices
    )
    (row,) = cadres.all_cadres()
    assert len(cadres.cadre(row.id).posts) == 1
    apply(planned(tmp_path, people("张三,甲局,正职,,1965.09,A1,局长,2022.05")), offices)
    posts = [(post.title, post.rank, post.until) for post in cadres.cadre(row.id).posts]
    assert posts == [("局长", 2, ""), ("党组成员、副局长", 2, "2022.05")]


def test_an_empty_cell_keeps_what_is_known_and_ranks_follow_the_file(
    offices: Store, tmp_path: Path
) -> None:
    apply(planned(tmp_path, people("张三,甲局,成员,4,1965.09,A1,副局长,2016.04")), offices)
    header = "姓名,单位,班子角色"
    again = planned(tmp_path, people("张三,甲局,成员", "李四,甲局,成员", header=header))
    assert (again.changed, again.unchanged_cadres) == ((), 1)
    apply(again, offices)
    assert [(row.name, row.rank) for row in cadres.team(find_unit("甲局").id)] == [
        ("张三", 4),
        ("李四", 5),
    ]
    numbered = planned(tmp_path, people("李四,甲局,成员,5,1970.01,B1,,"))
    assert {item.field for item in numbered.changed} == {"出生年月", "廉政档案号"}
    assert apply(numbered, offices).cadres_added == 0


def test_the_retired_are_not_brought_back_by_an_old_list(offices: Store, tmp_path: Path) -> None:
    text = people("张三,甲局,成员,2,1965.09,A1,副局长,2016.04")
    apply(planned(tmp_path, text), offices)
    edit.retire_cadre(cadres.all_cadres()[0].id)
    assert "已登记退休" in refused(planned(tmp_path, text))[0][2]


def test_hostile_text_is_text(offices: Store, tmp_path: Path) -> None:
    names = ["[/b]", "../甲", "=1+1", "@x", "王\u200b五"]
    rows = [f"{name},甲局,其他,{rank},,,," for rank, name in enumerate(names, 1)]
    found = planned(tmp_path, people(*rows))
    assert refused(found) == []
    assert adjusted(found) == [
        (4, "姓名", "以“=”开头，按文字保存，不作公式"),
        (5, "姓名", "以“@”开头，按文字保存，不作公式"),
        (6, "姓名", "去掉不可见字符，读作“王五”"),
    ]
    apply(found, offices)
    stored = [row.name for row in cadres.all_cadres()]
    assert stored == ["[/b]", "../甲", "=1+1", "@x", "王五"]


def test_missing_columns_are_told_once(offices: Store, tmp_path: Path) -> None:
    found = planned(tmp_path, people("张三,甲局", "李四,甲局", header="姓名,单位"))
    assert refused(found) == [(1, "班子角色", "没有“班子角色”列，这张表各行都不能导入，请补上")]
    assert found.refused_rows == 2


def test_faults_of_a_unit_list(offices: Store, tmp_path: Path) -> None:
    text = (
        "单位名称,简称,上级单位\n"
        "甲局,,乙局\n乙局,,甲局\n"  # a circle
        "丙局,丙,没有的局\n丁局,,丙局\n"  # no parent, and one below it
        "戊局,乙,省局\n己局,,乙\n"  # one short name for two
        "庚局,,省局\n庚局,,省局\n"
        ",壬,省局\n"
    )
    found = planned(tmp_path, text)
    assert [(row, column) for row, column, _ in refused(found)] == [
        (2, "上级单位"),
        (3, "上级单位"),
        (4, "上级单位"),
        (5, "上级单位"),
        (7, "上级单位"),
        (9, "单位名称"),
        (10, "单位名称"),
    ]
    reasons = [reason for _, _, reason in refused(found)]
    assert reasons[0] == "上级单位就是本单位或其下级"
    assert reasons[3] == "这个单位在第 4 行被拒绝，请先改正那一行"
    assert "简称有 2 个单位：乙局、戊局" in reasons[4]
    assert adjusted(found) == [(6, "简称", "与 乙局 的简称相同，按简称查找时须写全称")]
    assert [item.name for item in found.added] == ["戊局", "庚局"]
    edit.close_unit(find_unit("乙局").id)
    closed = planned(tmp_path, UNITS)
    assert refused(closed) == [(4, "单位名称", "这个单位已撤销，不能再导入")]


def test_a_unit_changes_parent_and_children_may_stand_before_parents(
    offices: Store, tmp_path: Path
) -> None:
    text = "单位名称,上级单位,单位类别\n丁局,丙局,\n丙局,乙局,直属单位\n甲局,乙局,县区机关\n"
    found = planned(tmp_path, text)
    assert [(item.who, item.field, item.old, item.new) for item in found.changed] == [
        ("甲局", "单位类别", "", "县区机关"),
        ("甲局", "排序", "1", "2"),
        ("甲局", "上级单位", "省局", "乙局"),
    ]
    apply(found, offices)
    assert planned(tmp_path, text).counts.nothing
    tree = [(unit.name, unit.depth) for unit in unit_tree()]
    assert tree == [("省局", 0), ("乙局", 1), ("丙局", 2), ("丁局", 3), ("甲局", 2)]


def test_a_plan_overtaken_by_another_change_is_refused(offices: Store, tmp_path: Path) -> None:
    found = planned(tmp_path, people("张三,甲局,正职,1,1965.09,A1,局长,"))
    edit.save_cadre(
        cadres.Person(name="李四"),
        PostDetails(unit_id=find_unit("甲局").id, role=Role.CHIEF, rank=1),
    )
    with pytest.raises(RefusedError, match="核对之后花名册又有改动"):
        apply(found, offices)
    assert [row.name for row in cadres.all_cadres()] == ["李四"]


def test_a_failure_in_the_middle_leaves_nothing(
    offices: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = planned(tmp_path, people("张三,甲局,正职,1,1965.09,A1,局长,"))

    def fail(*_: str) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(journal, "record", fail)
    with pytest.raises(OSError, match="no space"):
        apply(found, offices)
    assert cadres.all_cadres() == ()


def test_names_that_only_look_alike_are_twins(offices: Store, tmp_path: Path) -> None:
    twins = people(
        "张三,甲局,成员,1,,A1,,", "张\u200b三,甲局,成员,2,,A2,,", "张三,乙局,成员,1,,A3,,"
    )
    found = planned(tmp_path, twins)
    assert [(row, column) for row, column, _ in refused(found)] == [(3, "姓名")]
    assert "只差看不见的字符" in refused(found)[0][2]


@pytest.mark.parametrize(
    ("before", "now", "stored"),
    [
        ("张", "张\ue863", "张䶮"),
        ("李", "李\U0002ebf5", "李\U0002ebf5"),
        ("王强", "王\U00031360强", "王\U00031360强"),
    ],
)
def test_a_name_that_was_cut_is_corrected_under_its_archive_number(
    before: str, now: str, stored: str, offices: Store, tmp_path: Path
) -> None:
    apply(planned(tmp_path, people(f"{before},甲局,正职,1,1965.09,A1,局长,")), offices)
    found = planned(tmp_path, people(f"{now},甲局,正职,1,1965.09,A1,局长,"))
    assert not found.refused
    assert [(item.field, item.old, item.new) for item in found.changed] == [
        ("姓名", before, stored)
    ]
    assert any("漏了字" in reason for _, _, reason in adjusted(found))
    apply(found, offices)
    (row,) = cadres.all_cadres()
    assert row.name == stored
    assert cadres.search(stored[0]) == (row,)


def test_another_name_under_the_same_archive_number_is_refused(
    offices: Store, tmp_path: Path
) -> None:
    apply(planned(tmp_path, people("张三,甲局,正职,1,1965.09,A1,局长,")), offices)
    found = planned(tmp_path, people("张三丰,甲局,正职,1,1965.09,A1,局长,"))
    assert [column for _, column, _ in refused(found)] == ["廉政档案号"]
