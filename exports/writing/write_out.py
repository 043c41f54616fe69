"""Many documents written one after another: over nobody's changes, and resumed where it stopped.

A file belongs to this program while its SHA-256 is the one registered last for its path, or if
its bytes are the very ones that would be written. Every other file is somebody's, and stays
unless its owner was asked. Touches no database, so that another thread may do it: the batches
that come back are for the register.
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
from models.results.register import WrittenDocument

# A batch is handed over after so many documents or seconds: what a kill leaves unregistered.
_MOST, _SECONDS = 48, 0.2
_BESIDE = "_新版"
_WRITERS, _AT_ONCE = 4, 8


class WriteOutcome(Enum):
    """What became of a document."""

    WRITTEN = "写出"
    STANDING = "原已写好"
    BESIDE = "另存"
    KEPT = "保留"


@dataclass(frozen=True)
class Step:
    """One document dealt with: how, and at which path; `document` is what the register does not
    know yet."""

    outcome: WriteOutcome
    path: Path
    document: WrittenDocument | None = None


def files_of_others(
    jobs: Iterable[Job], folder: Path, registered: Mapping[str, str]
) -> dict[str, str]:
    """The files at the jobs' paths under `folder` that somebody else wrote or changed: their
    SHA-256 by path (empty where it cannot be read). `registered` is `register.last_digests` of
    the folder."""
    found = {}
    for job in jobs:
        path = job.path_in(folder)
        digest = digest_of(path)
        if digest is None or digest == registered.get(str(path)):
            continue
        if digest != hashlib.sha256(job.content()).hexdigest():
            found[str(path)] = digest
    return found


@dataclass(frozen=True)
class _Rules:
    """What may be replaced: `registered` by this program, `allowed` by the one who was asked."""

    registered: Mapping[str, str]
    allowed: Mapping[str, str]

    def step(self, job: Job, path: Path, content: bytes) -> Step:
        """Write one document, or leave somebody's file alone."""
        known = self.registered.get(str(path))
        before = digest_of(path)
        try:
            document = job.written(path, content, _digests(known, self.allowed.get(str(path))))
        except SomeonesFileError:
            return Step(WriteOutcome.KEPT, path)
        if document.sha256 != before:
            return Step(WriteOutcome.WRITTEN, path, document)
        return Step(WriteOutcome.STANDING, path, document if known != before else None)

    def beside(self, job: Job, path: Path, content: bytes) -> Step:
        """Write beside somebody's file, under the first name that is free or this program's."""
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
    overwrite: Mapping[str, str] | None = None,
    beside: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[list[Step]]:
    """Write the jobs under `folder`, giving back what is done in batches, several a second.

    Somebody's file is kept; with `beside` the new document goes beside it under a free name; one
    that `overwrite` (from `files_of_others`) lists gives way, if it is still the same. `stopped`
    is asked every few documents. Raises `RefusedError` if one cannot be written, after the batch
    before it.
    """
    rules = _Rules(registered, overwrite or {})
    batch: list[Step] = []
    handed = time.monotonic()
    # Waiting for the disk takes longer than making a letter: it is done by other threads.
    with ThreadPoolExecutor(_WRITERS) as writers:
        for few in _few(jobs, folder):
            if stopped():
                break
            fault = None
            under_way = []
            try:
                for path, job in few.items():
                    content = job.content()
                    future = writers.submit(rules.step, job, path, content)
                    under_way.append((job, path, content, future))
            except RefusedError as error:
                fault = error
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
    """The jobs a few at a time by path; those of one path are never under way together."""
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
