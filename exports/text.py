"""Rounds and tallies as text for terminals and pipes: plain, GitHub, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from exports.parts.wording import (
    NOT_YET_BY_GROUP,
    OVERALL_NAME,
    PRESENT_NOT_BY_GROUP,
    PRESENT_UNKNOWN,
    THE_OTHERS,
    UNOFFICIAL,
    breakdown_note,
    grades_together,
    is_official,
    item_name,
    level_paper_words,
    notes,
    paper_words,
    percent,
    period_words,
    returned_words,
    together_name,
    withheld_words,
)
from models.count import shares
from models.count.by_group import GroupLine
from models.count.by_group import by_group as group_lines
from models.count.tally import LevelTally, PlaceTally, SubjectTally, tally
from models.names import visible
from models.refusal import RefusedError
from models.regulation.levels import Level
from models.rounds.balance import Balance
from models.rounds.layout import OVERALL
from models.rounds.plan import RoundInfo, RoundState
from models.rounds.polls import PollInfo

_EVERYBODY = "合计"
# Characters that start a formula in a spreadsheet, half-width and full-width.
_FORMULA = tuple("=+-@\t\r\0＝＋－＠")


@dataclass(frozen=True)
class _Counted:
    """One level of one poll."""

    poll: PollInfo
    """The poll."""
    level: LevelTally
    """The tally of all voters."""
    lines: tuple[GroupLine, ...] = ()
    """The lines by voter group; empty unless they were requested and may be shown."""
    about_groups: str = ""
    """Why groups have no line of their own; empty if all have or none was requested."""


def tally_text(
    round_info: RoundInfo,
    polls: Iterable[PollInfo],
    level: Level | None = None,
    *,
    by_group: bool = False,
    form: str = "plain",
) -> str:
    """Return the tallies of these polls, at one level or all, ending with a newline.

    `form` is `plain`, `github`, `csv` or `json`. With `by_group`, each subject of a sealed poll is
    followed by the lines by voter group that may be shown.

    Raises `RefusedError` if the round is still a draft.
    """
    if round_info.state is RoundState.DRAFT:
        raise RefusedError(f"轮次“{round_info.title}”还在筹备，没有得票情况。")
    counted = [
        each for poll in polls for each in _counted(poll, round_info, level, by_group=by_group)
    ]
    if form == "json":
        return _json(round_info, counted, by_group=by_group)
    if form == "csv":
        return _csv(round_info, counted, by_group=by_group)
    return _tables(round_info, counted, form)


def rounds_table(rounds: Iterable[RoundInfo]) -> str:
    """Return all rounds as a plain-text table."""
    rows = [
        [
            str(info.id),
            visible(info.title),
            str(info.plan.year),
            info.state.label,
            period_words(info.plan.starts, info.plan.ends),
        ]
        for info in rounds
    ]
    return _tabulated(["编号", "名称", "年度", "状态", "时间"], rows, "plain") or "还没有轮次"


def rounds_json(rounds: Iterable[RoundInfo]) -> str:
    """Return all rounds as a JSON list; dates are ISO strings or null."""
    found = [
        {
            "id": info.id,
            "title": visible(info.title),
            "year": info.plan.year,
            "state": info.state.label,
            "starts": info.plan.starts or None,
            "ends": info.plan.ends or None,
        }
        for info in rounds
    ]
    return json.dumps(found, ensure_ascii=False, indent=1)


def safe_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as RFC 4180 CSV, safe to open in a spreadsheet.

    Text that a spreadsheet would read as a formula is prefixed with `'` (CWE-1236), since quoting
    alone does not prevent that. Numbers are written unchanged.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return made.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _counted(
    poll: PollInfo, round_info: RoundInfo, level: Level | None, *, by_group: bool
) -> list[_Counted]:
    """Return a poll's levels, with the lines by voter group that may be shown."""
    lines: tuple[GroupLine, ...] = ()
    said = ""
    if by_group and is_official(poll):
        found = group_lines(poll, round_info, level)
        lines, said = found.lines, breakdown_note(round_info, found)
    elif by_group:
        said = NOT_YET_BY_GROUP
    levels = tally(poll, round_info, level).values()
    return [_Counted(poll, each, lines, said) for each in levels]


def _line_title(line: GroupLine) -> str:
    """Return the name of a line by voter group."""
    return THE_OTHERS if line.together else line.groups[0].name


def _state_words(each: _Counted, subject: SubjectTally) -> str:
    """Return that a poll is not sealed, and how many ballots are counted; empty once it is."""
    if is_official(each.poll):
        return ""
    return f"{UNOFFICIAL}：收回{subject.paper.returned}张，计入{subject.paper.entered}张。"


