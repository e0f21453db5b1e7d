"""Memory queues and shrinkage, against values by hand."""

from __future__ import annotations

import pytest
import torch

from squid_core.contracts.detection import MemoryEdit, Shrinkage
from squid_core.model.config import MemoryKind, NetworkConfig, Similarity
from squid_core.model.memory import LevelMemory, Memory, bernoulli_shortcut, exchange, shrink

SMALL = NetworkConfig(
    image_size=8,
    grid=2,
    widths=(2, 2),
    unshuffle=1,
    feature_channels=1,
    skips=(False,),
    decoder_slots=(0,),
    slots=5,
    top_k=2,
    heads=1,
    discriminator_widths=(2,),
)  # D = 1 * 2 * 2 = 4, four positions


def test_gumbel_shrinkage_keeps_exactly_k_and_sums_to_one() -> None:
    weights = torch.tensor([[0.4, 0.1, 0.3, 0.2]])
    assert torch.allclose(shrink(weights, Shrinkage.GUMBEL, 2), torch.tensor([[4 / 7, 0.0, 3 / 7, 0.0]]))
    assert torch.allclose(shrink(weights, Shrinkage.GUMBEL, 1), torch.tensor([[1.0, 0.0, 0.0, 0.0]]))


@pytest.mark.parametrize("kind", [Shrinkage.GUMBEL, Shrinkage.HARD])
@pytest.mark.parametrize("k", [1, 3, 7])
def test_both_shrinkages_keep_exactly_k_of_many(kind: Shrinkage, k: int) -> None:
    weights = torch.rand(4, 3, 20, generator=torch.Generator().manual_seed(1)).softmax(-1)
    shrunk = shrink(weights, kind, k)
    assert ((shrunk > 1e-6).sum(-1) == k).all()
    assert torch.allclose(shrunk.sum(-1), torch.ones(4, 3), atol=1e-5)
    assert (shrunk.topk(k).indices.sort().values == weights.topk(k).indices.sort().values).all()


def test_hard_shrinkage_follows_the_formula_of_memae() -> None:
    # threshold 0.2 (the third greatest): (w - t) * w / |w - t| = w for the two above it, then L1
    shrunk = shrink(torch.tensor([[0.4, 0.1, 0.3, 0.2]]), Shrinkage.HARD, 2)
    assert torch.allclose(shrunk, torch.tensor([[4 / 7, 0.0, 3 / 7, 0.0]]), atol=1e-6)


def test_no_shrinkage_changes_nothing() -> None:
    weights = torch.tensor([[0.4, 0.1, 0.3, 0.2]])
    assert torch.equal(shrink(weights, Shrinkage.SOFTMAX, 1), weights)
    assert torch.equal(shrink(weights, Shrinkage.GUMBEL, 4), weights)


def test_gradient_of_gumbel_shrinkage_is_the_softmaxs() -> None:
    """Backward passes through softmax as if nothing had been dropped: also the dropped entries learn."""
    logits = torch.tensor([[2.0, 0.5, 1.0, -1.0]], requires_grad=True)
    values = torch.tensor([1.0, 2.0, 3.0, 4.0])
    torch.autograd.backward((shrink(logits.softmax(-1), Shrinkage.GUMBEL, 1) * values).sum())
    p = logits.detach().softmax(-1)[0]
    by_hand = p * (values - (p * values).sum())  # Jacobian of softmax
    assert logits.grad is not None
    assert torch.allclose(logits.grad[0], by_hand, atol=1e-6)
    assert (logits.grad[0].abs() > 1e-3).all()


def test_queue_keeps_the_newest_in_order_across_a_wrap() -> None:
    memory = Memory(SMALL)
    for start in (0, 2, 4):  # six features into five slots, two at a time
        batch = torch.stack([torch.full((4, 4), float(start + i)) for i in range(2)])
        memory.push(batch)
    assert memory.entries[0, :, 0].tolist() == [5.0, 1.0, 2.0, 3.0, 4.0]
    assert int(memory.pointer) == 1
    assert int(memory.filled) == 5
    assert memory.ages().tolist() == [0, 4, 3, 2, 1]


def test_more_than_a_queueful_leaves_the_last() -> None:
    memory = Memory(SMALL)
    memory.push(torch.arange(12.0).view(12, 1, 1).expand(12, 4, 4))
    assert memory.entries[0, :, 0].tolist() == [7.0, 8.0, 9.0, 10.0, 11.0]


