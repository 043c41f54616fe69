"""The measures of the house: what a newcomer may rely on when looking for something."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter

import pytest

from tests.house import FLOORS, ROOT, House, drawn

# `documents` holds one module for each kind of document, so it alone may be larger.
LARGEST_SHARE = 0.42
GROWS = "exports.documents"
LONGEST_FUNCTION = 60  # lines, its docstring among them
MOST_METHODS = 20


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def test_the_picture_is_that_of_the_code(house: House) -> None:
    assert drawn() == house.picture(), "draw it again: python -m tests.house"


def test_no_class_name_has_two_meanings(house: House) -> None:
    names = Counter(name for module in house.modules.values() for name, _ in module.classes)
    assert not [name for name, times in names.items() if times > 1]


@pytest.mark.parametrize("floor", FLOORS)
def test_no_two_modules_of_a_floor_share_a_name(house: House, floor: str) -> None:
    names = Counter(
        module.name.rpartition(".")[2]
        for modules in house.packages(floor).values()
        for module in modules
    )
    assert not [name for name, times in names.items() if times > 1]


def test_the_doors_in_the_contracts_are_those_that_are_used(house: House) -> None:
    """No door is kept open that nobody outside the package uses, and no package has no list."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = {
        contract["allowed_importers"][0]: {
            line.removeprefix("** -> ") for line in contract["ignore_imports"]
        }
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "protected"
    }
    packages = {
        package
        for floor in FLOORS
        for package, modules in house.packages(floor).items()
        if len(modules) > 1 and package != "tui.screens"  # holds packages
    }
    assert listed == {package: house.doors(package) for package in packages}


def test_packages_export_nothing_again(house: House) -> None:
    """A package's own file holds its docstring: a re-export would load what nobody asked for."""
    for module in house.modules.values():
        packages = {other.name.rpartition(".")[0] for other in house.modules.values()}
        if module.name in packages:
            body = [type(node) for node in module.tree.body]
            assert body == [ast.Expr], module.name


@pytest.mark.parametrize("floor", FLOORS)
def test_no_package_is_most_of_its_floor(house: House, floor: str) -> None:
    sizes = {
        package: sum(module.lines for module in modules)
        for package, modules in house.packages(floor).items()
    }
    whole = sum(sizes.values())
    large = {
        package: round(size / whole, 2)
        for package, size in sizes.items()
        if size > LARGEST_SHARE * whole and package != GROWS
    }
    assert not large


def test_no_function_is_longer_than_a_page(house: House) -> None:
    functions = [each for module in house.modules.values() for each in module.functions]
    assert not [(name, lines) for name, lines in functions if lines > LONGEST_FUNCTION]


def test_no_class_is_many_things(house: House) -> None:
    classes = [
        (f"{module.name}.{name}", methods)
        for module in house.modules.values()
        for name, methods in module.classes
    ]
    assert not [each for each in classes if each[1] > MOST_METHODS]
