"""The life cycle of a round (轮次): draft, open, closed.

While a round is a draft, its title, period, rules, voter groups and integrity items can change,
and its levels come from ceping.toml. Opening it copies levels, scales and items into the round and
freezes everything (regulation clause 三、2: content, time limit, scope, procedure).
"""

from __future__ import annotations

from typing import Any

from models.database import journal
from models.database.journal import JournalAct
from models.database.store import writing
from models.database.tables import (
    Poll,
    Round,
    RoundItem,
    RoundTrust,
    Subject,
    VoterGroup,
)
from models.names import visible
from models.refusal import RefusedError, Way
from models.regulation.levels import Level
from models.regulation.rules import (
    Comparator,
    Denominator,
    MemberSheet,
    Quorum,
    RoundRules,
    SheetLines,
    TrustRule,
    VerificationRule,
)
from models.rounds.contents import draft_contents, freeze, freeze_reasons
from models.rounds.plan import Gathering, Group, RoundInfo, RoundPlan, RoundState, check
from models.settings.office import Settings


def create(plan: RoundPlan) -> int:
    """Create a draft round and return its id.

    Raises `RefusedError` if the plan has faults or its title is taken.
    """
    plan = _checked(plan)
    with writing():
        if Round.select().where(Round.title == plan.title).exists():
            raise RefusedError(f"已有名为“{plan.title}”的轮次，请换个名称。")
        row = Round.create(**_columns(plan))
        _write_parts(row.id, plan)
        journal.record(JournalAct.MAKE_ROUND, plan.title)
    return int(row.id)


def change(round_id: int, plan: RoundPlan) -> None:
    """Replace the plan of a draft round.

    Raises `RefusedError` if the round is not a draft, the plan has faults or its title is taken.
    """
    from models.rounds.sheets import arrange_round

    plan = _checked(plan)
    with writing():
        _require_draft(round_id)
        clash = (Round.title == plan.title) & (Round.id != round_id)
        if Round.select().where(clash).exists():
            raise RefusedError(f"已有名为“{plan.title}”的轮次，请换个名称。")
        Round.update(**_columns(plan)).where(Round.id == round_id).execute()
        _write_parts(round_id, plan)
        arrange_round(round_id, plan.rules.member_sheet)
        journal.record(JournalAct.CHANGE_ROUND, plan.title)


def delete_draft(round_id: int) -> None:
    """Delete a draft round. Raises `RefusedError` if it is not a draft."""
    with writing():
        _require_draft(round_id)
        title = Round.get_by_id(round_id).title
        Round.delete().where(Round.id == round_id).execute()
        journal.record(JournalAct.DELETE_ROUND, title)


def open_round(round_id: int, settings: Settings) -> None:
    """Freeze a draft round so that keying can start.

    Raises `RefusedError` with a list of everything that is missing.
    """
    with writing():
        _require_draft(round_id)
        missing = _missing_to_open(round_id)
        if missing:
            raise RefusedError("还不能启动：\n" + "\n".join(missing))
        info = find_by_id(round_id)
        for content in draft_contents(info, settings).values():
            freeze(round_id, content)
        freeze_reasons(round_id, settings)
        Round.update(state=RoundState.OPEN).where(Round.id == round_id).execute()
        polls = Poll.select().where(Poll.round == round_id).count()
        journal.record(JournalAct.OPEN_ROUND, info.title, f"{polls} 个单位")


def complete_frozen(settings: Settings) -> list[str]:
    """Give rounds that were opened by an earlier program the void reasons they never froze, from
    the settings of today; the titles of those rounds."""
    lacking = Round.select().where((Round.state != RoundState.DRAFT) & (Round.void_reasons == ""))
    found = [_info(row) for row in lacking]
    if found:
        with writing():
            for info in found:
                freeze_reasons(info.id, settings)
                detail = "、".join(settings.void_reasons)
                journal.record(JournalAct.FREEZE_REASONS, info.title, detail)
    return [info.title for info in found]


def close_round(round_id: int) -> None:
    """Close a round (办结), so that it can no longer change.

    Raises `RefusedError` if it is not open.
    """
    with writing():
        info = find_by_id(round_id)
        if info.state is not RoundState.OPEN:
            raise RefusedError(f"轮次“{info.title}”不在进行中。")
        Round.update(state=RoundState.CLOSED).where(Round.id == round_id).execute()
        journal.record(JournalAct.CLOSE_ROUND, info.title)


def rounds() -> list[RoundInfo]:
    """All rounds, newest first."""
    query = Round.select().order_by(Round.year.desc(), Round.id.desc())
    return [_info(row) for row in query]


def any_round() -> bool:
    """Whether there is a round at all."""
    return bool(Round.select().exists())


def find_by_id(round_id: int) -> RoundInfo:
    """The round with this id. Raises `RefusedError` if there is none."""
    row = Round.get_or_none(Round.id == round_id)
    if row is None:
        raise RefusedError(f"没有第 {round_id} 号轮次。", Way.LIST_ROUNDS)
    return _info(row)


