"""What a second entry found wrong, in words for the signed report and the screen."""

from __future__ import annotations

from collections.abc import Iterable

from models.entry.second_entry import Errors, StackVerification

_PASSES = (("第一次", "first"), ("第二次", "second"))
_WHAT = (
    ("错标 {0} 项（{1} 张）", "wrong", "sheets"),
    ("漏录 {0} 张", "skipped", ""),
    ("重录 {0} 张", "twice", ""),
)


def lines(found: Iterable[StackVerification]) -> list[str]:
    """How many marks and sheets each entry had wrong, and how that was settled; one line if
    nothing was. Empty if nothing was compared."""
    seen = list(found)
    if not any(each.compared for each in seen):
        return []
    errors = sum((each.errors for each in seen), Errors())
    unknown = sum(each.unattributed for each in seen)
    said = [words for entry in _PASSES if (words := _of_entry(errors, *entry))]
    if unknown:
        said.append(f"另有 {unknown} 张不同、漏录或重录的，未记明是哪一次的")
    if not said:
        return ["两次录入完全一致"]
    settled = []
    if errors.sheets or unknown:
        settled.append("错标的对照纸票第三次录入核定")
    if errors.whole_sheets or unknown:
        settled.append("漏录的对照纸票补录，重录的去掉")
    return [*said, "；".join(settled)]


def _of_entry(errors: Errors, title: str, entry: str) -> str:
    numbers = vars(errors)
    parts = [
        text.format(found, numbers[f"{entry}_{sheets or what}"])
        for text, what, sheets in _WHAT
        if (found := numbers[f"{entry}_{what}"])
    ]
    return f"{title}：{'，'.join(parts)}" if parts else ""
