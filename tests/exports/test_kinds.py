"""Which documents there are, where they go, and what may be asked for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from exports import kinds
from models import polls, register, rounds
from models.refusal import RefusedError
from models.register import WrittenDocument
from models.round_plan import RoundPlan
from models.settings import Settings
from models.store import Store
from tests.exports.conftest import Sample
from tests.exports.small import Team, key_all, make_round, make_team, seal_all

ROUND = "2026年度党风廉政建设责任制民主测评"


def test_layout_of_folders(sample: Sample) -> None:
    paths = [str(job.relative_path) for job in sample.sealed]
    assert paths[0] == f"{ROUND}/00_全部单位_汇总表_{ROUND}.docx"
    baiyin = [path for path in paths if "白银市局/" in path]
    folder = f"{ROUND}/02_白银市局"
    assert baiyin[0] == f"{folder}/01_汇总表_白银市局_{ROUND}.docx"
    assert baiyin[1].startswith(f"{folder}/02_反馈书/白银市局_党组书记、局长_")
    assert baiyin[1].endswith(f"_{ROUND}.docx")
    assert f"{folder}/03_第一责任人反馈书_白银市局_{ROUND}.docx" in baiyin
    assert baiyin[-1].startswith(f"{folder}/04_廉政档案登记表/白银市局_")
    assert len(paths) == len(set(paths)) == 39


def test_kinds_come_in_order(sample: Sample) -> None:
    shown = [job.kind for job in sample.sealed if job.poll_id == sample.sealed[1].poll_id]
    assert ["count", *dict.fromkeys(shown)] == list(kinds.KINDS)


def test_written_documents_fit_the_register(
    sample: Sample, tmp_path: Path, store: Store, settings: Settings
) -> None:
    info = make_round(settings)
    key_all(info)
    seal_all(info)
    jobs = kinds.prepare(settings, info)
    written = [job.write(tmp_path) for job in jobs]
    register.record(written)
    assert {document.official for document in register.documents(info.id)} == {True}
    assert register.addressees_written(info.id, kinds.KINDS["feedback"]) == 3


def test_one_poll_has_no_summary_of_the_round(store: Store, settings: Settings) -> None:
    info = make_round(settings, teams=[Team(), Team("乙县工商行政管理局", "乙县局")])
    with pytest.raises(RefusedError, match="还没有录入测评票"):
        kinds.prepare(settings, info)
    key_all(info)
    first, second = polls.polls(info.id)
    one = kinds.prepare(settings, info, [second.id])
    assert {job.poll_id for job in one} == {second.id}
    # The folder's number is the unit's place in the round, whatever is written.
    assert {job.relative_path.parts[1] for job in one} == {"02_乙县局"}
    both = kinds.prepare(settings, info, None, ["summary"])
    assert [job.poll_id for job in both] == [None, first.id, second.id]
    assert [job.kind for job in kinds.prepare(settings, info, [first.id], ["chief"])] == ["chief"]


def test_refusals(store: Store, settings: Settings) -> None:
    info = make_round(settings)
    with pytest.raises(RefusedError, match="没有“letter”这种文书"):
        kinds.prepare(settings, info, None, ["letter"])
    with pytest.raises(RefusedError, match="不在轮次"):
        kinds.prepare(settings, info, [999])
    draft = rounds.create(RoundPlan("另一轮次", 2026, groups=(("甲", 0),)))
    polls.add_polls(draft, [make_team(Team("丙县工商行政管理局", "丙县局"))])
    with pytest.raises(RefusedError, match="筹备"):
        kinds.prepare(settings, rounds.find_by_id(draft))
    assert kinds.kind_named("反馈书") == kinds.kind_named("feedback") == "feedback"


def test_jobs_need_no_database(sample: Sample, tmp_path: Path) -> None:
    """The sample's store is closed by now; another thread writes all the same."""
    written: list[WrittenDocument] = []
    worker = threading.Thread(
        target=lambda: written.extend(job.write(tmp_path) for job in sample.sealed[:4])
    )
    worker.start()
    worker.join()
    assert [Path(document.path).exists() for document in written] == [True] * 4
