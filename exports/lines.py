"""Which lines a subject's result has in a table, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from exports.result_table import Band, Line
from exports.wording import OVERALL_NAME, item_name, spaced_name
from models.sheet import OVERALL
from models.tally import LevelTally, SubjectTally


def statement_lines(level: LevelTally, subject: SubjectTally) -> list[Line]:
    """A subject's items as the ballot stated them, then the overall line."""
    statements = {item.number: f"{item.number}.{item.statement}" for item in level.content.items}
    return _lines(subject, statements)


def named_lines(level: LevelTally, subject: SubjectTally) -> list[Line]:
    """A subject's items by their short names, then the overall line."""
    return _lines(subject, {item.number: item_name(item) for item in level.content.items})


def banded_lines(level: LevelTally, subjects: Iterable[SubjectTally]) -> list[Line | Band]:
    """Several subjects in team order, each under a band of name and post."""
    found: list[Line | Band] = []
    for subject in subjects:
        who = subject.subject
        found.append(Band(f"{spaced_name(who.name)}　{who.post}" if who.post else who.name))
        found += named_lines(level, subject)
    return found


def _lines(subject: SubjectTally, names: dict[int, str]) -> list[Line]:
    return [
        Line(
            (OVERALL_NAME if place.line == OVERALL else names[place.line],),
            place,
            strong=place.line == OVERALL,
        )
        for place in subject.places
    ]
