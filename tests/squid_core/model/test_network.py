"""The parts of the network together: who sees whom, what trains what, and what inference leaves out."""

from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError

from squid_core.contracts.detection import DetectorSettings, Gate
from squid_core.model.config import NetworkConfig
from squid_core.model.generator import Generator
from squid_core.model.inpaint import InpaintBlock
from squid_core.model.patches import join, neighbours, split
from squid_core.model.squid import Squid

SMALL = NetworkConfig(
    image_size=32,
    grid=2,
    widths=(4, 8),
    unshuffle=2,
    feature_channels=4,
    skips=(False,),
    decoder_slots=(0,),
    slots=6,
    top_k=2,
    heads=2,
    discriminator_widths=(4, 8),
)
PAPER = NetworkConfig(
    image_size=64,
    grid=2,
    widths=(4, 8, 16),
    unshuffle=1,
    feature_channels=4,
    feature_relu=True,
    skips=(True, False),
    decoder_slots=(7, 0),
    joined_from=1,
    slots=6,
    top_k=2,
    heads=2,
    discriminator_widths=(4, 8),
    mask_padding=False,
)


def filled(config: NetworkConfig) -> Generator:
    torch.manual_seed(0)
    generator = Generator(config)
    generator(torch.rand(4, 1, config.image_size, config.image_size))
    generator.memory.push(generator.encode(torch.rand(6, 1, config.image_size, config.image_size)).features)
    return generator


def test_patches_are_cut_row_by_row_and_joined_again() -> None:
    image = torch.arange(16.0).view(1, 1, 4, 4)
    patches = split(image, 2)
    assert patches[1, 0].tolist() == [[2.0, 3.0], [6.0, 7.0]], "the second patch is right of the first"
    assert torch.equal(join(patches, 2), image)
    batch = torch.rand(3, 5, 12, 12)
    assert torch.equal(join(split(batch, 3), 3), batch)


def test_neighbour_table_at_corners_edges_and_centre() -> None:
    table = neighbours(3)
    assert table[0].tolist() == [-1, -1, -1, -1, 1, -1, 3, 4]
    assert table[8].tolist() == [4, 5, -1, 7, -1, -1, -1, -1]
    assert table[1].tolist() == [-1, -1, -1, 0, 2, 3, 4, 5]
    assert table[4].tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    assert (neighbours(2) >= 0).sum(1).tolist() == [3, 3, 3, 3], "5 of 8 lie outside a 2 x 2 grid"


def test_inpainting_reads_neighbours_and_own_memory_and_nothing_farther() -> None:
    config = SMALL.model_copy(update={"grid": 4, "image_size": 64})
    block = InpaintBlock(config).eval()
    features, memories = torch.rand(1, 16, 64), torch.rand(1, 16, 64)
    base = block(features, memories)
    for changed in range(16):
        other = memories.clone()
        other[0, changed] += torch.rand(64)
        moved = (block(features, other) - base)[0].abs().amax(-1) > 1e-6
        own_and_around = {changed, *(int(i) for i in block.table[changed] if i >= 0)}
        assert set(moved.nonzero().flatten().tolist()) == own_and_around


def test_padding_is_masked_unless_the_preset_wants_the_papers_zeros() -> None:
    torch.manual_seed(0)
    masked = InpaintBlock(SMALL).eval()
    unmasked = InpaintBlock(SMALL.model_copy(update={"mask_padding": False})).eval()
    unmasked.load_state_dict(masked.state_dict())
    features, memories = torch.rand(1, 4, 64), torch.rand(1, 4, 64)
    assert not torch.allclose(masked(features, memories), unmasked(features, memories))


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("grid", [2, 4])
def test_inpainting_is_torchs_attention_over_the_neighbours(grid: int, masked: bool) -> None:
    config = SMALL.model_copy(update={"grid": grid, "image_size": 16 * grid, "mask_padding": masked})
    torch.manual_seed(0)
    block = InpaintBlock(config).eval()
    torch.nn.init.normal_(block.attention.in_proj_bias)
    features, memories = torch.rand(3, grid**2, 64), torch.rand(3, grid**2, 64)
    outside = block.table < 0
    around = memories[:, block.table.clamp(min=0)].masked_fill(outside[..., None], 0).flatten(0, 1)
    padding = outside.repeat(3, 1) if masked else None
    seen, _ = block.attention(features.view(-1, 1, 64), around, around, key_padding_mask=padding, need_weights=False)
    x = block.norm1(seen.view(3, -1, 64) + memories)
    assert torch.allclose(block(features, memories), block.norm2(block.feed_forward(x) + x), atol=1e-5)


@pytest.mark.parametrize("config", [SMALL, PAPER], ids=["default", "as published"])
def test_what_was_seen_once_gives_the_same_evidence_again(config: NetworkConfig) -> None:
    squid = Squid(config).eval()
    squid.generator = filled(config).eval()
    images = torch.rand(2, 1, config.image_size, config.image_size)
    settings = DetectorSettings(1, gate=Gate.SOFT)
    fresh, again = squid.measure(images, settings), squid.measure(images, settings, squid.look(images))
    for name, value in fresh.values().items():
        assert torch.equal(value, again.values()[name]), name


