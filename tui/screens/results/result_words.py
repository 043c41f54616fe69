"""What the screens of results say of one subject, in few words and in full."""

from __future__ import annotations

from exports.parts import wording
from exports.parts.results import PollResults
from models.count.tally import LevelTally, SubjectTally
from models.results.determination import Determination

# A prompt for people, never a verdict (regulation, clause 五、3).
_MET = {True: "达到", False: "未达到", None: "未作比对"}
CONFIRM_AGAIN = "需重新确认"


def shown_name(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """A person's name; the unit's short name for its team and its discipline body."""
    return subject.subject.name if level.level.personal else results.poll.short


def together(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """The names of the upper grades and their share together, as in 优秀称职 94.83%; on a scale
    of two those of the first grade. Where the sheet has no overall line, that votes are by
    item."""
    if subject.result is None:
        return "逐项（看F4）"
    count = wording.grades_together(level.content.scale) or 1
    names = "".join(level.content.scale.grades[:count])
    share = subject.result.share_of_first(count)
    return f"{names} {wording.percent(share, results.round.rules.decimals)}"


def cells(results: PollResults, level: LevelTally, subject: SubjectTally) -> tuple[str, ...]:
    """A subject on one line: level, name, post, votes, trust, grade, length of the opinions."""
    who = subject.subject
    opinion = results.opinions.get(who.id, "")
    return (
        level.content.name,
        shown_name(results, level, subject),
        who.post,
        together(results, level, subject),
        _trust(results, level, subject),
        _grade(results.determinations.get(who.id)),
        f"{len(opinion)}字" if opinion else "",
    )


def in_full(results: PollResults, level: LevelTally, subject: SubjectTally) -> tuple[str, ...]:
    """The same in three lines: the votes in the words of the documents, the grade, the
    opinions."""
    who = subject.subject
    opinion = results.opinions.get(who.id, "")
    return (
        f"{shown_name(results, level, subject)} {who.post}  "
        f"{together(results, level, subject)}  {_trust_in_full(results, level, subject)}",
        _grade_in_full(results.determinations.get(who.id)),
        f"意见归纳：{opinion}" if opinion else "意见归纳：没有",
    )


def _trust(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """Whether the votes meet the round's trust rule, in a word."""
    if level.level not in results.round.rules.trust:
        return "未设定"
    found = results.trust(level, subject)
    return _MET[found.met if found else None]


def _trust_in_full(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """The same in the words of the documents."""
    rules = results.round.rules
    if level.level not in rules.trust:
        return wording.NO_TRUST_RULE.rstrip("。")
    return wording.trust_finding_words(rules, results.trust(level, subject))


def _grade(known: Determination | None) -> str:
    """The grade that people fixed, or that it has to be confirmed; empty if there is none."""
    if known is None:
        return ""
    return known.grade if known.in_force else CONFIRM_AGAIN


def _grade_in_full(known: Determination | None) -> str:
    """The grade with its meeting and date."""
    if known is None:
        return "等次：未登记"
    words = f"等次：{known.grade}  {known.on}  {known.meeting}  {known.by}  {known.basis}".rstrip()
    return words if known.in_force else f"{words}（按以前的封存所定，{CONFIRM_AGAIN}）"
