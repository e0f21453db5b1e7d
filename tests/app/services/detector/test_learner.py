"""The learner's process with the real core: a bundle comes of images, or nothing."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from app.services.detector.learner import Learner
from squid_core.bundle.card import NotUsed, read_card
from squid_core.contracts.errors import SquidError
from squid_core.training.finish import finish
from tests.squid_core.datasets.made_up_images import made_up, run

PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a bundle of 32 px that was trained for some steps."""
    folder = tmp_path_factory.mktemp("trained")
    finish(run(folder / "work", steps=2), folder / "parent")
    return folder / "parent"


def test_a_bundle_comes_of_normal_images(parent: Path, tmp_path: Path) -> None:
    learner, images = Learner(), made_up(30, 7).images
    adapted = learner.learn(parent, images, {NotUsed.SPARE: 3}, tmp_path / "new" / "ours").result(PATIENCE_SECONDS)
    card = read_card(tmp_path / "new" / "ours")
    assert card.adapted == adapted
    assert (card.name, adapted.parent, adapted.not_used[NotUsed.SPARE]) == ("ours", "parent", 3)
    assert adapted.normals + sum(adapted.not_used.values()) == 33
    assert learner.share == 1.0
    learner.close()


def test_what_the_core_refuses_is_its_sentence(parent: Path, tmp_path: Path) -> None:
    learner = Learner()
    with pytest.raises(SquidError, match="Too few"):
        learner.learn(parent, made_up(5, 7).images, {}, tmp_path / "ours").result(PATIENCE_SECONDS)
    assert not (tmp_path / "ours").exists()
    learner.close()


def test_cancelled_its_process_ends_at_once(parent: Path, tmp_path: Path) -> None:
    learner = Learner()
    future = learner.learn(parent, np.zeros((30, 32, 32), np.uint8), {}, tmp_path / "ours")
    time.sleep(0.5)
    assert future.cancel()
    began = time.monotonic()
    learner.close()
    assert time.monotonic() - began < 5
    assert not (tmp_path / "ours").exists()
