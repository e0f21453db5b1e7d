"""What an action is before Qt makes one of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        name: what the program calls it. text: English, translated when the window is built.
        keys: the first is shown in the menu.
        menu: "File", "View", "Study" or "Help"; a `/` opens a submenu.
        separated: a line above it in the menu.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = ""
    icon: str = ""
    checkable: bool = False
    separated: bool = False
