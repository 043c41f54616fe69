"""得票情况: the sample paper against counts made independently; what shares are shares of."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from models.count import shares
from models.count.tally import LevelTally, tally_of_groups, trust_finding
from models.count.tally import exact_tally as tally
from models.database.store import Store, open_store
from models.regulation.levels import GradeScale, Level, LevelContent
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    RoundRules,
    SheetLines,
    TrustRule,
)
from models.rounds import life, paper, polls
from models.rounds.balance import Balance
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo
from models.settings.office import Settings
from tests.offices import entry_of, only_poll, small_round

EXPECTED = Path(__file__).parents[2] / "data" / "expected-tally.json"


def as_expected(found: LevelTally) -> dict[str, object]:
    """A level's tally in the form of the independent counts."""
    return {
        "valid": found.paper.valid,
        "void": found.paper.void,
        "subjects": [
            {
                "name": subject.subject.name,
                "places": [
                    {
                        "item": "overall" if place.line == OVERALL else place.line,
                        "grades": dict(zip(found.content.scale.grades, place.grades, strict=True)),
                        "blank": place.blank,
                        "overvote": place.overvote,
                    }
                    for place in subject.places
                ],
            }
            for subject in found.subjects
        ],
    }


def test_the_sample_paper_is_counted_as_it_was_counted_by_hand(keyed_office: Path) -> None:
    store = open_store(keyed_office, write=False)
    try:
        (info,) = life.rounds()
        names = paper.level_names(info.id)
        found = {
            poll.unit_name: {
                names[level]: as_expected(one) for level, one in tally(poll, info).items()
            }
            for poll in polls.polls(info.id)
        }
    finally:
        store.close()
    assert found == json.loads(EXPECTED.read_text(encoding="utf-8"))


def keyed(info: RoundInfo, level: Level, stacks: dict[str, list[str]], subject: str = "") -> None:
    """Key lines by voter group; `/n` is a void ballot."""
    for group, lines in stacks.items():
        entry = entry_of(info, level, group, subject)
        for line in lines:
            if line.startswith("/"):
                entry.commit("", int(line[1:]))
            else:
                entry.commit(line)


@pytest.mark.parametrize(
    ("denominator", "base"),
    [
        (Denominator.MARKS, 3),
        (Denominator.VALID, 5),
        (Denominator.RETURNED, 8),
        (Denominator.PRESENT, 11),
    ],
)
def test_what_a_share_is_a_share_of(
    store: Store, settings: Settings, denominator: Denominator, base: int
) -> None:
    rules = RoundRules(sheet=SheetLines.OVERALL, denominator=denominator)
    info = small_round(settings, ("中层干部",), rules, members=("李一",), returned=8)
    poll = only_poll(info)
    polls.change_poll(poll.id, date="", place="", expected=12, present=11)
    keyed(info, Level.MEMBER, {"中层干部": ["1", "1", "2", "0", "*", "/1"]})
    found = tally(only_poll(info), info)[Level.MEMBER]
    (place,) = found.subjects[0].places
    assert (found.paper.valid, found.paper.void, found.paper.returned) == (5, 1, 8)
    assert (place.grades, place.blank, place.overvote) == ((2, 1, 0, 0), 1, 1)
    assert place.base == base
    assert place.shares[0] == Fraction(2, base)
    assert place.share_of_first(2) == Fraction(3, base)


def test_nobody_voted_gives_no_share(store: Store, settings: Settings) -> None:
    info = small_round(settings, ("中层干部",), RoundRules(sheet=SheetLines.OVERALL))
    keyed(info, Level.MEMBER, {"中层干部": ["00", "0*", "/1"]})
    place = tally(only_poll(info), info)[Level.MEMBER].subjects[0].places[0]
    assert place.shares == (None,) * 4
    assert place.share_of_first(2) is None
    assert shares.percent_sign(place.shares[0], 2) == "—"


def test_groups_add_up_to_the_whole(store: Store, settings: Settings) -> None:
    info = small_round(settings)
    poll = only_poll(info)
    keyed(
        info,
        Level.TEAM,
        {
            "班子成员": ["11111111", "12312312"],
            "中层干部": ["33333333", "/2"],
            "一般干部职工": ["0000****"],
        },
    )
    whole = tally(poll, info)[Level.TEAM]
    parts = [tally_of_groups(poll, info, [group.id])[Level.TEAM] for group in info.groups]
    for number, place in enumerate(whole.subjects[0].places):
        cells = [part.subjects[0].places[number] for part in parts]
        assert place.grades == tuple(map(sum, zip(*(c.grades for c in cells), strict=True)))
        assert place.blank == sum(cell.blank for cell in cells)
        assert place.overvote == sum(cell.overvote for cell in cells)
        assert place.valid == whole.paper.valid
    assert sum(part.paper.void for part in parts) == whole.paper.void == 1


def test_without_a_line_for_each_group_shares_stand_unweighted(
    store: Store, settings: Settings
) -> None:
    weights = {"班子成员": 40, "中层干部": 60}
    rules = RoundRules(sheet=SheetLines.OVERALL, minimum_group=3)
    info = small_round(settings, weights, rules, members=("李一",))
    keyed(info, Level.MEMBER, {"班子成员": ["1", "1", "2"], "中层干部": ["1", "3"]})
    found = tally(only_poll(info), info)[Level.MEMBER]
    assert (found.weighted, found.withheld) == (False, True)
    assert found.subjects[0].places[0].shares[0] == Fraction(3, 5)


