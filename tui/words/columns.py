"""Text in columns of a terminal: a Chinese character takes two."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from models.names import hidden

_CLOSING = "，。；：、！？）》”’"


def visible_line(text: str) -> str:
    """`text` on one line, without control characters; its spaces are kept."""
    if text.isprintable():
        return text
    return "".join(
        " " if char.isspace() else char for char in text if char.isspace() or not hidden(char)
    )


def fit(text: str, width: int, align: str = "left") -> str:
    """`text` cut or padded to exactly `width` columns; `align` is `left`, `right` or
    `center`."""
    text = visible_line(text)
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width)
    if align == "right":
        return " " * (width - size) + text
    if align == "center":
        left = (width - size) // 2
        return " " * left + text + " " * (width - size - left)
    return text + " " * (width - size)


def shortened(text: str, width: int) -> str:
    """`text` in at most `width` columns; what is cut ends in `..`, which is as wide on every
    terminal (an ellipsis is not)."""
    text = visible_line(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 2, 0)).rstrip() + ".." if width > 3 else fit(text, width)


def wrap(text: str, width: int) -> list[str]:
    """`text` broken into lines of at most `width` columns, at any character as Chinese is, but
    never before a mark that closes, nor within a number, a date or a Latin word that fits; at
    two blanks, if they stand in the second half of the line."""
    return [piece for line in text.split("\n") for piece in _broken(line, max(width, 2))]


def _joined(pair: str) -> bool:
    """Whether two characters belong to one number, date or Latin word."""
    return len(pair) == 2 and pair.isascii() and " " not in pair


def _broken(line: str, width: int) -> list[str]:
    pieces = []
    while cell_len(line) > width:
        piece = chop_cells(line, width)[0]
        end = len(piece)
        while end > 1 and line[end] in _CLOSING:
            end -= 1
        # Two blanks part what belongs together.
        gap = line.rfind("  ", end // 2, end)
        start = end = gap + 2 if gap > 0 else end
        while start > 0 and _joined(line[start - 1 : start + 1]):
            start -= 1
        # A run of half a line is broken where the line ends.
        end = start if start > end // 2 else end
        pieces.append(line[:end])
        line = line[end:]
    return [*pieces, line]
