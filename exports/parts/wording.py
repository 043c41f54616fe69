"""Official wording in one place: dates, numbers, names and the notes under tables.

Sentences about counting are generated from the settings used for counting, so that a document
cannot say one thing and compute another. Pure functions only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count

from exports.page.markup import blank
from models.count import shares
from models.count.by_group import GroupLines
from models.count.tally import LevelTally, TrustFinding
from models.regulation.levels import GradeScale, Item
from models.regulation.rules import Comparator, Denominator, RoundRules, TrustRule
from models.rounds.balance import Balance
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo, PollState
from models.seal.sealing import SealInfo, groups_of

UNOFFICIAL = "计票中，非正式结果"
NO_TRUST_RULE = "未设定信任票标准，未作比对。"
ROUNDING = "因四舍五入，各项合计可能不等于100%。"
THE_OTHERS = "其余各类合计"
NO_VALID = "没有有效票"
VOTE_AGAIN = f"{NO_VALID}，没有结果可反馈，不写；请研究是否重新测评"
CORRECTED = "本结果经更正，以本件为准。"
NOT_YET_BY_GROUP = "封存以前不按类别公布。"
PRESENT_UNKNOWN = "实到人数未登记的，不列得票率。"
PRESENT_TOO_FEW = "各等次得票率合计超过100%的，登记的实到人数少于票数，应核对实到人数。"
PRESENT_NOT_BY_GROUP = "实到人数不分类别登记，各类别不列得票率。"
OVERALL_NAME = "总体评价"
# Filled in by hand: only the office knows when a letter is signed.
BLANK_DATE = f"{blank(4)}年{blank(2)}月{blank(2)}日"

_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})(?:\D.*)?")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})$")
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2}")
_NAMED = re.compile(_HAN.pattern.removesuffix("{2}"))


def decided_by(by: str, meeting: str) -> str:
    """Who decided and at which meeting, joined as both were typed: the meeting alone where its name
    begins with who decided, in brackets where it names an organ of its own."""
    if not by or meeting.startswith(by):
        return meeting
    if not meeting or re.match(r"[\d第〔（]", meeting):
        return by + meeting
    return f"{by}（{meeting}）"


def date_words(iso: str) -> str:
    """Format `2026-11-05` as 2026年11月5日; an empty string stays empty.

    There are no leading zeros (GB/T 9704-2012, 7.3.5.4).
    """
    if not iso:
        return ""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{day}日"


def period_words(starts: str, ends: str) -> str:
    """Format two ISO dates as 2026年11月2日至13日, repeating only what changes.

    If one is empty, or both are the same, a single date; if both are empty, an empty string.
    """
    if not starts or not ends or starts == ends:
        return date_words(starts or ends)
    first, last = starts.split("-"), ends.split("-")
    words = date_words(ends)
    if first[0] == last[0]:
        words = words.partition("年")[2]
        if first[1] == last[1]:
            words = words.partition("月")[2]
    return f"{date_words(starts)}至{words}"


def month_words(text: str) -> str:
    """Format a month or date as `1968.05`, as personnel records do.

    Text that is not a month is returned unchanged.
    """
    match = _MONTH.fullmatch(text.strip())
    if match is None or not 1 <= int(match[2]) <= 12:
        return text
    return f"{match[1]}.{int(match[2]):02d}"


def percent(value: Fraction | None, decimals: int) -> str:
    """Format a share as `85.71%`, or `—`, never 0.00%, if nobody voted."""
    return shares.percent_sign(value, decimals)


def points_words(grade: str, points: Fraction, decimals: int) -> str:
    """Describe a change in share: “优秀”票得票率提高3.20个百分点, …下降…, …持平.

    Without a grade, only the change. `points` is exact, in percentage points (GB/T 15835:
    differences of percentages are in points).
    """
    named = f"“{grade}”票得票率" if grade else ""
    shown = shares.percent(abs(points) / 100, decimals)
    if not any(digit in shown for digit in "123456789"):
        return f"{named}持平"
    return f"{named}{'提高' if points > 0 else '下降'}{shown}个百分点"


def spaced_name(name: str) -> str:
    """Space a name of two Han characters to three (张 三). For tables only."""
    return f"{name[0]}\u3000{name[1]}" if _HAN.fullmatch(name) else name


def fraction_words(numerator: int, denominator: int) -> str:
    """Format a fraction as `2/3`, or 全部 for the whole."""
    return "全部" if numerator == denominator else f"{numerator}/{denominator}"


def together_name(scale: GradeScale) -> str:
    """Return the name of the upper grades combined: 优秀称职合计, 优秀合格合计, 好中合计.

    Empty for a scale of two grades, where the sum would be either the first grade or everything.
    """
    count = grades_together(scale)
    return "".join(scale.grades[:count]) + "合计" if count else ""


def grades_together(scale: GradeScale) -> int:
    """Return how many upper grades are combined: two, or zero for a scale of two."""
    return 2 if len(scale.grades) > 2 else 0


def item_name(item: Item) -> str:
    """Return an item's name for a narrow column: 1.部署, or 第1项 if it has no title."""
    return f"{item.number}.{item.title}" if item.title else f"第{item.number}项"


