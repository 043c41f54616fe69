"""Which documents a round has, in order, and the jobs that write them.

`prepare` reads the database on the calling thread; a job is then a pure function of what was
read, so that another thread may run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from exports.documents.archive_entry import ArchiveFile
from exports.documents.count_record import CountRecord
from exports.parts.results import PollResults, gather
from exports.writing import poll_jobs, round_jobs
from exports.writing.file_names import safe_file_name
from exports.writing.job import KINDS as KINDS  # its readers ask this room for the kinds
from exports.writing.job import Job
from exports.writing.poll_jobs import PollSources
from models.entry import second_entry
from models.refusal import RefusedError, Way
from models.results.archive import earlier_evaluations
from models.roster.cadres import cadres
from models.rounds import polls, stacks
from models.rounds.contents import round_contents
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.sheets import printed_sheets
from models.rounds.subjects import subjects_of_round
from models.settings.office import Settings

# What is written before the vote, and what only a seal allows.
BEFORE_THE_VOTE = ("ballot", "plan")
AFTER_THE_SEAL = ("count", "public", "report", "accountability", "catalogue")


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
    """The jobs for these polls of a round (None: all of them, and the documents of the whole
    round) and these kinds (None: all that there can be now), in the order of the unit tree.
    Polls of which nothing is keyed stand in the round's summary only.

    Raises `RefusedError` if a poll or kind is not known, or none of the kinds can be written yet,
    saying what is missing.
    """
    everyone = polls.polls(round_info.id)
    wanted = None if poll_ids is None else set(poll_ids)
    if wanted is not None and wanted - {poll.id for poll in everyone}:
        raise RefusedError(f"选定的单位有的已不在轮次“{round_info.title}”中，请重新选择。")
    if not everyone:
        raise RefusedError(f"轮次“{round_info.title}”没有参加测评的单位。")
    chosen = {kind_named(kind) for kind in (KINDS if kinds is None else kinds)}
    places = {poll.id: number for number, poll in enumerate(everyone, 1)}
    taken = [poll for poll in everyone if wanted is None or poll.id in wanted]
    gathered = _gathered(settings, round_info, taken) if chosen - {*BEFORE_THE_VOTE} else {}
    root = PurePath(safe_file_name([round_info.title]))
    jobs: list[Job] = []
    if wanted is None:
        sources = round_jobs.RoundSources(
            settings.office,
            settings.documents,
            round_info,
            tuple((poll, names) for poll, names in _named(round_info, everyone)),
            round_contents(round_info, settings),
            settings.void_reasons,
            tuple(gathered.values()),
        )
        jobs += round_jobs.jobs(sources, root, chosen)
    digits = max(2, len(str(len(everyone))))
    for source in _sources(settings, round_info, taken, gathered, chosen):
        number = f"{places[source.poll.id]:0{digits}d}"
        folder = root / safe_file_name([number, source.poll.short])
        jobs += poll_jobs.jobs(source, folder, chosen, alone=wanted is not None)
    if not jobs:
        raise _none_to_write(round_info, gathered.values(), chosen)
    return jobs


def waiting_for(round_info: RoundInfo, poll_ids: Iterable[int] | None = None) -> dict[str, str]:
    """What each kind that cannot be written now waits for, in a few words; kinds that can be
    written are left out. Accountability is asked of the votes, so it may still have nobody."""
    everyone = polls.polls(round_info.id)
    wanted = None if poll_ids is None else set(poll_ids)
    taken = [poll for poll in everyone if wanted is None or poll.id in wanted]
    paper = stacks.stacks_of_round(round_info.id)
    keyed = any(each.balance.entered for poll in taken for each in paper.get(poll.id, []))
    sealed = sum(poll.state is PollState.SEALED for poll in taken)
    found = {}
    for kind in KINDS:
        if kind in ("plan", "catalogue") and wanted is not None:
            found[kind] = "全轮次才有"
        elif kind in BEFORE_THE_VOTE:
            continue
        elif not keyed:
            found[kind] = "录票后"
        elif kind in AFTER_THE_SEAL and not sealed:
            found[kind] = "封存后"
        elif kind == "report" and sealed < len(taken):
            found[kind] = "全部封存后"
    return found


def _gathered(
    settings: Settings, round_info: RoundInfo, taken: Sequence[PollInfo]
) -> dict[int, PollResults]:
    """The results of the polls; none of a draft, and none at all while nothing is keyed."""
    if round_info.state is RoundState.DRAFT:
        return {}
    found = {poll.id: gather(settings, round_info, poll) for poll in taken}
    return found if any(results.keyed for results in found.values()) else {}


def _named(round_info: RoundInfo, everyone: Sequence[PollInfo]) -> round_jobs.Polls:
    names = subjects_of_round(round_info.id)
    return [(poll, names.get(poll.id, {})) for poll in everyone]


def _sources(
    settings: Settings,
    round_info: RoundInfo,
    taken: Sequence[PollInfo],
    gathered: Mapping[int, PollResults],
    chosen: set[str],
) -> Iterable[PollSources]:
    contents = round_contents(round_info, settings)
    keyed = [results for results in gathered.values() if results.keyed]
    files = _archive_files(keyed, round_info) if "archive" in chosen else {}
    for poll in taken:
        results = gathered.get(poll.id)
        sheets = printed_sheets(poll.id, round_info, contents) if "ballot" in chosen else ()
        yield PollSources(
            settings.documents,
            round_info,
            poll,
            sheets,
            settings.void_reasons,
            results if results and results.keyed else None,
            _count_record(settings, results) if results and "count" in chosen else None,
            files,
        )


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
    return {
        cadre_id: ArchiveFile(history, earlier[cadre_id])
        for cadre_id, history in cadres(ids).items()
    }


def _none_to_write(
    round_info: RoundInfo, gathered: Iterable[PollResults], chosen: Iterable[str]
) -> RefusedError:
    """Why none of the chosen kinds can be written, and what to do."""
    keyed = [results for results in gathered if results.keyed]
    if round_info.state is RoundState.DRAFT:
        return RefusedError(f"轮次“{round_info.title}”还在筹备，没有测评结果可写。")
    if not keyed:
        return RefusedError("还没有录入测评票，没有结果可写。请先录票。")
    names = "、".join(name for kind, name in KINDS.items() if kind in set(chosen))
    waiting = [results.poll.short for results in keyed if not results.official]
    if waiting:
        more = f"等{len(waiting)}个单位" if len(waiting) > 3 else ""
        units = "、".join(waiting[:3])
        return RefusedError(f"{names}在封存后才有，{units}{more}还没有封存。", Way.SEAL)
    if set(chosen) == {"accountability"}:
        return RefusedError("没有设信任票标准，或者没有人未达到标准，不需要呈批件。")
    return RefusedError(f"{names}是全轮次的文书。", Way.WHOLE_ROUND)
