"""Small files with the faults of public reports, each imported into the same four units.

The people in them are invented.
"""

from pathlib import Path

import pytest

from models.database.store import Store
from models.imports.roster_import import ImportPlan, apply, plan
from models.roster.cadres import all_cadres
from tests.offices import import_units

ROSTERS = Path(__file__).parents[2] / "data" / "rosters"
UNITS = """单位名称,简称,上级单位,单位类别
河川省工商行政管理局,省局,,省局
青泉市工商行政管理局,青泉市局,河川省工商行政管理局,市局
东岭县工商行政管理局,东岭县局,青泉市工商行政管理局,县局
西谷县工商行政管理局,西谷县局,青泉市工商行政管理局,县局
"""

# The file; the people who come in, with what is not as in the others; words of the refusals; words
# of the notices.
CASES = {
    "apostrophe.csv": ("祁连山 1970.05 0620101", "", "撇号 撇号"),
    "archive-number-lost.xlsx": ("白桂兰 1975.11 620123197511230022", "设为文本", ""),
    "block-merge.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "bom-plus-gbk.csv": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "born-with-age.xlsx": (
        "祁连山 1970.05 1992.06 白桂兰 1975.11 1999.06 丁香草 1980.02",
        "",
        "年月 年月 未填",
    ),
    "core-date.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "dangling-drawing.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "empty-fill.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "empty-style-attr.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "eq-quoted-text.csv": ("祁连山 1970.05 620101", "", "等号和引号 等号和引号"),
    "hidden-sheet.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", "隐藏的工作表"),
    "last-row.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "rare-char-dropped.xlsx": (
        "张䶮 1970.05 李\U0002ebf5 1975.11 王\U00031360 1976.11 赵䶮 1970.06 钱𬭎 1970.07 "
        "𠮷㛃 1970.08 孙葛\U000e0100 1970.09",
        "",
        # Each but the last has a character that fonts may lack; of the first it has got its own
        # code point, too.
        "标准编码 U+4DAE U+2EBF5 U+31360 U+4DAE U+2CB4E U+20BB7",
    ),
    "seq-formula.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "strict-ooxml.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", ""),
    "surname-initials.csv": (
        "曾国强 1970.05 单雄心 1971.05 尉迟明 1972.05 覃志明 1973.05",
        "",
        "",
    ),
    "totals-notes.xlsx": ("", "女 回族 人名", "表下 表下"),
    "x000D.xlsx": ("祁连山 1970.05 白桂兰 1975.11", "", "首尾空格 写法"),
}


@pytest.fixture
def offices(store: Store, tmp_path: Path) -> Store:
    import_units(tmp_path, store, UNITS)
    return store


def test_every_file_has_its_case() -> None:
    assert {path.name for path in ROSTERS.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_case(name: str, offices: Store) -> None:
    people, refused, told = (words.split() for words in CASES[name])
    found = plan(ROSTERS / name)
    _are_in_turn(refused, [item.reason for item in found.refused])
    _are_in_turn(told, [item.reason for item in found.adjusted])
    if people:
        apply(found, offices, clean_part=bool(refused))
    stored = [
        value
        for row in all_cadres()
        for value in (row.name, row.born, row.joined_party, row.archive_no)
        if value
    ]
    assert stored == people
    assert _all_have_units(found)


def _are_in_turn(words: list[str], reasons: list[str]) -> None:
    assert len(words) == len(reasons), reasons
    assert all(word in reason for word, reason in zip(words, reasons, strict=True)), reasons


def _all_have_units(found: ImportPlan) -> bool:
    return all(item.place.endswith("县工商行政管理局") for item in found.added)
