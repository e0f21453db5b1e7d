"""What a long run needs before it begins: which of several processes it is, and a folder that can be written."""

from __future__ import annotations

import os
from pathlib import Path

from squid_core.contracts.errors import SquidError


def own_rank() -> int:
    """Rank of this process, 0 where there is only one; torchrun says it in the environment."""
    number = os.environ.get("RANK", "0")
    return int(number) if number.isdecimal() else 0


def claim_folder(folder: Path, what: str) -> None:
    """Make a folder now, lest its absence be found out at the end of a long training.

    Raises:
        SquidError: it is a file, or it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise SquidError(
            f"The {what} '{folder.name}' is a file.", "Name a folder, or one that is to be made."
        ) from error
    except OSError as error:
        raise SquidError(f"The {what} cannot be made: {error.strerror}.", "Choose another place.") from error
