"""A cadre's record as lines of text: who it is, every evaluation, and the course of each grade.

Pure: made of what was read, for a width in columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.cells import cell_len

from exports.parts import wording
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.regulation.levels import Level
from models.results import trend
from models.results.archive import Evaluation
from models.results.delivery import Delivery
from models.results.outcome import Outcome
from models.roster.cadres import CadreHistory
from models.rounds.subjects import DUTY
from tui.screens.results.delivery_words import before_words
from tui.screens.results.result_words import CONFIRM_AGAIN
from tui.terminal import Glyphs
from tui.widgets.bars import bar
from tui.words.columns import fit, visible_line

_GRADE, _COUNT, _SHARE, _MOVED, _DAY = 10, 5, 9, 20, 10
# A bar shorter than this tells nothing.
_LEAST_BAR = 6
_COURSE_NOTES = (
    "注：先后按测评日期；没有登记日期的按轮次开始的日期，也没有的排在年度末。",
    "得票率按各轮次当时的口径计算，口径不同的只并列，不作比较。",
)
_KINDS = (("履行职责", DUTY), ("个人廉洁自律", (Level.INTEGRITY,)))


def person_lines(history: CadreHistory) -> list[str]:
    """Basic data, and all posts, the present one first."""
    row = history.row
    born = f"{wording.month_words(row.born)}生" if row.born else ""
    native = f"籍贯{row.native_place}" if row.native_place else ""
    joined = f"{wording.month_words(row.joined_party)}入党" if row.joined_party else ""
    started = f"{wording.month_words(row.started_work)}参加工作" if row.started_work else ""
    lines = [
        "  ".join(filter(None, each))
        for each in (
            (row.name, row.gender, row.ethnicity, born, native, row.education),
            (row.party, joined, started),
            (f"廉政档案号  {row.archive_no or '未登记'}",),
        )
        if any(each)
    ]
    for post in history.posts:
        when = f"{wording.month_words(post.since)}起" if post.since else ""
        if post.until:
            when = f"{wording.month_words(post.since)}至{wording.month_words(post.until)}"
        name = "曾任" if post.until else "现任"
        lines.append("  ".join(filter(None, (name, post.unit_name, post.title, post.tier, when))))
    return [visible_line(line) for line in lines]


def evaluation_lines(
    past: Sequence[Evaluation], at: int, known: Outcome, width: int, glyphs: Glyphs
) -> list[str]:
    """The evaluation `past[at]`: where it was, the votes at each level with a bar and the change
    for each grade, and what people decided and did. `past` are all, the latest first; `width` is
    in columns."""
    each = past[at]
    official = wording.is_official(each.poll)
    year = f"{each.round.plan.year}年度"
    title = each.round.title.removeprefix(year)
    lines = [visible_line(f"{year}{title}  {each.poll.date}".rstrip())]
    if not official:
        lines.append(f"【{wording.UNOFFICIAL}】")
    lines.append(visible_line(f"{each.poll.unit_name}  {each.post}"))
    for level, subject in each.results:
        lines += _level_lines(past, at, level, subject, width, glyphs)
    return lines + (_outcome_lines(each, known) if official or known.grades else [])


def _level_lines(
    past: Sequence[Evaluation],
    at: int,
    level: LevelTally,
    subject: SubjectTally,
    width: int,
    glyphs: Glyphs,
) -> list[str]:
    each = past[at]
    decimals, scale = each.round.rules.decimals, level.content.scale
    place = subject.result
    if place is None:
        head = f"  {level.content.name}  有效 {subject.valid}  票面没有总体评价"
        return [head, *_item_lines(level, subject, decimals)]
    head = (
        f"  {level.content.name}  有效 {subject.valid}  弃权 {place.blank}  多选 {place.overvote}"
    )
    if first := wording.grades_together(scale):
        together = wording.percent(place.share_of_first(first), decimals)
        head += f"  {wording.together_name(scale)} {together}"
    lines = [head]
    before = trend.previous(past, at, level.level)
    moved = trend.change(each, before, level.level) if before else None
    if before is not None and wording.is_official(each.poll):
        why = "" if moved else _not_compared(before, level.level, place)
        named = f"{before.round.title}（{_day(before)}）"
        lines.append(visible_line(f"  与{named}相比：{why}"))
    for number, grade in enumerate(scale.grades):
        # The grade's name stands at the head of its line.
        change = wording.points_words("", moved.points[number], moved.decimals) if moved else ""
        lines.append(_grade_line(grade, place, number, decimals, change, width, glyphs))
    return lines


def _day(each: Evaluation) -> str:
    """The day of the vote in ten columns; the year where no date was entered."""
    return each.poll.date or f"{each.round.plan.year}年度"


def _not_compared(before: Evaluation, level: Level, place: PlaceTally) -> str:
    """Why a result is not compared with the one before."""
    if not wording.is_official(before.poll):
        return "当时的结果计票中，不作比较"
    there = before.result(*(DUTY if level in DUTY else (level,)))
    former = there[1].result if there else None
    if former is None or None in (*place.shares, *former.shares):
        return "没有可比的结果，不作比较"
    return "口径不同，不作比较"


def _item_lines(level: LevelTally, subject: SubjectTally, decimals: int) -> list[str]:
    """A sheet without an overall line: every item's counts and shares in words."""
    names = {item.number: wording.item_name(item) for item in level.content.items}
    return [
        f"    {names[place.line]}  "
        + "  ".join(
            f"{grade} {count} {wording.percent(share, decimals)}"
            for grade, count, share in zip(
                level.content.scale.grades, place.grades, place.shares, strict=True
            )
        )
        for place in subject.places
    ]


