"""What an administrator has set for every user of a computer: one file, for window and command line.

It has two parts, `fixed` (wins over what a user has chosen) and `default` (stands until a user chooses), each with the
keys of the window's settings and, as `network`, those of `network.json`. Who runs the program could go round it: it
orders a workstation, and holds off nobody.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from squid_core.contracts.errors import SquidError
from squid_core.files import TooLargeError, read_plain
from squid_core.home import APPLICATION

FILE = "policy.json"
NETWORK = "network"  # its settings; all other keys are of the window's
PARTS = ("fixed", "default")
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The file as it was read; what its keys mean is for those to check who use them.

    Attributes:
        fixed: by key of settings.json, nested as there; wins over what the user has chosen.
        default: the same; stands until the user has chosen.
    """

    fixed: Mapping[str, Any] = field(default_factory=dict)
    default: Mapping[str, Any] = field(default_factory=dict)


def policy_file() -> Path:
    """Where it stands; only an administrator can write there.

    On Linux not where XDG_CONFIG_DIRS says, which a desktop sets otherwise than a terminal (Ubuntu's has one before).
    """
    if sys.platform in ("win32", "darwin"):
        return platformdirs.site_config_path(APPLICATION, appauthor=False) / FILE
    return Path("/etc/xdg", APPLICATION, FILE)


def read_policy(path: Path | None = None) -> PolicyFile:
    """What is set; nothing where there is no file.

    Args:
        path: a file that is read instead, such as a draft; it must be there.

    Raises:
        SquidError: it cannot be read or is damaged; nothing may be assumed of what it said.
    """
    file = path or policy_file()
    advice = "Nothing of it is used. Tell your administrator."
    try:
        content = json.loads(read_plain(file, MAX_BYTES).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as error:
        if path is not None:
            raise SquidError(f"There is no file {path}") from error
        return PolicyFile()
    except OSError as error:
        raise SquidError("The policy file of this computer cannot be read.", advice, type(error).__name__) from error
    except (ValueError, RecursionError, TooLargeError) as error:
        raise SquidError("The policy file of this computer is no JSON.", advice, type(error).__name__) from error
    if not isinstance(content, dict) or not set(content) <= set(PARTS):
        raise SquidError("The policy file of this computer has other parts than “fixed” and “default”.", advice)
    if not all(isinstance(part, dict) for part in content.values()):
        raise SquidError("The policy file of this computer has a part that is no table of settings.", advice)
    return PolicyFile(**content)
