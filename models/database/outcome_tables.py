"""The tables of what people decide and do with the results (regulation, part five).

They stand beside a sealed count and never change it. Nothing outside `models/` imports this
module.
"""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from models.database.tables import Poll, Subject, Table


class DeterminationRow(Table):
    """研究确定的等次 of a subject: typed in after a meeting. `on` is ISO text, `seal_version` the
    version of the seal whose counts the meeting had before it."""

    subject: ForeignKeyField = ForeignKeyField(Subject, unique=True, on_delete="CASCADE")
    subject_id: int
    grade = TextField()
    on = TextField()
    meeting = TextField()
    by = TextField()
    basis = TextField(default="")
    seal_version = IntegerField()

    class Meta:
        table_name = "determination"


class Opinion(Table):
    """意见归纳 of a subject: the office's own summary, tied to no ballot."""

    subject: ForeignKeyField = ForeignKeyField(Subject, unique=True, on_delete="CASCADE")
    subject_id: int
    text = TextField()


class DeliveryRow(Table):
    """A result handed over: `kind` is a `models.results.delivery.Handover`; `subject` is null for
    what goes to the unit. Dates are ISO text; `signed_on` is empty until the receipt came back."""

    poll: ForeignKeyField = ForeignKeyField(Poll, on_delete="CASCADE")
    poll_id: int
    kind = TextField()
    subject: ForeignKeyField = ForeignKeyField(Subject, null=True, on_delete="CASCADE")
    subject_id: int | None
    on = TextField()
    way = TextField()
    signed_by = TextField(default="")
    signed_on = TextField(default="")

    class Meta:
        table_name = "delivery"
        indexes = ((("poll", "kind", "subject"), True),)


OUTCOME_TABLES: tuple[type[Table], ...] = (DeterminationRow, Opinion, DeliveryRow)
