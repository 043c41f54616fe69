"""A document of a sealed unit rests on the text that was sealed, counted again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exports.parts.results import gather
from exports.writing.preparation import prepare
from models.database.store import Store, open_store
from models.database.tables import database
from models.recount import ceping_recount
from models.refusal import RefusedError, Way
from models.rounds import life, polls
from models.seal import sealing
from models.settings.office import Settings
from tests.exports.extremes import Extremes
from tests.offices import only_poll
from tests.sealing import TELLERS, keyed_round, sealed_round


def change_a_count() -> None:
    """One mark more and one less, as somebody with an editor would."""
    database.execute_sql("UPDATE count SET n = n + 1 WHERE place = 0 AND mark = '1'")


def test_a_sealed_unit_is_what_was_sealed(store: Store, settings: Settings) -> None:
    info, seal = sealed_round(settings, store)
    poll = only_poll(info)
    assert gather(settings, info, poll).disproved == ""
    text = sealing.sealed_text(poll.id)
    assert ceping_recount.recount(text).digest == seal.digest
    jobs = prepare(settings, info)
    assert jobs.left_out == ()


def test_a_changed_count_is_named_and_not_written(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    change_a_count()
    assert gather(settings, info, only_poll(info)).disproved == "得票与封存内容不符"
    with pytest.raises(RefusedError, match="得票与封存内容不符") as refused:
        prepare(settings, info, kinds=["feedback", "summary"])
    assert refused.value.way is Way.RECOUNT
    jobs = prepare(settings, info)
    assert {job.kind for job in jobs} == {"ballot", "plan", "issue", "script"}
    assert jobs.left_out == (f"{only_poll(info).unit_name}：得票与封存内容不符",)


def test_a_changed_text_is_named(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    database.execute_sql("UPDATE seal SET digest = substr(digest, 2) || '0'")
    assert gather(settings, info, only_poll(info)).disproved == "封存内容与摘要不符"
    database.execute_sql("UPDATE seal SET canonical = x'00'")
    assert gather(settings, info, only_poll(info)).disproved == "封存内容读不出"


def test_every_form_of_ballot_is_counted_alike(extremes: Extremes) -> None:
    """The tally and the recount share no code, and agree for every form that a ballot can take."""
    for jobs in extremes.jobs.values():
        assert jobs.left_out == ()  # type: ignore[attr-defined]


def test_the_recount_runs_with_nothing_installed(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    info = keyed_round(settings)
    poll = only_poll(info)
    seal = sealing.seal(poll.id, TELLERS, store)
    file = tmp_path / "封存.txt"
    file.write_bytes(sealing.sealed_text(poll.id))
    alone = tmp_path / "ceping_recount.py"
    alone.write_bytes(Path(ceping_recount.__file__).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", alone, file], capture_output=True, text=True, check=True
    )
    assert f"摘要 {seal.digest}\n" in done.stdout
    assert poll.unit_name in done.stdout
    for group in life.find_by_id(info.id).groups:
        assert group.name not in done.stdout
    for level in gather(settings, info, polls.find_by_id(poll.id)).levels.values():
        line = f"收回 {level.subjects[0].paper.returned}  有效 {level.subjects[0].valid}"
        assert line in done.stdout
    changed = file.read_text(encoding="utf-8").replace('["ceping",2]', '["ceping",9]')
    for text in ("", "not json\n", changed, json.dumps(["ceping", 1]) + "\n"):
        file.write_text(text, encoding="utf-8")
        again = subprocess.run(
            [sys.executable, alone, file], capture_output=True, text=True, check=False
        )
        assert again.returncode == 1
        assert "没有重数" in again.stderr
        assert "Traceback" not in again.stderr


def test_what_quotes_a_changed_poll_is_not_written(extremes: Extremes, tmp_path: Path) -> None:
    """The entry of the archive quotes the year before; the other documents do not."""
    store = open_store(Path(shutil.copy(extremes.path, tmp_path / "ceping.db")))
    try:
        info = life.find_by_id(extremes.rounds["全部"].id)
        before = prepare(extremes.settings, info, kinds=["archive", "feedback"])
        database.execute_sql(
            "UPDATE count SET n = n + 1 WHERE place = 0 AND mark = '1' AND sheet_id IN "
            "(SELECT s.id FROM sheet s JOIN poll p ON p.id = s.poll_id "
            "JOIN round r ON r.id = p.round_id WHERE r.year < ?)",
            (info.plan.year,),
        )
        after = prepare(extremes.settings, info, kinds=["archive", "feedback"])
    finally:
        store.close()
    written = {job.relative_path for job in after}
    quoting = [job for job in before if job.relative_path not in written]
    assert quoting
    assert len(after.left_out) == len(quoting)
    assert all("引用的" in why and "得票与封存内容不符" in why for why in after.left_out)
    assert sum(job.kind == "feedback" for job in after) == sum(
        job.kind == "feedback" for job in before
    )
