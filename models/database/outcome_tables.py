"""Tables for what is decided and done with the results (regulation, part five).

They supplement a sealed count and never change it. Only modules in `models/` may import this one.
"""

from __future__ import annotations

from peewee import ForeignKeyField, IntegerField, TextField

from models.database.tables import Poll, Subject, Table


class DeterminationRow(Table):
    """The grade that a meeting fixed for a subject (研究确定的等次)."""

    subject: ForeignKeyField = ForeignKeyField(Subject, unique=True, on_delete="CASCADE")
    subject_id: int
    grade = TextField()
    on = TextField()
    """Date of the decision, as ISO text."""
    meeting = TextField()
    by = TextField()
    """The body that decided."""
    basis = TextField(default="")
    seal_version = IntegerField()
    """Version of the seal whose counts the meeting used."""

    class Meta:
        table_name = "determination"


class Opinion(Table):
    """The office's summary of written opinions on a subject (意见归纳); not linked to ballots."""

    subject: ForeignKeyField = ForeignKeyField(Subject, unique=True, on_delete="CASCADE")
    subject_id: int
    text = TextField()


class DeliveryRow(Table):
    """A delivered result."""

    poll: ForeignKeyField = ForeignKeyField(Poll, on_delete="CASCADE")
    poll_id: int
    kind = TextField()
    """A `models.results.delivery.Handover`."""
    subject: ForeignKeyField = ForeignKeyField(Subject, null=True, on_delete="CASCADE")
    """Null if the delivery goes to the unit."""
    subject_id: int | None
    on = TextField()
    """Date of delivery, as ISO text."""
    way = TextField()
    signed_by = TextField(default="")
    signed_on = TextField(default="")
    """Date of the signed receipt, as ISO text; empty until there is one."""
    seal_version = IntegerField(default=0)
    """Version of the seal whose results were delivered. Deliveries of before a correction stay."""

    class Meta:
        table_name = "delivery"
        indexes = ((("poll", "kind", "subject", "seal_version"), True),)


OUTCOME_TABLES: tuple[type[Table], ...] = (DeterminationRow, Opinion, DeliveryRow)
