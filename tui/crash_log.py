"""What is kept of a crash: where in the program, never with which values.

Local variables hold ballots, and an error's own text may too; so the log has neither.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path


def write(folder: Path, error: BaseException) -> Path | None:
    """Append the error's frames to `ceping.log` in `folder`; its path, or None if it cannot be
    written."""
    log = folder / "ceping.log"
    frames = "".join(traceback.format_tb(error.__traceback__))
    try:
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(f"{type(error).__name__}\n{frames}\n")
    except OSError:
        return None
    return log
