"""The tables of the database (peewee), as the field names things.

STRICT tables hold TEXT and INTEGER only: dates are ISO text, months as a roster writes them
(`1965.09`), and enumerations the integers of the classes named beside them. Nothing outside
`models/` imports this module.
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

# Opened by `models.database.store`; deferred, so that importing this module opens nothing.
database = SqliteDatabase(None, lock_type="IMMEDIATE")


class Table(Model):
    """What all tables share: this database, STRICT."""

    id = AutoField()

    class Meta:
        database = database
        strict_tables = True
        legacy_table_names = False


class Unit(Table):
    """单位: a bureau in the tree. `closed` units keep their history and take no new round."""

    name = TextField(unique=True)
    short_name = TextField(default="")
    kind = TextField(default="")
    parent: ForeignKeyField = ForeignKeyField("self", null=True, on_delete="RESTRICT")
    parent_id: int | None
    position = IntegerField(default=0)
    initials = TextField(default="")
    closed = BooleanField(default=False)


class Cadre(Table):
    """领导干部: a person. Months as `1965.09`; unknown details are empty, not null."""

    name = TextField(index=True)
    initials = TextField(default="", index=True)
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
    """职务: a cadre's place in a unit. `role` is a `models.roster.cadres.Role`; `until` is empty
    while the post is held."""

    cadre: ForeignKeyField = ForeignKeyField(Cadre, backref="posts", on_delete="RESTRICT")
    cadre_id: int
    unit: ForeignKeyField = ForeignKeyField(Unit, backref="posts", on_delete="RESTRICT")
    unit_id: int
    title = TextField(default="")
    role = IntegerField()
    rank = IntegerField(default=99)
    tier = TextField(default="")
    since = TextField(default="")
    until = TextField(default="")


class Round(Table):
    """轮次. `state` is a `models.rounds.plan.RoundState`; the rules' fields are those of
    `models.regulation.rules.RoundRules`."""

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


class RoundLevel(Table):
    """测评层级 as copied into the round. Grades are one a line, best first."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="levels", on_delete="CASCADE")
    round_id: int
    level = IntegerField()
    name = TextField()
    sheet_title = TextField()
    grades = TextField()
    short = TextField()
    unstated = BooleanField(default=False)
    clause = TextField(default="")

    class Meta:
        indexes = ((("round", "level"), True),)


class RoundItem(Table):
    """测评内容 as copied into the round."""

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
    """信任票标准 of one level of a round: counted grades one a line, fraction as integers."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="trust", on_delete="CASCADE")
    round_id: int
    level = IntegerField()
    grades = TextField()
    comparator = TextField()
    numerator = IntegerField()
    denominator = IntegerField()
    base = TextField(default="")

    class Meta:
        indexes = ((("round", "level"), True),)


class VoterGroup(Table):
    """测评人员类别 of a round. `weight` counts in hundredths; 0 where the round is unweighted."""

    round: ForeignKeyField = ForeignKeyField(Round, backref="groups", on_delete="CASCADE")
    round_id: int
    position = IntegerField()
    name = TextField()
    weight = IntegerField(default=0)

    class Meta:
        indexes = ((("round", "name"), True),)


class Poll(Table):
    """单位测评: one unit within a round; the unit's names are snapshots. `state` is a
    `models.rounds.polls.PollState`."""

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

    class Meta:
        indexes = ((("round", "unit"), True),)


class Sheet(Table):
    """票种: the printed form of one level in one poll; `position` tells member sheets apart."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="sheets", on_delete="CASCADE")
    poll_id: int
    level = IntegerField()
    position = IntegerField(default=0)

    class Meta:
        indexes = ((("poll", "level", "position"), True),)


class Subject(Table):
    """被测评对象. `name` and `post` are snapshots; `cadre` is null for a team or a body.
    `sheet` is null while the round is a draft."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="subjects", on_delete="CASCADE")
    poll_id: int
    level = IntegerField()
    position = IntegerField()
    sheet: ForeignKeyField = ForeignKeyField(
        Sheet, backref="subjects", null=True, on_delete="CASCADE"
    )
    sheet_id: int | None
    cadre: ForeignKeyField = ForeignKeyField(Cadre, null=True, on_delete="RESTRICT")
    cadre_id: int | None
    name = TextField()
    post = TextField(default="")

    class Meta:
        indexes = ((("poll", "level", "position"), True),)


class Issue(Table):
    """Paper handed out: one row per sheet and voter group."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, backref="issues", on_delete="CASCADE")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, on_delete="CASCADE")
    group_id: int
    issued = IntegerField(default=0)

    class Meta:
        indexes = ((("sheet", "group"), True),)


