"""The software that this program is made of: names, versions, licences and their texts.

The frozen program finds them in its folder `licences`, written by `squid_viewer.spec`; from a virtual environment
they are read from what is installed. Nothing is asked of a network, and nothing is read before it is asked for.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from app.paths import resource

OURS = "squid-viewer"
EXTRAS = ("demo", "cluster")  # of ours; what they need is listed where it is installed
FOLDER, INDEX, NOTICE = "licences", "software.json", "NOTICE"
# Wheels without the text of their licence: it is in resources/licences.
ADDED = {
    "PySide6_Essentials": ("LGPL-3.0.txt", "GPL-3.0.txt"),  # the LGPL is said as additions to the GPL
    "shiboken6": ("LGPL-3.0.txt", "GPL-3.0.txt"),
    "pyjpegls": ("pyjpegls.txt",),
}
# Of these the metadata says less than the text does.
KNOWN = {
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0",  # of the part that goes into a bundle, the run-time hooks
}
_TEXT = re.compile(r"(un)?licen[cs]e|copying|copyright|notice|authors|third.?party|3rd.?party", re.IGNORECASE)
_NO_TEXT = (".py", ".pyc", ".pyi", ".so", ".json", ".renv")


@dataclass(frozen=True, slots=True)
class Software:
    """One part: a Python distribution, Python itself, or a package of the system.

    Attributes:
        licence: as the part's makers say it, an SPDX expression where they use one; "" where they say nothing.
        home: its page on the web, "" where none is known.
        texts: files with the licence and what belongs to it.
        kind: where it comes from, a type of the package URL: "pypi", "deb", "generic" where there is no registry.
    """

    name: str
    version: str
    licence: str
    home: str
    texts: tuple[Path, ...]
    kind: str = "pypi"

    def text(self) -> str:
        """Name, licence and page, then all texts, each below its file's name; one that cannot be read says so there."""
        head = "\n".join(filter(None, (f"{self.name} {self.version}", self.licence, self.home)))
        return "\n\n\n".join((head, *(f"{path.name}\n{'─' * len(path.name)}\n\n{_read(path)}" for path in self.texts)))


def software_inside() -> tuple[Software, ...]:
    """All parts, by name."""
    bundled = Path(getattr(sys, "_MEIPASS", "")) / FOLDER
    if getattr(sys, "frozen", False) and (bundled / INDEX).is_file():
        return listed(bundled)
    return _sorted((python_itself(), *(part_of(metadata.distribution(name)) for name in installed_names())))


def installed_names(extras: Sequence[str] = EXTRAS) -> set[str]:
    """Names of the installed distributions that this program needs, itself among them, whatever needs them.

    Args:
        extras: of ours, which count.
    """
    waiting, found = [OURS], dict[str, str]()
    while waiting:
        name = waiting.pop()
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system, or an extra that is not wanted here
        if (key := _plain(distribution.name)) in found:
            continue
        found[key] = distribution.name
        for line in distribution.requires or ():
            need, _, marker = line.partition(";")
            extra = re.search(r"extra\s*==\s*['\"](.+?)['\"]", marker)
            if extra is None or (name == OURS and extra[1] in extras):
                waiting += re.findall(r"^[\w.-]+", need)
    return set(found.values())


def part_of(distribution: metadata.Distribution) -> Software:
    """What a distribution says about itself, and the texts it brings."""
    about = distribution.metadata
    homes = [tuple(map(str.strip, line.split(",", 1))) for line in about.get_all("Project-URL") or () if "," in line]
    homes.sort(key=lambda pair: not re.fullmatch(r"home.?page|home|source.*|repository", pair[0], re.IGNORECASE))
    home = (about.get_all("Home-page") or [""])[0] or (homes[0][1] if homes else "")
    files = [file for file in distribution.files or () if _is_text(str(file))]
    texts = sorted({Path(str(distribution.locate_file(file))) for file in files})
    texts += [resource(f"licences/{name}") for name in ADDED.get(distribution.name, ())]
    return Software(distribution.name, distribution.version, _licence(distribution), home, tuple(texts))


def python_itself() -> Software:
    """The interpreter with its own library."""
    roots = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path("/usr/share/doc/python3"))
    texts = [root / name for root in roots for name in ("LICENSE.txt", "LICENSE", "copyright")]
    found = tuple(path for path in texts if path.is_file())[:1]
    return Software("Python", platform.python_version(), "PSF-2.0", "https://www.python.org", found, kind="generic")


def write_licences(folder: Path, parts: Iterable[Software]) -> None:
    """Copy all texts into a folder of a bundle, a folder a part, with a NOTICE to read and an index for the program.

    Raises:
        OSError: the folder cannot be written, or a text not be read.
        ValueError: a part has no text, or its licence binds the whole program.
    """
    parts = _sorted(parts)
    if wrong := [part.name for part in parts if not part.texts or binds(part.licence)]:
        raise ValueError(f"Without the text of a licence that a bundle may carry: {', '.join(wrong)}")
    shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for part in parts:
        place = folder / part.name
        place.mkdir(parents=True)
        for number, path in enumerate(part.texts):
            name = path.name if not (place / path.name).exists() else f"{number}-{path.parent.name}-{path.name}"
            shutil.copyfile(path, place / name)
        texts = sorted(path.relative_to(folder).as_posix() for path in place.iterdir())
        rows.append({**asdict(part), "texts": texts})
    (folder / INDEX).write_text(json.dumps(rows, indent=1), encoding="utf-8")
    (folder / NOTICE).write_text(notice(parts), encoding="utf-8")


def listed(folder: Path) -> tuple[Software, ...]:
    """What `write_licences` wrote into a folder.

    Raises:
        OSError: there is no list.
    """
    rows = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return tuple(Software(**{**row, "texts": tuple(folder / text for text in row["texts"])}) for row in rows)


def notice(parts: Sequence[Software]) -> str:
    """The NOTICE of a bundle: what is inside, in which version, under which licence, from where."""
    lines = [f"{part.name} {part.version}\n    {part.licence or 'see its text'}\n    {part.home}" for part in parts]
    head = (
        "SQUID Viewer is made of the software below. The texts of the licences are in the folder _internal/licences.\n"
        "Qt and Qt for Python are used under the LGPL, version 3: they are shared libraries, files of their own in\n"
        "the program's folder, and may be replaced by other builds of them."
    )
    return "\n\n".join((head, *lines)) + "\n"


def binds(licence: str) -> bool:
    """Whether every alternative of a licence is the GPL or AGPL (the LGPL, or an exception, does not bind us)."""
    lesser = re.compile(r"LGPL|Lesser|Library|exception", re.IGNORECASE)
    strong = re.compile(r"A?GPL|General Public", re.IGNORECASE)
    alternatives = re.split(r"\s+OR\s+", licence.strip("()"))
    return all(strong.search(one) and not lesser.search(one) for one in alternatives)


def _licence(distribution: metadata.Distribution) -> str:
    """PEP 639's expression, else the classifiers, else the old field's first line."""
    about = distribution.metadata
    expression, old = ((about.get_all(field) or [""])[0] for field in ("License-Expression", "License"))
    said = [line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if "License ::" in line]
    return KNOWN.get(distribution.name) or expression or " OR ".join(said) or old.split("\n")[0]


def _is_text(file: str) -> bool:
    name = file.rpartition("/")[2]
    return not name.endswith(_NO_TEXT) and bool(_TEXT.search(name) or ".dist-info/licenses/" in file)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        return str(error)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _sorted(parts: Iterable[Software]) -> tuple[Software, ...]:
    return tuple(sorted(parts, key=lambda part: part.name.lower()))
