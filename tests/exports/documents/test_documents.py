"""The four documents of the sample office, read back from the files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from exports.documents.kinds import KINDS
from exports.parts.wording import OVERALL_NAME, UNOFFICIAL
from tests.exports.conftest import Sample
from tests.exports.reading import ResultRow, part, results, text

LEVELS = ("领导班子", "正职", "班子成员", "纪检监察机关", "个人廉洁自律")
SHORT = {
    "白银市工商行政管理局": "白银市局",
    "天水市工商行政管理局": "天水市局",
    "城关区工商行政管理局": "城关区局",
}

# Every subject's counts and shares, with how they were counted.
LETTERS = ("summary", "feedback", "chief", "archive")
# Every kind that can be had of the sample; the signed report is there only behind a real seal.
DOCUMENTS = [key for key, kind in KINDS.items() if key != "count" and not kind.nobody]


def check_row(row: ResultRow, place: dict[str, Any], valid: int) -> None:
    """One line against the expected counts; shares are of valid ballots, as the round says."""
    shown = {name: votes for name, (votes, _) in row.grades.items() if not name.endswith("合计")}
    assert shown == place["grades"]
    assert (row.blank, row.overvote) == (place["blank"], place["overvote"])
    for votes, share in row.grades.values():
        exact = Decimal(votes * 100) / Decimal(valid)
        assert share == f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"
    together = [pair for name, pair in row.grades.items() if name.endswith("合计")]
    assert [votes for votes, _ in together] == [sum(list(place["grades"].values())[:2])]


def check_subject(rows: list[ResultRow], subject: dict[str, Any], valid: int) -> None:
    assert len(rows) == len(subject["places"])
    for row, place in zip(rows, subject["places"], strict=True):
        name = row.leads["测评内容"]
        if place["item"] == "overall":
            assert name == OVERALL_NAME
        else:
            assert re.match(rf"{place['item']}\.|第{place['item']}项", name)
        check_row(row, place, valid)


@pytest.mark.parametrize("unit", SHORT)
def test_summary_has_the_counts_that_are_expected(
    sample: Sample, expected: dict[str, Any], unit: str
) -> None:
    (job,) = sample.of("summary", f"{SHORT[unit]}/")
    document = job.content()
    tables = results(document)
    assert len(tables) == len(LEVELS)
    for name, rows in zip(LEVELS, tables, strict=True):
        level = expected[unit][name]
        assert f"有效{level['valid']}张，无效{level['void']}张" in text(document)
        at = 0
        for subject in level["subjects"]:
            mine = rows[at : at + len(subject["places"])]
            if "姓名" in mine[0].leads:
                shown = {row.leads["姓名"].replace("\u3000", "") for row in mine}
                assert shown == {subject["name"]}
            check_subject(mine, subject, level["valid"])
            at += len(mine)
        assert at == len(rows)


@pytest.mark.parametrize("unit", SHORT)
def test_letter_to_the_chief_has_the_counts_of_all_in_team_order(
    sample: Sample, expected: dict[str, Any], unit: str
) -> None:
    (job,) = sample.of("chief", f"{SHORT[unit]}/")
    document = job.content()
    for name, rows in zip(LEVELS, results(document), strict=True):
        level = expected[unit][name]
        places = [(s, p) for s in level["subjects"] for p in s["places"]]
        assert len(rows) == len(places)
        for row, (_, place) in zip(rows, places, strict=True):
            check_row(row, place, level["valid"])
    words = text(document)
    order = [s["name"] for s in expected[unit]["班子成员"]["subjects"]]
    bands = [words.replace("\u3000", "").index(f"\n{name}党组") for name in order]
    assert bands == sorted(bands)
    assert "“第一责任人”" in words
    assert "名次" not in words
    assert "排名" not in words


@pytest.mark.parametrize("kind", ["feedback", "archive"])
def test_each_person_has_own_counts_and_nobody_elses(
    sample: Sample, expected: dict[str, Any], kind: str
) -> None:
    for unit, short in SHORT.items():
        people = [s["name"] for s in expected[unit]["个人廉洁自律"]["subjects"]]
        jobs = sample.of(kind, f"{short}/")
        assert [job.addressee for job in jobs] == people
        for job in jobs:
            document = job.content()
            tables = results(document)
            found = [
                (level, subject)
                for name in ("正职", "班子成员", "个人廉洁自律")
                for level in [expected[unit][name]]
                for subject in level["subjects"]
                if subject["name"] == job.addressee
            ]
            assert len(tables) == len(found) == 2
            for rows, (level, subject) in zip(tables, found, strict=True):
                check_subject(rows, subject, level["valid"])
            words = text(document).replace("\u3000", "")
            for other in set(people) - {job.addressee}:
                assert other not in words


def test_letters_break_nothing_down_by_voter_group(sample: Sample) -> None:
    for job in (*sample.of("feedback"), *sample.of("chief"), *sample.of("archive")):
        # Named once among those who voted, or not at all.
        assert text(job.content()).count("服务对象代表") <= 1


def test_summary_of_the_round_has_every_overall_line(
    sample: Sample, expected: dict[str, Any]
) -> None:
    (job,) = [job for job in sample.of("summary") if job.poll_id is None]
    tables = results(job.content())
    for name, rows in zip(LEVELS, tables, strict=True):
        units = list(dict.fromkeys(row.leads["单位"] for row in rows))
        assert set(units) == set(SHORT)
        subjects = [
            (expected[unit][name], subject)
            for unit in units
            for subject in expected[unit][name]["subjects"]
        ]
        assert len(rows) == len(subjects)
        for number, (row, (level, subject)) in enumerate(zip(rows, subjects, strict=True), 1):
            assert row.leads["序号"] == str(number)
            assert row.leads["有效"] == str(level["valid"])
            assert row.leads["无效"] == str(level["void"])
            check_row(row, subject["places"][-1], level["valid"])


def test_marked_until_sealed(sample: Sample) -> None:
    unsealed = {job.kind for job in sample.draft}
    assert unsealed == {"ballot", "plan", "issue", "script", *LETTERS}
    for job in sample.draft:
        assert not job.official
        if job.kind in LETTERS and job.relative_path.suffix == ".docx":
            assert f"（{UNOFFICIAL}）" in text(job.content()).split("\n")[:5]
    for kind in LETTERS:
        for job in sample.of(kind):
            assert job.official
            assert UNOFFICIAL not in text(job.content())


def test_every_document_is_valid(sample: Sample, audit: Callable[[bytes], list[str]]) -> None:
    for kind in DOCUMENTS:
        for job in (*sample.of(kind)[:2], *(j for j in sample.draft if j.kind == kind))[:3]:
            assert audit(job.content()) == [], job.relative_path


def test_same_data_same_bytes(sample: Sample, tmp_path: Path) -> None:
    for job in sample.sealed[:6]:
        first = job.write(tmp_path / "a")
        second = job.write(tmp_path / "b")
        assert first.sha256 == second.sha256
        written = (tmp_path / "a" / job.relative_path).read_bytes()
        assert hashlib.sha256(written).hexdigest() == first.sha256
        assert written == (tmp_path / "b" / job.relative_path).read_bytes()


def test_notes_say_how_it_was_counted(sample: Sample) -> None:
    for kind in LETTERS:
        words = text(sample.of(kind)[0].content())
        assert "注：得票率=该等次票数÷有效票数（含弃权和多选），保留两位小数。" in words
        assert "信任票标准：优秀、称职票合计达到有效票数的2/3。" in words


def test_what_people_decide_is_not_printed(sample: Sample) -> None:
    for job in [job for kind in DOCUMENTS for job in sample.of(kind)]:
        words = text(job.content())
        for word in ("评定等次", "给予", "诫勉", "追究", "得分", "排名", "当选", "候选"):
            assert word not in words.replace("责任追究", "")
    for job in sample.of("archive")[:3]:
        words = text(job.content())
        assert "研究确定\n的等次\n\n" in words
        assert "处理情况\n\n" in words


def test_dates_and_punctuation_are_official(sample: Sample) -> None:
    for kind in LETTERS:
        words = text(sample.of(kind, "白银市局/")[0].content())
        assert "2026年11月5日" in words
        assert not re.search(r"\d-\d", words.replace("LZ62-", ""))
        assert not re.search(r"[\u4e00-\u9fff][,;:()]|[,;:()][\u4e00-\u9fff]", words)


def test_every_run_names_its_face(sample: Sample) -> None:
    for kind in LETTERS:
        xml = part(sample.of(kind)[0].content())
        runs = xml.count("<w:r>")
        faces = re.findall(
            r'<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="([^"]+)" w:hAnsi="\1" '
            r'w:eastAsia="\1" w:cs="\1"/>',
            xml,
        )
        assert runs == len(faces) > 20
        assert set(faces) <= {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"}
