"""民主测评结果汇总表: a landscape summary of one poll or of the whole round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from exports.documents import summary_sheet
from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup, blank, ems
from exports.page.master import Orientation, master
from exports.page.styles import CAPTION, NOTE, UNDER_CAPTION
from exports.page.table import footed
from exports.parts.letter import notes_under_table, opening
from exports.parts.result_table import Lead, ResultLine, named_lines, notes_of, result_table
from exports.parts.results import PollResults, counted_alike
from exports.parts.section import trust_notes
from exports.parts.wording import (
    BLANK_DATE,
    NO_TRUST_RULE,
    OVERALL_NAME,
    attendance_words,
    date_words,
    headings,
    items_words,
    lacking_words,
    level_paper_words,
    paper_words,
    percent,
    period_words,
    returned_words,
    spaced_name,
    trust_rule_words,
    unofficial,
    way_words,
)
from models.count import shares
from models.count.tally import LevelTally
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.subjects import DUTY

_LANDSCAPE = Orientation.LANDSCAPE
_SIGNERS = (
    f"填表人：{blank(6)}　审核人：{blank(6)}　填表日期：{BLANK_DATE}　单位（盖章）：{blank(6)}"
)
_ITEM = Lead("测评内容", 4, 1, 12)
_NUMBER = Lead("序号", 2)
_DETERMINED = Lead("研究确定的等次", 4)
_PAPER = (Lead("发出", 2), Lead("收回", 2), Lead("有效", 2), Lead("无效", 2))
_INDENT = 480  # twips, of notes
_SPLIT = 4  # rows, of which two go with the notes
_MET = {True: "达到标准", False: "未达到标准"}


def poll_document(results: PollResults) -> bytes:
    """Return the summary of one poll: every subject, by item and overall."""
    font_set = results.documents.font_set
    body = poll_body(Markup(font_set), results, [f"{results.round.title}结果汇总表"])
    return master(_LANDSCAPE, font_set, unofficial(official=results.official)).document(body)


def poll_body(markup: Markup, results: PollResults, title: Sequence[str]) -> str:
    """Return the body of `poll_document`, with these lines as its title."""
    poll = results.poll
    way = f"测评方式：{way_words(results.round)}，无记名投票"
    facts = [f"被测评单位：{poll.unit_name}"]
    if poll.date:
        facts.append(f"测评日期：{date_words(poll.date)}")
    if poll.place:
        facts.append(f"地点：{poll.place}")
    body = [
        _title(markup, title, results.corrections, official=results.official),
        markup.paragraph(UNDER_CAPTION, "　　".join(facts)),
        markup.paragraph(UNDER_CAPTION, "　　".join(filter(None, (way, attendance_words(poll))))),
    ]
    numbered = headings()
    levels = list(results.levels.values())
    body += [
        _poll_level(markup, results, level, next(numbered), last=level is levels[-1])
        for level in levels
    ]
    return "".join(body)


def round_document(round_info: RoundInfo, polls: Sequence[PollResults]) -> bytes:
    """Return the summary of a whole round, one row per subject.

    A subject has a row per item if the sheets have no overall evaluation. `polls` must not be
    empty; they share the round's copy of levels and scales.
    """
    font_set = polls[0].documents.font_set
    body = round_body(Markup(font_set), round_info, polls, [f"{round_info.title}结果汇总表"])
    mark = unofficial(official=all(each.official for each in polls))
    return master(_LANDSCAPE, font_set, mark).document(body)


def round_body(
    markup: Markup,
    round_info: RoundInfo,
    polls: Sequence[PollResults],
    title: Sequence[str],
    determined: Collection[Level] = (),
) -> str:
    """Return the body of `round_document`, with these lines as its title.

    The levels in `determined` get a column for the grades decided at meetings (研究确定的等次),
    blank if none was.
    """
    polls = counted_alike(polls)
    sealed = sum(each.official for each in polls)
    corrections = [f"{each.poll.short}：{note}" for each in polls for note in each.corrections]
    facts = [f"组织单位：{polls[0].office.name}", f"被测评单位：{len(polls)}个"]
    if sealed < len(polls):
        facts.append(f"已封存{sealed}个，未封存{len(polls) - sealed}个")
    ways = [f"测评方式：{way_words(round_info)}，无记名投票"]
    if when := period_words(round_info.plan.starts, round_info.plan.ends):
        ways.append(f"测评时间：{when}")
    body = [
        _title(markup, title, corrections, official=sealed == len(polls)),
        markup.paragraph(UNDER_CAPTION, "　　".join(facts)),
        markup.paragraph(UNDER_CAPTION, "　　".join(ways)),
    ]
    numbered = headings()
    levels = [level for level in Level if any(level in each.levels for each in polls)]
    for level in levels:
        tallied = [(each, each.levels[level]) for each in polls if level in each.levels]
        body.append(
            _round_level(
                markup,
                round_info,
                tallied,
                next(numbered),
                determined=level in determined,
                last=level is levels[-1],
            )
        )
    return "".join(body)


def _who_leads(names: Iterable[str]) -> tuple[Lead, Lead, Lead]:
    """Return the columns of number, name and post.

    The name column is wide enough for all but the longest names.
    """
    longest = max((ems(spaced_name(name)) for name in names), default=3.0)
    return Lead("序号", 2), Lead("姓名", min(max(longest, 3.0), 5.0)), Lead("职务", 5, 2, 12)


def _merged(
    first: Sequence[str | None], lines: Sequence[ResultLine], itemised: bool
) -> list[ResultLine]:
    """Return one subject's `lines` after its own leading cells, which appear only once."""
    found = []
    for number, line in enumerate(lines):
        own: tuple[str | None, ...] = tuple(first) if number == 0 else (None,) * len(first)
        leads = (*own, *line.leads) if itemised else own
        found.append(replace(line, leads=leads, strong=line.strong and len(lines) > 1))
    return found


