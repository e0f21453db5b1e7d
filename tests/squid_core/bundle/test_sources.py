"""memory.json: which training image lies behind a slot, for bundles trained on the user's own data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from squid_core.bundle.card import CARD_NAME, WEIGHTS_NAME, read_card
from squid_core.bundle.sources import MAX_SOURCES_BYTES, SOURCES_NAME, read_sources
from squid_core.bundle.weights import write_bundle
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.datasets.digit_anatomy import DigitAnatomy
from squid_core.inference.detector import Detector
from squid_core.model.config import MemoryKind, NetworkConfig
from squid_core.model.memory import Memory
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.training.finish import finish
from squid_core.training.loop import Trainer
from squid_core.training.memory_sources import memory_sources
from tests.squid_core.datasets.made_up_digits import digits
from tests.squid_core.datasets.made_up_images import made_up, run


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, Path]:
    folder = tmp_path_factory.mktemp("own data")
    trainer = run(folder / "work", steps=2)
    finish(trainer, folder / "bundle")
    return trainer, folder / "bundle"


@pytest.fixture
def bundle(trained: tuple[Trainer, Path], tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(trained[1], tmp_path / "bundle"))


def any_input() -> ModelInput:
    return prepare(np.random.default_rng(0).random((40, 40), dtype=np.float32), Preprocessing(size=32))


def test_every_slot_names_the_image_whose_features_it_holds(trained: tuple[Trainer, Path]) -> None:
    trainer, folder = trained
    names = read_sources(folder, read_card(folder).weights_sha256, 12)
    detector = Detector.load(folder, "cpu")
    images = trainer.sets.train.subset(range(len(trainer.sets.train)))
    assert len(set(names)) == 12
    for slot, name in enumerate(names):
        assert name is not None
        pixels = torch.tensor(images.images[images.names.index(name)])[None, None].float() / 255
        with torch.no_grad():
            features = detector._generator.encode(pixels).features[0]
        stored = detector._generator.memory.entries[:, slot]
        cosines = torch.nn.functional.cosine_similarity(features, stored, dim=-1)
        assert (cosines > 0.99).all(), "weights are kept in half precision"


def test_a_detection_names_the_images_behind_its_entries(bundle: Path) -> None:
    names = read_sources(bundle, read_card(bundle).weights_sha256, 12)
    matches = [match for patch in Detector.load(bundle, "cpu").detect(any_input()).matches for match in patch]
    assert matches
    assert all(match.source == names[match.slot] for match in matches)


def test_a_bundle_without_the_list_is_complete(bundle: Path) -> None:
    (bundle / SOURCES_NAME).unlink()
    detection = Detector.load(bundle, "cpu").detect(any_input())
    assert {match.source for patch in detection.matches for match in patch} == {None}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"format": 2}',
        b'{"format": 1, "weights_sha256": "x", "slots": ["a"]}',
        b'{"format": 1, "weights_sha256": "' + b"0" * 64 + b'", "slots": [1]}',
        b'{"format": 1, "weights_sha256": "' + b"0" * 64 + b'", "slots": ["a"], "more": 1}',
    ],
)
def test_a_damaged_list_gets_a_sentence_that_says_how_to_go_on(bundle: Path, content: bytes) -> None:
    (bundle / SOURCES_NAME).write_bytes(content)
    with pytest.raises(SquidError, match=r"behind the memory is damaged\. Delete memory.json"):
        Detector.load(bundle, "cpu")


def test_a_huge_list_or_that_of_other_weights_gets_a_sentence(bundle: Path) -> None:
    path = bundle / SOURCES_NAME
    facts = json.loads(path.read_text())
    for wrong in (facts | {"weights_sha256": "0" * 64}, facts | {"slots": facts["slots"][1:]}):
        path.write_text(json.dumps(wrong))
        with pytest.raises(SquidError, match="belongs to other weights"):
            Detector.load(bundle, "cpu")
    with path.open("wb") as file:
        file.truncate(MAX_SOURCES_BYTES + 1)
    with pytest.raises(SquidError, match="too large"):
        Detector.load(bundle, "cpu")


def test_any_file_name_survives_and_an_old_list_goes_with_its_weights(bundle: Path) -> None:
    card, weights = read_card(bundle), (bundle / WEIGHTS_NAME).read_bytes()
    names = ("ü\n'\".png", "a\udcff.png".encode("utf-8", "surrogateescape").decode("latin-1"), None)
    write_bundle(bundle, weights, card, names)
    assert read_sources(bundle, card.weights_sha256, 3) == names
    before = (bundle / CARD_NAME).read_bytes()
    write_bundle(bundle, weights, card)
    assert not (bundle / SOURCES_NAME).exists()
    assert (bundle / CARD_NAME).read_bytes() == before, "the card does not know of the list"


def test_sources_follow_the_queue_round_its_end() -> None:
    config = NetworkConfig(
        image_size=8,
        grid=2,
        widths=(2, 2),
        unshuffle=1,
        feature_channels=1,
        skips=(False,),
        decoder_slots=(0,),
        slots=5,
        heads=1,
    )
    images = made_up(4)
    memory = Memory(config)
    memory.push(torch.zeros(3, 4, 4))
    assert memory_sources(memory, images, [2, 0, 1], config) == ("001.png", None, None, "002.png", "000.png")
    shared = config.model_copy(update={"space_aware": False})
    assert memory_sources(Memory(shared), images, [3], shared) == ("003.png",) * 4 + (None,)
    learned = config.model_copy(update={"memory": MemoryKind.MATRIX})
    assert memory_sources(Memory(learned), images, [0], learned) == ()
    grids = DigitAnatomy(digits(), Preprocessing(size=96), 0)
    assert memory_sources(memory, grids, [0], config) == (), "grids drawn on the fly have no files"
