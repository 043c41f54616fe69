"""Every number in every table is found again in the ballots as they were typed.

The paper is counted by `tests.exports.recounting`, which is itself held against the tally that is
expected of the sample; the documents are read back from their files.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from models.regulation.rules import Denominator
from tests.exports.conftest import Written, of_polls
from tests.exports.counted import Counted, UnitCount, together, unit_of
from tests.exports.extremes import FORMS
from tests.exports.reading import ResultRow, part
from tests.exports.recounting import DASH, OVERALL, Place

# Two offices are made, keyed and sealed first, on a machine that may be busy.
pytestmark = pytest.mark.timeout(300)

VOID_REASONS = ("票上签名或有记号", "非本次测评用票或复印票", "填写无法辨认", "整票填写其他文字")
# Kinds that print a person's own results only.
PERSONAL = ("feedback", "archive")
# Kinds that print every line of a poll.
COMPLETE = ("summary", "chief")


def test_the_paper_counted_again_gives_what_is_expected(
    counted: Counted, expected: dict[str, Any]
) -> None:
    for unit, levels in expected.items():
        mine = counted["样例"][unit.replace("工商行政管理局", "局")]
        for name, level in levels.items():
            _, _, valid, void = mine.levels[name].paper()
            assert (valid, void) == (level["valid"], level["void"])
            wanted = [
                (subject["name"], place["grades"], place["blank"], place["overvote"])
                for subject in level["subjects"]
                for place in subject["places"]
            ]
            found = [(p.subject, p.grades, p.blank, p.overvote) for p in mine.levels[name].places]
            assert found == wanted


# ── tables of results ──


def shown(row: ResultRow) -> tuple[int, ...]:
    """A row's votes, blank and overvote, without the sum of the upper grades."""
    votes = [n for name, (n, _) in row.grades.items() if not name.endswith("合计")]
    return (*votes, row.blank, row.overvote)


def named(row: ResultRow) -> tuple[str, ...]:
    return tuple(name for name in row.grades if not name.endswith("合计"))


def check(row: ResultRow, place: Place, said: str, name: str) -> None:
    """One row against one line counted again."""
    assert shown(row) == place.counts, (name, place)
    assert named(row) == tuple(place.grades)
    printed = {grade: share for grade, (_, share) in row.grades.items()}
    sums = [grade for grade in printed if grade.endswith("合计")]
    assert len(sums) == (1 if len(place.grades) > 2 else 0), name
    for grade in place.grades:
        assert printed[grade] == place.shares[grade], (name, place, grade)
    for grade in sums:
        votes = row.grades[grade][0]
        assert votes == sum(list(place.grades.values())[:2]), (name, place)
        assert printed[grade] == place.shares["合计"], (name, place)


def about(lead: str, place: Place) -> bool:
    """Whether a line's first cell names the item it is of."""
    wanted = "总体评价" if place.item == OVERALL else rf"{place.item}\.|第{place.item}项"
    return re.match(wanted, lead) is not None


def run_of(rows: list[ResultRow], places: list[Place]) -> int:
    """Where the rows of one table stand among the lines of a poll; -1 if nowhere."""

    def fits(row: ResultRow, place: Place) -> bool:
        name = row.leads.get("姓名", place.subject).replace("\u3000", "")
        wanted = (place.subject, tuple(place.grades), place.counts)
        lead = row.leads.get("测评内容")
        return (name, named(row), shown(row)) == wanted and (lead is None or about(lead, place))

    starts = range(len(places) - len(rows) + 1)
    return next((at for at in starts if all(map(fits, rows, places[at:]))), -1)


def test_every_row_of_every_table_is_found_again(written: list[Written], counted: Counted) -> None:
    read = Counter[str]()
    for each in of_polls(written):
        read[each.kind] += check_tables(each, unit_of(each.office, each.unit, counted))
    assert all(read[kind] for kind in (*PERSONAL, *COMPLETE)), read


