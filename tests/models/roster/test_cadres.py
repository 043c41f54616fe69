"""Units and cadres: read, found, and changed with what may not be refused."""

import pytest

from models.database import journal
from models.database.store import Store
from models.refusal import RefusedError
from models.roster import cadres, edit
from models.roster.cadres import Person, PostDetails
from models.roster.months import month, this_month
from models.roster.roles import Role
from models.roster.units import find_unit, unit_tree

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def units(store: Store) -> dict[str, int]:
    province = edit.save_unit("甘肃省工商行政管理局", short_name="省局", kind="省级机关")
    city = edit.save_unit("白银市工商行政管理局", short_name="白银市局", parent_id=province)
    other = edit.save_unit("天水市工商行政管理局", short_name="天水市局", parent_id=province)
    county = edit.save_unit("会宁县工商行政管理局", short_name="会宁县局", parent_id=city)
    return {"省": province, "白银": city, "天水": other, "会宁": county}


def post(unit_id: int, role: Role = Role.MEMBER, rank: int = 2, since: str = "") -> PostDetails:
    return PostDetails(unit_id=unit_id, title="副局长", role=role, rank=rank, since=since)


def acts() -> list[str]:
    return [entry.act for entry in reversed(journal.entries())]


def test_the_tree_is_in_pre_order_with_depths_and_cadres(units: dict[str, int]) -> None:
    edit.save_cadre(Person(name="王建国"), post(units["白银"]))
    tree = [(unit.short_name, unit.depth, unit.cadres) for unit in unit_tree()]
    assert tree == [("省局", 0, 0), ("白银市局", 1, 1), ("会宁县局", 2, 0), ("天水市局", 1, 0)]
    edit.save_unit("天水市工商行政管理局", parent_id=units["省"], position=0, unit_id=units["天水"])
    names = [unit.name[:2] for unit in unit_tree()]
    assert names == ["甘肃", "天水", "白银", "会宁"]


def test_a_unit_is_found_by_either_name_and_near_ones_are_named(units: dict[str, int]) -> None:
    assert find_unit("白银市局").id == units["白银"]
    assert find_unit(" 白银市　工商行政管理局 ").id == units["白银"]
    with pytest.raises(RefusedError, match="没有单位“白银工商局”。相近的有：白银市工商行政管理局"):
        find_unit("白银工商局")
    with pytest.raises(RefusedError, match="没有单位“”"):
        find_unit("")
    edit.save_unit("城关镇甲局", short_name="白银市局")
    with pytest.raises(RefusedError, match=r"简称“白银市局”有 2 个单位.*请写全称"):
        find_unit("白银市局")


def test_without_units_the_refusal_says_to_import() -> None:
    with pytest.raises(RefusedError, match="请先导入单位名单"):
        find_unit("白银市局")


def test_the_team_is_chief_and_members_in_rank_order(units: dict[str, int]) -> None:
    place = units["白银"]
    for name, role, rank in [
        ("其他人", Role.OTHER, 1),
        ("第三位", Role.MEMBER, 3),
        ("局长", Role.CHIEF, 1),
        ("第二位", Role.MEMBER, 2),
    ]:
        edit.save_cadre(Person(name=name), post(place, role, rank))
    gone = edit.save_cadre(Person(name="退休者"), post(place, Role.MEMBER, 4))
    edit.retire_cadre(gone)
    assert [row.name for row in cadres.team(place)] == ["局长", "第二位", "第三位"]
    assert [row.name for row in cadres.cadres_of(place)] == ["局长", "第二位", "第三位", "其他人"]


@pytest.mark.parametrize("text", ["建国", "wjg", "WJ", "ｗｊｇ", "王 建 国", "0101"])
def test_search_by_name_initials_and_archive_number(text: str, units: dict[str, int]) -> None:
    edit.save_cadre(Person(name="王建国", archive_no="LZ62-0101"), post(units["白银"]))
    edit.save_cadre(Person(name="李晓梅", archive_no="LZ62-0202"), post(units["白银"]))
    assert [row.name for row in cadres.search(text)] == ["王建国"]


