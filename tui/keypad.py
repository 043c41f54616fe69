"""What the keys of the numeric pad mean while ballots are keyed, and what input methods make of
them."""

from __future__ import annotations

import unicodedata

from models.entry.keying import Act

# What an input method makes of the keypad's signs.
_FROM_IME = {"、": "/", "÷": "/", "×": "*", "－": "-", "—": "-", "–": "-"}
_ACTS = {
    "enter": Act.FINISH,
    # What the keypad's Enter sends on some terminals.
    "ctrl+j": Act.FINISH,
    "backspace": Act.BACK,
    "-": Act.BACK,
    "+": Act.FILL,
    "/": Act.VOID,
    "left": Act.LEFT,
    "right": Act.RIGHT,
    "up": Act.UP,
    "down": Act.DOWN,
    "pageup": Act.LOOK_BACK,
    "pagedown": Act.LOOK_ON,
    "delete": Act.REMOVE,
    "f2": Act.CHECK,
    "escape": Act.LEAVE,
}


def plain_key(character: str) -> str:
    """A typed character as the key that was meant: full-width forms become half-width."""
    return _FROM_IME.get(character) or unicodedata.normalize("NFKC", character)


def act_of(key: str) -> Act | str:
    """The act that a key stands for; any other character is a mark or a number, itself."""
    return _ACTS.get(key, key)
