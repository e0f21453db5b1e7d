"""Where the window keeps what it keeps, for those who look at it without the window."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SQUID_VIEWER_HOME"
APPLICATION = "squid-viewer"
DATABASE = "worklist.sqlite"
BUNDLES = "bundles"  # folder of the weights that were adapted here
HEAD = "audit.head"  # the audit trail's last line, as the window noted it
QT_FILE = "QtProject.conf"  # which folders file dialogs have shown
LOCK = "instance.lock"  # held by the window as long as it runs
FORGET_ORDER, FORGOTTEN = "forget.json", "forgotten.json"  # what is to be forgotten; that it was, for the next trail
# What the program puts into its folder, which may hold other files where the user has named another folder.
OWN = frozenset({
    DATABASE, "backups", HEAD, "logs", "matplotlib", "request.json", "settings.json", BUNDLES, LOCK, FORGET_ORDER,
    FORGOTTEN, QT_FILE, "network.json", "network.sqlite", "incoming", "incoming.taken", "sending", "outbox",
})  # fmt: skip


def home_folder() -> Path:
    """The user's data folder; SQUID_VIEWER_HOME overrides it."""
    override = os.environ.get(HOME_VARIABLE)
    return Path(override) if override else Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def own_name(name: str) -> str:
    """Which of OWN an entry of the folder is, or is a companion of, such as a temporary file; '' for none."""
    bare = name.removeprefix(".")
    for own in sorted(OWN, key=len, reverse=True):
        if name == own or ("." in own and bare.startswith((f"{own}.", f"{own}-"))):
            return own
    return ""


def bundles_folder() -> Path:
    """The folder of bundles that were made here; it may not be there."""
    return home_folder() / BUNDLES
