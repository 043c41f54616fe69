"""Rounds of all shapes: other scales and sheets, weights, nobody voting, hostile names."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from exports.documents import chief, feedback, summary
from exports.documents.archive_entry import ArchiveFile
from exports.documents.archive_entry import document as archive_document
from exports.documents.kinds import KINDS
from exports.parts.results import gather
from exports.parts.wording import NO_TRUST_RULE, ROUNDING, UNOFFICIAL, percent
from exports.text import tally_text
from exports.writing import preparation
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
)
from models.results.archive import earlier_evaluations
from models.rounds import life, polls
from models.settings.office import Settings
from tests.exports.reading import W, body, grids, results, text
from tests.exports.small import (
    Team,
    key_all,
    make_round,
    only_poll,
    seal_all,
    void_all,
    with_scale,
)

NINE = ("非常满意", "很满意", "满意", "比较满意", "一般", "不太满意", "不满意", "很不满意", "极差")
SCALES = [NINE[:n] for n in range(2, 10)]
HOSTILE = (
    "[/b]",
    '=HYPERLINK("x")',
    "../../etc",
    "阿依古丽·买买提",
    "阿依古丽·买买提",
    "李\x1b一\x00",
)
Audit = Callable[[bytes], list[str]]


RESULTS = ("summary", "feedback", "chief", "archive")


def documents_of(settings: Settings, round_id: int) -> dict[str, bytes]:
    """One document of each kind of results of the first poll."""
    info = life.find_by_id(round_id)
    jobs = preparation.prepare(settings, info, [polls.polls(round_id)[0].id], RESULTS)
    return {
        job.kind: job.content() for job in reversed(jobs) if job.relative_path.suffix == ".docx"
    }


@pytest.mark.parametrize("grades", SCALES, ids=len)
def test_scales_of_two_to_nine_grades(
    store: Store, settings: Settings, audit: Audit, grades: tuple[str, ...]
) -> None:
    own = with_scale(settings, grades)
    info = make_round(own, teams=[Team(members=["李一"])], returned=4)
    key_all(info)
    for kind, document in documents_of(own, info.id).items():
        assert audit(document) == []
        tables = results(document)
        assert len(tables) == {"summary": 5, "chief": 5, "feedback": 2, "archive": 2}[kind]
        for rows in tables:
            names = list(rows[0].grades)
            assert names[: len(grades)] == list(grades)
            # The sum of the upper two would say nothing new of a scale of two.
            assert len(names) == len(grades) + (len(grades) > 2)
        for table in body(document).findall(f"{W}tbl"):
            widths = [int(c.get(f"{W}w")) for c in table.find(f"{W}tblGrid")]
            room = 12756 if kind == "summary" else 8845
            assert sum(widths) <= room
            for row in table.findall(f"{W}tr"):
                cells = [int(c.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for c in row.iter(f"{W}tc")]
                assert sum(cells) == sum(widths)


def test_items_only_sheets_have_no_overall_line(
    store: Store, settings: Settings, audit: Audit
) -> None:
    rule = TrustRule(("优秀",), Comparator.AT_LEAST, 1, 2)
    rules = RoundRules(sheet=SheetLines.ITEMS, trust={Level.CHIEF: rule})
    info = make_round(settings, rules=rules)
    key_all(info)
    for document in documents_of(settings, info.id).values():
        assert audit(document) == []
        assert "总体评价\n" not in text(document)
        assert "票面没有总体评价，未作比对" in text(document) or "王正" not in text(document)
    whole = preparation.prepare(settings, info, None, ["summary"])[0].content()
    assert [len(rows) for rows in results(whole)] == [7, 5, 8, 4, 6]


def test_overall_only_sheets(store: Store, settings: Settings, audit: Audit) -> None:
    info = make_round(settings, rules=RoundRules(sheet=SheetLines.OVERALL))
    key_all(info)
    for kind, document in documents_of(settings, info.id).items():
        assert audit(document) == []
        assert [len(rows) for rows in results(document)] == (
            [1, 1, 2, 1, 3] if kind in ("summary", "chief") else [1, 1]
        )


def test_one_sheet_a_person_shows_everybodys_own_paper(store: Store, settings: Settings) -> None:
    info = make_round(settings, rules=RoundRules(member_sheet=MemberSheet.PERSON))
    key_all(info, seed=15)
    result = gather(settings, info, only_poll(info))
    members = result.levels[Level.MEMBER].subjects
    assert members[0].valid != members[1].valid
    rows = results(summary.poll_document(result))[2]
    assert [row.leads["有效"] for row in rows[::5]] == [str(m.valid) for m in members]
    grid = next(grid for grid in grids(chief.document(result)) if grid[0][:2] == ["姓名", "发出"])
    assert [row[3] for row in grid[1:]] == [str(m.valid) for m in members]


def test_weighted_shares_stand_beside_unweighted_votes(store: Store, settings: Settings) -> None:
    groups = {"班子成员": 30, "中层干部": 30, "一般干部职工": 40}
    rule = TrustRule(("优秀", "称职"), Comparator.MORE_THAN, 2, 3)
    rules = RoundRules(denominator=Denominator.VALID, trust={Level.MEMBER: rule}, minimum_group=5)
    info = make_round(settings, rules=rules, groups=groups)
    key_all(info)
    seal_all(info)
    result = gather(settings, info, only_poll(info))
    member = result.persons()[1]
    document = feedback.document(result, member)
    words = text(document)
    assert "得票率按测评人员类别加权" in words
    assert "班子成员30%、中层干部30%、一般干部职工40%" in words
    assert "票数为实际票数，未加权。" in words
    assert "超过有效票数的2/3（按未加权的票数）" in words
    pair = member.at(Level.MEMBER)
    assert pair is not None
    place = pair[1].headline
    row = results(document)[0][-1]
    assert row.grades["优秀"] == (place.grades[0], percent(place.shares[0], 2))
    assert place.shares[0] != Fraction(place.grades[0], place.base)
    header = text(summary.poll_document(result))
    assert "加权\n得票率" in header


def test_nobody_voting_gives_a_dash(store: Store, settings: Settings, audit: Audit) -> None:
    info = make_round(settings)
    void_all(info)
    for document in documents_of(settings, info.id).values():
        assert audit(document) == []
        assert ROUNDING not in text(document)
        assert "0.00%" not in text(document).replace("回收率100.00%", "")
        for rows in results(document):
            assert all(pair == (0, "—") for row in rows for pair in row.grades.values())
    assert NO_TRUST_RULE in text(documents_of(settings, info.id)["archive"])


def test_where_nobody_voted_there_is_no_letter_but_a_hint(store: Store, settings: Settings) -> None:
    """A letter would ask for 发扬成绩 where there are none; nor is there one to sign for or to
    answer."""
    info = make_round(settings)
    void_all(info)
    seal_all(info)
    info = life.find_by_id(info.id)
    prepared = preparation.prepare(settings, info)
    letters = {"feedback", "chief", "public", "deliveries", "rectification"}
    assert {job.kind for job in prepared}.isdisjoint(letters)
    assert not prepared.left_out
    assert "甲县工商行政管理局 李一（反馈书）：没有有效票，没有结果可反馈，不写；" in "".join(
        prepared.hints
    )
    with pytest.raises(RefusedError, match="请研究是否重新测评"):
        preparation.prepare(settings, info, kinds=["feedback"])


def test_what_is_not_official_says_so_on_every_page(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    key_all(info)
    for seals, expected in ((False, 2), (True, 0)):
        if seals:
            seal_all(info)
        for job in preparation.prepare(settings, life.find_by_id(info.id), kinds=RESULTS):
            if job.relative_path.suffix != ".docx":
                continue
            with zipfile.ZipFile(io.BytesIO(job.content())) as archive:
                heads = [
                    archive.read(name).decode()
                    for name in archive.namelist()
                    if name.startswith("word/header")
                ]
            # One for the odd pages, one for the even.
            assert len(heads) == expected, job.relative_path
            assert all(UNOFFICIAL in head for head in heads)


def test_rounding_note_only_where_a_row_needs_it(store: Store, settings: Settings) -> None:
    info = make_round(settings, returned=1)
    key_all(info, seed=2)
    tables = results(documents_of(settings, info.id)["summary"])
    needed = [
        sum(round(float(share[:-1]) * 100) for _, share in list(row.grades.values())[:-1]) != 10000
        for rows in tables
        for row in rows
        if "—" not in dict(row.grades.values()).values()
    ]
    assert (ROUNDING in text(documents_of(settings, info.id)["summary"])) == any(needed)


def test_a_unit_without_chief_or_date(store: Store, settings: Settings, audit: Audit) -> None:
    info = make_round(settings, teams=[Team(chief=None)], date="")
    key_all(info)
    found = documents_of(settings, info.id)
    words = text(found["chief"])
    assert "甲县工商行政管理局党组：" in words
    assert "第一责任人" not in words
    assert "根据" in words
    for document in found.values():
        assert audit(document) == []
        assert "年月日" not in text(document)
        assert "None" not in text(document)


def test_hostile_names(store: Store, settings: Settings, audit: Audit, tmp_path: Path) -> None:
    unit = "某" * 53 + "工商行政管理局"
    info = make_round(
        settings,
        teams=[Team(unit, unit, members=["占位"] * len(HOSTILE))],
        rules=RoundRules(denominator=Denominator.PRESENT),
    )
    for level in (Level.MEMBER, Level.INTEGRITY):
        named: list[tuple[int | None, str, str]] = [
            (None, name, "党组成员、副局长") for name in HOSTILE
        ]
        polls.change_subjects(only_poll(info).id, level, named)
    key_all(info)
    seal_all(info)
    jobs = preparation.prepare(settings, info)
    folder = tmp_path / "out"
    written = [job.write(folder) for job in jobs]
    paths = [Path(document.path) for document in written]
    assert len({str(path).casefold() for path in paths}) == len(paths)
    assert {job.kind for job in jobs} >= {key for key, kind in KINDS.items() if not kind.nobody} - {
        "count"
    }
    for job, path in zip(jobs, paths, strict=True):
        assert path.resolve().is_relative_to(folder)
        assert all(len(name.encode()) <= 200 for name in job.relative_path.parts)
        assert not set(str(job.relative_path)) & set(' []<>:"|?*=\x1b\x00')
        assert zipfile.is_zipfile(path) == (path.suffix != ".csv")
        assert path.suffix != ".docx" or audit(path.read_bytes()) == []
    letters = [job for job in jobs if job.kind == "feedback"]
    assert len([job for job in letters if "阿依古丽·买买提" in job.relative_path.name]) == 2
    assert '=HYPERLINK("x")同志：' in text(letters[2].content())
    assert "[/b]同志：" in text(letters[1].content())
    assert "李一同志：" in text(letters[6].content())


def test_archive_entry_has_earlier_rounds_and_no_later(store: Store, settings: Settings) -> None:
    first = make_round(settings, year=2024)
    key_all(first, seed=4)
    seal_all(first)
    unit = only_poll(first).unit_id
    second = make_round(settings, year=2025, units=[unit])
    key_all(second, seed=5)
    third = make_round(settings, year=2026, units=[unit])
    key_all(third, seed=6)
    result = gather(settings, second, only_poll(second))
    person = result.persons()[0]
    cadre_id = person.subject.cadre_id or 0
    earlier = earlier_evaluations({result.poll: [cadre_id]}, second)[result.poll, cadre_id]
    assert [past.round.plan.year for past in earlier] == [2024]
    document = archive_document(result, person, ArchiveFile(None, earlier))
    words = text(document)
    assert "历次测评结果" in words
    assert "2024" in words
    assert "2026年度" not in words
    pair = earlier[0].result(Level.CHIEF)
    assert pair is not None
    assert f"优秀{pair[1].headline.grades[0]}（" in words


def test_objection_and_expectation_are_the_offices(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    documents = replace(settings.documents, expectation="", objection="可在10日内书面提出。")
    own = replace(settings, documents=documents)
    result = gather(own, info, only_poll(info))
    words = text(feedback.document(result, result.persons()[0]))
    assert "对测评结果有异议的，可在10日内书面提出。" in words
    assert settings.documents.expectation not in words


def test_weighted_shares_that_would_tell_stand_unweighted_with_a_note(
    store: Store, settings: Settings
) -> None:
    """All three groups are small: with the weighted shares their votes could be had."""
    groups = {"班子成员": 30, "中层干部": 30, "一般干部职工": 40}
    info = make_round(settings, groups=groups, returned=4, teams=(Team(), Team("乙县局", "乙局")))
    key_all(info)
    seal_all(info)
    first, second = (gather(settings, info, poll) for poll in polls.polls(info.id))
    assert all(level.withheld for level in first.levels.values())
    member = first.persons()[1]
    pair = member.at(Level.MEMBER)
    assert pair is not None
    row = results(feedback.document(first, member))[0][-1]
    place = pair[1].headline
    plain = percent(Fraction(place.grades[0], place.base), 2)
    assert row.grades["优秀"] == (place.grades[0], plain)
    for document in (
        feedback.document(first, member),
        chief.document(first),
        summary.poll_document(first),
        summary.round_document(info, [first, second]),
    ):
        words = text(document)
        assert "加权得票率也不公布；表中得票率未加权。" in words
        assert "得票率按测评人员类别加权" not in words
    for form in ("plain", "github", "csv", "json"):
        for by_group in (False, True):
            said = tally_text(info, [first.poll], form=form, by_group=by_group)
            assert "加权得票率也不公布" in said
    subject = json.loads(tally_text(info, [first.poll], form="json"))["subjects"][0]
    assert subject["weighted"] is False
    assert None not in subject["places"][0]["share"].values()
