"""Prepare jobs for all documents of a round that can be written now.

`prepare` reads the database on the calling thread. A job depends only on what was read, so
another thread can run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import overload

from exports.documents import own_templates
from exports.documents.kind import Kind, Scope, Waits
from exports.documents.kinds import KINDS, kind_named, numbered
from exports.documents.writer import Document, Sources, writer_of
from exports.parts.results import PollResults, gather
from exports.writing.file_names import TakenNames, safe_file_name
from exports.writing.job import Job
from models.refusal import RefusedError, Way
from models.results.lapse import Basis
from models.rounds import polls, stacks
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollInfo, PollState
from models.settings.office import Settings

_EVERYONE = "全部单位"


@dataclass(frozen=True)
class Prepared(Sequence[Job]):
    """The jobs of one run."""

    jobs: Sequence[Job]
    """The documents to write."""
    left_out: tuple[str, ...]
    """Units that have no document of results, each with the reason: their counts are not those
    of their seal."""
    hints: tuple[str, ...] = ()
    """What to do where a document would say nothing and so is none of the jobs."""

    def __len__(self) -> int:
        return len(self.jobs)

    @overload
    def __getitem__(self, at: int) -> Job: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Job]: ...
    def __getitem__(self, at: int | slice) -> Job | Sequence[Job]:
        return self.jobs[at]


def prepare(
    settings: Settings,
    round_info: RoundInfo,
    poll_ids: Iterable[int] | None = None,
    kinds: Iterable[str] | None = None,
) -> Prepared:
    """The jobs for these polls of a round (None: all of them, and the documents of the whole
    round) and these kinds (None: all that there can be now), in the order of the unit tree.
    Polls of which nothing is keyed stand in the round's summary only, but if they are sealed.

    A sealed poll is counted again from its sealed text. One that differs is left out, and so are
    the results of the whole round.

    Raises `RefusedError` if a poll or kind is not known, or none of the kinds can be written yet,
    saying what is missing.
    """
    everyone = tuple(polls.polls(round_info.id))
    wanted = None if poll_ids is None else set(poll_ids)
    if wanted is not None and wanted - {poll.id for poll in everyone}:
        raise RefusedError(f"选定的单位有的已不在轮次“{round_info.title}”中，请重新选择。")
    if not everyone:
        raise RefusedError(f"轮次“{round_info.title}”没有参加测评的单位。")
    named = {kind_named(name).key for name in (KINDS if kinds is None else kinds)}
    chosen = [kind for kind in KINDS.values() if kind.key in named]
    taken = [poll for poll in everyone if wanted is None or poll.id in wanted]
    waiting = any(kind.waits is not Waits.NOTHING for kind in chosen)
    results = _results(settings, round_info, taken) if waiting else {}
    left_out = tuple(
        f"{each.poll.unit_name}：{each.disproved}" for each in results.values() if each.disproved
    )
    sources = Sources(settings, round_info, everyone, _proved(results))
    of_round = replace(sources, results={}) if left_out else sources
    jobs = list(_of_round(of_round, chosen)) if wanted is None else []
    jobs += _of_polls(sources, chosen, taken, alone=wanted is not None)
    names = {poll.id: poll.unit_name for poll in everyone}
    left_out += tuple(
        f"{names[job.poll_id or 0]} {job.addressee}：{job.withheld}" for job in jobs if job.withheld
    )
    hints = tuple(
        f"{names[job.poll_id or 0]} {job.addressee}（{job.kind_name}）：{job.instead}"
        for job in jobs
        if job.instead
    )
    jobs = [job for job in jobs if not job.withheld and not job.instead]
    if not jobs and left_out:
        raise RefusedError("没有写文书：\n" + "\n".join(left_out), Way.RECOUNT)
    if not jobs and hints:
        raise RefusedError("没有写文书：\n" + "\n".join(hints))
    if not jobs:
        raise _none_to_write(sources, chosen)
    return Prepared(tuple(jobs), left_out, hints)


def _proved(results: Mapping[int, PollResults]) -> dict[int, PollResults]:
    return {poll: each for poll, each in results.items() if not each.disproved}


def given(
    settings: Settings, round_info: RoundInfo, poll_ids: Iterable[int]
) -> tuple[frozenset[tuple[int, str, str]], frozenset[int]]:
    """Return the documents that today's results of these polls give, as poll, kind and file name,
    and the polls of which that cannot be said, because their counts are not those of their seal."""
    wanted = set(poll_ids)
    everyone = tuple(polls.polls(round_info.id))
    taken = [poll for poll in everyone if poll.id in wanted]
    results = _results(settings, round_info, taken)
    sources = Sources(settings, round_info, everyone, _proved(results))
    jobs = _of_polls(sources, list(KINDS.values()), taken, alone=True)
    found = frozenset((job.poll_id or 0, job.kind_name, job.relative_path.name) for job in jobs)
    return found, frozenset(results.keys() - sources.results.keys())


def waiting_for(round_info: RoundInfo, poll_ids: Iterable[int] | None = None) -> dict[str, str]:
    """Say what each kind that cannot be written yet is waiting for, in Chinese, by key.

    Kinds that can be written are left out. The accountability form may still have nobody to be
    written for, which depends on the votes.
    """
    everyone = polls.polls(round_info.id)
    wanted = None if poll_ids is None else set(poll_ids)
    taken = [poll for poll in everyone if wanted is None or poll.id in wanted]
    paper = stacks.stacks_of_round(round_info.id)
    sealed = sum(poll.state is PollState.SEALED for poll in taken)
    keyed = sealed or any(each.balance.entered for poll in taken for each in paper.get(poll.id, []))
    found = {}
    for kind in KINDS.values():
        if kind.scopes == (Scope.ROUND,) and wanted is not None:
            found[kind.key] = "全轮次才有"
        elif kind.waits is Waits.NOTHING:
            continue
        elif not keyed:
            found[kind.key] = "录票后"
        elif kind.waits is not Waits.BALLOTS and not sealed:
            found[kind.key] = "封存后"
        elif kind.waits is Waits.ALL_SEALS and sealed < len(taken):
            found[kind.key] = "全部封存后"
    return found


def _results(
    settings: Settings, round_info: RoundInfo, taken: Sequence[PollInfo]
) -> dict[int, PollResults]:
    """The results by poll id; empty for a draft round and while there is nothing to report."""
    if round_info.state is RoundState.DRAFT:
        return {}
    found = {poll.id: gather(settings, round_info, poll) for poll in taken}
    return found if any(results.reportable for results in found.values()) else {}


def _of_round(sources: Sources, chosen: Sequence[Kind]) -> Iterator[Job]:
    """The documents of the whole round, in a folder that sorts before those of the units."""
    info = sources.round
    folder = _root(info) / safe_file_name(["00", _EVERYONE])
    for kind in chosen:
        write = writer_of(kind).of_round if Scope.ROUND in kind.scopes else None
        if write is None or not _round_has(sources, kind.waits):
            continue
        for document in write(_of_the_office(sources)):
            name = safe_file_name([numbered(kind), _EVERYONE, info.title], document.suffix)
            official = sources.official and kind.waits is not Waits.NOTHING
            basis = _basis(kind, sources.results.values(), document)
            yield _job(sources, kind, None, document, folder / name, basis, official=official)


def _of_the_office(sources: Sources) -> Sources:
    """The sources of what is about all units, which is the office's whoever organized each poll."""
    office = sources.settings.office
    results = {poll: replace(each, office=office) for poll, each in sources.results.items()}
    return replace(sources, results=results)


