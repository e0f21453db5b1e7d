"""The guide in the program: its pages, links, search and way back, by key and by mouse."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.ui.dialogs.lists import NoticesDialog
from app.ui.help import guide_pages
from app.ui.help.guide_pages import CARDS, FIRST, MESSAGES, PAGES, Guide, GuidePlace, headings, read_guide
from app.ui.help.guide_text import GuideText
from app.ui.help.guide_window import GuideWindow
from squid_core.bundle.library import available
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

DOCS = Path(__file__).resolve().parents[4] / "docs"
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def guide() -> Guide:
    """As it is read in English."""
    return read_guide("en")


@pytest.fixture
def window(qtbot: QtBot, styled: QApplication) -> GuideWindow:
    """Open, and read."""
    return opened(qtbot, GuidePlace(FIRST))


def opened(qtbot: QtBot, place: GuidePlace) -> GuideWindow:
    made = GuideWindow(place)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.contents.topLevelItemCount() > 0)
    return made


def click_link(window: GuideWindow, words: str) -> None:
    """Bring a link into sight and click into the middle of it."""
    view = window.text
    cursor = QTextCursor(view.document())
    while not (cursor := view.document().find(words, cursor)).isNull() and not cursor.charFormat().isAnchor():
        pass
    assert not cursor.isNull(), words
    view.setTextCursor(cursor)
    view.ensureCursorVisible()
    middle = QTextCursor(view.document())
    middle.setPosition(cursor.selectionStart() + len(words) // 2)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.cursorRect(middle).center())


def entry(window: GuideWindow, words: str) -> QTreeWidgetItem:
    (found,) = window.contents.findItems(words, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    return found


def shown_at_top(window: GuideWindow) -> str:
    view = window.text
    return view.cursorForPosition(QPoint(40, 16)).block().text()


def test_every_link_of_the_guide_leads_to_a_place_that_it_has(guide: Guide) -> None:
    dangling = []
    for page in guide.pages:
        for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", page.text):
            place = GuidePlace.of(link, page.name)
            target = guide.page(place.page) if place is not None else None
            if place is not None and target is not None and place.anchor and not target.place(place.anchor):
                dangling.append(f"{page.name}: {link}")
    assert dangling == []


def test_the_pages_are_the_documents_in_their_order_and_the_cards_of_the_weights_that_are_here(guide: Guide) -> None:
    assert [page.name for page in guide.pages] == [name for name in PAGES if (DOCS / name).is_file()]
    cards = guide.page(CARDS)
    assert cards is not None
    assert set(available()) <= {heading.text for heading in cards.headings if heading.level == 2}


def test_headings_have_the_anchors_that_github_gives_them_and_code_has_none() -> None:
    text = (
        "# `squid`: a [link](x.md), and more\n\n```sh\n# no heading\n```\n\n## Limits\n\n## Limits\n\n## 讀片，與分數\n"
    )
    assert [(one.level, one.text, one.anchor) for one in headings(text)] == [
        (1, "squid: a link, and more", "squid-a-link-and-more"), (2, "Limits", "limits"), (2, "Limits", "limits-1"),
        (2, "讀片，與分數", "讀片與分數"),
    ]  # fmt: skip


def test_a_translated_page_is_shown_and_led_to_by_english_links_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(DOCS, tmp_path / "docs")
    (tmp_path / "docs" / "messages.zh_TW.md").write_text("# 訊息\n\n## 分數\n\n一行\n接著\n", encoding="utf-8")
    monkeypatch.setattr(guide_pages, "guide_folder", lambda: tmp_path / "docs")
    guide = read_guide("zh_TW")
    page = guide.page(MESSAGES)
    assert page is not None
    assert page.title == "訊息"
    assert "一行接著" in page.text, "Chinese has no blanks where a line is broken"
    assert page.place("the-score-means-less") == page.place("分數") == 1
    assert GuidePlace.of("messages.zh_TW.md#分數", language="zh_TW") == GuidePlace(MESSAGES, "分數")
    other = guide.page("reliability.md")
    assert other is not None
    assert other.title == "Reliability", "what is not translated is shown in English"


def test_a_key_opens_it_and_score_and_notices_open_it_at_their_place(room: Room, qtbot: QtBot) -> None:
    room.notifier.post(Notice(Severity.WARNING, "The settings could not be saved."))
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    QTest.keyClick(room.window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialogs = room.window.dialogs
    assert dialogs.guide is not None
    qtbot.waitUntil(lambda: dialogs.guide is not None and dialogs.guide.contents.topLevelItemCount() > 0)
    assert dialogs.guide.place == GuidePlace(FIRST)
    assert not dialogs.guide.isModal()
    dialogs.show_score()
    assert dialogs.score_card is not None
    QTest.mouseClick(dialogs.score_card.weights_card, Qt.MouseButton.LeftButton)
    assert dialogs.guide.place == GuidePlace(CARDS)
    assert shown_at_top(dialogs.guide) == "adult"
    dialogs.show_notices()
    notices = room.window.findChild(NoticesDialog)
    assert notices is not None
    (wanted,) = (button for button in notices.findChildren(QPushButton) if button.text() == "What to do…")
    QTest.mouseClick(wanted, Qt.MouseButton.LeftButton)
    assert dialogs.guide.place == GuidePlace(MESSAGES)
    QTest.keyClick(dialogs.guide, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: dialogs.guide is None)


def test_links_and_contents_lead_to_headings_and_alt_and_arrows_back_and_forward(window: GuideWindow) -> None:
    assert not window.back.isEnabled()
    click_link(window, "see below")
    assert shown_at_top(window) == "From the PACS, and back"
    click_link(window, "how")
    assert window.place == GuidePlace("network.md")
    item = entry(window, "Passwords")
    window.contents.scrollToItem(item)
    QTest.mouseClick(
        window.contents.viewport(), Qt.MouseButton.LeftButton, pos=window.contents.visualItemRect(item).center()
    )
    assert shown_at_top(window) == "Passwords"
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Left, ALT)
    assert window.place == GuidePlace(FIRST)
    assert window.forward.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Right, ALT)
    assert window.place == GuidePlace("network.md")


def test_a_link_that_leads_out_is_shown_and_copied_and_followed_nowhere(
    window: GuideWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> NoReturn:
        pytest.fail("something was opened")

    monkeypatch.setattr(QDesktopServices, "openUrl", never)
    monkeypatch.setattr(socket.socket, "connect", never)
    window.go(GuidePlace("network.md"))
    before = window.text.document().toPlainText()
    click_link(window, "Orthanc")
    assert window.outside.isVisible()
    address = re.search(r"https://\S+", window.outside_words.text())
    assert address is not None
    QTest.mouseClick(window.outside.findChildren(type(window.back))[0], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == address[0]
    assert window.text.document().toPlainText() == before
    window.go(GuidePlace(FIRST))
    assert not window.outside.isVisible()


def test_the_search_lights_up_what_is_there_and_enter_goes_on_through_all_pages(window: GuideWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.search.hasFocus()
    QTest.keyClicks(window.search, "key ring")
    assert "On other pages" in window.found.text()
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.place.page != FIRST
    assert window.text.textCursor().selectedText().casefold() == "key ring"
    assert "on this page" in window.found.text()
    first = (window.place, window.text.textCursor().position())
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert (window.place, window.text.textCursor().position()) != first
    QTest.keyClick(window.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (window.place, window.text.textCursor().selectionEnd()) == first
    QTest.keyClicks(window.search, " of Saturn")
    assert window.found.text() == "Not in the guide"


def test_nothing_is_wider_than_the_window_and_pictures_come_in_the_room_kept_for_them(
    guide: Guide, qtbot: QtBot, styled: QApplication
) -> None:
    view = GuideText()
    qtbot.addWidget(view)
    view.resize(850, 600)
    view.show()
    for page in guide.pages:
        view.show_page(page, guide.pictures)
        qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    page = guide.pages[0]
    view.show_page(page, guide.pictures)
    height = view.document().size().height()
    kept = [view.document().resource(QTextDocument.ResourceType.ImageResource, QUrl(name)) for name in page.pictures]
    assert [room is None for room in kept] == [False] * len(page.pictures), "Qt's sign for a broken picture"
    view.show_pictures(guide_pages.read_pictures(guide, page))
    assert view.document().size().height() == height
    view.go_to(9)
    view.resize(500, 600)
    qtbot.waitUntil(lambda: view.document().size().width() <= 500 and view._width < 500)
    assert view.cursorForPosition(QPoint(40, 16)).block().text() == page.headings[9].text, "what is read stays"
    assert guide.pictures.keys() >= set(page.pictures)


def test_it_says_what_it_cannot_read_and_may_be_closed_before_it_has(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, styled: QApplication
) -> None:
    early = GuideWindow(GuidePlace(FIRST))
    early.show()
    early.close()
    early.deleteLater()
    qtbot.wait(300)

    def broken(*_: object) -> NoReturn:
        raise OSError

    monkeypatch.setattr(guide_pages, "available", broken)
    made = GuideWindow(GuidePlace(FIRST))
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: "cannot be read" in made.found.text())
