"""票数平衡: the identities of paper and ballots."""

from hypothesis import given
from hypothesis import strategies as st

from models.regulation.rules import VerificationRule
from models.rounds.balance import (
    Balance,
    BalanceRow,
    BalanceTable,
    registered,
    returned_refusal,
    to_verify,
    unequal_places,
)

NUMBERS = st.integers(0, 1000)
BALANCES = st.builds(Balance, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@given(BALANCES)
def test_identities(balance: Balance) -> None:
    assert balance.issued == balance.returned + balance.unreturned
    assert balance.returned == balance.valid + balance.void + balance.missing
    assert balance.entered == balance.valid + balance.void


@given(st.lists(BALANCES))
def test_sums_keep_the_identities(balances: list[Balance]) -> None:
    total = sum(balances, Balance())
    for name in ("issued", "returned", "valid", "void", "unreturned", "entered", "missing"):
        assert getattr(total, name) == sum(getattr(balance, name) for balance in balances)


def test_complete_needs_paper_and_all_of_it_keyed() -> None:
    assert Balance(10, 8, 7, 1).complete
    assert not Balance(10, 8, 7, 0).complete
    assert not Balance(10, 8, 8, 1).complete
    assert not Balance(10, 0, 0, 0).complete


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_count_is_refused_exactly_where_it_cannot_be(issued: int, back: int, keyed: int) -> None:
    refused = returned_refusal(issued, back, keyed)
    assert bool(refused) == (back > issued or back < keyed)
    if back > issued:
        assert "按规定测评无效" in refused
        assert f"{back} 张多于发出 {issued} 张" in refused


def test_what_one_stack_lacks_another_does_not_make_up() -> None:
    row = BalanceRow("班子成员", "中层干部", (Balance(0, 5, 7, 0), Balance(12, 5, 3, 0)))
    assert row.balance.missing == 0
    assert not row.balanced
    assert row.difference == "第 1 批多 2 张，第 2 批差 2 张"
    assert not BalanceTable((row,)).balanced


@given(BALANCES)
def test_a_difference_is_told_from_the_returned_paper(balance: Balance) -> None:
    row = BalanceRow("领导班子", "中层干部", (balance,))
    equal = "平" if balance.returned else "无票"
    wanted = equal if balance.returned == balance.entered else f"差 {balance.missing} 张"
    if balance.entered > balance.returned:
        wanted = f"多 {balance.entered - balance.returned} 张"
    assert row.difference == wanted
    assert BalanceTable((row,)).balanced == (wanted == equal)


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.lists(BALANCES, min_size=1))))
def test_a_table_adds_up_by_sheet_and_in_all(rows: list[tuple[str, list[Balance]]]) -> None:
    table = BalanceTable(tuple(BalanceRow(name, "类", tuple(of)) for name, of in rows))
    assert table.total == sum(table.sheets.values(), Balance())
    assert table.total.issued == sum(each.issued for _, of in rows for each in of)


def test_a_stack_that_is_not_registered_is_not_one_without_paper() -> None:
    none, unknown, some = Balance(), Balance(9, unregistered=1), Balance(9, 4, 4, 0)
    assert (none.difference, unknown.difference, some.difference) == ("无票", "未登记", "平")
    assert (none.none, unknown.none, (none + unknown).none, some.none) == (
        True,
        False,
        False,
        False,
    )
    row = BalanceRow("甲", "类", (some, unknown))
    assert not row.balanced
    assert row.difference == "第 2 批未登记"
    assert BalanceTable((row, row)).difference == "2批未登记"
    assert BalanceTable((row, BalanceRow("乙", "类", (Balance(9, 4, 3, 0),)))).difference == "不平"
    assert BalanceTable((BalanceRow("乙", "类", (none,)),)).difference == "无票"


def test_of_nothing_issued_nothing_comes_back() -> None:
    assert registered(0, None) == (0, 0)
    for pair in ((None, None), (5, None), (5, 0), (0, 0), (None, 0)):
        assert registered(*pair) == pair


def test_void_ballots_by_reason() -> None:
    rows = (
        BalanceRow("甲", "类", (Balance(),), ((3, 1), (1, 2))),
        BalanceRow("乙", "类", (Balance(),), ((1, 4),)),
    )
    assert list(BalanceTable(rows).void.items()) == [(1, 6), (3, 1)]


def test_places_that_are_not_the_valid_ballots() -> None:
    assert unequal_places([5, 5, 5], 5) == []
    assert unequal_places([5, 4, 5, 6], 5) == [1, 3]


@given(st.sampled_from(["full", "none", *(f"1/{n}" for n in range(2, 100))]), NUMBERS)
def test_how_many_ballots_a_rule_asks_to_key_again(rule: str, returned: int) -> None:
    step = {"full": 1, "none": returned + 1}.get(rule) or int(rule[2:])
    asked = 0 if rule == "none" else len(range(1, returned + 1, step))
    assert to_verify(VerificationRule.parse(rule), returned) == asked


def test_the_words_of_a_refused_count() -> None:
    assert returned_refusal(10, 11, 0) == (
        "收回 11 张多于发出 10 张，按规定测评无效、应重新测评。请核对发出数、收回数。"
    )
    assert returned_refusal(10, 8, 9) == "收回 8 张少于已录入的 9 张。请先撤销多录的票。"
    assert returned_refusal(10, 10, 10) == ""
    assert returned_refusal(None, 0, 0) == "填了收回 0 张，没有填发出。没有发的填 0。"
    assert returned_refusal(10, None, 3) == "收回空着没有填，已录入 3 张。请填收回数。"
    assert returned_refusal(10, None, 0) == returned_refusal(None, None, 0) == ""