def check_tables(each: Written, unit: UnitCount) -> int:
    """Every row of every table of results; how many there were."""
    whose = each.job.addressee if each.kind in PERSONAL else ""
    places = unit.places(whose)
    said = "\n".join(each.paragraphs)
    seen: list[Place] = []
    for rows in each.results:
        lines, at = places, run_of(rows, places)
        if at < 0 and each.kind not in (*PERSONAL, *COMPLETE):
            # Overall lines only.
            lines = [place for level in unit.levels for place in unit.headlines(level)]
            at = run_of(rows, lines)
        assert at >= 0, (each.name, rows[0])
        mine = lines[at : at + len(rows)]
        for row, place in zip(rows, mine, strict=True):
            check(row, place, said, each.name)
        # A table does not repeat what one before it had.
        places = places[at + len(rows) :] if each.kind in (*PERSONAL, *COMPLETE) else places
        seen += mine
    if each.kind in (*PERSONAL, *COMPLETE):
        assert seen == unit.places(whose), each.name
    return len(seen)


def test_the_summary_of_a_round_has_every_unit(written: list[Written], counted: Counted) -> None:
    for each in written:
        if each.unit or each.kind != "summary" or each.job.relative_path.suffix != ".docx":
            continue
        # In the order of the unit tree, by which the folders are numbered.
        order = {unit.unit for unit in written if unit.office == each.office and unit.unit}
        names = {folder.partition("_")[2]: folder for folder in order}
        units = dict(
            sorted(
                together(counted[each.office]).items(), key=lambda item: names.get(item[0], "04")
            )
        )
        tables = each.results
        levels = list(dict.fromkeys(name for unit in units.values() for name in unit.levels))
        assert len(tables) == len(levels), each.name
        said = "\n".join(each.paragraphs)
        for level, rows in zip(levels, tables, strict=True):
            lines = [
                (unit.levels[level].paper(place.subject), place)
                for unit in units.values()
                if level in unit.levels
                for place in unit.headlines(level)
            ]
            assert len(rows) == len(lines), (each.name, level)
            for row, (paper, place) in zip(rows, lines, strict=True):
                check(row, place, said, each.name)
                titles = ("发出", "收回", "有效", "无效")
                cells = [row.leads[title].replace("无票", "0") for title in titles]
                assert tuple(map(int, cells)) == paper, each.name
                assert (row.leads["收回"] == "无票") == (paper[1] == 0), each.name


# ── the signed report ──


def numbers(cells: Iterable[str]) -> list[int]:
    return [0 if cell == "无票" else int(cell) for cell in cells]


def test_the_signed_report_balances_line_by_line(written: list[Written], counted: Counted) -> None:
    for each in of_polls(written, "count"):
        check_balance(each, unit_of(each.office, each.unit, counted))


def check_balance(each: Written, unit: UnitCount) -> None:
    """The signed report's table of paper."""
    piles = [pile for level in unit.levels.values() for pile in level.piles]
    (table,) = [grid for grid in each.grids if grid[0][0] == "票种"]
    # The stacks of a group that has several stand under it.
    rows, total = [row for row in table[1:-1] if not row[1].startswith("其中第")], table[-1]
    assert len(rows) == len(piles)
    for row, own in _with_stacks(table[1:-1]):
        if own:
            assert numbers(row[i] for i in (3, 5, 6)) == _sums(own), each.name
            parts = sum((reasons(part[7]) for part in own), Counter[int]())
            assert reasons(row[7]) == parts, each.name
    for row, pile in zip(rows, piles, strict=True):
        assert row[0].split("\n")[0] == pile.level
        assert row[1] == pile.group
        back, void = pile.returned, pile.void
        wanted = [pile.issued, back, pile.issued - back, len(pile.valid), void.total()]
        assert numbers(row[2:7]) == wanted, each.name
        assert back == len(pile.valid) + void.total()
        assert reasons(row[7]) == void, each.name
    assert total[:2] == ["合计", "合计"]
    assert numbers(total[2:7]) == [
        sum(column) for column in zip(*(numbers(row[2:7]) for row in rows), strict=True)
    ]
    assert reasons(total[7]) == sum((pile.void for pile in piles), Counter[int]())
    check_totals(each, unit)


