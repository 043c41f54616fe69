"""Parts that the documents share: title, notes, signature, return slip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exports.page.markup import Markup, blank, ems
from exports.page.master import Orientation
from exports.page.styles import FLUSH, MARKER, NOTE, SIGNATURE, TEXT, Face
from exports.parts.results import PollResults
from exports.parts.wording import (
    BLANK_DATE,
    attendance_words,
    date_words,
    unofficial,
    way_words,
)
from models.settings.office import Office

_CHARACTER = 315  # twips per character of body text
_NOTE_INDENT = 480
_LONGEST_SIGNATURE = 20


def opening(
    markup: Markup,
    parts: Iterable[str],
    orientation: Orientation,
    *,
    official: bool,
    corrections: Iterable[str] = (),
    gap: bool = True,
) -> str:
    """Return the title, the notices below it and, with `gap` on portrait pages, a blank line.

    The notices are “unofficial” while the poll is not sealed, and any corrections made after a
    seal.
    """
    title = markup.title(parts, orientation.text_width)
    # A landscape page is short, so its table starts at once.
    portrait = orientation is Orientation.PORTRAIT
    below = markup.paragraph(FLUSH) if gap and portrait else ""
    said = unofficial(official=official)
    mark = markup.paragraph(MARKER, said) if said else ""
    return title + mark + markup.paragraphs(NOTE, corrections) + below


def notes_under_table(
    markup: Markup, notes: Sequence[str], *, keep_next: bool = False, in_table: bool = False
) -> str:
    """Return the notes under a table, one paragraph each, the first starting with 注：.

    None is alone on a page; with `keep_next`, the last is kept with the following paragraph.
    With `in_table` they are the table's last row, which needs no keeping.
    """
    last = len(notes) - 1
    kept = {0, last - 1} - {last} | ({last} if keep_next else set())
    if in_table:
        kept = set()
    found = []
    for number, note in enumerate(notes):
        first = number == 0
        found.append(
            markup.paragraph(
                NOTE,
                f"注：{note}" if first else note,
                left=_NOTE_INDENT,
                hanging=_NOTE_INDENT if first else 0,
                keep_next=number in kept,
                keep_lines=True,
            )
        )
    return "".join(found)


def basis_words(documents: Sequence[str]) -> str:
    """Join document titles as in prose: 甲、乙和丙."""
    if len(documents) < 2:
        return "".join(documents)
    return "、".join(documents[:-1]) + "和" + documents[-1]


def process_words(results: PollResults) -> str:
    """Return the sentence that says when, how and by whom the evaluation was made.

    See the regulation, clause 三.
    """
    poll, round_info = results.poll, results.round
    when = date_words(poll.date)
    groups = "、".join(group.name for group in round_info.groups)
    present = f"，{attendance_words(poll)}" if poll.expected else ""
    return (
        f"{when + '，' if when else ''}以无记名投票方式对{poll.unit_name}领导班子和领导干部进行了"
        f"民主测评（{way_words(round_info)}）。测评人员由{groups}组成{present}。"
    )


def signature(markup: Markup, office: Office, closing: Iterable[str] = ("特此反馈。",)) -> str:
    """Return the closing words, then the 署名 and date at the right (GB/T 9704-2012, 7.3.5).

    Each closing sentence is a paragraph. The name is centred over the date, which is left blank to
    be filled in by hand. Everything is kept together, so that a signature is never alone on a page
    if the text above is kept with it.
    """
    lines = [*signature_lines(office), BLANK_DATE]
    widest = max(ems(line) for line in lines)
    right = (4 if widest <= _LONGEST_SIGNATURE - 2 else 2) * _CHARACTER
    width = Orientation.PORTRAIT.text_width
    left = max(0, width - right - round((widest + 0.5) * _CHARACTER))
    return (
        "".join(markup.paragraph(TEXT, words, keep_next=True) for words in closing)
        + markup.paragraph(FLUSH, keep_next=True)
        + "".join(
            markup.paragraph(SIGNATURE, line, left=left, right=right, keep_next=number < len(lines))
            for number, line in enumerate(lines, 1)
        )
    )


def signature_lines(office: Office) -> list[str]:
    """Return the signature, broken after the organ's name if it is too long for one line."""
    text = office.signature or office.name
    rest = text.removeprefix(office.name)
    if ems(text) > _LONGEST_SIGNATURE and rest and rest != text:
        return [office.name, rest]
    return [text]


def return_slip(markup: Markup, office: Office, receipt: Sequence[str]) -> str:
    """Return the 回执, to be cut off and signed by the addressee; kept on one page.

    `receipt` says who has received what. Empty if the office has no wording for it.
    """
    if not receipt:
        return ""
    dashes = '<w:top w:val="dashed" w:sz="6" w:space="1" w:color="000000"/>'
    return (
        markup.paragraph(FLUSH, keep_next=True)
        + markup.paragraph(
            FLUSH, "回　执", face=Face.HEI, align="center", border=dashes, keep_next=True
        )
        + markup.paragraph(FLUSH, f"{office.signature or office.name}：", keep_next=True)
        + "".join(
            markup.paragraph(TEXT, words, keep_next=True, keep_lines=True) for words in receipt
        )
        + markup.paragraph(
            FLUSH, f"签收人（签名）：{blank(6)}　{BLANK_DATE}", align="right", right=_CHARACTER
        )
    )


_LINES_TO_WRITE_ON = 3


def summed_up(markup: Markup, text: str, *, keep_next: bool = True) -> str:
    """Return the summary of opinions as text, or lines to write it on if there is none.

    With `keep_next`, either is kept with the following paragraph.
    """
    if text:
        return markup.paragraph(TEXT, text, keep_next=keep_next)
    return room_to_write(markup, keep_next=keep_next)


def room_to_write(markup: Markup, *, keep_next: bool = True) -> str:
    """Return lines to write on by hand; with `keep_next`, kept with the following paragraph."""
    width = Orientation.PORTRAIT.text_width
    return markup.writing_lines(FLUSH, _LINES_TO_WRITE_ON, width, keep_next=keep_next)
