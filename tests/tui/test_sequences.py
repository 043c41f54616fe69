"""What a terminal sends besides text keys nothing, in one piece or many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import _parser, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

from tui import sequences
from tui.sequences import Arrows, BrokenOff, SequenceParser, unfinished

FINALS = [chr(n) for n in range(0x40, 0x7F)]
PARAMETERS = [chr(n) for n in range(0x30, 0x40)]


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    yield from _clocked(monkeypatch)


def _clocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(sequences.time, "monotonic", clock)
    monkeypatch.setattr(_parser, "get_time", clock)
    yield clock


def heard(clock: Clock, *pieces: str | float) -> list[object]:
    """What the program hears of pieces of input; numbers are pauses in seconds. The terminal is
    looked at every tenth of a second, as the driver does."""
    parser, found = SequenceParser(), []
    for piece in pieces:
        if isinstance(piece, str):
            found += parser.feed(piece)
            continue
        for _ in range(round(piece * 10)):
            clock.now += 0.1
            found += parser.tick()
    return found


def typed(found: list[object]) -> list[str]:
    """The characters among what was heard, and the names of keys that type none."""
    return [
        each.character if each.character and each.is_printable else each.key
        for each in found
        if isinstance(each, events.Key)
    ]


def marks(found: list[object]) -> list[str]:
    """What a ballot would take for a mark."""
    return [each for each in typed(found) if each in "0123456789*"]


@st.composite
def sequence(draw: st.DrawFn) -> str:
    """Any sequence of the grammar that is no key of the number pad."""
    kind = draw(st.sampled_from(["control", "function", "string", "mouse"]))
    if kind == "control":
        body = "".join(draw(st.lists(st.sampled_from(PARAMETERS), max_size=12)))
        between = draw(st.sampled_from(["", "", "$", "'", " "]))
        final = draw(st.sampled_from(FINALS))
        text = f"\x1b[{body}{between}{final}"
        if body + between + final == "[":
            text += draw(st.sampled_from("ABCDE"))
        if body + between + final == "M":
            text += draw(st.text("0123456789", min_size=3, max_size=3))
        # A sequence that Textual knows to its last byte but one ends there.
        shorter = [text[:n] for n in range(3, len(text)) if text[:n] in ANSI_SEQUENCES_KEYS]
        return text if not shorter else shorter[0]
    if kind == "function":
        number = draw(st.sampled_from(["", "1;5", "2"]))
        return f"\x1bO{number}{draw(st.sampled_from('ABCDHPQRSZab'))}"
    if kind == "mouse":
        return "\x1b[M" + draw(st.text("0123456789 !", min_size=3, max_size=3))
    opener = draw(st.sampled_from("]PX^_"))
    body = draw(st.text("0123456789;:/rgb$*", max_size=200))
    return f"\x1b{opener}{body}{draw(st.sampled_from([chr(7), chr(27) + chr(92)]))}"


@given(
    text=sequence(),
    cuts=st.lists(st.integers(1, 220), max_size=4),
    pauses=st.lists(st.sampled_from([0.0, 0.1, 0.2]), min_size=5, max_size=5),
)
def test_no_sequence_keys_a_mark_wherever_it_is_cut(
    text: str, cuts: list[int], pauses: list[float]
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for clock in _clocked(monkeypatch):
            places = [0, *sorted({cut for cut in cuts if cut < len(text)}), len(text)]
            pieces: list[str | float] = []
            for start, end, pause in zip(places, places[1:], pauses, strict=False):
                pieces += [text[start:end], pause]
            found = heard(clock, *pieces)
            pasted = any(isinstance(each, events.Paste) for each in found)
            assert pasted or not marks(found), text
            # What comes after is heard at once, unless a paste was begun.
            if "200~" not in text:
                assert typed(heard(clock, *pieces, 1.2, "4"))[-1:] == ["4"]


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[1;3P",
        "\x1b[27u",
        "\x1b[57400u",
        "\x1b[?62;22c",
        "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
        "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b[<64;10;5M",
        "\x1b[2$",
        "\x9b3;5~",
        "\x1b[12;40R",
    ],
)
def test_nothing_is_typed_by(text: str, clock: Clock) -> None:
    assert not marks(heard(clock, text))
    for cut in range(1, len(text)):
        for pause in (0.0, 0.2, 0.8):
            assert not marks(heard(clock, text[:cut], pause, text[cut:])), (cut, pause)
            assert typed(heard(clock, text[:cut], pause, text[cut:], "4"))[-1] == "4"


def known_keys() -> list[str]:
    return [
        text
        for text, keys in ANSI_SEQUENCES_KEYS.items()
        if isinstance(keys, tuple)
        and len(keys) == 1
        and keys[0] is not Keys.Ignore
        and len(text) > 2
    ]


@pytest.mark.parametrize("text", known_keys())
def test_every_real_key_works_at_once(text: str, clock: Clock) -> None:
    (key,) = ANSI_SEQUENCES_KEYS[text]
    assert typed(heard(clock, text)) == [key.value]  # type: ignore[union-attr]
    assert typed(heard(clock, text[:2], text[2:], "1")) == [key.value, "1"]  # type: ignore[union-attr]


def test_escape_alone_acts_after_a_tenth_of_a_second(clock: Clock) -> None:
    assert typed(heard(clock, "\x1b")) == []
    assert typed(heard(clock, "\x1b", 0.2)) == ["escape"]
    assert typed(heard(clock, "\x1b", 0.2, "[3~", "4")) == ["escape", "4"]
    assert typed(heard(clock, "\x1b", 3.0, "[3~", "4")) == ["escape", "4"]
    assert typed(heard(clock, "\x1b\x1bOR")) == ["escape", "f3"]


@pytest.mark.parametrize("begun", ["\x1b]11;", "\x1b[12", "\x1bP", "\x1bO"])
def test_what_does_not_end_is_broken_off(begun: str, clock: Clock) -> None:
    def broken(found: list[object]) -> int:
        return sum(isinstance(each, BrokenOff) for each in found)

    waited = heard(clock, begun, 1.2, "4")
    assert (broken(waited), typed(waited)) == (1, ["4"])
    entered = heard(clock, f"{begun}\r")
    assert (broken(entered), typed(entered)) == (1, ["enter"])
    arrow = heard(clock, f"{begun}\x1b[A")
    assert (broken(arrow), typed(arrow)) == (1, ["up"])
    long = heard(clock, "\x1b]" + "x" * 5000)
    assert broken(long) == 1


def test_arrows_at_once_are_told_apart(clock: Clock) -> None:
    found = heard(clock, "\x1b[A" * 3 + "\x1b[B\x1b[B")
    assert [isinstance(each, Arrows) for each in found] == [True] * 3 + [False] * 2
    assert typed(found) == ["up"] * 3 + ["down"] * 2


def test_a_return_and_a_line_feed_are_one(clock: Clock) -> None:
    assert typed(heard(clock, "\r\n")) == ["enter"]
    assert typed(heard(clock, "\r", 0.1, "\n")) == ["enter", "ctrl+j"]


def test_a_paste_is_one_thing(clock: Clock) -> None:
    (paste, key) = heard(clock, "\x1b[200~12\r\x1b[A3\x1b[201~", "4")
    assert isinstance(paste, events.Paste)
    assert paste.text == "12\r\x1b[A3"
    assert isinstance(key, events.Key)
    half = heard(clock, "\x1b[200~12", 6.0, "4")
    assert isinstance(half[0], BrokenOff)
    assert typed(half) == ["4"]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("12", ("12", "")),
        ("12\x1b[1;", ("12", "\x1b[1;")),
        ("\x1b[A", ("\x1b[A", "")),
        ("1\x1b", ("1", "\x1b")),
        ("1\x1b]11;r", ("1", "\x1b]11;r")),
    ],
)
def test_half_a_sequence_is_told_from_what_was_typed(text: str, parted: tuple[str, str]) -> None:
    assert unfinished(text) == parted
