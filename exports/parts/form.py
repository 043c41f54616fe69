"""Forms to be filled in or signed by hand: ruled tables and the line of those who sign."""

from __future__ import annotations

from collections.abc import Sequence

from exports.page.markup import Markup, blank
from exports.page.master import Orientation
from exports.page.styles import NOTE
from exports.page.table import Row, cell, label, table

_SIZE = 21
ROW = 600  # twips, room for a signature


def divided(width: int, parts: Sequence[int]) -> list[int]:
    """Divide a width in these proportions, in twips; the last takes the remainder."""
    found = [width * part // sum(parts) for part in parts[:-1]]
    return [*found, width - sum(found)]


def ruled(
    markup: Markup,
    orientation: Orientation,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str]],
    *,
    height: int = ROW,
    signed: bool = True,
) -> str:
    """Return a table of these columns, each a title and its share of the width.

    The last two rows are kept with what follows, so that no signature stands alone; with `signed`
    false more text follows, and they are not.
    """
    made = [Row(tuple(label(title) for title, _ in columns), header=True)]
    for number, texts in enumerate(rows, 1):
        held = signed and number > len(rows) - 2
        made.append(Row(tuple(map(cell, texts)), height=height, keep_next=held))
    widths = divided(orientation.text_width, [part for _, part in columns])
    return table(markup, widths, made, _SIZE)


def facts(markup: Markup, pairs: Sequence[tuple[str, str]], *, height: int = ROW) -> str:
    """Return a table of names and values, one pair a row."""
    rows = [Row((label(name), cell(text, align="left")), height=height) for name, text in pairs]
    return table(markup, divided(Orientation.PORTRAIT.text_width, (22, 78)), rows)


def signers(markup: Markup, names: Sequence[str]) -> str:
    """Return the line on which these sign."""
    line = "　".join(f"{name}：{blank(5)}" for name in names)
    return markup.paragraph(NOTE, keep_next=True) + markup.paragraph(NOTE, line)
