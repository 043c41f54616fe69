"""What is written, to be taken away: the files of a round, and one archive of them for a stick."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from models.refusal import RefusedError, fault_words
from models.results import register

# The earliest time that an archive can name: the documents have no time of their own either.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def standing_files(round_id: int, folder: Path) -> list[Path]:
    """The documents of a round under `folder` (absolute) that are still where they were written,
    in the order of their paths."""
    known = register.last_at_each_path()
    found = {Path(row.path) for row in known if row.round_id == round_id}
    return sorted(path for path in found if path.is_relative_to(folder) and path.is_file())


def archive(files: Iterable[Path], folder: Path) -> bytes:
    """An archive of files under `folder`, by their paths below it. Raises `RefusedError` if one
    cannot be read."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            name = zipfile.ZipInfo(str(path.relative_to(folder)), _NO_TIME)
            name.compress_type = zipfile.ZIP_DEFLATED
            try:
                packed.writestr(name, path.read_bytes())
            except OSError as error:
                raise RefusedError(f"读不了 {path}（{fault_words(error)}），没有打包。") from error
    return made.getvalue()