def check_totals(each: Written, unit: UnitCount) -> None:
    """The sums of each level and of all on the page that is signed."""
    (table,) = [grid for grid in each.grids if grid[0][0] == "测评层级"]
    *rows, total = table[1:]
    assert len(rows) == len({pile.level for level in unit.levels.values() for pile in level.piles})
    for row in rows:
        piles = [p for level in unit.levels.values() for p in level.piles if p.level == row[0]]
        issued, back = sum(p.issued for p in piles), sum(p.returned for p in piles)
        void = sum(p.void.total() for p in piles)
        assert numbers(row[1:]) == [issued, back, issued - back, back - void, void], each.name
    assert total[0] == "合计"
    assert numbers(total[1:]) == [
        sum(column) for column in zip(*(numbers(row[1:]) for row in rows), strict=True)
    ]


def _with_stacks(rows: list[list[str]]) -> list[tuple[list[str], list[list[str]]]]:
    """Each row of a group with those of its stacks."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for row in rows:
        if row[1].startswith("其中第"):
            assert (row[2], row[4]) == ("", ""), "what was issued belongs to the group"
            found[-1][1].append(row)
        else:
            found.append((row, []))
    return found


def _sums(rows: list[list[str]]) -> list[int]:
    """Returned, valid and void of some stacks together."""
    return [sum(numbers(row[i] for row in rows)) for i in (3, 5, 6)]


def reasons(text: str) -> Counter[int]:
    """Void ballots by reason as the report words them."""
    found = Counter[int]()
    for words in text.replace("\n", "").split("；") if text else ():
        match = re.fullmatch(r"(\D+)(\d+)张", words)
        assert match is not None, text
        found[VOID_REASONS.index(match[1]) + 1] = int(match[2])
    return found


def test_the_signed_report_counts_every_line(written: list[Written], counted: Counted) -> None:
    for each in of_polls(written, "count"):
        check_counts(each, unit_of(each.office, each.unit, counted))


def check_counts(each: Written, unit: UnitCount) -> None:
    """The signed report's tables of counts."""
    tables = [grid for grid in each.grids if grid[0][-1] == "合计"]
    assert len(tables) == len(unit.levels)
    for grid, level in zip(tables, unit.levels.values(), strict=True):
        header = tuple(title.replace("\n", "") for title in grid[0])
        assert header == ("测评内容", *level.grades, "弃权", "多选", "合计")
        lines = [row for row in grid[1:] if len(set(row)) > 1]
        bands = [row[0] for row in grid[1:] if len(set(row)) == 1]
        subjects = list(dict.fromkeys(place.subject for place in level.places))
        assert [band.partition("　")[0] for band in map(unspaced, bands)] == subjects
        for row, place in zip(lines, level.places, strict=True):
            assert about(row[0], place), (each.name, row)
            *votes, whole = numbers(row[1:])
            assert tuple(votes) == place.counts, each.name
            assert whole == sum(votes) == level.paper(place.subject)[2], each.name


def unspaced(band: str) -> str:
    """A band with a two-character name closed up."""
    return re.sub(r"^(.)\u3000(.)(?=\u3000|$)", r"\1\2", band)


NOT_COUNTED = re.compile(
    r"\d{4}年(?:度|\d+月\d+日(?:\d+时\d+分)?)?|\d{4}\.\d{2}|\d{4}年[\u4e00-\u9fff]+民主测评|"
    r"[0-9a-f]{4}(?: [0-9a-f]{4})+|SHA-256|LZ\d\d-\d{4}|^\d+\.(?=\D)|第\d+(?:项|批|次)|"
    r"（\d+）|[A-Z]\d+|^20\d\d$|的\d+/\d+"
)


def test_no_number_in_a_table_is_left_over(written: list[Written], counted: Counted) -> None:
    for each in of_polls(written):
        check_left_over(each, unit_of(each.office, each.unit, counted))