def test_each_position_has_its_own_queue() -> None:
    memory = Memory(SMALL)
    memory.push(torch.arange(4.0).view(1, 4, 1).expand(1, 4, 4))
    assert memory.entries[:, 0, 0].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_one_shared_memory_takes_every_patch() -> None:
    memory = Memory(SMALL.model_copy(update={"space_aware": False}))
    memory.push(torch.arange(4.0).view(1, 4, 1).expand(1, 4, 4))
    assert memory.entries.shape == (1, 5, 4)
    assert memory.entries[0, :4, 0].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert memory(torch.rand(3, 4, 4), Shrinkage.GUMBEL, 2).output.shape == (3, 4, 4)


def test_slots_never_filled_are_never_read() -> None:
    memory = Memory(SMALL)
    memory.push(torch.rand(2, 4, 4))
    reading = memory(torch.rand(3, 4, 4), Shrinkage.SOFTMAX, 5)
    assert (reading.weights[..., 2:] == 0).all()
    assert torch.allclose(memory(torch.rand(3, 4, 4), Shrinkage.GUMBEL, 5).weights.sum(-1), torch.ones(3, 4))


def test_the_pointer_is_part_of_the_saved_state() -> None:
    memory, other = Memory(SMALL), Memory(SMALL)
    memory.push(torch.rand(3, 4, 4))
    other.load_state_dict(memory.state_dict())
    assert int(other.pointer) == 3
    assert torch.equal(other.entries, memory.entries)


def test_a_feature_that_lies_in_memory_is_found_there() -> None:
    memory = Memory(SMALL)
    features = torch.eye(4)[None].repeat(4, 1, 1).transpose(0, 1)[:4]  # four images, one basis vector each
    memory.push(features)
    reading = memory(features[2:3], Shrinkage.GUMBEL, 1)
    assert (reading.weights.argmax(-1) == 2).all()
    assert torch.allclose(reading.output, features[2:3], atol=1e-6)
    assert torch.allclose(reading.cosines.max(-1).values, torch.ones(1, 4))


def test_similarities_are_what_their_names_say() -> None:
    feature, entry = torch.full((1, 4, 4), 2.0), torch.full((4, 4), 3.0)
    logits = {Similarity.DOT: 24.0, Similarity.SCALED_DOT: 12.0, Similarity.COSINE: 1 / 0.5}
    for similarity, expected in logits.items():
        memory = Memory(SMALL.model_copy(update={"similarity": similarity, "temperature": 0.5}))
        memory.push(torch.stack((entry, torch.zeros(4, 4))))  # the second entry has logit 0
        weight = memory(feature, Shrinkage.SOFTMAX, 5).weights[0, 0, 0]
        assert float(weight) == pytest.approx(float(torch.sigmoid(torch.tensor(expected))), rel=1e-5)


def test_queue_entries_get_no_gradient_but_a_matrix_learns() -> None:
    queue = Memory(SMALL)
    assert not list(queue.parameters())
    matrix = Memory(SMALL.model_copy(update={"memory": MemoryKind.MATRIX}))
    before = matrix.entries.detach().clone()
    matrix.push(torch.rand(2, 4, 4))
    assert torch.equal(matrix.entries, before)
    torch.autograd.backward(matrix(torch.rand(2, 4, 4), Shrinkage.GUMBEL, 2).output.sum())
    assert matrix.entries.grad is not None


def test_without_memory_the_feature_itself_comes_back() -> None:
    memory = Memory(SMALL.model_copy(update={"memory": MemoryKind.NONE, "slots": 1, "top_k": 1}))
    features = torch.randn(3, 4, 4)
    memory.push(features)
    reading = memory(features, Shrinkage.GUMBEL, 1)
    assert torch.equal(reading.output, features)
    assert reading.weights.shape == reading.cosines.shape == (3, 4, 1)
    assert float(reading.weights.min()) == float(reading.cosines.min()) == 1


def test_shortcut_passes_each_location_from_one_of_the_two() -> None:
    torch.manual_seed(0)
    mixed = bernoulli_shortcut(torch.ones(8, 3, 16, 16), torch.zeros(8, 3, 16, 16), 0.95)
    assert set(mixed.flatten().tolist()) == {0.0, 1.0}
    assert (mixed[:, 0] == mixed[:, 2]).all(), "a location goes over whole, all channels at once"
    assert float(mixed.mean()) == pytest.approx(0.95, abs=0.02)