def test_search_takes_wildcards_as_text_and_puts_the_best_and_the_active_first(
    units: dict[str, int],
) -> None:
    for name in ("王强国", "国强", "国强生"):
        edit.save_cadre(Person(name=name), post(units["白银"]))
    retired = edit.save_cadre(Person(name="国强"), post(units["天水"]))
    edit.retire_cadre(retired)
    found = cadres.search("国强")
    assert [(row.name, row.retired) for row in found] == [
        ("国强", False),
        ("国强生", False),
        ("国强", True),
    ]
    assert len(cadres.search("国", limit=2)) == 2
    assert cadres.search("%") == cadres.search("_") == cadres.search(" ") == ()


def test_a_move_ends_the_old_post_and_keeps_the_archive_number(units: dict[str, int]) -> None:
    person = Person(name="王建国", archive_no="LZ62-0101", born="1965年9月")
    who = edit.save_cadre(person, post(units["白银"], since="2016-04"))
    edit.move_cadre(who, post(units["天水"], Role.CHIEF, 1, since="2022.05"))
    history = cadres.cadre(who)
    assert (history.row.archive_no, history.row.born) == ("LZ62-0101", "1965.09")
    assert history.row.unit_id == units["天水"]
    assert [(held.unit_name[:2], held.since, held.until) for held in history.posts] == [
        ("天水", "2022.05", ""),
        ("白银", "2016.04", "2022.05"),
    ]
    assert cadres.team(units["白银"]) == ()
    assert journal.entries()[0].detail == "白银市工商行政管理局 副局长→天水市工商行政管理局 副局长"
    with pytest.raises(RefusedError, match=r"2022\.04 早于 王建国 原职务开始的 2022\.05"):
        edit.move_cadre(who, post(units["白银"], since="2022.04"))


def test_a_retired_cadre_keeps_the_history_and_can_return(units: dict[str, int]) -> None:
    who = edit.save_cadre(Person(name="王建国", archive_no="A1"), post(units["白银"]))
    edit.retire_cadre(who)
    row = cadres.cadre(who).row
    assert (row.retired, row.unit_id, row.archive_no) == (True, None, "A1")
    assert cadres.cadre(who).posts[0].until == this_month()
    with pytest.raises(RefusedError, match="已经退休"):
        edit.retire_cadre(who)
    edit.save_cadre(Person(name="王建国", archive_no="A2"), post(0), cadre_id=who)
    assert cadres.cadre(who).row.archive_no == "A2"
    edit.move_cadre(who, post(units["天水"]))
    assert not cadres.cadre(who).row.retired
    assert acts()[-4:] == ["新增干部", "干部退休", "修改干部", "干部调动"]


def test_saving_the_same_again_writes_nothing(units: dict[str, int]) -> None:
    who = edit.save_cadre(Person(name="王建国"), post(units["白银"]))
    before = journal.entries()
    edit.save_cadre(Person(name=" 王　建国"), post(units["白银"]), cadre_id=who)
    edit.save_unit(
        "白银市工商行政管理局",
        short_name="白银市局",
        parent_id=units["省"],
        unit_id=units["白银"],
    )
    assert journal.entries() == before


def test_a_correction_is_told_in_the_journal(units: dict[str, int]) -> None:
    who = edit.save_cadre(Person(name="王建国"), post(units["白银"]))
    edit.save_cadre(
        Person(name="王建军", gender="男"), post(units["白银"], Role.CHIEF, 1), cadre_id=who
    )
    last = journal.entries()[0]
    assert (last.act, last.subject) == ("修改干部", "王建国")
    assert last.detail == "姓名：王建国→王建军；性别：空→男；班子角色：班子成员→正职；班子排序：2→1"
    assert cadres.search("wjj")[0].role is Role.CHIEF
    edit.save_unit("白银市局", parent_id=units["天水"], unit_id=units["白银"])
    assert "上级单位：甘肃省工商行政管理局→天水市工商行政管理局" in journal.entries()[0].detail


