"""The office's own Word templates: what is filled in, what is refused, and the way back to ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest

from exports.documents import archive_entry, chief, feedback, own_templates, public
from exports.documents.archive_entry import ArchiveFile
from exports.documents.kinds import KINDS as ALL_KINDS
from exports.documents.writer import writer_of
from exports.page.master import Orientation, master
from exports.parts.results import PersonResult, PollResults, gather
from exports.parts.wording import UNOFFICIAL
from exports.templates.fields import TemplateField, Values
from exports.templates.render import render
from exports.writing import preparation
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.regulation.rules import Comparator, RoundRules, TrustRule
from models.results.archive import earlier_evaluations
from models.roster.cadres import cadre
from models.rounds import life
from models.settings.office import Settings
from tests.exports.reading import W, body, grids, part, text
from tests.exports.small import (
    Team,
    key_all,
    make_round,
    only_poll,
    seal_all,
    with_scale,
)

Audit = Callable[[bytes], list[str]]
KINDS = [kind.key for kind in own_templates.kinds()]
FEEDBACK = ALL_KINDS["feedback"]
OF_PERSON = ("feedback", "archive")
NOBODY_KNOWN = ArchiveFile(None, ())
HOSTILE = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    '<w:b/>&"',
    "{姓名}",
    "]]>",
    "阿依古丽·买买提",
    "李\x1b一\x00",
    "{_{ 机关 }_}",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "文书模板"
    made.mkdir()
    return made


def in_folder(results: PollResults, folder: Path) -> PollResults:
    return replace(results, documents=replace(results.documents, templates=folder))


@pytest.fixture
def unit(store: Store, settings: Settings, folder: Path) -> PollResults:
    rules = RoundRules(trust={Level.MEMBER: TrustRule(("优秀", "称职"), Comparator.AT_LEAST, 2, 3)})
    info = make_round(settings, rules=rules)
    key_all(info)
    return in_folder(gather(settings, info, only_poll(info)), folder)


def context(
    results: PollResults,
    person: PersonResult | None,
    kind: str,
    file: ArchiveFile = NOBODY_KNOWN,
) -> Values:
    """The values for a template of a kind."""
    if person is None:
        return {"chief": chief, "public": public}[kind].field_values(results)
    if kind == "archive":
        return archive_entry.field_values(results, person, file)
    return feedback.field_values(results, person)


def from_template(
    results: PollResults,
    kind: str,
    person: PersonResult | None,
    file: ArchiveFile = NOBODY_KNOWN,
) -> bytes | None:
    """A document from the office's template, None without one."""
    return own_templates.filled(
        results.documents, kind, lambda: context(results, person, kind, file)
    )


def made(results: PollResults, kind: str, person: PersonResult | None = None) -> bytes:
    """A document from the office's template, of the second person where it is of a person."""
    whom = (person or results.persons()[1]) if kind in OF_PERSON else None
    found = from_template(results, kind, whom)
    assert found is not None
    return found


def template(*lines: str, required: bool = True) -> bytes:
    """A template as a person types it in Word: a paragraph a line."""
    document = docx.Document(io.BytesIO(master(Orientation.PORTRAIT, "gb2312").document("")))
    named = ("{{ 标记 }}{% for 句 in 更正 %}{{ 句 }}{% endfor %}",) if required else ()
    for line in (*named, *lines):
        document.add_paragraph(line)
    plain = io.BytesIO()
    document.save(plain)
    return plain.getvalue()


def put(folder: Path, content: bytes, kind: str = "feedback") -> Path:
    path = folder / f"{ALL_KINDS[kind].name}.docx"
    path.write_bytes(content)
    return path


# ── which template ──


def test_a_kind_may_have_a_template_where_it_says_so() -> None:
    assert {"feedback", "chief", "archive", "public"} == set(KINDS)
    for kind in ALL_KINDS.values():
        assert kind.template == (writer_of(kind).template is not None)
    with pytest.raises(ValueError, match="summary has no template"):
        own_templates.template_of(ALL_KINDS["summary"])


def test_without_a_template_there_is_none_and_the_way_back_is_to_rename(
    unit: PollResults, folder: Path
) -> None:
    person = unit.persons()[0]
    documents = unit.documents
    assert from_template(unit, "feedback", person) is None
    path = put(folder, template("{{ 姓名 }}"))
    assert own_templates.find(documents, FEEDBACK) == path
    assert from_template(unit, "feedback", person)
    assert from_template(unit, "chief", None) is None
    path.rename(folder / "反馈书（旧）.docx")
    assert from_template(unit, "feedback", person) is None
    assert own_templates.strangers(documents) == [folder / "反馈书（旧）.docx"]
    assert own_templates.find(replace(documents, templates=None), FEEDBACK) is None
    assert own_templates.find(documents, ALL_KINDS["summary"]) is None


