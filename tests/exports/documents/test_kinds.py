"""A kind of document is one module and one line in the list: a twelfth one shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from exports.documents.kind import Kind, Scope, Waits
from exports.documents.kinds import KINDS, kind_named, load_settings
from exports.documents.writer import Document, Filed, Sources, Writer, writer_of
from exports.page.markup import Markup
from exports.page.master import Orientation, master
from exports.page.styles import TEXT
from exports.parts.own_words import OwnWords
from exports.parts.results import PollResults
from exports.writing.preparation import prepare, waiting_for
from models.database.store import Store
from models.refusal import RefusedError
from models.results.delivery import Handover
from models.rounds import life
from models.rounds.polls import PollInfo
from models.settings.office import Settings, shipped_file
from models.settings.toml_file import TomlFaultsError
from tests.exports.reading import text
from tests.exports.small import key_all, make_round, seal_all


def letter(results: PollResults) -> bytes:
    """The twelfth kind's page."""
    markup = Markup("gb2312")
    lines = OwnWords.of(results, "thanks").lines("title")
    return master(Orientation.PORTRAIT, "gb2312").document(markup.paragraphs(TEXT, lines))


def of_polls(sources: Sources, ready: Sequence[PollInfo]) -> Iterator[tuple[PollInfo, Document]]:
    for poll in ready:
        yield poll, Document(poll.unit_name, partial(letter, sources.results[poll.id]))


def filed(results: PollResults) -> Iterator[Filed]:
    yield Filed(f"{results.poll.unit_name}感谢信")


@pytest.fixture
def twelfth(monkeypatch: pytest.MonkeyPatch) -> Kind:
    module = ModuleType("thanks")
    vars(module)["WRITER"] = Writer(of_polls=of_polls, filed_of_poll=filed)
    monkeypatch.setitem(sys.modules, "thanks", module)
    kind = Kind(
        key="thanks",
        name="感谢信",
        scopes=(Scope.UNIT,),
        waits=Waits.SEAL,
        module="thanks",
        filed=True,
        sentences={"title": ("单位", "落款")},
    )
    monkeypatch.setitem(KINDS, kind.key, kind)
    return kind


@pytest.fixture
def worded(twelfth: Kind, tmp_path: Path) -> Settings:
    """Settings that word the twelfth kind and keep it thirty years."""
    file = tmp_path / "ceping.toml"
    file.write_text(
        '[office]\nfonds = "0123"\nsection = "BGS"\n'
        '[documents.terms]\nthanks = "定期30年"\n'
        '[documents.wording.thanks]\ntitle = "谢谢{单位}！"\n',
        encoding="utf-8",
    )
    return load_settings(file)


def test_a_kind_is_registered_by_one_line(store: Store, worded: Settings) -> None:
    """It is found by name, waits as it says, is written and named in order, worded by the office
    and filed in the catalogue."""
    info = make_round(worded)
    key_all(info)
    assert kind_named("感谢信").key == "thanks"
    assert waiting_for(info)["thanks"] == "封存后"
    with pytest.raises(RefusedError, match="感谢信在封存后才有"):
        prepare(worded, info, kinds=["thanks"])
    seal_all(info)
    info = life.find_by_id(info.id)
    assert "thanks" not in waiting_for(info)
    (job,) = prepare(worded, info, kinds=["感谢信"])
    assert text(job.content()).strip() == "谢谢甲县工商行政管理局！"
    assert job.relative_path.name.startswith(f"{len(KINDS):02d}_感谢信_")
    assert job.official
    (catalogue,) = prepare(worded, info, kinds=["catalogue"])
    assert "甲县工商行政管理局感谢信" in text(catalogue.content())
    assert "0123-WS·2026-D30-BGS-0001" in text(catalogue.content())


def test_what_the_office_writes_of_it_is_checked(twelfth: Kind, tmp_path: Path) -> None:
    file = tmp_path / "ceping.toml"
    file.write_text('[documents.wording.thanks]\ntitle = "{姓名}"\n', encoding="utf-8")
    with pytest.raises(TomlFaultsError, match=r"thanks.title：没有字段 \{姓名\}"):
        load_settings(file)


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_written_as_it_says(key: str) -> None:
    """What its line in the list promises, its module has."""
    kind = KINDS[key]
    writer = writer_of(kind)
    assert isinstance(writer, Writer)
    assert (writer.of_round is not None) == (Scope.ROUND in kind.scopes)
    assert (writer.of_polls is not None) == (set(kind.scopes) != {Scope.ROUND})
    assert kind.filed == bool(writer.filed_of_round or writer.filed_of_poll)
    assert kind.template == (writer.template is not None)


def test_what_is_handed_over_is_a_kind_that_says_so() -> None:
    assert {kind.key for kind in KINDS.values() if kind.handed_over} == set(Handover)


def test_the_shipped_file_has_a_term_for_every_kind_that_is_filed() -> None:
    filed_kinds = {kind.key for kind in KINDS.values() if kind.filed}
    assert load_settings(shipped_file()).documents.terms.keys() == filed_kinds
