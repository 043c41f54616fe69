"""Write many documents without overwriting anyone's changes. A stopped run can be resumed.

A file is the program's own if its SHA-256 is the last one registered for its path, or if it
already has the bytes to be written. Any other file is kept unless the user agreed to replace it.
A document is not even made if it would be made of the same as the last time, and its file still has
the bytes that were written then.
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
from exports.writing.fingerprint import Fingerprints
from exports.writing.job import Job
from models.refusal import RefusedError
from models.results.register import LastWritten, WrittenDocument

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
    same: LastWritten | None = None
    """The entry that the document, made again, is the same as, with what it is made of today; None
    if there is nothing to note."""
    fault: str = ""
    """Why the document could not be generated; empty if it was."""


def files_of_others(
    jobs: Iterable[Job], folder: Path, registered: Mapping[str, LastWritten]
) -> dict[str, str]:
    """Return files at the jobs' paths under `folder` that the program did not write last.

    The result maps paths to SHA-256, which is empty if the file cannot be read. `registered` is
    `register.last_registered` for the folder. A document that cannot be generated replaces nothing.
    """
    found = {}
    for job in jobs:
        path = job.path_in(folder)
        digest = digest_of(path)
        known = registered.get(str(path))
        if digest is None or (known and digest == known.sha256):
            continue
        content = job.made()
        if isinstance(content, bytes) and digest != hashlib.sha256(content).hexdigest():
            found[str(path)] = digest
    return found


@dataclass(frozen=True)
class _Rules:
    """Which files may be replaced."""

    registered: Mapping[str, LastWritten]
    """What the program wrote last, by path."""
    allowed: Mapping[str, str]
    """SHA-256 by path of the other files that the user agreed to replace."""

    def stands(self, job: Job, path: Path, made_of: str) -> bool:
        """Whether the file is what was written last, and would be made of the same today."""
        known = self.registered.get(str(path))
        if not known or not made_of or (known.made_of, known.basis) != (made_of, job.basis):
            return False
        return digest_of(path) == known.sha256

    def step(self, job: Job, path: Path, content: bytes, made_of: str) -> Step:
        """Write one document, unless a file that must be kept is in the way."""
        known = self.registered.get(str(path))
        before = digest_of(path)
        ours = [known.sha256] if known else []
        if (agreed := self.allowed.get(str(path))) is not None:
            ours.append(agreed)
        try:
            document = job.written(path, content, ours)
        except SomeonesFileError:
            return Step(WriteOutcome.KEPT, path)
        document = replace(document, made_of=made_of)
        if document.sha256 != before:
            return Step(WriteOutcome.WRITTEN, path, document)
        if known is None or (known.sha256, known.basis) != (before, job.basis):
            return Step(WriteOutcome.STANDING, path, document)
        same = replace(known, made_of=made_of) if known.made_of != made_of else None
        return Step(WriteOutcome.STANDING, path, same=same)

    def beside(self, job: Job, path: Path, content: bytes, made_of: str) -> Step:
        """Write next to a kept file, under the first name that is free or the program's own."""
        number = 1
        while True:
            ending = _BESIDE if number == 1 else f"{_BESIDE}{number}"
            name = f"{path.stem}{ending}{path.suffix}"
            step = self.step(job, path.with_name(name), content, made_of)
            if step.outcome is not WriteOutcome.KEPT:
                return replace(step, outcome=WriteOutcome.BESIDE)
            number += 1


def write_all(
    jobs: Iterable[Job],
    folder: Path,
    registered: Mapping[str, LastWritten],
    *,
    overwrite: Mapping[str, str] | None = None,
    beside: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[list[Step]]:
    """Write the jobs under `folder` and yield finished steps in batches, several a second.

    Files that are not the program's own are kept. With `beside`, the new document is written next
    to them under a free name. Files listed in `overwrite` (from `files_of_others`) are replaced
    if they have not changed since. A file that stands is registered again if it rested on something
    else. `stopped` is called every few documents. A document that cannot be generated is
    a step with its fault, and the others are written. Raises `RefusedError` if one cannot be
    written to the disk, after yielding the steps before it.
    """
    rules, fingerprints = _Rules(registered, overwrite or {}), Fingerprints()
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
                made_of = fingerprints.of(job)
                if rules.stands(job, path, made_of):
                    batch.append(Step(WriteOutcome.STANDING, path))
                    continue
                content = job.made()
                if isinstance(content, str):
                    batch.append(Step(WriteOutcome.FAILED, path, fault=content))
                    continue
                future = writers.submit(rules.step, job, path, content, made_of)
                under_way.append((job, path, content, made_of, future))
            for job, path, content, made_of, future in under_way:
                try:
                    step = future.result()
                    if beside and step.outcome is WriteOutcome.KEPT:
                        step = rules.beside(job, path, content, made_of)
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
