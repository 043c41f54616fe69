"""复核 as it is written in ceping.toml, in a round's description and in the sealed text."""

from __future__ import annotations

import pytest

from models.regulation.rules import VerificationRule


@pytest.mark.parametrize(
    ("text", "every", "sampled", "step"),
    [("none", 0, False, 1), ("full", 1, False, 1), ("1/2", 2, True, 2), ("1/99", 99, True, 99)],
)
def test_a_rule_is_read_and_written_alike(
    text: str, every: int, *, sampled: bool, step: int
) -> None:
    rule = VerificationRule.parse(text)
    assert rule == VerificationRule(every=every)
    assert str(rule) == text
    assert (rule.sampled, rule.step) == (sampled, step)


@pytest.mark.parametrize("text", ["", "1/1", "1/0", "1/05", "1/100", "2/3", "Full", "none ", "5"])
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(ValueError, match="no verification rule"):
        VerificationRule.parse(text)
