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


def home_folder() -> Path:
    """The user's data folder; SQUID_VIEWER_HOME overrides it."""
    override = os.environ.get(HOME_VARIABLE)
    return Path(override) if override else Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def bundles_folder() -> Path:
    """The folder of bundles that were made here; it may not be there."""
    return home_folder() / BUNDLES
