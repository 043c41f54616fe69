"""What the screens say of deliveries: what is owed, and one entry in few words and in full."""

from __future__ import annotations

from collections.abc import Mapping

from exports.documents.kinds import KINDS
from models.results.delivery import Delivery, Due, Handover
from tui.widgets.listing import Cell
from tui.widgets.look import State, Tone


def handover_words(kind: Handover) -> str:
    """What handing it over does: 反馈本人."""
    return KINDS[kind].handed_over


def owed_words(counted: Mapping[Handover, int], again: int = 0) -> str:
    """How many of each kind are still owed, and how many of them `again`, after a correction."""
    told = (
        f"未反馈 {counted[Handover.FEEDBACK]} 人  未反馈第一责任人 {counted[Handover.CHIEF]} 个"
        f"  未归档 {counted[Handover.ARCHIVE]} 份"
    )
    return f"{told}  其中更正后重办 {again}" if again else told


def cells(due: Due) -> tuple[Cell, ...]:
    """One entry on a line: unit, kind, addressee, date, way and receipt."""
    known = due.delivery
    return (
        due.poll.short,
        handover_words(due.kind),
        due.addressee,
        known.on if known else "",
        known.way if known else "",
        State(_tone(due), signed_words(due)),
    )


def _tone(due: Due) -> Tone:
    if due.owed:
        return Tone.PART if due.delivery else Tone.WAITING
    return Tone.DONE


def in_full(due: Due) -> str:
    """The same in three lines, with the unit's full name and the addressee's post."""
    post = f"  {due.subject.post}" if due.subject else ""
    known = due.delivery
    entered = f"{known.on}  {known.way}  {signed_words(due)}" if known else "未办"
    if due.before:
        entered += f"  {before_words(due.before)}" + ("，结果已更正，须重办" if due.again else "")
    return f"{due.poll.unit_name}  {handover_words(due.kind)}\n{due.addressee}{post}\n{entered}"


def before_words(before: Delivery) -> str:
    """What was handed over of a result that a correction has changed since."""
    signed = f"，{before.signed_by} {before.signed_on} 签收" if before.signed_on else ""
    return f"更正前 {before.on} {before.way}{signed}"


def signed_words(due: Due) -> str:
    """Whether the receipt is back; for an entry of the archive, which has none, whether it is
    filed."""
    known = due.delivery
    after = "更正后" if due.again else ""
    if due.kind is Handover.ARCHIVE:
        return "已归档" if known else f"{after}未归档"
    if known is None:
        return f"{after}未送达"
    return f"{known.signed_by} {known.signed_on}" if known.signed_on else "未签收"
