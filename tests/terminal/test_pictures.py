"""The pictures of manual and README are of the program as it is."""

import re
from xml.etree import ElementTree

import pytest

from tests import pictures
from tests.manual import MANUAL, ROOT, screens

README = ROOT / "README.md"


@pytest.mark.timeout(300)
def test_every_picture_is_what_a_terminal_shows_now() -> None:
    drawn = pictures.pictures()
    stale = [
        name
        for name, text in drawn.items()
        if not (file := pictures.FOLDER / f"{name}.svg").exists()
        or file.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"python -m tests.manual draws them anew: {stale}"
    assert {file.stem for file in pictures.FOLDER.glob("*.svg")} == set(drawn)


def test_every_picture_is_in_the_manual_and_none_is_lacking() -> None:
    named = set(re.findall(r"\(pictures/(\w+)\.svg\)", MANUAL.read_text(encoding="utf-8")))
    there = {file.stem for file in pictures.FOLDER.glob("*.svg")}
    assert named == there
    lacking = {kind.__name__ for kind in screens()} - there
    assert not lacking, f"give them a step in tests/pictures.py: {lacking}"
    of_readme = re.findall(r"\(docs/pictures/(\w+)\.svg\)", README.read_text(encoding="utf-8"))
    assert of_readme
    assert set(of_readme) <= there


def test_a_picture_is_a_drawing_in_colour() -> None:
    for file in pictures.FOLDER.glob("*.svg"):
        root = ElementTree.parse(file).getroot()  # noqa: S314 - our own
        inks = {each.get("fill") for each in root.iter()}
        assert len(inks) > 3, file.name