def test_weights_scale_each_groups_share(store: Store, settings: Settings) -> None:
    weights = {"班子成员": 40, "中层干部": 60, "一般干部职工": 100}
    # A minimum of one hides nobody here, or two so small groups would have no weighted share.
    rules = RoundRules(sheet=SheetLines.OVERALL, minimum_group=1)
    info = small_round(settings, weights, rules, members=("李一",))
    keyed(info, Level.MEMBER, {"班子成员": ["1", "1", "2"], "中层干部": ["1", "3"]})
    place = tally(only_poll(info), info)[Level.MEMBER].subjects[0].places[0]
    assert place.grades == (3, 1, 1, 0), "counts stand unweighted beside weighted shares"
    # The third group has no ballot, so the two others are the whole.
    assert place.shares[0] == Fraction(40, 100) * Fraction(2, 3) + Fraction(60, 100) * Fraction(
        1, 2
    )
    assert sum(share for share in place.shares if share) == 1


def test_a_weighted_trust_rule_still_counts_ballots(store: Store, settings: Settings) -> None:
    rule = TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3)
    rules = RoundRules(sheet=SheetLines.OVERALL, trust={Level.MEMBER: rule})
    info = small_round(settings, ("中层干部",), rules, members=("李一",))
    keyed(info, Level.MEMBER, {"中层干部": ["1", "2", "3"]})
    found = tally(only_poll(info), info)[Level.MEMBER]
    finding = trust_finding(found, found.subjects[0], info.rules, present=30)
    assert finding is not None
    assert (finding.counted, finding.base, finding.met) == (2, 3, True)
    team = tally(only_poll(info), info)[Level.TEAM]
    assert trust_finding(team, team.subjects[0], info.rules, present=30) is None


@pytest.mark.parametrize("grades", range(2, 10))
def test_two_to_nine_grades(store: Store, settings: Settings, grades: int) -> None:
    names = tuple("优良中可差劣甲乙丙"[:grades])
    old = settings.levels[Level.MEMBER]
    content = LevelContent(
        old.level, old.name, old.sheet_title, GradeScale(names, names), old.items, old.clause
    )
    levels = {**settings.levels, Level.MEMBER: content}
    changed = Settings(**{**vars(settings), "levels": levels})
    rules = RoundRules(sheet=SheetLines.OVERALL)
    info = small_round(changed, ("中层干部",), rules, members=("李一",))
    keyed(info, Level.MEMBER, {"中层干部": [str(n) for n in range(1, grades + 1)]})
    place = tally(only_poll(info), info)[Level.MEMBER].subjects[0].places[0]
    assert place.grades == (1,) * grades
    assert place.shares == (Fraction(1, grades),) * grades


@pytest.mark.parametrize(
    ("sheet", "lines"),
    [
        (SheetLines.ITEMS, (1, 2, 3, 4)),
        (SheetLines.OVERALL, (OVERALL,)),
        (SheetLines.BOTH, (1, 2, 3, 4, OVERALL)),
    ],
)
def test_the_lines_of_a_sheet(
    store: Store, settings: Settings, sheet: SheetLines, lines: tuple[int, ...]
) -> None:
    info = small_round(settings, ("中层干部",), RoundRules(sheet=sheet))
    entry = entry_of(info, Level.MEMBER, "中层干部")
    marks = "".join(str(n % 4 + 1) for n in range(2 * len(lines)))
    entry.commit(marks)
    subjects = tally(only_poll(info), info)[Level.MEMBER].subjects
    assert [tuple(place.line for place in subject.places) for subject in subjects] == [lines] * 2
    keyed_marks = [
        str(place.grades.index(1) + 1) for subject in subjects for place in subject.places
    ]
    assert "".join(keyed_marks) == marks
    for subject in subjects:
        assert (subject.result is None) == (sheet is SheetLines.ITEMS)
        assert subject.headline is (subject.result or subject.places[0])


def test_one_person_sheets_are_counted_each_by_itself(store: Store, settings: Settings) -> None:
    rules = RoundRules(sheet=SheetLines.OVERALL, member_sheet=MemberSheet.PERSON)
    info = small_round(settings, ("中层干部",), rules)
    keyed(info, Level.MEMBER, {"中层干部": ["1", "1", "/1"]}, "李一")
    keyed(info, Level.MEMBER, {"中层干部": ["4"]}, "李二")
    found = tally(only_poll(info), info)[Level.MEMBER]
    one, two = found.subjects
    assert (one.subject.name, one.valid, one.paper.void) == ("李一", 2, 1)
    assert (two.subject.name, two.valid, two.paper.void) == ("李二", 1, 0)
    assert one.places[0].grades == (2, 0, 0, 0)
    assert two.places[0].grades == (0, 0, 0, 1)
    issued = [paper.issued for paper in found.papers]
    assert issued == [10, 10]
    assert found.paper == Balance(20, 20, 3, 1), "a level's ballots are those of all its sheets"