def test_a_folder_that_is_not_there_is_refused(unit: PollResults, tmp_path: Path) -> None:
    gone = in_folder(unit, tmp_path / "没有")
    with pytest.raises(RefusedError, match=r"没有模板文件夹 .*没有。请建好它"):
        from_template(gone, "feedback", gone.persons()[0])


def test_an_export_uses_the_template(store: Store, settings: Settings, folder: Path) -> None:
    info = make_round(settings)
    key_all(info)
    seal_all(info)
    own = replace(settings, documents=replace(settings.documents, templates=folder))
    put(folder, template("{{ 姓名 }}的反馈"))
    put(folder, template("{{ 姓名 }}的档案"), "archive")
    jobs = preparation.prepare(
        own, life.find_by_id(info.id), kinds=["feedback", "chief", "archive"]
    )
    said = [(job.kind, text(job.content()).strip().split("\n")[-1]) for job in jobs]
    assert [each for each in said if each[0] != "chief"] == [
        (kind, f"{name}的{what}")
        for kind, what in (("feedback", "反馈"), ("archive", "档案"))
        for name in ("王正", "李一", "赵二强")
    ]
    (letter,) = [words for kind, words in said if kind == "chief"]
    assert letter == "　　　　年　　月　　日"
    put(folder, template("{{ 姓明 }}"))
    with pytest.raises(RefusedError, match="没有字段“姓明”"):
        next(job for job in jobs if job.kind == "feedback").content()


