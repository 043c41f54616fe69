"""The summary (汇总表) as a spreadsheet: .xlsx with typed cells, or .csv with guarded text.

One row per subject and item, for one poll or all polls of a round. The .xlsx has a worksheet for
each level, so that grades of different scales never share a column. The same results always give
the same bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

from exports.documents.workbook import Value, Worksheet, workbook
from exports.parts.results import PollResults, counted_alike
from exports.parts.wording import (
    OVERALL_NAME,
    PRESENT_UNKNOWN,
    ROUNDING,
    UNOFFICIAL,
    grades_together,
    item_name,
    items_words,
    paper_words,
    percent,
    period_words,
    share_note,
    together_name,
    way_words,
    withheld_words,
)
from exports.text import safe_csv
from models.count import shares
from models.count.tally import LevelTally, PlaceTally, SubjectTally
from models.names import noncharacter
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo

SEALED = "已封存"
_WHO = ("单位", "测评层级", "被测评对象", "职务", "测评内容")
_PAPER = ("发出", "收回", "有效票", "无效票")
_AFTER = ("弃权", "多选", "状态", "说明")


def xlsx_document(round_info: RoundInfo, polls: Sequence[PollResults]) -> bytes:
    """Return the results of these polls as a workbook: a worksheet per level, then 说明.

    `polls` must not be empty; they share the round's copy of levels and scales.
    """
    sheets = []
    polls = counted_alike(polls)
    for level in Level:
        lines = list(_lines(polls, level))
        if lines:
            names = list(lines[0].sums)
            rows = [line.values(names) for line in lines]
            title = lines[0].level.content.name
            sheets.append(Worksheet(title, rows, _header(names, lines[0].level), held=3))
    return workbook([*sheets, _explained(round_info, polls)], round_info.rules.decimals)


def csv_document(round_info: RoundInfo, polls: Sequence[PollResults]) -> bytes:
    """Return the same as one CSV table in UTF-8.

    It starts with a byte order mark so that spreadsheets detect the encoding. Each grade has its
    own columns, empty at levels whose scale does not have it.
    """
    polls = counted_alike(polls)
    lines = [line for level in Level for line in _lines(polls, level)]
    names = list(dict.fromkeys(name for line in lines for name in line.sums))
    decimals = round_info.rules.decimals
    rows: list[list[str | int]] = [[*_header(names, lines[0].level)]] if lines else []
    rows += [
        [percent(each, decimals) if isinstance(each, Fraction) else each for each in row]
        for row in (line.values(names) for line in lines)
    ]
    return ("\ufeff" + safe_csv(rows)).encode()


@dataclass(frozen=True)
class _Line:
    """One item, or the overall evaluation, of one subject in one poll."""

    results: PollResults
    """The poll's results."""
    level: LevelTally
    """The level's tally."""
    subject: SubjectTally
    """The subject's tally."""
    place: PlaceTally
    """The tally of the item."""

    @cached_property
    def sums(self) -> dict[str, tuple[int, Fraction | None]]:
        """Votes and share by grade, then of the upper grades combined."""
        scale, place = self.level.content.scale, self.place
        found = dict(zip(scale.grades, zip(place.grades, place.shares, strict=True), strict=True))
        if first := grades_together(scale):
            found[together_name(scale)] = (
                sum(place.grades[:first]),
                place.share_of_first(first),
            )
        return found

    def values(self, names: Sequence[str]) -> list[Value]:
        """Return the row, with votes and shares of the grades in `names`."""
        poll, who, level = self.results.poll, self.subject.subject, self.level
        paper = self.subject.paper
        first = (poll.unit_name, level.content.name, who.name, who.post, self._title)
        row: list[Value] = [_clean(text) for text in first]
        row += [paper.issued, paper.returned, paper.valid, paper.void]
        for name in names:
            pair = self.sums.get(name)
            if pair is None:
                row += ["", ""]
            else:
                row += [pair[0], shares.NO_SHARE if pair[1] is None else pair[1]]
        state = SEALED if self.results.official else UNOFFICIAL
        said = [withheld_words(self.results.round, level)] if level.withheld else []
        said += [PRESENT_UNKNOWN] if level.no_present else []
        said += [_state_of(paper)] if paper.none or paper.unregistered else []
        return [
            *row,
            self.place.blank,
            self.place.overvote,
            state,
            _clean("".join([*said, *self.results.corrections])),
        ]

    @property
    def _title(self) -> str:
        line = self.place.line
        if line == OVERALL:
            return OVERALL_NAME
        return next(item_name(item) for item in self.level.content.items if item.number == line)


def _lines(polls: Iterable[PollResults], level: Level) -> Iterator[_Line]:
    for results in polls:
        tallied = results.levels.get(level)
        for subject in tallied.subjects if tallied else ():
            for place in subject.places:
                yield _Line(results, results.levels[level], subject, place)


def _header(names: Iterable[str], level: LevelTally) -> list[str]:
    share = "加权得票率" if level.weighted else "得票率"
    grades = [f"{name}{column}" for name in names for column in ("票数", share)]
    return [*_WHO, *_PAPER, *map(_clean, grades), *_AFTER]


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """Return `text` without control and format characters; line ends become spaces.

    A cell cannot hold or would hide them. Private-use characters stay, and those that Python's
    tables do not know yet, because rare characters in names are such.
    """
    return "".join(
        " " if char in "\t\r\n\u2028\u2029" else char
        for char in text
        if char in "\t\r\n"
        or not (unicodedata.category(char) in ("Cc", "Cf", "Cs") or noncharacter(char))
    )


def _explained(round_info: RoundInfo, polls: Sequence[PollResults]) -> Worksheet:
    """Return the worksheet on how votes were counted and which polls are sealed."""
    open_polls = [each.poll.short for each in polls if not each.official]
    weighted = any(level.weighted for each in polls for level in each.levels.values())
    state = f"{UNOFFICIAL}：{'、'.join(open_polls)}" if open_polls else f"全部{SEALED}"
    rows = [
        ("轮次", round_info.title),
        ("组织单位", polls[0].office.name),
        ("被测评单位", f"{len(polls)}个"),
        ("测评方式", f"{way_words(round_info)}，无记名投票"),
        ("测评时间", period_words(round_info.plan.starts, round_info.plan.ends)),
        ("状态", state),
        ("得票率", share_note(round_info, weighted=weighted) + ROUNDING),
    ]
    for level in Level:
        found = [each.levels[level] for each in polls if level in each.levels]
        if not found:
            continue
        name, items = found[0].content.name, found[0].content.items
        rows.append((f"{name}票数", _level_paper(found)))
        rows.append((name, items_words(items) if items else ""))
    return Worksheet("说明", [row for row in rows if row[1]])


def _state_of(paper: Balance) -> str:
    return "无票。" if paper.none else "收回票数未登记完。"


def _level_paper(tallied: Sequence[LevelTally]) -> str:
    """The ballot counts of a level in all polls, of all its sheets."""
    sheets = sum(len(each.papers) for each in tallied)
    several = f"一人一票，共{sheets}种，各行为本人的一种，" if sheets > len(tallied) else ""
    return f"{several}合计{paper_words(sum((each.paper for each in tallied), Balance()))}"


# By file extension.
FORMS: Mapping[str, Callable[[RoundInfo, Sequence[PollResults]], bytes]] = {
    ".xlsx": xlsx_document,
    ".csv": csv_document,
}
