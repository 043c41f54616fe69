"""廉政档案 民主测评登记: one page of a cadre's integrity file (regulation, clause 五、2).

It records the person, the round, the result, and earlier rounds with the change since. Decisions
are printed as entered, with the meeting that made them; if there are none, that space and all
signatures are left blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from exports.documents import own_templates
from exports.documents.writer import Document, OwnTemplate, Sources, Writer
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import HEADING_1, TITLE, Face
from exports.page.table import Cell, Row, cell, label, table
from exports.parts.earlier_results import COUNTED_THEN, day_words, earlier_results
from exports.parts.letter import notes_under_table, opening
from exports.parts.results import PersonResult, PollResults, disproved
from exports.parts.section import LevelPart, named, parts_of_person
from exports.parts.wording import (
    UNOFFICIAL,
    attendance_words,
    date_words,
    headings,
    is_official,
    month_words,
    spaced_name,
    unofficial,
    way_words,
)
from exports.templates import start
from exports.templates.fields import (
    GRADE,
    OF_PERSON,
    OPINION,
    PERSON,
    POLL,
    TemplateField,
    Values,
    common_values,
    grade_values,
    person_level_values,
)
from models.count.tally import LevelTally, SubjectTally
from models.regulation.levels import Level
from models.results.archive import Evaluation, earlier_evaluations
from models.results.delivery import Delivery, Handover
from models.results.register import seals_in_force
from models.roster.cadres import CadreHistory, cadres
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo

_PORTRAIT = Orientation.PORTRAIT
_PEOPLE = (
    "{% if 应到 %}应到{{ 应到 }}人，"
    "实到{% if 实到 %}{{ 实到 }}人{% else %}未登记{% endif %}{% endif %}"
)
_ROW = 400  # twips, minimum height
_ROSTER = {
    "性别": "gender",
    "民族": "ethnicity",
    "出生年月": "born",
    "籍贯": "native_place",
    "政治面貌": "party",
    "入党时间": "joined_party",
    "参加工作": "started_work",
    "学历学位": "education",
    "档案号": "archive_no",
}
_MONTHS = ("出生年月", "入党时间", "参加工作")
_ABOUT = {
    Level.CHIEF: "履行职责测评结果（正职）",
    Level.MEMBER: "履行职责测评结果（班子成员）",
    Level.INTEGRITY: "廉洁自律测评结果",
}


@dataclass(frozen=True)
class ArchiveFile:
    """What the roster and earlier rounds record about one person."""

    history: CadreHistory | None
    """The person's history in the roster; None if not in the roster."""
    earlier: tuple[Evaluation, ...]
    """The person's earlier evaluations, latest first."""


_UNKNOWN = ArchiveFile(None, ())


@dataclass(frozen=True)
class _Entry:
    """The content of the entry, for both the built-in layout and the office's template."""

    person: PersonResult
    """The person's results."""
    roster: Mapping[str, str]
    """Values from the roster by column name; empty strings for missing ones."""
    since: str
    """The month in which the person took up the current post; empty if unknown."""
    parts: tuple[LevelPart, ...]
    """The levels at which the person was evaluated."""
    opinion: str
    """The office's summary of opinions; empty if there is none."""
    letter: Delivery | None
    """How the person's feedback letter was delivered; None if not yet."""

    @classmethod
    def of(cls, results: PollResults, person: PersonResult, file: ArchiveFile) -> _Entry:
        row = file.history.row if file.history else None
        posts = file.history.posts if file.history else ()
        unit, title = results.poll.unit_id, person.subject.post
        since = (each.since for each in posts if each.unit_id == unit and each.title == title)
        known = {name: str(getattr(row, column)) if row else "" for name, column in _ROSTER.items()}
        return cls(
            person,
            {name: month_words(text) if name in _MONTHS else text for name, text in known.items()},
            month_words(next(since, "")),
            parts_of_person(results, person),
            results.opinion(subject for _, subject in person.levels),
            results.handed_over(person, Handover.FEEDBACK),
        )


