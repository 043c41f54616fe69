"""What the check of the office's own templates refuses, with its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from exports.documents import own_templates
from exports.documents.kinds import KINDS as ALL_KINDS
from exports.parts.results import PollResults
from exports.templates.render import render
from models.refusal import RefusedError
from tests.exports.reading import W, body, text
from tests.exports.templates.filling import FEEDBACK, context, made, put, template

Audit = Callable[[bytes], list[str]]


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
