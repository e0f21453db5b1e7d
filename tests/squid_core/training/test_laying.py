"""A training that lays chests on each other: from folders to a bundle that knows a chest when it sees one."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from squid_core.bundle.card import read_card
from squid_core.bundle.weights import read_bundle
from squid_core.cli import main
from squid_core.contracts.radiograph import FloatArray
from squid_core.inference.detector import Detector
from squid_core.preprocessing import prepare
from squid_core.training import start
from squid_core.training.foreign import CHANGES, foreign
from squid_core.training.laying import learn_mean_chest
from tests.squid_core.chests import chest, chests, mean_chest

PRESET = """
steps = 4
batch_size = 4
held_out = 0.4
validate_every = 100
score = "combined"
components = ["texture", "memory"]

[network]
laid = true
image_size = 128
grid = 2
widths = [8, 16]
feature_channels = 4
skips = [false]
decoder_slots = [0]
slots = 12
top_k = 3
heads = 2
discriminator_widths = [8, 16]
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained on made-up chests by the command; how they lie is learned once for all tests."""
    folder = tmp_path_factory.mktemp("laid")
    (folder / "normal").mkdir()
    for seed in range(100, 160):
        cv2.imwrite(str(folder / "normal" / f"{seed}.png"), np.rint(chest(seed) * 255).astype(np.uint8))
    (folder / "mine.toml").write_text(PRESET)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(start, "learn_mean_chest", lambda train, seed: mean_chest())
        words = ["--preset", str(folder / "mine.toml"), "--normal", str(folder / "normal"), "--device", "cpu"]
        assert main(["train", *words, "--out", str(folder / "mine"), "--work", str(folder / "work")]) == 0
        more = ["--start", str(folder / "mine"), "--steps", "0", "--critic-steps", "0"]
        assert main(["train", *words, *more, "--out", str(folder / "again"), "--work", str(folder / "again_work")]) == 0
    return folder / "mine"


def test_the_card_carries_the_mean_chest_and_a_moved_chest_scores_alike(bundle: Path) -> None:
    card = read_card(bundle)
    assert card.preprocessing.mean_chest == mean_chest()
    detector = Detector.load(bundle, "cpu")
    moves = []
    for seed in range(300, 306):
        picture = cv2.resize(chest(seed), (400, 400), interpolation=cv2.INTER_CUBIC)
        matrix = np.array([[1.0, 0, 16], [0, 1, -12]])
        moved = cv2.warpAffine(picture, matrix, (400, 400), borderMode=cv2.BORDER_REPLICATE)
        one, other = (detector.detect(prepare(p, card.preprocessing)) for p in (picture, np.asarray(moved, np.float32)))
        assert one.pose is not None
        assert one.pose.registered
        moves.append(float(np.abs(one.input_image - other.input_image)[16:-16, 16:-16].mean()))
    assert np.median(moves) < 0.03, "both see the same picture"


def test_a_chest_is_told_from_what_is_none(bundle: Path) -> None:
    card = read_card(bundle)
    assert card.calibration.foreign is not None
    detector = Detector.load(bundle, "cpu")

    def flagged(picture: FloatArray) -> bool:
        return detector.detect(prepare(picture, card.preprocessing)).outside_memory

    assert sum(flagged(chest(seed)) for seed in range(400, 420)) <= 2
    assert all(flagged(np.ascontiguousarray(np.rot90(chest(seed)))) for seed in range(400, 410))
    made = foreign(chests(range(400, 420)).images, seed=1)
    assert sum(map(flagged, made)) >= 12


def test_training_goes_on_from_other_weights(bundle: Path) -> None:
    again = read_card(bundle.parent / "again")
    assert again.networks_from == f"mine, {read_card(bundle).weights_sha256}"
    assert again.steps == 4, "its own none, and those before"
    _, first = read_bundle(bundle, torch.device("cpu"))
    _, second = read_bundle(bundle.parent / "again", torch.device("cpu"))
    for name, tensor in first.generator.state_dict().items():
        if not name.startswith("memory."):
            assert torch.equal(tensor, second.generator.state_dict()[name]), name


def test_start_needs_its_steps(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--preset", "tiny", "--normal", str(bundle.parent / "normal"), "--out", str(bundle.parent / "no")]
    assert main(["train", *words, "--start", str(bundle)]) == 2
    assert "go together" in capsys.readouterr().err
    assert main(["train", *words, "--start", str(bundle), "--steps", "0", "--critic-steps", "0"]) == 2
    assert "another shape" in capsys.readouterr().err


def test_a_mean_chest_is_learned_the_same_from_the_same_normals() -> None:
    few = chests(range(12))
    assert learn_mean_chest(few, seed=4) == learn_mean_chest(few, seed=4)


def test_foreign_pictures_are_made_of_chests_and_are_none() -> None:
    normals = chests(range(40)).images
    made = foreign(normals, seed=0)
    assert len(made) == len(normals)
    assert all(one.shape == normals.shape[1:] and 0 <= one.min() <= one.max() <= 1 for one in made)
    likeness = [np.corrcoef(one.ravel(), normal.ravel())[0, 1] for one, normal in zip(made, normals, strict=True)]
    assert np.median(likeness) < 0.6
    assert np.isclose(sum(weight for weight, _ in CHANGES.values()), 13)
