"""The lesion critic's features, place by place, against those of normal images."""

from __future__ import annotations

import pytest
import torch

from squid_core.model.anatomy import Anatomy, inner_mean
from squid_core.model.config import NetworkConfig
from squid_core.model.lesion import LesionCritic, LesionMarks, evidence
from squid_core.model.squid import Squid
from squid_core.model.whitening import RIDGE, Whitening

CONFIG = NetworkConfig(image_size=64, lesion_widths=(4, 8, 8, 12), lesion_size=32)


def marks(features: torch.Tensor) -> LesionMarks:
    b = len(features)
    return LesionMarks(torch.zeros(b, 4, 4), torch.zeros(b), features)


def test_the_distance_is_mahalanobis_with_a_ridge() -> None:
    features = torch.randn(4000, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([1.0, 2.0, 5.0]) + 7
    fitted = Whitening.of(features)
    point = torch.tensor([[7.0, 11.0, 7.0]])
    mean, std = features.double().mean(0), features.double().std(0)
    standard = (features.double() - mean) / std
    covariance = (1 - RIDGE) * standard.T @ standard / 4000 + RIDGE * torch.eye(3, dtype=torch.float64)
    z = (point.double() - mean) / std
    expected = (z @ torch.linalg.inv(covariance) @ z.T / 3).log()
    assert float(fitted.distance(point)) == pytest.approx(float(expected), abs=1e-3)


def test_a_dimension_that_never_moved_does_not_drown_the_others_and_fits_in_half_precision() -> None:
    features = torch.randn(300, 4, generator=torch.Generator().manual_seed(0))
    features[:, 2] = 0
    fitted = Whitening.of(features)
    assert torch.isfinite(fitted.matrix.half()).all()
    point = torch.tensor([[0.5, 0.5, 0.001, 0.5]])
    still = point * torch.tensor([1, 1, 0, 1])
    assert float(fitted.distance(point)) == pytest.approx(float(fitted.distance(still)), abs=0.1)
    assert torch.isfinite(Whitening.of(torch.zeros(10, 3)).matrix.half()).all()


def test_places_are_fitted_each_on_its_own() -> None:
    features = torch.randn(2, 500, 4, generator=torch.Generator().manual_seed(1))
    features[1] *= 9
    together = Whitening.of(features)
    for place in range(2):
        alone = Whitening.of(features[place])
        torch.testing.assert_close(together.distance(features)[place], alone.distance(features[place]))


def test_a_strange_place_is_found_where_it_is() -> None:
    generator = torch.Generator().manual_seed(2)
    anatomy = Anatomy(CONFIG)
    anatomy.fit(torch.randn(200, 12, 2, 2, generator=generator))
    seen = torch.randn(5, 12, 2, 2, generator=generator)
    seen[:, :, 1, 0] += 6
    strangeness = anatomy(marks(seen))
    assert strangeness.shape == (5, 2, 2)
    assert (strangeness.flatten(1).argmax(1) == 2).all(), "row 1, column 0"


def test_the_outermost_places_do_not_count() -> None:
    strangeness = torch.full((1, 4, 4), 9.0)
    strangeness[0, 1:3, 1:3] = torch.tensor([[1.0, 2.0], [3.0, 6.0]])
    assert float(inner_mean(strangeness)) == 3


def test_the_critic_sees_neither_exposure_nor_contrast() -> None:
    critic = LesionCritic(CONFIG).eval()
    images = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        one, other = critic(images), critic(images * 0.5 + 0.2)
    torch.testing.assert_close(one.logit, other.logit, atol=1e-4, rtol=1e-3)
    assert one.map.shape == (2, 4, 4)
    assert one.features.shape == (2, 12, 2, 2)


def test_the_evidence_is_the_mean_of_the_most_abnormal_places() -> None:
    found = torch.full((1, 5, 5), -20.0)
    found[0, 0, :2] = torch.tensor([0.0, 20.0])  # two of 25 places: their share is 0.08
    chance = evidence(LesionMarks(found, torch.zeros(1), torch.zeros(1))).sigmoid()
    assert float(chance) == pytest.approx(0.75, abs=1e-3)


def test_what_the_critic_says_is_among_the_values_of_a_network_that_has_one() -> None:
    squid = Squid(CONFIG.model_copy(update={"lesion_widths": ()})).eval()
    assert squid.lesion is None
    names = Squid(CONFIG).eval().look(torch.rand(1, 1, 64, 64)).sight
    assert names is not None
    assert names.strangeness.shape == (1, 2, 2)


@pytest.mark.parametrize("wrong", [{"lesion_widths": (4, 8)}, {"lesion_size": 128}, {"lesion_size": 40}])
def test_a_critic_that_cannot_be_built_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="lesion critic"):
        NetworkConfig.model_validate({"image_size": 64, "lesion_widths": (4, 8, 8, 12), "lesion_size": 32} | wrong)
