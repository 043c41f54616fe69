"""The tables of the database (peewee), named in the terms of the field.

The tables are STRICT and hold only TEXT, INTEGER and BLOB. Dates are ISO text, months are written
as in a roster (`1965.09`), and enumerations are integers of the classes named with them. Only
modules in `models/` may import this one.
"""

from __future__ import annotations

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

# Deferred, so that importing this module opens nothing; `models.database.store` opens it.
database = SqliteDatabase(None, lock_type="IMMEDIATE")


class Table(Model):
    """Base class of all tables: sets the database and STRICT."""

    id = AutoField()

    class Meta:
        database = database
        strict_tables = True
        legacy_table_names = False


class Unit(Table):
    """A unit (单位) in the tree of units."""

    name = TextField(unique=True)
    short_name = TextField(default="")
    kind = TextField(default="")
    parent: ForeignKeyField = ForeignKeyField("self", null=True, on_delete="RESTRICT")
    parent_id: int | None
    position = IntegerField(default=0)
    # The column has its name of before whole readings were stored.
    readings = TextField(default="", column_name="initials")
    """How the characters of the name are read, as `models.names.unit_readings` gives it."""
    closed = BooleanField(default=False)
    """A closed unit keeps its history and cannot join a new round."""


class Cadre(Table):
    """A cadre (领导干部). Unknown details are empty, not null."""

    name = TextField(index=True)
    readings = TextField(default="", index=True, column_name="initials")
    """How the characters of the name are read, as `models.names.person_readings` gives it."""
    gender = TextField(default="")
    ethnicity = TextField(default="")
    born = TextField(default="")
    native_place = TextField(default="")
    party = TextField(default="")
    joined_party = TextField(default="")
    started_work = TextField(default="")
    education = TextField(default="")
    archive_no = TextField(null=True, unique=True)
    retired = BooleanField(default=False)


class Post(Table):
    """A cadre's post in a unit (职务)."""

    cadre: ForeignKeyField = ForeignKeyField(Cadre, backref="posts", on_delete="RESTRICT")
    cadre_id: int
    unit: ForeignKeyField = ForeignKeyField(Unit, backref="posts", on_delete="RESTRICT")
    unit_id: int
    title = TextField(default="")
    role = IntegerField()
    """A `models.roster.cadres.Role`."""
    rank = IntegerField(default=99)
    """Rank in the leadership team, from 1; 99 if unknown."""
    tier = TextField(default="")
    since = TextField(default="")
    until = TextField(default="")
    """The month it ended; empty for a current post."""


class Round(Table):
    """A round (轮次). The fields for rules are those of `models.regulation.rules.RoundRules`."""

    title = TextField(unique=True)
    year = IntegerField()
    kind = TextField(default="定期")
    conducted = TextField(default="上级抽测")
    gathering = TextField(default="集中")
    combined_with = TextField(default="")
    starts = TextField(default="")
    ends = TextField(default="")
    sheet = TextField()
    member_sheet = TextField()
    denominator = TextField()
    decimals = IntegerField()
    minimum_group = IntegerField()
    verification = TextField()
    quorum = TextField(default="off")
    weighted = BooleanField(default=False)
    # One a line, frozen when the round opens; empty before that.
    void_reasons = TextField(default="")
    state = IntegerField(default=1)
    """A `models.rounds.plan.RoundState`."""


class RoundLevel(Table):
    """A level (测评层级) as frozen in the round."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="levels", on_delete="CASCADE")
    round_id: int
    level = IntegerField()
    name = TextField()
    sheet_title = TextField()
    grades = TextField()
    """The grades, one per line, best first."""
    short = TextField()
    unstated = BooleanField(default=False)
    clause = TextField(default="")

    class Meta:
        indexes = ((("round", "level"), True),)


class RoundItem(Table):
    """An item to be graded (测评内容) as frozen in the round."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="items", on_delete="CASCADE")
    round_id: int
    level = IntegerField()
    number = IntegerField()
    title = TextField()
    statement = TextField()
    clause = TextField(default="")

    class Meta:
        indexes = ((("round", "level", "number"), True),)


class RoundTrust(Table):
    """The rule for votes of confidence (信任票标准) at one level of a round."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="trust", on_delete="CASCADE")
    round_id: int
    level = IntegerField()
    grades = TextField()
    """The grades that count, one per line."""
    comparator = TextField()
    numerator = IntegerField()
    """Numerator of the required fraction."""
    denominator = IntegerField()
    """Denominator of the required fraction."""
    base = TextField(default="")

    class Meta:
        indexes = ((("round", "level"), True),)


class VoterGroup(Table):
    """A voter group (测评人员类别) of a round."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="groups", on_delete="CASCADE")
    round_id: int
    position = IntegerField()
    name = TextField()
    weight = IntegerField(default=0)
    """Weight in hundredths; 0 in an unweighted round."""

    class Meta:
        indexes = ((("round", "name"), True),)


