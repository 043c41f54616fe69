"""Write the documents of a round in one run, from a screen or from the command line.

`begin` and `enter` use the database and must run on the thread that owns it. `theirs` and `write`
use only the disk and can run on another thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from exports.writing.job import Job
from exports.writing.write_out import Step, WriteOutcome, files_of_others, write_all
from models.results import register
from models.results.register import LastWritten


class ExportRun:
    """The documents to write into one folder, and their outcomes so far."""

    def __init__(self, jobs: Sequence[Job], folder: Path, known: Mapping[str, LastWritten]) -> None:
        self.jobs = jobs
        self.folder = folder
        self.outcomes: Counter[WriteOutcome] = Counter()
        self.kept: list[Path] = []
        """Files not written by the program, or changed since, that were left alone."""
        self.failed: dict[Path, str] = {}
        """Documents that could not be generated, by path, with the fault."""
        self._known = known

    @classmethod
    def begin(cls, jobs: Sequence[Job], folder: Path) -> ExportRun:
        """Start a run into `folder`, an absolute path. It replaces only registered files."""
        return cls(jobs, folder, register.last_registered(folder))

    @property
    def done(self) -> int:
        """How many documents are finished."""
        return self.outcomes.total()

    @property
    def left(self) -> int:
        """How many documents are left."""
        return len(self.jobs) - self.done

    @property
    def seen_by_others(self) -> bool:
        """Whether other accounts of this machine may look into the folder that was named. The
        program never changes the mode of a folder that it did not make."""
        try:
            return bool(self.folder.stat().st_mode & 0o077)
        except OSError:
            return False

    def theirs(self) -> dict[str, str]:
        """Return files in the way that the program did not write: their SHA-256 by path."""
        return files_of_others(self.jobs, self.folder, self._known)

    def write(
        self,
        *,
        overwrite: Mapping[str, str] | None = None,
        beside: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[list[Step]]:
        """Write the documents and yield the finished steps in batches; see `write_all`."""
        return write_all(
            self.jobs,
            self.folder,
            self._known,
            overwrite=overwrite,
            beside=beside,
            stopped=stopped,
        )

    def enter(self, batch: Sequence[Step]) -> None:
        """Register the documents of a batch and count its outcomes.

        Raises `RefusedError` if the database cannot be written. The documents stay on disk, and
        the next run finds them.
        """
        register.record(step.document for step in batch if step.document)
        register.note_made_of(step.same for step in batch if step.same)
        self.outcomes.update(step.outcome for step in batch)
        self.kept += [step.path for step in batch if step.outcome is WriteOutcome.KEPT]
        self.failed |= {step.path: step.fault for step in batch if step.fault}
