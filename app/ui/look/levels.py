"""How far out of the ordinary something is, as a colour, and as marks that say the same without one."""

from __future__ import annotations

from app.ui.look.theme import tokens


def level_colour(level: int) -> str:
    """Of what reaches this many operating points; none of them is green, for nothing here says "normal"."""
    return (tokens().muted, tokens().accent, tokens().warning, tokens().error)[level]


def level_marks(level: int) -> str:
    """As many triangles as operating points are reached."""
    return "▲" * level