def test_what_may_not_be_is_refused_and_changes_nothing(units: dict[str, int]) -> None:
    place = units["白银"]
    chief = edit.save_cadre(Person(name="王建国", archive_no="A1"), post(place, Role.CHIEF, 1))
    before = journal.entries(), cadres.all_cadres(), unit_tree()
    for person, wanted, reason in [
        (Person(name=" \u3000"), post(place), "姓名不能为空"),
        (Person(name="李四", archive_no="Ａ1 "), post(place), "廉政档案号：A1 已属于 王建国"),
        (Person(name="李四"), post(place, Role.CHIEF, 1), "已有正职 王建国"),
        (Person(name="李四", born="1970-13"), post(place), "出生年月：“1970-13”没有 13 月"),
        (Person(name="李四"), post(place, since="65.1"), "任现职时间：“65.1”认不出年月"),
        (Person(name="李四", gender="x"), post(place), "性别应为"),
        (Person(name="李四"), post(place, rank=0), "班子排序应在 1 至"),
        (Person(name="李四"), post(999), "没有这个单位"),
    ]:
        with pytest.raises(RefusedError, match=reason):
            edit.save_cadre(person, wanted)
    with pytest.raises(RefusedError, match="换单位请用“调动”"):
        edit.save_cadre(Person(name="王建国"), post(units["天水"]), cadre_id=chief)
    with pytest.raises(RefusedError, match="没有这名干部"):
        cadres.cadre(999)
    assert (journal.entries(), cadres.all_cadres(), unit_tree()) == before
    edit.save_cadre(
        Person(name="王建国", archive_no="A1"), post(place, Role.CHIEF, 2), cadre_id=chief
    )


def test_units_keep_one_name_and_no_circle(units: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="已有“白银市工商行政管理局”"):
        edit.save_unit("白银市 工商行政管理局")
    with pytest.raises(RefusedError, match="不能为空"):
        edit.save_unit("\u200b")
    for parent in ("会宁", "白银"):
        with pytest.raises(RefusedError, match="就是本单位或其下级"):
            edit.save_unit("白银市局", parent_id=units[parent], unit_id=units["白银"])


def test_a_unit_closes_only_when_empty(units: dict[str, int]) -> None:
    who = edit.save_cadre(Person(name="王建国"), post(units["会宁"]))
    with pytest.raises(RefusedError, match="还有 1 人在任"):
        edit.close_unit(units["会宁"])
    with pytest.raises(RefusedError, match="还有 1 个下级单位：会宁县工商行政管理局"):
        edit.close_unit(units["白银"])
    edit.move_cadre(who, post(units["天水"]))
    edit.close_unit(units["会宁"])
    edit.close_unit(units["白银"])
    assert [unit.closed for unit in unit_tree()] == [False, True, True, False]
    with pytest.raises(RefusedError, match="已经撤销"):
        edit.close_unit(units["会宁"])
    with pytest.raises(RefusedError, match="会宁县工商行政管理局 已撤销"):
        edit.move_cadre(who, post(units["会宁"]))
    with pytest.raises(RefusedError, match="上级单位：白银市工商行政管理局 已撤销"):
        edit.save_unit("靖远县局", parent_id=units["白银"])


@pytest.mark.parametrize(
    "text",
    [
        "1965.09",
        "1965-9",
        "1965/09",
        "1965年9月",
        "１９６５年０９月",
        "196509",
        "1965-09-01",
        "1965.9.1",
        "1965年9月1日",
        "19650901",
        "1965-09-01 00:00:00",
        " 1965 . 09 ",
    ],
)
def test_months_in_many_forms(text: str) -> None:
    assert month(text) == "1965.09"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1970-13", "没有 13 月"),
        ("1970.00", "没有 0 月"),
        ("1965", "认不出年月"),
        ("65.09", "认不出年月"),
        ("1865.09", "年份 1865"),
        ("1965.1", "分不清是 1 月还是 10 月"),
        ("1965-02-30", "2 月没有 30 日"),
        ("九月", "认不出年月"),
    ],
)
def test_what_is_no_month(text: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        month(text)