def test_the_feature_itself_never_passes_to_the_student() -> None:
    """With the gate off, two images whose features read the same entries give pictures from memory alone."""
    generator = filled(SMALL.model_copy(update={"inpaint": False, "slots": 1, "top_k": 1})).eval()
    settings = DetectorSettings(top_k=1)
    pictures = [generator.infer(generator.encode(torch.rand(1, 1, 32, 32)), settings).student for _ in range(2)]
    assert torch.allclose(pictures[0], pictures[1])


def test_shortcut_is_on_in_training_and_off_at_inference() -> None:
    generator = filled(SMALL.model_copy(update={"rho": 0.0}))  # with rho 0 only the encoder's features pass
    images = torch.rand(2, 1, 32, 32)
    encoded = generator.encode(images)
    generator.eval()
    off = generator(images).student
    assert torch.allclose(off, generator.infer(generator.encode(images), DetectorSettings(2, rho=0.0)).student)
    soft = generator.infer(generator.encode(images), DetectorSettings(2, gate=Gate.SOFT, rho=0.0)).student
    own, _ = generator.student(generator.encode(images).bottleneck, (), generator.config.shrinkage, 2)
    assert torch.allclose(soft, own)
    assert not torch.allclose(off, own)
    assert encoded.features.shape == (2, 4, 64)


def test_a_bernoulli_gate_repeats_itself_and_full_rho_is_the_gate_off() -> None:
    generator = filled(SMALL).eval()
    encoded = generator.encode(torch.rand(1, 1, 32, 32))
    sample = DetectorSettings(2, gate=Gate.BERNOULLI, rho=0.5)
    first, second = (generator.infer(encoded, sample).student for _ in range(2))
    assert torch.equal(first, second)
    closed = generator.infer(encoded, DetectorSettings(2, gate=Gate.BERNOULLI, rho=1.0)).student
    assert torch.equal(closed, generator.infer(encoded, DetectorSettings(2)).student)


@pytest.mark.parametrize("config", [SMALL, PAPER], ids=["default", "as published"])
def test_the_teachers_loss_trains_nothing_but_the_teacher(config: NetworkConfig) -> None:
    generator = filled(config).train()
    size = config.image_size
    teacher = generator(torch.rand(2, 1, size, size)).teacher
    assert teacher is not None
    torch.autograd.backward(teacher.sum())
    trained = {name.split(".")[0] for name, p in generator.named_parameters() if p.grad is not None}
    assert trained == {"teacher"}


def test_a_preset_may_let_the_teacher_train_the_encoder() -> None:
    generator = filled(SMALL.model_copy(update={"teacher_trains_encoder": True})).train()
    teacher = generator(torch.rand(2, 1, 32, 32)).teacher
    assert teacher is not None
    torch.autograd.backward(teacher.sum())
    trained = {name.split(".")[0] for name, p in generator.named_parameters() if p.grad is not None}
    assert trained == {"teacher", "stem", "stages"}


def test_distillation_compares_every_level_and_reaches_the_student() -> None:
    generator = filled(PAPER).train()
    made = generator(torch.rand(2, 1, 64, 64))
    assert made.distillation is not None
    torch.autograd.backward(made.distillation)
    levels = generator.student.levels
    assert all(any(p.grad is not None for p in level.parameters()) for level in levels)


def test_the_students_loss_reaches_the_encoder_through_the_memory_weights() -> None:
    generator = filled(SMALL.model_copy(update={"shortcut": False})).train()
    torch.autograd.backward(generator(torch.rand(2, 1, 32, 32)).student.sum())
    gradient = next(generator.stem.parameters()).grad
    assert gradient is not None
    assert float(gradient.abs().sum()) > 0


@pytest.mark.parametrize("config", [SMALL, PAPER], ids=["default", "as published"])
def test_inference_gives_the_same_answer_at_any_batch_size(config: NetworkConfig) -> None:
    squid = Squid(config).eval()
    squid.generator = filled(config).eval()
    images = torch.rand(3, 1, config.image_size, config.image_size)
    settings = DetectorSettings(2)
    together = squid.measure(images, settings)
    squid.discriminator.train()
    alone = [squid.measure(image[None], settings) for image in images]
    assert torch.allclose(together.logits, torch.cat([one.logits for one in alone]), atol=1e-4)
    assert torch.allclose(together.distances, torch.cat([one.distances for one in alone]), atol=1e-5)


@pytest.mark.parametrize("config", [SMALL, PAPER], ids=["default", "as published"])
def test_memory_entries_become_pictures_of_a_patch(config: NetworkConfig) -> None:
    generator = filled(config).eval()
    pictures = generator.decode_entries(generator.memory.entries[3, :5], 3)
    assert pictures.shape == (5, 1, config.patch_size, config.patch_size)
    assert 0 <= float(pictures.detach().min()) <= float(pictures.detach().max()) <= 1
    assert not torch.allclose(pictures[0], pictures[1])


def test_an_impossible_network_is_refused() -> None:
    for wrong in ({"grid": 3}, {"top_k": 7}, {"heads": 5}, {"skips": (True, True)}, {"unknown": 1}):
        with pytest.raises(ValidationError):
            NetworkConfig.model_validate(SMALL.model_dump() | wrong)
