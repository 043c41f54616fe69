"""What a kind of document does to be written: from what, which documents, filed under which
title."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exports.documents.kind import SUFFIX, Kind
from exports.page.markup import Markup
from exports.parts.results import PollResults
from exports.templates.fields import TemplateField
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import Settings


@dataclass(frozen=True)
class Sources:
    """What the documents of one run are made from."""

    settings: Settings
    """The office's."""
    round: RoundInfo
    """The round."""
    everyone: tuple[PollInfo, ...]
    """All polls of the round, in unit order."""
    results: Mapping[int, PollResults]
    """The results of the polls that are written, by poll; empty while nothing is keyed."""

    @property
    def official(self) -> bool:
        """Whether every poll that is written is sealed."""
        return bool(self.results) and all(each.official for each in self.results.values())


@dataclass(frozen=True)
class Document:
    """One document that can be written now."""

    addressee: str
    """Whom or what it is for, as the register of documents has it."""
    content: Callable[[], bytes] = field(repr=False, compare=False)
    """Makes the file. Touches no database, so that another thread may call it."""
    names: tuple[str, ...] = ()
    """What tells it from the others of its kind in a unit, for its file name; empty if it is
    the only one."""
    suffix: str = SUFFIX
    """The ending of its file name."""


@dataclass(frozen=True)
class Filed:
    """One document in the archive's catalogue."""

    title: str
    """Its title."""
    date: str = ""
    """Its date in eight digits; empty where it is written in by hand."""


OfPolls = Callable[[Sources, Sequence[PollInfo]], Iterable[tuple[PollInfo, Document]]]
OfRound = Callable[[Sources], Iterable[Document]]


@dataclass(frozen=True)
class OwnTemplate:
    """What an office's own Word template of a kind may name, and one to begin with."""

    fields: tuple[TemplateField, ...]
    """The fields, all of which the document gives values for."""
    start: Callable[[Markup], list[str]]
    """The body of our own document with fields in place of values."""


@dataclass(frozen=True)
class Writer:
    """What writes a kind."""

    of_polls: OfPolls | None = None
    """The documents of some polls, all of which have what the kind waits for. Reads the database
    where it must."""
    of_round: OfRound | None = None
    """The documents of the whole round."""
    filed_of_round: Callable[[RoundInfo], Filed] | None = None
    """How the round's document is filed."""
    filed_of_poll: Callable[[PollResults], Iterator[Filed]] | None = None
    """How the documents of a sealed poll are filed."""
    template: OwnTemplate | None = None
    """For a kind that may have one."""


def writer_of(kind: Kind) -> Writer:
    """What writes a kind; loads its page and tables."""
    found: Writer = importlib.import_module(kind.module).WRITER
    return found
