"""操作人: who is at the keyboard now, and taking the database over from a program left behind."""

from __future__ import annotations

from collections.abc import Callable

from models.database import clerk
from tui.widgets.forms import FaultyFieldsError, Field, FormScreen
from tui.widgets.frame import Frame, confirmed


def name_field(name: str) -> Field:
    """The field for the name of who is at the keyboard. An account is not proposed as one."""
    return Field(
        "name",
        "操作人",
        value="" if clerk.is_account(name) else name,
        hint="您的姓名：写进操作日志和复核记录",
        required=True,
    )


def require_name(name: str) -> None:
    """Refuse the account's name, which tells nobody who it was: raises `FaultyFieldsError`."""
    if clerk.is_account(name):
        why = f"操作人：请写姓名，不写登录的账号 {name}"
        raise FaultyFieldsError({"name": why})


def name_form() -> FormScreen:
    """The form for the name to work under until the program ends."""

    def save(values: dict[str, str]) -> None:
        require_name(values["name"])
        clerk.sign_in(values["name"])

    return FormScreen("操作人", [name_field(clerk.current())], save)


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