def _of_polls(
    sources: Sources, chosen: Sequence[Kind], taken: Sequence[PollInfo], *, alone: bool
) -> Iterator[Job]:
    """The documents of the polls, poll by poll, each in the folder of its unit.

    With `alone`, the units are written without the round, so each has its own report.
    """
    scopes = {Scope.PERSON, Scope.UNIT, *([Scope.UNIT_ALONE] if alone else [])}
    found: dict[int, list[Job]] = {poll.id: [] for poll in taken}
    folders = _folders(sources, taken)
    for kind in chosen:
        write = writer_of(kind).of_polls if scopes & set(kind.scopes) else None
        if write is None:
            continue
        ready = [poll for poll in taken if _poll_has(sources, poll, kind.waits)]
        names = {poll.id: TakenNames() for poll in ready}
        for poll, document in write(sources, ready):
            path = _path(kind, sources.round, poll, document, names[poll.id])
            official = kind.waits is not Waits.NOTHING and sources.results[poll.id].official
            own = [sources.results[poll.id]] if poll.id in sources.results else []
            basis, path = _basis(kind, own, document), folders[poll.id] / path
            job = _job(sources, kind, poll.id, document, path, basis, official=official)
            found[poll.id].append(job)
    for jobs in found.values():
        yield from jobs


