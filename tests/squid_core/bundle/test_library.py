"""Which weights read an image: by age, by name, by folder; each card read once."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from squid_core.bundle import library
from squid_core.bundle.card import Adapted, Card, Estimate, Share, read_card
from squid_core.bundle.library import Bundles, weights_root
from squid_core.contracts.errors import SquidError
from squid_core.home import HOME_VARIABLE, bundles_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program's folder with no weights in it."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the folders whose cards are read from disk."""
    found: list[str] = []

    def noted(folder: Path) -> Card:
        found.append(folder.name)
        return read_card(folder)

    monkeypatch.setattr(library, "read_card", noted)
    return found


def test_a_card_is_read_once_however_often_it_is_asked_for(read: list[str], tmp_path: Path) -> None:
    mine = shutil.copytree(weights_root() / "adult", tmp_path / "mine")
    bundles = Bundles()
    for _ in range(3):
        chosen = [bundles.choose("auto", age) for age in (None, 4, 18, 90)]
        assert [bundle.card.name for bundle in chosen] == ["adult", "zhanglab", "adult", "adult"]
        assert bundles.choose("adult") is chosen[0]
        assert bundles.choose(str(mine)).folder == mine
        assert bundles.names() == ("adult", "zhanglab"), "digits are no chests"
        assert len({bundles.preprocessings_by_age("auto").of(age) for age in (4, 18)}) == 2
    assert sorted(read) == ["adult", "digit-anatomy", "mine", "zhanglab"]


def test_a_damaged_bundle_is_no_choice_and_says_so_when_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(weights_root(), tmp_path / "weights", ignore=shutil.ignore_patterns("*.safetensors"))
    (tmp_path / "weights" / "adult" / "card.json").write_text("{")
    monkeypatch.setattr(library, "weights_root", lambda: tmp_path / "weights")
    bundles = Bundles()
    assert bundles.names() == ("zhanglab",)
    with pytest.raises(SquidError, match="No adult weights are installed"):
        bundles.choose("auto", 40)
    with pytest.raises(SquidError, match="damaged"):
        bundles.choose("adult")
    with pytest.raises(SquidError, match="Installed: digit-anatomy, zhanglab"):
        bundles.choose("nonsense")


def adapted(parent: str, folder: Path) -> Path:
    """A card as `squid adapt` makes them, without weights."""
    half = Share(count=2, low=0.01, high=0.2)
    said = Estimate(beyond={"95": half}, ks=0.1, tenths=(5,) * 10)
    card = read_card(weights_root() / parent)
    facts = Adapted(
        parent=parent,
        parent_sha256=card.weights_sha256,
        made="2026-11-29",
        normals=50,
        entries=50,
        before=said,
        after=said,
    )
    folder.mkdir(parents=True)
    card = card.model_copy(update={"name": folder.name, "weights_sha256": "1" * 64, "adapted": facts})
    (folder / "card.json").write_text(card.model_dump_json())
    return folder


def test_weights_made_here_are_installed_and_read_nobody_until_they_are_preferred() -> None:
    bundles = Bundles()
    assert bundles.names() == ("adult", "zhanglab")
    adapted("adult", bundles_folder() / "ours")
    adapted("adult", bundles_folder() / "zhanglab")  # no name means two things
    adapted("adult", bundles_folder() / ".being-written")
    bundles.refresh()
    assert bundles.names() == ("adult", "zhanglab", "ours")
    assert bundles.choose("zhanglab").card.population == "paediatric"
    ours = bundles.choose("ours")
    assert ours.card.adapted is not None
    assert ours.fingerprint != bundles.choose("adult").fingerprint
    assert [bundles.choose("auto", age).card.name for age in (None, 40, 4)] == ["adult", "adult", "zhanglab"]
    bundles.prefer({"adult": "ours", "paediatric": "ours"})
    assert [bundles.choose("auto", age).card.name for age in (None, 40, 4)] == ["ours", "ours", "zhanglab"]
    assert bundles.chooses(ours, "auto", 40)
    assert bundles.preprocessings_by_age("auto").of(40) == (ours.card.preprocessing,)
    shutil.rmtree(ours.folder)
    bundles.refresh()
    assert bundles.choose("auto", 40).card.name == "adult", "what was preferred has gone"
    with pytest.raises(SquidError, match="no such weights"):
        bundles.choose("ours")


def test_a_folder_that_does_not_answer_holds_nobody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mine, bundles = shutil.copytree(weights_root() / "adult", tmp_path / "mine"), Bundles()
    adult, asked, answers = bundles.choose("auto"), threading.Event(), threading.Event()

    def hang(folder: Path) -> Card:
        asked.set()
        answers.wait(20)
        return read_card(folder)

    monkeypatch.setattr(library, "read_card", hang)
    asker = threading.Thread(target=bundles.choose, args=(str(mine),))
    asker.start()
    assert asked.wait(5)
    began = time.monotonic()
    assert bundles.choose("adult") is adult
    assert bundles.chooses(adult, "auto", 40)
    assert not bundles.chooses(adult, "auto", 4)
    assert not bundles.chooses(adult, str(mine))
    assert bundles.chooses(adult, "adult")
    assert time.monotonic() - began < 2
    answers.set()
    asker.join(5)
    assert bundles.chooses(bundles.choose(str(mine)), str(mine))