class Poll(Table):
    """A poll: the evaluation in one unit within a round (单位测评). Unit names are snapshots."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="polls", on_delete="CASCADE")
    round_id: int
    unit: ForeignKeyField = ForeignKeyField(Unit, on_delete="RESTRICT")
    unit_id: int
    unit_name = TextField()
    unit_short_name = TextField(default="")
    date = TextField(default="")
    place = TextField(default="")
    expected = IntegerField(default=0)
    present = IntegerField(default=0)
    state = IntegerField(default=1)
    """A `models.rounds.polls.PollState`."""

    class Meta:
        indexes = ((("round", "unit"), True),)


class Sheet(Table):
    """A sheet (票种): the printed form of one level in one poll."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="sheets", on_delete="CASCADE")
    poll_id: int
    level = IntegerField()
    position = IntegerField(default=0)
    """Distinguishes the sheets of a level with one sheet per member."""

    class Meta:
        indexes = ((("poll", "level", "position"), True),)


class Subject(Table):
    """A subject of evaluation (被测评对象). `name` and `post` are snapshots."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="subjects", on_delete="CASCADE")
    poll_id: int
    level = IntegerField()
    position = IntegerField()
    sheet: ForeignKeyField = ForeignKeyField(
        Sheet, backref="subjects", null=True, on_delete="CASCADE"
    )
    """Null while the round is a draft."""
    sheet_id: int | None
    cadre: ForeignKeyField = ForeignKeyField(Cadre, null=True, on_delete="RESTRICT")
    """Null for a team or a body."""
    cadre_id: int | None
    name = TextField()
    post = TextField(default="")

    class Meta:
        indexes = ((("poll", "level", "position"), True),)


class Issue(Table):
    """How many ballots were issued, per sheet and voter group."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, backref="issues", on_delete="CASCADE")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, on_delete="CASCADE")
    group_id: int
    issued = IntegerField(default=0)

    class Meta:
        indexes = ((("sheet", "group"), True),)


class Batch(Table):
    """A stack of returned ballots of one sheet and voter group (票批)."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, backref="batches", on_delete="CASCADE")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, on_delete="CASCADE")
    group_id: int
    number = IntegerField(default=1)
    """Number of the stack within its sheet and voter group, from 1."""
    returned = IntegerField(default=0)
    """How many ballots were returned."""
    registered = BooleanField(default=False)
    """Whether somebody registered how many; zero may be (无票). Otherwise `returned` is 0."""

    class Meta:
        indexes = ((("sheet", "group", "number"), True),)


class BallotRow(Table):
    """A keyed ballot (测评票). It deliberately holds no voter, no time and no client."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    position = IntegerField()
    marks = TextField()
    """One character per mark, in printed order. Only the marks of valid ballots count."""
    void_reason = IntegerField(default=0)
    """Number of the void reason, from 1; 0 for a valid ballot."""

    class Meta:
        table_name = "ballot"
        primary_key = CompositeKey("batch", "position")
        without_rowid = True


BallotRow._meta.remove_field("id")


class Count(Table):
    """How many valid ballots of a sheet and voter group have `mark` at `place` (得票)."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, index=False, on_delete="RESTRICT")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, index=False, on_delete="RESTRICT")
    group_id: int
    place = IntegerField()
    """Index of the place in printed order, from 0."""
    mark = TextField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("sheet", "group", "place", "mark")
        without_rowid = True


class ShownCount(Table):
    """The copy of a sheet's counts that others may see while paper is keyed
    (`models.rounds.shown_counts`)."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, index=False, on_delete="CASCADE")
    sheet_id: int
    valid = IntegerField()
    """Valid ballots in it."""
    void = IntegerField()
    """Void ballots in it."""
    counts = TextField()
    """JSON list of [place, mark, ballots], all voter groups together."""
    proof = TextField()
    """SHA-256 of all this (`models.database.proof`)."""

    class Meta:
        table_name = "shown_counts"
        primary_key = CompositeKey("sheet")
        without_rowid = True


class Entered(Table):
    """How many ballots of a stack have been keyed, by void reason (0 for valid ones)."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    void_reason = IntegerField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("batch", "void_reason")
        without_rowid = True


class Draft(Table):
    """The half-keyed ballot of a stack, if any."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    marks = TextField()
    """As in `BallotRow`, with a space for each place that is not keyed yet."""
    cursor = IntegerField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class Keyer(Table):
    """Who keyed in a pass of a stack.

    How much a person keyed and when is not stored, because it would link ballots to a time.
    """

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    number = IntegerField()
    """The pass: 1 for the first entry, 2 for the second, 3 for settling differences."""
    who = TextField()

    class Meta:
        primary_key = CompositeKey("batch", "number", "who")
        without_rowid = True


