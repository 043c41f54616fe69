"""Find, read and check ceping.toml.

The search order is: the path given on the command line, `CEPING_CONFIG`, the working folder, the
user's configuration folder, and the file that ships with the program. Keys missing from the file
found are taken from the shipped one.
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
# Retention periods of 档案局令第8号 (2006), each with its code in an archive number (档号).
TERMS: Mapping[str, str] = {"永久": "Y", "定期30年": "D30", "定期10年": "D10"}
_FRACTION = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True)
class Office:
    """The office that runs the evaluation, as named in documents. Unset texts are empty."""

    name: str
    """Full name."""
    short_name: str
    """Short name."""
    party_group: str
    """The office's own party group (党组)."""
    superior_party_group: str
    """The superior party group, to which reports are addressed (主送机关)."""
    signature: str
    """The body that signs documents (落款单位)."""
    letterhead: str
    """The issuer in the red letterhead of formal documents (发文机关标志)."""
    document_code: str
    """The office's code in document numbers (机关代字)."""
    signer: str
    """Who signs off documents to a superior (签发人)."""
    printer: str
    """The printing office (印发机关)."""
    copies: tuple[str, ...]
    """The offices that receive copies (抄送)."""
    fonds: str
    """Fonds number in the archive (全宗号, DA/T 22-2015)."""
    section: str
    """Section code in archive numbers (机构代码, DA/T 22-2015)."""
    basis: tuple[str, ...]
    """The regulations that documents cite as their basis, in order of citation."""
    operator: str
    """Who is at the keyboard while nobody has signed in (操作人); if empty, the account."""


@dataclass(frozen=True)
class DocumentSettings:
    """Settings for generated documents. Unset texts are empty."""

    font_set: str
    """`gb2312` or `windows`."""
    objection: str
    """How and by when to object to a result; if empty, documents do not mention it."""
    expectation: str
    """The sentence that asks the addressee to act on the result."""
    public_scope: str
    """To whom results are made public; if empty, it is filled in by hand."""
    public_days: int
    """For how many days they are public; if 0, it is filled in by hand."""
    public_persons: bool
    """Whether public notices include the results of individuals."""
    grade_in_feedback: bool
    """Whether the letter to a person tells the grade decided at a meeting."""
    rank_units: bool
    """Whether the comparison of units orders them by share rather than by the unit tree."""
    terms: Mapping[str, str]
    """Retention period by kind (DA/T 22-2015); empty for kinds not decided."""
    wording: Wording
    """The sentences of letters (`models.settings.own_wording`)."""
    templates: Path | None
    """The folder with the office's own Word templates, or None."""


@dataclass(frozen=True)
class Settings:
    """The checked contents of ceping.toml."""

    file: Path
    """The file it was read from."""
    office: Office
    """The office that runs the evaluation."""
    documents: DocumentSettings
    """Settings for generated documents."""
    rules: RoundRules
    """The default rules of a round."""
    groups: tuple[str, ...]
    """The voter groups (测评人员类别)."""
    void_reasons: tuple[str, ...]
    """Reasons for which a ballot is void, at most 9."""
    correction_reasons: tuple[str, ...]
    """Reasons for a correction, at most 9."""
    levels: Mapping[Level, LevelContent]
    """The content of each level."""


def shipped_file() -> Path:
    """The ceping.toml that ships with the program: in the package, or next to it in a checkout."""
    models = Path(__file__).parents[1]
    inside = models / FILE_NAME
    return inside if inside.exists() else models.parent / FILE_NAME


def find_file(option: Path | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the settings file to read; the module docstring gives the order.

    A file named by the option or the environment need not exist; reading it reports that.
    """
    if option is not None:
        return option
    if named := environment.get(ENVIRONMENT_VARIABLE):
        return Path(named)
    # platformdirs takes 20 ms to import, and most runs find a file before needing it.
    working = Path.cwd() / FILE_NAME
    if working.exists():
        return working
    import platformdirs

    own = platformdirs.user_config_path("ceping", appauthor=False) / FILE_NAME
    return own if own.exists() else shipped_file()


def load(file: Path, kinds: Iterable[DocumentKind]) -> Settings:
    """Read and check a settings file. Raises `TomlFaultsError` with every fault found.

    `kinds` are the kinds of documents whose sentences and retention periods it can set.
    """
    shipped = shipped_file()
    table = TomlTable.read(shipped)
    if file != shipped and file.resolve() != shipped.resolve():
        table = TomlTable.read(file, over=table)
    known = tuple(kinds)
    levels, voting, trust = table.table("levels"), table.table("voting"), table.table("trust")
    if table.alone().has("trust"):
        trust = trust.alone()  # trust rules are replaced as a whole
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
        operator=table.text("operator"),
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
        grade_in_feedback=table.flag("grade_in_feedback", False),
        rank_units=table.flag("rank_units", False),
        terms=_terms(table.table("terms"), [kind.key for kind in kinds if kind.filed]),
        wording=own_wording.read(table.table("wording"), kinds),
        templates=_folder(table, file),
    )
    table.done()
    return found


def _folder(table: TomlTable, file: Path) -> Path | None:
    """The folder of templates; a relative path starts from the settings file's folder."""
    name = table.text("templates")
    return file.absolute().parent / Path(name).expanduser() if name else None


def _terms(table: TomlTable, filed: Sequence[str]) -> dict[str, str]:
    """The retention period of each kind of document: one of `TERMS`, or empty."""
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
    # The shipped short names and `unstated` apply only to the shipped scale.
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
    """The items of a level, with statements replaced by `own_wording`, which is keyed by number."""
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
    """Read the rules in `table` and `trust`; missing keys are taken from `base`.

    Faults are recorded in the tables. The caller checks `table` for unknown keys, because it can
    hold other settings too.
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
    """Read the trust rules.

    A level is either a list, `member = [grades]`, with one `at_least` or `more_than` for all
    levels, or a table with `grades` and a fraction of its own.
    """
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