def items_words(items: Iterable[Item]) -> str:
    """Return the items' statements in one paragraph: 测评内容：1.……；2.……。"""
    parts = (f"{item.number}.{item.statement.rstrip('。；')}" for item in items)
    return f"测评内容：{'；'.join(parts)}。"


def unofficial(*, official: bool) -> str:
    """Return the notice of a document that is not official, for each of its pages; else empty."""
    return "" if official else f"（{UNOFFICIAL}）"


def is_official(poll: PollInfo) -> bool:
    """Whether documents of this poll are official and need no notice."""
    return poll.state is PollState.SEALED


# ── how it was counted ──


def share_note(round_info: RoundInfo, *, weighted: bool) -> str:
    """Return how shares were computed, without 注：.

    Generated from the round's denominator, decimals and, for `weighted` shares, its weights.
    """
    rules = round_info.rules
    base = {
        Denominator.MARKS: "该项有效票数",
        Denominator.VALID: "有效票数（含弃权和多选）",
        Denominator.RETURNED: "收回票数",
        Denominator.PRESENT: "到会人数",
    }[rules.denominator]
    places = "一位" if rules.decimals == 1 else "两位"
    if not weighted:
        return f"得票率=该等次票数÷{base}，保留{places}小数。"
    return (
        f"得票率按测评人员类别加权：先按类别计算该等次票数÷{base}，"
        f"再乘以权重相加（{weight_words(round_info)}），保留{places}小数；"
        "某一类别没有有效票的，其余类别的权重按比例折算。票数为实际票数，未加权。"
    )


def weight_words(round_info: RoundInfo) -> str:
    """Format the groups' weights as 班子成员30%、…, without % if they do not add up to 100."""
    whole = sum(group.weight for group in round_info.groups) == 100
    return "、".join(
        f"{group.name}{group.weight}{'%' if whole else ''}" for group in round_info.groups
    )


def notes(
    round_info: RoundInfo, rows: Iterable[Sequence[Fraction | None]], level: LevelTally
) -> list[str]:
    """Return the notes for a table of a level with these rows of shares.

    They say how shares were counted; that weighted ones are withheld, or that the people present
    are not registered or fewer than the votes, if so; and, only if a row as printed does not add
    up to 100%, why.
    """
    shown = [tuple(row) for row in rows]
    found = [share_note(round_info, weighted=level.weighted)]
    if level.withheld:
        found.append(withheld_words(round_info, level))
    if level.no_present:
        found.append(PRESENT_UNKNOWN)
    # No other base is smaller than the votes.
    if any(sum(filter(None, row)) > 1 for row in shown):
        found.append(PRESENT_TOO_FEW)
    decimals = round_info.rules.decimals
    if not all(shares.rounds_to_whole(tuple(row), decimals) for row in rows):
        found.append(ROUNDING)
    return found


