"""Names are stored as they stand, and found by the readings of surnames."""

import csv
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.imports.choices import Choices
from models.imports.roster_check import FindingKind, check
from models.imports.table_layout import read
from models.names import (
    names_it,
    nearness,
    noncharacter,
    person_name,
    person_readings,
    standard,
    unescaped,
    unit_readings,
)
from models.roster.columns import SheetKind


@pytest.mark.parametrize(
    "name", ["李\U0002ebf5", "王\U00031360", "张\ue000", "葛\U000e0100", "莎\U000323b0"]
)
def test_no_character_of_a_name_is_dropped(name: str) -> None:
    assert person_name(name) == name


def test_private_characters_of_gbk_get_their_standard_code_points() -> None:
    assert person_name("张\ue863") == "张䶮"
    assert standard("\ue816\ue81e\ue843\ue864\ue844") == "\U00020087\u9fb4\u9fb9\u9fbb\u4723"
    for code in range(0xE815, 0xE865):
        assert unicodedata.category(standard(chr(code))) != "Co", hex(code)


@pytest.mark.parametrize("dot", "·.•・﹒ꞏ．‧")
def test_dots_are_one(dot: str) -> None:
    assert person_name(f"买买提{dot}吐尔逊") == "买买提·吐尔逊"


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Z"]), min_size=1))
def test_any_other_name_stands_as_it_is(name: str) -> None:
    assume(not any(noncharacter(char) or char in "·.•・﹒ꞏ．‧∙⋅･" for char in name))
    assert person_name(name) == standard(name)


def test_escapes_of_office_files() -> None:
    assert unescaped("祁连山_x000D_\n") == "祁连山\r\n"
    assert unescaped("_x005F_x000D_") == "_x000D_"
    assert unescaped("_xD842__xDFB7_田") == "𠮷田"


READINGS = (
    "单雄信s 仇英杰q 解志强x 区建国o 曾国强z 查志刚z 盖文华g 朴成日p 尉迟恭yc 万俟卓mq "
    "乐嘉明y 召志强s 冼星明x 缪志强m 覃志明q 翟志刚z 华志强h 任建国r 种志明c 繁志明p "
    "折志强s 那志强n 单于明cy 长孙明zs 令狐冲lh 重志明c 秘志明b 贲志明b 隗志明k 员志明y "
    "郗志明x 相志明x 都志明d 祭志明z 莘志明s 澹台明tt 曾·乐zl 沈志明s 张䶮zy 李㛃lj "
)


@pytest.mark.parametrize("case", READINGS.split())
def test_a_surname_is_read_as_a_surname(case: str) -> None:
    name = "".join(char for char in case if not char.isascii())
    letters = "".join(each[0] for each in person_readings(name).split())
    assert letters.startswith(case.removeprefix(name))


def test_units_are_read_as_words() -> None:
    assert "".join(each[0] for each in unit_readings("夏河县局").split()) == "xhxj"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王建国", "wang wangjg wjg wjianguo WANGJ 王jg w建国 建国 jg guo"),
        ("曾国强", "zgq zeng zenggq zengguoqiang zgj 曾"),
        ("单雄心", "sxx shan shanxx dan"),
        ("尉迟明", "ycm yuchi yuchim wei"),
        ("覃志明", "qzm tzm qin tan"),
        ("朴成日", "pcr piao pu"),
        ("吕布", "lb lv lu lvbu lubu"),
        ("买买提·吐尔逊", "mmttex maimaiti 买买提吐尔逊 吐尔逊"),
        ("张䶮", "zy zhangyan"),
        ("李\U0002ebf5", "li 李 \U0002ebf5"),
        ("John Smith", "john smith johns"),
    ],
)
def test_a_person_is_found_by_characters_letters_and_readings(name: str, typed: str) -> None:
    for each in typed.split():
        assert names_it(name, each, person_readings(name)), each


@pytest.mark.parametrize("typed", ["zx", "wgj", "wangx", "国建", "jw", "%"])
def test_a_person_is_not_found_by_what_he_is_not(typed: str) -> None:
    assert not names_it("王建国", typed, person_readings("王建国"))


def test_a_reading_as_a_surname_is_nearer_than_another() -> None:
    near = [nearness(name, "zgq", person_readings(name)) for name in ("曾国强", "查国强", "仲国强")]
    assert near == [0, 0, 0]
    assert nearness("曾国强", "cgq", person_readings("曾国强")) == 4


HEAD = "姓名,单位,职务,班子角色,出生年月,入党时间,廉政档案号\n"


