"""Findings about a poll (问题与提示): what blocks its seal, and what is worth checking first.

F1xx codes block the seal. W2xx codes only ask for a check; they never block a seal or void a
ballot. Findings hold values only; `tui.words.findings` has the wording and the advice. No I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.refusal import Way
from models.regulation.rules import LEAST_MINIMUM, Denominator, Quorum
from models.rounds.balance import Balance, unequal_places
from models.rounds.layout import BLANK, OVERALL
from models.rounds.looks import LookCode, of_poll
from models.rounds.plan import Gathering
from models.rounds.small_groups import too_small_for_weights
from models.seal.ballot_sense import all_alike, contradictory
from models.seal.facts import PollFacts, SheetFacts, StackFacts

# The percentage of blanks or void ballots from which a warning is given.
LOOK_AT_PERCENT = 3
# With fewer valid ballots than this, even a total can reveal how a person voted.
FEW_BALLOTS = 10


class FindingCode(StrEnum):
    """The kinds of findings; the values are the codes shown to the user. F codes block the seal."""

    MORE_BACK_THAN_ISSUED = "F101"
    TOO_FEW_KEYED = "F102"
    TOO_MANY_KEYED = "F103"
    NOT_REGISTERED = "F104"
    HALF_KEYED = "F105"
    NOT_KEYED_AGAIN = "F106"
    NOT_SETTLED = "F107"
    NO_QUORUM = "F108"
    UNEQUAL_PLACES = "F109"
    PRESENT_UNKNOWN = "F110"
    PRESENT_TOO_FEW = "F111"
    MANY_BLANKS = "W201"
    MANY_VOID = "W202"
    ALL_ALIKE = "W203"
    CONTRADICTORY = "W204"
    ERRORS_IN_SAMPLE = "W205"
    SAME_PERSON = "W206"
    FEW_VALID = "W207"
    MORE_ISSUED_THAN_PRESENT = "W208"
    SMALL_MINIMUM = "W215"
    NO_WEIGHTED_SHARES = "W216"
    DATE_OUTSIDE = LookCode.DATE_OUTSIDE.value
    SECOND_ROUND = LookCode.SECOND_ROUND.value

    @property
    def blocking(self) -> bool:
        """Whether the finding blocks the seal."""
        return self.startswith("F")


_WAYS = {
    FindingCode.NOT_KEYED_AGAIN: Way.SECOND_ENTRY,
    FindingCode.NOT_SETTLED: Way.SECOND_ENTRY,
    FindingCode.UNEQUAL_PLACES: Way.RECOUNT,
}


@dataclass(frozen=True)
class Finding:
    """One finding about a poll."""

    code: FindingCode
    """What was found."""
    where: str
    """Name of the stack, sheet or unit."""
    values: Mapping[str, int | str]
    """The values for the placeholders in the code's wording."""

    @property
    def blocking(self) -> bool:
        """Whether the finding blocks the seal."""
        return self.code.blocking

    @property
    def way(self) -> Way | None:
        """The way out, or None if no key or command leads to one."""
        return _WAYS.get(self.code)


def judge(facts: PollFacts) -> list[Finding]:
    """Return all findings for a poll: the blocking ones first, then the others.

    Both follow the order of the sheets and stacks.
    """
    found = [*_of_poll(facts)]
    for sheet in facts.sheets:
        found += _of_sheet(facts, sheet)
        for each in sheet.stacks:
            found += _of_stack(facts, each)
    return [each for each in found if each.blocking] + [each for each in found if not each.blocking]


def quorate(quorum: Quorum, expected: int, present: int) -> bool:
    """Whether enough of the expected people were present.

    If the round requires a quorum, missing numbers (0) do not meet it.
    """
    if quorum is Quorum.OFF:
        return True
    part, whole = (1, 2) if quorum is Quorum.HALF else (2, 3)
    return expected > 0 and present > 0 and present * whole >= expected * part


def _of_poll(facts: PollFacts) -> Iterator[Finding]:
    poll, quorum = facts.poll, facts.round.rules.quorum
    if not quorate(quorum, poll.expected, poll.present):
        people = {"expected": poll.expected, "present": poll.present}
        yield Finding(FindingCode.NO_QUORUM, poll.short, {"quorum": quorum.value, **people})
    minimum = facts.round.rules.minimum_group
    if minimum < LEAST_MINIMUM:
        yield Finding(FindingCode.SMALL_MINIMUM, poll.short, {"minimum": minimum})
    for small in too_small_for_weights(facts.round, [each.stack for each in facts.stacks]):
        yield Finding(
            FindingCode.NO_WEIGHTED_SHARES,
            poll.short,
            {"group": small.name, "issued": small.issued, "minimum": minimum},
        )
    for look in of_poll(facts.round.plan, poll.unit_id, poll.date, facts.neighbours):
        yield Finding(FindingCode(look.code.value), poll.short, look.values)
    if not poll.present:
        rests = [what for sheet in facts.sheets for what in _rests_on_present(facts, sheet)]
        if rests:
            # The round's shares first: with them the trust rule is mended as well.
            yield Finding(FindingCode.PRESENT_UNKNOWN, poll.short, {"what": min(rests)})


_SHARES, _TRUST = "shares", "trust"