def find(text: str) -> RoundInfo:
    """The round with this id or title, or the only one of this year. Raises `RefusedError` with the
    list of rounds."""
    if text.isdecimal() and (row := Round.get_or_none(Round.id == int(text[:18]))):
        return _info(row)
    row = Round.get_or_none(Round.title == visible(text))
    if row is not None:
        return _info(row)
    if text.isdecimal():
        of_year = [info for info in rounds() if str(info.plan.year) == text]
        if len(of_year) > 1:
            named = "、".join(f"{info.id} {info.title}" for info in of_year)
            raise RefusedError(f"{text} 年有几个轮次，请写编号：{named}。")
        return of_year[0] if of_year else find_by_id(int(text[:18]))
    titles = "、".join(f"{info.id} {info.title}" for info in rounds()) or "还没有轮次"
    raise RefusedError(f"没有名为“{visible(text)}”的轮次。现有：{titles}。")


def _checked(plan: RoundPlan) -> RoundPlan:
    faults = check(plan)
    if faults:
        raise RefusedError("\n".join(faults))
    return plan


def _require_draft(round_id: int) -> None:
    info = find_by_id(round_id)
    if info.state is not RoundState.DRAFT:
        raise RefusedError(f"轮次“{info.title}”已启动，内容、范围和规则不能再改。")


def _missing_to_open(round_id: int) -> list[str]:
    polls = list(Poll.select().where(Poll.round == round_id))
    if not polls:
        return ["没有参加测评的单位：请先加入单位。"]
    having = {row.poll_id for row in Subject.select(Subject.poll).distinct()}
    return [
        f"{poll.unit_name} 没有被测评对象：请在单位人员中登记班子成员，或移出本轮次。"
        for poll in polls
        if poll.id not in having
    ]


def _columns(plan: RoundPlan) -> dict[str, Any]:
    rules = plan.rules
    return {
        "title": plan.title,
        "year": plan.year,
        "kind": plan.kind,
        "conducted": plan.conducted,
        "gathering": plan.gathering.value,
        "combined_with": plan.combined_with,
        "starts": plan.starts,
        "ends": plan.ends,
        "sheet": rules.sheet.value,
        "member_sheet": rules.member_sheet.value,
        "denominator": rules.denominator.value,
        "decimals": rules.decimals,
        "minimum_group": rules.minimum_group,
        "verification": str(rules.verification),
        "quorum": rules.quorum.value,
        "weighted": rules.weighted,
    }


def _write_parts(round_id: int, plan: RoundPlan) -> None:
    RoundTrust.delete().where(RoundTrust.round == round_id).execute()
    for level, rule in plan.rules.trust.items():
        RoundTrust.create(
            round=round_id,
            level=level,
            grades="\n".join(rule.grades),
            comparator=rule.comparator.value,
            numerator=rule.numerator,
            denominator=rule.denominator,
            base=rule.base.value if rule.base else "",
        )
    RoundItem.delete().where(
        (RoundItem.round == round_id) & (RoundItem.level == Level.INTEGRITY)
    ).execute()
    for number, statement in enumerate(plan.integrity_items, 1):
        RoundItem.create(
            round=round_id,
            level=Level.INTEGRITY,
            number=number,
            title="",
            statement=statement,
            clause="二、（五）",
        )
    # Remaining groups keep their rows, because paper may already be counted under them.
    kept = [name for name, _ in plan.groups]
    VoterGroup.delete().where(
        (VoterGroup.round == round_id) & VoterGroup.name.not_in(kept)
    ).execute()
    for position, (name, weight) in enumerate(plan.groups, 1):
        values = {"position": position, "weight": weight if plan.rules.weighted else 0}
        _, made = VoterGroup.get_or_create(round=round_id, name=name, defaults=values)
        if not made:
            VoterGroup.update(**values).where(
                (VoterGroup.round == round_id) & (VoterGroup.name == name)
            ).execute()


def _info(row: Any) -> RoundInfo:
    groups = tuple(
        Group(group.id, group.name, group.weight)
        for group in VoterGroup.select()
        .where(VoterGroup.round == row.id)
        .order_by(VoterGroup.position)
    )
    trust = {
        Level(rule.level): TrustRule(
            tuple(rule.grades.split("\n")),
            Comparator(rule.comparator),
            rule.numerator,
            rule.denominator,
            Denominator(rule.base) if rule.base else None,
        )
        for rule in RoundTrust.select().where(RoundTrust.round == row.id).order_by(RoundTrust.level)
    }
    items = tuple(
        item.statement
        for item in RoundItem.select()
        .where((RoundItem.round == row.id) & (RoundItem.level == Level.INTEGRITY))
        .order_by(RoundItem.number)
    )
    plan = RoundPlan(
        title=row.title,
        year=row.year,
        kind=row.kind,
        conducted=row.conducted,
        gathering=Gathering(row.gathering),
        combined_with=row.combined_with,
        starts=row.starts,
        ends=row.ends,
        rules=RoundRules(
            sheet=SheetLines(row.sheet),
            member_sheet=MemberSheet(row.member_sheet),
            denominator=Denominator(row.denominator),
            decimals=row.decimals,
            minimum_group=row.minimum_group,
            verification=VerificationRule.parse(row.verification),
            quorum=Quorum(row.quorum),
            weighted=bool(row.weighted),
            trust=trust,
        ),
        groups=tuple((group.name, group.weight) for group in groups),
        integrity_items=items,
    )
    return RoundInfo(row.id, plan, RoundState(row.state), groups)