# ── JSON ──


def _json(round_info: RoundInfo, counted: Sequence[_Counted], *, by_group: bool) -> str:
    subjects = []
    for each in counted:
        for number, subject in enumerate(each.level.subjects):
            found: dict[str, Any] = {
                "unit": visible(each.poll.unit_name),
                "level": each.level.content.name,
                "name": visible(subject.subject.name),
                "official": is_official(each.poll),
                "counted": subject.paper.entered,
                "weighted": each.level.weighted,
                **_json_paper(subject.paper, paper_words(subject.paper)),
                **_json_numbers(round_info, each.level, subject),
            }
            if said := _note(round_info, each.level):
                found["note"] = said
            if by_group:
                found["groups"] = [
                    {
                        "group": _line_title(line),
                        "of": [visible(group.name) for group in line.groups],
                        **_json_numbers(
                            round_info,
                            line.levels[each.level.level],
                            line.levels[each.level.level].subjects[number],
                        ),
                    }
                    for line in each.lines
                ]
                found["groups_note"] = each.about_groups + _without_shares(each)
            subjects.append(found)
    levels = [
        {
            "unit": visible(each.poll.unit_name),
            "level": each.level.content.name,
            "sheets": len(each.level.papers),
            **_json_paper(each.level.paper, level_paper_words(each.level)),
        }
        for each in counted
    ]
    whole = {"round": visible(round_info.title), "levels": levels, "subjects": subjects}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _json_numbers(
    round_info: RoundInfo, level: LevelTally, subject: SubjectTally
) -> dict[str, Any]:
    grades = level.content.scale.grades
    decimals = round_info.rules.decimals
    return {
        "valid": subject.paper.valid,
        "void": subject.paper.void,
        "places": [
            {
                "item": "overall" if place.line == OVERALL else place.line,
                "grades": dict(zip(grades, place.grades, strict=True)),
                "blank": place.blank,
                "overvote": place.overvote,
                "share": {
                    grade: None if share is None else shares.percent(share, decimals)
                    for grade, share in zip(grades, place.shares, strict=True)
                },
            }
            for place in subject.places
        ],
    }


def _json_paper(paper: Balance, words: str) -> dict[str, Any]:
    """Return ballot counts, null for what nobody registered, and the same in `words`, which also
    say whether they are of several sheets, or 无票."""
    unknown = paper.unregistered and not paper.returned
    return {
        "issued": None if unknown and not paper.issued else paper.issued,
        "returned": None if unknown else paper.returned,
        "valid": paper.valid,
        "void": paper.void,
        "paper": words,
    }


def _note(round_info: RoundInfo, level: LevelTally) -> str:
    """Return why a level of all voters has no shares, or plain ones in a weighted round."""
    unknown = PRESENT_UNKNOWN if level.no_present else ""
    return (withheld_words(round_info, level) if level.withheld else "") + unknown


# ── CSV ──


def _csv(round_info: RoundInfo, counted: Sequence[_Counted], *, by_group: bool) -> str:
    """Return one table for all levels.

    Each grade of each scale has its own columns, left empty at levels that do not use it.
    """
    names = list(dict.fromkeys(name for each in counted for name in _sums(each.level)))
    header: list[object] = ["单位", "测评层级", "被测评对象", "职务"]
    header += ["测评人员类别"] if by_group else []
    header += ["测评内容", "有效票", "无效票"]
    header += [f"{name}{column}" for name in names for column in ("票数", "得票率")]
    rows = [[*header, "弃权", "多选", "说明"]]
    for each in counted:
        for number, subject in enumerate(each.level.subjects):
            who = subject.subject
            first = [each.poll.unit_name, each.level.content.name, who.name, who.post]
            first = [visible(text) for text in first]
            note = _state_words(each, subject) + each.about_groups
            note += _note(round_info, each.level)
            for name, level in _parts(each):
                group = [visible(name)] if by_group else []
                of_group = level.subjects[number]
                said = note if level is each.level else note + _group_note(level)
                said += _paper_note(of_group.paper)
                for place in of_group.places:
                    pairs = dict(zip(_sums(level), _pairs(round_info, level, place), strict=True))
                    cells = [cell for grade in names for cell in pairs.get(grade, ("", ""))]
                    title = visible(_line_name(level, place))
                    paper = [of_group.paper.valid, of_group.paper.void]
                    after = [place.blank, place.overvote, said]
                    rows.append([*first, *group, title, *paper, *cells, *after])
    return safe_csv(rows)


