"""The house keeps its order: tests mirror the rooms, no room is crowded, and a name means one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("app", "squid_core")
CROWDED = 24  # modules side by side, __init__.py with them


def _rooms(repository: Path) -> list[Path]:
    """Folders of the two packages that hold modules, relative to the repository."""
    modules = (module for package in PACKAGES for module in (repository / package).rglob("*.py"))
    return sorted({module.parent.relative_to(repository) for module in modules})


def test_every_room_has_its_tests_in_a_folder_named_alike(repository: Path) -> None:
    rooms = _rooms(repository)
    assert len(rooms) > 30
    assert [str(room) for room in rooms if not list((repository / "tests" / room).glob("test_*.py"))] == []


def test_every_folder_of_tests_is_that_of_a_room(repository: Path) -> None:
    tests = repository / "tests"
    folders = (folder for package in PACKAGES for folder in (tests / package).rglob("*/") if list(folder.glob("*.py")))
    rooms = set(_rooms(repository))
    assert [str(folder) for folder in folders if folder.relative_to(tests) not in rooms] == []


def test_no_room_is_crowded(repository: Path) -> None:
    held = {str(room): len(list((repository / room).glob("*.py"))) for room in _rooms(repository)}
    assert {room: count for room, count in held.items() if count > CROWDED} == {}


def _names(module: Path) -> Iterator[str]:
    """Public classes and aliases of types that a module defines."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).endswith("TypeAlias"):
            yield ast.unparse(node.target)


def test_no_two_classes_share_a_name(repository: Path) -> None:
    found = defaultdict(set)
    for package in PACKAGES:
        for module in (repository / package).rglob("*.py"):
            for name in _names(module):
                if not name.startswith("_"):
                    found[name].add(str(module.relative_to(repository)))
    assert {name: sorted(modules) for name, modules in found.items() if len(modules) > 1} == {}
