"""The sentences that an office can word itself, filled in for one document.

The available fields are listed in `models.settings.own_wording`. The office's own Word templates
use the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exports.page.markup import blank
from exports.parts.letter import basis_words, process_words
from exports.parts.results import PollResults
from exports.parts.wording import date_words, objection_words, way_words
from models.rounds.layout import SubjectName
from models.rounds.plan import RoundInfo
from models.settings.office import DocumentSettings, Office
from models.settings.own_wording import fill

_BLANK_SCOPE = blank(10)


def round_values(office: Office, round_info: RoundInfo) -> dict[str, str]:
    """Return the fields available in every sentence."""
    return {
        "机关": office.name,
        "落款": office.signature or office.name,
        "轮次": round_info.title,
        "年度": str(round_info.plan.year),
        "测评方式": way_words(round_info),
        "测评人员": "、".join(group.name for group in round_info.groups),
        "依据": basis_words(office.basis[-1:]),
        "全部依据": basis_words(office.basis),
    }


def poll_values(results: PollResults) -> dict[str, str]:
    """Return the fields available in sentences about a poll; unknown values are empty."""
    poll = results.poll
    return {
        **round_values(results.office, results.round),
        "单位": poll.unit_name,
        "单位简称": poll.short,
        "日期": date_words(poll.date),
        "地点": poll.place,
        "应到": str(poll.expected) if poll.expected else "",
        "实到": str(poll.present) if poll.present else "",
        "经过": process_words(results),
    }


@dataclass(frozen=True)
class OwnWords:
    """The office's sentences for one document."""

    sentences: Mapping[str, str]
    """The sentences by key, with fields not yet filled in."""
    values: Mapping[str, str]
    """The values of the fields by name."""

    @classmethod
    def of(cls, results: PollResults, kind: str, who: SubjectName | None = None) -> OwnWords:
        """Return the sentences of a kind of document about a poll, addressed to `who`."""
        documents = results.documents
        values = poll_values(results)
        objection = documents.objection
        if kind == "public":
            objection = objection_words(objection, "本公开反馈")
        values |= {"异议": objection, "公开范围": documents.public_scope or _BLANK_SCOPE}
        if who:
            values |= {"姓名": who.name, "职务": who.post}
        sentences = documents.wording[kind]
        title = "".join(fill(sentences["title"], values))
        return cls(sentences, values | {"标题": title})

    @classmethod
    def of_round(
        cls, office: Office, documents: DocumentSettings, round_info: RoundInfo, kind: str
    ) -> OwnWords:
        """Return the sentences of a kind of document about a whole round."""
        return cls(documents.wording[kind], round_values(office, round_info))

    def lines(self, key: str) -> tuple[str, ...]:
        """Return a sentence as lines, with fields filled in; empty if the office has removed it."""
        return fill(self.sentences[key], self.values)