# ── what it is filled with ──


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_to_begin_with_makes_a_valid_document(
    unit: PollResults, audit: Audit, kind: str
) -> None:
    path = own_templates.start(unit.documents, ALL_KINDS[kind])
    assert own_templates.check(path, ALL_KINDS[kind]) == []
    assert audit(path.read_bytes()) == []
    document = made(unit, kind)
    assert audit(document) == []
    assert not re.search(r"[{}]|None|Undefined", text(document))
    assert f"（{UNOFFICIAL}）" in text(document)
    assert document == made(unit, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_start_is_never_written_over(unit: PollResults, folder: Path, kind: str) -> None:
    path = put(folder, b"mine", kind)
    with pytest.raises(RefusedError, match=f"已有 {path}，没有动它"):
        own_templates.start(unit.documents, ALL_KINDS[kind])
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize("kind", KINDS)
def test_the_values_are_those_of_the_fields(unit: PollResults, kind: str) -> None:
    """No field is without a value, no value without a field that explains it."""

    def agree(fields: tuple[TemplateField, ...], values: dict[str, Any], path: str) -> None:
        assert {field.name for field in fields} == values.keys(), path
        for field in fields:
            assert field.meaning
            value = values[field.name]
            if not field.many:
                assert isinstance(value, str), field.name
                continue
            for row in value:
                if field.rows:
                    agree(field.rows, row, f"{path}.{field.name}")
                else:
                    assert isinstance(row, str), field.name

    person = unit.persons()[1] if kind in OF_PERSON else None
    agree(own_templates.template_of(ALL_KINDS[kind]).fields, context(unit, person, kind), kind)


def numbers(document: bytes) -> list[list[str]]:
    """The lines of the tables of results: every number in order, column by column."""
    return [
        re.findall(r"\d+\.\d+%|\d+|—", " ".join(row[1:]))
        for grid in grids(document)
        if grid[0][-1] == "多选"
        for row in grid
        if len(set(row)) > 1 and re.search(r"\d|—", " ".join(row[1:]))
    ]


@pytest.mark.parametrize("sealed", [False, True])
def test_the_letter_says_what_ours_says(unit: PollResults, sealed: bool) -> None:
    if sealed:
        seal_all(unit.round)
        unit = replace(unit, poll=only_poll(unit.round))
    own_templates.start(unit.documents, FEEDBACK)
    for person in unit.persons():
        ours, theirs = feedback.document(unit, person), made(unit, "feedback", person)
        assert numbers(theirs) == numbers(ours)
        assert numbers(ours)
        said = {line.removeprefix("注：") for line in text(ours).split("\n")}
        heard = {line.removeprefix("注：") for line in text(theirs).split("\n")}
        # A table's own header and the picture under it are not sentences.
        assert {line for line in said - heard if len(line) > 4} == set(), person.subject


def test_the_chiefs_letter_has_the_numbers_of_ours(unit: PollResults) -> None:
    own_templates.start(unit.documents, ALL_KINDS["chief"])
    ours, theirs = chief.document(unit), made(unit, "chief")
    assert numbers(theirs) == numbers(ours)
    assert len(numbers(ours)) > 20
    assert "\n王正同志：\n" in text(theirs)


def test_a_letter_to_a_party_group(unit: PollResults) -> None:
    levels = dict(unit.levels)
    del levels[Level.CHIEF]
    own_templates.start(unit.documents, ALL_KINDS["chief"])
    words = text(made(replace(unit, levels=levels), "chief"))
    assert "\n甲县工商行政管理局党组：\n" in words
    assert "第一责任人" not in words


def test_a_persons_letter_knows_nothing_of_colleagues(unit: PollResults) -> None:
    person = unit.persons()[1]
    told = str(context(unit, person, "feedback"))
    assert "李一" in told
    assert not any(name in told for name in ("王正", "赵二强"))


def test_a_public_notice_names_persons_only_where_the_office_wants_it(unit: PollResults) -> None:
    names = [person.subject.name for person in unit.persons()]
    told = context(unit, None, "public")
    assert [level["名称"] for level in told["各层级"]] == ["领导班子", "纪检监察机关"]
    assert not any(name in str(told) for name in names)
    assert told["被测评人数"] == "3"
    open_ = replace(unit, documents=replace(unit.documents, public_persons=True))
    told = context(open_, None, "public")
    assert all(name in str(told) for name in names)
    assert [len(each["行"]) for each in told["各层级"][1]["对象"]] == [1], "overall line alone"
    assert "信任票" not in str(told), "nobody is held against a rule in public"
    assert "信任票" in str(context(unit, None, "chief"))


def test_an_archive_entry_has_the_roster_and_earlier_rounds(
    store: Store, settings: Settings, folder: Path
) -> None:
    before = make_round(settings, year=2025)
    key_all(before)
    info = make_round(settings, units=[only_poll(before).unit_id])
    key_all(info)
    results = in_folder(gather(settings, info, only_poll(info)), folder)
    person = results.persons()[1]
    number = person.subject.cadre_id or 0
    file = ArchiveFile(
        cadre(number), earlier_evaluations({results.poll: [number]}, info)[results.poll, number]
    )
    own_templates.start(results.documents, ALL_KINDS["archive"])
    document = from_template(results, "archive", person, file)
    assert document is not None
    words = text(document)
    assert "1970.01" in words
    assert "2015.03" in words
    (history,) = [grid for grid in grids(document) if grid[0][0] == "轮次"]
    named = f"{before.title}\n2025年11月5日"
    assert {row[0] for row in history[1:]} == {named}
    assert len(history) == 3
    assert f"（{UNOFFICIAL}）优秀" in history[1][-1]


@pytest.mark.parametrize("count", [2, 3, 5, 9])
@pytest.mark.parametrize("kind", KINDS)
def test_scales_of_any_length_fill_the_table_to_its_width(
    store: Store, settings: Settings, folder: Path, audit: Audit, kind: str, count: int
) -> None:
    grades = [f"等次{n}" for n in range(count)]
    info = make_round(with_scale(settings, grades))
    key_all(info)
    results = in_folder(gather(settings, info, only_poll(info)), folder)
    own_templates.start(results.documents, ALL_KINDS[kind])
    document = made(results, kind)
    assert audit(document) == []
    tables = list(body(document).iter(f"{W}tbl"))
    assert len(tables) > 1
    for table in tables:
        grid = [int(each.get(f"{W}w")) for each in table.iter(f"{W}gridCol")]
        assert abs(sum(grid) - 8845) <= 2
        for row in table.iter(f"{W}tr"):
            spans = [int(s.get(f"{W}val")) if s is not None else 1 for s in spans_of(row)]
            widths = [int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for cell in cells_of(row)]
            assert sum(spans) == len(grid)
            ends = [sum(spans[:n]) for n in range(len(spans) + 1)]
            wanted = [sum(grid[a:b]) for a, b in pairwise(ends)]
            assert widths == wanted


def cells_of(row: Any) -> list[Any]:
    return list(row.findall(f"{W}tc"))


def spans_of(row: Any) -> list[Any]:
    return [cell.find(f"{W}tcPr/{W}gridSpan") for cell in cells_of(row)]


def test_hostile_names_stay_text(
    store: Store, settings: Settings, folder: Path, audit: Audit
) -> None:
    team = Team(name="[/b]<甲>&局", short_name="{{ 甲 }}", chief=HOSTILE[0], members=HOSTILE[1:])
    info = make_round(settings, teams=[team])
    key_all(info)
    results = in_folder(gather(settings, info, only_poll(info)), folder)
    put(folder, template("{{ 姓名|replace('甲', '<w:b/>') }}同志：{{ '<' }}{{ 单位 }}"))
    for person in results.persons():
        document = made(results, "feedback", person)
        # docxtpl's own way to write braces, and what no document may hold.
        name = person.subject.name.replace("{_{", "{{").replace("}_}", "}}")
        name = name.replace("\x1b", "").replace("\x00", "")
        assert f"{name}同志：<[/b]<甲>&局" in text(document)
        assert audit(document) == []
        assert part(document).count("<w:b/>") == 0


def test_a_value_in_an_attribute_cannot_leave_it(unit: PollResults, folder: Path) -> None:
    document = docx.Document(io.BytesIO(template()))
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "{% cellbg 姓名 %}甲"
    plain = io.BytesIO()
    document.save(plain)
    put(folder, plain.getvalue())
    person = unit.persons()[0]
    evil = replace(person, subject=replace(person.subject, name='"/><w:evil w:x="'))
    shown = part(made(unit, "feedback", evil))
    assert "<w:evil" not in shown
    assert "&quot;/&gt;&lt;w:evil" in shown


# ── what the file says of itself ──


def test_nobody_is_named_as_its_maker(unit: PollResults, folder: Path) -> None:
    document = docx.Document(io.BytesIO(template("{{ 姓名 }}")))
    document.core_properties.author = "张三"
    document.core_properties.title = "{{ ''.__class__ }}"
    plain = io.BytesIO()
    document.save(plain)
    put(folder, plain.getvalue())
    content = made(unit, "feedback")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(archive.namelist())
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "张三" not in everything
    assert "python-docx" not in part(content, "docProps/core.xml")
    assert "__class__" not in everything


def test_headers_and_footers_are_filled_in_and_checked(unit: PollResults, folder: Path) -> None:
    def with_header(line: str) -> bytes:
        document = docx.Document(io.BytesIO(template("{{ 姓名 }}")))
        document.sections[0].header.paragraphs[0].text = line
        plain = io.BytesIO()
        document.save(plain)
        return plain.getvalue()

    put(folder, with_header("{{ 机关 }}文书"))
    content = made(unit, "feedback")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (header,) = [name for name in archive.namelist() if "header" in name]
        assert "甘肃省工商行政管理局文书" in archive.read(header).decode()
    path = put(folder, with_header("{{ 机官 }}文书"))
    assert own_templates.check(path, FEEDBACK) == ["在“{{ 机官 }}文书”附近：没有字段“机官”"]


def with_footnote(line: str) -> bytes:
    """A template with one footnote, as Word keeps it: a part of its own."""
    with zipfile.ZipFile(io.BytesIO(template("{{ 姓名 }}"))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    )
    rels = "word/_rels/document.xml.rels"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    parts[rels] = parts[rels].replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>',
    )
    parts["word/footnotes.xml"] = (
        f'<w:footnotes xmlns:w="{W[1:-1]}"><w:footnote w:id="1">'
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, text_of_part in parts.items():
            archive.writestr(name, text_of_part)
    return plain.getvalue()


def test_footnotes_are_filled_in_and_checked(unit: PollResults, folder: Path) -> None:
    put(folder, with_footnote("{{ 单位 }}&lt;"))
    shown = part(made(unit, "feedback"), "word/footnotes.xml")
    assert "甲县工商行政管理局&lt;" in shown
    path = put(folder, with_footnote("{{ ''.__class__ }}"))
    assert any("“.__class__”不能用" in why for why in own_templates.check(path, FEEDBACK))


# ── what is refused ──


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("尊敬的{{ 姓明 }}", "在“尊敬的{{ 姓明 }}”附近：没有字段“姓明”"),
        ("{% for 行 in 各层次 %}{% endfor %}", "没有字段“各层次”"),
        (
            "{% for 层级 in 各层级 %}{{ 层级.名 }}{% endfor %}",
            "“各层级”的行没有字段“名”，有：序号、名称、",
        ),
        (
            "{% for 层级 in 各层级 %}{% for 行 in 层级.行 %}{{ 行['票'] }}{% endfor %}{% endfor %}",
            "“行”的行没有字段“票”",
        ),
        ("{{ 各层级[0].名 }}", "“各层级”的行没有字段“名”"),
        ("{{ 各层级 }}", "“各层级”是列表，要用 {% for … in 各层级 %} 逐个写"),
        ("{% for 层级 in 各层级 %}{{ 层级 }}{% endfor %}", "行本身不能写出来"),
        ("{% for 字 in 姓名 %}{{ 字 }}{% endfor %}", "只能对列表的字段循环"),
        ("{% for 句 in 更正 %}{{ loop.parent }}{% endfor %}", "loop 没有“parent”"),
        ("{{ 姓名 | upper }}", "不能用“|upper”"),
        ("{{ ''.__class__ }}", "“.__class__”不能用"),
        ("{{ ''['__class__'] }}", "“.__class__”不能用"),
        ("{{ 姓名.__class__.__mro__ }}", "“.__class__”不能用"),
        ("{{ ''|attr('__class__') }}", "不能用“|attr”"),
        ("{{ self }}", "没有字段“self”"),
        ("{{ cycler.__init__ }}", "没有字段“cycler”"),
        ("{{ range(9) }}", "这种写法不能用"),
        ("{{ 'a' * 999999999 }}", "这种写法不能用"),
        ("{% set x = 姓名 %}", "只能用字段"),
        ("{% include 'x' %}", "只能用字段"),
        ("{% macro a() %}{% endmacro %}", "只能用字段"),
        ("{% if 标记 %}甲", "没有结束，缺少"),
        ("{% endfor %}", "{% endfor %} 没有配对的"),
        ("{% fro 句 in 更正 %}", "没有 {% fro %} 这种写法"),
        ("{{ 姓名 职务 }}", "在“{{ 姓名 职务 }}”附近：花括号里的写法不对"),
        ("｛｛ 姓名 ｝｝", "花括号和百分号要用半角"),
        ("{姓名}同志", "{姓名} 要写两层花括号 {{ 姓名 }}"),
        ("{{r 姓名 }}", "前面不加 r、p、tr、tc"),
        ("{{ 各层级[2].名称 }}", "取不到的值"),
    ],
)
def test_a_fault_is_named_with_its_place(
    unit: PollResults, folder: Path, line: str, wanted: str
) -> None:
    path = put(folder, template(line))
    found = own_templates.check(path, FEEDBACK)
    assert any(wanted in why for why in found), found
    with pytest.raises(RefusedError) as raised:
        made(unit, "feedback")
    assert str(path) in str(raised.value)
    assert wanted in str(raised.value)


