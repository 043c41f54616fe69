"""失效文书 in words for the command line: which files no longer stand, and what to do with them."""

from __future__ import annotations

from collections.abc import Sequence

from exports.writing.lapsed import FOLDER, LapsedFile

# More files than this are only counted.
_MOST_NAMED = 20


def told(files: Sequence[LapsedFile]) -> str:
    """The files that no longer stand, a line each with the reason, and the way to take them out;
    empty if there are none."""
    if not files:
        return ""
    named = "".join(
        f"  {each.why.value}{'' if each.intact else '；写出后有人改过'}：{each.document.path}\n"
        for each in files[:_MOST_NAMED]
    )
    more = len(files) - _MOST_NAMED
    rest = f"  以及另外 {more} 个\n" if more > 0 else ""
    return (
        f"以下 {len(files)} 个已写出的文件不再是现在的结果，不要再用：\n{named}{rest}"
        f"用 ceping export 加 --take-out 移到“{FOLDER}”；重新写出到同一文件夹的会换成新的。\n"
    )


def moved(count: int, left: Sequence[str]) -> str:
    """What was taken out, and what was left."""
    lines = "".join(f"  {line}\n" for line in left)
    return f"失效的文件移出 {count} 个，记入日志。\n" + (f"没有移的：\n{lines}" if left else "")
