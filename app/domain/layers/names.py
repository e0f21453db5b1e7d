"""Single settings by their dotted names, within Settings and within what a file says of them."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from app.domain.settings import Settings


def differing(old: BaseModel, new: BaseModel, group: str = "") -> Iterator[str]:
    """Names of the settings that are others in `new`, such as "hanging.frontal.layout"."""
    for name in type(old).model_fields:
        before, now = getattr(old, name), getattr(new, name)
        if isinstance(before, BaseModel) and before is not now:
            yield from differing(before, now, f"{group}{name}.")
        elif before is not now and before != now:
            yield group + name


def all_names(settings: BaseModel, group: str = "") -> Iterator[str]:
    """Names of all single settings."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from all_names(value, f"{group}{name}.")
        else:
            yield group + name


def covers(names: Collection[str], name: str) -> bool:
    """Whether one of the names is of a setting, or of one in a group: "hanging.frontal" where its layout is named."""
    return any(one == name or one.startswith(f"{name}.") for one in names)


def group_of(name: str) -> type[BaseModel] | None:
    """The model of a group of settings; None for a single setting, and for what is neither.

    Args:
        name: such as "display"; '' for all of them.
    """
    value: Any = Settings()
    for part in filter(None, name.split(".")):
        if not isinstance(value, BaseModel) or part not in type(value).model_fields:
            return None
        value = getattr(value, part)
    return type(value) if isinstance(value, BaseModel) else None


def with_setting(settings: BaseModel, name: str, value: object) -> Any:  # noqa: ANN401 - the type of `settings`
    """The same settings but for one, of which nobody checks the value; groups that it is not in stay the very same."""
    first, _, rest = name.partition(".")
    return settings.model_copy(update={first: with_setting(getattr(settings, first), rest, value) if rest else value})


def nested(name: str, value: object) -> dict[str, Any]:
    """A setting as a file says it."""
    first, _, rest = name.partition(".")
    return {first: nested(rest, value) if rest else value}


def said(content: Mapping[str, Any], name: str) -> bool:
    """Whether a file says something of a setting."""
    value: object = content
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return False
        value = value[part]
    return True


def without(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What a file says, less one setting."""
    first, _, rest = name.partition(".")
    left = {key: value for key, value in content.items() if rest or key != first}
    if rest and isinstance(left.get(first), Mapping):
        left[first] = without(left[first], rest)
        if not left[first]:
            del left[first]
    return left


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What two files say together; where both speak of a setting, the one above."""
    both = copy.deepcopy(dict(below))
    for key, value in above.items():
        under = both.get(key)
        both[key] = merged(under, value) if isinstance(under, dict) and isinstance(value, Mapping) else value
    return both
