"""操作人: who is at the keyboard, as the journal and the record of passes name them.

It is the account that runs the program, unless somebody signs in under a name of their own: two
people may share an account.
"""

from __future__ import annotations

from models.database.lock import user_name
from models.names import visible

_signed_in = ""


def current() -> str:
    """The name of whoever is at the keyboard."""
    return _signed_in or user_name()


def sign_in(name: str) -> None:
    """Work under this name until the program ends; the account's name again if it is empty."""
    global _signed_in
    _signed_in = visible(name)
