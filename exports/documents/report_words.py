"""The sentences of a report to a superior: what was done, and the totals.

Totals are sums of votes over all subjects of a level. Subjects are never ranked, and a grade is
stated only if it was decided at a meeting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from exports.parts.letter import basis_words, process_words
from exports.parts.results import PollResults
from exports.parts.section import ABOUT_UNIT
from exports.parts.wording import (
    OVERALL_NAME,
    date_words,
    decided_by,
    grades_together,
    percent,
    period_words,
    together_name,
    way_words,
)
from models.count import shares
from models.count.tally import LevelTally, PlaceTally
from models.regulation.levels import Level
from models.regulation.rules import RoundRules
from models.rounds.balance import Balance
from models.rounds.subjects import DUTY

Tallied = Sequence[tuple[PollResults, LevelTally]]


def of_level(polls: Sequence[PollResults], level: Level) -> Tallied:
    """Return the polls that evaluated a level, with its tally in each."""
    return [(each, each.levels[level]) for each in polls if level in each.levels]


def subject_count(tallied: Tallied) -> int:
    """Return how many subjects were evaluated."""
    return sum(len(level.subjects) for _, level in tallied)


# ── 基本情况 ──


def course_words(polls: Sequence[PollResults]) -> str:
    """Return on what basis, when, how and by whom it was done (regulation, clause 三)."""
    first = polls[0]
    basis = basis_words(first.office.basis)
    lead = f"根据{basis}，" if basis else ""
    if len(polls) == 1:
        return lead + process_words(first)
    dates = sorted(each.poll.date for each in polls if each.poll.date)
    plan = first.round.plan
    every = len(dates) == len(polls)
    when = period_words(dates[0], dates[-1]) if every else period_words(plan.starts, plan.ends)
    groups = "、".join(group.name for group in first.round.groups)
    people = ""
    if all(each.poll.expected for each in polls):
        expected = sum(each.poll.expected for each in polls)
        present = sum(each.poll.present for each in polls)
        unknown = [each for each in polls if not each.poll.present]
        said = f"{present}人（{len(unknown)}个单位未登记）" if unknown else f"{present}人"
        people = f"，应到{expected}人，实到{'未登记' if len(unknown) == len(polls) else said}"
    return (
        f"{lead}{when + '，' if when else ''}以无记名投票方式对{len(polls)}个单位的领导班子和"
        f"领导干部进行了民主测评（{way_words(first.round)}）。测评人员由{groups}组成{people}。"
    )


def subjects_words(polls: Sequence[PollResults]) -> str:
    """Return how many teams, persons and bodies were evaluated; empty if none."""
    counts = {level: subject_count(of_level(polls, level)) for level in Level}
    names = {level: each.content.name for poll in polls for level, each in poll.levels.items()}
    parts = [
        f"{names[level]}{counts[level]}{'人' if level.personal else '个'}"
        for level in (Level.TEAM, *DUTY, Level.DISCIPLINE)
        if counts[level]
    ]
    said = [f"被测评的有{'、'.join(parts)}"] if parts else []
    if counts[Level.INTEGRITY]:
        said.append(f"对领导干部{counts[Level.INTEGRITY]}人进行了廉洁自律情况测评")
    return f"{'；'.join(said)}。" if said else ""


def state_words(polls: Sequence[PollResults]) -> list[str]:
    """Return which polls are not yet sealed, and which were corrected after a seal."""
    found = []
    waiting = [each for each in polls if not each.official]
    if waiting and len(polls) > 1:
        found.append(
            f"以上单位中，已封存{len(polls) - len(waiting)}个，"
            f"未封存{len(waiting)}个，未封存的尚在计票。"
        )
    if corrected := [each.poll.unit_name for each in polls if each.corrections]:
        found.append(f"{'、'.join(corrected)}的测评结果封存后经过更正，本报告以更正后的结果为准。")
    return found


def paper_sum_words(total: Balance, decimals: int) -> str:
    """Return the total ballot counts in one sentence."""
    if total.none:
        return f"共发出测评票{total.issued}张，收回0张（无票）。"
    returned = percent(shares.share(total.returned, total.issued), decimals)
    valid = percent(shares.share(total.valid, total.returned), decimals)
    # The valid rate is unknown until every ballot is counted.
    rest = f"尚未计入{total.missing}张" if total.missing > 0 else f"有效率{valid}"
    return (
        f"共发出测评票{total.issued}张，收回{total.returned}张，回收率{returned}；"
        f"有效票{total.valid}张，无效票{total.void}张，{rest}。"
    )


# ── 测评结果 ──


def pooled_shares(tallied: Tallied) -> tuple[Fraction | None, ...]:
    """Return the share of each grade over all subjects of a level.

    All are None if shares are weighted, because weights apply within one poll, and if one poll's
    votes have no base.
    """
    places = _places(tallied)
    baseless = any(sum(place.grades) and not place.base for place in places)
    base = 0 if tallied[0][1].weighted or baseless else sum(place.base for place in places)
    return tuple(shares.share(n, base) for n in _votes(tallied))


def _places(tallied: Tallied) -> list[PlaceTally]:
    return [each.result for _, of in tallied for each in of.subjects if each.result]


def _votes(tallied: Tallied) -> list[int]:
    """Return the total votes for each grade in the overall evaluations of a level."""
    places = _places(tallied)
    grades = tallied[0][1].content.scale.grades
    return [sum(place.grades[at] for place in places) for at in range(len(grades))]


def sums_words(tallied: Tallied, rules: RoundRules) -> str:
    """Return the totals of a level's overall evaluations in words.

    They are the votes for each grade, their shares unless weighted, and the range of the subjects'
    shares of the upper grades combined.
    """
    level = tallied[0][1]
    count = subject_count(tallied)
    if len(tallied) == count == 1 and not level.level.personal:
        whom = f"{tallied[0][0].poll.unit_name}{ABOUT_UNIT[level.level]}"
    else:
        whom = f"{count}{_unit(level.level)}{ABOUT_UNIT[level.level]}"
    places = _places(tallied)
    if not places:
        return f"对{whom}的测评，票面没有{OVERALL_NAME}，各项得票情况见附件。"
    scale = level.content.scale
    votes = _votes(tallied)
    paper = sum((of.paper for _, of in tallied), Balance())
    if not paper.valid:
        return f"对{whom}的测评，{'无票' if paper.none else '没有有效票'}。"
    named = []
    for grade, n, pooled in zip(scale.grades, votes, pooled_shares(tallied), strict=True):
        share = "" if level.weighted else f"（{percent(pooled, rules.decimals)}）"
        named.append(f"{grade}票{n}票{share}")
    said = f"对{whom}的测评中，{OVERALL_NAME}得{'、'.join(named)}"
    blank, overvote = (
        sum(place.blank for place in places),
        sum(place.overvote for place in places),
    )
    return f"{said}；弃权{blank}票，多选{overvote}票。{_range_words(tallied, rules)}"


def _range_words(tallied: Tallied, rules: RoundRules) -> str:
    """Between what the shares of all lie. Nothing, where some of those who got votes have no share,
    or one that is not weighted like the others': it would speak for them as well."""
    voted = [
        (of, each.result)
        for _, of in tallied
        for each in of.subjects
        if each.result and each.result.valid
    ]
    if len({of.weighted for of, _ in voted}) > 1:
        return ""
    level, places = tallied[0][1], [place for _, place in voted]
    scale = level.content.scale
    first = grades_together(scale) or 1
    name = together_name(scale) or scale.grades[0]
    found: list[Fraction] = sorted(
        share for place in places if (share := place.share_of_first(first)) is not None
    )
    if not found or len(found) < len(places):
        return ""
    low, high = (percent(share, rules.decimals) for share in (found[0], found[-1]))
    weighted = "加权" if voted[0][0].weighted else ""
    if len(found) == 1:
        return f"{name}{weighted}得票率为{low}。"
    if low == high:
        return f"{name}{weighted}得票率均为{low}。"
    each = "人" if level.level is Level.INTEGRITY else level.content.name
    return f"各{each}{name}{weighted}得票率在{low}至{high}之间。"


def _unit(level: Level) -> str:
    return "名" if level.personal else "个"


def fixed_words(tallied: Tallied) -> Iterator[str]:
    """Yield a sentence for each meeting that decided grades at this level.

    It says when, who decided, at which meeting, and how many subjects got each grade.
    """
    level = tallied[0][1]
    meetings: dict[tuple[str, str, str], Counter[str]] = {}
    for results, of in tallied:
        for subject in of.subjects:
            if fixed := results.determined(subject):
                key = (fixed.on, fixed.by, fixed.meeting)
                meetings.setdefault(key, Counter())[fixed.grade] += 1
    for (on, by, meeting), counts in sorted(meetings.items()):
        grades = "、".join(
            f"{grade}{counts[grade]}{_unit(level.level)}"
            for grade in level.content.scale.grades
            if counts[grade]
        )
        yield f"{date_words(on)}，经{decided_by(by, meeting)}研究确定，等次为{grades}。"