def _grade_line(
    grade: str,
    place: PlaceTally,
    number: int,
    decimals: int,
    change: str,
    width: int,
    glyphs: Glyphs,
) -> str:
    share = place.shares[number]
    line = (
        "    "
        + fit(grade, _GRADE)
        + fit(str(place.grades[number]), _COUNT, "right")
        + fit(wording.percent(share, decimals), _SHARE, "right")
        + "  "
    )
    room = width - cell_len(line) - (_MOVED if change else 0)
    return (line + _bar(share, room, glyphs) + change).rstrip()


def _bar(share: Fraction | None, room: int, glyphs: Glyphs) -> str:
    """A share as a bar in a field of `room` columns; nothing where there is no room for one."""
    if room < _LEAST_BAR:
        return ""
    part = share or Fraction(0)
    return fit(bar(part.numerator, part.denominator, room - 2, glyphs), room)


def _outcome_lines(each: Evaluation, known: Outcome) -> list[str]:
    names = {level.level: level.content.name for level, _ in each.results}
    lines = [
        f"  研究确定的等次  {names[level]} {fixed.grade}  {fixed.on} {fixed.meeting}"
        + ("" if fixed.in_force else f"  {CONFIRM_AGAIN}")
        for level, fixed in known.grades
    ] or ["  研究确定的等次  未登记"]
    lines += [f"  意见归纳  {text}" for text in known.opinions]
    if wording.is_official(each.poll):
        letter = _handed(known.feedback, "未反馈", receipt=True)
        lines.append(f"  反馈本人  {letter}{_before(known.feedback_before)}")
        entry = _handed(known.filed, "未归档", receipt=False)
        lines.append(f"  归入廉政档案  {entry}{_before(known.filed_before)}")
    return [visible_line(line) for line in lines]


def _handed(known: Delivery | None, owed: str, *, receipt: bool) -> str:
    if known is None:
        return owed
    words = f"{known.on} {known.way}"
    if known.signed_on:
        return f"{words}  {known.signed_by} {known.signed_on}签收"
    return f"{words}  未签收" if receipt else words


def _before(known: Delivery | None) -> str:
    return f"  （{before_words(known)}）" if known else ""


def course_lines(past: Sequence[Evaluation], width: int, glyphs: Glyphs) -> list[str]:
    """The course of each grade's share by day of vote, the latest first. Votes on another scale
    stand in a block of their own."""
    lines: list[str] = []
    for name, levels in _KINDS:
        blocks: dict[tuple[str, ...], list[tuple[Evaluation, PlaceTally]]] = {}
        for each in past:
            found = each.result(*levels)
            if found and found[1].result:
                grades = found[0].content.scale.grades
                blocks.setdefault(grades, []).append((each, found[1].result))
        for grades, votes in blocks.items():
            lines += ["", f"{name}（{'、'.join(grades)}）"]
            for number, grade in enumerate(grades):
                for row, (each, place) in enumerate(votes):
                    share = place.shares[number]
                    mark = "" if wording.is_official(each.poll) else "计票中"
                    line = (
                        "  "
                        + fit("" if row else grade, _GRADE)
                        + fit(_day(each), _DAY)
                        + fit(wording.percent(share, each.round.rules.decimals), _SHARE, "right")
                        + "  "
                    )
                    room = width - cell_len(line) - len("计票中") * 2
                    lines.append((line + _bar(share, room, glyphs) + mark).rstrip())
    if not lines:
        return ["还没有可以列出走势的结果。"]
    return [*lines[1:], "", *_COURSE_NOTES]
