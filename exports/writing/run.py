"""One run over the documents of a round: on a screen and on the command line alike.

What touches the database (`begin`, `enter`) belongs to the thread that owns it; `theirs` and
`write` touch the disk alone, so that another thread may do them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from exports.writing.job import Job
from exports.writing.write_out import Step, WriteOutcome, files_of_others, write_all
from models.results import register


class ExportRun:
    """The documents to write into one folder, and what became of each so far."""

    def __init__(self, jobs: Sequence[Job], folder: Path, known: Mapping[str, str]) -> None:
        self.jobs = jobs
        self.folder = folder
        self.outcomes: Counter[WriteOutcome] = Counter()
        self.kept: list[Path] = []
        """Files of others that were left alone."""
        self._known = known

    @classmethod
    def begin(cls, jobs: Sequence[Job], folder: Path) -> ExportRun:
        """A run into `folder`, an absolute path, over nothing that the register does not know."""
        return cls(jobs, folder, register.last_digests(folder))

    @property
    def done(self) -> int:
        """How many documents are dealt with."""
        return self.outcomes.total()

    @property
    def left(self) -> int:
        """How many are not."""
        return len(self.jobs) - self.done

    def theirs(self) -> dict[str, str]:
        """The files in the way that are somebody else's: their SHA-256 by path. Raises
        `RefusedError` where a document cannot be made to compare it."""
        return files_of_others(self.jobs, self.folder, self._known)

    def write(
        self,
        *,
        overwrite: Mapping[str, str] | None = None,
        beside: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[list[Step]]:
        """Write, giving back what is done in batches; see `write_all`."""
        return write_all(
            self.jobs,
            self.folder,
            self._known,
            overwrite=overwrite,
            beside=beside,
            stopped=stopped,
        )

    def enter(self, batch: Sequence[Step]) -> None:
        """Register what was written and count it. Raises `RefusedError` if the database
        refuses; the documents stand, and the next run finds them."""
        register.record(step.document for step in batch if step.document)
        self.outcomes.update(step.outcome for step in batch)
        self.kept += [step.path for step in batch if step.outcome is WriteOutcome.KEPT]
