"""Documents on disk that today's results no longer give: find them, and take them out of the way.

After a correction a letter may state a result that is no more, and an accountability form may be
about somebody who meets the standard now. Such files are moved into a folder of their own and never
deleted, and only if they are still the bytes that were registered: what somebody changed is named
and left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from exports.documents.kind import SUFFIX, Scope
from exports.documents.kinds import KINDS
from exports.page.package import digest_of
from exports.writing.file_names import safe_file_name
from exports.writing.preparation import given
from models.database.private_folder import make_folder
from models.results import register
from models.results.lapse import Lapse, lapse
from models.results.register import WrittenDocument
from models.rounds import life, polls
from models.rounds.plan import RoundInfo
from models.rounds.subjects import persons, subjects_of_round
from models.settings.office import Settings

FOLDER = "已失效"
# What a second file of a name, or one beside a changed file, has at its end.
_ENDING = re.compile(r"(_新版\d*|_\d+)*(?=\.\w+$)")
_OF_PERSONS = {kind.name for kind in KINDS.values() if Scope.PERSON in kind.scopes}
_FOR_SOME = {kind.name for kind in KINDS.values() if kind.nobody}
# Files between two entries in the register: a kill leaves no more than these without one.
_AT_ONCE = 50


@dataclass(frozen=True)
class LapsedFile:
    """A document on disk that no longer stands."""

    document: WrittenDocument
    """Its last entry in the register."""
    why: Lapse
    """Why it no longer stands."""
    intact: bool
    """Whether the file is still what was registered; otherwise it is left where it is."""


def lapsed_files(
    settings: Settings, round_info: RoundInfo, poll_ids: Collection[int] | None = None
) -> list[LapsedFile]:
    """Return the files of a round (or of these polls of it) that no longer stand.

    First those that today's results do not give at all, then in the order in which they were
    written. Documents of other rounds that quote one of the polls are among them.

    Files that are gone from their place are left out. Raises `RefusedError` if the database
    refuses.
    """
    everyone = [poll.id for poll in polls.polls(round_info.id)]
    wanted = set(everyone if poll_ids is None else poll_ids)
    documents = [
        each for each in register.last_at_each_path() if wanted & {poll for poll, _ in each.basis}
    ]
    reasons = _reasons(settings, round_info, documents, everyone)
    found = []
    for each in documents:
        why = reasons.get(each.number)
        digest = digest_of(Path(each.path)) if why else None
        if why and digest is not None:
            found.append(LapsedFile(each, why, digest == each.sha256))
    # What has no successor comes first: of the others a new one may be written.
    return sorted(found, key=lambda each: each.why is not Lapse.GONE)


def move_aside(files: Iterable[LapsedFile]) -> tuple[list[Path], list[str]]:
    """Move those files that are intact into the folder `FOLDER` beside the units' folders, and
    enter it in the register and the journal.

    Returns where they are now, and what was left where it is, each with its reason. Raises
    `RefusedError` if the database cannot be written.
    """
    moved: list[tuple[WrittenDocument, Path]] = []
    left: list[str] = []
    done: list[Path] = []
    for each in files:
        path = Path(each.document.path)
        if digest_of(path) != each.document.sha256:
            left.append(f"{path}：写出后有人改过，没有移")
            continue
        try:
            target = _free(_aside(path, each.document))
            make_folder(target.parent)
            os.rename(path, target)
        except OSError as error:
            left.append(f"{path}：移不动（{error.strerror}）")
            continue
        moved.append((each.document, target))
        if len(moved) == _AT_ONCE:
            register.move(moved)
            done += [target for _, target in moved]
            moved = []
    if moved:
        register.move(moved)
    return done + [target for _, target in moved], left


def _reasons(
    settings: Settings,
    round_info: RoundInfo,
    documents: Sequence[WrittenDocument],
    everyone: Collection[int],
) -> dict[int, Lapse]:
    """Why documents no longer stand, by their number in the register."""
    versions = register.seals_in_force()
    found: dict[int, Lapse] = {}
    for each in documents:
        own = everyone if each.poll_id is None and each.round_id == round_info.id else None
        if why := lapse(each.basis, versions, own):
            found[each.number] = why
    # What a sealed poll gives changes with its seal alone, what others give at any time.
    of_persons = [
        each
        for each in documents
        if each.round_id == round_info.id and each.kind in _OF_PERSONS and each.poll_id
    ]
    sealed = [
        each
        for each in of_persons
        if each.kind in _FOR_SOME and each.number in found and versions.get(each.poll_id or 0)
    ]
    names, unknown = frozenset[tuple[int, str, str]](), frozenset[int]()
    if sealed:
        names, unknown = given(settings, round_info, {each.poll_id or 0 for each in sealed})
    subjects = _subject_names(round_info) if of_persons else {}
    for each in of_persons:
        poll, name = each.poll_id or 0, _plain(Path(each.path).name)
        gone = name not in subjects.get(poll, ())
        if each in sealed and poll not in unknown:
            gone = (poll, each.kind, name) not in {(p, kind, _plain(n)) for p, kind, n in names}
        if gone and found.get(each.number) is not Lapse.REOPENED:
            found[each.number] = Lapse.GONE
    return found


def _subject_names(round_info: RoundInfo) -> dict[int, set[str]]:
    """The file names of a letter to each person, by poll."""
    everyone = subjects_of_round(round_info.id)
    return {
        poll.id: {
            _plain(
                safe_file_name(
                    [poll.short, each.subject.post, each.subject.name, round_info.title], SUFFIX
                )
            )
            for each in persons(everyone.get(poll.id, {}))
        }
        for poll in polls.polls(round_info.id)
    }


def _plain(name: str) -> str:
    """A file's name without what tells it from others of its name."""
    return _ENDING.sub("", name)


def _aside(path: Path, document: WrittenDocument) -> Path:
    """Where a file goes: under the round's folder, with the folders that it has there."""
    top = safe_file_name([life.find_by_id(document.round_id).title])
    parts = path.parts
    at = max((n for n, part in enumerate(parts[:-1]) if part == top), default=len(parts) - 2)
    return Path(*parts[: at + 1], FOLDER, *parts[at + 1 :])


def _free(path: Path) -> Path:
    """The first name that nothing has yet."""
    number, found = 1, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}_{number}{path.suffix}")
    return found
