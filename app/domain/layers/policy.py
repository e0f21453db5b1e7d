"""What a policy means for the window's settings: what is fixed, and what stands until a user chooses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Notice, Severity
from app.domain.layers.names import group_of, merged, nested, with_setting, without
from app.domain.settings import Settings
from squid_core.contracts.errors import SquidError
from squid_core.policy import NETWORK, read_policy

# What the program keeps for one user at one screen, the secret behind the pseudonyms, and the layout that is on the
# screen: how studies are opened is set in `hanging`.
KEPT_FOR_ONE_USER = frozenset({
    "mask_key", "window_geometry", "window_state", "pulled_out", "last_image", "drift_looked", "worklist_width",
    "panel_open", "display.layout", "display.layout_panes", "display.shares",
})  # fmt: skip
REFUSED = Notice(
    Severity.INFO, "This is set by your administrator.", "It is the same for everybody who uses this computer."
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be used of a policy file.

    Attributes:
        default, fixed: nested, as in the file.
        names: of the single settings that are fixed, with dots; `network` among them where that is.
    """

    default: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @property
    def base(self) -> Settings:
        """The settings of a user who has chosen nothing."""
        return Settings.model_validate(merged(self.default, self.fixed))

    def applied(self, settings: Settings) -> Settings:
        """The settings with what is fixed; the very same where they have it."""
        if not self.names:
            return settings
        base = self.base
        wrong = [name for name in sorted(self.names - {NETWORK}) if settings.value(name) != base.value(name)]
        return reduce(lambda made, name: with_setting(made, name, base.value(name)), wrong, settings)


def load_policy(path: Path | None = None) -> tuple[Policy, Notice | None]:
    """What an administrator has set on this computer, and what of it cannot be used.

    A key with a mistake costs that key alone; of a file that cannot be read nothing counts.

    Args:
        path: a draft that is read instead.
    """
    try:
        file = read_policy(path)
    except SquidError as error:
        return Policy(), Notice.from_error(error)
    default, wrong_default = _usable(file.default)
    fixed, wrong_fixed = _usable(file.fixed)
    names = frozenset(_names(fixed)) | ({NETWORK} if NETWORK in file.fixed else frozenset())
    wrong = [*(f"fixed.{name}" for name in wrong_fixed), *(f"default.{name}" for name in wrong_default)]
    return Policy(default, fixed, names), _complaint(wrong) if wrong else None


def _complaint(wrong: list[str]) -> Notice:
    names = ", ".join(wrong)
    return Notice(
        Severity.ERROR,
        f"The policy file of this computer has keys or values that cannot be used: {names}.",
        "The others are in force. Tell your administrator.",
    )


def _usable(part: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What of a part names a setting and has a value that it may have; and the names of the rest."""
    good: dict[str, Any] = {key: value for key, value in part.items() if key != NETWORK}
    bad: list[str] = []
    for name, value in list(_said(good)):
        if not _may_be(name, value):
            good = without(good, name)
            bad.append(name)
    return good, bad


def _said(part: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, object]]:
    """Names of single settings and their values; what is said of a group in a wrong way, and no setting, too."""
    for key, value in part.items():
        name = f"{group}{key}"
        if isinstance(value, Mapping) and value and group_of(name) is not None:
            yield from _said(value, f"{name}.")
        else:
            yield name, value


def _names(part: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, _ in _said(part))


def _may_be(name: str, value: object) -> bool:
    group, _, last = name.rpartition(".")
    model = group_of(group)
    if model is None or last not in model.model_fields or group_of(name) is not None or name in KEPT_FOR_ONE_USER:
        return False
    try:
        Settings.model_validate(nested(name, value))
    except ValidationError:
        return False
    return True
