"""ceping.toml found, read and checked.

Looked for in this order: the path given on the command line, `CEPING_CONFIG`, the working
folder, the user's configuration folder, the file that ships with the program. What the file
found leaves out is taken from the shipped one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.regulation.levels import GradeScale, Item, Level, LevelContent
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
from models.settings import own_wording
from models.settings.own_wording import Wording
from models.settings.toml_file import TomlTable

FILE_NAME = "ceping.toml"
ENVIRONMENT_VARIABLE = "CEPING_CONFIG"
# Documents that go into the office's archive; letters and entries of a person do not.
FILED_KINDS = ("plan", "count", "summary", "chief", "public", "report", "accountability")
# 档案局令第8号 (2006); each with its code in an archive number (档号).
TERMS: Mapping[str, str] = {"永久": "Y", "定期30年": "D30", "定期10年": "D10"}
_FRACTION = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True)
class Office:
    """Names of the office that runs the evaluation, as they stand in documents. `letterhead` is
    the 发文机关标志 of a red head, `document_code` the 机关代字 of its number, `signer` the 签发人,
    `printer` the 印发机关, `copies` who is sent a copy (抄送); `fonds`
    (全宗号) and `section` (机构代码) are for the archive (DA/T 22-2015)."""

    name: str
    short_name: str
    party_group: str
    superior_party_group: str
    signature: str
    letterhead: str
    document_code: str
    signer: str
    printer: str
    copies: tuple[str, ...]
    fonds: str
    section: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class DocumentSettings:
    """How documents are set and what the office puts into them. `font_set` is `gb2312` or
    `windows`; `public_persons` says that a public notice names persons' results; `terms` is how
    long each kind of document is kept, by its key (DA/T 22-2015), empty where not decided;
    `wording` is the sentences of letters (`models.settings.own_wording`); `templates` is the folder
    of the office's own Word templates, None where it has none."""

    font_set: str
    objection: str
    expectation: str
    public_scope: str
    public_days: int
    public_persons: bool
    terms: Mapping[str, str]
    wording: Wording
    templates: Path | None


@dataclass(frozen=True)
class Settings:
    """Everything that ceping.toml says, checked. `file` is where it was read from."""

    file: Path
    office: Office
    documents: DocumentSettings
    rules: RoundRules
    groups: tuple[str, ...]
    void_reasons: tuple[str, ...]
    correction_reasons: tuple[str, ...]
    levels: Mapping[Level, LevelContent]


def shipped_file() -> Path:
    """The ceping.toml that ships with the program: in the package, or beside it in a checkout."""
    models = Path(__file__).parents[1]
    inside = models / FILE_NAME
    return inside if inside.exists() else models.parent / FILE_NAME