def test_decoder_memory_answers_from_its_own_entries_only() -> None:
    memory = LevelMemory(SMALL, slots=3, size=4).eval()
    patches = torch.rand(8, 1, 2, 2)
    read = memory(patches, Shrinkage.GUMBEL, 1)
    for patch in range(8):
        own = memory.entries[patch % 4].detach()
        assert any(torch.allclose(read[patch].flatten(), entry, atol=1e-6) for entry in own)


@pytest.mark.parametrize("kind", list(Shrinkage))
@pytest.mark.parametrize("k", [1, 2, 4, 5])
def test_a_removed_entry_is_as_if_it_had_never_been_there(kind: Shrinkage, k: int) -> None:
    memory = Memory(SMALL)
    memory.push(torch.rand(5, 4, 4))
    features = torch.rand(3, 4, 4)
    usual = memory(features, kind, k)
    edited = memory(features, kind, k, MemoryEdit(removed=frozenset({(1, 3), (1, 0), (2, 4)})))
    for patch, gone in ((1, (0, 3)), (2, (4,))):
        left = [slot for slot in range(5) if slot not in gone]
        smaller = Memory(SMALL.model_copy(update={"slots": len(left), "top_k": 1}))
        smaller.push(memory.entries[:, left].transpose(0, 1))
        expected = smaller(features, kind, k)
        assert torch.allclose(edited.output[:, patch], expected.output[:, patch], atol=1e-6)
        assert torch.allclose(edited.weights[:, patch][:, left], expected.weights[:, patch], atol=1e-6)
        assert (edited.weights[:, patch][:, list(gone)] == 0).all()
    for untouched in (0, 3):
        assert torch.equal(edited.output[:, untouched], usual.output[:, untouched])


def test_an_entry_removed_from_a_shared_memory_is_removed_for_its_patch_only() -> None:
    memory = Memory(SMALL.model_copy(update={"space_aware": False}))
    memory.push(torch.rand(5, 4, 4))
    features = torch.rand(1, 1, 4).expand(1, 4, 4)
    weights = memory(features, Shrinkage.SOFTMAX, 5, MemoryEdit(frozenset({(2, 0)}))).weights[0]
    assert float(weights[2, 0]) == 0
    assert (weights[[0, 1, 3], 0] > 0).all()


@pytest.mark.parametrize("positions", [2, 4, 9, 16])
def test_shuffling_gives_every_position_the_entries_of_another(positions: int) -> None:
    order = exchange(positions)
    assert sorted(order) == list(range(positions))
    assert all(order[position] != position for position in range(positions))
    assert order == exchange(positions), "always the same exchange"


def test_a_shuffled_memory_answers_from_the_same_slots_of_another_position() -> None:
    memory = Memory(SMALL)
    memory.push(torch.rand(5, 4, 4))
    features, order = torch.rand(2, 4, 4), exchange(4)
    usual = memory(features, Shrinkage.GUMBEL, 1)
    shuffled = memory(features, Shrinkage.GUMBEL, 1, MemoryEdit(shuffled=True))
    assert torch.equal(usual.weights, shuffled.weights)
    for image in range(2):
        for patch in range(4):
            slot = int(usual.weights[image, patch].argmax())
            assert torch.allclose(shuffled.output[image, patch], memory.entries[order[patch], slot])


def test_a_decoder_memory_can_be_shuffled_too() -> None:
    memory, order = LevelMemory(SMALL, slots=3, size=4).eval(), exchange(4)
    patches = torch.rand(8, 1, 2, 2)
    read = memory(patches, Shrinkage.GUMBEL, 1, shuffled=True)
    for patch in range(8):
        other = memory.entries[order[patch % 4]].detach()
        assert any(torch.allclose(read[patch].flatten(), entry, atol=1e-6) for entry in other)


def test_next_slots_are_where_a_push_goes() -> None:
    memory = Memory(SMALL)
    memory.push(torch.zeros(3, 4, 4))
    assert memory.next_slots(4) == [3, 4, 0, 1]
    memory.push(torch.ones(4, 4, 4))
    assert memory.entries[0, :, 0].tolist() == [1.0, 1.0, 0.0, 1.0, 1.0]
