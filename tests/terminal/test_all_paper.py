"""All 840 sample ballots typed into the program at full speed, stack by stack."""

import json
import subprocess
from pathlib import Path

import pytest

from models.database.store import open_store
from models.recount import examination
from models.rounds import life
from tests.offices import SampleStack, sample_stacks
from tests.terminal.driver import CEPING, enter

EXPECTED = Path(__file__).parents[1] / "data" / "expected-tally.json"


def stacks_in(office: Path) -> list[SampleStack]:
    store = open_store(office, write=False)
    try:
        return sample_stacks(life.rounds()[0].id)
    finally:
        store.close()


def tallied(office: Path) -> dict[str, dict[str, object]]:
    """What `ceping tally --format json` says, in the form of the independent counts."""
    done = subprocess.run(
        [CEPING, "--database", str(office), "tally", "1", "--format", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, dict[str, object]] = {}
    for subject in json.loads(done.stdout)["subjects"]:
        level = found.setdefault(subject["unit"], {}).setdefault(
            subject["level"],
            {"valid": subject["valid"], "void": subject["void"], "subjects": []},
        )
        assert (level["valid"], level["void"]) == (subject["valid"], subject["void"])
        kept = ("item", "grades", "blank", "overvote")
        places = [{key: place[key] for key in kept} for place in subject["places"]]
        level["subjects"].append({"name": subject["name"], "places": places})
    return found


@pytest.mark.timeout(300)
def test_all_the_paper_typed_at_full_speed_is_counted_right(office: Path) -> None:
    paper = stacks_in(office)
    assert len(paper) == 60
    assert sum(len(stack.lines) for stack in paper) == 840
    for stack in paper:
        with enter(office, stack.unit, stack.level, stack.group) as terminal:
            terminal.wait_for("Enter 存票")
            terminal.write("".join(f"{line}\r" for line in stack.lines))
            terminal.wait_for(f"第 {len(stack.lines)} 票已存")
            terminal.write("\x1b")
            assert terminal.wait_end() == 0
    assert tallied(office) == json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert examination.differences(office) == []