def _round_has(sources: Sources, waits: Waits) -> bool:
    """Whether the round meets the requirement of its documents."""
    return {
        Waits.NOTHING: True,
        Waits.BALLOTS: bool(sources.results),
        Waits.SEAL: any(each.official for each in sources.results.values()),
        Waits.ALL_SEALS: sources.official,
    }[waits]


def _poll_has(sources: Sources, poll: PollInfo, waits: Waits) -> bool:
    """Whether a poll meets the requirement of its documents."""
    if waits is Waits.NOTHING:
        return True
    results = sources.results.get(poll.id)
    return bool(results and results.reportable and (waits is Waits.BALLOTS or results.official))


def _root(round_info: RoundInfo) -> PurePath:
    return PurePath(safe_file_name([round_info.title]))


def _folders(sources: Sources, taken: Sequence[PollInfo]) -> dict[int, PurePath]:
    """The folder of each poll by id, numbered by the poll's order in the round."""
    digits = max(2, len(str(len(sources.everyone))))
    places = {poll.id: f"{number:0{digits}d}" for number, poll in enumerate(sources.everyone, 1)}
    root = _root(sources.round)
    return {poll.id: root / safe_file_name([places[poll.id], poll.short]) for poll in taken}


def _path(
    kind: Kind, round_info: RoundInfo, poll: PollInfo, document: Document, taken: TakenNames
) -> PurePath:
    """The path of a document of a poll; kinds with several documents get a subfolder."""
    if not document.names:
        parts = [numbered(kind), poll.short, round_info.title]
        return PurePath(safe_file_name(parts, document.suffix))
    parts = [poll.short, *document.names, round_info.title]
    return PurePath(numbered(kind)) / taken.free(parts, document.suffix)


def _basis(kind: Kind, results: Iterable[PollResults], document: Document) -> Basis:
    """What a document rests on: the polls whose results it gives, and those that it quotes."""
    if kind.waits is Waits.NOTHING:
        return ()
    own = {each.poll.id: each.seal_version for each in results}
    return tuple(sorted((own | dict(document.quotes)).items()))


def _job(
    sources: Sources,
    kind: Kind,
    poll_id: int | None,
    document: Document,
    path: PurePath,
    basis: Basis,
    *,
    official: bool,
) -> Job:
    return Job(
        kind.key,
        kind.name,
        sources.round.id,
        poll_id,
        document.addressee,
        path,
        official,
        document.content,
        basis,
        document.withheld,
        document.instead,
        partial(own_templates.content_of, sources.settings.documents, kind)
        if kind.template
        else None,
    )


def _none_to_write(sources: Sources, chosen: Sequence[Kind]) -> RefusedError:
    """The error that says why none of the chosen kinds can be written, and what to do."""
    if all(kind.waits is Waits.NOTHING and kind.nobody for kind in chosen):
        return RefusedError(chosen[0].nobody)
    keyed = [results for results in sources.results.values() if results.reportable]
    if sources.round.state is RoundState.DRAFT:
        return RefusedError(f"轮次“{sources.round.title}”还在筹备，没有测评结果可写。")
    if not keyed:
        return RefusedError("还没有录入测评票，没有结果可写。请先录票。")
    names = "、".join(kind.name for kind in chosen)
    waiting = [results.poll.short for results in keyed if not results.official]
    if waiting:
        return RefusedError(f"{names}在封存后才有，{_named(waiting)}还没有封存。", Way.SEAL)
    idle = [each.poll.short for each in sources.results.values() if not each.reportable]
    if idle and any(kind.waits is Waits.ALL_SEALS for kind in chosen):
        return RefusedError(
            f"{names}在全部单位封存后才有，{_named(idle)}还没有录票。"
            "一张也没有收回的，收回登记为 0 再封存；不参加的，移出轮次。",
            Way.SEAL,
        )
    if all(kind.nobody for kind in chosen):
        return RefusedError(chosen[0].nobody)
    return RefusedError(f"{names}是全轮次的文书。", Way.WHOLE_ROUND)


def _named(units: Sequence[str]) -> str:
    """The first of these units, and how many there are."""
    more = f"等{len(units)}个单位" if len(units) > 3 else ""
    return "、".join(units[:3]) + more
