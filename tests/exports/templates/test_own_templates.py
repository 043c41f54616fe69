"""The office's own Word templates: what is filled in, and the way back to ours."""

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

from exports.documents import chief, feedback, own_templates
from exports.documents.archive_entry import ArchiveFile
from exports.documents.kinds import KINDS as ALL_KINDS
from exports.documents.writer import writer_of
from exports.parts.results import PollResults, gather
from exports.parts.wording import UNOFFICIAL
from exports.templates.fields import TemplateField
from exports.writing import preparation
from models.database.store import Store
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.results.archive import earlier_evaluations
from models.roster.cadres import cadre
from models.rounds import life
from models.settings.office import Settings
from tests.exports.reading import W, body, grids, part, text, text_of
from tests.exports.small import Team, key_all, make_round, only_poll, seal_all, with_scale
from tests.exports.templates.filling import (
    FEEDBACK,
    KINDS,
    OF_PERSON,
    context,
    from_template,
    in_folder,
    made,
    put,
    template,
)

Audit = Callable[[bytes], list[str]]
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


@pytest.mark.parametrize("kind", ["feedback", "chief"])
def test_a_start_has_the_bars_of_ours(unit: PollResults, kind: str) -> None:
    """The same greys, row by row."""
    own_templates.start(unit.documents, ALL_KINDS[kind])
    person = unit.persons()[0]
    ours = feedback.document(unit, person) if kind == "feedback" else chief.document(unit)
    theirs = made(unit, kind, person) if kind == "feedback" else made(unit, kind)

    def bars(document: bytes) -> list[list[str]]:
        return [
            [
                shade.get(f"{W}fill")
                for shade in row.iter(f"{W}shd")
                if shade.get(f"{W}fill") != "auto"
            ]
            for table in body(document).iter(f"{W}tbl")
            if text_of(table).startswith("图例")
            for row in table.iter(f"{W}tr")
        ]

    assert bars(theirs) == bars(ours)
    assert bars(ours)


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
