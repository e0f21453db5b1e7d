"""The detector as its callers see it, on a bundle trained for seconds."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from squid_core.bundle.calibration import apply, fit, patch_percentiles
from squid_core.bundle.card import CARD_NAME, WEIGHTS_NAME, Card, sha256
from squid_core.contracts.detection import DetectorSettings, Gate, ModelInput, Shrinkage
from squid_core.contracts.errors import SquidError
from squid_core.inference.detector import Detector
from squid_core.preprocessing import Preprocessing, prepare


def test_a_detection_is_complete_and_consistent(bundle: Path, image: ModelInput) -> None:
    detection = Detector.load(bundle, "cpu").detect(image)
    assert detection.grid == 2
    assert np.allclose(detection.difference, image.image - detection.reconstruction)
    for chosen in detection.matches:
        assert len(chosen) == detection.trial.settings.top_k == 3
        assert sum(match.weight for match in chosen) == pytest.approx(1, abs=1e-5)
        assert [match.weight for match in chosen] == sorted((match.weight for match in chosen), reverse=True)
        assert all(-1 <= match.similarity <= 1.0001 and 0 <= match.age < 12 for match in chosen)
        assert len({match.slot for match in chosen}) == 3
    assert detection.model_hash == sha256((bundle / WEIGHTS_NAME).read_bytes())
    assert detection.seconds > 0


def test_the_same_image_gets_the_same_answer_and_a_what_if_another(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    first, again = detector.detect(image), detector.detect(image)
    assert first.score == again.score
    what_if = detector.detect(image, DetectorSettings(1))
    assert [len(chosen) for chosen in what_if.matches] == [1] * 4
    assert not np.allclose(what_if.reconstruction, first.reconstruction)
    soft = detector.detect(image, DetectorSettings(3, gate=Gate.SOFT, rho=0.5))
    assert not np.allclose(soft.reconstruction, first.reconstruction)
    assert detector.detect(image).score == first.score, "a what-if leaves nothing behind"
    assert Detector.load(bundle, "cpu").detect(image).score == first.score


def test_a_second_image_is_not_answered_from_the_first(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    detector.detect(image)
    other = ModelInput(np.ascontiguousarray(image.image[::-1]), image.geometry)
    assert detector.detect(other).score == Detector.load(bundle, "cpu").detect(other).score


def test_softmax_lists_the_greatest_of_all(bundle: Path, image: ModelInput) -> None:
    detection = Detector.load(bundle, "cpu").detect(image, DetectorSettings(12, Shrinkage.SOFTMAX))
    assert {len(chosen) for chosen in detection.matches} == {5}
    assert all(sum(match.weight for match in chosen) < 1 for chosen in detection.matches)


def test_entries_are_pictures_in_the_order_asked_for(bundle: Path) -> None:
    detector = Detector.load(bundle, "cpu")
    two, one = detector.entries(2, [4, 7]), detector.entries(2, [7])
    assert two.shape == (2, 16, 16)
    assert two.dtype == np.float32
    assert np.allclose(two[1], one[0], atol=1e-5)
    for patch, slots in ((9, [0]), (0, [99]), (-1, [0])):
        with pytest.raises(SquidError, match="no such memory entry"):
            detector.entries(patch, slots)


def test_wrong_size_top_k_or_device_gets_a_sentence(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    with pytest.raises(SquidError, match="12 entries"):
        detector.detect(image, DetectorSettings(13))
    with pytest.raises(SquidError, match="other weights"):
        detector.detect(prepare(np.random.default_rng(0).random((64, 64)), Preprocessing(size=64)))
    with pytest.raises(SquidError, match="no device"):
        Detector.load(bundle, "tpu")


@pytest.fixture
def damaged(bundle: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "damaged"
    folder.mkdir()
    for name in (CARD_NAME, WEIGHTS_NAME):
        (folder / name).write_bytes((bundle / name).read_bytes())
    return folder


def with_weights(folder: Path, data: bytes) -> None:
    """Replace the weights and make the card agree, as an attacker would."""
    (folder / WEIGHTS_NAME).write_bytes(data)
    card = json.loads((folder / CARD_NAME).read_text())
    card["weights_sha256"] = sha256(data)
    (folder / CARD_NAME).write_text(json.dumps(card))


def test_one_flipped_bit_is_refused(damaged: Path) -> None:
    data = bytearray((damaged / WEIGHTS_NAME).read_bytes())
    data[-1] ^= 1
    (damaged / WEIGHTS_NAME).write_bytes(data)
    with pytest.raises(SquidError, match="hash differs"):
        Detector.load(damaged, "cpu")


class _Poison:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("PWNED"),))


def test_a_pickle_is_never_loaded(damaged: Path) -> None:
    with_weights(damaged, pickle.dumps(_Poison()))
    with pytest.raises(SquidError, match="safetensors"):
        Detector.load(damaged, "cpu")
    assert not Path("PWNED").exists()


def test_cut_short_or_foreign_weights_and_cards_get_a_sentence(damaged: Path, bundle: Path) -> None:
    with_weights(damaged, (bundle / WEIGHTS_NAME).read_bytes()[:5000])
    with pytest.raises(SquidError, match="safetensors"):
        Detector.load(damaged, "cpu")
    (damaged / WEIGHTS_NAME).unlink()
    with pytest.raises(SquidError, match="no weights"):
        Detector.load(damaged, "cpu")
    (damaged / CARD_NAME).write_text("{" * 100_000)
    with pytest.raises(SquidError, match="card is damaged"):
        Detector.load(damaged, "cpu")
    (damaged / CARD_NAME).unlink()
    with pytest.raises(SquidError, match="no model card"):
        Detector.load(damaged, "cpu")


def test_calibration_by_hand() -> None:
    values = {"discriminator": np.array([1.0, 3.0]), "memory": np.array([0.1, 0.3]), "texture": np.array([-1.0, 1.0])}
    calibration = fit(values, np.array([[0.1, 0.1], [0.3, 0.3]]), "paper")
    scores = apply(
        calibration, {"discriminator": np.array([2.0, 0.0]), "memory": np.array([0.2, 0.9]), "texture": np.zeros(2)}
    )
    assert scores.paper.tolist() == pytest.approx([0.5, 1 / (1 + np.exp(-2))]), "mu 2, sigma 1, low logit is abnormal"
    assert scores.z["memory"].tolist() == pytest.approx([0.0, 7.0])
    assert scores.outside_memory.tolist() == [False, True]
    assert scores.percentile[1] == 100
    combined = fit(values, np.array([[0.1, 0.1], [0.3, 0.3]]), "combined")
    assert apply(combined, values).score.mean() == pytest.approx(0.5)
    assert patch_percentiles(calibration, np.array([0.2, 5.0])).tolist() == pytest.approx([50, 100])


def test_what_fits_memory_as_well_another_way_up_is_outside_memory() -> None:
    rng = np.random.default_rng(0)

    def held(turned: float) -> dict[str, np.ndarray]:
        return {name: rng.normal(0, 1, 200) for name in ("discriminator", "memory")} | {
            "turned": rng.normal(turned, 0.1, 200)
        }

    fresh = {"discriminator": np.zeros(3), "memory": np.zeros(3), "turned": np.array([-0.5, -0.05, 0.3])}
    distances = np.ones((200, 4))
    assert apply(fit(held(-1.0), distances, "paper"), fresh).outside_memory.tolist() == [False, True, True]
    normals = held(0.0)  # a bundle for which places mean little: no more than 1% of its own normals are flagged
    assert apply(fit(normals, distances, "paper"), normals).outside_memory.sum() <= 2
    without = fit({name: normals[name] for name in ("discriminator", "memory")}, distances, "paper")
    assert without.turned is None
    assert not apply(without, fresh).outside_memory.any()


def test_percentile_is_the_share_of_held_out_normals_below() -> None:
    rng = np.random.default_rng(0)
    held = {"discriminator": rng.normal(0, 1, 1000), "memory": rng.normal(0, 1, 1000)}
    fresh = {"discriminator": rng.normal(0, 1, 1000), "memory": rng.normal(0, 1, 1000)}
    kinds: tuple[Literal["paper"], Literal["combined"]] = ("paper", "combined")
    for kind in kinds:
        calibration = fit(held, np.ones((1000, 4)), kind)
        percentiles = apply(calibration, fresh).percentile
        assert float((percentiles > 95).mean()) == pytest.approx(0.05, abs=0.02)
        exceeded = apply(calibration, fresh).score >= calibration.thresholds["95"]
        assert float(exceeded.mean()) == pytest.approx(0.05, abs=0.02)


def test_a_card_of_the_future_or_with_foreign_fields_is_refused(bundle: Path) -> None:
    facts = json.loads((bundle / CARD_NAME).read_text())
    for wrong in ({"format": 2}, {"pickle": "x"}, {"weights_sha256": "abc"}):
        with pytest.raises(ValueError, match="validation error"):
            Card.model_validate(facts | wrong)