class SecondBallot(Table):
    """A ballot of the second, blind entry of a stack (复核); deleted once the entries agree."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    position = IntegerField()
    marks = TextField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch", "position")
        without_rowid = True


class SecondDraft(Table):
    """The half-keyed ballot of a stack's second entry; fields as in `Draft`."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    marks = TextField()
    cursor = IntegerField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class Verification(Table):
    """The result of a stack's second entry (复核)."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    agreed = BooleanField(default=False)
    """Whether the entries agree."""
    compared = IntegerField(default=0)
    """Number of marks compared; a void ballot counts as one."""
    first_wrong = IntegerField(default=0)
    """Number of wrong marks in the first entry."""
    second_wrong = IntegerField(default=0)
    """Number of wrong marks in the second entry."""
    changed = IntegerField(default=0)
    """Number of ballots that differed."""
    missing = IntegerField(default=0)
    """Number of ballots missing from the second entry."""
    extra = IntegerField(default=0)
    """Number of ballots found only in the second entry."""
    first_sheets = IntegerField(default=0)
    """Of the ballots that differed, in how many the first entry was wrong."""
    second_sheets = IntegerField(default=0)
    """The same for the second entry."""
    first_skipped = IntegerField(default=0)
    """Number of ballots that the first entry had skipped."""
    second_skipped = IntegerField(default=0)
    """Number of ballots that the second entry had skipped."""
    first_twice = IntegerField(default=0)
    """Number of ballots that the first entry had twice."""
    second_twice = IntegerField(default=0)
    """Number of ballots that the second entry had twice."""
    seed = TextField(default="")
    """Seed of the sample that is keyed a second time (`models.entry.sample`); empty if none is
    drawn."""

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class SealedBallot(Table):
    """A distinct ballot of a stack in a sealed poll, with its count.

    Rows are inserted in sorted order, so the order of entry is lost.
    """

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    void_reason = IntegerField()
    marks = TextField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("batch", "void_reason", "marks")
        without_rowid = True


class Seal(Table):
    """One version of a poll's seal (封存). While it is in force, `reopened_*` are empty."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="seals", on_delete="RESTRICT")
    poll_id: int
    version = IntegerField()
    at = TextField()
    who = TextField()
    tellers = TextField()
    """JSON list of [role, name]."""
    canonical = BlobField()
    """The canonical text, compressed with zlib."""
    digest = TextField()
    """SHA-256 of the canonical text, in hex."""
    journal_head = TextField()
    """Digest of the seal's journal entry."""
    reopened_at = TextField(default="")
    reopened_reason = TextField(default="")
    reopened_by = TextField(default="")
    """JSON list of two names."""
    proof = TextField(default="")
    """SHA-256 over all other fields (`models.seal.sealing`)."""

    class Meta:
        indexes = ((("poll", "version"), True),)


class Erasure(Table):
    """A sealed poll whose order of entry has yet to be erased from free pages, log and backups.

    The row survives a kill, so that the next start finishes the erasure.
    """

    poll: ForeignKeyField = ForeignKeyField(Poll, index=False, on_delete="CASCADE")
    poll_id: int

    class Meta:
        primary_key = CompositeKey("poll")
        without_rowid = True


class Journal(Table):
    """A journal entry (操作日志); append-only and hash-chained (`models.database.journal`)."""

    at = TextField()
    who = TextField()
    act = TextField()
    subject = TextField()
    detail = TextField()
    previous = TextField()
    digest = TextField()


class Written(Table):
    """A document in the register of written documents (`models.results.register`)."""

    at = TextField()
    round: ForeignKeyField = ForeignKeyField(Round, on_delete="CASCADE")
    round_id: int
    poll: ForeignKeyField = ForeignKeyField(Poll, null=True, on_delete="CASCADE")
    poll_id: int | None
    kind = TextField()
    addressee = TextField(default="")
    path = TextField()
    sha256 = TextField()
    official = BooleanField(default=False)
    basis = TextField(default="")
    """The polls whose results it gives, each with the version of its seal
    (`models.results.lapse`); empty for a document without results."""
    moved_to = TextField(default="")
    """Where it was moved when it no longer stood; empty while it is at `path`."""
    made_of = TextField(default="")
    """Fingerprint of all that it was made of (`exports.writing.fingerprint`); empty if unknown."""


class Identity(Table):
    """Which database this is. A number drawn when it is made, that its backups and copies bear."""

    number = TextField()

    class Meta:
        table_name = "identity"


TABLES: tuple[type[Table], ...] = (
    Unit,
    Cadre,
    Post,
    Round,
    RoundLevel,
    RoundItem,
    RoundTrust,
    VoterGroup,
    Poll,
    Sheet,
    Subject,
    Issue,
    Batch,
    BallotRow,
    Count,
    ShownCount,
    Entered,
    Draft,
    Journal,
    Written,
    Keyer,
    SecondBallot,
    SecondDraft,
    Verification,
    SealedBallot,
    Seal,
    Erasure,
    Identity,
)
