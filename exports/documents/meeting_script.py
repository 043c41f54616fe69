"""主持词: what the chair of a unit's evaluation meeting says, in order, and the list of tellers.

It follows the plan's procedure, from the round's settings. Who counts is chosen at the meeting, so
names are left to be written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from exports.documents.writer import Document, Sources, Writer
from exports.page.markup import Markup, blank
from exports.page.master import Orientation, master
from exports.page.styles import FLUSH, HEADING_1, TEXT
from exports.parts.form import ruled
from exports.parts.letter import basis_words, opening
from exports.parts.organizer import organizer
from exports.parts.wording import headings
from models.regulation.rules import Quorum
from models.rounds.contents import round_contents
from models.rounds.plan import Gathering, RoundInfo
from models.rounds.polls import PollInfo
from models.rounds.sheets import printed_sheets
from models.settings.office import DocumentSettings, Office

_PORTRAIT = Orientation.PORTRAIT
_QUORUM = {
    Quorum.OFF: "可以进行测评。",
    Quorum.HALF: "达到应到人数的1/2，可以进行测评。",
    Quorum.TWO_THIRDS: "达到应到人数的2/3，可以进行测评。",
}
_COLUMNS = (("分工", 16), ("姓名", 20), ("单位、职务", 38), ("签名", 26))
_TELLERS = ("监票人", "监票人", "计票人", "计票人", "计票人")
_ROW = 520


def document(
    office: Office,
    documents: DocumentSettings,
    round_info: RoundInfo,
    poll: PollInfo,
    sheets: Sequence[str],
) -> bytes:
    """Return the script for a unit's meeting. `sheets` are the titles of its ballots."""
    markup = Markup(documents.font_set)
    numbered = headings()
    body = [
        opening(markup, (poll.unit_name, round_info.title, "会议主持词"), _PORTRAIT, official=True),
        markup.paragraph(FLUSH, "同志们："),
        markup.paragraph(TEXT, _welcome(office, poll)),
    ]
    for name, text in _order(round_info, poll, sheets):
        body.append(markup.paragraph(HEADING_1, f"{next(numbered)}{name}"))
        body.append(markup.paragraph(TEXT, text))
    body += [
        markup.paragraph(TEXT, "今天的测评到此结束，谢谢大家。"),
        markup.paragraph(HEADING_1, "附：监票人、计票人名单"),
        ruled(markup, _PORTRAIT, _COLUMNS, [(role, "", "", "") for role in _TELLERS], height=_ROW),
    ]
    return master(_PORTRAIT, documents.font_set).document("".join(body))


def _welcome(office: Office, poll: PollInfo) -> str:
    basis = basis_words(office.basis[-1:])
    lead = f"根据{basis}，" if basis else ""
    return (
        f"{lead}今天召开会议，对{poll.unit_name}领导班子和领导干部履行党风廉政建设责任制、"
        "遵守廉洁自律规定的情况进行民主测评。"
    )


def _order(round_info: RoundInfo, poll: PollInfo, sheets: Sequence[str]) -> list[tuple[str, str]]:
    """The items of the meeting in order, each with what is said."""
    expected = str(poll.expected) if poll.expected else blank(3)
    titles = "、".join(f"《{title}》" for title in sheets)
    kinds = f"测评票共{len(sheets)}种：{titles}。" if sheets else ""
    return [
        (
            "宣布到会人数",
            f"今天的会议应到{expected}人，实到{blank(3)}人，{_QUORUM[round_info.rules.quorum]}",
        ),
        (
            "推定监票人、计票人",
            "监票人、计票人的建议名单附后，被测评人不担任监票人、计票人。大家有什么意见？"
            "（稍停）没有意见，请监票人、计票人开始工作。",
        ),
        (
            "宣读填票说明",
            f"测评以无记名投票方式进行。{kinds}请对照票上所列内容，每项只选一个等次，"
            "在相应的栏内划“√”；一项选两个以上的，该项无效，不选的视为弃权。"
            "请不要在票上签名或作记号。",
        ),
        (
            "发放测评票",
            "请计票人按测评人员类别发票，监票人登记发出票数。没有领到或领错票种的请举手。",
        ),
        ("填票、投票", "请大家独立填写。填好以后，依次把票投入票箱。"),
        (
            "开箱清点",
            "请监票人、计票人当众开箱，清点收回票数。（清点后）收回的票数不多于发出的票数，"
            "测评有效。收回多于发出的，测评无效，重新测评。",
        ),
        (
            "封存",
            "请监票人、计票人把测评票装袋，在封签上签名。测评结果汇总核对后，按规定反馈。",
        ),
    ]


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    settings, info = sources.settings, sources.round
    if info.plan.gathering is not Gathering.TOGETHER:
        return
    contents = round_contents(info, settings)
    for poll in ready:
        titles = [sheet.title for sheet in printed_sheets(poll.id, info, contents)]
        content = partial(
            document,
            organizer(settings.office, info, poll),
            settings.documents,
            info,
            poll,
            tuple(dict.fromkeys(titles)),
        )
        yield poll, Document(poll.unit_name, content)


WRITER = Writer(of_polls=_of_polls)
