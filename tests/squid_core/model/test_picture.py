"""The normal picture: what is doubted does not reach it, what is not stays, and memory answers for the others' sake."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from squid_core.contracts.detection import DetectorSettings, Shrinkage
from squid_core.model.config import NetworkConfig
from squid_core.model.memory import LEAST_TRUST, Memory, chosen_together
from squid_core.model.picture import Given, Painter
from squid_core.model.squid import Squid

S, M, GRID = 32, 8, 2
CONFIG = NetworkConfig(
    image_size=S, grid=GRID, widths=(8, 16), skips=(False,), decoder_slots=(0,), slots=12, top_k=3, feature_channels=4,
    heads=2, discriminator_widths=(8, 16), lesion_widths=(4, 8, 8, 12), lesion_size=32, picture_widths=(8, 6, 4),
)  # fmt: skip


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def given(doubt: Tensor) -> Given:
    images, students = torch.rand(2, len(doubt), 1, S, S, generator=seeded())
    inpainted = torch.randn(len(doubt), GRID**2, CONFIG.feature_size, generator=seeded(1))
    return Given(images, students, inpainted, doubt)


@pytest.fixture
def picture() -> Painter:
    torch.manual_seed(0)
    return Painter(CONFIG).eval()


def trained(picture: Painter) -> Painter:
    """As if it had learned something: nothing of it is 0."""
    with torch.no_grad():
        for parameter in picture.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=seeded(2)))
    return picture


def enlarged(image: Tensor) -> Tensor:
    return torch.nn.functional.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)


@torch.no_grad()
def test_before_it_has_learned_it_shows_the_image_and_where_that_is_doubted_the_student(picture: Painter) -> None:
    doubt = torch.zeros(1, 1, M, M)
    doubt[..., :, : M // 2] = 1
    seen = given(doubt)
    painted = picture(seen)
    assert painted.shape == (1, 1, 2 * S, 2 * S)
    edge = S // M * 2 * 2  # of the ramp from doubt to none, in pixels of the picture, either way
    middle = S
    student, image = enlarged(seen.student), enlarged(seen.images)
    assert torch.allclose(painted[..., : middle - edge], student[..., : middle - edge], atol=1e-6)
    assert torch.allclose(painted[..., middle + edge :], image[..., middle + edge :], atol=1e-6)


@torch.no_grad()
def test_nothing_of_the_image_passes_where_all_is_doubted(picture: Painter) -> None:
    trained(picture)
    seen = given(torch.ones(1, 1, M, M))
    assert torch.equal(picture(seen), picture(seen._replace(images=torch.rand(1, 1, S, S, generator=seeded(9)))))
    assert not torch.allclose(picture(seen), picture(seen._replace(inpainted=-seen.inpainted)), atol=1e-3)


@torch.no_grad()
def test_a_crop_is_that_part_of_the_whole() -> None:
    torch.manual_seed(0)
    side = 2 * S  # wide enough that the middle of a crop sees no edge of it
    larger = CONFIG.model_copy(update={"image_size": side})
    picture = trained(Painter(larger).eval())
    images, students = torch.rand(2, 1, 1, side, side, generator=seeded())
    inpainted = torch.randn(1, GRID**2, larger.feature_size, generator=seeded(1))
    seen = Given(images, students, inpainted, torch.rand(1, 1, 2 * M, 2 * M, generator=seeded(5)))
    row, column = 1, 3
    part = picture(seen, (row, column))
    assert part.shape == (1, 1, side, side)
    same = picture(seen)[..., 8 * row : 8 * row + side, 8 * column : 8 * column + side]
    inner = slice(24, side - 24)
    assert torch.allclose(part[..., inner, inner], same[..., inner, inner], atol=1e-5)


def test_doubt_rises_between_two_quantiles_of_normals_and_reaches_one_place_further(picture: Painter) -> None:
    normals = torch.stack((torch.linspace(0, 1, M * M), torch.linspace(-3, -2, M * M))).view(1, 2, M, M)
    picture.fit(normals)
    assert picture.low.tolist() == pytest.approx([0.9, -2.1])
    assert picture.high.tolist() == pytest.approx([0.98, -2.02])
    hints = torch.tensor((0.0, -3.0)).view(1, 2, 1, 1).repeat(1, 1, M, M)
    assert not picture.doubt(hints).any()
    hints[0, 0, 1, 5] = 0.94  # half way between 0.90 and 0.98
    hints[0, 1, 6, 2] = 5.0
    doubt = picture.doubt(hints)[0, 0]
    assert doubt[0:3, 4:7].tolist() == [[pytest.approx(0.5)] * 3] * 3
    assert doubt[5:8, 1:4].eq(1).all()
    assert float(doubt.sum()) == pytest.approx(9 * 0.5 + 9)


def test_hints_lie_where_their_maps_do(picture: Painter) -> None:
    marks, strangeness = torch.full((1, 4, 4), -20.0), torch.zeros(1, 2, 2)
    marks[0, 0, 3], strangeness[0, 1, 0] = 20.0, 1.0
    hints = picture.hints(marks, strangeness)[0]
    assert hints[0, 0, -1] == pytest.approx(1)
    assert hints[0, -1, 0] == pytest.approx(0, abs=1e-6)
    assert hints[1, -1, 0] == pytest.approx(1)
    assert hints[1, 0, 0] == pytest.approx(0)


def test_a_doubted_patch_chooses_as_the_others_do_by_hand() -> None:
    cosines = torch.tensor([[[0.9, 0.1], [0.2, 0.6], [0.0, 0.8]]])  # three patches, two slots
    assert torch.equal(chosen_together(cosines, torch.zeros(1, 3)), cosines)
    doubt = torch.tensor([[1.0, 0.0, 0.5]])
    trust = [LEAST_TRUST, 1 + LEAST_TRUST, 0.5 + LEAST_TRUST]
    together = [sum(t * float(c[slot]) for t, c in zip(trust, cosines[0], strict=True)) / sum(trust) for slot in (0, 1)]
    found = chosen_together(cosines, doubt)[0]
    assert found[0].tolist() == pytest.approx(together)
    assert found[1].tolist() == pytest.approx([0.2, 0.6])
    assert found[2].tolist() == pytest.approx([(0.0 + together[0]) / 2, (0.8 + together[1]) / 2])


def test_a_lesion_is_answered_by_the_patient_who_resembles_the_rest() -> None:
    memory = Memory(CONFIG.model_copy(update={"top_k": 1}))
    patients = torch.randn(12, GRID**2, CONFIG.feature_size, generator=seeded(3))
    memory.push(patients)
    seen = patients[7].clone()
    seen[0] = patients[2, 0]  # one patch looks like another patient's
    doubt = torch.tensor([[1.0, 0, 0, 0]])
    plain = memory(seen[None], Shrinkage.GUMBEL, 1).weights.argmax(-1)
    asked = memory(seen[None], Shrinkage.GUMBEL, 1, doubt=doubt).weights.argmax(-1)
    assert plain.tolist() == [[2, 7, 7, 7]]
    assert asked.tolist() == [[7, 7, 7, 7]]


def test_what_is_doubted_reaches_neither_memory_nor_in_painting() -> None:
    torch.manual_seed(0)
    squid = Squid(CONFIG).eval()
    squid.generator.memory.push(torch.randn(12, GRID**2, CONFIG.feature_size, generator=seeded(4)))
    image = torch.rand(1, 1, S, S, generator=seeded(6))
    changed = image.clone()
    changed[..., : S // 2, : S // 2] = torch.rand(S // 2, S // 2, generator=seeded(7))
    doubt = torch.tensor([[1.0, 0, 0, 0]])
    settings = DetectorSettings(3)

    def change(doubt: Tensor | None) -> float:
        one, other = (squid.generator.infer(squid.generator.encode(x), settings, doubt=doubt) for x in (image, changed))
        return float((one.inpainted - other.inpainted).detach().abs().max())

    assert change(doubt) < 0.1 * change(None), "but for the little trust that is left"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"picture_widths": (8, 6)}, "width for each doubling"),
        ({"picture_widths": (8,)}, "width for each doubling"),
        ({"lesion_widths": ()}, "lesion critic"),
        ({"memory": "matrix"}, "queue"),
        ({"space_aware": False}, "queue"),
        ({"similarity": "dot"}, "queue"),
        ({"skips": (True,)}, "skip"),
    ],
)
def test_a_picture_needs_what_it_is_painted_from(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        NetworkConfig.model_validate(CONFIG.model_dump() | wrong)
