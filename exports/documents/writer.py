"""How a kind of document is written: its sources, its documents, and how they are filed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from exports.documents.kind import SUFFIX, Kind
from exports.page.markup import Markup
from exports.parts.results import PollResults
from exports.parts.wording import VOTE_AGAIN
from exports.templates.fields import TemplateField
from models.results.lapse import Basis
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollInfo
from models.settings.office import Settings


@dataclass(frozen=True)
class Sources:
    """What the documents of one run are generated from."""

    settings: Settings
    """The office's settings."""
    round: RoundInfo
    """The round."""
    everyone: tuple[PollInfo, ...]
    """All polls of the round, in unit order."""
    results: Mapping[int, PollResults]
    """The results of the polls being written, by poll id; empty before any ballot is keyed."""

    @property
    def official(self) -> bool:
        """Whether every poll being written is sealed."""
        return bool(self.results) and all(each.official for each in self.results.values())


@dataclass(frozen=True)
class Document:
    """One document that is ready to be written."""

    addressee: str
    """Whom or what it is for, as recorded in the register of documents."""
    content: Callable[[], bytes] = field(repr=False, compare=False)
    """Generates the file. Does not use the database, so it can run on another thread."""
    names: tuple[str, ...] = ()
    """What distinguishes its file name from others of its kind in a unit; empty if it is alone."""
    suffix: str = SUFFIX
    """Its file extension."""
    quotes: Basis = ()
    """The polls of earlier rounds that it quotes, each with the version of its seal."""
    withheld: str = ""
    """Why it must not be written now, because a poll that it quotes is not what was sealed; empty
    if nothing is against it."""
    instead: str = ""
    """What to do instead of writing it, because it would say nothing; empty if it says something.
    """


@dataclass(frozen=True)
class Filed:
    """One entry in the archive catalogue."""

    title: str
    """The document's title."""
    date: str = ""
    """Its date as YYYYMMDD; empty if it is to be written in by hand."""
    by_party_group: bool = False
    """Whether the party group issues it, whose name then begins its title; else it is of the organ
    that signs letters."""


OfPolls = Callable[[Sources, Sequence[PollInfo]], Iterable[tuple[PollInfo, Document]]]
OfRound = Callable[[Sources], Iterable[Document]]


@dataclass(frozen=True)
class OwnTemplate:
    """What an office's own Word template can use, and a template to start from."""

    fields: tuple[TemplateField, ...]
    """The fields that the document provides values for."""
    start: Callable[[Markup], list[str]]
    """Returns the body of the built-in document with fields in place of values."""


@dataclass(frozen=True)
class Writer:
    """The functions that write a kind of document."""

    of_polls: OfPolls | None = None
    """Yields the documents of polls that meet the kind's requirements.

    May read the database.
    """
    of_round: OfRound | None = None
    """Yields the documents of the whole round."""
    filed_of_round: Callable[[RoundInfo], Filed] | None = None
    """Returns the archive entry of the round's document."""
    filed_of_poll: Callable[[PollResults], Iterator[Filed]] | None = None
    """Yields the archive entries of a sealed poll's documents."""
    template: OwnTemplate | None = None
    """The template support, for kinds that have it."""


def once_voted(make: Callable[[PollResults], bytes]) -> OfPolls:
    """Return what yields one document a poll, under its unit's name, made of its results; where
    nobody voted there is none, and why is said."""

    def of_polls(
        sources: Sources, ready: Sequence[PollInfo]
    ) -> Iterator[tuple[PollInfo, Document]]:
        for poll in ready:
            results = sources.results[poll.id]
            instead = "" if results.voted else VOTE_AGAIN
            yield poll, Document(poll.unit_name, partial(make, results), instead=instead)

    return of_polls


def writer_of(kind: Kind) -> Writer:
    """Return the writer of a kind, importing its module."""
    found: Writer = importlib.import_module(kind.module).WRITER
    return found
