"""What the detector's process runs. The only module of the application behind which torch is imported."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from ctypes import c_double
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.storage.detections import EncodedResult
from squid_core.bundle.card import Adapted, NotUsed
from squid_core.contracts.detection import Detection, Maps, ModelInput, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray, PixelArray
from squid_core.processes.child import yield_to_the_window

if TYPE_CHECKING:
    from squid_core.inference.detector import Detector

MAX_LOADED = 4
_loaded: OrderedDict[tuple[str, str], Detector] = OrderedDict()
_share = c_double()  # of a learning that is done, 0..1


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """The process as it is: its id, torch's version and whether CUDA answers."""

    pid: int
    torch: str
    cuda: bool


def load(folder: str, device: str) -> None:
    """Import torch and load a bundle: what takes long, before a request's short time runs."""
    detector(folder, device)


def warm_up(folder: str, device: str) -> WorkerReport:
    """Load a bundle before the first image asks for it."""
    detector(folder, device)
    import torch

    return WorkerReport(os.getpid(), str(torch.__version__), torch.cuda.is_available())


def detect_many(folder: str, device: str, inputs: Sequence[ModelInput]) -> list[EncodedResult | SquidError]:
    """Score images together at the card's locked settings, each as it is kept: packed here, not in the window.

    Raises:
        SquidError: what a single image has in place of an answer; of several, each has its own.
    """
    answers = detector(folder, device).detect_many(inputs)
    if len(answers) == 1 and isinstance(answers[0], SquidError):
        raise answers[0]
    return [EncodedResult.of(one) if isinstance(one, Detection) else one for one in answers]


def what_if(folder: str, device: str, locked: Detection, trial: Trial) -> Detection:
    """Score the image of a detection otherwise."""
    return detector(folder, device).what_if(locked, trial)


def maps(folder: str, device: str, detection: Detection) -> Maps:
    """What else the networks see in the image of a detection."""
    return detector(folder, device).maps(detection)


def entries(folder: str, device: str, patch: int, slots: Sequence[int]) -> FloatArray:
    """(k, P, P) pictures of memory entries of one patch position."""
    return detector(folder, device).entries(patch, slots)


def detector(folder: str, device: str) -> Detector:
    """The loaded detector of a bundle; the few last used are kept."""
    from squid_core.inference.detector import Detector

    key = (folder, device)
    if key in _loaded:
        _loaded.move_to_end(key)
    else:
        _loaded[key] = Detector.load(Path(folder), device)
        while len(_loaded) > MAX_LOADED:
            _loaded.popitem(last=False)
    return _loaded[key]


def prepare_to_learn(share: c_double) -> None:
    """What a process that learns does first.

    Args:
        share: in memory that it has in common with the window; told there how far it has come.
    """
    global _share
    _share = share
    os.umask(0o077)  # all it writes is in the program's own folder
    yield_to_the_window()


def learn(parent: str, images: PixelArray, not_used: Mapping[NotUsed, int], out: str) -> Adapted:
    """Adapt a bundle to normal images, on the processor, and write what comes of it.

    Args:
        parent: the bundle's folder.
        images: (N, S, S) uint8, prepared as its card says, each of another patient.
        not_used: what was left out before, for the card.
        out: the new bundle's folder.

    Returns:
        What its card says of it.
    """
    from squid_core.adaptation.adapt import adapt, write
    from squid_core.datasets.image_set import ImageSet

    def tell(share: float) -> None:
        _share.value = share

    names = tuple(map(str, range(len(images))))  # nobody's: what is learned holds no identifier
    adaptation = adapt(Path(parent), ImageSet(images, names, names), device="cpu", not_used=not_used, progress=tell)
    write(adaptation, Path(out))
    return adaptation.adapted