def _rests_on_present(facts: PollFacts, sheet: SheetFacts) -> Iterator[str]:
    """What of a sheet is a share of the people present: `_SHARES`, `_TRUST`. Nothing if no ballot
    came back, for then nothing is divided."""
    rules, level = facts.round.rules, sheet.layout.level
    if not sheet.balance.returned:
        return
    if rules.denominator is Denominator.PRESENT:
        yield _SHARES
    # A subject without an overall line is not compared.
    if OVERALL in sheet.layout.lines and rules.trust_base(level) is Denominator.PRESENT:
        yield _TRUST


def _of_sheet(facts: PollFacts, sheet: SheetFacts) -> Iterator[Finding]:
    total = sheet.balance
    yield from _paper_of_groups(sheet)
    present = facts.poll.present
    rests = next(_rests_on_present(facts, sheet), "")
    if rests and 0 < present < total.returned:
        few: dict[str, int | str] = {"present": present, "returned": total.returned}
        yield Finding(FindingCode.PRESENT_TOO_FEW, sheet.name, few | {"what": rests})
    gathered = facts.round.plan.gathering is Gathering.TOGETHER
    if gathered and present and total.issued > present:
        values = {"issued": total.issued, "present": present}
        yield Finding(FindingCode.MORE_ISSUED_THAN_PRESENT, sheet.name, values)
    if total.void and 100 * total.void >= LOOK_AT_PERCENT * total.entered:
        values = {"void": total.void, "entered": total.entered}
        yield Finding(FindingCode.MANY_VOID, sheet.name, values)
    yield from _blanks(sheet)
    odd = sum(contradictory(sheet.layout, each.ballots) for each in sheet.stacks)
    if odd:
        yield Finding(FindingCode.CONTRADICTORY, sheet.name, {"ballots": odd})
    if total.complete and 0 < total.valid < FEW_BALLOTS:
        yield Finding(FindingCode.FEW_VALID, sheet.name, {"valid": total.valid})


def _paper_of_groups(sheet: SheetFacts) -> Iterator[Finding]:
    names: dict[int, str] = {}
    papers: dict[int, Balance] = defaultdict(Balance)
    for each in sheet.stacks:
        group = each.stack.group
        names[group.id] = f"{sheet.name} {group.name}"
        papers[group.id] += each.stack.balance
    for group_id, paper in papers.items():
        name = names[group_id]
        if paper.returned > paper.issued:
            values = {"issued": paper.issued, "returned": paper.returned}
            yield Finding(FindingCode.MORE_BACK_THAN_ISSUED, name, values)
        yield from _unequal_places(sheet, group_id, name, paper.valid)


def _unequal_places(sheet: SheetFacts, group_id: int, name: str, valid: int) -> Iterator[Finding]:
    """Find places of a voter group whose counted marks do not add up to its valid ballots.

    Yields at most one finding; it shows the first such place and how many there are.
    """
    counts = sheet.counts.get(group_id, ())
    sums = [
        sum(counts[at].values()) if at < len(counts) else 0
        for at in range(len(sheet.layout.places))
    ]
    wrong = unequal_places(sums, valid)
    if wrong:
        place = sheet.layout.places[wrong[0]]
        yield Finding(
            FindingCode.UNEQUAL_PLACES,
            name,
            {
                "person": sheet.layout.subjects[place.subject].name,
                "item": place.item,
                "ballots": sums[wrong[0]],
                "places": len(wrong),
                "valid": valid,
            },
        )


def _blanks(sheet: SheetFacts) -> Iterator[Finding]:
    blanks: dict[int, int] = dict.fromkeys(sheet.layout.lines, 0)
    marks = 0
    for counts in sheet.counts.values():
        for place, count in zip(sheet.layout.places, counts, strict=False):
            blanks[place.item] += count.get(BLANK, 0)
            marks += sum(count.values())
    total = sum(blanks.values())
    if total and 100 * total >= LOOK_AT_PERCENT * marks:
        worst = max(blanks, key=lambda line: blanks[line])
        values = {"blanks": total, "marks": marks, "item": worst, "of_item": blanks[worst]}
        yield Finding(FindingCode.MANY_BLANKS, sheet.name, values)


def _of_stack(facts: PollFacts, each: StackFacts) -> Iterator[Finding]:
    stack, seen = each.stack, each.verification
    missing = stack.returned - stack.valid - stack.void
    if not stack.registered:
        yield Finding(FindingCode.NOT_REGISTERED, each.name, {"issued": stack.issued})
    if missing > 0:
        values = {"returned": stack.returned, "missing": missing}
        yield Finding(FindingCode.TOO_FEW_KEYED, each.name, values)
    if missing < 0:
        values = {"returned": stack.returned, "over": -missing}
        yield Finding(FindingCode.TOO_MANY_KEYED, each.name, values)
    if stack.drafted or each.second_drafted:
        yield Finding(FindingCode.HALF_KEYED, each.name, {"entry": 1 if stack.drafted else 2})
    # The first entry has to be complete before verification is worth reporting.
    if not seen.satisfied and missing <= 0:
        if seen.keyed < seen.needed:
            values = {"keyed": seen.keyed, "missing": seen.needed - seen.keyed}
            yield Finding(FindingCode.NOT_KEYED_AGAIN, each.name, values)
        else:
            yield Finding(FindingCode.NOT_SETTLED, each.name, {})
    if alike := all_alike(each.ballots):
        yield Finding(FindingCode.ALL_ALIKE, each.name, {"valid": alike})
    if facts.round.rules.verification.sampled and seen.first_wrong:
        yield Finding(FindingCode.ERRORS_IN_SAMPLE, each.name, {"wrong": seen.first_wrong})
    if seen.keyed and seen.same_person:
        yield Finding(FindingCode.SAME_PERSON, each.name, {})
