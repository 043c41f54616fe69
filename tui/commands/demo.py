"""`ceping demo`: a filled sample office in a folder of its own.

The roster, the round and the stacks of paper ship with the program. One unit is keyed to the
end, one in part with a half-keyed ballot waiting, one not at all: what a working day looks like.
"""

from __future__ import annotations

from pathlib import Path

from models.database.private_folder import make_folder
from models.database.store import open_store, writing
from models.entry import first_entry
from models.entry.keying import BallotInHand
from models.imports import roster_import, round_description
from models.refusal import RefusedError, fault_words
from models.rounds import paper, polls
from models.rounds.contents import void_reasons
from models.rounds.stacks import stacks
from models.settings.office import Settings

SAMPLE_OFFICE = Path(__file__).parents[2] / "models" / "sample_office"
_WHOLE = "白银市工商行政管理局"
_PART = "天水市工商行政管理局"
# The last stack of the half-keyed unit that is done, in the order of the stacks.
_DONE_STACKS = 11


def make(folder: Path, settings: Settings) -> Path:
    """Build the sample office in `folder` and return the path of its database. One that is there
    already is used as it is. Raises `RefusedError` if the folder cannot be made."""
    database = folder / "ceping.db"
    if database.exists():
        return database
    try:
        make_folder(folder)
    except OSError as error:
        raise RefusedError(f"建不了文件夹 {folder}（{fault_words(error)}）。") from error
    store = open_store(database)
    try:
        roster_import.apply(roster_import.plan(SAMPLE_OFFICE / "roster.xlsx"), store)
        description = round_description.read(SAMPLE_OFFICE / "round.toml", settings)
        round_id = round_description.make(description, settings)
        _key(round_id, settings)
    finally:
        store.close()
    return database


def lines_of(unit: str, level: str, group: str) -> list[str]:
    """The ballots of a sample stack as they are typed, a line each: marks, or `/` and the number
    of a void reason."""
    file = SAMPLE_OFFICE / "ballots" / unit / f"{level}-{group}.txt"
    return file.read_text(encoding="utf-8").split()


def _key(round_id: int, settings: Settings) -> None:
    half: tuple[int, str] | None = None
    names = paper.level_names(round_id)
    # One transaction for all: a demo need not wait for the disk after each ballot.
    with writing():
        for poll in polls.polls(round_id):
            for number, stack in enumerate(stacks(poll.id), 1):
                lines = lines_of(poll.unit_name, names[stack.level], stack.group.name)
                if poll.unit_name == _WHOLE or (poll.unit_name == _PART and number <= _DONE_STACKS):
                    key_stack(stack.stack_id, lines)
                elif poll.unit_name == _PART and number == _DONE_STACKS + 1:
                    key_stack(stack.stack_id, lines[:4])
                    half = stack.stack_id, lines[4]
    if half is not None:
        entry = first_entry.enter(half[0])
        begun = BallotInHand(entry.sheet, void_reasons(entry.round, settings))
        for mark in half[1][: begun.size // 2]:
            begun.press(mark)
        entry.save_draft(begun)


def key_stack(stack_id: int, lines: list[str]) -> None:
    """Key the ballots of a stack from lines such as `lines_of` returns."""
    entry = first_entry.enter(stack_id)
    for line in lines:
        if line.startswith("/"):
            entry.commit("", int(line[1:]))
        else:
            entry.commit(line)
