"""What a terminal sends besides text keys nothing, in one piece or many."""

from __future__ import annotations

import itertools
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
        if piece < 0.1:
            clock.now += piece
            found += parser.tick()
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
    pauses=st.lists(st.sampled_from([0.0, 0.04, 0.1, 0.2]), min_size=5, max_size=5),
    long_after=st.integers(0, 8),
)
def test_no_sequence_keys_a_mark_wherever_it_is_cut(
    text: str, cuts: list[int], pauses: list[float], long_after: int
) -> None:
    """Once a piece of it was waited for longer than a second, what follows comes in one go, if in
    several packets: after that a pause of a tenth of a second is the end of it."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for clock in _clocked(monkeypatch):
            places = [0, *sorted({cut for cut in cuts if cut < len(text)}), len(text)]
            pieces: list[str | float] = []
            for at, (start, end) in enumerate(itertools.pairwise(places)):
                pause = pauses[at] if at < long_after else min(pauses[at], 0.04)
                pieces += [text[start:end], 1.3 if at == long_after else pause]
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

    # A moment later, for it may be the rest.
    waited = heard(clock, begun, 1.2, "4", 0.2)
    assert (broken(waited), typed(waited)) == (1, ["4"])
    entered = heard(clock, f"{begun}\r")
    assert (broken(entered), typed(entered)) == (1, ["enter"])
    arrow = heard(clock, f"{begun}\x1b[A")
    assert (broken(arrow), typed(arrow)) == (1, ["up"])
    long = heard(clock, "\x1b]" + "x" * 5000)
    assert broken(long) == 1


@pytest.mark.parametrize("begun", ["\x1b]11;", "\x1b[12;", "\x1bP", "\x1bO"])
def test_keys_after_what_was_broken_off_are_typed(begun: str, clock: Clock) -> None:
    for keys in ("4", "111\r", "12*+", "1", "2\x1b[A3"):
        found = typed(heard(clock, begun, 1.2, keys, 0.2, "4"))
        wanted = typed(heard(clock, keys, "4"))
        assert found == wanted
    assert marks(heard(clock, begun, 1.2, "1", 0.2, "2", "3")) == ["1", "2", "3"]


def test_what_is_too_long_is_no_key_up_to_its_end(clock: Clock) -> None:
    for opener, end in (("]52;c;", "\x07"), ("P", "\x1b\\"), ("[", "c")):
        text = f"\x1b{opener}{'1' * 9000}"
        assert marks(heard(clock, text, 0.3, "1" * 100, end, "4")) == ["4"]
        # A slow line takes longer than a second for it.
        slow: list[str | float] = []
        for start in range(0, len(text), 500):
            slow += [text[start : start + 300], 0.04, 0.04]
        assert marks(heard(clock, *slow, end, "4")) == ["4"]


def test_arrows_at_once_are_told_apart(clock: Clock) -> None:
    found = heard(clock, "\x1b[A" * 3 + "\x1b[B\x1b[B")
    assert [isinstance(each, Arrows) for each in found] == [True] * 3 + [False] * 2
    assert typed(found) == ["up"] * 3 + ["down"] * 2


@given(
    arrow=st.sampled_from(["\x1b[A", "\x1bOB", "\x1b[C"]),
    pieces=st.lists(st.integers(1, 4), min_size=1, max_size=5).filter(lambda each: sum(each) > 2),
    cut=st.integers(0, 2),
)
def test_a_notch_in_pieces_is_one(arrow: str, pieces: list[int], cut: int) -> None:
    """`cut` is where the line cuts: so many characters into an arrow."""
    text, at = arrow * sum(pieces), 0
    parts = []
    for each in pieces:
        end = min(at + 3 * each, len(text))
        parts.append(text[at : end if end == len(text) else end + cut])
        at += len(parts[-1])
    read = iter([*parts, "", "4"])
    with pytest.MonkeyPatch.context() as monkeypatch:
        for clock in _clocked(monkeypatch):
            whole = sequences.with_notch(next(read), lambda _: next(read))
            assert whole == text
            assert all(isinstance(each, Arrows) for each in heard(clock, whole))


def test_nothing_waits_for_what_is_no_arrow() -> None:
    def more(_: float) -> str:
        raise AssertionError

    for text in ("1", "\r", "\x1b", "\x1bOP", "\x1b[A1", "\x1b[5~"):
        assert sequences.with_notch(text, more) == text


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
