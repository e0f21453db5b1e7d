"""Every detector of the table learns what normal images are like, and is the same again from the same seed."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from squid_core.evaluation.metrics import auc
from squid_core.experiments.methods import METHODS, ON_FEATURES
from squid_core.experiments.networks import Baseline
from tests.squid_core.experiments.rivals.made_up import NETWORK, backbone, ramps, small_field, trained

# By method: the score that is asked, steps enough to learn, the AUC that a few seconds reach.
ENOUGH = {
    "f-AnoGAN": ("residual and features", 120, 0.75),
    "IF": ("negative log probability", 60, 0.75),
    "SALAD": ("reconstruction error", 20, 0.9),
    "IGD": ("reconstruction error", 40, 0.9),
    "CutPaste": ("Gaussian density", 20, 0.9),
    "M-KD": ("discrepancy", 60, 0.85),
    "PANDA": ("nearest normals", 10, 0.8),
    "PaDiM": ("greatest distance", 0, 0.85),
}
OLDER = {"auto-encoder", "VAE", "GANomaly", "MemAE"}  # tried in test_baselines.py


def made(name: str) -> Baseline:
    learned = backbone()
    torch.manual_seed(0)
    return METHODS[name](NETWORK) if name in METHODS else ON_FEATURES[name](learned)


@pytest.fixture(autouse=True)
def _a_small_field(monkeypatch: pytest.MonkeyPatch) -> None:
    small_field(monkeypatch)


def test_no_method_is_left_out() -> None:
    assert {*ENOUGH, *OLDER} == {*METHODS, *ON_FEATURES}


@pytest.mark.parametrize("name", ENOUGH)
def test_every_method_tells_spoiled_images_from_fresh_normals(name: str) -> None:
    score, steps, enough = ENOUGH[name]
    method = trained(made(name), steps)
    with torch.no_grad():
        calm, ill = method.scores(ramps(40, seed=2)), method.scores(ramps(40, seed=3, spoiled=True))
    assert all(values.shape == (40,) and bool(values.isfinite().all()) for values in (*calm.values(), *ill.values()))
    assert auc(calm[score].double().numpy(), ill[score].double().numpy()) > enough


@pytest.mark.parametrize("name", ENOUGH)
def test_a_seed_repeats_and_a_batch_does_not_matter(name: str) -> None:
    def scores() -> dict[str, Tensor]:
        method = trained(made(name), 3)
        with torch.no_grad():
            whole, alone = method.scores(ramps(3, seed=2)), method.scores(ramps(3, seed=2)[:1])
        assert all(torch.allclose(whole[key][:1], alone[key], rtol=1e-3, atol=1e-5) for key in whole)
        return whole

    once, again = scores(), scores()
    assert all(torch.equal(once[key], again[key]) for key in once)
