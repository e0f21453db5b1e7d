"""Forgetting everything: what the program holds, and its removal, of which a kill leaves nothing half done.

The wish is written into the program's own folder first; whoever starts next there carries it out to its end. Removed
is what the program has put there (`squid_core/home.py`), and its passwords in the system's key ring; what else lies in
that folder stays, and so does every file outside, such as exports. Links are removed and never followed. Files are
not written over: that erases nothing on a solid-state disk. Against who takes the disk out helps its encryption.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

import platformdirs

from squid_core.audit import login
from squid_core.contracts.errors import SquidError
from squid_core.files import narrow, remove, write_atomically
from squid_core.home import BUNDLES, DATABASE, FORGET_ORDER, FORGOTTEN, HEAD, LOCK, QT_FILE, own_name
from squid_core.network import secrets
from squid_core.network.configuration import FILE as NETWORK_FILE
from squid_core.network.configuration import INCOMING, Peer, read_settings
from squid_core.network.outbox import FOLDER as OUTBOX_FOLDER
from squid_core.network.store import FILE as NETWORK_STORE

SETTINGS_FILE = "settings.json"
TELLING = ("recent", "last_image", "export_folder", "mask_key")  # settings that may tell of a patient
MAX_SAID = 20  # names of what could not be removed


class Kind(StrEnum):
    """What the program holds."""

    STUDIES = "studies"
    RESULTS = "results"
    READING = "reading"
    TRAIL = "trail"
    COPIES = "copies"
    RECEIVED = "received"
    OUTBOX = "outbox"
    LOGS = "logs"
    SETTINGS = "settings"
    NETWORK = "network"
    PASSWORDS = "passwords"
    WEIGHTS = "weights"
    TRAINING = "training"


OF_SETTINGS = frozenset((Kind.SETTINGS, Kind.NETWORK, Kind.PASSWORDS, Kind.WEIGHTS, Kind.TRAINING))
KIND_WORDS = {
    Kind.STUDIES: "Studies on the worklist",
    Kind.RESULTS: "Stored results",
    Kind.READING: "Marks, judgements and what was read",
    Kind.TRAIL: "Lines of the audit trail",
    Kind.COPIES: "Daily copies, and stores of before",
    Kind.RECEIVED: "Images that came over the network",
    Kind.OUTBOX: "Results in the outbox",
    Kind.LOGS: "Logs and caches",
    Kind.SETTINGS: "Settings",
    Kind.NETWORK: "Other systems",
    Kind.PASSWORDS: "Passwords in the key ring",
    Kind.WEIGHTS: "Weights that were learned here",
    Kind.TRAINING: "Trainings that are not finished",
}
# By what `own_name` says of it; neither the lock nor the order itself.
_KIND_OF = {
    DATABASE: Kind.STUDIES,
    "backups": Kind.COPIES,
    HEAD: Kind.TRAIL,
    "logs": Kind.LOGS,
    "matplotlib": Kind.LOGS,
    "request.json": Kind.LOGS,
    QT_FILE: Kind.LOGS,
    FORGOTTEN: Kind.TRAIL,
    INCOMING: Kind.RECEIVED,
    "incoming.taken": Kind.RECEIVED,
    NETWORK_STORE: Kind.OUTBOX,
    "sending": Kind.OUTBOX,
    OUTBOX_FOLDER: Kind.OUTBOX,
    SETTINGS_FILE: Kind.SETTINGS,
    NETWORK_FILE: Kind.NETWORK,
    BUNDLES: Kind.WEIGHTS,
}
_BY_FILES = frozenset((Kind.COPIES, Kind.RECEIVED, Kind.LOGS, Kind.SETTINGS))  # whose files are what is counted
_STORED = {
    Kind.STUDIES: (
        "SELECT count(DISTINCT coalesce(nullif(json_extract(identity, '$.study_instance_uid'), ''), key))"
        " FROM images WHERE json_valid(identity)"
    ),
    Kind.RESULTS: "SELECT count(*) FROM results",
    Kind.READING: (
        "SELECT (SELECT count(*) FROM annotations) + (SELECT count(*) FROM judgements)"
        " + (SELECT count(*) FROM readings)"
    ),
    Kind.TRAIL: "SELECT count(*) FROM audit",
}
_QUEUED = {
    Kind.OUTBOX: "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'refused')",
}


@dataclass(frozen=True, slots=True)
class Held:
    """How much there is of one kind; it names nobody.

    Attributes:
        count: of what KIND_WORDS says. bytes: on the disk, where it has files of its own.
    """

    kind: Kind
    count: int
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it.

    Attributes:
        held: what there was and was to go.
        failed: what could not be removed, as it is called in the program's own folder, and why.
        left: entries of the folder that are not the program's, and stay.
    """

    held: tuple[Held, ...]
    failed: tuple[str, ...] = ()
    left: int = 0


