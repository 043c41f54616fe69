"""问题与提示 in words: what was found, what that means, and the one thing to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from models.refusal import RefusedError
from models.rounds.layout import OVERALL
from models.rounds.looks import Look, LookCode
from models.seal.findings import Finding, FindingCode
from models.seal.sealing import UnsealableError
from tui.words import looks
from tui.words.ways import Surface


class _Words(NamedTuple):
    """The words of one code."""

    what: Callable[..., str]
    """Makes the fault from the finding's values."""
    meaning: str
    action: str
    """The one thing to do; `{}` stands for the way out."""


def code_of(finding: Finding) -> str:
    """What a finding is called: 问题102 stands in the way of a seal, 提示202 does not."""
    return ("问题" if finding.blocking else "提示") + finding.code.value[1:]


def what(finding: Finding) -> str:
    """The fault with its numbers."""
    return _WORDS[finding.code].what(**finding.values)


def meaning(finding: Finding) -> str:
    """What the fault means, in a sentence."""
    return _WORDS[finding.code].meaning


def action(finding: Finding, surface: Surface) -> str:
    """The one thing to do, in a sentence that names the key or the command."""
    clause = surface.way(finding.way) if finding.way else ""
    return _WORDS[finding.code].action.format(clause)


def refusal(error: UnsealableError, surface: Surface) -> RefusedError:
    """The refusal of a seal with everything that is missing, a line each."""
    lines = [
        f"{code_of(each)} {each.where}：{what(each)}。{action(each, surface)}"
        for each in error.findings
    ]
    return RefusedError("\n".join((error.heading, *lines, *error.faults)))


def weights_withheld(group: str, issued: int, minimum: int) -> str:
    """That a voter group is too small for weighted shares, as soon as its paper is counted."""
    return f"{group}发出 {issued} 张，少于 {minimum} 张：加权得票率将不公布"


def _not_registered(issued: int) -> str:
    return f"发出 {issued} 张，收回没有登记" if issued else "发出、收回都没有登记"


def _half_keyed(entry: int) -> str:
    return "有半张未录完" if entry == 1 else "复核有半张未录完"


def _not_keyed_again(keyed: int, missing: int) -> str:
    return f"{'复核未完' if keyed else '未复核'}，还有 {missing} 张"


def _no_quorum(quorum: str, expected: int, present: int) -> str:
    if not expected or not present:
        missing = [name for name, n in (("应到", expected), ("实到", present)) if not n]
        return f"{'、'.join(missing)}人数未登记"
    return f"到会不足 {quorum}（应到 {expected} 人，实到 {present} 人）"


_OF_PRESENT = {"shares": "得票率", "trust": "信任票"}


def _present_unknown(what: str) -> str:
    return f"实到人数未登记，{_OF_PRESENT[what]}以它为分母"


def _present_too_few(what: str, present: int, returned: int) -> str:
    return f"收回 {returned} 张，实到只有 {present} 人，{_OF_PRESENT[what]}以它为分母"


def _unequal_places(person: str, item: int, ballots: int, places: int, valid: int) -> str:
    line = "总体" if item == OVERALL else f"第 {item} 项"
    more = f" 等 {places} 项" if places > 1 else ""
    return f"{person} {line} {ballots} 票{more}，有效票 {valid} 张"


def _many_blanks(blanks: int, marks: int, item: int, of_item: int) -> str:
    line = "总体评价" if item == OVERALL else f"第 {item} 项"
    return f"弃权 {blanks} / {marks} 项次，最多的是{line}（{of_item}）"


def _look(code: LookCode, meaning: str) -> _Words:
    """The words of a look, which a screen of rounds says as well."""
    return _Words(lambda **values: looks.what(Look(code, values)), meaning, looks.check(code))


