"""The operator (操作人): the name used in the journal and in the record of who keyed a stack.

By default this is the name that the office has set, and the account that runs the program where it
has set none. People who share an account can sign in under their own names.
"""

from __future__ import annotations

from models.database.lock import user_name
from models.names import visible

_signed_in = ""
_usual = ""


def current() -> str:
    """Return the operator's name."""
    return _signed_in or _usual or user_name()


def is_account(name: str) -> bool:
    """Whether a name is that of the account that runs the program, and tells nobody who it was."""
    return name == user_name()


def usually(name: str) -> None:
    """Use this name while nobody has signed in; empty for the account's."""
    global _usual
    _usual = visible(name)


def sign_in(name: str) -> None:
    """Use this name until the program exits. An empty name restores the usual one."""
    global _signed_in
    _signed_in = visible(name)
