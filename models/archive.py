"""廉政档案: a cadre's evaluations over the years (regulation, clause 五、2)."""

from __future__ import annotations

from dataclasses import dataclass

from models import polls, rounds
from models.polls import PollInfo
from models.regulation import Level
from models.rounds import RoundInfo, RoundState
from models.tables import Poll, Round, Subject
from models.tally import LevelTally, SubjectTally, tally


@dataclass(frozen=True)
class Evaluation:
    """A cadre as a subject of one poll: post then, and the result at each level."""

    round: RoundInfo
    poll: PollInfo
    post: str
    results: tuple[tuple[LevelTally, SubjectTally], ...]

    def result(self, *levels: Level) -> tuple[LevelTally, SubjectTally] | None:
        """The first result at one of `levels`."""
        return next((pair for pair in self.results if pair[0].level in levels), None)


def evaluations(cadre_id: int) -> list[Evaluation]:
    """A cadre's evaluations in rounds that were opened, the latest round first."""
    query = (
        Subject.select(Subject.poll)
        .join(Poll)
        .join(Round)
        .where((Subject.cadre == cadre_id) & (Round.state != RoundState.DRAFT))
        .order_by(Round.year.desc(), Round.id.desc())
        .distinct()
    )
    found = []
    for row in list(query):
        poll = polls.find_by_id(row.poll_id)
        round_info = rounds.find_by_id(poll.round_id)
        results = [
            (level, subject)
            for level in tally(poll, round_info).values()
            for subject in level.subjects
            if subject.subject.cadre_id == cadre_id
        ]
        post = results[0][1].subject.post if results else ""
        found.append(Evaluation(round_info, poll, post, tuple(results)))
    return found
