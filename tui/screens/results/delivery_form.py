"""The form of 送达登记: its fields, and the receipt that is typed in them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from models.results.delivery import Delivery, Due, Handover
from tui.widgets.forms import Field, FieldKind

_SELF, _OTHER = "self", "other"


def form_fields(due: Due, before: Delivery | None) -> list[Field]:
    """The fields of an entry, filled from what is known of it, else with today and the way of
    the last one; whether it was signed is never proposed."""
    known = due.delivery
    way = known.way if known else before.way if before else due.kind.ways[0]
    ways = due.kind.ways if way in due.kind.ways else (*due.kind.ways, way)
    found = [
        Field(
            "on",
            "归档日期" if due.kind is Handover.ARCHIVE else "送达日期",
            FieldKind.DATE,
            known.on if known else datetime.date.today().isoformat(),
            "如 20261120",
            required=True,
        ),
        Field("way", "方式", FieldKind.CHOICE, way, choices=tuple((each, each) for each in ways)),
    ]
    if due.kind is Handover.ARCHIVE:
        return found
    by = known.signed_by if known else ""
    signed = _SELF if by == due.addressee else _OTHER if by else ""
    return [
        *found,
        Field(
            "signed",
            "签收",
            FieldKind.CHOICE,
            signed,
            "按数字选；回执还没有收回就选未签收",
            choices=(("", "未签收"), (_SELF, "本人签收"), (_OTHER, "他人代收")),
        ),
        Field(
            "signed_by",
            "代收人",
            value=by if signed == _OTHER else "",
            hint="他人代收时写姓名，否则空着",
        ),
        Field(
            "signed_on",
            "签收日期",
            FieldKind.DATE,
            known.signed_on if known else "",
            "签收了而空着，就是送达当天",
        ),
    ]


def receipt(values: Mapping[str, str], due: Due) -> tuple[str, str]:
    """Who signed and when, as typed: the addressee or another; a receipt without a date is of the
    day of delivery. Both empty while it is not back."""
    signed = values.get("signed", "")
    by = due.addressee if signed == _SELF else values.get("signed_by", "")
    return by, values.get("signed_on", "") or (values["on"] if signed else "")
