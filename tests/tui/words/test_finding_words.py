"""问题与提示 in words: every code has its sentences, and the way out is that of the surface."""

from __future__ import annotations

import pytest

from models.database.store import Store, writing
from models.regulation.levels import Level
from models.seal.findings import Finding, FindingCode
from models.seal.sealing import UnsealableError
from models.settings.office import Settings
from tests.offices import GROUPS, entry_of, only_poll, small_round
from tui.command import main
from tui.words import findings as words
from tui.words.ways import COMMAND_LINE, SCREEN

VALUES: dict[FindingCode, tuple[dict[str, int | str], str]] = {
    FindingCode.MORE_BACK_THAN_ISSUED: (
        {"issued": 11, "returned": 12},
        "发出 11 张，收回 12 张",
    ),
    FindingCode.TOO_FEW_KEYED: ({"returned": 14, "missing": 2}, "收回 14 张，少录 2 张"),
    FindingCode.TOO_MANY_KEYED: ({"returned": 9, "over": 3}, "收回 9 张，多录 3 张"),
    FindingCode.NOT_REGISTERED: ({"issued": 9}, "发出 9 张，收回没有登记"),
    FindingCode.HALF_KEYED: ({"entry": 1}, "有半张未录完"),
    FindingCode.NOT_KEYED_AGAIN: ({"keyed": 0, "missing": 12}, "未复核，还有 12 张"),
    FindingCode.NOT_SETTLED: ({}, "两次录入不同，尚未核对"),
    FindingCode.NO_QUORUM: (
        {"quorum": "2/3", "expected": 40, "present": 26},
        "到会不足 2/3（应到 40 人，实到 26 人）",
    ),
    FindingCode.UNEQUAL_PLACES: (
        {"person": "甲1", "item": 0, "ballots": 13, "places": 1, "valid": 12},
        "甲1 总体 13 票，有效票 12 张",
    ),
    FindingCode.PRESENT_UNKNOWN: ({"what": "shares"}, "实到人数未登记，得票率以它为分母"),
    FindingCode.PRESENT_TOO_FEW: (
        {"what": "trust", "present": 30, "returned": 33},
        "收回 33 张，实到只有 30 人，信任票以它为分母",
    ),
    FindingCode.MANY_BLANKS: (
        {"blanks": 3, "marks": 96, "item": 2, "of_item": 3},
        "弃权 3 / 96 项次，最多的是第 2 项（3）",
    ),
    FindingCode.MANY_VOID: ({"void": 3, "entered": 100}, "无效 3 张 / 已录 100 张"),
    FindingCode.ALL_ALIKE: ({"valid": 5}, "5 张有效票张张相同"),
    FindingCode.CONTRADICTORY: ({"ballots": 6}, "6 张票总体与各项不符"),
    FindingCode.ERRORS_IN_SAMPLE: ({"wrong": 2}, "抽查复核发现录入差错 2 处"),
    FindingCode.SAME_PERSON: ({}, "两次录入是同一人"),
    FindingCode.FEW_VALID: ({"valid": 9}, "有效票只有 9 张"),
    FindingCode.DATE_OUTSIDE: (
        {"date": "2026-12-01", "starts": "2026-11-02", "ends": "2026-11-13", "year": 2026},
        "测评日期 2026-12-01 不在轮次起止（2026-11-02 至 2026-11-13）之内",
    ),
    FindingCode.SECOND_ROUND: (
        {"title": "补测", "kind": "定期", "year": 2026, "units": 1},
        "“补测”同是 2026 年度定期测评，有 1 个相同的单位",
    ),
    FindingCode.MORE_ISSUED_THAN_PRESENT: ({"issued": 20, "present": 19}, "发出 20 张，实到 19 人"),
    FindingCode.SMALL_MINIMUM: ({"minimum": 4}, "按类别公布的最少票数只有 4 张"),
    FindingCode.NO_WEIGHTED_SHARES: (
        {"group": "班子成员", "issued": 5, "minimum": 10},
        "班子成员发出 5 张，少于 10 张：加权得票率将不公布",
    ),
}


