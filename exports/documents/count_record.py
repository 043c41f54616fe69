"""计票结果报告单: the page signed after the count (regulation, clause 三、4).

That clause asks for results to be summed up seriously, carefully, objectively and accurately, and
for fraud to be prevented. The page holds the ballot counts and their balance, every vote count, who
keyed what, the digests of the seal and the journal, and space for signatures. It gives counts only,
because shares are not what is signed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from exports.documents.writer import Document, Filed, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.measure import Measured, heights
from exports.page.styles import BETWEEN_TABLES, ITEMS, LINE_PITCH, MARKER, NOTE, UNDER_CAPTION, Face
from exports.page.table import CELL_MARGIN, Cell, Row, cell, label, table
from exports.parts.letter import opening
from exports.parts.result_table import Band, banded_lines, broken
from exports.parts.results import PollResults
from exports.parts.wording import (
    attendance_words,
    date_words,
    digest_lines,
    items_words,
    moment_words,
    operator_words,
    reopening_words,
    returned_words,
    way_words,
)
from models.count.tally import LevelTally
from models.entry import error_rate, error_words, second_entry
from models.entry.second_entry import StackVerification
from models.rounds import stacks
from models.rounds.balance import Balance
from models.rounds.contents import void_reasons
from models.rounds.polls import PollInfo
from models.rounds.stacks import Stack
from models.seal.sealing import SealInfo, Teller

_PORTRAIT = Orientation.PORTRAIT
_WIDTH = _PORTRAIT.text_width
_SIZE = 21
_PAGE = 22 * LINE_PITCH - 200  # twips, less a margin of error
# Twips; high enough for a signature and its date, the least for both, and that of the text alone.
_SIGNED_ROW, _LEAST_SIGNED_ROW, _SIGNED_ROW_TEXT = 700, 480, 360
_ANNEX = "附：计票明细"
# What stands on the page that is signed where there is no room for all.
_ENTRY_LINES = 2
_IN_ANNEX = "其余见所附明细。"
_SIGNED_ON = f"{blank(2)}年{blank(1)}月{blank(1)}日"
# Width of the first column in percent, and the text size in half-points; both are smaller if
# there are many columns of numbers.
_USUAL, _MANY = (30, _SIZE), (16, 18)
_USUAL_UP_TO = 8
_POLICIES = {1: "全部复核", 0: "本轮次不复核"}


@dataclass(frozen=True)
class CountRecord:
    """What the report needs in addition to a poll's results."""

    stacks: tuple[Stack, ...]
    """The poll's stacks of ballots."""
    voids: dict[int, dict[int, int]]
    """The number of void ballots by stack id, then by reason (from 1)."""
    void_reasons: tuple[str, ...]
    """The wording of the reasons for void ballots."""
    verifications: dict[int, StackVerification]
    """The second entry of each stack, by stack id."""
    seals: tuple[SealInfo, ...]
    """Every version of the poll's seal, oldest first."""


def document(results: PollResults, record: CountRecord) -> bytes:
    """Return the report of a sealed poll: a page to sign, and the details annexed to it."""
    markup = Markup(results.documents.font_set)
    entry = _entry_words(results, record)
    face, whole = _face(markup, results, record, entry)
    body = [
        face,
        markup.paragraph(MARKER, _ANNEX, align="left", new_page=True),
        _caption(markup, "各类别票数（单位：张）"),
        _paper(markup, results, record),
        *(_counts(markup, level) for level in results.levels.values()),
    ]
    if not whole:
        body += [_caption(markup, "录入和复核"), markup.paragraphs(NOTE, entry)]
    if earlier := _earlier_seals(record):
        body.append(_caption(markup, "以前各次封存"))
        body.append(table(markup, earlier.widths, earlier.rows, _SIZE))
    return master(_PORTRAIT, results.documents.font_set).document("".join(body))


