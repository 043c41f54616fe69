"""Tallies for terminals and pipes."""

from __future__ import annotations

import csv
import io
import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from exports.parts.wording import NOT_YET_BY_GROUP, THE_OTHERS, UNOFFICIAL
from exports.text import rounds_json, rounds_table, safe_csv, tally_text
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds import life, polls
from models.rounds.plan import RoundInfo, RoundPlan, RoundState
from models.settings.office import Settings
from tests.exports.conftest import Sample
from tests.exports.small import Team, key_all, make_round, make_team


def test_json_is_the_expected_tally(sample: Sample, expected: dict[str, Any]) -> None:
    found = json.loads(sample.texts["json"])
    assert set(found) == {"round", "levels", "subjects"}
    rebuilt: dict[str, Any] = {}
    for subject in found["subjects"]:
        paper = {"issued", "returned", "valid", "void", "paper"}
        state = {"official", "counted", "weighted"}
        assert set(subject) == {"unit", "level", "name", "places"} | paper | state
        assert (subject["official"], subject["weighted"]) == (False, False)
        assert subject["counted"] == subject["valid"] + subject["void"] == subject["returned"]
        for place in subject["places"]:
            for grade, count in place["grades"].items():
                exact = Decimal(count * 100) / Decimal(subject["valid"])
                assert place["share"][grade] == str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
            del place["share"]
        level = rebuilt.setdefault(subject["unit"], {}).setdefault(
            subject["level"],
            {"valid": subject["valid"], "void": subject["void"], "subjects": []},
        )
        level["subjects"].append({"name": subject["name"], "places": subject["places"]})
    assert rebuilt == expected


def test_small_groups_share_a_line(sample: Sample) -> None:
    lines = 0
    for subject in json.loads(sample.texts["groups"])["subjects"]:
        shown = subject["groups"]
        assert all(group["valid"] >= 10 for group in shown)
        together = [group for group in shown if group["group"] == THE_OTHERS]
        lines += len(together)
        assert all(len(group["of"]) > 1 for group in together)
        assert bool(subject["groups_note"]) == (not shown or bool(together))
        if shown:
            assert sum(group["valid"] for group in shown) == subject["valid"]
    assert lines
    assert THE_OTHERS in sample.texts["group tables"]


def test_nothing_is_shown_by_group_before_the_seal(sample: Sample) -> None:
    for subject in json.loads(sample.texts["not yet"])["subjects"]:
        assert (subject["groups"], subject["groups_note"]) == ([], NOT_YET_BY_GROUP)


def test_csv_reads_back(sample: Sample, expected: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(sample.texts["csv"], newline="")))
    places = sum(
        len(subject["places"])
        for unit in expected.values()
        for level in unit.values()
        for subject in level["subjects"]
    )
    assert len(rows) == places
    row = next(
        row
        for row in rows
        if (row["单位"], row["测评层级"], row["测评内容"])
        == ("白银市工商行政管理局", "领导班子", "总体评价")
    )
    assert (row["优秀票数"], row["合格票数"], row["不合格票数"]) == ("40", "16", "2")
    assert row["优秀得票率"] == "68.97%"
    assert row["称职票数"] == ""
    assert row["说明"] == f"{UNOFFICIAL}：收回60张，计入60张。"
    assert sample.texts["csv"].count("\r\n") == places + 1


def test_tables_have_mark_and_note(sample: Sample) -> None:
    for form in ("plain", "github"):
        shown = sample.texts[form]
        assert shown.count(UNOFFICIAL) == 15
        assert shown.count("注：得票率=") == 15
        assert shown.endswith("\n")
    assert "| 被测评对象" in sample.texts["github"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", " ="])
def test_formulas_become_text_in_csv(start: str) -> None:
    made = safe_csv([[f"{start}1+1", -1, '"', "甲,乙"]])
    (row,) = csv.reader(io.StringIO(made, newline=""))
    assert row == [f"'{start}1+1", "-1", '"', "甲,乙"]


def test_hostile_names_stay_in_their_cells(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    (poll,) = polls.polls(info.id)
    named: list[tuple[int | None, str, str]] = [
        (None, "=cmd|' /C calc'!A0", "副局长"),
        (None, "a|b\x1b[2J\nc", "[/b]"),
    ]
    polls.change_subjects(poll.id, Level.MEMBER, named)
    key_all(info)
    shown = tally_text(info, [poll], Level.MEMBER, form="github")
    assert "\x1b" not in shown
    bars = {line.replace("\\|", "").count("|") for line in shown.split("\n") if line[:1] == "|"}
    assert len(bars) == 1
    rows = list(csv.reader(io.StringIO(tally_text(info, [poll], Level.MEMBER, form="csv"))))
    assert rows[1][2] == "'=cmd|' /C calc'!A0"
    found = json.loads(tally_text(info, [poll], Level.MEMBER, form="json"))
    assert {subject["name"] for subject in found["subjects"]} == {
        "=cmd|' /C calc'!A0",
        "a|b[2J c",
    }


def test_nobody_voting_is_null(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    found = json.loads(tally_text(info, polls.polls(info.id), Level.TEAM, form="json"))
    assert found["subjects"][0]["places"][0]["share"] == dict.fromkeys(("优秀", "合格", "不合格"))
    assert "—" in tally_text(info, polls.polls(info.id), Level.TEAM)


def test_a_draft_is_refused(store: Store, settings: Settings) -> None:
    round_id = life.create(RoundPlan("某轮次", 2026, groups=(("甲", 0),)))
    polls.add_polls(round_id, [make_team(Team())])
    with pytest.raises(RefusedError, match="筹备"):
        tally_text(life.find_by_id(round_id), polls.polls(round_id))


def test_rounds() -> None:
    plan = RoundPlan("某轮次", 2026, starts="2026-11-02", ends="2026-11-13")
    info = RoundInfo(7, plan, RoundState.OPEN, ())
    assert "2026年11月2日至13日" in rounds_table([info])
    assert json.loads(rounds_json([info])) == [
        {
            "id": 7,
            "title": "某轮次",
            "year": 2026,
            "state": "进行",
            "starts": "2026-11-02",
            "ends": "2026-11-13",
        }
    ]
    assert rounds_table([]) == "还没有轮次"
