"""What a training step costs: `make bench`, or
`python -m pytest tests/benchmarks/test_bench_training.py --benchmark-enable --benchmark-only`.

An epoch of ZhangLab is 1151 images (the normals less the held-out patients): its time is the time of a round x 1151 /
`images`, which stands in the extra info. The published shape runs with a smaller batch than its preset's 16,
so that `make test`, where each runs once, stays fast; the time for an image hardly depends on the batch.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from squid_core.datasets.image_set import ImageSet
from squid_core.training.loop import Trainer
from squid_core.training.preset import load_preset
from squid_core.training.sets import Sets

ZHANGLAB_EPOCH = 1151


@pytest.mark.parametrize(("name", "batch_size"), [("default-paediatric", None), ("paper-zhanglab", 2)])
def test_a_training_step(benchmark: BenchmarkFixture, tmp_path: Path, name: str, batch_size: int | None) -> None:
    preset = load_preset(name)
    preset = preset.model_copy(update={"batch_size": batch_size or preset.batch_size})
    names = tuple(map(str, range(2 * preset.batch_size)))
    size = preset.preprocessing.size
    noise = np.random.default_rng(0).integers(0, 256, (len(names), size, size), dtype=np.uint8)
    images = ImageSet(noise, names, names)
    trainer = Trainer(preset, name, Sets(images, images), tmp_path, seed=0, device=torch.device("cpu"))
    trainer.fill_memory(trainer.generator)

    def step() -> dict[str, torch.Tensor]:
        losses = trainer._one_step()
        trainer.step += 1
        return losses

    losses = benchmark(step)
    seen = preset.batch_size * preset.critic_steps
    benchmark.extra_info |= {"images": seen, "threads": torch.get_num_threads()}
    if benchmark.stats is not None:
        benchmark.extra_info["zhanglab_epoch_seconds"] = benchmark.stats.stats.median * ZHANGLAB_EPOCH / seen
    assert np.isfinite(list(losses.values())).all()
