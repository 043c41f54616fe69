"""What the pad says: a sentence for each notice of the models, with the keys that lead on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from models.entry.notices import Notice, Said
from models.refusal import RefusedError
from models.rounds.layout import OVERALL, SheetLayout
from tui.words.ways import SCREEN

_NAMED_PLACES = 4
_WAY_OUT = "与两次录入都不同，请再看纸票。两次都录错了就按Esc，到录票里更正"


def words(said: Said | None) -> str:
    """The sentence for a notice and for what follows it; empty for none."""
    if said is None:
        return ""
    sentence = _WORDS[said.notice]
    text = sentence.format(*said.values) if isinstance(sentence, str) else sentence(*said.values)
    return f"{text}。{words(said.then)}" if said.then else text


def _choices(reasons: Iterable[str]) -> str:
    return " ".join(f"{number}{reason}" for number, reason in enumerate(reasons, 1))


def _ask_void(reasons: tuple[str, ...]) -> str:
    return f"整票作废，原因：{_choices(reasons)}"


def _ask(what: str) -> Callable[[int, tuple[str, ...]], str]:
    def question(position: int, reasons: tuple[str, ...]) -> str:
        return f"{what}第 {position} 票，原因：{_choices(reasons)} -不{what}"

    return question


def _doubtful(surplus: int) -> str:
    why = f"刚才多按了 {surplus} 键" if surplus else "按键可能有错位"
    return f"没有存：{why}。对照纸票核对后再按一次 Enter"


def _looking(void_reason: str) -> str:
    void = f"作废（{void_reason}）  " if void_reason else ""
    return f"翻看  {void}改后按 Enter 更正  Delete撤销本票  PageDown往后  Esc返回录票"


def _refused(error: RefusedError) -> str:
    return SCREEN.refusal(error)


def _missing(first: int, before: int) -> str:
    after = f"（在第二遍第 {before} 票后）" if before else ""
    return f"第一次录入的第 {first} 票，第二遍没有录到{after}：照纸票录；没有这张按Delete"


def _neither_places(sheet: SheetLayout, places: tuple[int, ...]) -> str:
    return f"{_places(sheet, places)} {_WAY_OUT}"


def _places_differ(paper: int, sheet: SheetLayout, places: tuple[int, ...]) -> str:
    return f"第 {paper} 张纸票：{_places(sheet, places)} 两次不同，请照纸票再录"


def _places(sheet: SheetLayout, places: tuple[int, ...]) -> str:
    """Places by their printed names, the person before them where there are several."""
    titles = {item.number: item.title for item in sheet.items}
    text, subject = "", -1
    for n, index in enumerate(places[:_NAMED_PLACES]):
        place = sheet.places[index]
        text += "、" if n else ""
        if place.subject != subject and len(sheet.subjects) > 1:
            text += f"{sheet.subjects[place.subject].name} "
        subject = place.subject
        if place.item == OVERALL:
            text += "总体"
        else:
            title = titles[place.item]
            text += f"{place.item}{title[:2]}" if title else f"第{place.item}项"
    more = f" 等 {len(places)} 处" if len(places) > _NAMED_PLACES else ""
    return text + more


_WORDS: dict[Notice, str | Callable[..., str]] = {
    Notice.NO_USE: "这个键在录票时没有用处",
    Notice.NO_DIGITS: "数字键没有送出数字：请按 NumLock 打开小键盘数字锁",
    Notice.NO_PASTE: "录票不接受粘贴：请照纸票逐项录入",
    Notice.NO_WHEEL: "滚轮或连发的方向键不移动光标：请逐下按",
    Notice.BROKEN_OFF: "终端送来的按键不完整，没有录入：存票前请对照纸票核对",
    Notice.NO_SUCH_GRADE: "没有第 {0} 个等次：本票只有 1 至 {1}，0弃权，*多选",
    Notice.SURPLUS: "本票 {0} 项已满，多按了 {1} 键：请对照纸票核对有无错位",
    Notice.NOTHING_TO_REPEAT: "先录一项，再用 + 让其余各项同上",
    Notice.NOTHING_LEFT: "后面没有未录的项",
    Notice.AT_FIRST_PLACE: "已在本票第一项",
    Notice.AT_THE_END: "到头了",
    Notice.EMPTY: "本票还没有录：共 {0} 项；空白票录 0+",
    Notice.UNKEYED: "还有 {0} 项未录，已到第一处",
    Notice.DOUBTFUL: _doubtful,
    Notice.ASK_VOID: _ask_void,
    Notice.VOID_CHOICES: "作废原因按 1 至 {0}，不作废按 - 退出",
    Notice.VOIDED: "整票作废：{0}。Enter存票，-撤销",
    Notice.NOT_VOIDED: "不作废，继续录",
    Notice.VOID_TAKEN_BACK: "已撤销作废，继续录",
    Notice.IS_VOID: "本票已作废：Enter存票，-撤销作废",
    Notice.STORED: "第 {0} 票已存",
    Notice.HALF_FOUND: "上次录到一半的票已找回：已录 {0} 项，请对照纸票接着录",
    Notice.STACK_FULL: "本批 {0} 票全部录完：F2录下一批  PageUp翻看  Esc返回",
    Notice.LOOK_FIRST: "撤销已存的票：先用 PageUp 翻到那一票",
    Notice.NONE_EARLIER: "已是本批第一票",
    Notice.NONE_KEYED: "本批还没有录入的票",
    Notice.NONE_LATER: "后面没有已录的票",
    Notice.BACK_TO_HAND: "回到正在录的票",
    Notice.LOOKING: _looking,
    Notice.UNCHANGED: "没有改动",
    Notice.ASK_CORRECT: _ask("更正"),
    Notice.ASK_REMOVE: _ask("撤销"),
    Notice.STILL_LOOKING: "没有改，仍在翻看",
    Notice.REASON_CHOICES: "原因按 1 至 {0}，- 放弃",
    Notice.CORRECTED: "第 {0} 票已更正，原因已记入日志",
    Notice.REMOVED: "第 {0} 票已撤销，后面的票前移一位",
    Notice.REFUSED: _refused,
    Notice.SAME_PERSON: "第一次也是 {0} 录的：同一人复核",
    Notice.DRAFT_FOUND: "录到一半的票已找回，请对照纸票接着录",
    Notice.FROM_THE_FIRST: "请从第一张纸票录起",
    Notice.NEXT_PAPER: "请照纸票录第 {0} 张",
    Notice.NEXT_SAMPLE: "请找出第 {0} 张纸票（抽查 {2} 张中的第 {1} 张）",
    Notice.NO_LOOKING: "复核时不翻看已录的票",
    Notice.SURPLUS_LATER: "多录的票核对时再去掉：录完按 F2",
    Notice.HALF_KEYED: "手上这张票还没有录完：存了或退空，再按 F2 核对",
    Notice.NOTHING_KEYED: "第二遍还没有录：先照纸票录完，再按 F2 核对",
    Notice.SAMPLE_SHORT: "要抽查 {0} 张，还差 {1} 张没有录",
    Notice.ASK_CHECK: "第二遍只录了 {0} 票，第一次 {1} 票：纸票都录完了吗？F2核对  -接着录",
    Notice.VERIFIED: "本批 {0} 票复核一致：F2复核下一批  Esc返回",
    Notice.AGREED: "本批复核一致",
    Notice.DIFFERENT: "两次录入有 {0} 张不同：F2核对  Esc返回",
    Notice.TOO_FEW: "两次录入一致，但只有 {0} 张，收回 {1} 张：补录或改收回数后再复核",
    Notice.GRADES_ONLY: "这里只逐处录等次：1 至 9、0弃权、*多选",
    Notice.ALL_KEYED: "不同的各处都已录：对照纸票核对后按 Enter",
    Notice.PLACES_LEFT: "还有 {0} 处未录，已到第一处",
    Notice.PRESSED_TOO_OFTEN: "没有存：刚才多按了键。对照纸票核对后再按一次 Enter",
    Notice.ONE_BACK: "退回一处",
    Notice.DIFFERING_ONLY: "只到不同的各处",
    Notice.CONFIRM: "F2确认  -退回",
    Notice.ONE_BY_ONE: "两次录入有 {0} 张不同，一张一张照纸票再录",
    Notice.NOTED: "第 {0} 张已记下",
    Notice.FIRST_DROPPED: "第一次录入的第 {0} 票已去掉",
    Notice.SECOND_DROPPED: "第二遍的第 {0} 票已去掉",
    Notice.KEYED_BY_BOTH: "这张票两次都录了，只是不同：请照纸票再录",
    Notice.ASK_DROP_FIRST: "没有这张纸票，去掉第一次录入的第 {0} 票？F2确认  -退回",
    Notice.ASK_DROP_SECOND: "这张纸票重复录了，去掉第二遍的第 {0} 票？F2确认  -退回",
    Notice.KEYED_BEFORE: "这张纸票第一次录过：核对是不是第二遍重复录了，重复就按 Delete",
    Notice.NOT_THE_SECOND: "与第二遍录的不同：请再看是不是这张票；第二遍录错就按Delete去掉再补录",
    Notice.SAME_NEARBY: "第二遍前后已有同样的票：确是另一张纸票就再按 Enter，没有就按 Delete",
    Notice.NO_LONGER_DIFFERENT: "这一处已不再不同：Esc离开，再进来核对",
    Notice.NEITHER_PLACES: _neither_places,
    Notice.NEITHER: f"本票{_WAY_OUT}",
    Notice.MISSING: _missing,
    Notice.EXTRA: "第二遍的第 {0} 票，第一次没有录到：照纸票再录；重复录了按Delete",
    Notice.VOID_DIFFERS: "第 {0} 张纸票：作废情况两次不一，请照纸票整张再录",
    Notice.PLACES_DIFFER: _places_differ,
}