def withheld_words(round_info: RoundInfo, level: LevelTally) -> str:
    """Return why the shares of a weighted round stand unweighted."""
    if level.sampled:
        return "封存以前不列加权得票率，表中得票率未加权。"
    return (
        f"本轮次按类别加权，但有的类别有效票少于{round_info.rules.minimum_group}张，不单独公布，"
        "加权得票率也不公布；表中得票率未加权。"
    )


def breakdown_note(round_info: RoundInfo, shown: GroupLines) -> str:
    """Return what the lines by voter group are, and why some groups have none of their own; empty
    if all have."""
    names = [group.name for group in round_info.groups if group.id in shown.breakdown.together]
    if not names:
        return ""
    few = f"有效票少于{round_info.rules.minimum_group}张的类别不单独公布"
    if not shown.lines:
        return f"{few}；并在一起的就是全部，所以不按类别公布。"
    return f"{few}，与别的类别并为“{THE_OTHERS}”，须不少于两类：{'、'.join(names)}。"


# ── ballot counts ──


def paper_words(paper: Balance) -> str:
    """Format ballot counts as 发出63张，收回60张，有效58张，无效2张.

    Ballots not counted yet, and stacks not yet registered, are mentioned if there are any.
    Registered zero is 无票.
    """
    if paper.none:
        return f"发出{paper.issued}张，收回0张（无票）"
    if paper.unregistered and not paper.returned:
        return f"发出{paper.issued}张，收回未登记" if paper.issued else "发出、收回未登记"
    words = f"发出{paper.issued}张，收回{paper.returned}张，有效{paper.valid}张，无效{paper.void}张"
    if paper.missing > 0:
        words += f"，尚未计入{paper.missing}张"
    return f"{words}，{paper.unregistered}批收回未登记" if paper.unregistered else words


def returned_words(paper: Balance) -> str:
    """Format the number returned for a cell of a table: 无票 for registered zero, 未登记 where it
    is not known."""
    if paper.none:
        return "无票"
    return str(paper.returned) if paper.returned or not paper.unregistered else "未登记"


def sheets_words(papers: Sequence[Balance]) -> str:
    """Say that the ballot counts of a level are those of several sheets, each voter having one of
    each: 一人一票，共6种，每种发出30张，合计. Empty for one sheet."""
    if len(papers) < 2:
        return ""
    issued = sorted(paper.issued for paper in papers)
    each = f"{issued[0]}张" if issued[0] == issued[-1] else f"{issued[0]}至{issued[-1]}张"
    return f"一人一票，共{len(papers)}种，每种发出{each}，合计"


def level_paper_words(level: LevelTally) -> str:
    """Format the ballot counts of a level: of all its sheets, which is said if there are several.

    The one rule for the numbers of a level, on every page and screen.
    """
    return sheets_words(level.papers) + paper_words(level.paper)


def attendance_words(poll: PollInfo) -> str:
    """Format attendance as 应到66人，实到63人; empty if not recorded."""
    if not poll.expected:
        return ""
    present = f"{poll.present}人" if poll.present else "未登记"
    return f"应到{poll.expected}人，实到{present}"


def way_words(round_info: RoundInfo) -> str:
    """Return how the evaluation is held (regulation, clause 三).

    For example 定期、上级抽测，集中组织，单独进行.
    """
    plan = round_info.plan
    combined = f"与{plan.combined_with}结合进行" if plan.combined_with else "单独进行"
    return f"{plan.kind}、{plan.conducted}，{plan.gathering}组织，{combined}"


# ── trust ──


def trust_rule_words(rule: TrustRule, rules: RoundRules) -> str:
    """Format a trust rule as 信任票标准：优秀、称职票合计达到有效票数的2/3."""
    base = {
        Denominator.MARKS: "该项有效票数",
        Denominator.VALID: "有效票数",
        Denominator.RETURNED: "收回票数",
        Denominator.PRESENT: "到会人数",
    }[rule.base or rules.denominator]
    verb = "达到" if rule.comparator is Comparator.AT_LEAST else "超过"
    grades = "、".join(rule.grades) + ("票合计" if len(rule.grades) > 1 else "票")
    unweighted = "（按未加权的票数）" if rules.weighted else ""
    fraction = fraction_words(rule.numerator, rule.denominator)
    return f"信任票标准：{grades}{verb}{base}的{fraction}{unweighted}"


