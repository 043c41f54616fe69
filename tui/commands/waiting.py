"""What a command says while it works on something for long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 1.0  # seconds before anything is said, and between two words of it


@contextmanager
def working(words: str) -> Iterator[None]:
    """Where somebody looks on and it takes more than a second, say on standard error what is being
    done and for how long; at the end nothing of it is left."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    begun = time.monotonic()

    def tell() -> None:
        told = False
        while not done.wait(_PATIENCE):
            _show(f"{words}…… {time.monotonic() - begun:.0f} 秒")
            told = True
        if told:
            _show("")

    telling = threading.Thread(target=tell, daemon=True)
    telling.start()
    try:
        yield
    finally:
        done.set()
        telling.join()


def _show(words: str) -> None:
    sys.stderr.write(f"\r\x1b[K{words}")
    sys.stderr.flush()