class Batch(Table):
    """票批: one stack of returned paper of a sheet and a voter group; `number` from 1."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, backref="batches", on_delete="CASCADE")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, on_delete="CASCADE")
    group_id: int
    number = IntegerField(default=1)
    returned = IntegerField(default=0)

    class Meta:
        indexes = ((("sheet", "group", "number"), True),)


class BallotRow(Table):
    """测评票: `marks` is one character a mark in printed order; `void_reason` counts from 1 and
    is 0 for a valid ballot, whose marks alone count. No voter, no time, no client, on purpose."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    position = IntegerField()
    marks = TextField()
    void_reason = IntegerField(default=0)

    class Meta:
        table_name = "ballot"
        primary_key = CompositeKey("batch", "position")
        without_rowid = True


BallotRow._meta.remove_field("id")


class Count(Table):
    """得票: how many valid ballots of a sheet and group bear `mark` at `place` (from 0)."""

    sheet: ForeignKeyField = ForeignKeyField(Sheet, index=False, on_delete="RESTRICT")
    sheet_id: int
    group: ForeignKeyField = ForeignKeyField(VoterGroup, index=False, on_delete="RESTRICT")
    group_id: int
    place = IntegerField()
    mark = TextField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("sheet", "group", "place", "mark")
        without_rowid = True


class Entered(Table):
    """How many ballots of a batch are in, by void reason (0: valid)."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    void_reason = IntegerField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("batch", "void_reason")
        without_rowid = True


class Draft(Table):
    """The half-keyed ballot of a batch. `marks` has a space for a place not keyed yet."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    marks = TextField()
    cursor = IntegerField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class Keyer(Table):
    """Who keyed a pass of a batch: 1 the first entry, 2 the second, 3 differing places. Not how
    much nor when, for that would tie ballots to a moment."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    number = IntegerField()
    who = TextField()

    class Meta:
        primary_key = CompositeKey("batch", "number", "who")
        without_rowid = True


class SecondBallot(Table):
    """复核: a ballot of the second, blind entry of a batch; gone once the entries agree."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    position = IntegerField()
    marks = TextField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch", "position")
        without_rowid = True


class SecondDraft(Table):
    """The half-keyed ballot of a batch's second entry, as in `Draft`."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    marks = TextField()
    cursor = IntegerField()
    void_reason = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class Verification(Table):
    """复核 of a batch: whether the entries agree, and what was found on the way. `compared` and
    the errors count marks; `missing` and `extra` sheets of the second entry."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    batch_id: int
    agreed = BooleanField(default=False)
    compared = IntegerField(default=0)
    first_wrong = IntegerField(default=0)
    second_wrong = IntegerField(default=0)
    changed = IntegerField(default=0)
    missing = IntegerField(default=0)
    extra = IntegerField(default=0)

    class Meta:
        primary_key = CompositeKey("batch")
        without_rowid = True


class SealedBallot(Table):
    """What a batch holds once its poll was sealed: how many ballots of each kind, sorted, in no
    order of their own."""

    batch: ForeignKeyField = ForeignKeyField(Batch, index=False, on_delete="RESTRICT")
    batch_id: int
    void_reason = IntegerField()
    marks = TextField()
    n = IntegerField()

    class Meta:
        primary_key = CompositeKey("batch", "void_reason", "marks")
        without_rowid = True


class Seal(Table):
    """封存 of a poll. `canonical` is the sealed text (zlib), `digest` its SHA-256, `journal_head`
    the digest of the journal's entry of the seal; `reopened_*` stay empty while it is in force;
    `proof` is a SHA-256 over all the rest (`models.seal.sealing`)."""

    poll: ForeignKeyField = ForeignKeyField(Poll, backref="seals", on_delete="RESTRICT")
    poll_id: int
    version = IntegerField()
    at = TextField()
    who = TextField()
    tellers = TextField()
    canonical = BlobField()
    digest = TextField()
    journal_head = TextField()
    reopened_at = TextField(default="")
    reopened_reason = TextField(default="")
    reopened_by = TextField(default="")
    proof = TextField(default="")

    class Meta:
        indexes = ((("poll", "version"), True),)


class Erasure(Table):
    """A poll that was sealed and whose order of entry is not yet gone from the file's free pages,
    its log and its backups. A row outlives a kill, so that the next start finishes the work."""

    poll: ForeignKeyField = ForeignKeyField(Poll, index=False, on_delete="CASCADE")
    poll_id: int

    class Meta:
        primary_key = CompositeKey("poll")
        without_rowid = True


class Journal(Table):
    """操作日志: append-only and hash-chained (`models.database.journal`)."""

    at = TextField()
    who = TextField()
    act = TextField()
    subject = TextField()
    detail = TextField()
    previous = TextField()
    digest = TextField()


class Written(Table):
    """The register of documents written: where, when, from what state, and their SHA-256."""

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
