"""ceping-recount: count a sealed poll again from its sealed text alone.

    python3 ceping_recount.py 封存文本.txt

One file, the standard library only, nothing of ceping: anybody may read it and run it elsewhere.
It prints the SHA-256 of the text, which must be the digest on the signed report, and the totals of
every question. It prints no line by voter group. The form of the text is that of
docs/seal-format.md.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from typing import Any, NamedTuple

_FORMS = (1, 2)
_OVERALL = "总体评价"


class CountedPlace(NamedTuple):
    """One question about one subject."""

    level: int
    """The level, from 1."""
    subject: str
    """Name and post, as printed."""
    twin: int
    """Which of several subjects of that name and post at the level, from 1."""
    line: int
    """Which line of the sheet, from 1."""


class Recount(NamedTuple):
    """What a sealed text says."""

    digest: str
    """Its SHA-256."""
    title: str
    """Round and unit."""
    paper: dict[int, tuple[int, int, int, int]]
    """By sheet: issued, returned, valid, void."""
    sheets: dict[int, list[tuple[int, str]]]
    """By sheet: level and name of each subject, in printed order."""
    marks: dict[CountedPlace, Counter[str]]
    """How many valid ballots bear each mark: a grade from 1, 0 blank, * several."""
    grades: dict[int, list[str]]
    """By level: the grades, best first."""
    lines: dict[int, list[str]]
    """By level: what each line asks."""


def recount(data: bytes) -> Recount:
    """Count the ballots of a sealed text. Raises `ValueError` if it is none, or does not agree
    with itself."""
    rows = _rows(data)
    by_kind: dict[str, list[list[Any]]] = {}
    for row in rows:
        by_kind.setdefault(row[0], []).append(row[1:])
    sheet_rule = by_kind["rules"][0][0]
    grades = {row[0]: list(row[2]) for row in by_kind["level"]}
    lines: dict[int, list[str]] = {row[0]: [] for row in by_kind["level"]}
    for level, number, statement, *_ in by_kind.get("item", []):
        lines[level].append(f"{number}.{statement}")
    for level, asked in lines.items():
        if sheet_rule == "overall" or not asked:
            lines[level] = []
        if sheet_rule != "items" or not lines[level]:
            lines[level].append(_OVERALL)
    sheets: dict[int, list[tuple[int, str]]] = {}
    for number, level, name, post, *_ in by_kind["subject"]:
        sheets.setdefault(number, []).append((level, f"{name} {post}".strip()))
    paper, marks = _counted(rows, sheets, lines)
    unit, title = by_kind["poll"][0][0], by_kind["round"][0][0]
    digest = hashlib.sha256(data).hexdigest()
    return Recount(digest, f"{title}　{unit}", paper, sheets, marks, grades, lines)


def _rows(data: bytes) -> list[list[Any]]:
    text = data.decode("utf-8")
    rows = [json.loads(line) for line in text.split("\n")[:-1]]
    if not text.endswith("\n") or not rows or rows[0][0] != "ceping" or rows[0][1] not in _FORMS:
        raise ValueError("不是封存文本，或者是本工具不认得的版本")
    return rows


def _counted(
    rows: list[list[Any]], sheets: dict[int, list[tuple[int, str]]], lines: dict[int, list[str]]
) -> tuple[dict[int, tuple[int, int, int, int]], dict[CountedPlace, Counter[str]]]:
    places = _places(sheets, lines)
    marks: dict[CountedPlace, Counter[str]] = {
        place: Counter() for of in places.values() for place in of
    }
    paper: dict[int, list[int]] = {sheet: [0, 0, 0, 0] for sheet in sheets}
    issued: dict[tuple[int, str], int] = {}
    sheet = 0
    for kind, *row in rows:
        if kind == "stack":
            sheet, group, _, handed_out, returned = row
            issued[sheet, group] = handed_out  # to the group, once for all its stacks
            paper[sheet][1] += returned
        elif kind == "ballots":
            reason, text, n = row
            paper[sheet][3 if reason else 2] += n
            if reason:
                continue
            if len(text) != len(places[sheet]):
                raise ValueError(
                    f"第 {sheet} 种票有 {len(places[sheet])} 项，有票录了 {len(text)} 项"
                )
            for place, mark in zip(places[sheet], text, strict=True):
                marks[place][mark] += n
    for (number, _), n in issued.items():
        paper[number][0] += n
    return {number: (a, b, c, d) for number, (a, b, c, d) in paper.items()}, marks


def _places(
    sheets: dict[int, list[tuple[int, str]]], lines: dict[int, list[str]]
) -> dict[int, list[CountedPlace]]:
    """The places of each sheet in the order of the marks: subject by subject, line by line."""
    seen: Counter[tuple[int, str]] = Counter()
    found: dict[int, list[CountedPlace]] = {}
    for sheet, subjects in sheets.items():
        found[sheet] = []
        for level, who in subjects:
            seen[level, who] += 1
            found[sheet] += [
                CountedPlace(level, who, seen[level, who], line)
                for line in range(1, len(lines[level]) + 1)
            ]
    return found


def report(found: Recount) -> str:
    """The totals as lines of text."""
    written = [found.title, f"摘要 {found.digest}"]
    for sheet, subjects in found.sheets.items():
        level = subjects[0][0]
        handed_out, returned, valid, void = found.paper[sheet]
        names = "、".join(name for _, name in subjects if name)
        written += ["", f"第 {sheet} 种票：{names}"]
        written.append(f"发出 {handed_out}  收回 {returned}  有效 {valid}  无效 {void}")
        for place in _places({sheet: subjects}, found.lines)[sheet]:
            counted = found.marks[place]
            of_grades = "  ".join(
                f"{grade} {counted[str(number)]}"
                for number, grade in enumerate(found.grades[level], 1)
            )
            asked = found.lines[level][place.line - 1]
            written.append(
                f"  {place.subject}  {asked[:12]}：{of_grades}"
                f"  弃权 {counted['0']}  多选 {counted['*']}"
            )
    return "\n".join(written) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Count the text in the file that is named; the exit status."""
    names = sys.argv[1:] if arguments is None else arguments
    if len(names) != 1:
        sys.stderr.write("用法：ceping-recount 封存文本文件\n")
        return 2
    try:
        with open(names[0], "rb") as file:
            found = recount(file.read())
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        sys.stderr.write(f"没有重数：{names[0]}（{error}）。\n")
        return 1
    sys.stdout.write(report(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
