"""The demonstration folder: the files of the PyPI package pydicom-data."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from squid_core.contracts.errors import SquidError

MODULE = "data_store"  # what pydicom-data calls its module


def demo_folder() -> Path:
    """Where the demonstration files lie.

    Raises:
        SquidError: the package is not installed.
    """
    spec = importlib.util.find_spec(MODULE)
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        raise SquidError("The demonstration images are not installed.", "Install them with: pip install pydicom-data")
    return folder
