"""One program on a database, told what to do by lines of JSON on its standard input.

Run as `python -m tests.faults.ballot_program DATABASE`. Each answer is a line of JSON: what came
of the act, and whether this program writes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from models.database import backup, erasure, restore
from models.database.store import Store, open_store
from models.entry import first_entry
from models.refusal import RefusedError
from models.rounds import polls
from models.rounds.polls import PollState
from models.rounds.stacks import stacks
from models.seal import sealing
from tests.sealing import TELLERS

MARKS = "123"


def marks_of(number: int, size: int) -> str:
    """The marks of ballot `number` on a sheet of `size` places: no two ballots are alike."""
    digits = [MARKS[number // len(MARKS) ** place % len(MARKS)] for place in range(size)]
    return "".join(digits)


class BallotProgram:
    """The acts. Each gives what was done, or why it was not."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.store: Store | None = None

    def act(self, name: str, value: str) -> str:
        """Do one act by its name."""
        if name == "open" and self.store is None:
            self.store = open_store(self._path)
            if not self.store.read_only:
                erasure.finish(self.store)
        elif name == "clock":
            os.environ["TZ"] = value
            time.tzset()
        elif self.store is None:
            return "closed"
        elif name == "close":
            self._close()
        elif name == "take over":
            self.store.take_over()
        elif name == "look":
            self.store.changed()
        elif name == "back up":
            backup.make(self.store.path, "手工")
        elif self.store.read_only:
            return "reading"
        elif name == "key":
            return self._key(int(value))
        elif name == "seal":
            return self._seal(self.store)
        elif name == "restore":
            return self._restore(int(value))
        return "done"

    def _key(self, number: int) -> str:
        for poll in polls.polls(1):
            if poll.state is PollState.ENTRY:
                for stack in stacks(poll.id):
                    entry = first_entry.enter(stack.stack_id)
                    if not entry.full:
                        marks = marks_of(number, len(entry.sheet.places))
                        entry.commit(marks)
                        return f"stored {stack.stack_id} {marks}"
        return "nothing to key"

    def _seal(self, store: Store) -> str:
        for poll in polls.polls(1):
            if poll.state is PollState.ENTRY:
                sealing.seal(poll.id, TELLERS, store)
                return f"sealed {poll.id}"
        return "nothing to seal"

    def _restore(self, number: int) -> str:
        listed = backup.listing(self._path)
        if not listed:
            return "none"
        self._close()
        restore.restore(listed[number % len(listed)].path, self._path)
        return "done"

    def _close(self) -> None:
        assert self.store is not None
        self.store.close()
        self.store = None


def main() -> None:
    """Answer line by line until the input ends."""
    program = BallotProgram(Path(sys.argv[1]))
    for line in sys.stdin:
        name, value = json.loads(line)
        try:
            said = program.act(name, value)
        except RefusedError as error:
            said = f"refused: {error}"
        writes = program.store is not None and not program.store.read_only
        print(json.dumps([said, writes]), flush=True)


if __name__ == "__main__":
    main()
