"""被测评对象 of one unit in a draft: who stands at which level, in printed order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from models.regulation.levels import Level
from models.rounds import polls, subject_edit, subjects
from models.rounds.layout import SubjectName
from tui.widgets.forms import Field, FormScreen
from tui.widgets.frame import Frame, ResultFrame, confirmed
from tui.widgets.keys import ALWAYS, SELDOM, Key
from tui.widgets.listing import Listing

_HELP = """被测评对象：各层级按票面印刷的先后列出。

个人廉洁自律的对象是正职和班子成员；移出一人时请两处都看。"""


class SubjectsScreen(Frame):
    """The subjects of a poll. Every change is stored at once."""

    HELP: ClassVar[str] = _HELP
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key(
            "f2", "改", "改票面上的姓名、职务（Enter 同）；不改名册，各层级一起改", "change", ALWAYS
        ),
        Key("f3", "加人", "在光标所在层级加入本单位的干部", "add"),
        Key("minus,fullwidth_hyphen_minus", "上移", "上移一位", "move(-1)"),
        Key("plus,fullwidth_plus_sign", "下移", "下移一位", "move(1)"),
        Key("delete", "移出", "从这一层级移出（同一人在别的层级仍在）", "remove"),
        Key("f5", "按名册重列", "按现在的名册重新列出全部对象（要确认）", "propose", SELDOM),
    )

    def __init__(self, poll_id: int) -> None:
        super().__init__()
        self._poll_id = poll_id
        self._subjects: dict[Level, tuple[SubjectName, ...]] = {}

    def body(self) -> ComposeResult:
        """All levels in one list."""
        yield Listing(
            [("层级", 12), ("序", 3), ("姓名或名称", 16), ("职务", 16)],
            title="被测评对象",
            right=(1,),
        )

    def on_mount(self) -> None:
        """Show all levels."""
        self.set_title(f"被测评对象  {polls.find_by_id(self._poll_id).unit_name}")
        self._read()
        self.set_focus(self.query_one(Listing))

    def _read(self, chosen: str | None = None) -> None:
        """Read the subjects again. A level without any keeps one row, to add to."""
        self._subjects = subjects.subjects(self._poll_id)
        rows = []
        for level in Level:
            name = self._level_name(level)
            found = self._subjects.get(level, ())
            if not found:
                rows.append((f"{level}:0", (name, "", "（没有）", "")))
            for position, subject in enumerate(found, 1):
                head = name if position == 1 else ""
                cells = (head, str(position), subject.name, subject.post)
                rows.append((f"{level}:{position}", cells))
        listing = self.query_one(Listing)
        listing.fill(rows)
        listing.choose(chosen)

    def _level_name(self, level: Level) -> str:
        return self.session.settings.levels[level].name

    @property
    def _chosen(self) -> tuple[Level, int]:
        """Level and position under the cursor; position 0 on a level without subjects."""
        level, _, position = (self.query_one(Listing).chosen or "1:0").partition(":")
        return Level(int(level)), int(position)

    def _subject(self) -> SubjectName | None:
        """The subject under the cursor, to be changed; None, after saying why, if there is none
        or nothing may be written."""
        level, position = self._chosen
        if not self.writable():
            return None
        if not position:
            self.say(f"{self._level_name(level)}还没有对象：按 F3 加。", refused=True)
            return None
        return self._subjects[level][position - 1]

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter does what F2 does."""
        self.query_one(Listing).choose(event.key)
        self.action_change()

    def action_change(self) -> None:
        """Change the printed name and post."""
        subject = self._subject()
        if subject is None:
            return
        level, position = self._chosen

        def save(values: dict[str, str]) -> None:
            subject_edit.rename(self._poll_id, level, position, values["name"], values["post"])
            self._read()
            self.say(f"票面上改为 {values['name']}  {values['post']}")

        hint = "只改本轮次的票面和文书，不改名册"
        fields = [
            Field("name", "姓名或名称", value=subject.name, hint=hint, required=True),
            Field("post", "职务", value=subject.post, hint=hint),
        ]
        self.app.push_screen(FormScreen(f"{self._level_name(level)}  {subject.name}", fields, save))

    def action_move(self, by: int) -> None:
        """Move the subject under the cursor up or down within its level."""
        if self._subject() is None:
            return
        level, position = self._chosen
        with self.refusals():
            target = subject_edit.move(self._poll_id, level, position, by)
            if target == position:
                self.say("已在这一层级的头上。" if by < 0 else "已在这一层级的末尾。")
            else:
                self._read(f"{level}:{target}")
                self.say("")

    def action_remove(self) -> None:
        """Take the subject under the cursor off its level."""
        subject = self._subject()
        if subject is None:
            return
        level, position = self._chosen
        with self.refusals():
            subject_edit.take_out(self._poll_id, level, position)
            self._read()
            others = [
                self._level_name(other)
                for other, found in self._subjects.items()
                if subject.cadre_id and any(each.cadre_id == subject.cadre_id for each in found)
            ]
            still = f"；仍在 {'、'.join(others)}" if others else ""
            self.say(f"{subject.name} 已移出 {self._level_name(level)}{still}")

    def action_add(self) -> None:
        """Add to the level under the cursor: a cadre of the unit, or the unit's body itself."""
        if not self.writable():
            return
        level, _ = self._chosen
        with self.refusals():
            if not level.personal:
                subject_edit.add_body(self._poll_id, level)
                self._read(f"{level}:1")
                return
            rows = [
                (str(row.id), (row.name, row.title, row.role.label))
                for row in subject_edit.candidates(self._poll_id, level)
            ]
            if not rows:
                self.say("本单位的干部都已在这一层级；别的人先在单位人员中登记。", refused=True)
                return

            def picked(key: str | None) -> None:
                if key is not None:
                    with self.refusals():
                        position = subject_edit.add(self._poll_id, level, int(key))
                        self._read(f"{level}:{position}")
                        self.say("已加在末尾，可用 - 上移。")

            self.app.push_screen(CadrePicker(f"加入{self._level_name(level)}", rows), picked)

    def action_propose(self) -> None:
        """List all subjects again as the roster has them now, after asking."""
        if not self.writable():
            return

        def propose() -> None:
            subject_edit.propose_again(self._poll_id)
            self._read()
            self.say("已按现在的名册重新列出。")

        confirmed(
            self, "按现在的名册重新列出全部对象？\n这里手改过的先后、姓名、职务会丢掉。", propose
        )


class CadrePicker(ResultFrame[str]):
    """A list to choose a cadre from; its result is the key of the row. `rows` are (key, cells)."""

    HELP: ClassVar[str] = "选一名干部。"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "确定", "选定光标所在的一名", weight=ALWAYS),
        Key("escape", "取消", "不选，返回", "leave", ALWAYS),
    )

    def __init__(self, title: str, rows: Sequence[tuple[str, Sequence[str]]]) -> None:
        super().__init__()
        self._title_text = title
        self._rows = rows

    def body(self) -> ComposeResult:
        """The list."""
        yield Listing([("姓名", 8), ("职务", 24), ("班子角色", 8)], title="本单位的干部")

    def on_mount(self) -> None:
        """Show the list."""
        self.set_title(self._title_text)
        self.query_one(Listing).fill(self._rows)
        self.set_focus(self.query_one(Listing))

    def on_listing_row_selected(self, event: Listing.RowSelected) -> None:
        """Enter chooses."""
        self.dismiss(event.key)
