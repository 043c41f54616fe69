"""设置: what the office has set, edited in its ceping.toml, each with what it changes on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exports.documents.kinds import KINDS, load_settings
from models.database import clerk
from models.refusal import RefusedError
from models.roster.units import unit_tree
from models.rounds import life
from models.settings import settings_file
from models.settings.office import FONT_SETS, Settings
from models.settings.settings_file import Place, SettingsFile, UnsettableError, Value
from models.settings.toml_file import TomlFaultsError
from tui.screens import sign_in
from tui.screens.rounds import round_words
from tui.session import SessionApp
from tui.widgets.forms import FaultyFieldsError, Field, FieldKind, FormScreen
from tui.widgets.frame import Frame
from tui.words.columns import visible_line

_FONTS = dict(zip(FONT_SETS, ("仿宋_GB2312、楷体_GB2312", "仿宋、楷体"), strict=True))
_YES_NO = {"False": "不写", "True": "写"}
_POLICIES = {"full": "全部", "sample": "抽查", "none": "不复核"}
_OFFICE, _DOCUMENTS, _RULES = "本机关", "文书", "新轮次的规则（已有的轮次不变）"
_REASONS = "1 至 9 项，用；隔开，录票时按这个次序选"


@dataclass(frozen=True)
class Setting:
    """One setting as the form shows it."""

    table: str
    """Its table in ceping.toml."""
    key: str
    """Its key there."""
    label: str
    """Its name on the screen."""
    note: str
    """What it changes on paper."""
    kind: FieldKind = FieldKind.TEXT
    """What it takes."""
    choices: Mapping[Any, str] | None = None
    """Its choices with their names, for `FieldKind.CHOICE`."""
    apart: str = ""
    """What stands between the names of a list; empty for a single text."""
    required: bool = False
    """Whether it must not be empty."""


def _office(key: str, label: str, note: str, **more: Any) -> Setting:
    return Setting("office", key, label, note, **more)


def _documents(key: str, label: str, note: str, **more: Any) -> Setting:
    return Setting("documents", key, label, note, **more)


def _rule(key: str, label: str, choices: Mapping[Any, str], note: str) -> Setting:
    return Setting("rules", key, label, note, FieldKind.CHOICE, choices)


NAMES = (
    _office(
        "name", "机关全称", "汇总表的组织单位、归档目录的责任者等；落款空着时也用它", required=True
    ),
    _office("party_group", "本级党组", "情况报告的发文机关和落款；红头空着时也用它"),
    _office("superior_party_group", "上级党组", "情况报告的主送机关；空着就留空手填"),
    _office("signature", "落款单位", "反馈书、公开反馈等末尾落款的单位，回执也写它"),
)
"""What an office must set before its first document."""
DEFAULTS = (
    _rule("sheet", "票面", round_words.SHEETS, "测评票上每个对象有哪些项"),
    _rule(
        "member_sheet", "班子成员票", round_words.MEMBER_SHEETS, "一张票印全体成员，还是一人一张"
    ),
    _rule(
        "denominator",
        "得票率分母",
        round_words.DENOMINATORS,
        "得票率 = 该等次票数 / 这个数；写进每张表的注",
    ),
    _rule("decimals", "小数位", round_words.DECIMALS, "各种文书里得票率的小数位"),
    Setting(
        "rules",
        "minimum_group",
        "最少票数",
        "有效票少于此数的类别，文书里合并公布",
        FieldKind.INTEGER,
        required=True,
    ),
    _rule("verification", "复核", _POLICIES, "按纸票再录一遍；计票结果报告单上写明"),
    Setting("rules", "every", "抽查间隔", "每几张复核 1 张，2 至 99", FieldKind.INTEGER),
    _rule("quorum", "到会要求", round_words.QUORUMS, "实到不足应到的这一部分时，不能封存"),
    Setting(
        "voting",
        "groups",
        "测评人员类别",
        "用、隔开；各类一叠票，文书里按类别列",
        apart="、",
        required=True,
    ),
)
"""The rules that a new round begins with."""
_PAPER = (
    _office("letterhead", "红头", "情况报告的发文机关标志；空着用本级党组"),
    _office("document_code", "机关代字", "文号里的代字，如 甘工商党；空着则文号手填"),
    _office("signer", "签发人", "情况报告红头下的签发人；空着手填"),
    _office("printer", "印发机关", "情况报告末页的印发机关；空着用机关全称"),
    _office("copies", "抄送机关", "用；隔开；情况报告末页的抄送", apart="；"),
    _office("fonds", "全宗号", "归档文件目录的全宗号；不知道就空着"),
    _office("section", "机构代码", "档号里的机构（问题）代码，如 BGS；空着不编档号"),
    _office("basis", "依据文件", "用；隔开，按引用的次序；写在文书开头“根据……”", apart="；"),
    _documents(
        "font_set",
        "字体",
        "文书用哪一套字体；没有 GB2312 字体的电脑选第 2 套",
        kind=FieldKind.CHOICE,
        choices=_FONTS,
    ),
    _documents("objection", "异议渠道", "反馈书里写明怎样、何时提出异议；空着不写"),
    _documents("expectation", "希望", "反馈书里提希望的一句话"),
    _documents("public_scope", "公开范围", "公开反馈的范围，如 本单位全体干部职工；空着手填"),
    _documents(
        "public_days",
        "公开天数",
        "公开反馈写明公开几天；0 则手填",
        kind=FieldKind.INTEGER,
        required=True,
    ),
    _documents(
        "public_persons",
        "个人结果",
        "公开反馈里写不写个人的测评结果",
        kind=FieldKind.CHOICE,
        choices=_YES_NO,
    ),
    _documents(
        "grade_in_feedback",
        "反馈等次",
        "反馈书里写不写研究确定的等次（封存后登记了的才写）",
        kind=FieldKind.CHOICE,
        choices=_YES_NO,
    ),
    _documents(
        "rank_units",
        "按率排列",
        "结果对比表是否按得票率排列单位；否按机构次序",
        kind=FieldKind.CHOICE,
        choices=_YES_NO,
    ),
    Setting("voting", "void_reasons", "作废原因", _REASONS, apart="；", required=True),
    Setting("voting", "correction_reasons", "更正原因", _REASONS, apart="；", required=True),
)
_OPERATOR = _office("operator", "操作人", "操作日志、复核记录和报告单里录入的人；换人时在首页按 F9")
SETTINGS = (*NAMES, _OPERATOR, *_PAPER, *DEFAULTS)
"""All settings that the form has, in its order."""
_SECTIONS = {NAMES[0].label: _OFFICE, _PAPER[0].label: _DOCUMENTS, DEFAULTS[0].label: _RULES}
_EVERY = ("rules", "every")
_VERIFICATION: Place = ("rules", "verification")


def fields(settings: Settings, shown: tuple[Setting, ...]) -> list[Field]:
    """The fields of these settings as they are set."""
    typed = _typed(settings)
    found = []
    for each in shown:
        choices = tuple((str(value), name) for value, name in (each.choices or {}).items())
        field = Field(
            f"{each.table}.{each.key}",
            each.label,
            each.kind,
            typed[each.table, each.key],
            each.note,
            each.required,
            choices,
            _SECTIONS.get(each.label, ""),
        )
        if (each.table, each.key) == _EVERY:
            field = replace(field, required=True, only_if=("rules.verification", ("sample",)))
        found.append(field)
    return found


def _typed(settings: Settings) -> dict[Place, str]:
    """Every setting as the form shows it."""
    places = [(each.table, each.key) for each in SETTINGS if (each.table, each.key) != _EVERY]
    known = settings_file.values(settings, places)
    apart = {(each.table, each.key): each.apart for each in SETTINGS}
    found = {
        place: apart[place].join(value) if isinstance(value, tuple) else str(value)
        for place, value in known.items()
    }
    rule = settings.rules.verification
    found[_EVERY] = str(rule.every) if rule.sampled else "5"
    if rule.sampled:
        found[_VERIFICATION] = "sample"
    return found


def changes(
    values: Mapping[str, str], settings: Settings, shown: tuple[Setting, ...]
) -> dict[Place, Value]:
    """What is to be set, of what was typed: only what is not so already. Raises
    `FaultyFieldsError`."""
    before = settings_file.values(
        settings, [(e.table, e.key) for e in shown if (e.table, e.key) != _EVERY]
    )
    found: dict[Place, Value] = {}
    for each in shown:
        place = (each.table, each.key)
        text = values[f"{each.table}.{each.key}"]
        if place == _EVERY:
            continue
        value: Value = text
        if place == _VERIFICATION and text == "sample":
            every = int(values["rules.every"])
            if not 2 <= every <= 99:
                raise FaultyFieldsError({"rules.every": "抽查间隔：应在 2 至 99 之间"})
            value = f"1/{every}"
        elif each.apart:
            # A list of groups may be set apart by any of the signs that lists are.
            signs = r"[、；;，,]" if each.apart == "、" else r"[；;]"
            value = tuple(part.strip() for part in re.split(signs, text) if part.strip())
        elif isinstance(before[place], bool):
            value = text == "True"
        elif isinstance(before[place], int):
            value = int(text)
        if value != before[place]:
            found[place] = value
    return found


def settings_form(frame: Frame, done: Callable[[str], None]) -> FormScreen:
    """The form of all settings, as its file stands now; `done` gets what was saved, in words.
    Raises `RefusedError` if the file cannot be read."""
    file, settings = _as_it_stands(frame)

    def save(values: dict[str, str]) -> None:
        changed = changes(values, settings, SETTINGS)
        if not changed:
            done("设置没有改动。")
            return
        _save(frame, file, changed)
        where = visible_line(str(file.path))
        done(f"已保存 {len(changed)} 项设置，在 {where}。已启动的轮次不变。")

    return FormScreen("设置", fields(settings, SETTINGS), save)


def is_first_start(settings: Settings) -> bool:
    """Whether the office has no settings of its own, and nothing is in its database yet."""
    return settings_file.is_shipped(settings.file) and not unit_tree() and not life.rounds()


def first_form(frame: Frame, done: Callable[[str], None]) -> FormScreen:
    """The form of what an office must set before it begins, and of who is at the keyboard; `done`
    gets what was saved, in words. Raises `RefusedError` if the file cannot be read."""
    file, settings = _as_it_stands(frame)
    shown = (*NAMES, *DEFAULTS)
    asked = replace(sign_in.name_field(clerk.current()), section="谁在操作")

    def save(values: dict[str, str]) -> None:
        sign_in.require_name(values["name"])
        changed = changes(values, settings, shown)
        # Said even where it is as shipped: the office has looked at it, and has a file of its own.
        changed["office", "name"] = values["office.name"]
        changed["office", "operator"] = values["name"]
        _save(frame, file, changed)
        done("已记下，以后按 0 再改。现在：按 F3，导入名册或逐个新增单位和人员。")

    return FormScreen(
        "初次使用：先填这些，F2 保存；以后都可以改", [asked, *fields(settings, shown)], save
    )


def _as_it_stands(frame: Frame) -> tuple[SettingsFile, Settings]:
    """The office's own file and what is set by it."""
    settings = frame.session.settings
    file = settings_file.read(settings_file.own_file(settings.file))
    if file.content is None:
        return file, settings
    try:
        return file, load_settings(file.path)
    except TomlFaultsError as error:
        raise RefusedError(f"设置文件有 {len(error.faults)} 处不对：{error}") from error


def _save(frame: Frame, file: SettingsFile, changed: Mapping[Place, Value]) -> None:
    """Write what changed, and go on by it. Raises `RefusedError`."""
    labels = {f"{each.table}.{each.key}": each.label for each in SETTINGS}
    notes = {(each.table, each.key): each.note for each in SETTINGS}
    try:
        found = settings_file.save(file, changed, notes, KINDS.values())
    except UnsettableError as error:
        if not error.faults.keys() <= labels.keys():
            raise
        faults = {key: f"{labels[key]}：{why}" for key, why in error.faults.items()}
        raise FaultyFieldsError(faults) from error
    app = frame.app
    assert isinstance(app, SessionApp)  # noqa: S101 - tells the type checker
    app.session = replace(app.session, settings=found)
    clerk.usually(found.office.operator)
