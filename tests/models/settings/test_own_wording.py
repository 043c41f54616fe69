"""The office's own sentences: filled as plain text, and every slip in them named at the start."""

from pathlib import Path

import pytest

from exports.documents.kinds import KINDS, load_settings
from models.settings.office import Settings, shipped_file
from models.settings.own_wording import faults, fill
from models.settings.toml_file import TomlFaultsError
from tests.offices import write


@pytest.mark.parametrize(
    ("sentence", "values", "wanted"),
    [
        ("{姓名}同志：", {"姓名": "王正"}, ("王正同志：",)),
        ("[根据{依据}，]现将", {"依据": "《制度》"}, ("根据《制度》，现将",)),
        ("[根据{依据}，]现将", {"依据": ""}, ("现将",)),
        ("[{应到}人、{实到}人，]现将", {"应到": "3", "实到": ""}, ("现将",)),
        ("[对{异议}]", {"异议": ""}, ()),
        ("{轮次}\n结果", {"轮次": "甲轮"}, ("甲轮", "结果")),
        ("{ 姓名 }{{原样}}", {"姓名": "王正"}, ("王正{原样}",)),
        ("", {}, ()),
    ],
)
def test_fields_are_filled(sentence: str, values: dict[str, str], wanted: tuple[str, ...]) -> None:
    assert faults(sentence, tuple(values)) == []
    assert fill(sentence, values) == wanted


@pytest.mark.parametrize("name", ["{单位}", "[甲]", "{0.__class__}", "甲\n乙", "{", "%s", "\\n"])
def test_what_is_filled_in_is_not_read_again(name: str) -> None:
    assert fill("[{姓名}]同志{单位}", {"姓名": name, "单位": "甲局"}) == (f"{name}同志甲局",)


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("{姓明}同志", "没有字段 {姓明}，可用的字段：姓名、职务"),
        ("{}同志", "没有字段 {}"),
        ("{姓名", "花括号不成对"),
        ("姓名}", "花括号不成对"),
        ("{姓名.__class__}", "没有字段 {姓名.__class__}"),
        ("{姓名[0]}", "花括号不成对"),
        ("{0}", "没有字段 {0}"),
        ("{姓名!r}", "花括号不成对，或者字段里有 : !"),
        ("{姓名:>9999999}", "花括号不成对，或者字段里有 : !"),
        ("{姓名:{职务}}", "花括号不成对，或者字段里有 : !"),
        ("[根据{姓名}，", "方括号不成对"),
        ("[甲[{姓名}]]", "方括号不成对"),
        ("[没有字段]", "方括号里没有字段"),
        ("｛姓名｝同志", "括号要用半角"),
    ],
)
def test_a_slip_is_named(sentence: str, wanted: str) -> None:
    found = faults(sentence, ("姓名", "职务"))
    assert any(wanted in why for why in found), found


def test_two_slips_are_both_named() -> None:
    assert len(faults("{甲}\n[乙", ("姓名",))) == 2


def test_what_the_office_leaves_out_is_the_shipped_sentence(
    tmp_path: Path, settings: Settings
) -> None:
    text = '[documents.wording.feedback]\nclosing = "此致\\n敬礼！"\n'
    found = load_settings(write(tmp_path, "own.toml", text)).documents.wording
    assert found["feedback"]["closing"] == "此致\n敬礼！"
    shipped = settings.documents.wording
    assert {**found["feedback"], "closing": ""} == {**shipped["feedback"], "closing": ""}
    assert found["chief"] == shipped["chief"]


def test_the_shipped_file_words_every_sentence_of_ours() -> None:
    wording = load_settings(shipped_file()).documents.wording
    worded = {kind.key: kind.sentences for kind in KINDS.values() if kind.sentences}
    assert wording.keys() == worded.keys()
    for kind, sentences in worded.items():
        assert wording[kind].keys() == sentences.keys()
        assert all(wording[kind].values())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '[documents.wording.feedback]\nopening = "现将对{姓明}的"\n',
            "第2行 documents.wording.feedback.opening：没有字段 {姓明}，可用的字段：机关、",
        ),
        (
            '[documents.wording.chief]\nparty_opening = "{姓名}"\n',
            "第2行 documents.wording.chief.party_opening：没有字段 {姓名}",
        ),
        (
            '[documents.wording.feedback]\nsalutation = ""\n',
            "第2行 documents.wording.feedback.salutation：不能为空",
        ),
        (
            '[documents.wording.feedback]\nclosng = "甲"\n',
            "第2行 documents.wording.feedback.closng：没有这一项设置",
        ),
        ('[documents.wording.letter]\na = "甲"\n', "documents.wording.letter：没有这一项设置"),
        ("[documents.wording.feedback]\nclosing = 1\n", "应为文字"),
    ],
)
def test_a_fault_names_file_line_key_and_field(tmp_path: Path, text: str, wanted: str) -> None:
    file = write(tmp_path, "own.toml", text)
    with pytest.raises(TomlFaultsError) as raised:
        load_settings(file)
    assert str(file) in str(raised.value)
    assert wanted in str(raised.value)


def test_closing_words_and_return_slip_may_be_left_out(tmp_path: Path) -> None:
    text = '[documents.wording.feedback]\nclosing = ""\nreceipt = ""\n'
    found = load_settings(write(tmp_path, "own.toml", text)).documents.wording["feedback"]
    assert (found["closing"], found["receipt"]) == ("", "")


def test_the_folder_of_templates_is_beside_the_settings(tmp_path: Path) -> None:
    text = '[documents]\ntemplates = "文书模板"\n'
    assert (
        load_settings(write(tmp_path, "own.toml", text)).documents.templates
        == tmp_path / "文书模板"
    )
    assert load_settings(shipped_file()).documents.templates is None
