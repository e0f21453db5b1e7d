"""What a user's pip gets: the right pins, everything the program needs, nothing with a licence that binds it."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from app import software
from tests.tools.sbom import write_sbom

FIRST_PARTY = {"app", "squid_core"}
EXTRAS = ("", "demo", "cluster")  # what a user installs; the tools of the dev extra are not shipped


def _requirements(repository: Path, extra: str = "") -> list[Requirement]:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(line) for line in lines]


def _shipped(repository: Path) -> set[str]:
    """Names of all distributions that `pip install squid-viewer[demo]` brings to this machine."""
    waiting = [requirement for extra in EXTRAS for requirement in _requirements(repository, extra)]
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            pytest.fail(f"{name} is a dependency and not installed: run make setup")
        found.add(name)
        for line in needs:
            need = Requirement(line)
            extras = requirement.extras or {""}
            if not need.marker or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(need)
    return found


def _imported_packages(repository: Path) -> Iterator[tuple[str, str]]:
    """(top-level package, file) of every absolute import in the program, lazy ones included."""
    for room in FIRST_PARTY:
        for file in sorted((repository / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                else:
                    continue
                for name in names:
                    yield name.split(".")[0], str(file.relative_to(repository))


def test_python_3_11_never_gets_the_pyside_that_aborts_it(repository: Path) -> None:
    for python, broken_allowed in (("3.11", False), ("3.12", True)):
        pins = [
            requirement.specifier
            for requirement in _requirements(repository)
            if requirement.name == "PySide6-Essentials"
            and (not requirement.marker or requirement.marker.evaluate({"python_version": python}))
        ]
        assert len(pins) == 1
        assert (Version("6.12.0") in pins[0]) is broken_allowed
        assert Version("6.11.0") in pins[0]


def test_the_version_is_said_in_one_place(repository: Path) -> None:
    version = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    sources = [*repository.glob("*.spec"), *repository.glob("*.cff"), repository / "README.md"]
    sources += [source for package in FIRST_PARTY for source in (repository / package).rglob("*.py")]
    assert [source.name for source in sources if version in source.read_text(encoding="utf-8")] == []
    changes = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changes, re.MULTILINE)


@pytest.mark.parametrize("program", ["app", "squid_core.cli"])
def test_both_programs_say_their_version(program: str) -> None:
    said = subprocess.run([sys.executable, "-m", program, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[1] == metadata.version("squid-viewer")


def test_only_the_opencv_without_a_qt_of_its_own_is_installed(repository: Path) -> None:
    shipped = _shipped(repository)
    assert "opencv-python-headless" in shipped
    assert not shipped & {"opencv-python", "opencv-contrib-python"}


def test_every_import_of_the_program_is_a_declared_dependency(repository: Path) -> None:
    declared = {canonicalize_name(item.name) for extra in EXTRAS for item in _requirements(repository, extra)}
    providers = metadata.packages_distributions()
    undeclared = {
        f"{package} ({file})"
        for package, file in _imported_packages(repository)
        if package not in FIRST_PARTY | sys.stdlib_module_names
        and not declared & {canonicalize_name(name) for name in providers.get(package, ())}
    }
    assert undeclared == set()


def test_a_decoder_for_every_kind_of_compression_is_declared(repository: Path) -> None:
    # pydicom finds them by itself, so that no import of ours would tell that one is missing.
    declared = {canonicalize_name(item.name) for item in _requirements(repository)}
    assert {"pillow", "pylibjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle", "pyjpegls", "simpleitk"} <= declared


def test_the_frozen_program_carries_what_packages_ask_of_themselves(repository: Path) -> None:
    """A package that asks for its own version when it is imported cannot be imported without its metadata."""
    packages = metadata.packages_distributions()
    declared = {canonicalize_name(item.name) for item in _requirements(repository)}
    asked = set()
    for package, distributions in packages.items():
        ours = {*map(canonicalize_name, distributions)} & declared
        place = importlib.util.find_spec(package) if ours else None
        for folder in (place and place.submodule_search_locations) or ():
            texts = (file.read_text(encoding="utf-8") for file in Path(folder).glob("*.py"))
            asked |= {name for text in texts for name in re.findall(r"\bversion\(\"([\w-]+)\"\)", text)}
    assert {"pydicom", "pynetdicom"} <= asked
    spec = (repository / "squid_viewer.spec").read_text(encoding="utf-8")
    assert [name for name in sorted(asked & declared) if f'"{name}"' not in spec] == []


@pytest.mark.parametrize(
    ("expression", "binds"),
    [
        ("GPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-or-later", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MPL-2.0 AND MIT", False),
        ("Apache-2.0", False),
    ],
)
def test_a_binding_licence_is_known_from_a_free_one(expression: str, binds: bool) -> None:
    assert software.binds(expression) is binds


def test_all_that_is_shipped_is_listed_with_the_text_of_a_licence_that_does_not_bind_us(repository: Path) -> None:
    parts = {canonicalize_name(part.name): part for part in software.software_inside()}
    shipped = _shipped(repository)
    assert {"pyside6-essentials", "torch", "opencv-python-headless", "simpleitk"} <= shipped
    assert shipped | {"squid-viewer", "python"} <= set(parts)
    wordless = [name for name, part in parts.items() if not part.licence or len(part.text()) < 400]
    assert wordless == []
    assert [str(text) for part in parts.values() for text in part.texts if not text.is_file()] == []
    assert {name: part.licence for name, part in parts.items() if software.binds(part.licence)} == {}


def test_a_text_of_our_own_is_kept_only_where_the_wheel_brings_none() -> None:
    brought = {name: software.part_of(metadata.distribution(name)).texts for name in software.ADDED}
    assert {name: [text.name for text in texts] for name, texts in brought.items()} == {
        name: list(added) for name, added in software.ADDED.items()
    }


def test_the_bill_of_materials_names_every_part_with_its_version_and_licence(tmp_path: Path) -> None:
    parts = software.software_inside()
    library = software.Software("libglib2.0-0", "2.74.6-2", "", "", parts[0].texts, kind="deb")
    software.write_licences(tmp_path, (*parts, library))
    bill = json.loads(write_sbom(tmp_path).read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "squid-viewer"
    found = {(one["name"], one["version"]): one for one in bill["components"]}
    assert set(found) == {(part.name, part.version) for part in (*parts, library) if part.name != "squid-viewer"}
    assert [name for (name, _), one in found.items() if name != library.name and not one["licenses"]] == []
    assert {one["purl"].partition("/")[0] for one in found.values()} == {"pkg:pypi", "pkg:deb", "pkg:generic"}


def test_the_frozen_program_leaves_out_the_one_library_of_python_under_the_gpl(repository: Path) -> None:
    assert '"readline"' in (repository / "squid_viewer.spec").read_text(encoding="utf-8")


def test_every_codec_of_imagecodecs_that_is_called_goes_into_the_frozen_program(repository: Path) -> None:
    """They are loaded by name: one that is not there is noticed where it is called, and a second decoder hides that."""
    sources = [path.read_text("utf-8") for name in ("app", "squid_core") for path in (repository / name).rglob("*.py")]
    called = set(re.findall(r"from imagecodecs import ([a-z0-9]+)_", "".join(sources)))
    assert called >= {"jpeg2k", "jpeg8", "jpegxl"}
    spec = (repository / "squid_viewer.spec").read_text("utf-8")
    assert {name for name in called if f'"imagecodecs._{name}"' not in spec} == set()


def test_the_wheel_holds_the_weights_the_resources_the_guide_and_the_types(repository: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for kind, inside in (("weights", "squid_core/weights"), ("resources", "app/resources"), ("docs", "app/guide")):
        files = [file for file in (repository / kind).rglob("*") if file.is_file()]
        files = [file for file in files if "packaging" not in file.parts]  # what an installer is made of
        assert files
        assert {f"{inside}/{file.relative_to(repository / kind).as_posix()}" for file in files} <= names
    assert {"app/__main__.py", "app/py.typed", "squid_core/cli.py", "squid_core/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/")) or "/packaging/" in name]