_LACKING = {
    Denominator.MARKS: "该项没有有效票",
    Denominator.VALID: "没有有效票",
    Denominator.RETURNED: "没有收回的票",
    Denominator.PRESENT: "实到人数未登记",
}


def lacking_words(lacking: Denominator) -> str:
    """Say what there is none of, where votes are not compared with a trust rule."""
    return _LACKING[lacking]


def trust_finding_words(rules: RoundRules, finding: TrustFinding | None) -> str:
    """Return how the votes compare with the rule: 信任票55票，占94.83%，达到标准.

    Never a verdict: the consequences are for people to decide (regulation, clause 五、3).
    """
    if finding is None:
        return f"票面没有{OVERALL_NAME}，未作比对"
    if finding.lacking is not None:
        return f"{lacking_words(finding.lacking)}，未作比对"
    share = percent(Fraction(finding.counted, finding.base), rules.decimals)
    said = f"信任票{finding.counted}票，占{share}，{'达到' if finding.met else '未达到'}标准"
    # No other base is smaller than the votes.
    few = "（登记的实到人数少于票数，应核对）" if finding.counted > finding.base else ""
    return said + few


_DIGITS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """Format a number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    words = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return words + (_DIGITS[ones] if ones else "")


def headings() -> Iterator[str]:
    """Yield 一、, 二、 and so on, endlessly."""
    return (f"{numeral(number)}、" for number in count(1))


_GROUPS_A_LINE = 8


def digest_lines(digest: str) -> list[str]:
    """Format a SHA-256 digest for comparison by eye: 16 groups of 4, eight per line."""
    groups = groups_of(digest)
    return [
        " ".join(groups[at : at + _GROUPS_A_LINE]) for at in range(0, len(groups), _GROUPS_A_LINE)
    ]


def moment_words(iso: str) -> str:
    """`2026-11-05T09:30:00+08:00` in Chinese: 2026年11月5日9时30分（东八区）.

    Without an offset, as in records of before, none is written.
    """
    date, _, time = iso.partition("T")
    hour, minute = time.split(":")[:2]
    words = f"{date_words(date)}{int(hour)}时{int(minute)}分"
    offset = _OFFSET.search(time)
    if offset is None:
        return words
    return f"{words}（{_zone_words(offset[1], int(offset[2]), int(offset[3]))}）"


def _zone_words(sign: str, hours: int, minutes: int) -> str:
    """A clock's offset in Chinese: 东八区, 零时区; 东5时30分 where it is no whole hour."""
    if not hours and not minutes:
        return "零时区"
    side = "东" if sign == "+" else "西"
    return f"{side}{numeral(hours)}区" if not minutes else f"{side}{hours}时{minutes}分"


def reopening_words(seal: SealInfo) -> str:
    """Return when, why and by whom a seal was reopened; empty for the one in force."""
    if seal.in_force:
        return ""
    return (
        f"{moment_words(seal.reopened_at)}重新开封，理由：{seal.reopened_reason}，"
        f"批准人：{'、'.join(seal.reopened_by)}"
    )


def objection_words(channel: str, paper: str) -> str:
    """Return how and by when to object, as an office words it for its letters, in another paper:
    what a letter calls 本反馈书 is `paper` there."""
    return channel.replace("本反馈书", paper)


def correction_notes(seals: Sequence[SealInfo]) -> list[str]:
    """Return the notice for documents of a poll that was sealed more than once.

    The digests stand on the report of the count, not in letters. Empty for a first seal, or if no
    seal is in force.
    """
    return [CORRECTED] if len(seals) > 1 and seals[-1].in_force else []


def operator_words(who: str) -> str:
    """Return who did something at the keyboard, for signed paper; empty for an account of the
    machine, whose person signs by hand. People sign in under names of Han characters."""
    return who if _NAMED.search(who) else ""
