"""送达登记: what the sealed polls owe, handed over or not; Enter enters one into the register."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from models.results import delivery
from models.results.delivery import Delivery, Due, Handover
from models.rounds import life, polls
from tui.screens.results import delivery_words
from tui.screens.results.delivery_form import form_fields, receipt
from tui.screens.results.delivery_words import handover_words
from tui.widgets.forms import FormScreen
from tui.widgets.frame import Frame, Line, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing

_HELP = """送达登记：封存的单位要反馈本人、反馈第一责任人、归入廉政档案。

未签收：已送达，回执还没有收回；收回以后再按 Enter 补填签收。

更正后未送达、未归档：更正改变了这个人（第一责任人为本单位）的结果，
更正前的送达不算，但一直列在下面；结果没有变的人不用重办。"""
_ROOM_FOR_DETAIL = 16  # lines of the window


class DeliveryScreen(Frame):
    """The register of one poll or of its whole round, of the latter alone where `poll_id` is
    None. After each entry the cursor goes to the next that is owed."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "登记", "登记光标所在的一件：送达日期、方式、签收", weight=ALWAYS),
        Key("f2", "同上", "同上一笔：日期、方式和上一笔同类的一样，未签收", "repeat"),
        Key("f6", "余下同上", "列出的同类未登记的，一次都登记（要确认）", "repeat_all"),
        Key("f3,tab", "看未办", "只看未办的（Tab 同）", "filter", when="shows_all"),
        Key("f3,tab", "看全部", "未办的、已办的都看", "filter", when="shows_owed"),
        Key("f7", "事项", "只看一种：反馈本人、反馈第一责任人、归入廉政档案", "kind"),
        Key("f4", "范围", "本单位 / 全轮次", "scope"),
        Key("delete", "撤销", "撤销登记", "take_back", SELDOM),
    )

    def __init__(self, round_id: int, poll_id: int | None) -> None:
        super().__init__()
        self._round_id = round_id
        self._poll_id = poll_id
        self._whole = poll_id is None
        self._owed_only = False
        self._kind: Handover | None = None
        self._dues: dict[str, Due] = {}

    def body(self) -> ComposeResult:
        """How much is owed, the list, and the entry under the cursor in full."""
        yield Line(id="round")
        yield Listing(
            (
                ("单位", 12),
                ("事项", 14),
                ("给谁", 10),
                ("送达日期", 10),
                ("方式", 8),
                ("签收", 17),
            ),
            title="送达",
            falls=(4, 3),
        )
        yield Line(id="detail")

    def on_mount(self) -> None:
        """Start on the first that is owed."""
        self.query_one(Listing).focus()
        self._fill()
        self.query_one(Listing).choose(
            next((key for key, due in self._dues.items() if due.owed), None)
        )
        self._describe()
        self.follow_database(self._fill)

    def on_resize(self) -> None:
        """In a low window the list needs the lines."""
        self.query_one("#detail").display = self.app.size.height >= _ROOM_FOR_DETAIL

    # ── what is shown ──

    def now(self) -> set[str]:
        """What its keys depend on."""
        return {"shows_owed" if self._owed_only else "shows_all"}

    def _fill(self) -> None:
        title = life.find_by_id(self._round_id).title
        if self._whole or self._poll_id is None:
            found, scope = delivery.dues_of_round(self._round_id), f"{title} 全轮次"
        else:
            poll = polls.find_by_id(self._poll_id)
            found, scope = delivery.dues(poll), poll.unit_name
        self.set_title(f"送达登记 > {scope}")
        shown = (handover_words(self._kind) if self._kind else "") + (
            "未办" if self._owed_only else "全部"
        )
        self.query_one("#round", Line).show(
            delivery_words.owed_words(delivery.owed(found), delivery.owed_again(found))
            + f"    {shown}"
        )
        self._dues = {
            f"{due.poll.id} {due.kind} {due.subject.id if due.subject else ''}": due
            for due in found
            if (due.owed or not self._owed_only) and self._kind in (None, due.kind)
        }
        self.query_one(Listing).fill(
            [(key, delivery_words.cells(due)) for key, due in self._dues.items()]
        )
        self._describe()
        if not found:
            self.say("还没有封存的单位：封存以后才有要送达的。")
        elif not self._dues:
            self.say("都已办完。按 F3 看全部，F7 看别的事项。")

    def _describe(self) -> None:
        """Say in full what is under the cursor."""
        due = self._chosen
        self.query_one("#detail", Line).show(delivery_words.in_full(due) if due else "")

    @property
    def _chosen(self) -> Due | None:
        return self._dues.get(self.query_one(Listing).chosen or "")

    def on_listing_row_highlighted(self) -> None:
        """The cursor moved."""
        self._describe()

    def action_filter(self) -> None:
        """Show 未办 alone, or all."""
        self._owed_only = not self._owed_only
        self.show_keys()
        self.say("")
        self._fill()

    def action_kind(self) -> None:
        """Show one kind after the other, then all again."""
        kinds = [None, *Handover]
        self._kind = kinds[(kinds.index(self._kind) + 1) % len(kinds)]
        self.say("")
        self._fill()

    def action_scope(self) -> None:
        """Show this unit, or the whole round."""
        if self._poll_id is not None:
            self._whole = not self._whole
            self.say("")
            self._fill()

    # ── entering ──

    def on_listing_row_selected(self) -> None:
        """Enter what is under the cursor into the register."""
        due = self._chosen
        if due is None or not self.writable():
            return

        def save(values: dict[str, str]) -> None:
            by, on = receipt(values, due)
            self._enter(due, values["on"], values["way"], by, on)

        before = delivery.latest(self._round_id, due.kind)
        self.app.push_screen(
            FormScreen(
                f"{handover_words(due.kind)} > {due.addressee}",
                form_fields(due, before),
                save,
            )
        )

    def action_repeat(self) -> None:
        """同上一笔: on the same day in the same way as the last of this kind, not signed yet."""
        due = self._chosen
        if due is None or (before := self._before(due)) is None:
            return
        if due.delivery is not None:
            self.say(f"{due.addressee} 已登记：按 Enter 改。", refused=True)
            return
        with self.refusals():
            self._enter(due, before.on, before.way, "", "")

    def action_repeat_all(self) -> None:
        """余下同上一笔: all that are shown of this kind and not entered yet."""
        here = self._chosen
        if here is None or (before := self._before(here)) is None:
            return
        left = [
            due for due in self._dues.values() if due.kind is here.kind and due.delivery is None
        ]
        if not left:
            self.say(f"列出的{handover_words(here.kind)}都已登记。", refused=True)
            return

        def enter() -> None:
            delivery.hand_over_alike(left, on=before.on, way=before.way)
            self._fill()
            self.say(f"已登记：{handover_words(here.kind)} {len(left)} 件")

        unsigned = "" if here.kind is Handover.ARCHIVE else "，未签收"
        names = "、".join(due.addressee for due in left[:8]) + (" 等" if len(left) > 8 else "")
        confirmed(
            self,
            f"把列出的 {len(left)} 件{handover_words(here.kind)}都登记为\n\n"
            f"{before.on}  {before.way}{unsigned}\n\n{names}",
            enter,
        )

    def _before(self, due: Due) -> Delivery | None:
        """The last entry of this kind, to repeat; None, after saying why, if there is none or
        nothing may be written."""
        if not self.writable():
            return None
        before = delivery.latest(self._round_id, due.kind)
        if before is None:
            self.say(
                f"还没有登记过{handover_words(due.kind)}：按 Enter 登记第一笔。",
                refused=True,
            )
        return before

    def _enter(self, due: Due, on: str, way: str, signed_by: str, signed_on: str) -> None:
        delivery.hand_over(
            due.poll.id,
            due.kind,
            due.subject.id if due.subject else None,
            on=on,
            way=way,
            signed_by=signed_by,
            signed_on=signed_on,
        )
        listing = self.query_one(Listing)
        # Before the list is filled again, which may leave out the row under the cursor.
        following = listing.next_key(lambda key: self._dues[key].owed)
        self.say(f"已登记：{handover_words(due.kind)} {due.addressee}")
        self._fill()
        listing.choose(following)
        self._describe()

    def action_take_back(self) -> None:
        """撤销 an entry of the register."""
        due = self._chosen
        if due is None or not self.writable():
            return
        known = due.delivery
        if known is None:
            self.say(f"{due.addressee} 还没有登记，不用撤销。", refused=True)
            return

        def take_back() -> None:
            subject = due.subject.id if due.subject else None
            delivery.take_back(due.poll.id, due.kind, subject)
            self._fill()
            self.say(f"已撤销：{handover_words(due.kind)} {due.addressee}，并记入日志。")

        confirmed(
            self,
            f"撤销登记？\n\n{due.poll.unit_name}\n{handover_words(due.kind)}  {due.addressee}\n"
            f"{known.on}  {known.way}  {delivery_words.signed_words(due)}",
            take_back,
        )
