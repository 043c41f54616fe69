"""The house as its code draws it: floors, packages, imports between them, and its measures.

`python -m tests.house` writes the picture in docs/architecture.md again.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = ("tui", "exports", "models")
DOCUMENT = ROOT / "docs" / "architecture.md"
_PICTURE = re.compile(r"```mermaid\n.*?```", re.DOTALL)


@dataclass(frozen=True)
class Module:
    """One file of the program."""

    name: str
    """Dotted, `models.entry.keying`; a package's own file has the package's name."""
    package: str
    """The package it stands in, or its own name where it stands on a floor by itself."""
    tree: ast.Module
    lines: int

    @property
    def floor(self) -> str:
        """`models`, `exports` or `tui`."""
        return self.name.partition(".")[0]

    @cached_property
    def functions(self) -> list[tuple[str, int]]:
        """Every function with its length in lines, docstring included."""
        return [
            (f"{self.name}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    @cached_property
    def classes(self) -> list[tuple[str, int]]:
        """Every class that stands at the top of the file, with the number of its methods."""
        return [
            (node.name, sum(isinstance(part, ast.FunctionDef) for part in node.body))
            for node in self.tree.body
            if isinstance(node, ast.ClassDef)
        ]


class House:
    """Every module under `root`, and which imports which."""

    def __init__(self, root: Path = ROOT) -> None:
        self.modules = {module.name: module for module in _read(root)}
        self.imports = {
            module.name: {name for name in self._imported(module.tree) if name != module.name}
            for module in self.modules.values()
        }

    def _imported(self, tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    name = whole if whole in self.modules else node.module
                    if name in self.modules:
                        yield name

    def packages(self, floor: str) -> dict[str, list[Module]]:
        """The packages of a floor with their modules, those that stand alone among them."""
        found: dict[str, list[Module]] = defaultdict(list)
        for module in self.modules.values():
            if module.floor == floor and module.name != floor:
                found[module.package].append(module)
        return dict(sorted(found.items()))

    def arrows(self, floor: str) -> dict[str, set[str]]:
        """Which package of a floor imports which other of the same floor."""
        found: dict[str, set[str]] = {name: set() for name in self.packages(floor)}
        for name, targets in self.imports.items():
            source = self.modules[name].package
            for target in targets:
                package = self.modules[target].package
                if source in found and package in found and package != source:
                    found[source].add(package)
        return found

    def doors(self, package: str) -> set[str]:
        """The modules of a package that something outside it imports."""
        return {
            target
            for name, targets in self.imports.items()
            for target in targets
            if self.modules[target].package == package and self.modules[name].package != package
        }

    def picture(self) -> str:
        """Floors and packages in Mermaid, an arrow for each import that no other arrow implies."""
        lines = ["flowchart TB"]
        for floor in FLOORS:
            lines.append(f'  subgraph {floor}["{floor}/"]')
            for package in self.packages(floor):
                short = package.removeprefix(f"{floor}.")
                lines.append(f'    {_key(package)}["{short}"]')
            lines.append("  end")
        for floor in FLOORS:
            for source, targets in _reduced(self.arrows(floor)).items():
                lines += [f"  {_key(source)} --> {_key(target)}" for target in sorted(targets)]
        lines += [f"  {above} ==> {below}" for above, below in pairwise(FLOORS)]
        return "```mermaid\n" + "\n".join(lines) + "\n```"


def _read(root: Path) -> Iterator[Module]:
    for floor in FLOORS:
        for file in sorted((root / floor).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            source = file.read_text(encoding="utf-8")
            depth = 3 if parts[:2] == ("tui", "screens") and file.parent.name != "screens" else 2
            package = ".".join(parts[:depth])
            yield Module(".".join(parts), package, ast.parse(source), source.count("\n"))


def _key(package: str) -> str:
    return package.replace(".", "_")


def _reduced(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """The arrows less those that a way over another package implies."""

    def reach(start: str) -> set[str]:
        found: set[str] = set()
        waiting = [start]
        while waiting:
            for target in arrows[waiting.pop()] - found:
                found.add(target)
                waiting.append(target)
        return found

    return {
        source: {
            target
            for target in targets
            if not any(target in reach(other) for other in targets - {target})
        }
        for source, targets in sorted(arrows.items())
    }


def drawn() -> str:
    """The picture as it stands in docs/architecture.md."""
    found = _PICTURE.search(DOCUMENT.read_text(encoding="utf-8"))
    return found[0] if found else ""


if __name__ == "__main__":
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(_PICTURE.sub(lambda _: House().picture(), text), encoding="utf-8")
