"""One source of keys: what is bound is named, and what is named is told everywhere alike."""

from __future__ import annotations

import inspect

from rich.cells import cell_len

from tests.manual import MANUAL, keys_of, screens, within, written
from tui.widgets.keys import ALWAYS, NEVER, OFTEN, SELDOM, Key, merged, on_one_line


def test_the_manual_has_the_tables_of_the_code() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    assert manual == written(manual), "python -m tests.manual writes them"


def test_every_action_exists_and_every_condition_is_known() -> None:
    wrong = []
    for kind in screens():
        owners = (kind, *kind.__mro__[1:3], *within(kind))
        names = "".join(inspect.getsource(owner) for owner in owners)
        for key in kind.own_keys():
            act = key.act.partition("(")[0]
            if act and "." not in act and not hasattr(kind, f"action_{act}"):
                wrong.append(f"{kind.__name__}: {key.name} does {act}")
            if key.when and names.count(f'"{key.when}"') < 2:
                wrong.append(f"{kind.__name__}: {key.name} when {key.when}")
    assert wrong == []


def test_every_key_says_what_it_does() -> None:
    silent = [
        f"{kind.__name__}: {key.name}"
        for kind in screens()
        for key in keys_of(kind)
        if not key.does or (key.weight > NEVER and not key.word)
    ]
    assert silent == []


KEYS = [
    Key("enter", "录票", "", weight=ALWAYS),
    Key("f4", "得票", "", weight=OFTEN),
    Key("f7", "增批", "", weight=SELDOM),
    Key("f8", "删批", "", weight=SELDOM),
    Key("f1", "帮助", "", weight=ALWAYS),
    Key("up", "", "", weight=NEVER),
]


def test_a_narrow_line_leaves_out_the_lightest_first() -> None:
    def names(width: int) -> list[str]:
        left, gap, cut = on_one_line(KEYS, width)
        drawn = sum(cell_len(key.name + key.word) + 2 for key in left)
        assert drawn + gap * (len(left) - 1) + 2 * cut <= width
        assert cut == (len(left) < 5)
        return [key.name for key in left]

    assert names(80) == ["Enter", "F4", "F7", "F8", "F1"]
    assert names(39) == ["Enter", "F4", "F7", "F1"]
    assert names(32) == ["Enter", "F4", "F1"]
    assert names(24) == ["Enter", "F1"]


def test_a_screen_speaks_for_its_widgets() -> None:
    own, within = Key("enter", "录票", ""), Key("enter,ctrl+j", "选定", "")
    assert merged([own], [within]) == [own]
    both = [Key("enter", "选", "", when="one"), Key("enter", "改", "", when="other")]
    # What the key means as a rule is still told, where the screen's meanings are for some times.
    assert merged(both, [within]) == [*both, within]
