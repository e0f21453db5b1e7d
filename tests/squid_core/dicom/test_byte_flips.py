"""2 000 seeded byte flips through the real readers: every file gets its answer, nothing hangs, the parent lives.

The seed is SQUID_FUZZ_SEED, else always the same; it stands in the message of a failure.
"""

from __future__ import annotations

import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.limits import FIRST_TRY_SECONDS, SECOND_TRY_SECONDS
from squid_core.dicom.readers import ReaderPool
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, compressed, encapsulated, jpeg, phantom, save, to_bytes

SEED = int(os.environ.get("SQUID_FUZZ_SEED", "20240229"))
FILES = 2000
IN_HAND = 64
SIDE = 40  # pixels; the least that JPEG 2000's six levels take
ENOUGH_SECONDS = 240.0  # for all of them; 20 on an idle machine
MOST_MB = 2048
PARENT_MB = 300  # that the parent may grow by
LEAKS = ("Traceback", 'File "', "/tmp", "Doe", "P-17")  # noqa: S108 - looked for in messages


def small(**attributes: Any) -> Dataset:
    return chest(phantom(SIDE, SIDE), **attributes)


def in_syntax(syntax: UID) -> bytes:
    ds = small()
    ds.file_meta.TransferSyntaxUID = syntax
    if syntax != ExplicitVRBigEndian:
        return to_bytes(ds)
    ds.PixelData = phantom(SIDE, SIDE).astype(">u2").tobytes()
    buffer = io.BytesIO()
    dcmwrite(buffer, ds, enforce_file_format=True, implicit_vr=False, little_endian=False)
    return buffer.getvalue()


def nested() -> bytes:
    inner = Dataset()
    inner.CodeValue, inner.CodeMeaning = "T-D3000", "Chest"
    return to_bytes(small(AnatomicRegionSequence=Sequence([inner]), VOILUTSequence=Sequence([Dataset()])))


SOUND: dict[str, Callable[[], bytes]] = {
    "implicit": lambda: in_syntax(ImplicitVRLittleEndian),
    "explicit": lambda: in_syntax(ExplicitVRLittleEndian),
    "big endian": lambda: in_syntax(ExplicitVRBigEndian),
    "deflated": lambda: in_syntax(DeflatedExplicitVRLittleEndian),
    "sequences": nested,
    "run lengths": lambda: to_bytes(compressed(small(), RLELossless, "pydicom")),
    "JPEG 2000": lambda: to_bytes(compressed(small(), JPEG2000Lossless, "pylibjpeg")),
    "JPEG-LS": lambda: to_bytes(compressed(small(), JPEGLSLossless, "pyjpegls")),
    "JPEG": lambda: to_bytes(
        encapsulated(
            chest(phantom(SIDE, SIDE, 8, np.uint8), 8), [jpeg(phantom(SIDE, SIDE, 8, np.uint8))], JPEGBaseline8Bit
        )
    ),
    "zip": lambda: zipped(("ST/IM1", to_bytes(small()))),
}


def flipped(sound: bytes, chooser: random.Random) -> bytes:
    """The file with one to eight bytes changed, in its header as often as in its pixels."""
    data = bytearray(sound)
    middle = max(200, len(data) // 2) if len(data) < 3000 else 1000
    for _ in range(chooser.choice((1, 1, 1, 2, 4, 8))):
        header = chooser.random() < 0.5
        place = chooser.randrange(132, middle) if header else chooser.randrange(middle, len(data))
        data[place] = chooser.choice(
            (0, 0xFF, 0x7F, 0x80, chooser.randrange(256), data[place] ^ 1 << chooser.randrange(8))
        )
    if chooser.random() < 0.1:
        del data[chooser.randrange(132, len(data)) :]
    return bytes(data)


@pytest.fixture
def readers() -> Iterator[ReaderPool]:
    with ReaderPool(2) as pool:
        yield pool


@pytest.mark.timeout(2 * ENOUGH_SECONDS)
def test_two_thousand_flipped_files_each_get_an_answer(tmp_path: Path, readers: ReaderPool) -> None:
    chooser = random.Random(SEED)  # noqa: S311 - a seeded test
    sound = {name: make() for name, make in SOUND.items()}
    for name, data in sound.items():
        answer = readers.examine(save(tmp_path, data, name)).result(60)
        assert answer.status in (None, FileStatus.SKIPPED), f"{name}: {answer.message}"
        assert (answer.status is None) == (name != "zip")
    names = [chooser.choice(list(sound)) for _ in range(FILES)]
    paths = [save(tmp_path, flipped(sound[name], chooser), f"{n}") for n, name in enumerate(names)]
    before, began = parent_mb(), time.monotonic()
    shown = 0
    for first in range(0, FILES, IN_HAND):
        some = range(first, min(first + IN_HAND, FILES))
        futures = [(readers.identify(paths[n]), readers.examine(paths[n])) for n in some]
        for n, (identified, examined) in zip(some, futures, strict=True):
            which = f"seed {SEED}, file {n}, {names[n]}"
            header, answer = identified.result(60), examined.result(60)
            for part in (header, answer):
                assert part.status is None or len(part.message) > 8, which
                assert not any(leak in part.message for leak in LEAKS), f"{which}: {part.message}"
            assert answer.seconds <= FIRST_TRY_SECONDS + SECOND_TRY_SECONDS, which
            assert answer.peak_rss_mb < MOST_MB, which
            shown += answer.status is None
    assert time.monotonic() - began < ENOUGH_SECONDS, f"seed {SEED}"
    assert parent_mb() - before < PARENT_MB, f"seed {SEED}"
    assert FILES // 10 < shown < FILES, f"seed {SEED}: {shown} shown"  # the flips reach every part, and do harm
    assert readers.examine(save(tmp_path, sound["explicit"], "after all")).result(60).status is None


def parent_mb() -> float:
    """Peak of this process's resident memory in MB."""
    if sys.platform == "win32":
        return 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