def test_the_sandbox_holds_without_the_check(unit: PollResults) -> None:
    for attack in ("{{ ''.__class__.__mro__ }}", "{{ ''|attr('__class__') }}"):
        with pytest.raises(RefusedError):
            render(template(attack), context(unit, None, "public"))


@pytest.mark.parametrize("field", ["标记", "更正"])
def test_a_letter_must_say_that_it_is_no_result_yet_or_was_corrected(
    folder: Path, field: str
) -> None:
    line = "{{ 标记 }}" if field == "更正" else "{% for 句 in 更正 %}{{ 句 }}{% endfor %}"
    path = put(folder, template("{{ 姓名 }}", line, required=False))
    (why,) = own_templates.check(path, FEEDBACK)
    assert f"没有用字段“{field}”" in why


def test_fields_of_one_kind_are_not_those_of_another(folder: Path) -> None:
    content = template("{{ 回执|join('') }}")
    assert own_templates.check(put(folder, content), FEEDBACK) == []
    assert any(
        "“回执”" in why
        for why in own_templates.check(put(folder, content, "chief"), ALL_KINDS["chief"])
    )


def test_tags_that_word_has_cut_in_pieces_are_read(unit: PollResults, folder: Path) -> None:
    document = docx.Document(io.BytesIO(template()))
    paragraph = document.add_paragraph()
    for piece in ("{", "{ 姓", "名 }", "}同志"):
        paragraph.add_run(piece).bold = piece == "名 }"
    plain = io.BytesIO()
    document.save(plain)
    put(folder, plain.getvalue())
    assert "李一同志" in text(made(unit, "feedback"))


