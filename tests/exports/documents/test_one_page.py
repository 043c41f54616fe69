"""Papers made for one page stand on it: as set with either faces, and in an engine that makes
each row higher by its border."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents import accountability, ballot_paper
from exports.writing.job import Job
from models.regulation.levels import Level
from models.regulation.rules import Comparator, TrustRule
from models.settings.office import Settings
from tests.exports.documents.test_ballot_paper import (
    POLL,
    ROUND,
    TEAM,
    YEAR,
    persons,
    sheet_of,
    year_items,
)
from tests.exports.extremes import TELLERS
from tests.exports.gathered import gathered, with_office, with_trust
from tests.exports.rendering import higher, pages

pytestmark = pytest.mark.timeout(300)

ALL = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 1, 1)
LONG = "临夏回族自治州积石山保安族东乡族撒拉族自治县工商行政管理局"


@pytest.fixture(scope="module")
def papers(
    keyed_office: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> dict[str, bytes]:
    """呈批件 of all who missed a rule of all votes, one of two rules under long names, ballots."""
    results = gathered(keyed_office, tmp_path_factory.mktemp("office"), settings)[1]
    integrity = replace(ALL, grades=("好", "中"))
    rules = {Level.CHIEF: ALL, Level.MEMBER: ALL, Level.INTEGRITY: integrity}
    ruled = with_trust(results, rules)
    found = {
        f"due{n}": accountability.document(ruled, person)
        for n, person in enumerate(ruled.persons())
        if accountability.due(ruled, person)
    }
    assert len(found) > 3
    long = with_office(ruled, name=LONG, signature=f"{LONG}党风廉政建设领导小组办公室")
    long = replace(long, poll=replace(long.poll, unit_name=LONG))
    due = next(each for each in long.persons() if accountability.due(long, each))
    found["long"] = accountability.document(long, due)
    items = year_items(*YEAR)
    for name, sheet in {
        "team": sheet_of(settings, Level.TEAM, TEAM),
        "chief": sheet_of(settings, Level.CHIEF, persons(1)),
        "discipline": sheet_of(settings, Level.DISCIPLINE, TEAM),
        "integrity": sheet_of(settings, Level.INTEGRITY, persons(1), items=items),
    }.items():
        made = ballot_paper.document(settings.documents, ROUND, POLL, sheet, settings.void_reasons)
        found[name] = made
    return found


@pytest.mark.parametrize("mapped", [True, False])
def test_a_report_of_the_count_is_signed_on_its_first_page(
    sealed_sample: list[Job], tmp_path: Path, *, mapped: bool
) -> None:
    made = [job.content() for job in sealed_sample if job.kind == "count"]
    assert made
    twins = {f"twin{n}": higher(content) for n, content in enumerate(made)}
    papers = {**{f"{n}": content for n, content in enumerate(made)}, **twins}
    for name, shown in pages(papers, tmp_path, mapped=mapped).items():
        assert "签名" in shown[0], name
        assert shown[0].count("年") >= len(TELLERS), name
        assert "附：计票明细" in shown[1], name


@pytest.mark.parametrize("mapped", [True, False])
def test_it_stands_on_one_page(papers: dict[str, bytes], tmp_path: Path, *, mapped: bool) -> None:
    twins = {f"{name}-twin": higher(content) for name, content in papers.items()}
    for name, shown in pages({**papers, **twins}, tmp_path, mapped=mapped).items():
        assert len(shown) == 1, name
