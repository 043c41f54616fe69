"""The documents of one poll, in a folder of its unit, in the order a clerk expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from exports.documents import (
    accountability,
    archive_entry,
    ballot_paper,
    chief,
    count_record,
    feedback,
    public,
    report,
    summary,
    summary_sheet,
)
from exports.documents.archive_entry import ArchiveFile
from exports.documents.count_record import CountRecord
from exports.parts.results import PersonResult, PollResults
from exports.templates import own_templates
from exports.writing.file_names import TakenNames, safe_file_name
from exports.writing.job import KINDS, SUFFIX, Job, numbered_kind
from models.rounds.layout import SheetLayout
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import DocumentSettings

_NOBODY_KNOWN = ArchiveFile(None, ())


@dataclass(frozen=True)
class PollSources:
    """What they are made from: the printed sheets, the results (None while nothing is keyed),
    what the signed report needs (None before a seal), and what is known of each cadre."""

    documents: DocumentSettings
    round: RoundInfo
    poll: PollInfo
    sheets: tuple[SheetLayout, ...]
    void_reasons: tuple[str, ...]
    results: PollResults | None
    record: CountRecord | None
    files: Mapping[int, ArchiveFile]


def jobs(sources: PollSources, folder: PurePath, chosen: set[str], *, alone: bool) -> Iterator[Job]:
    """The jobs of the chosen kinds, as far as they can be written now. `alone` says that the
    unit is written by itself, and so has a report of its own."""
    if "ballot" in chosen:
        yield from _ballots(sources, folder)
    if sources.results is not None:
        yield from _results(sources, sources.results, folder, chosen, alone=alone)


def _ballots(sources: PollSources, folder: PurePath) -> Iterator[Job]:
    taken = TakenNames()
    inner = folder / numbered_kind("ballot")
    for sheet in sources.sheets:
        who = sheet.subjects[0].name if len(sheet.subjects) == 1 and sheet.level.personal else ""
        parts = [sources.poll.short, sheet.title, who, sources.round.title]
        content = partial(
            ballot_paper.document,
            sources.documents,
            sources.round,
            sources.poll,
            sheet,
            sources.void_reasons,
        )
        yield Job(
            "ballot",
            KINDS["ballot"],
            sources.round.id,
            sources.poll.id,
            f"{sheet.title} {who}".strip(),
            inner / taken.free(parts, SUFFIX),
            official=False,
            content=content,
        )


def _results(
    sources: PollSources,
    results: PollResults,
    folder: PurePath,
    chosen: set[str],
    *,
    alone: bool,
) -> Iterator[Job]:
    poll, title = results.poll, results.round.title

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

    def of_unit(kind: str, suffix: str = SUFFIX) -> PurePath:
        return PurePath(safe_file_name([numbered_kind(kind), poll.short, title], suffix))

    def of_persons(kind: str) -> Iterator[tuple[PersonResult, PurePath]]:
        taken = TakenNames()
        for person in results.persons():
            parts = [poll.short, person.subject.post, person.subject.name, title]
            yield person, PurePath(numbered_kind(kind)) / taken.free(parts, SUFFIX)

    if "count" in chosen and sources.record is not None:
        content = partial(count_record.document, results, sources.record)
        yield job("count", poll.unit_name, of_unit("count"), content)
    if "summary" in chosen:
        content = partial(summary.poll_document, results)
        yield job("summary", poll.unit_name, of_unit("summary"), content)
        for suffix, written in summary_sheet.FORMS.items():
            table = partial(written, results.round, [results])
            yield job("summary", poll.unit_name, of_unit("summary", suffix), table)
    if "feedback" in chosen:
        for person, path in of_persons("feedback"):
            content = partial(_feedback, results, person)
            yield job("feedback", person.subject.name, path, content)
    if "chief" in chosen:
        addressee = results.chief.name if results.chief else f"{poll.unit_name}党组"
        yield job("chief", addressee, of_unit("chief"), partial(_chief, results))
    if "public" in chosen and results.official:
        scope = results.documents.public_scope or "公开"
        yield job("public", scope, of_unit("public"), partial(_public, results))
    if "report" in chosen and alone and results.official:
        content = partial(report.document, [results])
        yield job("report", results.office.superior_party_group, of_unit("report"), content)
    if "accountability" in chosen and results.official:
        for person, path in of_persons("accountability"):
            if accountability.due(results, person):
                content = partial(accountability.document, results, person)
                yield job("accountability", person.subject.name, path, content)
    if "archive" in chosen:
        for person, path in of_persons("archive"):
            file = sources.files.get(person.subject.cadre_id or 0, _NOBODY_KNOWN)
            content = partial(_archive, results, person, file)
            yield job("archive", person.subject.name, path, content)


# The office's own template comes first; without one the document is ours.


def _feedback(results: PollResults, person: PersonResult) -> bytes:
    own = own_templates.document(results.documents, "feedback", results, person)
    return own or feedback.document(results, person)


def _chief(results: PollResults) -> bytes:
    own = own_templates.document(results.documents, "chief", results, None)
    return own or chief.document(results)


def _public(results: PollResults) -> bytes:
    own = own_templates.document(results.documents, "public", results, None)
    return own or public.document(results)


def _archive(results: PollResults, person: PersonResult, file: ArchiveFile) -> bytes:
    own = own_templates.document(results.documents, "archive", results, person, file)
    return own or archive_entry.document(results, person, file)