def checked(tmp_path: Path, line: str) -> tuple[dict[str, str], list[str], list[str]]:
    """The values of one line, and the reasons of its refusals and its notices."""
    path = tmp_path / "名单.csv"
    path.write_text(HEAD + line + "\n", encoding="utf-8")
    done = check(read(path))
    (row,) = next(rows for rows in done.rows.values() if rows)
    by = {
        kind: [found.reason for found in done.findings if found.kind is kind]
        for kind in FindingKind
    }
    return dict(row.values), by[FindingKind.REFUSED], by[FindingKind.ADJUSTED]


def test_marks_of_text_are_taken_off_with_a_notice(tmp_path: Path) -> None:
    line = "'祁连山,甲局,局长,正职,=\"1970.05\",,'0620101"
    values, refused, told = checked(tmp_path, line)
    assert not refused
    assert (values["name"], values["born"], values["archive_no"]) == (
        "祁连山",
        "1970.05",
        "0620101",
    )
    assert sum("撇号" in reason for reason in told) == 2
    assert any("等号和引号" in reason for reason in told)


@pytest.mark.parametrize(
    ("born", "joined", "wanted"),
    [
        ("1970.05（56岁）", "1992.06", ("1970.05", "1992.06")),
        ("1970年5月", "民盟(1999.06)", ("1970.05", "1999.06")),
        ("197005", "群众", ("1970.05", None)),
    ],
)
def test_months_with_something_beside_them(
    tmp_path: Path, born: str, joined: str, wanted: tuple[str, str | None]
) -> None:
    values, refused, told = checked(tmp_path, f"祁连山,甲局,局长,正职,{born},{joined},")
    assert not refused
    assert (values["born"], values.get("joined_party")) == wanted
    assert told


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("祁连山,甲局,局长,正职,,,6.2012319700512004E+17", "设为文本"),
        ("祁连山,#REF!,局长,正职,,,", "出错值"),
        ("祁连山,0,局长,正职,,,", "只有一个 0"),
        ("张\x01三,甲局,局长,正职,,,", "U+0001"),
        ("张\ufffe三,甲局,局长,正职,,,", "U+FFFE"),
    ],
)
def test_what_is_no_value_is_refused(tmp_path: Path, line: str, word: str) -> None:
    _, refused, _ = checked(tmp_path, line)
    assert any(word in reason for reason in refused)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("空缺", "不像人名"),
        ("（空缺）", "不像人名"),
        ("祁连山（女）", "“女”"),
        ("白桂兰 (回族)", "“回族”"),
        ("×××（女）", "“女”"),
        ("张某某", "代替"),
        ("张?山", "代替"),
        ("祁连山、白桂兰", "几个人"),
        ('"祁连山\n白桂兰"', "几个人"),
        ("祁连山　白桂兰", "几个人"),
        ("祁连山*", "记号"),
        ("祁连山2", "记号"),
        ("祁连山同志", "称呼"),
        ("/", "没有文字"),
        ("12", "没有文字"),
    ],
)
def test_what_hardly_looks_like_a_name_is_asked_about(tmp_path: Path, name: str, word: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f"{HEAD}{name},甲局,局长,正职,,,\n", encoding="utf-8")
    done = check(read(path))
    assert done.findings[-1].kind is FindingKind.ASKED
    assert word in done.findings[-1].reason
    assert done.refused
    sure = check(read(path, Choices(odd_names=True)))
    assert not sure.refused
    assert next(iter(sure.rows[SheetKind.CADRES])).values["name"] == "".join(
        name.split() if "(" not in name else [name]
    ).strip('"')


@pytest.mark.parametrize(
    "name",
    ["买买提·吐尔逊", "欧阳建国", "欧阳　建国", "祁　山", "John Smith", "[/b]张三", "某飞雪莲"],
)
def test_other_names_are_not_asked_about(tmp_path: Path, name: str) -> None:
    _, refused, told = checked(tmp_path, f"{name},甲局,局长,正职,,,")
    assert refused == []
    assert all("去掉空格" in each for each in told)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("25689", "1970.05"),
        ("1970、5", "1970.05"),
        ("一九七〇年五月", "1970.05"),
        ("一九七〇年五月生", "1970.05"),
        ("一九七〇年五月二十一日（农历）", "1970.05"),
        ("1970年5月出生", "1970.05"),
        ("1970.05(农历)", "1970.05"),
        ("1970.05.12", "1970.05"),
        ("民盟1970.05", "1970.05"),
        ("1970.05加入民盟", "1970.05"),
        ("1970年5月至今", "1970.05"),
        ("1970.05/56岁", "1970.05"),
        ("（1970.05）", "1970.05"),
        ("待查", ""),
    ],
)
def test_months_as_offices_write_them(tmp_path: Path, text: str, wanted: str) -> None:
    values, refused, told = checked(tmp_path, f"祁连山,甲局,局长,正职,{text},,")
    assert (values.get("born", ""), refused) == (wanted, [])
    assert told


