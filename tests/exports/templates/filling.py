"""Documents made from the office's own templates, for tests."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx

from exports.documents import archive_entry, chief, feedback, own_templates, public
from exports.documents.archive_entry import ArchiveFile
from exports.documents.kinds import KINDS as ALL_KINDS
from exports.page.master import Orientation, master
from exports.parts.results import PersonResult, PollResults
from exports.templates.fields import Values

KINDS = [kind.key for kind in own_templates.kinds()]
FEEDBACK = ALL_KINDS["feedback"]
OF_PERSON = ("feedback", "archive")
NOBODY_KNOWN = ArchiveFile(None, ())


def in_folder(results: PollResults, folder: Path) -> PollResults:
    return replace(results, documents=replace(results.documents, templates=folder))


def context(
    results: PollResults, person: PersonResult | None, kind: str, file: ArchiveFile = NOBODY_KNOWN
) -> Values:
    """The values for a template of a kind."""
    if person is None:
        return {"chief": chief, "public": public}[kind].field_values(results)
    if kind == "archive":
        return archive_entry.field_values(results, person, file)
    return feedback.field_values(results, person)


def from_template(
    results: PollResults, kind: str, person: PersonResult | None, file: ArchiveFile = NOBODY_KNOWN
) -> bytes | None:
    """A document from the office's template, None without one."""
    return own_templates.filled(
        results.documents, kind, lambda: context(results, person, kind, file)
    )


def made(results: PollResults, kind: str, person: PersonResult | None = None) -> bytes:
    """A document from the office's template, of the second person where it is of a person."""
    whom = (person or results.persons()[1]) if kind in OF_PERSON else None
    found = from_template(results, kind, whom)
    assert found is not None
    return found


def template(*lines: str, required: bool = True) -> bytes:
    """A template as a person types it in Word: a paragraph a line."""
    document = docx.Document(io.BytesIO(master(Orientation.PORTRAIT, "gb2312").document("")))
    named = ("{{ 标记 }}{% for 句 in 更正 %}{{ 句 }}{% endfor %}",) if required else ()
    for line in (*named, *lines):
        document.add_paragraph(line)
    plain = io.BytesIO()
    document.save(plain)
    return plain.getvalue()


def put(folder: Path, content: bytes, kind: str = "feedback") -> Path:
    path = folder / f"{ALL_KINDS[kind].name}.docx"
    path.write_bytes(content)
    return path
