"""Break titles and long names into lines by meaning (GB/T 9704-2012, 7.3.1).

A line ends after a place, an organ or a word of official titles; never within the name of a place
or of an ethnic group, an organ's name such as 管理局 or 办公室, or a date. Among the breaks that
remain, lines are as few and as even as possible and make a trapezoid or a diamond. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

# What a line may end with: places and organs, but not where the word goes on (州 in 凉州区, 市 in
# 市场, 县 in 县局, 局 in 局长, 党组 in 党组书记).
_ENDS = re.compile(
    r"自治(?:区|州|县)|省(?!级|局|委|长)|(?<=[^自治])州(?![市区县新])"
    r"|市(?![场区县局级委长直辖州])|县(?![区级局处委长乡])|(?<![地小社辖市新])区(?![县局级域委长])"
    r"|新区(?![县局级域委长])|局(?![长部机党])|党组(?![书成会副])|党委(?![书委会副])"
    r"|关于|\d+年度|\d+年(?!\d|度)|日"
)
# Words of official titles, never broken; a line may end before and after them.
_WORDS = re.compile(
    r"党风廉政建设(?:责任制)?|责任制|民主测评|民主评议|测评|实施方案|方案|结果|情况的?|的?(?:报告|通知|请示|意见)|"
    r"(?:公开)?反馈书?|汇总表|登记表|计票|报告单|呈批件|信任票|领导小组办公室|领导小组|办公室|"
    r"工商行政管理|市场监督管理|纪律检查委员会|纪检监察机关|领导班子成员|领导班子正职|领导班子|"
    r"领导干部|廉政档案|遵守廉洁自律规定|党风廉政|责任追究|落实|履行|考核|(?<=局)党组|(?<=局)机关"
)
_DATE = re.compile(r"\d+年(?:\d+月(?:\d+日)?|度)?")
# Characters that must not start a line.
_NO_START = "，。、；：！？）》”’〉】〕·％%"
_ATOM = re.compile(r"[0-9A-Za-z.]+年?度?|（[^（）]{0,4}）|[\s\S]")
# An organ's name is broken before and after, not between these.
_ORGAN = re.compile(r"(工商行政|市场监督|林业|税务|食品药品监督|质量技术监督)?管理局|办公室")
# Where what is longer than a line may break: between two ethnic groups, in the longest word.
_GROUP = re.compile(r"(?<=族)(?!自治)|(?<=党风廉政建设)(?=责任制)")
# What a break costs, in squared characters: after a place or organ, beside a word, in such a name.
_AFTER_PLACE, _BESIDE_WORD, _AFTER_GROUP = 0.0, 4.0, 9.0
_HOLLOW = 30.0  # a middle line shorter than both its neighbours
_MOST_PIECES = 16


@lru_cache(maxsize=4096)
def by_meaning(text: str, capacity: float) -> tuple[str, ...]:
    """Return `text` in lines of at most `capacity` full-width characters, broken by meaning.

    What has no place to break and is longer than a line is broken evenly.
    """
    if _wide(text) <= capacity:
        return (text,)
    pieces = [
        part
        for piece, cost in _pieces(text)
        for part in (_groups(piece, cost) if _wide(piece) > capacity else [(piece, cost)])
    ]
    if len(pieces) > _MOST_PIECES or any(_wide(piece) > capacity for piece, _ in pieces):
        return tuple(_in_turn(pieces, capacity))
    for count in range(max(2, -int(-_wide(text) // capacity)), len(pieces) + 1):
        if found := _best(pieces, capacity, count):
            return found
    return tuple(_in_turn(pieces, capacity))


def _best(
    pieces: Sequence[tuple[str, float]], capacity: float, count: int
) -> tuple[str, ...] | None:
    """Return the best way to make `count` lines of the pieces; None if there is none."""
    best: tuple[float, tuple[str, ...]] | None = None
    words = [piece for piece, _ in pieces]
    for cuts in combinations(range(1, len(pieces)), count - 1):
        ends = (0, *cuts, len(pieces))
        lines = tuple("".join(words[a:b]) for a, b in pairwise(ends))
        widths = [_wide(line) for line in lines]
        if max(widths) > capacity or min(map(len, lines)) < 2:
            continue
        mean = sum(widths) / count
        cost = sum((width - mean) ** 2 for width in widths)
        cost += sum(pieces[cut - 1][1] for cut in cuts)
        cost += _HOLLOW * sum(
            before > middle < after
            for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False)
        )
        if best is None or cost < best[0]:
            best = cost, lines
    return best[1] if best else None


def _in_turn(pieces: Sequence[tuple[str, float]], capacity: float) -> Iterator[str]:
    """Yield lines filled piece by piece; a piece longer than a line is broken evenly."""
    line = ""
    for piece, _ in pieces:
        if line and _wide(line) + _wide(piece) > capacity:
            yield from evenly(line, capacity)
            line = ""
        line += piece
    yield from evenly(line, capacity)


def _groups(piece: str, cost: float) -> list[tuple[str, float]]:
    *before, last = filter(None, _GROUP.split(piece))
    return [*((part, _AFTER_GROUP) for part in before), (last, cost)]


def _pieces(text: str) -> Iterator[tuple[str, float]]:
    """Yield what is not broken, each with the cost of a line that ends after it."""
    costs: dict[int, float] = {}
    for match in _WORDS.finditer(text):
        costs |= {match.start(): _BESIDE_WORD, match.end(): _BESIDE_WORD}
    costs |= {match.end(): _AFTER_PLACE for match in _ENDS.finditer(text)}
    for whole in (_DATE, _ORGAN):
        for match in whole.finditer(text):
            for at in range(match.start() + 1, match.end()):
                costs.pop(at, None)
    for match in _ORGAN.finditer(text):
        if match[1]:
            costs.setdefault(match.start(), _BESIDE_WORD)
    at = 0
    for end in sorted(costs):
        if at < end < len(text) and text[end] not in _NO_START:
            yield text[at:end], costs[end]
            at = end
    yield text[at:], 0.0


def evenly(text: str, capacity: float) -> list[str]:
    """Split `text` into as few lines of `capacity` characters as possible, of similar length.

    Numbers are not split, and punctuation stays with the character before it.
    """
    atoms: list[str] = []
    for atom in _ATOM.findall(text):
        if atoms and atom[0] in _NO_START:
            atoms[-1] += atom
        else:
            atoms.append(atom)
    total = _wide(text)
    count = max(1, -int(-total // capacity))
    target = total / count
    lines: list[str] = []
    line = ""
    for atom in atoms:
        room = len(lines) < count - 1
        full = _wide(line) + _wide(atom) / 2 > target if room else False
        if line and (full or _wide(line) + _wide(atom) > capacity):
            lines.append(line)
            line = ""
        line += atom
    return [*lines, line] if line else lines


def _wide(text: str) -> float:
    """The width in full-width characters; a half-width one counts as half."""
    return sum(0.5 if char < "\u2000" and char != "·" else 1.0 for char in text)
