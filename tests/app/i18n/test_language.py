"""Words and sentences in the language of the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from app.domain.settings import Language
from app.i18n import language
from app.i18n.language import join, say, tr, use_language
from app.ui.preferences.settings_list import OneOf, all_settings

NOT_SAVED = "Work goes on, and what you do is kept and saved as soon as that is possible."


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    use_language("zh_TW")
    yield
    use_language("en")


def test_english_is_what_the_sources_say(qapp: QApplication) -> None:
    use_language("en")
    assert tr("Open folder…") == "Open folder…"
    assert say("The picture is empty.") == "The picture is empty."


def test_chinese_and_back(chinese: None) -> None:
    assert tr("Open folder…") == "開啟資料夾…"
    use_language("en")
    assert tr("Open folder…") == "Open folder…"
    assert say("The picture is empty.") == "The picture is empty."


def test_qts_own_buttons_follow(chinese: None) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The picture is empty.", "影像是空的。"),
        ("It is an ultrasound image, not a radiograph.", "這是超音波影像，不是X光影像。"),
        ("It is too small: 40 by 60 pixels, and at least 64 are needed.", "影像過小：40 × 60 像素，至少需要 64。"),
        ("You are not allowed to read this folder.", "您沒有讀取此資料夾的權限。"),
        (
            "Is this a frontal chest X-ray? The body part says RIBCAGE. It was taken in an unusual position.",
            "這是正面胸部X光嗎？檢查部位標示為RIBCAGE。拍攝姿勢不尋常。",
        ),
        ("chosen by age 54", "依年齡 54 歲選用"),
        # Two sentences that are one message, and a value at the end of one sentence before another.
        (
            NOT_SAVED,
            "作業可繼續進行；您的操作會保留，並於可行時立即儲存。",
        ),
        ("The body part says A.B. The picture is empty.", "檢查部位標示為A.B。影像是空的。"),
        # What nobody knows stays as it is, and so does what stands around it.
        ("Nobody knows this. The picture is empty. Nor this.", "Nobody knows this. 影像是空的。Nor this."),
        ("", ""),
    ],
)
def test_a_sentence_of_the_core_is_said_in_chinese(chinese: None, sentence: str, words: str) -> None:
    assert say(sentence) == words


def test_sentences_stand_behind_each_other_as_the_language_wants() -> None:
    assert join(("One.", "", "Two.")) == "One. Two."
    assert join(("一。", "二。")) == "一。二。"


@pytest.mark.parametrize("spoken", [one for one in Language if one is not Language.SYSTEM])
def test_every_language_can_be_chosen_and_qts_own_buttons_speak_it(spoken: Language) -> None:
    (kind,) = (setting.kind for setting in all_settings() if setting.name == "language")
    assert isinstance(kind, OneOf)
    assert spoken in dict(kind.choices)
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    assert spoken is Language.ENGLISH or (qt / f"qtbase_{spoken}.qm").is_file()


@pytest.mark.parametrize(
    ("machine", "wanted"), [("zh_TW", "zh_TW"), ("zh_HK", "zh_TW"), ("zh_CN", "en"), ("de_DE", "en"), ("en_US", "en")]
)
def test_system_follows_the_machine(machine: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale(machine)))
    assert language.resolve("system") == wanted


def test_numbers_are_written_alike_in_both(chinese: None) -> None:
    assert QLocale().toString(0.95, "f", 2) == "0.95"
    assert QCoreApplication.translate("", "nothing of ours") == "nothing of ours"