def _group_note(level: LevelTally) -> str:
    return PRESENT_NOT_BY_GROUP if level.no_present else ""


def _paper_note(paper: Balance) -> str:
    """Return 无票 or 未登记 as a sentence; empty if ballots came back."""
    words = returned_words(paper)
    return "" if words.isdecimal() else f"收回{words}。" if paper.unregistered else f"{words}。"


# ── tables ──


def _parts(each: _Counted) -> list[tuple[str, LevelTally]]:
    """Return the tally of everybody, then that of each line by voter group."""
    level = each.level.level
    return [
        (_EVERYBODY, each.level),
        *((_line_title(line), line.levels[level]) for line in each.lines),
    ]


def _without_shares(each: _Counted) -> str:
    """Why the lines by group have no shares though everybody's has them; empty if they have."""
    missing = any(one.no_present for _, one in _parts(each)) and not each.level.no_present
    return PRESENT_NOT_BY_GROUP if missing else ""


def _tables(round_info: RoundInfo, counted: Sequence[_Counted], form: str) -> str:
    heading, strong = ("## ", "**") if form == "github" else ("", "")
    found = [f"{'# ' if form == 'github' else ''}{visible(round_info.title)}", ""]
    for each in counted:
        mark = "" if is_official(each.poll) else f"　{strong}{UNOFFICIAL}{strong}"
        level = each.level
        unit = _plain(each.poll.unit_name, form)
        found.append(f"{heading}{unit}　{level.content.name}{mark}")
        found.append("" if form == "github" else level_paper_words(level))
        if form == "github":
            found += [level_paper_words(level), ""]
        found.append(_table(round_info, each, form))
        rows = (
            place.shares
            for _, one in _parts(each)
            for subject in one.subjects
            for place in subject.places
        )
        said = [*notes(round_info, rows, level), each.about_groups, _without_shares(each)]
        found += ["", f"注：{''.join(said)}", ""]
    return "\n".join(found)


def _table(round_info: RoundInfo, each: _Counted, form: str) -> str:
    level = each.level
    header = ["被测评对象", *(["类别"] if each.lines else []), "测评内容", "有效"]
    header += [title for name in _sums(level) for title in (name, "得票率")]
    header += ["弃权", "多选"]
    rows: list[list[str]] = []
    for number, subject in enumerate(level.subjects):
        name = _plain(subject.subject.name, form)
        for group, counted in _parts(each):
            own = [_plain(group, form)] if each.lines else []
            of_group = counted.subjects[number]
            for place in of_group.places:
                pairs = _pairs(round_info, counted, place)
                rows.append(
                    [
                        name,
                        *own,
                        _plain(_line_name(counted, place), form),
                        str(of_group.valid),
                        *(str(part) for pair in pairs for part in pair),
                        str(place.blank),
                        str(place.overvote),
                    ]
                )
    texts = 3 if each.lines else 2
    return _tabulated(header, rows, form, texts)


def _tabulated(
    header: Sequence[str], rows: Sequence[Sequence[str]], form: str, texts: int = 99
) -> str:
    """Return a table whose first `texts` columns are text and the rest numbers.

    Empty if there are no rows.
    """
    if not rows:
        return ""
    from tabulate import tabulate

    align = ["left" if n < texts else "right" for n in range(len(header))]
    return tabulate(rows, header, tablefmt=form, colalign=align, disable_numparse=True)


def _plain(text: str, form: str) -> str:
    """Return text without anything that moves a terminal's cursor or ends a table cell."""
    clean = visible(text)
    return clean.replace("\\", "\\\\").replace("|", "\\|") if form == "github" else clean


def _sums(level: LevelTally) -> list[str]:
    """Return the column names: the grades, then the sum of the upper grades."""
    together = together_name(level.content.scale)
    return [*level.content.scale.grades, *([together] if together else [])]


def _pairs(round_info: RoundInfo, level: LevelTally, place: PlaceTally) -> list[tuple[int, str]]:
    """Return votes and share for each name in `_sums`."""
    decimals = round_info.rules.decimals
    found = [
        (count, percent(share, decimals))
        for count, share in zip(place.grades, place.shares, strict=True)
    ]
    if first := grades_together(level.content.scale):
        found.append((sum(place.grades[:first]), percent(place.share_of_first(first), decimals)))
    return found


def _line_name(level: LevelTally, place: PlaceTally) -> str:
    if place.line == OVERALL:
        return OVERALL_NAME
    return next(item_name(item) for item in level.content.items if item.number == place.line)
