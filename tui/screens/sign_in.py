"""操作人: who is at the keyboard now, and taking the database over from a program left behind."""

from __future__ import annotations

from collections.abc import Callable

from models.database import clerk
from tui.widgets.forms import Field, FormScreen
from tui.widgets.frame import Frame, confirmed


def name_form() -> FormScreen:
    """The form for the name to work under until the program ends."""

    def save(values: dict[str, str]) -> None:
        clerk.sign_in(values["name"])

    hint = "写进操作日志和复核记录；留空为登录的账号"
    return FormScreen("操作人", [Field("name", "操作人", value=clerk.current(), hint=hint)], save)


def take_over(frame: Frame, done: Callable[[], None]) -> None:
    """接管 the database from the program that writes to it, after asking over `frame`; then call
    `done`."""
    store = frame.session.store

    def answered() -> None:
        store.take_over()
        done()

    confirmed(
        frame,
        f"接管数据库？\n{store.holder}\n对方的程序会被结束；它已存的票和半张票都在。",
        answered,
    )
