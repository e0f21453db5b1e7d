"""Where the program keeps its own files. Nothing is written outside except by an explicit export."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from squid_core.home import DATABASE, QT_FILE, home_folder


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Files below the program's own folder."""

    root: Path

    @classmethod
    def default(cls) -> AppPaths:
        """The user's data folder; SQUID_VIEWER_HOME overrides it."""
        return cls(home_folder())

    @property
    def database(self) -> Path:
        """The worklist."""
        return self.root / DATABASE

    @property
    def settings(self) -> Path:
        """What the user has chosen."""
        return self.root / "settings.json"

    @property
    def matplotlib(self) -> Path:
        """What matplotlib keeps: its list of typefaces."""
        return self.root / "matplotlib"

    @property
    def file_dialogs(self) -> Path:
        """What Qt's own file dialogs remember; Qt has the name."""
        return self.root / QT_FILE

    @property
    def log(self) -> Path:
        """The log; it holds no identifier."""
        return self.root / "logs" / "viewer.log"

    @property
    def crashes(self) -> Path:
        """Stacks of a crash, by faulthandler."""
        return self.root / "logs" / "crash.txt"


@lru_cache(maxsize=1)
def resources() -> Path:
    """The folder of styles, icons and translations: app/resources where it is installed, resources/ in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def guide_folder() -> Path:
    """The folder of the documents that *Help > Guide* shows: app/guide where it is installed, docs/ in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "guide"
    return installed if installed.is_dir() else package.parent / "docs"


def resource(name: str) -> Path:
    """Path of one resource, such as "icons/squid.svg"."""
    return resources() / name
