"""The kinds of documents, in the order in which they are written and filed.

To add a kind, write a module with a `WRITER` and add an entry to this list.
"""

from __future__ import annotations

from pathlib import Path

from exports.documents.kind import Kind, Scope, Waits
from models.refusal import RefusedError
from models.settings import office
from models.settings.office import Settings

# The fields available in a document's sentences; `exports.parts.own_words` fills them in.
_ROUND = ("机关", "落款", "轮次", "年度", "测评方式", "测评人员", "依据", "全部依据")
_POLL = (*_ROUND, "单位", "单位简称", "日期", "地点", "应到", "实到", "经过")
_PERSON = (*_POLL, "姓名", "职务")

_KINDS = (
    Kind(
        key="ballot",
        name="测评票",
        scopes=(Scope.UNIT,),
        waits=Waits.NOTHING,
        module="exports.documents.ballot_paper",
    ),
    Kind(
        key="plan",
        name="实施方案",
        scopes=(Scope.ROUND,),
        waits=Waits.NOTHING,
        module="exports.documents.plan",
        filed=True,
        sentences={"opening": _ROUND},
    ),
    Kind(
        key="count",
        name="计票结果报告单",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.count_record",
        filed=True,
    ),
    Kind(
        key="summary",
        name="汇总表",
        scopes=(Scope.UNIT, Scope.ROUND),
        waits=Waits.BALLOTS,
        module="exports.documents.summary",
        filed=True,
    ),
    Kind(
        key="feedback",
        name="反馈书",
        scopes=(Scope.PERSON,),
        waits=Waits.BALLOTS,
        module="exports.documents.feedback",
        template=True,
        handed_over="反馈本人",
        sentences={
            "title": _PERSON,
            "salutation": _PERSON,
            "opening": _PERSON,
            "objection": (*_PERSON, "异议"),
            "closing": _PERSON,
            "receipt": (*_PERSON, "标题"),
        },
    ),
    Kind(
        key="chief",
        name="第一责任人反馈书",
        scopes=(Scope.UNIT,),
        waits=Waits.BALLOTS,
        module="exports.documents.chief",
        filed=True,
        template=True,
        handed_over="反馈第一责任人",
        sentences={
            "title": _POLL,
            "salutation": _PERSON,
            "opening": _PERSON,
            "party_salutation": _POLL,
            "party_opening": _POLL,
            "closing": _POLL,
        },
    ),
    Kind(
        key="public",
        name="公开反馈",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.public",
        filed=True,
        template=True,
        sentences={
            "title": _POLL,
            "opening": (*_POLL, "公开范围"),
            "objection": (*_POLL, "异议"),
            "closing": _POLL,
        },
    ),
    Kind(
        key="report",
        name="情况报告",
        scopes=(Scope.UNIT_ALONE, Scope.ROUND),
        waits=Waits.ALL_SEALS,
        module="exports.documents.report",
        filed=True,
        sentences={"closing": _ROUND},
    ),
    Kind(
        key="accountability",
        name="责任追究呈批件",
        scopes=(Scope.PERSON,),
        waits=Waits.SEAL,
        module="exports.documents.accountability",
        filed=True,
        nobody="没有设信任票标准，或者没有人未达到标准，不需要呈批件。",
    ),
    Kind(
        key="archive",
        name="廉政档案登记表",
        scopes=(Scope.PERSON,),
        waits=Waits.BALLOTS,
        module="exports.documents.archive_entry",
        template=True,
        handed_over="归入廉政档案",
    ),
    Kind(
        key="catalogue",
        name="归档文件目录",
        scopes=(Scope.ROUND,),
        waits=Waits.SEAL,
        module="exports.documents.catalogue",
    ),
    Kind(
        key="correction",
        name="更正通知",
        scopes=(Scope.UNIT, Scope.ROUND),
        waits=Waits.SEAL,
        module="exports.documents.correction_notice",
        nobody="没有更正过的封存，或者没有人拿到更正以前的文书，不需要更正通知。",
    ),
    Kind(
        key="deliveries",
        name="送达登记表",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.delivery_list",
    ),
    Kind(
        key="bag",
        name="票袋封签",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.ballot_bag",
    ),
    Kind(
        key="transfer",
        name="移交清单",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.transfer_list",
    ),
    Kind(
        key="script",
        name="主持词",
        scopes=(Scope.UNIT,),
        waits=Waits.NOTHING,
        module="exports.documents.meeting_script",
        nobody="本轮次分散组织测评，不开会，不需要主持词。",
    ),
    Kind(
        key="issue",
        name="印发通知",
        scopes=(Scope.ROUND,),
        waits=Waits.NOTHING,
        module="exports.documents.issue_notice",
        filed=True,
    ),
    Kind(
        key="rectification",
        name="整改情况报告",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="exports.documents.rectification",
    ),
    Kind(
        key="destruction",
        name="销毁清单",
        scopes=(Scope.ROUND,),
        waits=Waits.SEAL,
        module="exports.documents.destruction_list",
    ),
    Kind(
        key="comparison",
        name="结果对比表",
        scopes=(Scope.ROUND,),
        waits=Waits.SEAL,
        module="exports.documents.comparison",
    ),
)

KINDS: dict[str, Kind] = {kind.key: kind for kind in _KINDS}
"""Every kind by its key, in order."""


def numbered(kind: Kind) -> str:
    """Return a kind's name prefixed with its position, `05_反馈书`, for sorting by name."""
    return f"{list(KINDS).index(kind.key) + 1:02d}_{kind.name}"


def kind_named(text: str) -> Kind:
    """Return the kind with this key or Chinese name. Raises `RefusedError` listing the kinds."""
    for kind in KINDS.values():
        if text in (kind.key, kind.name):
            return kind
    known = "、".join(f"{kind.key}（{kind.name}）" for kind in KINDS.values())
    raise RefusedError(f"没有“{text}”这种文书。现有：{known}。")


def load_settings(file: Path) -> Settings:
    """Load ceping.toml with the sentences and terms of these kinds. Raises `TomlFaultsError`."""
    return office.load(file, KINDS.values())
