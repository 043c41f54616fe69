"""Offices made at random: every number that the program gives, as text, in sheets and in documents,
is that of a count apart.

`CEPING_OFFICES` says how many; a few are in the suite.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from exports import text
from exports.writing import preparation
from models.database.store import open_store
from models.database.tables import database
from models.recount import examination
from models.rounds import polls
from models.settings.office import Settings
from tests.exports import random_offices
from tests.exports.conftest import Written, of_polls
from tests.exports.counted import UnitCount, unit_of
from tests.exports.documents import test_number_sheets, test_number_words, test_numbers
from tests.exports.random_offices import Office
from tests.exports.recounting import DASH, OVERALL

OFFICES = int(os.environ.get("CEPING_OFFICES", "3"))
FIRST = int(os.environ.get("CEPING_SEED", "1"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + OFFICES))
def test_every_number_is_that_of_a_count_apart(
    seed: int, settings: Settings, tmp_path: Path
) -> None:
    store = open_store(tmp_path / "ceping.db")
    database.execute_sql("PRAGMA synchronous = OFF")
    try:
        office = random_offices.make(seed, settings, store)
        check_texts(office)
        jobs = preparation.prepare(office.settings, office.info)
        written = [Written("随机", job) for job in jobs]
        check_documents(office, written)
    finally:
        store.close()
    assert examination.differences(store.path) == []


def check_texts(office: Office) -> None:
    """The tallies of `ceping tally` as JSON."""
    said = json.loads(text.tally_text(office.info, polls.polls(office.info.id), form="json"))
    rows = iter(said["subjects"])
    for unit in office.counted.values():
        for level in unit.levels.values():
            for name in dict.fromkeys(place.subject for place in level.places):
                row = next(rows)
                assert (row["level"], row["name"]) == (level.name, name)
                _, _, valid, void = level.paper(name)
                assert (row["valid"], row["void"]) == (valid, void)
                check_places(row, level.of(name))
    assert next(rows, None) is None


def check_places(row: dict[str, Any], places: list[Any]) -> None:
    for said, place in zip(row["places"], places, strict=True):
        assert said["item"] == ("overall" if place.item == OVERALL else place.item)
        counts = (*said["grades"].values(), said["blank"], said["overvote"])
        assert counts == place.counts
        for grade, share in said["share"].items():
            printed = DASH if share is None else f"{share}%"
            assert printed == place.shares[grade], (row["name"], place)


def check_documents(office: Office, written: list[Written]) -> None:
    """Every table and every sentence with a number in it."""
    counted = {"随机": office.counted}
    read = 0
    for each in of_polls(written):
        unit: UnitCount = unit_of("随机", each.unit, counted)
        read += test_numbers.check_tables(each, unit)
        test_numbers.check_left_over(each, unit)
        if each.kind == "count":
            test_numbers.check_balance(each, unit)
            test_numbers.check_counts(each, unit)
        if each.kind == "summary":
            test_numbers.check_order(each, unit)
    assert read > 20
    test_numbers.test_the_summary_of_a_round_has_every_unit(written, counted)
    test_number_sheets.test_csv(written, counted)
    test_number_sheets.test_xlsx(written, counted)
    test_number_words.test_no_share_is_printed_that_the_ballots_do_not_give(written, counted)
