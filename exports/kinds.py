"""Which documents a poll has, in order, and the jobs that write them.

`prepare` reads the database on the calling thread; a job is then a pure function of what was
read, so that another thread may run it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePath

from exports import archive_entry, chief, count_record, feedback, summary
from exports.archive_entry import ArchiveFile
from exports.count_record import CountRecord
from exports.file_names import TakenNames, safe_file_name
from exports.job import Job
from exports.results import PersonResult, PollResults, gather
from models import polls, second_entry, stacks
from models.archive import earlier_evaluations
from models.refusal import RefusedError
from models.roster import cadre
from models.round_plan import RoundInfo, RoundState
from models.settings import Settings

KINDS: Mapping[str, str] = {
    "count": "计票结果报告单",
    "summary": "汇总表",
    "feedback": "反馈书",
    "chief": "第一责任人反馈书",
    "archive": "廉政档案登记表",
}
_SUFFIX = ".docx"


def kind_named(text: str) -> str:
    """The kind with this English or Chinese name. Raises `RefusedError`, naming what there is."""
    for kind, name in KINDS.items():
        if text in (kind, name):
            return kind
    known = "、".join(f"{kind}（{name}）" for kind, name in KINDS.items())
    raise RefusedError(f"没有“{text}”这种文书。现有：{known}。")


def prepare(
    settings: Settings,
    round_info: RoundInfo,
    poll_ids: Iterable[int] | None = None,
    kinds: Iterable[str] | None = None,
) -> list[Job]:
    """The jobs for these polls of a round (None: all of them, and the whole round's summary)
    and these kinds (None: all), in the order of the unit tree. Polls of which nothing is keyed
    stand in the round's summary only; the signed report is there once a poll is sealed.

    Raises `RefusedError` if the round is a draft, has no polls, nothing is keyed, or a poll or
    kind is not known.
    """
    if round_info.state is RoundState.DRAFT:
        raise RefusedError(f"轮次“{round_info.title}”还在筹备，没有测评结果可写。")
    everyone = polls.polls(round_info.id)
    wanted = None if poll_ids is None else set(poll_ids)
    if wanted is not None and wanted - {poll.id for poll in everyone}:
        raise RefusedError(f"选定的单位有的已不在轮次“{round_info.title}”中，请重新选择。")
    chosen = {kind_named(kind) for kind in (KINDS if kinds is None else kinds)}
    gathered = {
        number: gather(settings, round_info, poll)
        for number, poll in enumerate(everyone, 1)
        if wanted is None or poll.id in wanted
    }
    if not gathered:
        raise RefusedError(f"轮次“{round_info.title}”没有参加测评的单位。")
    keyed = {number: results for number, results in gathered.items() if results.keyed}
    if not keyed:
        raise RefusedError("还没有录入测评票，没有结果可写。请先录票。")
    files = _archive_files(keyed.values(), round_info) if "archive" in chosen else {}
    root = PurePath(safe_file_name([round_info.title]))
    jobs = []
    if "summary" in chosen and len(gathered) == len(everyone) and wanted is None:
        jobs.append(_round_job(round_info, list(gathered.values()), root))
    digits = max(2, len(str(len(everyone))))
    for number, results in keyed.items():
        folder = root / safe_file_name([f"{number:0{digits}d}", results.poll.short])
        record = _count_record(settings, results) if "count" in chosen else None
        jobs += _poll_jobs(results, folder, chosen, files, record)
    if not jobs:
        raise RefusedError("计票结果报告单在封存后才有。请先在平衡封存（F6）里封存。")
    return jobs


def _count_record(settings: Settings, results: PollResults) -> CountRecord | None:
    """What the signed report of a poll is made from; None unless a seal is in force."""
    if not results.seals or not results.seals[-1].in_force:
        return None
    poll_id = results.poll.id
    return CountRecord(
        tuple(stacks.stacks(poll_id)),
        stacks.voids(poll_id),
        settings.void_reasons,
        second_entry.of_poll(poll_id),
        results.seals,
    )


def _round_job(round_info: RoundInfo, gathered: Sequence[PollResults], root: PurePath) -> Job:
    return Job(
        "summary",
        KINDS["summary"],
        round_info.id,
        None,
        round_info.title,
        root / safe_file_name(["00", "全部单位", KINDS["summary"], round_info.title], _SUFFIX),
        all(results.official for results in gathered),
        partial(summary.round_document, round_info, gathered),
    )


def _poll_jobs(
    results: PollResults,
    folder: PurePath,
    chosen: set[str],
    files: Mapping[int, ArchiveFile],
    record: CountRecord | None,
) -> list[Job]:
    poll, title = results.poll, results.round.title
    persons = results.persons()
    order = {kind: number for number, kind in enumerate(KINDS)}

    def job(kind: str, addressee: str, path: PurePath, content: Callable[[], bytes]) -> Job:
        return Job(
            kind,
            KINDS[kind],
            results.round.id,
            poll.id,
            addressee,
            folder / path,
            results.official,
            content,
        )

    def of_unit(kind: str) -> PurePath:
        parts = [f"{order[kind]:02d}", KINDS[kind], poll.short, title]
        return PurePath(safe_file_name(parts, _SUFFIX))

    def of_persons(kind: str) -> list[tuple[PersonResult, PurePath]]:
        inner = PurePath(f"{order[kind]:02d}_{KINDS[kind]}")
        taken = TakenNames()
        return [
            (
                person,
                inner
                / taken.free(
                    [poll.short, person.subject.post, person.subject.name, title], _SUFFIX
                ),
            )
            for person in persons
        ]

    jobs = []
    if record is not None:
        content = partial(count_record.document, results, record)
        jobs.append(job("count", poll.unit_name, of_unit("count"), content))
    if "summary" in chosen:
        jobs.append(
            job(
                "summary",
                poll.unit_name,
                of_unit("summary"),
                partial(summary.poll_document, results),
            )
        )
    if "feedback" in chosen:
        jobs += [
            job("feedback", person.subject.name, path, partial(feedback.document, results, person))
            for person, path in of_persons("feedback")
        ]
    if "chief" in chosen:
        addressee = results.chief.name if results.chief else f"{poll.unit_name}党组"
        jobs.append(job("chief", addressee, of_unit("chief"), partial(chief.document, results)))
    if "archive" in chosen:
        jobs += [
            job(
                "archive",
                person.subject.name,
                path,
                partial(
                    archive_entry.document,
                    results,
                    person,
                    files.get(person.subject.cadre_id or 0, ArchiveFile(None, ())),
                ),
            )
            for person, path in of_persons("archive")
        ]
    return jobs


def _archive_files(
    gathered: Iterable[PollResults], round_info: RoundInfo
) -> dict[int, ArchiveFile]:
    ids = {
        person.subject.cadre_id
        for results in gathered
        for person in results.persons()
        if person.subject.cadre_id
    }
    earlier = earlier_evaluations(ids, round_info)
    return {cadre_id: ArchiveFile(cadre(cadre_id), earlier[cadre_id]) for cadre_id in ids}
