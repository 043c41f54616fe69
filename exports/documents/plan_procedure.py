"""The steps of a plan's procedure, from the round's settings.

Only 无记名 is required by the regulation (clause 三、2); the rest is worded as this evaluation's
own arrangement.
"""

from __future__ import annotations

from models.regulation.rules import Quorum, VerificationRule
from models.rounds.plan import Gathering, RoundInfo

_QUORUM = {
    Quorum.OFF: "",
    Quorum.HALF: "到会人数达到应到人数的1/2，方可进行测评。",
    Quorum.TWO_THIRDS: "到会人数达到应到人数的2/3，方可进行测评。",
}


def steps(round_info: RoundInfo) -> list[tuple[str, str]]:
    """Return the name and text of each step, in order."""
    together = round_info.plan.gathering is Gathering.TOGETHER
    quorum = _QUORUM[round_info.rules.quorum]
    return [
        (
            "确定参加人员",
            "按测评人员类别确定参加测评的人员和应到人数，按票种印制测评票。测评票不编号，不作记号。",
        ),
        *(_gathered(quorum) if together else _scattered(quorum)),
        ("录入和复核", _verification(round_info.rules.verification)),
        (
            "签字和封存",
            "计票结果报告单由监票人、计票人签字。测评票和计票数据一并封存；封存后确需更正的，"
            "写明理由，由两人共同办理，留存记录。",
        ),
    ]


_FILL = (
    "无记名填票",
    "以无记名投票方式测评（制度三、2）。测评人员独立填票，每项只选一个等次，不在票上签名或作记号。",
)
_COUNT = "清点收回票数。收回票数多于发出票数的，测评无效，重新测评。"


def _gathered(quorum: str) -> list[tuple[str, str]]:
    """Steps for voters who meet, from choosing the tellers to counting the ballots."""
    return [
        (
            "推定监票人、计票人",
            "由参加测评的人员推定监票人、计票人。被测评人不担任监票人、计票人。",
        ),
        ("宣读填票说明", "宣读填票说明，讲明测评内容、等次和填票方法。"),
        (
            "清点人数，发放测评票",
            f"清点到会人数。{quorum}按测评人员类别发放测评票，登记发出票数。",
        ),
        _FILL,
        (
            "投票，当众清点",
            "填好的测评票由测评人员投入票箱；投票结束，监票人、计票人当众开箱，" + _COUNT,
        ),
    ]


def _scattered(quorum: str) -> list[tuple[str, str]]:
    """Steps for voters who vote where they are, over several days."""
    return [
        ("确定监票人、计票人", "确定监票人、计票人并予公布。被测评人不担任监票人、计票人。"),
        (
            "发放测评票",
            "按测评人员类别发放测评票，登记发出票数，发票时讲明测评内容、等次和填票方法。",
        ),
        _FILL,
        (
            "收票，当众清点",
            "填好的测评票由测评人员自行密封，投入票箱或者交指定人员；收齐后，监票人、计票人"
            f"当众启封，{_COUNT}{quorum.replace('到会', '参加测评').replace('进行测评', '计票')}",
        ),
    ]


def _verification(rule: VerificationRule) -> str:
    first = "清点后的测评票先予混合，再逐票录入。"
    if not rule.every:
        return f"{first}本次测评不安排再次录入核对。"
    how = (
        f"每{rule.every}张抽取1张，对照原票再录入一遍"
        if rule.sampled
        else "全部测评票对照原票再录入一遍"
    )
    return f"{first}{how}，一般由另一人录入；两遍不同之处，对照原票核定。"
