"""Several processes train one network: two on the CPU, started by torchrun, against one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.long_runs import own_rank
from squid_core.training.checkpoint import CHECKPOINT
from squid_core.training.ranks import Ranks, joined
from tests.squid_core.datasets.made_up_images import CPU, trainer, write_pictures
from tests.squid_core.training.rank_worker import exact_training

pytestmark = pytest.mark.slow  # three interpreters load torch

# Their true gradient is zero (softmax and norm undo them), so Adam follows nothing but rounding.
WITHOUT_EFFECT = ("attention.in_proj_bias", "features.2.bias", "/pointer", "/filled")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a training of two processes, and what they printed."""
    folder = tmp_path_factory.mktemp("ranks")
    write_pictures(folder / "normal", 16)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    address = ["--master-addr", "127.0.0.1", "--master-port", str(free_port())]
    done = subprocess.run(
        [*torchrun, *address, "-m", "tests.squid_core.training.rank_worker", str(folder)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo" if sys.platform == "linux" else "lo0"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder, done.stdout


def test_two_processes_learn_what_one_does_with_the_whole_batch(trained: tuple[Path, str], tmp_path: Path) -> None:
    alone = exact_training(tmp_path, Ranks())
    together = load_file(trained[0] / "exact-0.safetensors")
    assert alone.keys() == together.keys()
    assert torch.allclose(alone["losses"], together["losses"], rtol=1e-4), "means over the whole batch"
    for name, expected in alone.items():
        if expected.is_floating_point() and not name.endswith(WITHOUT_EFFECT):
            # A learning rate of 1e-3: three steps move a weight by up to 3e-3.
            assert torch.allclose(expected, together[name], rtol=1e-3, atol=2e-4), name
    assert int(together["generator/memory.pointer"]) == int(alone["generator/memory.pointer"])


@pytest.mark.parametrize("training", ["exact", "trained"])
def test_all_processes_end_with_the_same_networks_and_queues(trained: tuple[Path, str], training: str) -> None:
    one, other = (load_file(trained[0] / f"{training}-{rank}.safetensors") for rank in (0, 1))
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


def test_one_process_talks_and_writes_a_bundle_that_loads(trained: tuple[Path, str]) -> None:
    folder, printed = trained
    assert printed.count("images to train on") == printed.count("The weights are in") == 1
    card, squid = read_bundle(folder / "bundle", CPU)
    assert card.steps == 12
    assert int(squid.generator.memory.filled) == card.network.slots
    kept = load_file(folder / "trained-0.safetensors")
    checkpoint = load_file(folder / "work" / CHECKPOINT)
    assert all(torch.equal(checkpoint[name], value) for name, value in kept.items())


def test_a_batch_that_cannot_be_shared_gets_a_sentence(tmp_path: Path) -> None:
    one = trainer(tmp_path)
    with pytest.raises(SquidError, match="batch of 4 images cannot be shared evenly by 3 processes"):
        type(one)(one.preset, "tiny", one.sets, tmp_path, 0, CPU, Ranks(2, 3))


def test_parts_in_order_of_rank_are_the_batch() -> None:
    parts = [Ranks(rank, 3).part(list(range(6))) for rank in range(3)]
    assert parts == [[0, 1], [2, 3], [4, 5]]


def test_without_torchrun_there_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    with joined(CPU) as (ranks, device):
        assert (ranks, device, own_rank()) == (Ranks(0, 1), CPU, 0)
    tensor = torch.ones(2, 3)
    ranks.average([tensor])
    assert torch.equal(ranks.gather(tensor), torch.ones(2, 3))
    assert ranks.any(True, CPU)
    assert not ranks.any(False, CPU)


def test_more_processes_than_gpus_get_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RANK": "1", "WORLD_SIZE": "2", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(SquidError, match=r"more processes than GPUs \(1\)"), joined(torch.device("cuda")):
        pass
