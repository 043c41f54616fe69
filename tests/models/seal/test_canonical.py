"""封存 text: each line of the form that people sign; two forms would be two digests."""

import hashlib
import json
from dataclasses import replace

from models.entry.ballot import AlikeBallots, Ballot
from models.regulation.levels import GradeScale, Item, Level, LevelContent
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    Quorum,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds.plan import Gathering, Group, RoundInfo, RoundPlan, RoundState
from models.rounds.polls import PollInfo, PollState
from models.rounds.stacks import Stack
from models.seal import canonical
from models.seal.canonical import SealedStack, SealedSubject
from tests.house import ROOT

STAFF, HEADS = Group(8, "一般干部职工", 4000), Group(7, "中层干部", 6000)
RULES = RoundRules(
    sheet=SheetLines.ITEMS,
    member_sheet=MemberSheet.PERSON,
    denominator=Denominator.VALID,
    decimals=1,
    minimum_group=6,
    verification=VerificationRule(every=3),
    quorum=Quorum.TWO_THIRDS,
    weighted=True,
    trust={
        Level.MEMBER: TrustRule(("好", "中"), Comparator.MORE_THAN, 1, 2, Denominator.PRESENT),
        Level.TEAM: TrustRule(("好",), Comparator.AT_LEAST, 2, 3),
    },
)
PLAN = RoundPlan(
    "甲轮",
    2026,
    kind="不定期",
    conducted="本级自测",
    gathering=Gathering.SCATTERED,
    combined_with="年度考核",
    starts="2026-01-05",
    ends="2026-02-06",
    rules=RULES,
    groups=(("中层干部", 6000), ("一般干部职工", 4000)),
)
ROUND = RoundInfo(3, PLAN, RoundState.OPEN, (HEADS, STAFF))
# With a quote and a line end, as a form may hold them.
POLL = PollInfo(4, 3, 5, "甲\"局'", "甲", "2026-01-15", "三楼\n会场", 30, 28, PollState.ENTRY)


def content(level: Level, name: str, *statements: str) -> LevelContent:
    items = tuple(Item(n, "短", words, "二") for n, words in enumerate(statements, 1))
    return LevelContent(
        level, name, "表", GradeScale(("好", "中", "差"), ("好", "中", "差")), items, "二"
    )


CONTENTS = {
    Level.MEMBER: content(Level.MEMBER, "班子成员", "廉洁"),
    Level.TEAM: content(Level.TEAM, "领导班子", "团结", "实干"),
}
TEAM_SHEET, MEMBER_SHEET, INTEGRITY_SHEET = 41, 29, 30


def stack(sheet: int, level: Level, group: Group, number: int) -> Stack:
    return Stack(1, 1, sheet, level, group, "", number, 12, 11, 9, 2, drafted=False, last=True)


STACKS = (
    SealedStack(
        stack(TEAM_SHEET, Level.TEAM, HEADS, 1),
        (
            AlikeBallots(Ballot("12"), 5),
            AlikeBallots(Ballot("1*"), 4),
            AlikeBallots(Ballot("", 2), 2),
        ),
        ((1, "甲"), (2, "乙")),
        (9, 22, 1, 2, 3, 4, 5),
    ),
    SealedStack(stack(MEMBER_SHEET, Level.MEMBER, STAFF, 2), (), ((1, "丙"),), ()),
)


def text(info: RoundInfo = ROUND) -> str:
    return canonical.text(
        info,
        CONTENTS,
        POLL,
        2,
        [("监票人", "赵"), ("计票人", "钱")],
        [
            SealedSubject(TEAM_SHEET, 1, "领导班子", "", None),
            SealedSubject(MEMBER_SHEET, 3, "孙", "副局长", 9),
            SealedSubject(MEMBER_SHEET, 3, "李", "", None),
            SealedSubject(MEMBER_SHEET, 3, "孙", "副局长", 7),
            SealedSubject(INTEGRITY_SHEET, 5, "孙", "副局长", 9),
        ],
        ("签名", "破损"),
        STACKS,
    )


def test_every_line_of_the_form() -> None:
    assert text() == "\n".join(
        [
            '["ceping",2]',
            '["round","甲轮",2026,"不定期","本级自测","分散"]',
            '["when","年度考核","2026-01-05","2026-02-06"]',
            '["rules","items","person","valid",1]',
            '["rules",6,"1/3","2/3",1]',
            '["trust",1,["好"],"at_least",2,3,""]',
            '["trust",3,["好","中"],"more_than",1,2,"present"]',
            '["level",1,"领导班子",["好","中","差"]]',
            '["item",1,1,"团结"]',
            '["item",1,2,"实干"]',
            '["level",3,"班子成员",["好","中","差"]]',
            '["item",3,1,"廉洁"]',
            '["group","中层干部",6000]',
            '["group","一般干部职工",4000]',
            '["poll","甲\\"局\'","2026-01-15","三楼\\n会场",30,28]',
            '["seal",2,[["监票人","赵"],["计票人","钱"]]]',
            '["void",1,"签名"]',
            '["void",2,"破损"]',
            '["subject",1,1,"领导班子","",0]',
            '["subject",2,3,"孙","副局长",1]',
            '["subject",2,3,"李","",2]',
            '["subject",2,3,"孙","副局长",3]',
            '["subject",3,5,"孙","副局长",1]',
            '["stack",1,"中层干部",1,12,11]',
            '["keyed",1,"甲"]',
            '["keyed",2,"乙"]',
            '["verified",9,22,1,2,3,4,5]',
            '["ballots",0,"12",5]',
            '["ballots",0,"1*",4]',
            '["ballots",2,"",2]',
            '["stack",2,"一般干部职工",2,12,11]',
            '["keyed",1,"丙"]',
            '["verified"]',
            "",
        ]
    )


def test_neither_ids_nor_state_are_in_it() -> None:
    """What a copy of the file numbers anew, or a close of the round changes, signs the same."""
    other = replace(ROUND, id=99, state=RoundState.CLOSED)
    assert text(other) == text()


def test_the_vector_of_the_description_is_this_text() -> None:
    """Somebody who writes a recount from docs/seal-format.md can try it there."""
    page = (ROOT / "docs" / "seal-format.md").read_text(encoding="utf-8")
    vector = page.partition("```\n")[2].partition("```")[0]
    assert vector == text()
    assert f"`{hashlib.sha256(vector.encode()).hexdigest()}`" in page
    for line in vector.splitlines():
        assert f"| `{json.loads(line)[0]}` |" in page
