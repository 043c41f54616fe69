"""What a poll's documents are made from: one poll's results, frozen.

Gathered once on the thread that owns the database; the documents are then pure functions of it
and may be written elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from exports.parts.wording import correction_notes, is_official
from models.count.tally import LevelTally, SubjectTally, TrustFinding, tally, trust_finding
from models.regulation.levels import Level
from models.results import delivery, determination, opinions
from models.results.delivery import Delivery, Due, Handover
from models.results.determination import Determination
from models.rounds.layout import SubjectName
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.subjects import persons
from models.seal import sealing
from models.seal.sealing import SealInfo
from models.settings.office import DocumentSettings, Office, Settings


@dataclass(frozen=True)
class PersonResult:
    """One person's results in one poll: name and post then, and every level evaluated at."""

    subject: SubjectName
    levels: tuple[tuple[LevelTally, SubjectTally], ...]

    def at(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """The result at the first of `levels` there is."""
        return next((pair for pair in self.levels if pair[0].level in levels), None)


@dataclass(frozen=True)
class PollResults:
    """One poll with its round, its tallies by level, all versions of its seal (oldest first), the
    office's names and settings, by subject the grades that people fixed and the office's
    summaries of opinions, and what was handed over or is owed."""

    office: Office
    documents: DocumentSettings
    round: RoundInfo
    poll: PollInfo
    levels: Mapping[Level, LevelTally]
    seals: tuple[SealInfo, ...] = ()
    determinations: Mapping[int, Determination] = field(default_factory=dict)
    opinions: Mapping[int, str] = field(default_factory=dict)
    dues: tuple[Due, ...] = ()

    @property
    def official(self) -> bool:
        """Whether the poll is sealed, so that its documents are results."""
        return is_official(self.poll)

    @property
    def corrections(self) -> list[str]:
        """What its documents say of a correction after a seal; nothing for a first seal."""
        return correction_notes(self.seals)

    @property
    def keyed(self) -> bool:
        """Whether any ballot of the poll is keyed: before that there is nothing to report."""
        return any(level.entered for level in self.levels.values())

    @property
    def chief(self) -> SubjectName | None:
        """The first responsible person (第一责任人): the first of the chiefs, if there is one."""
        level = self.levels.get(Level.CHIEF)
        return level.subjects[0].subject if level and level.subjects else None

    def trust(self, level: LevelTally, subject: SubjectTally) -> TrustFinding | None:
        """The subject against the round's trust rule."""
        return trust_finding(level, subject, self.round.rules, present=self.poll.present)

    def persons(self) -> tuple[PersonResult, ...]:
        """Every person evaluated, in team order, with all levels at which each was."""
        found = {
            each.subject.id: (level, each)
            for level in self.levels.values()
            for each in level.subjects
        }
        names = {
            level: [each.subject for each in tallied.subjects]
            for level, tallied in self.levels.items()
        }
        return tuple(
            PersonResult(person.subject, tuple(found[who.id] for _, who in person.levels))
            for person in persons(names)
        )

    def opinion(self, subjects: Iterable[SubjectTally]) -> str:
        """What the office summed up of these subjects, one summary after another."""
        return "".join(self.opinions.get(each.subject.id, "") for each in subjects)

    def determined(self, subject: SubjectTally) -> Determination | None:
        """The grade that people fixed for a subject on the counts that hold now."""
        found = self.determinations.get(subject.subject.id)
        return found if found and found.in_force and self.official else None

    def handed_over(self, person: PersonResult, kind: Handover) -> Delivery | None:
        """How a person's letter or entry was handed over; None if it was not yet."""
        subject = person.subject.id
        return next(
            (
                due.delivery
                for due in self.dues
                if due.kind is kind and due.subject and due.subject.id == subject
            ),
            None,
        )


def gather(settings: Settings, round_info: RoundInfo, poll: PollInfo) -> PollResults:
    """Read one poll's results. Raises `RefusedError` if the database refuses."""
    return PollResults(
        settings.office,
        settings.documents,
        round_info,
        poll,
        tally(poll, round_info),
        sealing.seals(poll.id),
        determination.determinations(poll.id),
        opinions.opinions(poll.id),
        tuple(delivery.dues(poll)),
    )
