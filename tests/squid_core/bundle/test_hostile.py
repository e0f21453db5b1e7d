"""A weights folder from somebody else: what is wrong with it is said at once, in little memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load, save

from squid_core.bundle.card import CARD_NAME, WEIGHTS_NAME, read_card, sha256
from squid_core.bundle.library import Bundles, weights_root
from squid_core.bundle.sources import SOURCES_NAME, read_sources
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError

CPU = torch.device("cpu")
MOST_MB = 900  # of a process that reads a hostile bundle; 400 of them are torch itself


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(weights_root() / "digit-anatomy", tmp_path / "bundle"))


def with_weights(bundle: Path, weights: bytes) -> None:
    """Replace the weights, with a card that agrees."""
    (bundle / WEIGHTS_NAME).write_bytes(weights)
    with_card(bundle, lambda card: card.update(weights_sha256=sha256(weights)))


def with_card(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    card = json.loads((bundle / CARD_NAME).read_text())
    change(card)
    (bundle / CARD_NAME).write_text(json.dumps(card))


def with_network(bundle: Path, **changes: object) -> None:
    with_card(bundle, lambda card: card["network"].update(changes))


def fifo(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [fifo, endless, Path.mkdir])
def test_what_is_no_plain_file_is_refused_and_not_waited_for(bundle: Path, make: Callable[[Path], None]) -> None:
    make(bundle / SOURCES_NAME)
    with pytest.raises(SquidError, match=r"damaged\. Delete memory.json"):
        read_sources(bundle, "0" * 64, 10)
    (bundle / WEIGHTS_NAME).unlink()
    make(bundle / WEIGHTS_NAME)
    with pytest.raises(SquidError, match="The bundle has no weights"):
        read_bundle(bundle, CPU)
    (bundle / CARD_NAME).unlink()
    make(bundle / CARD_NAME)
    with pytest.raises(SquidError, match="no model card"):
        read_card(bundle)
    with pytest.raises(SquidError, match="no such weights"):
        Bundles().choose(str(bundle))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(bundle: Path, value: float) -> None:
    tensors = load((bundle / WEIGHTS_NAME).read_bytes())
    name = max(tensors, key=lambda name: tensors[name].numel())
    tensors[name].view(-1)[7] = value
    with_weights(bundle, save(tensors))
    with pytest.raises(SquidError, match="not a number"):
        read_bundle(bundle, CPU)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_card_that_is_not_finite_is_refused(bundle: Path, value: float) -> None:
    with_card(bundle, lambda card: card["calibration"]["discriminator"].update(mean=value))
    with pytest.raises(SquidError, match="card is damaged"):
        read_card(bundle)


@pytest.mark.parametrize(
    "changes",
    [
        {"slots": 10**9},
        {"slots": 100_000, "grid": 16, "image_size": 256},
        {"image_size": 512, "grid": 1, "unshuffle": 1, "widths": [4096, 1, 1], "inpaint": False},
        {"discriminator_widths": [10**6, 1]},
        {"discriminator_widths": [1] * 1000},
        {"decoder_slots": [10**9, 0]},
        {"feature_channels": 10**7},
        {"lesion_widths": [10**6] * 4, "lesion_size": 32},
        {"temperature": float("inf")},
    ],
)
def test_an_absurd_network_is_refused_with_its_card(bundle: Path, changes: dict[str, object]) -> None:
    with_network(bundle, **changes)
    with pytest.raises(SquidError, match="card is damaged"):
        read_card(bundle)


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_a_network_far_wider_than_its_weights_is_never_built(bundle: Path) -> None:
    with_network(bundle, widths=[4096, 4096, 4096], feature_channels=2048)
    script = (
        "import sys, torch\n"
        "from pathlib import Path\n"
        "from squid_core.bundle.weights import read_bundle\n"
        "from squid_core.processes.child import peak_memory_mb\n"
        "try:\n"
        "    read_bundle(Path(sys.argv[1]), torch.device('cpu'))\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
        "print(round(peak_memory_mb()))\n"  # ru_maxrss would begin with what pytest holds (execve(2) keeps it)
    )
    done = subprocess.run([sys.executable, "-c", script, str(bundle)], capture_output=True, text=True, check=True)
    sentence, peak = done.stdout.splitlines()
    assert "cannot be read as safetensors of the card's network" in sentence
    assert int(peak) < MOST_MB


def longer_header(data: bytes) -> bytes:
    return (10**12).to_bytes(8, "little") + data[8:]


def other_shape(data: bytes) -> bytes:
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    name = next(name for name in header if name != "__metadata__")
    header[name]["shape"] = [10**6, 10**6]
    changed = json.dumps(header).encode()
    return len(changed).to_bytes(8, "little") + changed + data[8 + length :]


def other_kind(data: bytes) -> bytes:
    return save({name: tensor.to(torch.uint8) for name, tensor in load(data).items()})


def one_less(data: bytes) -> bytes:
    return save(dict(list(load(data).items())[1:]))


@pytest.mark.parametrize("change", [longer_header, other_shape, other_kind, one_less])
def test_weights_whose_header_lies_get_a_sentence(bundle: Path, change: Callable[[bytes], bytes]) -> None:
    with_weights(bundle, change((bundle / WEIGHTS_NAME).read_bytes()))
    with pytest.raises(SquidError, match="cannot be read as safetensors of the card's network"):
        read_bundle(bundle, CPU)


@pytest.mark.parametrize("name", ["adult", "zhanglab", "digit-anatomy"])
def test_the_shipped_ones_are_read(name: str) -> None:
    read_bundle(weights_root() / name, CPU)