def _section(
    markup: Markup,
    round_info: RoundInfo,
    level: LevelTally,
    leads: Sequence[Lead],
    lines: Sequence[ResultLine],
    caption: str,
    paper: str,
    trust: Sequence[str],
    *,
    last: bool,
) -> str:
    """Return one level: caption, ballot counts, table, notes, and after the `last` the signers.

    Notes, and the signers' line below them, are the table's last row, so that they are on the page
    of the rows above.
    """
    rules = round_info.rules
    made = result_table(
        markup,
        level.content.scale,
        leads,
        lines,
        width=_LANDSCAPE.text_width,
        decimals=rules.decimals,
        weighted=level.weighted,
    )
    said = notes_of(round_info, made, lines, level)
    items = items_words(level.content.items) if _ITEM in leads and level.content.items else ""
    # That paragraph is long: a table must leave rows on the page before to move with it.
    apart = bool(items) and len(lines) < _SPLIT and not last
    if items and not apart:
        said.append(items)
    foot = notes_under_table(markup, [*said, *trust], in_table=True)
    if last:
        foot += markup.paragraph(NOTE) + markup.paragraph(NOTE, _SIGNERS)
    return (
        markup.paragraph(CAPTION, caption)
        + markup.paragraph(UNDER_CAPTION, paper)
        + footed(made.xml, foot)
        + (markup.paragraph(NOTE, items, left=_INDENT, keep_lines=True) if apart else "")
    )


def round_trust(
    round_info: RoundInfo, tallied: Sequence[tuple[PollResults, LevelTally]]
) -> list[str]:
    """Return how many subjects of a level met its trust rule, in one sentence.

    Without a rule, it says so if the level is about a person's duty; otherwise it is empty. Each
    poll's own summary shows which subjects met it.
    """
    level = tallied[0][1].level
    rule = round_info.rules.trust.get(level)
    if rule is None:
        return [NO_TRUST_RULE] if level in DUTY else []
    met: Counter[str] = Counter()
    for results, each in tallied:
        for subject in each.subjects:
            if (finding := results.trust(each, subject)) is None:
                continue
            met[lacking_words(finding.lacking) if finding.lacking else _MET[bool(finding.met)]] += 1
    words = [
        f"{said}{met[said]}{'人' if level.personal else '个'}"
        for said in dict.fromkeys((*_MET.values(), *met))
    ]
    said = "，".join(words) if met else f"票面没有{OVERALL_NAME}，未作比对"
    return [f"{trust_rule_words(rule, round_info.rules)}。{said}。"]


def _paper_cells(paper: Balance) -> list[str]:
    """The paper of one subject's sheet, as `_PAPER` heads it."""
    return [str(paper.issued), returned_words(paper), str(paper.valid), str(paper.void)]


def _rate(paper: Balance, round_info: RoundInfo) -> str:
    """The clause on how much came back; empty if that is none, or not all registered."""
    if not paper.returned or paper.unregistered:
        return ""
    rate = percent(shares.share(paper.returned, paper.issued), round_info.rules.decimals)
    return f"，回收率{rate}"


