"""Every number in running text is found again in the ballots as they were typed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

import pytest

from tests.exports.conftest import Written, of_polls
from tests.exports.counted import Counted, UnitCount, unit_of
from tests.exports.extremes import FORMS
from tests.exports.recounting import OVERALL, LevelCount, percent

# Two offices are made, keyed and sealed first, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)

PERSONAL = ("feedback", "archive")
PAPER = re.compile(r"发出(\d+)张，收回(\d+)张，有效(\d+)张，无效(\d+)张")


def test_paper_in_words_is_that_of_a_level(written: list[Written], counted: Counted) -> None:
    found = 0
    for each in of_polls(written):
        unit = unit_of(each.office, each.unit, counted)
        papers: set[tuple[int, ...]] = {
            level.paper(subject)
            for level in unit.levels.values()
            for subject in ("", *(place.subject for place in level.places))
        }
        papers.add(total_paper(unit.levels.values()))
        for line in each.paragraphs:
            for match in PAPER.finditer(line):
                paper = tuple(map(int, match.groups()))
                assert paper in papers, (each.name, line)
                assert paper[1] == paper[2] + paper[3] <= paper[0]
                rate = re.search(r"回收率([\d.]+%|—)", line)
                if rate:
                    whole = Fraction(paper[1], paper[0]) if paper[0] else None
                    assert rate[1] == percent(whole, unit.rules.decimals), (each.name, line)
                found += 1
    assert found > 100


def test_the_summary_of_a_round_adds_up_the_paper(written: list[Written], counted: Counted) -> None:
    for each in written:
        if each.unit or each.kind != "summary" or each.job.relative_path.suffix != ".docx":
            continue
        units = counted[each.office].values()
        said = "\n".join(each.paragraphs)
        for name in dict.fromkeys(name for unit in units for name in unit.levels):
            levels = [unit.levels[name] for unit in units if name in unit.levels]
            issued, returned, valid, void = total_paper(levels)
            rate = percent(Fraction(returned, issued), next(iter(units)).rules.decimals)
            number = sum(level.sheets for level in levels)
            several = f"一人一票，共{number}种，" if number > len(levels) else ""
            assert (
                f"合计：测评票{several}发出{issued}张，收回{returned}张，有效{valid}张，无效{void}张，"
                f"回收率{rate}。"
            ) in said, (each.name, name)


def total_paper(levels: Iterable[LevelCount]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(level.paper() for level in levels), strict=True))


def test_trust_is_what_the_votes_say(written: list[Written], counted: Counted) -> None:
    """Counted, divided and compared once more: a share is not what is compared, 2/3 is 2/3."""
    found = Counter[str]()
    for each in of_polls(written, "feedback", "chief", "summary", "archive", "accountability"):
        unit = unit_of(each.office, each.unit, counted)
        if unit.trust is None:
            continue
        facts = dict(unit.trust_words())
        for line in each.paragraphs:
            for match in re.finditer(r"信任票(\d+)票，占([\d.]+%)，(达到|未达到)标准", line):
                wanted = set(facts.values())
                if each.kind in PERSONAL:
                    wanted = {facts[each.job.addressee]}
                assert match[0] in wanted, (each.name, line)
                found[match[3]] += 1
    assert found["达到"]
    assert found["未达到"]


def test_no_share_is_printed_that_the_ballots_do_not_give(
    written: list[Written], counted: Counted
) -> None:
    for each in of_polls(written):
        # The note on rounding, the weights, and how sure a rate of errors is.
        unit = unit_of(each.office, each.unit, counted)
        weights = {f"{weight}%" for weight in (unit.rules.weights or {}).values()}
        known = unit.accounted | weights | {"100%", "95%"}
        for line in each.paragraphs:
            for share in re.findall(r"[\d.]+%", line):
                assert share in known, (each.name, share, line)


# Numbers of a table that are no counts, by kind of cell: dates and months, digests, numbers of
def test_the_report_sums_up_what_was_counted(written: list[Written], counted: Counted) -> None:
    read = 0
    for each in written:
        if each.kind != "report" or each.job.relative_path.suffix != ".docx":
            continue
        units = list(counted[each.office].values())
        said = "\n".join(each.paragraphs)
        decimals = units[0].rules.decimals
        names = dict.fromkeys(name for unit in units for name in unit.levels)
        papers = {name: sheets(units, name) for name in names}
        whole = tuple(map(sum, zip(*papers.values(), strict=True)))
        check_whole(said, whole, decimals)
        (table,) = [grid for grid in each.grids if grid[0][0] == "票种"]
        for row, paper in zip(table[1:], [*papers.values(), whole], strict=True):
            rate = percent(Fraction(paper[1], paper[0]), decimals)
            assert row[1:] == [str(paper[0]), str(paper[1]), rate, *map(str, paper[2:])]
            there = [unit.levels[row[0]] for unit in units if row[0] in unit.levels]
            alone = sum(level.sheets for level in there)
            assert alone == len(there), "else how many sheets stands after the name"
        if units[0].rules.weights:
            continue  # weights apply within one poll: there are no shares in sum
        for name in names:
            read += check_sums(said, units, name)
    assert read >= 5 * (1 + len(FORMS) - 1), "the form without overall lines has no sums"


def sheets(units: list[UnitCount], name: str) -> tuple[int, ...]:
    """The paper of a level of all polls, every sheet of it."""
    piles = [pile for unit in units if name in unit.levels for pile in unit.levels[name].piles]
    return (
        sum(pile.issued for pile in piles),
        sum(pile.returned for pile in piles),
        sum(len(pile.valid) for pile in piles),
        sum(pile.void.total() for pile in piles),
    )


def check_whole(said: str, paper: tuple[int, ...], decimals: int) -> None:
    issued, returned, valid, void = paper
    back = percent(Fraction(returned, issued), decimals)
    good = percent(Fraction(valid, returned), decimals)
    assert (
        f"共发出测评票{issued}张，收回{returned}张，回收率{back}；"
        f"有效票{valid}张，无效票{void}张，有效率{good}。"
    ) in said


def check_sums(said: str, units: list[UnitCount], name: str) -> int:
    """The sentence on one level: every grade's votes and share in sum; 1 if there is one."""
    places = [
        (unit, place)
        for unit in units
        for place in unit.levels[name].places
        if place.item == OVERALL
    ]
    if not places:
        return 0
    base = sum(unit.base_of(name, place) for unit, place in places)
    rules = units[0].rules
    votes = {grade: sum(p.grades[grade] for _, p in places) for grade in places[0][1].grades}
    words = "、".join(
        f"{grade}票{n}票（{percent(Fraction(n, base), rules.decimals)}）"
        for grade, n in votes.items()
    )
    blank, overvote = (sum(p.blank for _, p in places), sum(p.overvote for _, p in places))
    assert f"总体评价得{words}；弃权{blank}票，多选{overvote}票。" in said, (name, words)
    first = 2 if len(votes) > 2 else 1
    upper = [
        Fraction(sum(list(place.grades.values())[:first]), unit.base_of(name, place))
        for unit, place in places
    ]
    low, high = (percent(share, rules.decimals) for share in (min(upper), max(upper)))
    if low != high:
        assert f"得票率在{low}至{high}之间。" in said, (name, low, high)
    return 1
