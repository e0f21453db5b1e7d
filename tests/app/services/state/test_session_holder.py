"""The session is changed in one place and told to everybody."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.domain.session import Progress, Session
from app.services.state.session_holder import SessionHolder
from tests.app.samples import detection


def test_a_change_made_while_another_is_told_reaches_everybody_after_it(qtbot: QtBot) -> None:
    holder, early, late = SessionHolder(), list[tuple[str, str]](), list[tuple[str, str]]()
    holder.changed.connect(lambda old, new: early.append((old.loading, new.loading)))
    holder.changed.connect(lambda _, new: holder.update(loading="second") if new.loading == "first" else None)
    holder.changed.connect(lambda old, new: late.append((old.loading, new.loading)))  # a window built later
    holder.update(loading="first")
    assert early == late == [("", "first"), ("first", "second")]


def test_the_session_changes_once_and_says_from_what_to_what() -> None:
    holder, changes = SessionHolder(), list[tuple[Session, Session]]()
    holder.changed.connect(lambda old, new: changes.append((old, new)))
    holder.update(progress=Progress(1, 2), loading="Reading the image")
    holder.update(loading="Reading the image")
    assert len(changes) == 1
    old, new = changes[0]
    assert (old.loading, new.loading, holder.state.progress) == ("", "Reading the image", Progress(1, 2))
    assert new is holder.state


def test_the_session_takes_arrays_without_comparing_them() -> None:
    holder = SessionHolder()
    first, second = detection(), detection()
    holder.update(detection=first)
    holder.update(detection=second)
    assert holder.state.detection is second


def test_the_session_refuses_fields_it_does_not_have() -> None:
    with pytest.raises(TypeError):
        SessionHolder().update(colour="red")