def _title(
    markup: Markup, title: Sequence[str], corrections: Sequence[str], *, official: bool
) -> str:
    return opening(markup, title, _LANDSCAPE, official=official, corrections=corrections)


def _poll_level(
    markup: Markup, results: PollResults, level: LevelTally, number: str, *, last: bool
) -> str:
    subjects = level.subjects
    apart = len({subject.paper for subject in subjects}) > 1
    # What every sheet has alike is said above the table.
    alike = len({subject.paper.issued for subject in subjects}) == 1
    who = level.level.personal or len(subjects) > 1
    itemised = not who or any(len(subject.places) > 1 for subject in subjects)
    leads = [
        *(_who_leads(subject.subject.name for subject in subjects) if who else ()),
        *(_PAPER[alike:] if who and apart else ()),
        *([_ITEM] if itemised else []),
    ]
    lines = []
    for position, subject in enumerate(subjects, 1):
        name, post = spaced_name(subject.subject.name), subject.subject.post
        first: list[str] = [str(position), name, post] if who else []
        if who and apart:
            first += _paper_cells(subject.paper)[alike:]
        lines += _merged(first, named_lines(level, subject), itemised)
    return _section(
        markup,
        results.round,
        level,
        leads,
        lines,
        f"{number}{level.content.name}",
        f"测评票{level_paper_words(level)}{_rate(level.paper, results.round)}。",
        trust_notes(results, level, subjects),
        last=last,
    )


def _round_level(
    markup: Markup,
    round_info: RoundInfo,
    tallied: Sequence[tuple[PollResults, LevelTally]],
    number: str,
    *,
    determined: bool,
    last: bool,
) -> str:
    level = replace(tallied[0][1], no_present=any(each.no_present for _, each in tallied))
    everyone = [subject for _, each in tallied for subject in each.subjects]
    who = level.level.personal or len(everyone) > len(tallied)
    itemised = any(subject.result is None for subject in everyone)
    leads = [
        _NUMBER,
        Lead("单位", 7, 2, 14),
        *(_who_leads(each.subject.name for each in everyone)[1:] if who else ()),
        *((_DETERMINED,) if determined else ()),
        *_PAPER,
        *([_ITEM] if itemised else []),
    ]
    lines: list[ResultLine] = []
    position = 0
    for results, each in tallied:
        for subject in each.subjects:
            position += 1
            # Units are not merged, so that each page of a long table shows them.
            first = [str(position), results.poll.unit_name]
            if who:
                first += [spaced_name(subject.subject.name), subject.subject.post]
            if determined:
                fixed = results.determined(subject)
                first.append(fixed.grade if fixed else "")
            first += _paper_cells(subject.paper)
            named = named_lines(each, subject)
            shown = named if subject.result is None else named[-1:]
            lines += _merged(first, [replace(line, strong=False) for line in shown], itemised)
    total = sum((each.paper for _, each in tallied), Balance())
    sheets = sum(len(each.papers) for _, each in tallied)
    several = f"一人一票，共{sheets}种，" if sheets > len(tallied) else ""
    return _section(
        markup,
        round_info,
        level,
        leads,
        lines,
        f"{number}{level.content.name}",
        f"合计：测评票{several}{paper_words(total)}{_rate(total, round_info)}。",
        round_trust(round_info, tallied),
        last=last,
    )


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        results = sources.results[poll.id]
        yield poll, Document(poll.unit_name, partial(poll_document, results))
        for suffix, written in summary_sheet.FORMS.items():
            content = partial(written, sources.round, [results])
            yield poll, Document(poll.unit_name, content, suffix=suffix)


def _of_round(sources: Sources) -> Iterator[Document]:
    results, title = tuple(sources.results.values()), sources.round.title
    yield Document(title, partial(round_document, sources.round, results))
    for suffix, written in summary_sheet.FORMS.items():
        yield Document(title, partial(written, sources.round, results), suffix=suffix)


def _filed_of_round(round_info: RoundInfo) -> Filed:
    return Filed(f"{round_info.title}结果汇总表（全部单位）")


def _filed_of_poll(results: PollResults) -> Iterator[Filed]:
    yield Filed(f"{results.poll.unit_name}{results.round.title}结果汇总表")


WRITER = Writer(
    of_polls=_of_polls,
    of_round=_of_round,
    filed_of_round=_filed_of_round,
    filed_of_poll=_filed_of_poll,
)