def check_left_over(each: Written, unit: UnitCount) -> None:
    """Every number in a table that is no row's number and none of `NOT_COUNTED`."""
    known = unit.accounted
    for grid in each.grids:
        if grid[0][0] == "测评层级" and each.kind == "count":
            continue  # sums of each level: `check_totals` adds them up
        numbered = {str(n) for n in range(1, len(grid) + 1)} if grid[0][0] == "序号" else set()
        for row in grid[1:]:
            if len(row) > 1 and row[1].startswith("其中第"):
                continue  # parts of a group's numbers: `check_balance` adds them up
            for column, cell in enumerate(row):
                own = numbered if column == 0 else set()
                for line in cell.split("\n"):
                    left = NOT_COUNTED.sub("", line)
                    for number in re.findall(r"\d+(?:\.\d+)?%?", left):
                        assert number in known | own, (each.name, cell, row)


@pytest.mark.parametrize("kind", ["count", "summary", "feedback", "chief", "archive"])
def test_one_number_changed_anywhere_is_noticed(
    written: list[Written], counted: Counted, kind: str
) -> None:
    """The checks above can fail: each vote, sum and share of a document, changed by one in its
    last digit, is found."""
    each = next(of_polls([w for w in written if w.office == "样例"], kind))
    unit = unit_of(each.office, each.unit, counted)
    xml = part(each.content)
    # A cell that is a number, a share, or the votes or share of a stacked cell.
    marks = list(re.finditer(r"(?<=>)\d+(?:\.\d\d%)?(?=</w:t>)", xml))
    assert len(marks) > 30
    draw = random.Random(kind)  # noqa: S311 - which numbers to change, not a secret
    for mark in draw.sample(marks, 25):
        digits = re.sub(r"\d(?=%?$)", lambda last: str((int(last[0]) + 1) % 10), mark[0])
        changed = xml[: mark.start()] + digits + xml[mark.end() :]
        slipped = Written(each.office, replace(each.job, content=partial(with_body, each, changed)))
        with pytest.raises((AssertionError, ValueError)):
            check_all(slipped, unit)


def check_all(each: Written, unit: UnitCount) -> None:
    """All checks of a document's tables."""
    check_tables(each, unit)
    check_left_over(each, unit)
    if each.kind == "count":
        check_balance(each, unit)
        check_counts(each, unit)
    if each.kind == "summary":
        check_order(each, unit)


def with_body(each: Written, xml: str) -> bytes:
    """The document with another `word/document.xml`."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(each.content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, xml if name == "word/document.xml" else old.read(name))
    return changed.getvalue()


def test_rows_stand_in_one_order_in_all_documents(written: list[Written], counted: Counted) -> None:
    """Team order is the paper's: a summary that sorted by votes would rank colleagues."""
    for each in of_polls(written, "summary"):
        check_order(each, unit_of(each.office, each.unit, counted))


def check_order(each: Written, unit: UnitCount) -> None:
    """Numbers and names of a summary's rows."""
    teams = [
        list(dict.fromkeys(place.subject for place in level.places))
        for level in unit.levels.values()
    ]
    for rows in each.results:
        if "姓名" not in rows[0].leads:
            continue
        names = list(dict.fromkeys(row.leads["姓名"].replace("\u3000", "") for row in rows))
        assert names in teams, each.name
        for row in rows:
            place = names.index(row.leads["姓名"].replace("\u3000", "")) + 1
            assert row.leads["序号"] == str(place), each.name


def test_the_forms_differ_as_they_should(counted: Counted) -> None:
    """What the forms of extremes are there for: else they would prove nothing."""
    assert {form.rules.denominator for form in FORMS} | {Denominator.VALID} == set(Denominator)
    lines = {
        name: {p.item for p in next(iter(of.values())).places()} for name, of in counted.items()
    }
    assert lines["只有总体"] == {OVERALL}
    assert OVERALL not in lines["只有各项"]
    assert len(counted["一人一票"]["一人一票局"].levels["班子成员"].piles) == 6
    shares = [place.shares for place in counted["全部"]["一致局"].places() if place.item == OVERALL]
    assert all("100.00%" in of.values() for of in shares)
    assert all(set(place.shares.values()) == {DASH} for place in counted["全部"]["全废局"].places())