def test_a_loop_over_half_a_table_is_refused(folder: Path) -> None:
    document = docx.Document(io.BytesIO(template()))
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "{%tr for 句 in 更正 %}"
    document.add_paragraph("{%p endfor %}")
    plain = io.BytesIO()
    document.save(plain)
    path = put(folder, plain.getvalue())
    (why,) = own_templates.check(path, FEEDBACK)
    assert "成对的两个要在同一个表里" in why


def test_a_cell_left_empty_by_a_condition_keeps_a_paragraph(
    unit: PollResults, folder: Path, audit: Audit
) -> None:
    document = docx.Document(io.BytesIO(template()))
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{%p if 意见归纳 %}"
    cell.add_paragraph("{{ 意见归纳 }}")
    cell.add_paragraph("{%p endif %}")
    plain = io.BytesIO()
    document.save(plain)
    put(folder, plain.getvalue())
    assert [list(each)[-1].tag for each in body(made(unit, "feedback")).iter(f"{W}tc")] == [f"{W}p"]


def test_tracked_changes_and_comments_are_refused(folder: Path) -> None:
    content = template("甲")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    tracked = b'<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>\xe7\x94\xb2</w:t></w:r></w:ins></w:p>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:sectPr", tracked + b"<w:sectPr", 1
    )
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    path = put(folder, plain.getvalue())
    assert "模板里有修订或批注，请先接受或删除" in own_templates.check(path, FEEDBACK)


