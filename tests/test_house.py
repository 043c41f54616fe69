"""The measures of the house: what a newcomer may rely on when looking for something."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict

import pytest

from tests.house import FLOORS, House, drawn

LONGEST_FUNCTION = 60
MOST_METHODS = 20
LONGEST_FILE = 450
# `documents` holds one module for each kind of document, so it alone may be larger.
LARGEST_SHARE = 0.42
GROWS = "exports.documents"


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def test_the_picture_is_that_of_the_code(house: House) -> None:
    assert drawn() == house.picture(), "draw it again: python -m tests.house"


def test_functions_are_short(house: House) -> None:
    long = [
        f"{name}: {lines}"
        for module in house.modules.values()
        for name, lines in module.functions
        if lines > LONGEST_FUNCTION
    ]
    assert not long


def test_classes_have_few_methods(house: House) -> None:
    wide = [
        f"{module.name}.{name}: {methods}"
        for module in house.modules.values()
        for name, methods in module.classes
        if methods > MOST_METHODS
    ]
    assert not wide


def test_files_are_one_idea(house: House) -> None:
    long = {m.name: m.lines for m in house.modules.values() if m.lines > LONGEST_FILE}
    assert not long


def test_no_class_name_has_two_meanings(house: House) -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for module in house.modules.values():
        for name, _ in module.classes:
            if not name.startswith("_"):
                where[name].append(module.name)
    assert not {name: modules for name, modules in where.items() if len(modules) > 1}


@pytest.mark.parametrize("floor", FLOORS)
def test_no_two_modules_of_a_floor_share_a_name(house: House, floor: str) -> None:
    names = Counter(
        module.name.rpartition(".")[2]
        for modules in house.packages(floor).values()
        for module in modules
    )
    assert not [name for name, times in names.items() if times > 1]


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


@pytest.mark.parametrize("floor", ["models", "exports"])
def test_few_modules_stand_outside_a_package(house: House, floor: str) -> None:
    alone = [name for name, modules in house.packages(floor).items() if name in house.modules]
    flat = [name for name in alone if len(house.packages(floor)[name]) == 1]
    assert len([name for name in flat if name.count(".") == 1]) <= 20, flat
