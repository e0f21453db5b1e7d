"""Brings resources/translations up to date with the sources: `make translations`.

New words come in as unfinished; translate them in the .ts file (Qt Linguist, or any editor) and run it again. Words
that are no longer in the sources are dropped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from app.domain.settings import Language
from tests.tools import core_sentences

ROOT = core_sentences.ROOT
FOLDER = ROOT / "resources" / "translations"
WRITTEN = (Language.SYSTEM, Language.ENGLISH)  # in the sources
FILES = tuple(FOLDER / f"squid_{language}.ts" for language in Language if language not in WRITTEN)


def update(ts: Path) -> None:
    """Write what the sources say into the .ts file of a language, keeping the translations it has."""
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app").rglob("*.py"))
    exact = [part for kind in ("sametext", "similartext") for part in ("-disable-heuristic", kind)]
    languages = ["-source-language", "en", "-target-language", ts.stem.removeprefix("squid_")]
    _run("lupdate", "-silent", "-locations", "none", "-no-obsolete", *exact, *languages, *sources, "-ts", str(ts))


def release(ts: Path) -> None:
    """Compile a .ts file into the .qm beside it; what is unfinished is left out."""
    _run("lrelease", "-silent", str(ts), "-qm", str(ts.with_suffix(".qm")))


def _run(tool: str, *arguments: str) -> None:
    beside = Path(sys.executable).parent / f"pyside6-{tool}"
    program = str(beside) if beside.exists() else shutil.which(f"pyside6-{tool}")
    if program is None:
        raise SystemExit(f"pyside6-{tool} is not installed")
    subprocess.run([program, *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Sentences of the core, then of each language the .ts file and the .qm file."""
    core_sentences.main()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for ts in FILES:
        update(ts)
        release(ts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
