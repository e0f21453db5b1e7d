"""What each process of test_ranks does: `torchrun --nproc-per-node 2 -m tests.squid_core.training.rank_worker FOLDER`.

FOLDER/normal holds pictures. Two trainings: one whose result must not depend on the number of processes (no batch
norm, no draws), and one of the command line as it is. Every rank leaves its networks in FOLDER.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from squid_core import cli
from squid_core.training.loop import Trainer
from squid_core.training.preset import Augmentation, load_preset
from squid_core.training.ranks import Ranks, joined
from squid_core.training.sets import Sets
from tests.squid_core.datasets.made_up_images import CPU, made_up

STEPS = 3


def exact_training(work: Path, ranks: Ranks) -> dict[str, Tensor]:
    """Networks, queue and losses after some steps of a training that nothing but rounding can tell apart."""
    tiny = load_preset("tiny")
    network = tiny.network.model_copy(update={"shortcut": False})
    preset = tiny.model_copy(update={"steps": STEPS, "network": network, "augmentation": Augmentation()})
    with patch("torch.nn.BatchNorm2d", partial(nn.InstanceNorm2d, affine=True)):
        one = Trainer(preset, "tiny", Sets(made_up(16), made_up(4, 1)), work, seed=3, device=CPU, ranks=ranks)
        one.fill_memory(one.generator)
        losses = []
        for _ in range(STEPS):
            losses.append(list(one._one_step().values()))
            one.step += 1
    return networks(one) | {"losses": torch.tensor(losses)}


def networks(one: Trainer) -> dict[str, Tensor]:
    return {
        f"{name}/{key}": value.clone().contiguous()
        for name, module in one._modules().items()
        for key, value in module.state_dict().items()
    }


def main(folder: Path) -> int:
    with joined(CPU) as (ranks, device):
        save_file(exact_training(folder / "exact work", ranks), folder / f"exact-{ranks.rank}.safetensors")
        trained: list[Trainer] = []
        run = Trainer.run

        def remembered(self: Trainer, **options: Any) -> None:
            trained.append(self)
            run(self, **options)

        words = ["train", "--preset", "tiny", "--normal", str(folder / "normal"), "--out", str(folder / "bundle")]
        with (
            patch("squid_core.training.ranks.joined", lambda _: nullcontext((ranks, device))),
            patch.object(Trainer, "run", remembered),
        ):
            code = cli.main([*words, "--work", str(folder / "work"), "--device", "cpu"])
        save_file(networks(trained[0]), folder / f"trained-{ranks.rank}.safetensors")
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
