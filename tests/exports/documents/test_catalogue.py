"""归档文件目录: what is listed, how it is numbered, and what is left empty rather than guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exports.documents import catalogue
from exports.documents.kinds import load_settings
from exports.page.markup import ems
from exports.page.table import CELL_MARGIN, TEXT_INDENT
from exports.parts.results import PollResults, gather
from exports.writing import preparation
from models.database.store import Store
from models.database.tables import Poll
from models.regulation.levels import Level
from models.regulation.rules import Comparator, RoundRules, TrustRule
from models.rounds import polls
from models.rounds.plan import RoundInfo
from models.rounds.polls import PollState
from models.seal import sealing
from models.settings.office import Settings
from models.settings.toml_file import TomlFaultsError
from tests.exports.reading import W, body, grids, part, text
from tests.exports.small import Team, key_all, make_round, seal_all
from tests.offices import only_poll
from tests.sealing import sealed_round

Audit = Callable[[bytes], list[str]]
TERMS = {"plan": "定期30年", "count": "永久", "summary": "永久", "report": "定期30年"}


def own(settings: Settings) -> Settings:
    """An office that knows all parts of its archive numbers."""
    return replace(
        settings,
        office=replace(settings.office, fonds="J001", section="BGS"),
        documents=replace(settings.documents, terms=TERMS),
    )


def two_units(settings: Settings, rules: RoundRules | None = None) -> RoundInfo:
    teams = [Team(), Team("乙县工商行政管理局", "乙县局", chief="钱程")]
    info = make_round(settings, teams=teams, rules=rules)
    key_all(info)
    return info


def results_of(settings: Settings, info: RoundInfo) -> list[PollResults]:
    return [gather(settings, info, poll) for poll in polls.polls(info.id)]


def listed(settings: Settings, info: RoundInfo) -> list[tuple[str, str]]:
    """Kinds and archive numbers, in order."""
    found = catalogue.numbered_lines(
        settings.office, settings.documents, info, results_of(settings, info)
    )
    return [(filed.kind, number) for filed, number in found]


def test_numbers_run_within_a_term(store: Store, settings: Settings) -> None:
    info = two_units(settings)
    seal_all(info)
    assert listed(own(settings), info) == [
        ("plan", "J001-WS·2026-D30-BGS-0001"),
        ("summary", "J001-WS·2026-Y-BGS-0001"),
        ("report", "J001-WS·2026-D30-BGS-0002"),
        ("issue", ""),
        ("count", "J001-WS·2026-Y-BGS-0002"),
        ("summary", "J001-WS·2026-Y-BGS-0003"),
        ("chief", ""),
        ("public", ""),
        ("count", "J001-WS·2026-Y-BGS-0004"),
        ("summary", "J001-WS·2026-Y-BGS-0005"),
        ("chief", ""),
        ("public", ""),
    ]
    assert {number for _, number in listed(settings, info)} == {""}


def test_only_what_is_sealed_is_listed_and_the_whole_round_when_all_of_it_is(
    store: Store, settings: Settings
) -> None:
    info = two_units(settings)
    first = polls.polls(info.id)[0]
    Poll.update(state=PollState.SEALED).where(Poll.id == first.id).execute()
    assert [kind for kind, _ in listed(settings, info)] == [
        "plan",
        "issue",
        "count",
        "summary",
        "chief",
        "public",
    ]
    (job,) = preparation.prepare(settings, info, None, ["catalogue"])
    assert "乙县" not in text(job.content())


def test_a_prompt_for_accountability_is_listed_where_one_is_due(
    store: Store, settings: Settings
) -> None:
    rule = TrustRule(("优秀",), Comparator.AT_LEAST, 1, 1)
    info = two_units(settings, RoundRules(trust={Level.CHIEF: rule}))
    seal_all(info)
    asked = [kind for kind, _ in listed(settings, info)]
    written = [job.kind for job in preparation.prepare(settings, info, None, ["accountability"])]
    assert asked.count("accountability") == len(written) == 2


def test_the_page_has_the_nine_columns_and_guesses_nothing(
    store: Store, settings: Settings, audit: Audit
) -> None:
    info, sealed = sealed_round(settings, store)
    document = catalogue.document(
        settings.office, settings.documents, info, results_of(settings, info)
    )
    assert audit(document) == []
    (rows,) = grids(document)
    columns = ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert rows[0] == columns
    for number, row in enumerate(rows[1:], 1):
        found = dict(zip(columns, row, strict=True))
        assert found["序号"] == str(number)
        assert not any(found[name] for name in ("档号", "文号", "密级", "页数", "备注"))
        counted = "计票结果报告单" in found["题名"]
        assert found["日期"] == (sealed.at[:10].replace("-", "") if counted else "")


def test_one_list_a_term_with_the_organ_that_signs_and_the_whole_title(
    store: Store, settings: Settings
) -> None:
    info = two_units(settings)
    seal_all(info)
    known = own(settings)
    document = catalogue.document(known.office, known.documents, info, results_of(known, info))
    lists = grids(document)
    assert [[row[0] for row in rows[1:]] for rows in lists] == [
        list(map(str, range(1, n))) for n in (6, 3, 6)
    ]
    for term in ("永久", "定期30年", ""):
        assert f"保管期限：{term}\n" in text(document)
    (report,) = [row for rows in lists for row in rows if "情况的报告" in row[4]]
    group = settings.office.party_group
    assert report[3:5] == [group, f"{group}关于{info.title}情况的报告"]
    assert {row[3] for rows in lists for row in rows[1:]} == {group, settings.office.signature}
    width = body(document).find(f".//{W}gridCol[2]").get(f"{W}w")
    assert int(width) > ems("J001-WS·2026-D30-BGS-0001") * 210, "on one line"


def test_an_organ_of_many_characters_takes_three_lines_at_most(
    store: Store, settings: Settings
) -> None:
    """Else a page holds six rows and a county's list three pages, the last with its notes alone."""
    info = two_units(settings)
    rendered = catalogue.document(
        settings.office, settings.documents, info, results_of(settings, info)
    )
    widths = [int(found) for found in re.findall(r'<w:gridCol w:w="(\d+)"', part(rendered))]
    signer = widths[3] - 2 * CELL_MARGIN - 2 * TEXT_INDENT
    assert 3 * (signer // 210) >= len(settings.office.signature)


def test_a_second_seal_is_named(store: Store, settings: Settings) -> None:
    info, _ = sealed_round(settings, store)
    poll = only_poll(info)
    sealing.reopen(poll.id, "复看原票", ("王批", "赵准"))
    sealing.seal(poll.id, sealing.seals(poll.id)[0].tellers, store)
    rows = catalogue.numbered_lines(
        settings.office, settings.documents, info, results_of(settings, info)
    )
    assert {filed.note for filed, _ in rows if filed.kind == "count"} == {"第2次封存"}


@pytest.mark.parametrize(
    ("line", "fault"), [('letter = "永久"', "归档的文书为"), ('plan = "三十年"', "应为 永久")]
)
def test_terms_are_checked(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "ceping.toml"
    file.write_text(f"[documents.terms]\n{line}\n")
    with pytest.raises(TomlFaultsError, match=fault):
        load_settings(file)
