"""Where `ceping` begins."""

from __future__ import annotations

import gc


def main() -> int:
    """Import the command line and run it; the exit status."""
    # Imports make much and free nothing: looking for garbage meanwhile costs a tenth of their
    # time. What they made stays to the end, so it need not be looked at later either.
    gc.disable()
    from tui import command

    gc.freeze()
    gc.enable()
    return command.main()