def find_file(option: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The file to read, in the order the module describes. A named file need not exist yet:
    reading it then says so."""
    if option is not None:
        return option
    if named := environment.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    # platformdirs costs 20 ms to import; most starts end before it.
    working = Path.cwd() / FILE_NAME
    if working.exists():
        return working
    import platformdirs

    own = platformdirs.user_config_path("ceping", appauthor=False) / FILE_NAME
    return own if own.exists() else shipped_file()


def load(file: Path) -> Settings:
    """Read and check one file. Raises `TomlFaultsError` with every fault found."""
    shipped = shipped_file()
    table = TomlTable.read(file)
    if file == shipped or file.resolve() == shipped.resolve():
        return _settings(table, file, None)
    return _settings(table, file, load(shipped))


def _settings(table: TomlTable, file: Path, base: Settings | None) -> Settings:
    office = table.table("office")
    documents = table.table("documents")
    voting = table.table("voting")
    levels = table.table("levels")
    contents = {
        level: _level(levels.table(level.key), level, base.levels[level] if base else None)
        for level in Level
    }
    levels.done()
    found = Settings(
        file=file,
        office=Office(
            name=office.text("name", base.office.name if base else "", required=base is None),
            short_name=office.text("short_name", base.office.short_name if base else ""),
            party_group=office.text("party_group", base.office.party_group if base else ""),
            superior_party_group=office.text(
                "superior_party_group", base.office.superior_party_group if base else ""
            ),
            signature=office.text("signature", base.office.signature if base else ""),
            letterhead=office.text("letterhead", base.office.letterhead if base else ""),
            document_code=office.text("document_code", base.office.document_code if base else ""),
            signer=office.text("signer", base.office.signer if base else ""),
            printer=office.text("printer", base.office.printer if base else ""),
            copies=office.texts("copies", base.office.copies if base else ()),
            section=office.text("section", base.office.section if base else ""),
            fonds=office.text("fonds", base.office.fonds if base else ""),
            basis=office.texts("basis", base.office.basis if base else ()),
        ),
        documents=DocumentSettings(
            font_set=documents.choice(
                "font_set", base.documents.font_set if base else "gb2312", ["gb2312", "windows"]
            ),
            objection=documents.text("objection", base.documents.objection if base else ""),
            expectation=documents.text("expectation", base.documents.expectation if base else ""),
            public_scope=documents.text(
                "public_scope", base.documents.public_scope if base else ""
            ),
            public_days=documents.integer(
                "public_days", base.documents.public_days if base else 0, 0, 365
            ),
            public_persons=documents.flag(
                "public_persons", base.documents.public_persons if base else False
            ),
            terms=_terms(documents.table("terms"), base.documents.terms if base else {}),
            wording=own_wording.read(
                documents.table("wording"), base.documents.wording if base else None
            ),
            templates=_folder(documents, file),
        ),
        rules=read_rules(
            table.table("rules"), table.table("trust"), contents, base.rules if base else None
        ),
        groups=_names(voting, "groups", base.groups if base else ()),
        void_reasons=_names(voting, "void_reasons", base.void_reasons if base else (), 9),
        correction_reasons=_names(
            voting, "correction_reasons", base.correction_reasons if base else (), 9
        ),
        levels=contents,
    )
    for part in (office, documents, voting, table):
        part.done()
    table.raise_faults()
    return found


def _folder(table: TomlTable, file: Path) -> Path | None:
    """The folder of templates; a relative one is beside the settings file."""
    name = table.text("templates")
    return file.absolute().parent / Path(name).expanduser() if name else None


def _terms(table: TomlTable, default: Mapping[str, str]) -> dict[str, str]:
    """How long each kind of document is kept: 永久, or 定期 of a number of years."""
    found = dict(default)
    for kind in table.names():
        if kind not in FILED_KINDS:
            table.fault(kind, f"归档的文书为 {'、'.join(FILED_KINDS)}")
        found[kind] = table.text(kind)
        if found[kind] and found[kind] not in TERMS:
            table.fault(kind, f"应为 {'、'.join(TERMS)} 之一，或留空")
    table.done()
    return found


def _names(table: TomlTable, key: str, default: tuple[str, ...], most: int = 99) -> tuple[str, ...]:
    names = table.texts(key, default)
    if not 1 <= len(names) <= most:
        table.fault(key, f"应有 1 至 {most} 项，现有 {len(names)} 项")
    if len(set(names)) < len(names):
        table.fault(key, "有重复的项")
    return names


def _level(table: TomlTable, level: Level, base: LevelContent | None) -> LevelContent:
    scale = table.texts("scale", base.scale.grades if base else ())
    if not 2 <= len(scale) <= 9:
        table.fault("scale", f"等次应有 2 至 9 个，现有 {len(scale)} 个")
    if len(set(scale)) < len(scale):
        table.fault("scale", "等次有重复")
    kept = base is not None and scale == base.scale.grades
    short = table.texts("short", base.scale.short if base and kept else tuple(g[:2] for g in scale))
    if len(short) != len(scale):
        table.fault("short", f"应与 scale 一一对应：{len(scale)} 个，现有 {len(short)} 个")
    items = [
        Item(
            number,
            inner.text("title", required=True),
            inner.text("statement", required=True),
            inner.text("clause"),
        )
        for number, inner in enumerate(table.tables("items"), 1)
    ]
    if not table.has("items") and base:
        items = list(base.items)
    wording = table.table("own_wording")
    for key in wording.names():
        if not key.isdecimal() or not 1 <= int(key) <= len(items):
            wording.fault(key, f"没有第 {key} 项测评内容，应为 1 至 {len(items)}")
            continue
        old = items[int(key) - 1]
        items[int(key) - 1] = Item(old.number, old.title, wording.text(key), old.clause)
    unstated = table.flag("unstated", base.scale.unstated if base and kept else False)
    content = LevelContent(
        level=level,
        name=table.text("name", base.name if base else "", required=base is None),
        sheet_title=table.text("sheet_title", base.sheet_title if base else ""),
        scale=GradeScale(scale, short, unstated),
        items=tuple(items),
        clause=table.text("clause", base.clause if base else ""),
    )
    table.done()
    return content


def read_rules(
    table: TomlTable,
    trust: TomlTable,
    levels: Mapping[Level, LevelContent],
    base: RoundRules | None,
) -> RoundRules:
    """The rules in `table` and `trust`, with `base` where a key is missing.

    Notes faults in the tables; marks the rules' keys as asked for but leaves the check for
    unknown keys in `table` to the caller, who may keep other things there.
    """
    base = base or RoundRules()
    return RoundRules(
        sheet=SheetLines(table.choice("sheet", base.sheet, list(SheetLines))),
        member_sheet=MemberSheet(
            table.choice("member_sheet", base.member_sheet, list(MemberSheet))
        ),
        denominator=Denominator(table.choice("denominator", base.denominator, list(Denominator))),
        decimals=table.integer("decimals", base.decimals, 1, 2),
        minimum_group=table.integer("minimum_group", base.minimum_group, 1, 100),
        verification=_verification(table, base.verification),
        quorum=Quorum(table.choice("quorum", base.quorum, list(Quorum))),
        weighted=base.weighted,
        trust=_trust(trust, levels) or dict(base.trust),
    )


def _verification(table: TomlTable, base: VerificationRule) -> VerificationRule:
    text = table.text("verification", str(base))
    try:
        return VerificationRule.parse(text)
    except ValueError:
        table.fault("verification", f"应为 full、none 或 1/n（n 为 2 至 99），现为 {text!r}")
        return base


def _trust(table: TomlTable, levels: Mapping[Level, LevelContent]) -> dict[Level, TrustRule]:
    """`member = [grades]` beside one `at_least`/`more_than` for all, or a table for each level
    with `grades` and a fraction of its own."""
    shared = _fraction(table)
    found = {}
    for level in Level:
        if not table.has(level.key):
            continue
        inner, fraction = table, shared
        if table.is_table(level.key):
            inner = table.table(level.key)
            fraction = _fraction(inner) or shared
            grades = inner.texts("grades")
            base = inner.text("denominator")
            if base and base not in list(Denominator):
                inner.fault("denominator", f"应为 {'、'.join(Denominator)} 之一")
                base = ""
            inner.done()
        else:
            grades, base = table.texts(level.key), ""
        known = levels[level].scale.grades
        if not grades or set(grades) - set(known):
            inner.fault("" if inner is not table else level.key, f"等次应取自 {'、'.join(known)}")
            continue
        if fraction is None:
            table.fault(level.key, '还要写明分数：at_least = "2/3"（达到）或 more_than（超过）')
            continue
        found[level] = TrustRule(grades, *fraction, Denominator(base) if base else None)
    table.done()
    return found


def _fraction(table: TomlTable) -> tuple[Comparator, int, int] | None:
    for comparator in Comparator:
        if not table.has(comparator):
            continue
        match = _FRACTION.fullmatch(table.text(comparator))
        if match and int(match[1]) <= int(match[2]):
            return comparator, int(match[1]), int(match[2])
        table.fault(comparator, '应为不大于 1 的分数，如 "2/3"')
    return None
