"""ceping.toml found, read and checked.

Looked for in this order: the path given on the command line, `CEPING_CONFIG`, the working
folder, the user's configuration folder, the file that ships with the program. What the file
found leaves out is taken from the shipped one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
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
from models.settings.document_kind import DocumentKind
from models.settings.own_wording import Wording
from models.settings.toml_file import TomlFaultsError, TomlTable

FILE_NAME = "ceping.toml"
ENVIRONMENT_VARIABLE = "CEPING_CONFIG"
FONT_SETS = ("gb2312", "windows")
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


def load(file: Path, kinds: Iterable[DocumentKind]) -> Settings:
    """Read and check one file; `kinds` are the documents there are, whose sentences and terms it
    may set. Raises `TomlFaultsError` with every fault found."""
    shipped = shipped_file()
    table = TomlTable.read(shipped)
    if file != shipped and file.resolve() != shipped.resolve():
        table = TomlTable.read(file, over=table)
    known = tuple(kinds)
    levels, voting, trust = table.table("levels"), table.table("voting"), table.table("trust")
    if table.alone().has("trust"):
        trust = trust.alone()  # a trust rule stands or falls whole
    contents = {level: _level(levels.table(level.key), level) for level in Level}
    found = Settings(
        file=file,
        office=_office(table.table("office")),
        documents=_documents(table.table("documents"), file, known),
        rules=read_rules(table.table("rules"), trust, contents, RoundRules()),
        groups=_names(voting, "groups"),
        void_reasons=_names(voting, "void_reasons", 9),
        correction_reasons=_names(voting, "correction_reasons", 9),
        levels=contents,
    )
    for part in (levels, voting, table):
        part.done()
    if table.faults:
        raise TomlFaultsError(table.faults)
    return found


def _office(table: TomlTable) -> Office:
    found = Office(
        name=table.text("name", required=True),
        short_name=table.text("short_name"),
        party_group=table.text("party_group"),
        superior_party_group=table.text("superior_party_group"),
        signature=table.text("signature"),
        letterhead=table.text("letterhead"),
        document_code=table.text("document_code"),
        signer=table.text("signer"),
        printer=table.text("printer"),
        copies=table.texts("copies"),
        section=table.text("section"),
        fonds=table.text("fonds"),
        basis=table.texts("basis"),
    )
    table.done()
    return found


def _documents(table: TomlTable, file: Path, kinds: Sequence[DocumentKind]) -> DocumentSettings:
    found = DocumentSettings(
        font_set=table.choice("font_set", FONT_SETS[0], list(FONT_SETS)),
        objection=table.text("objection"),
        expectation=table.text("expectation"),
        public_scope=table.text("public_scope"),
        public_days=table.integer("public_days", 0, 0, 365),
        public_persons=table.flag("public_persons", False),
        terms=_terms(table.table("terms"), [kind.key for kind in kinds if kind.filed]),
        wording=own_wording.read(table.table("wording"), kinds),
        templates=_folder(table, file),
    )
    table.done()
    return found


def _folder(table: TomlTable, file: Path) -> Path | None:
    """The folder of templates; a relative one is beside the settings file."""
    name = table.text("templates")
    return file.absolute().parent / Path(name).expanduser() if name else None


def _terms(table: TomlTable, filed: Sequence[str]) -> dict[str, str]:
    """How long each kind of document is kept: 永久, or 定期 of a number of years."""
    found = {}
    for kind in table.names():
        if kind not in filed:
            table.fault(kind, f"归档的文书为 {'、'.join(filed)}")
        found[kind] = table.text(kind)
        if found[kind] and found[kind] not in TERMS:
            table.fault(kind, f"应为 {'、'.join(TERMS)} 之一，或留空")
    table.done()
    return found


def _names(table: TomlTable, key: str, most: int = 99) -> tuple[str, ...]:
    names = table.texts(key)
    if not 1 <= len(names) <= most:
        table.fault(key, f"应有 1 至 {most} 项，现有 {len(names)} 项")
    if len(set(names)) < len(names):
        table.fault(key, "有重复的项")
    return names


def _level(table: TomlTable, level: Level) -> LevelContent:
    scale = table.texts("scale")
    if not 2 <= len(scale) <= 9:
        table.fault("scale", f"等次应有 2 至 9 个，现有 {len(scale)} 个")
    if len(set(scale)) < len(scale):
        table.fault("scale", "等次有重复")
    # What the shipped file says of its own scale does not hold for another one.
    of_scale = table if scale == table.lowest.texts("scale") else table.alone()
    short = of_scale.texts("short", tuple(grade[:2] for grade in scale))
    if len(short) != len(scale):
        table.fault("short", f"应与 scale 一一对应：{len(scale)} 个，现有 {len(short)} 个")
    unstated = of_scale.flag("unstated", False)
    content = LevelContent(
        level=level,
        name=table.text("name", required=True),
        sheet_title=table.text("sheet_title"),
        scale=GradeScale(scale, short, unstated),
        items=_items(table),
        clause=table.text("clause"),
    )
    table.done()
    return content


def _items(table: TomlTable) -> tuple[Item, ...]:
    """The items of a level, worded as `own_wording` has them, by number."""
    items = [
        Item(
            number,
            inner.text("title", required=True),
            inner.text("statement", required=True),
            inner.text("clause"),
        )
        for number, inner in enumerate(table.tables("items"), 1)
    ]
    wording = table.table("own_wording")
    for key in wording.names():
        if not key.isdecimal() or not 1 <= int(key) <= len(items):
            wording.fault(key, f"没有第 {key} 项测评内容，应为 1 至 {len(items)}")
            continue
        old = items[int(key) - 1]
        items[int(key) - 1] = Item(old.number, old.title, wording.text(key), old.clause)
    return tuple(items)


def read_rules(
    table: TomlTable,
    trust: TomlTable,
    levels: Mapping[Level, LevelContent],
    base: RoundRules,
) -> RoundRules:
    """The rules in `table` and `trust`, with `base` where a key is missing.

    Notes faults in the tables; marks the rules' keys as asked for but leaves the check for
    unknown keys in `table` to the caller, who may keep other things there.
    """
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
