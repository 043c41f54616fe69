"""票数平衡: the identities of paper and ballots."""

from hypothesis import given
from hypothesis import strategies as st

from models.accounting import Balance, returned_refusal

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