def what_is_held(home: Path) -> tuple[Held, ...]:
    """What there is, kinds without anything left out. Only looks; may take a second where much was received."""
    counts, sizes = dict.fromkeys(Kind, 0), dict.fromkeys(Kind, 0)
    for entry in _entries(home):
        kind = _kind_of(entry.name)
        if kind is None:
            continue
        files, size = _measure(Path(entry.path))
        sizes[kind] += size
        counts[kind] += files if kind in _BY_FILES and entry.name != "incoming.taken" else 0
    counts |= _ask(home / DATABASE, _STORED) | _ask(home / NETWORK_STORE, _QUEUED)
    peers = _peers(home)
    counts[Kind.NETWORK], counts[Kind.PASSWORDS] = len(peers), len(_with_password(peers))
    with contextlib.suppress(OSError):
        counts[Kind.WEIGHTS] = sum(one.is_dir() and not one.name.startswith(".") for one in (home / BUNDLES).iterdir())
    for folder in _trainings():
        counts[Kind.TRAINING] += 1
        sizes[Kind.TRAINING] += _measure(folder)[1]
    return tuple(Held(kind, counts[kind], sizes[kind]) for kind in Kind if counts[kind] or sizes[kind])


def order_forgetting(home: Path, *, settings: bool = False, whole: bool = False) -> None:
    """Write down that everything is to be forgotten; from then on it will be, whatever happens.

    Args:
        home: the program's own folder.
        settings: also settings, passwords and weights that were learned.
        whole: the folder too, so that no trail says that it was done.

    Raises:
        SquidError: the folder cannot be written.
    """
    wanted = [held for held in what_is_held(home) if settings or whole or held.kind not in OF_SETTINGS]
    order = {
        "settings": settings or whole,
        "whole": whole,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "user": login(),
        "held": [asdict(held) for held in wanted],
    }
    write_atomically(home / FORGET_ORDER, json.dumps(order).encode(), private=True)


def is_ordered(home: Path) -> bool:
    """Whether something is to be forgotten there, now or by a run that was killed over it."""
    return (home / FORGET_ORDER).exists()


def forget(home: Path) -> Forgotten | None:
    """Carry out what was ordered; the folder is this process's alone (`squid_core/claim.py`), its children have ended.

    Nothing stops it: what cannot be removed is said in the answer. Its line in the trail that begins anew is written by
    whoever begins it, from a note that is left (`FORGOTTEN`).

    Returns:
        What came of it; None where nothing was ordered.
    """
    order = _read(home / FORGET_ORDER)
    if order is None:
        remove(home / FORGET_ORDER)
        return None
    narrow(home)  # a folder that was made read-only is emptied too
    failed: list[str] = []
    if order["settings"]:
        _forget_passwords(home, failed)
    else:
        _forget_places(home / SETTINGS_FILE, failed)
    left = 0
    for entry in _entries(home):
        kind = _kind_of(entry.name)
        if kind is not None and (order["settings"] or kind not in OF_SETTINGS):
            _remove(Path(entry.path), home, failed)
        left += not own_name(entry.name)
    if order["settings"]:
        for folder in _trainings():
            _remove(folder, folder.parent, failed)
    held = tuple(Held(Kind(one["kind"]), int(one["count"]), int(one["bytes"])) for one in order["held"])
    if order["whole"]:
        remove(home / LOCK)
        remove(home / FORGET_ORDER)
        with contextlib.suppress(OSError):
            home.rmdir()  # where nothing else is in it
    else:
        counted = ", ".join(f"{one.kind}: {one.count}" for one in held)
        note = {"at": order["at"], "detail": f"by {order['user']}; {counted}; not removed: {len(failed)}"}
        try:
            write_atomically(home / FORGOTTEN, json.dumps(note).encode(), private=True)
        except SquidError as error:
            failed.append(f"{FORGOTTEN}: {error.title}")
        remove(home / FORGET_ORDER)
    return Forgotten(held, tuple(failed), left)