def found(code: FindingCode, **values: int | str) -> Finding:
    return Finding(code, "班子成员 中层干部", values)


@pytest.mark.parametrize("code", FindingCode)
def test_every_code_has_its_words(code: FindingCode) -> None:
    values, said = VALUES[code]
    finding = found(code, **values)
    assert words.what(finding) == said
    for sentence in (words.meaning(finding), words.action(finding, SCREEN)):
        assert sentence.endswith("。")
        assert "{" not in sentence


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        (FindingCode.HALF_KEYED, {"entry": 2}, "复核有半张未录完"),
        (FindingCode.NOT_KEYED_AGAIN, {"keyed": 5, "missing": 7}, "复核未完，还有 7 张"),
        (
            FindingCode.NO_QUORUM,
            {"quorum": "2/3", "expected": 0, "present": 0},
            "应到、实到人数未登记",
        ),
        (
            FindingCode.UNEQUAL_PLACES,
            {"person": "甲", "item": 3, "ballots": 9, "places": 4, "valid": 12},
            "甲 第 3 项 9 票 等 4 项，有效票 12 张",
        ),
        (
            FindingCode.MANY_BLANKS,
            {"blanks": 9, "marks": 96, "item": 0, "of_item": 5},
            "弃权 9 / 96 项次，最多的是总体评价（5）",
        ),
    ],
)
def test_other_values_of_a_code(code: FindingCode, values: dict[str, int | str], said: str) -> None:
    assert words.what(found(code, **values)) == said


def test_the_way_out_is_a_key_or_a_command() -> None:
    again = found(FindingCode.NOT_KEYED_AGAIN, keyed=0, missing=12)
    assert words.action(again, SCREEN) == "按 F8 复核，录完这一批。"
    assert words.action(again, COMMAND_LINE) == "用 ceping enter --verify 复核，录完这一批。"
    differing = found(FindingCode.NOT_SETTLED)
    assert words.action(differing, SCREEN) == "按 F8 复核，照纸票核对不同之处。"
    damaged = found(FindingCode.UNEQUAL_PLACES)
    for surface in (SCREEN, COMMAND_LINE):
        said = words.action(damaged, surface)
        assert said == "停止录入，运行 ceping verify 查明后从备份恢复。"


def test_a_refused_seal_tells_all_of_it() -> None:
    short = found(FindingCode.TOO_FEW_KEYED, returned=10, missing=1)
    error = UnsealableError("甲县局", [short], ["没有监票人的姓名：至少一人。"])
    assert str(words.refusal(error, COMMAND_LINE)) == (
        "甲县局 还不能封存：\n"
        "问题102 班子成员 中层干部：收回 10 张，少录 1 张。数一数这一批纸票，把没有录的录完。\n"
        "没有监票人的姓名：至少一人。"
    )


def test_the_command_names_the_command(
    store: Store, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    info = small_round(settings, returned=2)
    with writing():
        for level in Level:
            for group in GROUPS:
                entry = entry_of(info, level, group)
                for mark in "12":
                    entry.commit(mark * len(entry.sheet.places))
    unit = only_poll(info).unit_name
    store.close()
    arguments = ["--database", str(store.path), "seal", str(info.id), "--unit", unit]
    assert main(arguments) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"{unit} 还不能封存："
    assert said[1].startswith("问题106 ")
    assert said[1].endswith("未复核，还有 2 张。用 ceping enter --verify 复核，录完这一批。")
    assert said[-1] == "没有计票人的姓名：至少一人。"


def test_only_what_is_missing_is_named() -> None:
    assert words.what(found(FindingCode.NOT_REGISTERED, issued=0)) == "发出、收回都没有登记"
    for expected, present, said in (
        (0, 0, "应到、实到人数未登记"),
        (40, 0, "实到人数未登记"),
        (0, 30, "应到人数未登记"),
    ):
        people = found(FindingCode.NO_QUORUM, quorum="1/2", expected=expected, present=present)
        assert words.what(people) == said
