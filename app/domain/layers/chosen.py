"""What the user has chosen, in one JSON file that may be damaged without harm. It holds nothing of a policy's.

Only what was chosen is in it, so that another default reaches who has chosen nothing. What a later version has written
there and this one does not know stays in it.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Notice, Severity
from app.domain.layers.names import all_names, differing, group_of, merged, nested, said, without
from app.domain.layers.policy import Policy
from app.domain.settings import Settings
from squid_core.contracts.errors import SquidError
from squid_core.files import private_folder, write_atomically
from squid_core.version import installed_version

MAX_SETTINGS_BYTES = 1_000_000
VERSION = "version"  # key of the program's version that has written the file
SET_ASIDE = ".damaged"  # added to the name of a file that could not be read, once another takes its place


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the user has chosen.

    Attributes:
        content: nested as Settings, what this version cannot read of a later one's among it.
        unread: names of that.
        damaged: the file could not be read at all.
    """

    content: Mapping[str, Any] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    damaged: bool = False

    def settings(self, policy: Policy | None = None) -> Settings:
        """The settings in force: as the program ships, over that a policy's defaults, the user's, what is fixed."""
        readable, policy = reduce(without, self.unread, dict(self.content)), policy or Policy()
        return Settings.model_validate(merged(merged(policy.default, readable), policy.fixed))

    def says(self, name: str) -> bool:
        """Whether the user has chosen a setting."""
        return name not in self.unread and said(self.content, name)

    def changed(self, old: Settings, new: Settings, policy: Policy) -> Chosen:
        """With what is another in `new`; what is fixed stays as the user had it."""
        content, base, dumped = dict(self.content), policy.base, new.model_dump(mode="json")
        names = [name for name in differing(old, new) if name not in policy.names]
        for name in names:
            content = without(content, name)
            if new.value(name) != base.value(name):
                value = reduce(lambda part, key: part[key], name.split("."), dumped)
                content = merged(content, nested(name, value))
        return replace(self, content=content, unread=tuple(name for name in self.unread if name not in names))


def load_chosen(path: Path) -> tuple[Chosen, Notice | None]:
    """Read what the user has chosen; what cannot be read becomes the default, with a notice that says so.

    A file that is not there is the first start: nothing chosen, no notice.
    """
    try:
        if path.stat().st_size > MAX_SETTINGS_BYTES:
            raise ValueError("too large")  # noqa: TRY301 - one place says what is wrong
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError  # noqa: TRY301
    except FileNotFoundError:
        return Chosen(), None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        return Chosen(damaged=True), _damaged("The program uses its default settings.", type(error).__name__)
    return _read(content)


def _read(content: dict[str, Any]) -> tuple[Chosen, Notice | None]:
    """A value that the model does not allow counts for nothing; a later version's stays in the file."""
    wrong = _wrong(content)
    if wrong and _is_later(content.get(VERSION)):
        return Chosen(content, unread=wrong), Notice(
            Severity.WARNING,
            "The settings were made by a later version of this program.",
            "What this version cannot read of them has its default value here, and is kept for the later one.",
            ", ".join(wrong),
        )
    content = reduce(without, wrong, content)
    if VERSION not in content:  # of a version that wrote every setting
        values, shipped = Settings.model_validate(content), Settings()
        unchanged = [name for name in all_names(shipped) if values.value(name) == shipped.value(name)]
        content = reduce(without, unchanged, content)
    notice = _damaged("What could not be read of it has its default value.", f"{len(wrong)} fields") if wrong else None
    return Chosen(content), notice


def _wrong(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the settings whose values the model does not allow; of a group, where it is none."""
    try:
        Settings.model_validate(content)
    except ValidationError as error:
        return tuple(dict.fromkeys(_name(content, [str(part) for part in one["loc"]]) for one in error.errors()))
    return ()


def _name(content: Mapping[str, Any], way: list[str]) -> str:
    """Of the setting that an error lies in: deeper inside its value it is the value that is wrong."""
    name, value = way[0], content.get(way[0])
    for part in way[1:]:
        if not isinstance(value, Mapping) or group_of(name) is None:
            break
        name, value = f"{name}.{part}", value.get(part)
    return name


def _damaged(advice: str, detail: str) -> Notice:
    return Notice(Severity.WARNING, "The settings file is damaged.", advice, detail)


def save_chosen(path: Path, chosen: Chosen) -> Notice | None:
    """Write it: to a temporary file, to disk, then in place; a notice where that fails."""
    before = chosen.content.get(VERSION)
    version = before if _is_later(before) else installed_version() or ""
    try:
        private_folder(path.parent)
        if chosen.damaged:
            with contextlib.suppress(FileNotFoundError):
                path.replace(path.with_name(path.name + SET_ASIDE))
        content = {VERSION: version, **{key: value for key, value in chosen.content.items() if key != VERSION}}
        write_atomically(path, json.dumps(content, indent=2).encode(), private=True)
    except (OSError, SquidError) as error:
        return Notice(
            Severity.WARNING,
            "The settings could not be saved.",
            "Check that the disk is not full and the program's folder can be written.",
            error.detail if isinstance(error, SquidError) else type(error).__name__,
        )
    return None


def _is_later(version: object) -> bool:
    """Whether a version is a later one than this program's."""
    own = installed_version()
    return isinstance(version, str) and own is not None and _numbers(version) > _numbers(own)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,9}", version))