def broken_files() -> dict[str, bytes]:
    good = own_templates.start_of(FEEDBACK, "gb2312")
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cut = io.BytesIO()
    with zipfile.ZipFile(cut, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data[:-40] if name == "word/document.xml" else data)
    headless = io.BytesIO()
    with zipfile.ZipFile(headless, "w") as archive:
        for name, data in parts.items():
            if name != "word/document.xml":
                archive.writestr(name, data)
    return {
        "text": "反馈书".encode(),
        "nothing": b"",
        "cut short": good[:2000],
        "an empty archive": empty.getvalue(),
        "XML cut short": cut.getvalue(),
        "no document": headless.getvalue(),
        "a bit turned": bytes(
            byte ^ (0xFF if 900 < at < 1000 else 0) for at, byte in enumerate(good)
        ),
    }


@pytest.mark.parametrize("name", broken_files())
def test_a_broken_file_is_refused(unit: PollResults, folder: Path, name: str) -> None:
    path = put(folder, broken_files()[name])
    (why,) = own_templates.check(path, FEEDBACK)
    assert "不是完好的 Word 文档" in why
    with pytest.raises(RefusedError, match="不是完好的 Word 文档"):
        made(unit, "feedback")


def test_a_folder_named_as_a_template_and_a_file_that_cannot_be_read(
    unit: PollResults, folder: Path
) -> None:
    (folder / "反馈书.docx").mkdir()
    assert own_templates.find(unit.documents, FEEDBACK) is None
    (why,) = own_templates.check(folder / "反馈书.docx", FEEDBACK)
    assert "读不出模板" in why


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["{{ 姓名 {%p if 标记 %}", "甲", "{%p endif %}"], "字段没有写完整"),
        (["甲 {{ 姓名 }} {%p if 标记 %}", "乙", "{%p endif %}"], "要独占一段，同一段里别的字会丢"),
        (
            [
                "{%p for a in 各层级 %}",
                "{%p for b in 各层级 %}",
                "甲",
                "{%p endfor %}",
                "{%p endfor %}",
            ],
            "在“各层级”的循环里又循环“各层级”",
        ),
    ],
)
def test_a_slip_that_would_lose_or_multiply_text_is_named(
    folder: Path, lines: list[str], says: str
) -> None:
    path = put(folder, template(*lines))
    assert any(says in why for why in own_templates.check(path, FEEDBACK))


@pytest.mark.parametrize("kind", ["attachedTemplate", "image"])
def test_what_would_be_fetched_from_elsewhere_is_refused_by_name(folder: Path, kind: str) -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = (
        f'<Relationship Id="rId99" Type="{office}/{kind}" '
        'Target="http://example.org/a.dotx" TargetMode="External"/></Relationships>'
    )
    plain = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template("{{ 姓名 }}"))) as old,
        zipfile.ZipFile(plain, "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", link.encode())
            new.writestr(name, data)
    found = own_templates.check(put(folder, plain.getvalue()), FEEDBACK)
    assert any("http://example.org/a.dotx" in why for why in found), found
