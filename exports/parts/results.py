"""One poll's results, as an immutable snapshot from which its documents are generated.

It is read once on the thread that owns the database. Documents are then pure functions of it and
can be generated on other threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exports.parts import proof
from exports.parts.organizer import organizer
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
    """One person's results in one poll."""

    subject: SubjectName
    """The person, with the name and post held at the time."""
    levels: tuple[tuple[LevelTally, SubjectTally], ...]
    """Each level at which the person was evaluated, with the person's tally there."""

    @property
    def voted(self) -> bool:
        """Whether there is a valid ballot about the person."""
        return any(subject.valid for _, subject in self.levels)

    def at(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """Return the result at the first of `levels` that exists, or None."""
        return next((pair for pair in self.levels if pair[0].level in levels), None)


@dataclass(frozen=True)
class PollResults:
    """One poll's results and everything its documents need."""

    office: Office
    """The names of the organ that organizes the poll and signs its papers."""
    documents: DocumentSettings
    """The office's document settings."""
    round: RoundInfo
    """The round."""
    poll: PollInfo
    """The poll."""
    levels: Mapping[Level, LevelTally]
    """The tally of each evaluated level."""
    seals: tuple[SealInfo, ...] = ()
    """Every version of the poll's seal, oldest first."""
    determinations: Mapping[int, Determination] = field(default_factory=dict)
    """The grades decided at meetings, by subject id."""
    opinions: Mapping[int, str] = field(default_factory=dict)
    """The office's summaries of opinions, by subject id."""
    dues: tuple[Due, ...] = ()
    """Which deliveries have been made and which are still due."""
    disproved: str = ""
    """What of the counts does not agree with the sealed text; empty if all does, or before a
    seal."""

    @property
    def official(self) -> bool:
        """Whether the poll is sealed, which makes its documents official."""
        return is_official(self.poll)

    @property
    def seal_version(self) -> int:
        """The version of the seal in force; 0 without one."""
        return self.seals[-1].version if self.seals and self.seals[-1].in_force else 0

    @property
    def corrections(self) -> list[str]:
        """Notices about corrections after a seal; empty for a first seal."""
        return correction_notes(self.seals)

    @property
    def reportable(self) -> bool:
        """Whether any ballot has been keyed or the poll is sealed, though it be without paper
        (无票); until then there is nothing to report."""
        return self.official or any(level.paper.entered for level in self.levels.values())

    @property
    def voted(self) -> bool:
        """Whether there is a valid ballot; without any there is no result to give back."""
        return any(level.paper.valid for level in self.levels.values())

    @property
    def chief(self) -> SubjectName | None:
        """The first responsible person (第一责任人): the first chief, or None."""
        level = self.levels.get(Level.CHIEF)
        return level.subjects[0].subject if level and level.subjects else None

    def trust(self, level: LevelTally, subject: SubjectTally) -> TrustFinding | None:
        """Return how the subject compares with the round's trust rule."""
        return trust_finding(level, subject, self.round.rules, present=self.poll.present)

    def persons(self) -> tuple[PersonResult, ...]:
        """Return every person evaluated, in team order, with all their levels."""
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
        """Return the summaries of opinions on these subjects, concatenated."""
        return "".join(self.opinions.get(each.subject.id, "") for each in subjects)

    def determined(self, subject: SubjectTally) -> Determination | None:
        """Return the grade decided at a meeting for a subject, or None.

        Only a decision based on the current sealed counts is returned.
        """
        found = self.determinations.get(subject.subject.id)
        return found if found and found.in_force and self.official else None

    def handed_over(self, person: PersonResult, kind: Handover) -> Delivery | None:
        """Return how a person's letter or archive entry was delivered, or None."""
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
    levels, seals = tally(poll, round_info), sealing.seals(poll.id)
    return PollResults(
        organizer(settings.office, round_info, poll),
        settings.documents,
        round_info,
        poll,
        levels,
        seals,
        determination.determinations(poll.id),
        opinions.opinions(poll.id),
        tuple(delivery.dues(poll)),
        _disproved(poll, levels, seals),
    )


def counted_alike(polls: Sequence[PollResults]) -> tuple[PollResults, ...]:
    """Polls whose shares may stand in one table: all weighted, or all plain where those of any
    poll have to be."""
    if not any(level.withheld for each in polls for level in each.levels.values()):
        return tuple(polls)
    return tuple(
        replace(each, levels={name: of.unweighted() for name, of in each.levels.items()})
        for each in polls
    )


def disproved(poll: PollInfo, round_info: RoundInfo) -> str:
    """What of a poll's counts does not agree with its sealed text; empty if all does, or before a
    seal. For a poll that a document of another one quotes."""
    return _disproved(poll, tally(poll, round_info), sealing.seals(poll.id))


def _disproved(
    poll: PollInfo, levels: Mapping[Level, LevelTally], seals: Sequence[SealInfo]
) -> str:
    if not seals or not seals[-1].in_force:
        return ""
    return proof.fault(levels, seals[-1], sealing.sealed_text(poll.id))
