"""The operator (操作人): the name used in the journal and in the record of who keyed a stack.

By default this is the account that runs the program. People who share an account can sign in under
their own names.
"""

from __future__ import annotations

from models.database.lock import user_name
from models.names import visible

_signed_in = ""


def current() -> str:
    """Return the operator's name."""
    return _signed_in or user_name()


def sign_in(name: str) -> None:
    """Use this name until the program exits. An empty name restores the account's name."""
    global _signed_in
    _signed_in = visible(name)
