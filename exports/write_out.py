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
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from exports.job import Job
from exports.package import SomeonesFileError, digest_of
from models.refusal import RefusedError
from models.register import WrittenDocument

# A batch is handed over after so many documents or seconds: what a kill leaves unregistered.
_MOST, _SECONDS = 50, 0.2
_BESIDE = "_新版"


class Outcome(Enum):
    """What became of a document."""

    WRITTEN = "写出"
    STANDING = "原已写好"
    BESIDE = "另存"
    KEPT = "保留"


@dataclass(frozen=True)
class Step:
    """One document dealt with: how, and at which path; `document` is what the register does not
    know yet."""

    outcome: Outcome
    path: Path
    document: WrittenDocument | None = None


def someones_files(
    jobs: Iterable[Job], folder: Path, registered: Mapping[str, str]
) -> dict[str, str]:
    """The files at the jobs' paths under `folder` that are somebody's: their SHA-256 by path
    (empty where it cannot be read). `registered` is `register.last_digests` of the folder."""
    found = {}
    for job in jobs:
        path = job.path_in(folder)
        digest = digest_of(path)
        if digest is None or digest == registered.get(str(path)):
            continue
        if digest != hashlib.sha256(job.content()).hexdigest():
            found[str(path)] = digest
    return found


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
    that `overwrite` (from `someones_files`) lists gives way, if it is still the same. `stopped`
    is asked before each document. Raises `RefusedError` if one cannot be written, after the batch
    before it.
    """
    allowed = overwrite or {}
    batch: list[Step] = []
    handed = time.monotonic()
    for job in jobs:
        if stopped():
            break
        try:
            batch.append(_step(job, folder, registered, allowed, beside=beside))
        except RefusedError:
            if batch:
                yield batch
            raise
        if len(batch) >= _MOST or time.monotonic() - handed >= _SECONDS:
            yield batch
            batch, handed = [], time.monotonic()
    if batch:
        yield batch


def _step(
    job: Job,
    folder: Path,
    registered: Mapping[str, str],
    allowed: Mapping[str, str],
    *,
    beside: bool,
) -> Step:
    path = job.path_in(folder)
    known = registered.get(str(path))
    before = digest_of(path)
    try:
        document = job.write(folder, _digests(known, allowed.get(str(path))))
    except SomeonesFileError:
        return _beside(job, path, registered) if beside else Step(Outcome.KEPT, path)
    if document.sha256 != before:
        return Step(Outcome.WRITTEN, path, document)
    return Step(Outcome.STANDING, path, document if known != before else None)


def _beside(job: Job, path: Path, registered: Mapping[str, str]) -> Step:
    """Write beside somebody's file, under the first name that is free or this program's."""
    number = 1
    while True:
        ending = _BESIDE if number == 1 else f"{_BESIDE}{number}"
        other = path.with_name(f"{path.stem}{ending}{path.suffix}")
        known = registered.get(str(other))
        before = digest_of(other)
        try:
            document = job.write_to(other, _digests(known))
        except SomeonesFileError:
            number += 1
            continue
        new = document.sha256 != before or known != before
        return Step(Outcome.BESIDE, other, document if new else None)


def _digests(*known: str | None) -> list[str]:
    return [digest for digest in known if digest is not None]
