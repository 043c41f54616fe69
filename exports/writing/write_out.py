"""Write many documents without overwriting anyone's changes. A stopped run can be resumed.

A file is the program's own if its SHA-256 is the last one registered for its path, or if it
already has the bytes to be written. Any other file is kept unless the user agreed to replace it.
Nothing here uses the database, so it can run on another thread; the caller registers the batches.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from exports.page.package import SomeonesFileError, digest_of
from exports.writing.job import Job
from models.refusal import RefusedError
from models.results.lapse import Basis
from models.results.register import WrittenDocument

# A batch ends after this many documents or seconds; a kill leaves at most one unregistered.
_MOST, _SECONDS = 48, 0.2
_BESIDE = "_新版"
_WRITERS, _AT_ONCE = 4, 8


class WriteOutcome(Enum):
    """The outcome of writing one document."""

    WRITTEN = "写出"
    """Written."""
    STANDING = "原已写好"
    """The same bytes were already there."""
    BESIDE = "另存"
    """Written under another name, next to a file that was kept."""
    KEPT = "保留"
    """Not written; a file that is not the program's own was kept."""
    FAILED = "没有写成"
    """Not written; the document could not be generated."""


@dataclass(frozen=True)
class Step:
    """One finished document."""

    outcome: WriteOutcome
    """What was done."""
    path: Path
    """The path of the file written or kept, or that the document would have."""
    document: WrittenDocument | None = None
    """The entry to add to the register; None if there is nothing new."""
    fault: str = ""
    """Why the document could not be generated; empty if it was."""


def files_of_others(
    jobs: Iterable[Job], folder: Path, registered: Mapping[str, str]
) -> dict[str, str]:
    """Return files at the jobs' paths under `folder` that the program did not write last.

    The result maps paths to SHA-256, which is empty if the file cannot be read. `registered` is
    the SHA-256 of `register.last_registered` for the folder. A document that cannot be generated
    replaces nothing.
    """
    found = {}
    for job in jobs:
        path = job.path_in(folder)
        digest = digest_of(path)
        if digest is None or digest == registered.get(str(path)):
            continue
        content = job.made()
        if isinstance(content, bytes) and digest != hashlib.sha256(content).hexdigest():
            found[str(path)] = digest
    return found


@dataclass(frozen=True)
class _Rules:
    """Which files may be replaced."""

    registered: Mapping[str, str]
    """SHA-256 by path of the files that the program wrote last."""
    allowed: Mapping[str, str]
    """SHA-256 by path of the other files that the user agreed to replace."""
    bases: Mapping[str, Basis] | None = None
    """What the registered files rest on, by path; None if it does not matter."""

    def step(self, job: Job, path: Path, content: bytes) -> Step:
        """Write one document, unless a file that must be kept is in the way."""
        known = self.registered.get(str(path))
        before = digest_of(path)
        try:
            document = job.written(path, content, _digests(known, self.allowed.get(str(path))))
        except SomeonesFileError:
            return Step(WriteOutcome.KEPT, path)
        if document.sha256 != before:
            return Step(WriteOutcome.WRITTEN, path, document)
        rests = self.bases is None or self.bases.get(str(path)) == job.basis
        return Step(WriteOutcome.STANDING, path, None if known == before and rests else document)

    def beside(self, job: Job, path: Path, content: bytes) -> Step:
        """Write next to a kept file, under the first name that is free or the program's own."""
        number = 1
        while True:
            ending = _BESIDE if number == 1 else f"{_BESIDE}{number}"
            step = self.step(job, path.with_name(f"{path.stem}{ending}{path.suffix}"), content)
            if step.outcome is not WriteOutcome.KEPT:
                return replace(step, outcome=WriteOutcome.BESIDE)
            number += 1


def write_all(
    jobs: Iterable[Job],
    folder: Path,
    registered: Mapping[str, str],
    *,
    bases: Mapping[str, Basis] | None = None,
    overwrite: Mapping[str, str] | None = None,
    beside: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[list[Step]]:
    """Write the jobs under `folder` and yield finished steps in batches, several a second.

    Files that are not the program's own are kept. With `beside`, the new document is written next
    to them under a free name. Files listed in `overwrite` (from `files_of_others`) are replaced
    if they have not changed since. A file that stands is registered again if it rested on something
    else by `bases`. `stopped` is called every few documents. A document that cannot be generated is
    a step with its fault, and the others are written. Raises `RefusedError` if one cannot be
    written to the disk, after yielding the steps before it.
    """
    rules = _Rules(registered, overwrite or {}, bases)
    batch: list[Step] = []
    handed = time.monotonic()
    # Waiting for the disk takes longer than generating a letter, so other threads do it.
    with ThreadPoolExecutor(_WRITERS) as writers:
        for few in _few(jobs, folder):
            if stopped():
                break
            fault = None
            under_way = []
            for path, job in few.items():
                content = job.made()
                if isinstance(content, str):
                    batch.append(Step(WriteOutcome.FAILED, path, fault=content))
                    continue
                future = writers.submit(rules.step, job, path, content)
                under_way.append((job, path, content, future))
            for job, path, content, future in under_way:
                try:
                    step = future.result()
                    if beside and step.outcome is WriteOutcome.KEPT:
                        step = rules.beside(job, path, content)
                    batch.append(step)
                except RefusedError as error:
                    fault = fault or error
            full = len(batch) >= _MOST or time.monotonic() - handed >= _SECONDS
            if batch and (full or fault):
                yield batch
                batch, handed = [], time.monotonic()
            if fault:
                raise fault
    if batch:
        yield batch


def _few(jobs: Iterable[Job], folder: Path) -> Iterator[dict[Path, Job]]:
    """Yield small groups of jobs by path; jobs with the same path are never in one group."""
    few: dict[Path, Job] = {}
    for job in jobs:
        path = job.path_in(folder)
        if len(few) == _AT_ONCE or path in few:
            yield few
            few = {}
        few[path] = job
    if few:
        yield few


def _digests(*known: str | None) -> list[str]:
    return [digest for digest in known if digest is not None]
