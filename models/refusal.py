"""The one exception for what the program will not do, and why, in words for the user."""

from __future__ import annotations


class RefusedError(Exception):
    """Something was refused; nothing was changed. The message is Chinese, names what is wrong
    and the way out, and may be shown as it stands."""