def _kind_of(name: str) -> Kind | None:
    own = own_name(name)
    if own == DATABASE and name.startswith((f"{DATABASE}.before", f"{DATABASE}.damaged")):
        return Kind.COPIES
    return _KIND_OF.get(own)


def _entries(home: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(home) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _measure(path: Path) -> tuple[int, int]:
    """Files and their bytes; links are neither followed nor counted."""
    files = size = 0
    waiting = [str(path)]
    with contextlib.suppress(OSError):
        if not path.is_symlink() and path.is_file():
            return 1, path.stat().st_size
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_size
    return files, size


def _ask(store: Path, questions: dict[Kind, str]) -> dict[Kind, int]:
    """Counts from a store that may be in use; 0 where it cannot be read."""
    found = dict.fromkeys(questions, 0)
    if not store.is_file():
        return found
    address = f"{store.absolute().as_uri()}?mode=ro"
    if not store.with_name(f"{store.name}-wal").exists():
        address += "&immutable=1"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        for kind, question in questions.items():
            with contextlib.suppress(sqlite3.Error):
                found[kind] = int(connection.execute(question).fetchone()[0])
    return found


def _peers(home: Path) -> tuple[Peer, ...]:
    try:
        return tuple(read_settings(home).peers)
    except SquidError:
        return ()


def _with_password(peers: Iterable[Peer]) -> tuple[Peer, ...]:
    """Those for which the key ring may have one."""
    return tuple(peer for peer in peers if peer.user and peer.dicomweb)


def _trainings() -> tuple[Path, ...]:
    """Folders of checkpoints that `squid train` keeps in the user's cache."""
    try:
        return tuple(sorted((platformdirs.user_cache_path("squid") / "training").iterdir()))
    except OSError:
        return ()


def _forget_passwords(home: Path, failed: list[str]) -> None:
    try:
        peers = read_settings(home).peers
    except SquidError as error:
        failed.append(f"{KIND_WORDS[Kind.PASSWORDS]}: {error.title}")
        return
    for peer in _with_password(peers):
        try:
            secrets.forget(peer)
        except SquidError as error:
            failed.append(f"{KIND_WORDS[Kind.PASSWORDS]} ({peer.name}): {error.title}")


def _forget_places(settings: Path, failed: list[str]) -> None:
    """Out of settings that stay: where images were opened, and the secret behind pseudonyms; damaged ones go."""
    for aside in settings.parent.glob(f"{settings.name}.*"):
        _remove(aside, settings.parent, failed)
    if not settings.exists():
        return
    kept = _read(settings)
    if kept is None:
        _remove(settings, settings.parent, failed)
    elif not kept.keys().isdisjoint(TELLING):
        text = json.dumps({name: value for name, value in kept.items() if name not in TELLING}, indent=2)
        try:
            write_atomically(settings, text.encode(), private=True)
        except SquidError as error:
            failed.append(f"{settings.name}: {error.title}")


def _read(path: Path) -> dict[str, Any] | None:
    """The values of a JSON file; None where there are none."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _remove(path: Path, home: Path, failed: list[str]) -> None:
    def fail(_: object, place: str, raised: tuple[type[BaseException], BaseException, TracebackType]) -> None:
        error = raised[1]
        if not isinstance(error, FileNotFoundError):
            reason = error.strerror if isinstance(error, OSError) else type(error).__name__
            failed.append(f"{Path(place).relative_to(home)}: {reason}")

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, onerror=fail)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        failed.append(f"{path.name}: {error.strerror}")
