"""What counts as a change of the session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.marks.tools import Tool
from app.domain.session import Session
from app.domain.settings import DisplaySettings


def test_small_values_are_compared_by_what_they_are() -> None:
    session = Session(cursor=(1.0, 2.0), loading="Reading the image", notices=("one",), patch=1)
    same = replace(session, cursor=(1.0, 2.0), loading="Reading " + "the image", notices=(*session.notices,), patch=1)
    assert not same.differs(session, "cursor", "loading", "notices", "patch", "tool")
    assert replace(session, patch=True).differs(session, "patch"), "a truth is no number"
    assert replace(session, cursor=None).differs(session, "cursor")
    assert replace(session, tool=Tool.ANGLE).differs(session, "loading", "tool")


def test_what_may_hold_arrays_is_compared_by_identity() -> None:
    display = DisplaySettings()
    session = Session(display=display)
    assert not replace(session, patch=3).differs(session, "display")
    assert replace(session, display=DisplaySettings()).differs(session, "display")


def test_only_the_fields_and_properties_that_are_asked_for_count() -> None:
    session = Session(peeked=2)
    kept = replace(session, patch=2, peeked=None, loading="Reading the image")
    assert not kept.differs(session, "shown_patch", "shown_detection", "cursor")
    assert kept.differs(session, "patch")
    assert not kept.differs(session)
    with pytest.raises(AttributeError):
        kept.differs(session, "colour")


def test_from_nothing_everything_differs() -> None:
    assert Session().differs(None)
    assert Session().differs(None, "cursor")