_WORDS: Mapping[FindingCode, _Words] = {
    FindingCode.MORE_BACK_THAN_ISSUED: _Words(
        "发出 {issued} 张，收回 {returned} 张".format,
        "收回的票多于发出的票，按规定本次测评无效。",
        "重数发出、收回的票，登记错了就在登记票数中改正；确实多出的，应重新测评。",
    ),
    FindingCode.TOO_FEW_KEYED: _Words(
        "收回 {returned} 张，少录 {missing} 张".format,
        "登记收回的票比录入的多，还有票没有录，或收回数登记多了。",
        "数一数这一批纸票，把没有录的录完。",
    ),
    FindingCode.TOO_MANY_KEYED: _Words(
        "收回 {returned} 张，多录 {over} 张".format,
        "录入的票比登记收回的多，有票录了两次，或收回数登记少了。",
        "数一数这一批纸票，翻看并撤销多录的票。",
    ),
    FindingCode.NOT_REGISTERED: _Words(
        _not_registered,
        "这一批收回多少没有登记：不知道是没有票，还是漏了登记、漏了录入。",
        "在登记票数中填写张数；没有票的填 0。",
    ),
    FindingCode.HALF_KEYED: _Words(
        _half_keyed, "有一张票只录了一半，还没有存。", "打开这一批，把这张票录完。"
    ),
    FindingCode.NOT_KEYED_AGAIN: _Words(
        _not_keyed_again,
        "本轮次规定要复核：由另一人按纸票再录一遍，两遍一致才算数。",
        "{}，录完这一批。",
    ),
    FindingCode.NOT_SETTLED: _Words(
        "两次录入不同，尚未核对".format,
        "两次录入有不同的地方，哪一次对还没有按纸票核定。",
        "{}，照纸票核对不同之处。",
    ),
    FindingCode.NO_QUORUM: _Words(
        _no_quorum,
        "本轮次规定了最低到会人数，到会不足的测评不能作数。",
        "核对并登记应到、实到人数；确实不足的，应另行组织测评。",
    ),
    FindingCode.UNEQUAL_PLACES: _Words(
        _unequal_places,
        "各项票数不平：各等次、弃权、多选之和应等于有效票。数据可能已损坏。",
        "停止录入，{}后从备份恢复。",
    ),
    FindingCode.PRESENT_UNKNOWN: _Words(
        _present_unknown,
        "没有实到人数就没有分母，各项得票率算不出，信任票也不能比对。",
        "登记测评的应到、实到人数。",
    ),
    FindingCode.PRESENT_TOO_FEW: _Words(
        _present_too_few,
        "每人每种票一张，收回的票不会多于实到的人；分母偏小，得票率会超过实际，甚至超过 100%。",
        "核对并改正实到人数或收回票数。",
    ),
    FindingCode.MANY_BLANKS: _Words(
        _many_blanks,
        "弃权达到 3%，可能漏录成弃权，也可能这一项不好填。",
        "抽几张纸票看看是否确为空白。",
    ),
    FindingCode.MANY_VOID: _Words(
        "无效 {void} 张 / 已录 {entered} 张".format,
        "无效票达到 3%。",
        "请监票人重看作废的纸票，确认作废原因。",
    ),
    FindingCode.ALL_ALIKE: _Words(
        "{valid} 张有效票张张相同".format,
        "这一批票的选项一张不差，可能录错，也可能不是各人自己填的。",
        "翻看这一批纸票，核对笔迹和选项。",
    ),
    FindingCode.CONTRADICTORY: _Words(
        "{ballots} 张票总体与各项不符".format,
        "有票的总体评价高于或低于它的每一个单项，可能录错了位；如纸票确是如此，票仍有效。",
        "抽这种票的几张纸票核对。",
    ),
    FindingCode.ERRORS_IN_SAMPLE: _Words(
        "抽查复核发现录入差错 {wrong} 处".format,
        "抽查的票里有录错的，没有抽到的票也可能有错。",
        "建议这一批全部复核。",
    ),
    FindingCode.SAME_PERSON: _Words(
        "两次录入是同一人".format,
        "两次录入是同一人，复核不独立，同样的错可能录两次。",
        "由另一人重新复核为好。",
    ),
    FindingCode.FEW_VALID: _Words(
        "有效票只有 {valid} 张".format,
        "有效票不足 10 张，整体结果也容易认出个人。",
        "公布结果时从严掌握范围。",
    ),
    FindingCode.MORE_ISSUED_THAN_PRESENT: _Words(
        "发出 {issued} 张，实到 {present} 人".format,
        "集中测评时，发出的票应不多于到会的人。",
        "核对发出票数和实到人数。",
    ),
    FindingCode.SMALL_MINIMUM: _Words(
        "按类别公布的最少票数只有 {minimum} 张".format,
        "几张票的类别单独公布，知道自己怎样投的人容易推出别人的票。",
        "公布结果时从严掌握范围；下一轮次把最少票数定为 10 为好。",
    ),
    FindingCode.NO_WEIGHTED_SHARES: _Words(
        weights_withheld,
        "加权得票率会推算出不能单独公布的类别的票，所以只公布不加权的得票数和得票率。",
        "本轮次的最少票数已固定，知道即可；下一轮次可以合并类别，或者降低最少票数。",
    ),
    FindingCode.DATE_OUTSIDE: _look(
        LookCode.DATE_OUTSIDE, "测评日期写进每份文书，历次结果也按它分先后，写错了不容易再发现。"
    ),
    FindingCode.SECOND_ROUND: _look(
        LookCode.SECOND_ROUND, "本单位在同一年度有两次性质相同的测评，文书和档案里容易弄混。"
    ),
}
