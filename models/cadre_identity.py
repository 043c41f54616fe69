"""Who a row of a roster is about: by archive number, else by name and month of birth, else by
name and unit. Where that leaves a doubt the row is refused, for one person must not become two,
nor two one."""

from __future__ import annotations

from collections.abc import Sequence

from models.refusal import RefusedError
from models.roster import CadreRow
from models.roster_check import CheckedRow, Findings


def refuse_repeated(rows: Sequence[CheckedRow], findings: Findings) -> None:
    """Refuse rows of a person, or with an archive number, that stood in the file before."""
    numbers: dict[str, CheckedRow] = {}
    namesakes: dict[str, list[CheckedRow]] = {}
    for row in rows:
        name, number = row.values.get("name", ""), row.values.get("archive_no", "")
        first = numbers.setdefault(number, row) if number else row
        if first is not row:
            other = first.values.get("name", "")
            if name and name == other:
                findings.refuse(row, "name", f"与{_row(first, row)}重复，是同一人")
            else:
                reason = f"与{_row(first, row)}{other}的档案号相同，请核对"
                findings.refuse(row, "archive_no", reason)
            continue
        if not name:
            continue
        before = namesakes.setdefault(name, [])
        if same := next((other for other in before if _same_person(other, row)), None):
            findings.refuse(row, "name", f"与{_row(same, row)}重复；若不是同一人，请填廉政档案号")
        else:
            before.append(row)


def _row(other: CheckedRow, row: CheckedRow) -> str:
    sheet = f"“{other.sheet.name}”" if other.sheet.name != row.sheet.name else ""
    return f"{sheet}第 {other.number} 行"


def _same_person(one: CheckedRow, two: CheckedRow) -> bool:
    """Whether two rows under one name must be taken for one person."""
    if one.values.get("archive_no") and two.values.get("archive_no"):
        return False
    born = one.values.get("born"), two.values.get("born")
    if all(born):
        return born[0] == born[1]
    return one.values.get("unit") == two.values.get("unit")


class Identities:
    """The cadres of the database, and which of them rows of one file have named so far."""

    def __init__(self, cadres: Sequence[CadreRow]) -> None:
        self._by_number = {cadre.archive_no: cadre for cadre in cadres if cadre.archive_no}
        self._by_name: dict[str, list[CadreRow]] = {}
        for cadre in cadres:
            self._by_name.setdefault(cadre.name, []).append(cadre)
        self._named: dict[int, CheckedRow] = {}

    def of(self, row: CheckedRow, unit: str, findings: Findings) -> CadreRow | None:
        """The cadre that a row in the unit `unit` is about; None for someone new. A doubt
        refuses the row."""
        number = row.values.get("archive_no", "")
        if cadre := self._by_number.get(number):
            if cadre.name != row.values["name"]:
                where = f"（{cadre.unit_name}）" if cadre.unit_name else ""
                reason = f"已属于 {cadre.name}{where}；若是本人改名，请先在单位人员中改正姓名"
                findings.refuse(row, "archive_no", reason)
                return None
        else:
            try:
                cadre = self._without_number(row, unit)
            except RefusedError as refusal:
                findings.refuse(row, "name", str(refusal))
                return None
        if cadre is None:
            self._tell_namesakes(row, findings)
        elif (first := self._named.setdefault(cadre.id, row)) is not row:
            findings.refuse(row, "name", f"与{_row(first, row)}重复，是同一人")
        return cadre

    def _without_number(self, row: CheckedRow, unit: str) -> CadreRow | None:
        """By name with month of birth or unit. Two different archive numbers are two persons."""
        born = row.values.get("born", "")
        numbered = "archive_no" in row.values
        same = [
            cadre
            for cadre in self._by_name.get(row.values["name"], [])
            if not (numbered and cadre.archive_no)
        ]
        here = [cadre for cadre in same if cadre.unit_name == unit]
        for found in (
            [cadre for cadre in same if born and cadre.born == born],
            [cadre for cadre in here if not born or not cadre.born],
        ):
            if len(found) > 1:
                raise RefusedError(f"花名册里有 {len(found)} 人与此行相符，请填廉政档案号区分")
            if found:
                return found[0]
        if here:
            raise RefusedError(
                f"本单位已有 {here[0].name}，出生年月 {here[0].born}：若是同一人，请改正出生年月；"
                "若是两人，请给两人都填廉政档案号"
            )
        return None

    def _tell_namesakes(self, row: CheckedRow, findings: Findings) -> None:
        others = [
            f"{cadre.unit_name or '已退休'} {cadre.archive_no}".strip()
            for cadre in self._by_name.get(row.values["name"], [])
        ]
        if others:
            findings.adjust(row, "name", f"另有同名干部（{'；'.join(others)}），按另一人新增")