def document(results: PollResults, person: PersonResult, file: ArchiveFile) -> bytes:
    """Return the entry of one person for one poll."""
    entry = _Entry.of(results, person, file)
    font_set = results.documents.font_set
    markup = Markup(font_set)
    numbered = headings()

    def heading(text: str) -> str:
        return markup.paragraph(HEADING_1, next(numbered) + text)

    body = [
        opening(
            markup,
            ("领导干部廉政档案", "民主测评登记表"),
            _PORTRAIT,
            official=results.official,
            corrections=results.corrections,
        ),
        heading("基本信息"),
        _person(markup, results, entry),
        heading("测评情况"),
        _round(markup, results),
    ]
    for part in entry.parts:
        body.append(heading(_ABOUT[part.level.level]))
        body.append(named(markup, results, part))
    if file.earlier:
        body.append(heading("历次测评结果"))
        body.append(earlier_results(markup, results, person, file.earlier))
    body.append(heading("结果运用和归档"))
    body.append(_after(markup, results, entry))
    return master(_PORTRAIT, font_set, unofficial(official=results.official)).document(
        "".join(body)
    )


def _widths(*parts: int) -> list[int]:
    """Divide the text width in these proportions, in twips."""
    width, total = _PORTRAIT.text_width, sum(parts)
    found = [width * part // total for part in parts]
    found[-1] += width - sum(found)
    return found


def _form(markup: Markup, widths: Sequence[int], rows: Sequence[Sequence[Cell]]) -> str:
    return table(markup, widths, [Row(tuple(cells), height=_ROW) for cells in rows])


def _person(markup: Markup, results: PollResults, entry: _Entry) -> str:
    def pairs(*names: str) -> list[Cell]:
        return [each for name in names for each in (label(name), cell(entry.roster[name]))]

    return _form(
        markup,
        _widths(5, 6, 5, 6, 5, 6),
        [
            [label("姓名"), cell(spaced_name(entry.person.subject.name)), *pairs("性别", "民族")],
            pairs("出生年月", "籍贯", "政治面貌"),
            pairs("入党时间", "参加工作", "学历学位"),
            [label("工作单位"), cell(results.poll.unit_name, span=3), *pairs("档案号")],
            [
                label("现任职务"),
                cell(entry.person.subject.post, span=3),
                label("任职时间"),
                cell(entry.since),
            ],
        ],
    )


def _round(markup: Markup, results: PollResults) -> str:
    poll, round_info = results.poll, results.round
    return _form(
        markup,
        _widths(5, 12, 5, 11),
        [
            [label("轮次名称"), cell(round_info.title, span=3)],
            [
                label("年度"),
                cell(f"{round_info.plan.year}年度"),
                label("测评日期"),
                cell(date_words(poll.date)),
            ],
            [
                label("组织单位"),
                cell(results.office.name),
                label("参加人数"),
                cell(attendance_words(poll)),
            ],
            [label("测评方式"), cell(f"{way_words(round_info)}，无记名投票", span=3)],
        ],
    )


def _after(markup: Markup, results: PollResults, entry: _Entry) -> str:
    """Return the table of decisions and deliveries, with space for what is filled in by hand."""
    tall = 700
    person, letter = entry.person, entry.letter
    filed = results.handed_over(person, Handover.ARCHIVE)

    def said(name: Sequence[str], text: Sequence[str]) -> Row:
        value = Cell(tuple(text) or ("",), span=5, align="left")
        return Row((Cell(tuple(name), face=Face.HEI), value), height=tall)

    def three(*pairs: tuple[str, str]) -> Row:
        cells = [each for name, text in pairs for each in (label(name), cell(text))]
        return Row(tuple(cells), height=_ROW)

    rows = [
        said(["群众意见", "归纳"], [entry.opinion]),
        said(["研究确定", "的等次"], [_grade_words(results, *pair) for pair in person.levels]),
        said(["处理情况"], []),
        three(
            ("反馈日期", date_words(letter.on) if letter else ""),
            ("反馈方式", letter.way if letter else ""),
            ("本人签收", date_words(letter.signed_on) if letter else ""),
        ),
        three(("附件", ""), ("填表人", ""), ("审核人", "")),
        Row(
            (
                label("归档日期"),
                cell(date_words(filed.on) if filed else "", span=2),
                Cell(("单位", "（盖章）"), face=Face.HEI),
                cell("", span=2),
            ),
            height=tall,
        ),
    ]
    # The last row must not stand alone on a page.
    rows[:-1] = [replace(row, keep_next=True) for row in rows[:-1]]
    return table(markup, _widths(72, 158, 72, 72, 72, 158), rows)


def _grade_words(results: PollResults, level: LevelTally, subject: SubjectTally) -> str:
    """Return the grade decided at a level, with when and where; empty if none was."""
    found = results.determined(subject)
    if found is None:
        return ""
    basis = f"，依据：{found.basis}" if found.basis else ""
    return (
        f"{level.content.name}：{found.grade}"
        f"（{date_words(found.on)}{found.meeting}，{found.by}研究确定{basis}）"
    )


_EARLIER = (
    TemplateField("年度", "如 2025"),
    TemplateField("轮次", "轮次的名称"),
    TemplateField("日期", "测评日期；没有登记的写明"),
    TemplateField("单位", "当时的单位"),
    TemplateField("职务", "当时的职务"),
    TemplateField("名称", "测评层级"),
    TemplateField("标记", f"未封存的为 {UNOFFICIAL}"),
    TemplateField("有效", "有效张数"),
    TemplateField("各等次", "总体评价（没有则第一项）的得票", many=True, rows=GRADE),
)
_FIELDS = (
    *POLL,
    *PERSON,
    *(TemplateField(name, "名册中的；没有则空") for name in _ROSTER),
    TemplateField("任职时间", "任现职的年月；没有则空"),
    OF_PERSON,
    OPINION,
    TemplateField("历次", "测评日期在前的各轮次，近的在前", many=True, rows=_EARLIER),
    TemplateField("研究等次", "集体研究确定的等次，由人填写；没有则空", many=True),
    TemplateField("反馈日期", "反馈书送达日期；没有登记则空"),
    TemplateField("反馈方式", "反馈书送达方式；没有登记则空"),
)


def field_values(results: PollResults, person: PersonResult, file: ArchiveFile) -> Values:
    """Return the values for an office's own template."""
    entry = _Entry.of(results, person, file)
    decided = [
        f"{level.content.name}：{found.grade}（{date_words(found.on)}{found.meeting}）"
        for level, subject in person.levels
        if (found := results.determined(subject))
    ]
    return {
        **common_values(results),
        **entry.roster,
        "姓名": person.subject.name,
        "职务": person.subject.post,
        "任职时间": entry.since,
        "各层级": [person_level_values(results, part) for part in entry.parts],
        "意见归纳": entry.opinion,
        "历次": _earlier_values(file),
        "研究等次": decided,
        "反馈日期": date_words(entry.letter.on) if entry.letter else "",
        "反馈方式": entry.letter.way if entry.letter else "",
    }


def _earlier_values(file: ArchiveFile) -> list[Values]:
    return [
        {
            "年度": str(past.round.plan.year),
            "轮次": past.round.title,
            "日期": day_words(past),
            "单位": past.poll.short,
            "职务": past.post,
            "名称": level.content.name,
            "标记": "" if is_official(past.poll) else UNOFFICIAL,
            "有效": str(subject.valid),
            "各等次": grade_values(level, subject.headline, past.round.rules.decimals),
        }
        for past in file.earlier
        for level, subject in past.results
    ]


def _start(markup: Markup) -> list[str]:
    title = markup.paragraph(TITLE, "领导干部廉政档案") + markup.paragraph(TITLE, "民主测评登记表")
    person = [
        [start.value("姓名"), start.value("性别")],
        [start.value("民族"), start.value("出生年月")],
        [start.value("籍贯"), start.value("政治面貌")],
        [start.value("入党时间"), start.value("参加工作")],
        [start.value("学历学位"), start.value("档案号")],
        [("工作单位", "{{ 单位 }}")],
        [("现任职务", "{{ 职务 }}"), start.value("任职时间")],
    ]
    held = [
        [("轮次名称", "{{ 轮次 }}")],
        [("年度", "{{ 年度 }}年度"), ("测评日期", "{{ 日期 }}")],
        [
            ("组织单位", "{{ 机关 }}"),
            ("参加人数", _PEOPLE),
        ],
        [("测评方式", "{{ 测评方式 }}，无记名投票")],
    ]
    decided = "{% for 句 in 研究等次 %}{{ 句 }}。{% endfor %}"
    after = [
        [("群众意见归纳", "{{ 意见归纳 }}")],
        [("研究确定等次", decided)],
        [("处理情况", "")],
        [start.value("反馈日期"), start.value("反馈方式")],
        [("本人签收", ""), ("附件", "")],
        [("填表人", ""), ("审核人", "")],
        [("归档日期", ""), ("单位盖章", "")],
    ]
    return [
        *start.head(markup, title),
        markup.paragraph(HEADING_1, "基本信息"),
        start.form(markup, person),
        markup.paragraph(HEADING_1, "测评情况"),
        start.form(markup, held),
        *start.levels(markup, "内容", several=False, number=""),
        start.only_if(markup, "历次", _earlier(markup)),
        markup.paragraph(HEADING_1, "结果运用和归档"),
        start.form(markup, after),
    ]


def _earlier(markup: Markup) -> str:
    widths = [2100, 1700, 1100, 800, start.WIDTH - 5700]
    titles = ("轮次", "单位、职务", "测评层级", "有效票", "得票情况")
    words = (
        "{% if 次.标记 %}（{{ 次.标记 }}）{% endif %}"
        "{% for 格 in 次.各等次 %}{{ 格.名称 }}{{ 格.票数 }}（{{ 格.得票率 }}）"
        "{% if not loop.last %}，{% endif %}{% endfor %}"
    )
    rows = [
        Row(tuple(label(text) for text in titles), header=True),
        Row((cell("{%tr for 次 in 历次 %}", span=5, align="left"),)),
        Row(
            (
                Cell(("{{ 次.轮次 }}", "{{ 次.日期 }}")),
                Cell(("{{ 次.单位 }}", "{{ 次.职务 }}")),
                cell("{{ 次.名称 }}"),
                cell("{{ 次.有效 }}"),
                cell(words, align="left"),
            )
        ),
        Row((cell("{%tr endfor %}", span=5, align="left"),)),
    ]
    return (
        markup.paragraph(HEADING_1, "历次测评结果")
        + table(markup, widths, rows, start.SIZE)
        + notes_under_table(markup, [COUNTED_THEN])
    )


def _made(results: PollResults, person: PersonResult, file: ArchiveFile) -> bytes:
    own = own_templates.filled(
        results.documents, "archive", lambda: field_values(results, person, file)
    )
    return own or document(results, person, file)


def _of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    evaluated = {poll: sources.results[poll.id].persons() for poll in ready}
    files = _files(sources.round, evaluated)
    quoted = {past.poll: past.round for file in files.values() for past in file.earlier}
    wrong = {poll: why for poll, info in quoted.items() if (why := disproved(poll, info))}
    versions = seals_in_force()
    for poll, persons in evaluated.items():
        for person in persons:
            who = person.subject
            file = files.get((poll, who.cadre_id or 0), _UNKNOWN)
            withheld = "；".join(
                f"引用的 {past.round.title} {past.poll.unit_name}：{wrong[past.poll]}"
                for past in file.earlier
                if past.poll in wrong
            )
            content = partial(_made, sources.results[poll.id], person, file)
            names = (who.post, who.name)
            quotes = tuple((past.poll.id, versions.get(past.poll.id, 0)) for past in file.earlier)
            yield poll, Document(who.name, content, names, quotes=quotes, withheld=withheld)


def _files(
    now: RoundInfo, evaluated: Mapping[PollInfo, Sequence[PersonResult]]
) -> dict[tuple[PollInfo, int], ArchiveFile]:
    """Return what is known of the cadres among these persons, by poll and cadre id, in one read."""
    held = {
        poll: [each.subject.cadre_id for each in of if each.subject.cadre_id]
        for poll, of in evaluated.items()
    }
    earlier = earlier_evaluations(held, now)
    known = cadres({cadre_id for ids in held.values() for cadre_id in ids})
    return {
        (poll, cadre_id): ArchiveFile(known[cadre_id], past)
        for (poll, cadre_id), past in earlier.items()
        if cadre_id in known
    }


WRITER = Writer(of_polls=_of_polls, template=OwnTemplate(_FIELDS, _start))
