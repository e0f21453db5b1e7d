"""Notices wait for a window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.services.state.notifier import Notifier

NOTICE = Notice(Severity.INFO, "Hello.")


def elsewhere(function: Callable[[], Any]) -> None:
    """Run on another thread."""
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def test_notices_wait_until_a_window_can_show_them(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    notifier, shown = Notifier(), list[Notice]()
    with caplog.at_level(logging.INFO):
        notifier.post(NOTICE)
    notifier.posted.connect(shown.append)
    assert shown == []
    notifier.flush()
    assert shown == [NOTICE]
    elsewhere(lambda: notifier.post(NOTICE))
    qtbot.waitUntil(lambda: shown == [NOTICE, NOTICE])
    assert "Hello." in caplog.text