def _face(
    markup: Markup, results: PollResults, record: CountRecord, entry: Sequence[str]
) -> tuple[str, bool]:
    """Return the page that is signed, and whether all that is said of the entry stands on it.

    The rows for signatures take what is left, as far as they need it.
    """
    head = opening(
        markup, (results.round.title, "计票结果报告单"), _PORTRAIT, official=True, gap=False
    )
    facts, totals = _facts(results), _totals(results, record)
    seal, tellers = _seal(record), record.seals[-1].tellers
    fixed = heights(head, _WIDTH) + 4 * UNDER_CAPTION.line
    fixed += sum(each.height(_SIZE) for each in (facts, totals, seal, _signatures(tellers, 0)))
    rest = _PAGE - fixed - len(tellers) * (_LEAST_SIGNED_ROW - _SIGNED_ROW_TEXT)
    said = markup.paragraphs(NOTE, entry)
    if not (whole := heights(said, _WIDTH) <= rest):
        said = markup.paragraphs(NOTE, [*entry[:_ENTRY_LINES], _IN_ANNEX])
    rest -= heights(said, _WIDTH)
    high = min(_LEAST_SIGNED_ROW + max(rest, 0) // max(len(tellers), 1), _SIGNED_ROW)

    def drawn(measured: Measured) -> str:
        return table(markup, measured.widths, measured.sized(_SIZE), _SIZE)

    body = [
        head + markup.paragraph(BETWEEN_TABLES),
        drawn(facts),
        _caption(markup, "票数合计（单位：张）"),
        drawn(totals),
        _caption(markup, "录入和复核"),
        said,
        _caption(markup, "封存"),
        drawn(seal),
        _caption(markup, "签字"),
        drawn(_signatures(tellers, high)),
    ]
    return "".join(body), whole


def _caption(markup: Markup, text: str) -> str:
    return markup.paragraph(UNDER_CAPTION, text, face=Face.HEI)


def _facts(results: PollResults) -> Measured:
    poll = results.poll
    rows = [
        ("被测评单位", poll.unit_name),
        ("测评时间", date_words(poll.date) or "未登记"),
        ("测评地点", poll.place or "未登记"),
        ("到会人数", attendance_words(poll) or "未登记"),
        ("测评方式", way_words(results.round)),
    ]
    first = _WIDTH * 22 // 100
    return Measured(
        (first, _WIDTH - first),
        tuple(Row((label(name), cell(text, align="left"))) for name, text in rows),
    )


def _totals(results: PollResults, record: CountRecord) -> Measured:
    """The paper of each level, and of all."""
    widths = tuple(_shares((35, 13, 13, 13, 13, 13)))
    titles = ("测评层级", "发出", "收回", "未收回", "有效", "无效")
    rows = [Row(tuple(map(label, titles)), header=True)]
    for level, tally in results.levels.items():
        paper = _sum(stack for stack in record.stacks if stack.level is level)
        numbers = _numbers(paper.issued, paper, paper.unreturned)
        rows.append(Row((cell(tally.content.name), *numbers), keep_next=True))
    total = _sum(record.stacks)
    rows.append(Row((label("合计"), *_numbers(total.issued, total, total.unreturned))))
    return Measured(widths, tuple(rows))


def _paper(markup: Markup, results: PollResults, record: CountRecord) -> str:
    names = {level: tally.content.name for level, tally in results.levels.items()}
    widths = _shares((17, 17, 7, 7, 8, 7, 7, 30))
    titles = ("票种", "测评人员类别", "发出", "收回", "未收回", "有效", "无效", "无效原因")
    rows = [Row(tuple(label(title) for title in titles), header=True)]
    groups = _by_group(record.stacks)
    for own in groups:
        paper, several = _sum(own), len(own) > 1
        named = (names[own[0].level], *filter(None, (own[0].subject,)))
        sheet = Cell(named, merge="start" if several else "")
        numbers = _numbers(paper.issued, paper, paper.unreturned)
        found = _reasons(_voids(own, record), record.void_reasons)
        last = cell(found, align="left")
        held = several or own is groups[-1]
        rows.append(Row((sheet, cell(own[0].group.name), *numbers, last), keep_next=held))
        # Issued belongs to the group: its stacks stand under it without.
        for stack in own if several else ():
            numbers = _numbers("", stack.balance, "")
            last = cell(_reasons(_voids([stack], record), record.void_reasons), align="left")
            rows.append(Row((Cell(merge="on"), cell(f"其中第{stack.number}批"), *numbers, last)))
    total = _sum(record.stacks)
    words = _reasons(_voids(record.stacks, record), record.void_reasons)
    numbers = _numbers(total.issued, total, total.unreturned)
    rows.append(Row((label("合计", span=2), *numbers, cell(words, align="left")), keep_next=True))
    note = f"发出=收回+未收回；收回=有效+无效。{_agreement(groups)}"
    return table(markup, widths, rows, _SIZE) + markup.paragraph(NOTE, f"注：{note}")


def _by_group(paper: Iterable[Stack]) -> list[list[Stack]]:
    """The stacks of each sheet and voter group, in order."""
    found: dict[tuple[int, int], list[Stack]] = {}
    for stack in paper:
        found.setdefault((stack.sheet_id, stack.group.id), []).append(stack)
    return list(found.values())


def _sum(paper: Iterable[Stack]) -> Balance:
    return sum((stack.balance for stack in paper), Balance())


def _agreement(groups: Sequence[Sequence[Stack]]) -> str:
    """Whether what the note says is so in every row above it; if not, in how many it is not."""
    wrong = sum(_sum(own).unreturned < 0 for own in groups)
    wrong += sum(stack.balance.missing != 0 for own in groups for stack in own)
    unknown = sum(_sum(own).unregistered for own in groups)
    said = [f"以上有{wrong}处不符" if wrong else "以上各行均相符"]
    said += [f"有{unknown}批收回未登记"] if unknown else []
    if any(len(own) > 1 for own in groups):
        said.append("分批收回的，发出数属于类别，各批列在其下")
    return "，".join(said) + "。"


def _numbers(issued: int | str, paper: Balance, unreturned: int | str) -> tuple[Cell, ...]:
    shown = (issued, returned_words(paper), unreturned, paper.valid, paper.void)
    return tuple(cell(str(each)) for each in shown)


def _voids(paper: Iterable[Stack], record: CountRecord) -> Counter[int]:
    """The void ballots of these stacks by reason."""
    return sum((Counter(record.voids.get(stack.stack_id, {})) for stack in paper), Counter[int]())


def _reasons(voids: Mapping[int, int], names: Sequence[str]) -> str:
    return "；".join(
        f"{names[reason - 1] if reason <= len(names) else f'原因{reason}'}{n}张"
        for reason, n in sorted(voids.items())
    )


def _counts(markup: Markup, level: LevelTally) -> str:
    grades = level.content.scale.grades
    last = (*grades, "弃权", "多选", "合计")
    lead, size = _USUAL if len(last) <= _USUAL_UP_TO else _MANY
    widths = _shares((lead * len(last), *(100 - lead,) * len(last)))
    room = (widths[1] - 2 * CELL_MARGIN) / (size * 10)
    titles = (Cell(broken(title, room), face=Face.HEI) for title in last)
    rows = [Row((label("测评内容"), *titles), header=True)]
    lines = banded_lines(level, level.subjects)
    for line, after in zip_longest(lines, lines[1:]):
        # Keep a subject's rows on one page.
        held = after is not None and not isinstance(after, Band)
        if isinstance(line, Band):
            rows.append(Row((label(line.text, span=1 + len(last)),), keep_next=True))
            continue
        place = line.place
        numbers = (*place.grades, place.blank, place.overvote, place.valid)
        cells = (cell(line.leads[0] or ""), *(cell(str(n)) for n in numbers))
        rows.append(Row(cells, keep_next=held))
    caption = markup.paragraph(UNDER_CAPTION, f"{level.content.name}（单位：票）")
    asked = level.content.items if any(len(each.places) > 1 for each in level.subjects) else ()
    told = markup.paragraph(ITEMS, items_words(asked)) if asked else ""
    return caption + table(markup, widths, rows, size) + told


def _entry_words(results: PollResults, record: CountRecord) -> list[str]:
    found = list(record.verifications.values())
    every = results.round.rules.verification.every
    words = _POLICIES.get(every) or f"每{every}张复核1张"
    first = _names(name for each in found for name in each.first_keyers)
    lines = [f"第一次录入{first}。复核规则：{words}。"]
    if not every:
        return lines
    second = _names(name for each in found for name in each.second_keyers)
    alone = [each.same_person for each in found if each.second_keyers]
    same = "两次录入为同一人。" if all(alone) else "部分批次两次录入为同一人。"
    lines.append(f"第二次录入{second}。{same if any(alone) else ''}")
    lines.append(f"{'；'.join(_agreement_words(found)).translate(_CLOSED_UP)}。")
    lines += _samples(results, record)
    if len(record.seals) > 1:
        lines.append("封存后更正的票，均对照纸票录入两遍，两遍一致。")
    if third := [name for each in found for name in each.third_keyers]:
        lines.append(f"不同之处的核定{_names(third)}。")
    return lines


def _agreement_words(found: Sequence[StackVerification]) -> list[str]:
    """How far the entries agreed. The rate of errors says something only if there were some."""
    compared = sum(each.compared for each in found)
    wrong = sum(each.differences for each in found)
    said = error_words.lines(found)
    if compared and not wrong and len(said) == 1:
        return [f"比对{compared}项，{said[0]}"]
    return [error_rate.words(wrong, compared), *said]


def _samples(results: PollResults, record: CountRecord) -> list[str]:
    """Return the seeds with which samples were drawn, so that anybody can draw them again."""
    drawn = []
    for each in record.stacks:
        seen = record.verifications[each.stack_id]
        if seen.seed:
            sheet = results.levels[each.level].content.name
            batch = f"第{each.number}批" if each.number > 1 or not each.last else ""
            name = f"{sheet}{each.subject}{each.group.name}{batch}"
            drawn.append(f"{name}收回{each.returned}张抽{seen.needed}张，种子{seen.seed}")
    return [f"抽查的样本在第一次录完后抽取：{'；'.join(drawn)}。"] if drawn else []


_NOBODY = "无"
_TO_SIGN = blank(6)
# Screens put spaces around numbers and group their digits; official text does neither.
_CLOSED_UP = str.maketrans("", "", " ,")


def _names(names: Iterable[str]) -> str:
    """Return who keyed, after what they did; a line to sign for those who used only an account of
    the machine."""
    every = sorted(set(names))
    known = [name for name in map(operator_words, every) if name]
    if every and len(known) < len(every):
        return f"（签名）：{'、'.join([*known, _TO_SIGN])}"
    return f"：{'、'.join(known) or _NOBODY}"


def _seal(record: CountRecord) -> Measured:
    sealed = record.seals[-1]
    return _named_rows(
        _row("封存", [f"第{sealed.version}次，{moment_words(sealed.at)}", _operator(sealed.who)]),
        _row("摘要（SHA-256）", digest_lines(sealed.digest)),
        _row("操作日志末项摘要", digest_lines(sealed.journal_head)),
    )


def _earlier_seals(record: CountRecord) -> Measured | None:
    """The digests of the seals before the one in force, and why they were opened."""
    rows = [
        _row(f"第{each.version}次封存摘要", [*digest_lines(each.digest), reopening_words(each)])
        for each in record.seals[:-1]
    ]
    return _named_rows(*rows) if rows else None


def _named_rows(*rows: Row) -> Measured:
    first = _WIDTH * 28 // 100
    return Measured((first, _WIDTH - first), rows)


def _operator(who: str) -> str:
    known = operator_words(who)
    return f"操作人：{known}" if known else f"操作人（签名）：{_TO_SIGN}"


def _row(name: str, lines: Sequence[str]) -> Row:
    return Row((label(name), Cell(tuple(lines), align="left")))


def _signatures(tellers: Sequence[Teller], height: int) -> Measured:
    widths = tuple(_shares((18, 22, 34, 26)))
    head = Row(tuple(map(label, ("分工", "姓名", "签名", "日期"))), header=True, keep_next=True)
    rows = (
        Row(
            (cell(teller.role), cell(teller.name), cell(""), cell(_SIGNED_ON)),
            height=height,
            keep_next=number < len(tellers),
        )
        for number, teller in enumerate(tellers, 1)
    )
    return Measured(widths, (head, *rows))


def _shares(parts: Sequence[int]) -> list[int]:
    """Return column widths in twips from proportions; the last takes the remainder."""
    whole = sum(parts)
    widths = [_WIDTH * part // whole for part in parts[:-1]]
    return [*widths, _WIDTH - sum(widths)]


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        results = sources.results[poll.id]
        if not results.seals or not results.seals[-1].in_force:
            continue
        record = CountRecord(
            tuple(stacks.stacks(poll.id)),
            stacks.voids(poll.id),
            void_reasons(sources.round, sources.settings),
            second_entry.of_poll(poll.id),
            results.seals,
        )
        yield poll, Document(poll.unit_name, partial(document, results, record))


def _filed(results: PollResults) -> Iterator[Filed]:
    title = f"{results.poll.unit_name}{results.round.title}计票结果报告单"
    sealed_on = results.seals[-1].at[:10] if results.seals else ""
    yield Filed(title, sealed_on.replace("-", ""))


WRITER = Writer(of_polls=_of_polls, filed_of_poll=_filed)
