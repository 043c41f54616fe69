"""The documents of a whole round, in the folder before those of its units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from exports.documents import catalogue, plan, report, summary, summary_sheet
from exports.parts.results import PollResults
from exports.writing.file_names import safe_file_name
from exports.writing.job import KINDS, SUFFIX, Job, numbered_kind
from models.regulation.levels import Level, LevelContent
from models.rounds.layout import SubjectName
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import DocumentSettings, Office

_EVERYONE = "全部单位"
Polls = Sequence[tuple[PollInfo, Mapping[Level, tuple[SubjectName, ...]]]]


@dataclass(frozen=True)
class RoundSources:
    """What they are made from: the office, the round with its polls and their subjects, and the
    polls' results, empty while nothing is keyed."""

    office: Office
    documents: DocumentSettings
    round: RoundInfo
    polls: Polls
    contents: Mapping[Level, LevelContent]
    void_reasons: tuple[str, ...]
    results: tuple[PollResults, ...]

    @property
    def official(self) -> bool:
        """Whether every poll is sealed."""
        return bool(self.results) and all(each.official for each in self.results)


def jobs(sources: RoundSources, root: PurePath, chosen: set[str]) -> Iterator[Job]:
    """The jobs of the chosen kinds, as far as they can be written now."""
    info, results = sources.round, sources.results
    folder = root / safe_file_name(["00", _EVERYONE])

    def job(kind: str, addressee: str, content: Callable[[], bytes], suffix: str = SUFFIX) -> Job:
        parts = [numbered_kind(kind), _EVERYONE, info.title]
        path = folder / safe_file_name(parts, suffix)
        official = sources.official and kind != "plan"
        return Job(kind, KINDS[kind], info.id, None, addressee, path, official, content)

    if "plan" in chosen:
        content = partial(
            plan.document,
            sources.office,
            sources.documents,
            info,
            sources.polls,
            sources.contents,
            sources.void_reasons,
        )
        yield job("plan", info.title, content)
    if "summary" in chosen and results:
        yield job("summary", info.title, partial(summary.round_document, info, results))
        for suffix, written in summary_sheet.FORMS.items():
            yield job("summary", info.title, partial(written, info, results), suffix)
    if "report" in chosen and sources.official:
        to = sources.office.superior_party_group
        yield job("report", to, partial(report.document, results))
    if "catalogue" in chosen and any(each.official for each in results):
        content = partial(catalogue.document, sources.office, sources.documents, info, results)
        yield job("catalogue", info.title, content)