@pytest.mark.parametrize("text", ["1970.1", "1970.13", "99999", "7005", "1970.05预备1971.05转正"])
def test_months_that_cannot_be_are_refused(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, f"祁连山,甲局,局长,正职,{text},,")[1]


def test_totals_and_notes_under_the_table_are_skipped_and_told(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    text = (
        HEAD
        + "祁连山,甲局,局长,正职,,,\n合计,1人,,,,,\n注：以上为现职人员,,,,,,\n填表人：某某,,,,,,\n"
    )
    path.write_text(text, encoding="utf-8")
    done = check(read(path))
    assert not done.refused
    assert [found.row for found in done.findings] == [3, 4, 5]
    assert sum(len(rows) for rows in done.rows.values()) == 1


def test_a_private_character_without_a_standard_one_is_kept_and_named(tmp_path: Path) -> None:
    values, refused, told = checked(tmp_path, "张\ue000,甲局,局长,正职,,,")
    assert (values["name"], refused) == ("张\ue000", [])
    assert any("U+E000" in reason for reason in told)


SPECIAL = [
    "·",
    ".",
    "•",
    "ꞏ",
    "﹒",
    " ",
    "\u3000",
    "\t",
    "王",
    "建",
    "国",
    "𠮷",
    "䶮",
    "\ue863",
    "\ue000",
]
SPECIAL += [
    "\U0002ebf5",
    "\U00031360",
    "\U000e0100",
    "\ufe00",
    "_x000D_",
    "_x5F20_",
    "_x",
    "_",
    "A",
]
SPECIAL += [
    "'",
    '="王"',
    "=",
    '"',
    "\x01",
    "\ufffe",
    "\U0010ffff",
    "\u0378",
    "é",
    "ب",
    "𞤀",
    ",",
    ";",
]
PIECES = st.one_of(
    st.sampled_from(SPECIAL), st.characters(exclude_categories=["Cs", "Cf", "Zl", "Zp"])
)


def as_it_should_stand(text: str) -> str | None:
    """What a name should be stored as, said another way; None if it must be refused."""
    for code in re.findall("_x([0-9A-Fa-f]{4})_", text):
        text = text.replace(f"_x{code}_", chr(int(code, 16)))
    if len(text) > 3 and text.strip().startswith('="') and text.strip().endswith('"'):
        text = text.strip()[2:-1].replace('""', '"')
    elif text.startswith("'") and len(text) > 1:
        text = text[1:]
    if any(
        (unicodedata.category(char) == "Cc" and char not in "\t\r\n") or noncharacter(char)
        for char in text
    ):
        return None
    text = " ".join("".join(standard(char) for char in text).split())
    dots = "·•‧∙⋅・･.．﹒ꞏ"

    def han(char: str) -> bool:
        places = ("\u2e80\u9fff", "\ue000\ufaff", "\ufe00\ufe0f", "\U00020000\U0003ffff")
        private = ("\U000e0100\U000e01ef", "\U000f0000\U0010ffff")
        return any(first <= char <= last for first, last in (*places, *private))

    kept = ""
    for at, char in enumerate(text):
        before = text[at - 1] if at else ""
        after = text[at + 1] if at + 1 < len(text) else ""
        if char == " " and before and after and han(before) and han(after):
            continue
        kept += char
    found, at = "", 0
    while at < len(kept):
        end = at
        while end < len(kept) and kept[end] == " ":
            end += 1
        if end < len(kept) and kept[end] in dots and at and han(kept[at - 1]):
            after = end + 1
            while after < len(kept) and kept[after] == " ":
                after += 1
            if after < len(kept) and han(kept[after]):
                found, at = found + "·", after
                continue
        found, at = found + kept[at], at + 1
    return found or None


@settings(max_examples=300)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_any_text_that_stands_as_a_name_is_stored_as_it_should_stand(text: str) -> None:
    assume("\x00" not in text)  # a text file with it is refused as a whole
    assume(not re.search("[dD][89a-fA-F][0-9a-fA-F]{2}_", text))
    wanted = as_it_should_stand(text)
    # What a spreadsheet has lost is no name.
    assume(not re.fullmatch(r"0|#[A-Z/0!?]+|\d(\.\d+)?[eE]\+?\d+", wanted or ""))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "名单.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEAD.strip().split(","), [text, "甲局", "局长", "正职"]])
        done = check(read(path, Choices(odd_names=True)))
    (row,) = next(rows for rows in done.rows.values() if rows)
    assert row.values.get("name") == wanted
    assert bool(done.refused) == (wanted is None)
