"""测评结果对比表: the bodies of all sealed units of a round, and of each over the years.

For the party group that decides grades (regulation, clause 五、1). Units stand in the order of the
unit tree; an office may have them ordered by share. Persons are never compared. Rounds counted
otherwise are left out, because their shares say something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import BETWEEN_TABLES, CAPTION, UNDER_CAPTION
from exports.parts.bars import bars
from exports.parts.letter import notes_under_table, opening
from exports.parts.result_table import Lead, ResultLine, notes_of, result_table
from exports.parts.results import PollResults, counted_alike, disproved
from exports.parts.section import ABOUT_UNIT
from exports.parts.wording import grades_together, headings
from models.count.tally import LevelTally, PlaceTally
from models.regulation.levels import Level
from models.results.register import seals_in_force
from models.results.unit_history import PastPoll, earlier_polls

_LANDSCAPE = Orientation.LANDSCAPE
_BODIES = (Level.TEAM, Level.DISCIPLINE)
_YEARS = 4  # earlier rounds of a unit
_TREE = "单位按机构次序排列。"
_BY_SHARE = "单位按前列等次合计的得票率由高到低排列，相同的按机构次序。"
_THEN = "各轮次的得票率按当时的口径计算；等次、分母或加权办法与本轮次不同的，不列入。"

History = Mapping[int, tuple[PastPoll, ...]]
"""The earlier polls of each unit by the id of its poll of now, latest first."""


@dataclass(frozen=True)
class _Compared:
    """One unit's overall evaluation at a level."""

    results: PollResults
    """The unit's results."""
    place: PlaceTally
    """The overall evaluation."""


def document(polls: Sequence[PollResults], history: History) -> bytes:
    """Return the comparison of these sealed polls of a round, in the order of the unit tree."""
    polls = counted_alike(polls)
    first = polls[0]
    documents, round_info = first.documents, first.round
    markup = Markup(documents.font_set)
    numbered = headings()
    body = [
        opening(
            markup,
            (f"{round_info.title}结果对比表",),
            _LANDSCAPE,
            official=True,
            corrections=[
                f"{each.poll.short}：{note}" for each in polls for note in each.corrections
            ],
        ),
        markup.paragraph(
            UNDER_CAPTION, f"组织单位：{first.office.name}　　已封存单位：{len(polls)}个"
        ),
    ]
    for level in _BODIES:
        compared = [
            _Compared(each, subject.result)
            for each in polls
            if level in each.levels
            for subject in each.levels[level].subjects
            if subject.result
        ]
        if not compared:
            continue
        if documents.rank_units:
            compared.sort(key=lambda each: -_upper(each.results.levels[level], each.place))
        body.append(markup.paragraph(CAPTION, f"{next(numbered)}{ABOUT_UNIT[level]}（各单位）"))
        body.append(_units(markup, compared, level, ranked=documents.rank_units))
        if years := list(_over_years(compared, level, history)):
            body.append(markup.paragraph(CAPTION, f"{next(numbered)}{ABOUT_UNIT[level]}（历次）"))
            body.append(_years(markup, compared[0].results, level, years))
    return master(_LANDSCAPE, documents.font_set).document("".join(body))


def _upper(level: LevelTally, place: PlaceTally) -> Fraction:
    """The share of the upper grades, by which units are ordered if the office wants it."""
    return place.share_of_first(grades_together(level.content.scale) or 1) or Fraction(0)


def _units(markup: Markup, compared: Sequence[_Compared], level: Level, *, ranked: bool) -> str:
    """Return the table and bars of the units at a level."""
    lines = [
        ResultLine((str(number), each.results.poll.unit_name), each.place)
        for number, each in enumerate(compared, 1)
    ]
    named = [(each.results.poll.short, each.place) for each in compared]
    leads = (Lead("序号", 2), Lead("单位", 8, 1, 20))
    note = _BY_SHARE if ranked else _TREE
    return _drawn(markup, compared[0].results, level, leads, lines, named, note)


# A unit, the title and year of one of its rounds, and what it got there.
_Year = tuple[str, str, int, PlaceTally]


def _over_years(compared: Sequence[_Compared], level: Level, history: History) -> Iterator[_Year]:
    """Yield the polls of each unit that has earlier ones counted alike, latest first."""
    for each in compared:
        now = each.results
        past = [
            (before, subject.result)
            for before in history.get(now.poll.id, ())
            if level in before.levels and _alike(now, before, level)
            for subject in before.levels[level].subjects[:1]
            if subject.result
        ]
        if not past:
            continue
        short = now.poll.short
        yield short, now.round.title, now.round.plan.year, each.place
        for before, place in past:
            yield short, before.round.title, before.round.plan.year, place


def _alike(now: PollResults, before: PastPoll, level: Level) -> bool:
    """Whether shares of two rounds say the same thing."""
    here, there = now.levels[level], before.levels[level]
    return (
        here.content.scale.grades == there.content.scale.grades
        and now.round.rules.denominator is before.round.rules.denominator
        and not here.weighted
        and not there.weighted
    )


def _years(markup: Markup, results: PollResults, level: Level, years: Sequence[_Year]) -> str:
    """Return the table and bars of the units over the years."""
    lines = []
    for number, (unit, title, _, place) in enumerate(years):
        again = number > 0 and years[number - 1][0] == unit
        lines.append(ResultLine((None if again else unit, title), place))
    named = [(f"{unit}{year}年", place) for unit, _, year, place in years]
    leads = (Lead("单位", 5, 1, 12), Lead("轮次", 8, 2, 20))
    return _drawn(markup, results, level, leads, lines, named, _THEN)


def _drawn(
    markup: Markup,
    results: PollResults,
    level: Level,
    leads: Sequence[Lead],
    lines: Sequence[ResultLine],
    named: Sequence[tuple[str, PlaceTally]],
    note: str,
) -> str:
    """Return a table of results, its bars and its notes."""
    tallied = results.levels[level]
    scale = tallied.content.scale
    made = result_table(
        markup,
        scale,
        leads,
        lines,
        width=_LANDSCAPE.text_width,
        decimals=results.round.rules.decimals,
        weighted=tallied.weighted,
    )
    picture = bars(
        markup, scale, named, _LANDSCAPE.text_width, decimals=results.round.rules.decimals
    )
    between = markup.paragraph(BETWEEN_TABLES, keep_next=True) if picture else ""
    said = [*notes_of(results.round, made, lines, tallied), note]
    return made.xml + between + picture + notes_under_table(markup, said)


def _of_round(sources: Sources) -> Iterator[Document]:
    sealed = [each for each in sources.results.values() if each.official]
    history = earlier_polls(sources.round, [each.poll for each in sealed], _YEARS)
    past = {before.poll.id: before for of in history.values() for before in of}
    versions = seals_in_force()
    withheld = "；".join(
        f"引用的 {before.round.title} {before.poll.unit_name}：{why}"
        for before in past.values()
        if (why := disproved(before.poll, before.round))
    )
    quotes = tuple((poll, versions.get(poll, 0)) for poll in past)
    group = sources.settings.office.party_group
    content = partial(document, sealed, history)
    yield Document(group, content, quotes=quotes, withheld=withheld)


WRITER = Writer(of_round=_of_round)
