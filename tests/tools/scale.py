"""How many studies a machine reads, measured here and simulated for others: `python -m tests.tools.scale PLOT.png`.

What a file costs a reader is measured on this machine, by kind of file, and what an image costs the detector. What more
cores and a graphics card make of that is simulated with the scheduler itself (`squid_core.inference.flow`): events
instead of processes, the measured costs instead of work. It leaves out what cores share: disk, memory and its bus, and
the main process.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from pydicom.uid import UID, JPEG2000Lossless, JPEGLSLossless, RLELossless

from squid_core.inference.flow import BATCH, Flow, Machine, readers_here
from squid_core.terminal import say
from tests.squid_core.dicom.phantoms import chest, phantom

CORES = (1, 2, 4, 8, 16, 32, 64)
ROUNDS = 7
KINDS: dict[str, tuple[int, UID | None]] = {  # side in pixels, transfer syntax; None for uncompressed
    "512 × 512, uncompressed": (512, None),
    "2048 × 2048, uncompressed": (2048, None),
    "2048 × 2048, RLE": (2048, RLELossless),
    "2048 × 2048, JPEG-LS": (2048, JPEGLSLossless),
    "2048 × 2048, JPEG 2000": (2048, JPEG2000Lossless),
}


@dataclass(frozen=True, slots=True)
class Device:
    """What answers the batches.

    Attributes:
        call: seconds of a batch, whatever its size.
        image: seconds of each image in it.
        batches: in flight at once; the device works on one of them.
    """

    call: float
    image: float
    batches: int = 1

    def rate(self, batch: int) -> float:
        """Images a second in full batches."""
        return batch / (self.call + batch * self.image)


def simulate(read: float, device: Device, readers: int, images: int = 2000, batch: int = BATCH) -> float:
    """Images a second that the scheduler gets out of readers and a device of known cost.

    Args:
        read: seconds that a file costs a reader.
        device: what answers.
        readers: how many there are.
        images: of the run.
        batch: images that the device takes at once, at most.
    """
    flow = Flow[int](Machine(readers, batch, device.batches))
    events: list[tuple[float, int, tuple[int, ...], bool]] = []  # when, in order, of which, whether answered
    order, now, free_at, begun = itertools.count(), 0.0, 0.0, 0
    while begun < images or not flow.empty:
        while begun < images and flow.may_read(1):
            flow.read(begun, 1)
            heapq.heappush(events, (now + read, next(order), (begun,), False))
            begun += 1
        while taken := flow.next_batch():
            free_at = max(now, free_at) + device.call + len(taken) * device.image
            heapq.heappush(events, (free_at, next(order), taken, True))
        now, _, keys, answered = heapq.heappop(events)
        if answered:
            flow.leave(*keys)
        else:
            flow.ready(keys[0], "adult", 1)
    return images / now


def reading_seconds(side: int, syntax: UID | None, folder: Path) -> float:
    """Seconds in which a reader examines a file and prepares it for the shipped weights; the median of some."""
    from squid_core.bundle.library import Bundles
    from squid_core.dicom.errands import examine_in_child
    from squid_core.dicom.source import Source

    grain = np.random.default_rng(3).normal(0, 12, (side, side))
    pixels = np.clip(phantom(side, side) + grain, 0, 4095).astype(np.uint16)
    dataset = chest(pixels)
    if syntax is not None:
        dataset.compress(syntax, generate_instance_uid=False)
    path = folder / f"{side}-{syntax}"
    dataset.save_as(path, enforce_file_format=True)
    ways = Bundles().preprocessings_by_age("auto")
    examined = examine_in_child(Source.of(path), ways)
    assert len(examined.inputs) == 1, examined.message
    return _seconds(lambda: examine_in_child(Source.of(path), ways))


def detector(device: str = "cpu") -> Device:
    """The adults' detector on one core of this machine, or its card, from batches of one and of eight."""
    import torch

    from squid_core.bundle.library import Bundles
    from squid_core.inference.detector import Detector
    from squid_core.preprocessing import prepare

    loaded = Detector.load(Bundles().choose("adult").folder, device)
    torch.set_num_threads(1)
    dice = np.random.default_rng(3)
    pictures = dice.integers(0, 4096, (BATCH, 512, 512), dtype=np.uint16)
    inputs = [prepare(pixels, loaded.card.preprocessing) for pixels in pictures]
    one, all_of_them = (_seconds(partial(loaded.detect_many, inputs[:count])) for count in (1, BATCH))
    image = (all_of_them - one) / (BATCH - 1)
    return Device(max(one - image, 0.0), image)


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def draw(path: Path, costs: Mapping[str, float], devices: Mapping[str, Device]) -> None:
    """Images a second over cores: a curve for each kind of file, dashed where the device is the bound."""
    from squid_core.plots import new_figure, save_figure

    figure, panels = new_figure(columns=len(devices))
    for axes, (name, device) in zip(panels, devices.items(), strict=True):
        for kind, read in costs.items():
            axes.plot(CORES, [simulate(read, device, readers_here(cores)) for cores in CORES], marker="o", label=kind)
        axes.axhline(device.rate(BATCH), color="#999999", linestyle="--", label="the detector, in full batches")
        axes.set(title=name, xlabel="cores (one of them for the detector)", ylabel="images a second, simulated")
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(CORES, [str(cores) for cores in CORES])
    panels[0].legend(fontsize=7)
    save_figure(figure, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, simulate, draw, and print the tables of docs/scale.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.scale", description=__doc__)
    parser.add_argument("plot", type=Path, help="PNG to write")
    parser.add_argument("--card-ms", type=float, default=2.0, help="assumed milliseconds an image on a graphics card")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        costs = {kind: reading_seconds(side, syntax, Path(folder)) for kind, (side, syntax) in KINDS.items()}
    here = detector()
    card = Device(0.004, options.card_ms / 1000, batches=2)
    devices = {"detector on one core (measured cost)": here, "on a graphics card (assumed cost)": card}
    say(f"detector: {here.call * 1000:.1f} ms a batch and {here.image * 1000:.1f} ms an image")
    say("| file | a reader | " + " | ".join(f"{cores} cores" for cores in CORES) + " |")
    say("|---|---|" + "---|" * len(CORES))
    for name, device in devices.items():
        say(f"| **{name}** | |" + " |" * len(CORES))
        for kind, read in costs.items():
            rates = " | ".join(f"{simulate(read, device, readers_here(cores)):.1f}" for cores in CORES)
            say(f"| {kind} | {read * 1000:.0f} ms | {rates} |")
    draw(options.plot, costs, devices)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
