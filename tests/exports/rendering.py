"""Sets documents by LibreOffice, with faces near to ours or with a machine's fallback."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

FONTS = Path(__file__).parent / "preview-fonts.conf"
_HEIGHT = re.compile(r'<w:trHeight w:val="(\d+)"')
_DOCUMENT = "word/document.xml"


def environment(*, mapped: bool) -> dict[str, str]:
    """The environment in which the faces of official documents are mapped to those of Debian."""
    fonts = {"FONTCONFIG_FILE": str(FONTS)} if mapped else {}
    return {**os.environ, **fonts}


def pages(documents: Mapping[str, bytes], folder: Path, *, mapped: bool) -> dict[str, list[str]]:
    """The text of each page of these documents by name, all set in one run."""
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("soffice or pdftotext is missing: nothing sets the pages here")
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            *(f"{n}.docx" for n in documents),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=200,
        env=environment(mapped=mapped),
    )
    found = {}
    for name in documents:
        run = ["pdftotext", "-layout", f"{name}.pdf", "-"]
        shown = subprocess.run(run, cwd=folder, check=True, capture_output=True).stdout.decode()
        found[name] = shown.split("\f")[:-1]
    return found


def higher(document: bytes, twips: int = 10) -> bytes:
    """The same document with every row so much higher: an engine adds its border to the height."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == _DOCUMENT:
                raised = _HEIGHT.sub(
                    lambda found: f'<w:trHeight w:val="{int(found[1]) + twips}"', content.decode()
                )
                content = raised.encode()
            new.writestr(name, content)
    return made.getvalue()
