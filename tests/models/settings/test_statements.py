"""The shipped statements keep every obligation of the regulation: the words that bear one,
clause by clause. A statement may be shorter than its clause, never weaker, stricter or silent."""

from __future__ import annotations

import pytest

from models.regulation.levels import Item, Level
from models.settings.office import Settings

# What each clause obliges to, how strictly, and toward whom.
WORDS = {
    "二、（一）1": "认真 党中央、国务院 省委、省政府 国家工商总局 两次 一次 本系统、本单位 "
    "分析情况 认真组织实施",
    "二、（一）2": "标本兼治、综合治理 管理机制和监督制约机制 扩大民主监督渠道 "
    "加强监督力度 业务管理 执法 深层次原因 防范措施 对策和办法",
    "二、（一）3": "广大干部职工 认真学习 理论 省委、省政府 党性、党风、党纪 警钟长鸣 "
    "每名干部 深刻认识 不断提高",
    "二、（一）4": "切实 党中央、国务院 上级部门 法规制度 工商行政管理 突出 切实可行 严格组织落实",
    "二、（一）5": "定期或不定期 监督检查和考核 本系统、本单位 领导班子和领导干部廉洁从政",
    "二、（一）6": "严格 必须征求 必要时 可会同 人事部门 腐败现象和不正之风 苗头 及时教育 "
    "比较集中 有计划地交流",
    "二、（一）7": "大力支持 组织和领导 重大案件 及时研究处理 各类违法违纪案件",
    "二、（二）1": "党中央、国务院 省委、省政府 国家工商总局 工作计划、目标要求和具体措施 亲自部署",
    "二、（二）2": "及时召开 党组、领导班子会议 新形势下 队伍 严格明确 "
    "抓党风廉政建设的责任 亲自分管行政监察",
    "二、（二）3": "支持督促 依法依纪 违法违纪案件 亲自批办重大案件 阻力和干扰",
    "二、（二）4": "班子成员和下一级领导班子 违法违纪苗头 及时打招呼 尽快纠正 "
    "及时报告上级 干部管理权限 依法依纪",
    "二、（二）5": "认真查处和纠正 重大问题 严重问题 主要领导责任",
    "二、（三）1": "指导和督促 贯彻意见和落实措施 认真组织实施 协助一把手 重大问题",
    "二、（三）2": "经常了解 及时帮助解决",
    "二、（三）3": "监督检查 违法违纪苗头 及时批评教育、督促纠正 及时报告 "
    "吃拿卡要、以权谋私 亲自过问、亲自抓",
    "二、（三）4": "支持 依法依纪 违法违纪案件 阻力和干扰",
    "二、（四）1": "认真履行 “保护、惩处、监督、教育” 组织协调和具体落实 "
    "协助同级领导班子 依法依纪 违法违纪案件",
    "二、（四）2": "领导班子和上级 贯彻意见 阶段性 具体措施",
    "二、（四）3": "监督检查 责任制 各项制度和工作任务 及时研究解决 "
    "同级领导班子和上一级纪检监察部门报告",
    "二、（四）4": "建立健全 廉政档案 充分发挥",
}


def items(settings: Settings) -> dict[str, Item]:
    return {item.clause: item for of in settings.levels.values() for item in of.items}


@pytest.mark.parametrize("clause", WORDS)
def test_a_statement_keeps_every_obligation(settings: Settings, clause: str) -> None:
    statement = items(settings)[clause].statement
    assert [word for word in WORDS[clause].split() if word not in statement] == []


def test_every_clause_has_a_statement_and_the_integrity_ballot_its_rules(
    settings: Settings,
) -> None:
    assert items(settings).keys() == WORDS.keys()
    assert "《廉政准则》和廉洁自律" in settings.levels[Level.INTEGRITY].sheet_title
