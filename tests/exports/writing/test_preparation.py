"""Which documents there are, where they go, and what may be asked for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from exports.documents.kinds import KINDS, kind_named
from exports.writing import preparation
from models.database.store import Store
from models.database.tables import Poll
from models.refusal import RefusedError, Way
from models.results import register
from models.results.register import WrittenDocument
from models.rounds import life, polls
from models.rounds.plan import RoundPlan
from models.rounds.polls import PollState
from models.settings.office import Settings
from tests.exports.conftest import Sample
from tests.exports.small import Team, key_all, make_round, make_team, seal_all

ROUND = "2026年度党风廉政建设责任制民主测评"


def test_layout_of_folders(sample: Sample) -> None:
    paths = [str(job.relative_path) for job in sample.sealed]
    whole = [path for path in paths if path.startswith(f"{ROUND}/00_全部单位/")]
    assert paths[: len(whole)] == whole
    assert [path.rpartition("/")[2] for path in whole] == [
        f"02_实施方案_全部单位_{ROUND}.docx",
        f"04_汇总表_全部单位_{ROUND}.docx",
        f"04_汇总表_全部单位_{ROUND}.xlsx",
        f"04_汇总表_全部单位_{ROUND}.csv",
        f"08_情况报告_全部单位_{ROUND}.docx",
        f"11_归档文件目录_全部单位_{ROUND}.docx",
        f"17_印发通知_全部单位_{ROUND}.docx",
        f"19_销毁清单_全部单位_{ROUND}.docx",
        f"20_结果对比表_全部单位_{ROUND}.docx",
    ]
    baiyin = [path for path in paths if "白银市局/" in path]
    folder = f"{ROUND}/02_白银市局"
    assert baiyin[0].startswith(f"{folder}/01_测评票/白银市局_领导班子落实")
    assert f"{folder}/04_汇总表_白银市局_{ROUND}.docx" in baiyin
    letters = [path for path in baiyin if f"{folder}/05_反馈书/" in path]
    assert letters[0].startswith(f"{folder}/05_反馈书/白银市局_党组书记、局长_")
    assert letters[0].endswith(f"_{ROUND}.docx")
    assert f"{folder}/06_第一责任人反馈书_白银市局_{ROUND}.docx" in baiyin
    assert f"{folder}/07_公开反馈_白银市局_{ROUND}.docx" in baiyin
    archive = f"{folder}/10_廉政档案登记表/"
    assert all(Path(path).name.startswith("白银市局_") for path in baiyin if archive in path)
    assert baiyin[-1] == f"{folder}/18_整改情况报告_白银市局_{ROUND}.docx"
    assert len(paths) == len(set(paths))


def test_kinds_come_in_order(sample: Sample) -> None:
    shown = [job.kind for job in sample.sealed if job.poll_id is not None]
    first = [kind for kind in KINDS if kind in shown]
    assert list(dict.fromkeys(shown)) == first
    whole = [job.kind for job in sample.sealed if job.poll_id is None]
    some = {key for key, kind in KINDS.items() if kind.nobody}
    assert {*first, *whole, "count", *some} == set(KINDS)


def test_before_the_vote_there_are_ballots_and_the_plan(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    assert [job.kind for job in preparation.prepare(settings, info)] == [
        "plan",
        "issue",
        *["ballot"] * 5,
        "script",
    ]
    draft = life.create(RoundPlan("另一轮次", 2026, groups=(("甲", 0),)))
    polls.add_polls(draft, [make_team(Team("丙县工商行政管理局", "丙县局"))])
    jobs = preparation.prepare(settings, life.find_by_id(draft))
    assert {job.kind for job in jobs} == {"plan", "issue", "ballot", "script"}
    assert not any(job.official for job in jobs)


def test_what_only_a_seal_allows_waits_for_it(store: Store, settings: Settings) -> None:
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    key_all(info)
    first, second = polls.polls(info.id)
    for kind in ("count", "public", "report", "accountability", "catalogue"):
        with pytest.raises(RefusedError, match="甲县局、乙县局还没有封存"):
            preparation.prepare(settings, info, None, [kind])
    Poll.update(state=PollState.SEALED).where(Poll.id == first.id).execute()
    given = preparation.prepare(settings, info, None, ["public", "report", "catalogue"])
    assert [(job.kind, job.poll_id) for job in given] == [
        ("catalogue", None),
        ("public", first.id),
    ]
    (report,) = preparation.prepare(settings, info, [first.id], ["report"])
    assert report.poll_id == first.id
    with pytest.raises(RefusedError, match="乙县局还没有封存"):
        preparation.prepare(settings, info, [second.id], ["report"])
    seal_all(info)
    with pytest.raises(RefusedError, match="不需要呈批件"):
        preparation.prepare(settings, info, None, ["accountability"])
    with pytest.raises(RefusedError, match="全轮次的文书"):
        preparation.prepare(settings, info, [first.id], ["catalogue"])


def test_the_unit_that_holds_up_the_report_is_named(store: Store, settings: Settings) -> None:
    info = make_round(settings, teams=[Team()])
    key_all(info)
    (second,) = polls.add_polls(info.id, [make_team(Team("乙县工商行政管理局", "乙县局"))])
    Poll.update(state=PollState.SEALED).where(Poll.id != second).execute()
    with pytest.raises(RefusedError, match="乙县局还没有录票。一张也没有收回的") as refused:
        preparation.prepare(settings, info, None, ["report"])
    assert refused.value.way is Way.SEAL


def test_what_each_kind_waits_for_is_said_beforehand(store: Store, settings: Settings) -> None:
    """Whatever state the round is in: a kind that waits cannot be written, any other can."""
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    first, second = polls.polls(info.id)

    def agrees() -> set[str]:
        for poll_ids in (None, [first.id], [second.id]):
            waiting = preparation.waiting_for(info, poll_ids)
            # Some have nobody to be written for, one needs a real seal.
            for kind in {key for key, kind in KINDS.items() if not kind.nobody} - {"count"}:
                if kind in waiting:
                    with pytest.raises(RefusedError):
                        preparation.prepare(settings, info, poll_ids, [kind])
                else:
                    assert preparation.prepare(settings, info, poll_ids, [kind])
        return set(preparation.waiting_for(info).values())

    assert agrees() == {"录票后"}
    key_all(info)
    assert agrees() == {"封存后"}
    Poll.update(state=PollState.SEALED).where(Poll.id == first.id).execute()
    assert agrees() == {"全部封存后"}
    seal_all(info)
    assert agrees() == set()


def test_written_documents_fit_the_register(
    sample: Sample, tmp_path: Path, store: Store, settings: Settings
) -> None:
    info = make_round(settings)
    key_all(info)
    seal_all(info)
    jobs = preparation.prepare(settings, info)
    written = [job.write(tmp_path) for job in jobs]
    register.record(written)
    official = {document.official for document in register.documents(info.id)}
    assert official == {True, False}
    results = [document for document in register.documents(info.id) if document.official]
    assert {document.kind for document in results} >= {"反馈书", "廉政档案登记表"}
    assert register.addressees_written(info.id, KINDS["feedback"].name) == 3


def test_one_poll_has_no_summary_of_the_round(store: Store, settings: Settings) -> None:
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    with pytest.raises(RefusedError, match="还没有录入测评票"):
        preparation.prepare(settings, info, None, ["summary"])
    key_all(info)
    first, second = polls.polls(info.id)
    one = preparation.prepare(settings, info, [second.id])
    assert {job.poll_id for job in one} == {second.id}
    # The folder's number is the unit's place in the round, whatever is written.
    assert {job.relative_path.parts[1] for job in one} == {"02_乙县局"}
    both = preparation.prepare(settings, info, None, ["summary"])
    assert [job.poll_id for job in both] == [*[None] * 3, *[first.id] * 3, *[second.id] * 3]
    assert [job.kind for job in preparation.prepare(settings, info, [first.id], ["chief"])] == [
        "chief"
    ]


def test_refusals(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    with pytest.raises(RefusedError, match="没有“letter”这种文书"):
        preparation.prepare(settings, info, None, ["letter"])
    with pytest.raises(RefusedError, match="不在轮次"):
        preparation.prepare(settings, info, [999])
    draft = life.create(RoundPlan("另一轮次", 2026, groups=(("甲", 0),)))
    polls.add_polls(draft, [make_team(Team("丙县工商行政管理局", "丙县局"))])
    with pytest.raises(RefusedError, match="筹备"):
        preparation.prepare(settings, life.find_by_id(draft), None, ["feedback"])
    assert kind_named("反馈书") is kind_named("feedback") is KINDS["feedback"]


def test_jobs_need_no_database(sample: Sample, tmp_path: Path) -> None:
    """The sample's store is closed by now; another thread writes all the same."""
    written: list[WrittenDocument] = []
    worker = threading.Thread(
        target=lambda: written.extend(job.write(tmp_path) for job in sample.sealed[:4])
    )
    worker.start()
    worker.join()
    assert [Path(document.path).exists() for document in written] == [True] * 4
