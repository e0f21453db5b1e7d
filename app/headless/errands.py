"""What the self-test has done in a reader, where bytes are parsed. The window's process imports this to name it."""

from __future__ import annotations

from pathlib import Path

from app.headless.checks import INSTALL_AGAIN
from squid_core.contracts.errors import SquidError
from squid_core.export.request import ExportKind

TURN_DEGREES, MOVED = 4.0, (4.0, -5.0)  # of the mean chest, and px in rows and columns
WITHIN_PX = 1.0  # of the model's input: so near it is to be found again


def check_weights(folder: Path) -> str:
    """Compare a bundle's weights with their card.

    Raises:
        SquidError: card or weights are damaged, or do not belong together.
    """
    from squid_core.bundle.card import read_card, read_weights

    card = read_card(folder)
    data = read_weights(folder, card)
    return f"{len(data) / 1e6:.1f} MB, SHA-256 {card.weights_sha256[:12]}… as the card says"


def lay(folder: Path) -> str:
    """Move and turn the mean normal chest of a bundle, and lay it on itself again.

    It is the one picture of which it is known exactly how it lies; a drawn phantom lies as it happens to.

    Raises:
        SquidError: it is not found, or elsewhere.
    """
    import cv2
    import numpy as np

    from squid_core.bundle.card import read_card
    from squid_core.contracts.affine import mapped, then
    from squid_core.pose import register, unpack
    from squid_core.warping import warped

    preprocessing = read_card(folder).preprocessing
    size, packed = preprocessing.size, preprocessing.mean_chest
    mean = np.asarray(cv2.resize(unpack(packed).mean, (size, size)), dtype=np.float32)
    turn, middle = np.radians(TURN_DEGREES), (size - 1) / 2
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    down, right = MOVED
    moved = (
        (cos, -sin, middle - cos * middle + sin * middle + down),
        (sin, cos, middle - sin * middle - cos * middle + right),
    )
    pose, laid = register(warped(mean, moved, (size, size)), packed)
    back = then(laid, moved)
    row, column = size * np.mgrid[0.25:1:0.25, 0.25:1:0.25]
    there = mapped(back, row, column)
    off = float(np.hypot(there[0] - row, there[1] - column).max())
    if not pose.registered or off > WITHIN_PX:
        raise SquidError(
            f"The mean chest, moved and turned, is laid {off:.1f} px from where it lies; {WITHIN_PX:g} px is allowed.",
            f"Do not trust the scores of this machine. {INSTALL_AGAIN}",
        )
    return f"turned by {TURN_DEGREES:g}° and moved by {np.hypot(*MOVED):.1f} px, found within {off:.2f} px"


def read_back(folder: Path, source: Path, score: float) -> str:
    """Read what was exported of an image, kind by kind.

    Args:
        folder: holds the export of this one image and nothing else.
        source: the image's file.
        score: of the image, which its report is to state.

    Raises:
        SquidError: a file is missing, cannot be read, or is about something else.
    """
    from squid_core.export.write import WRITERS

    found = []
    for kind, (ending, _) in WRITERS.items():
        paths = sorted(folder.glob(f"*{ending}"))
        if len(paths) == 1:
            _check_written(kind, paths[0], source, score)
            found.append(kind.value)
        elif kind is not ExportKind.KEY_IMAGE_NOTE:  # which is written of unusual images only
            raise SquidError(f"The export of kind {kind.value} was not written.", "Look at the room on the disk.")
    return f"{', '.join(found)}: {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB"


def _check_written(kind: ExportKind, path: Path, source: Path, score: float) -> None:
    data = path.read_bytes()
    if kind is ExportKind.PDF:
        good = data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]
    elif kind is ExportKind.PNG:
        good = _is_picture(data)
    elif kind is ExportKind.SOURCE:
        good = data == source.read_bytes()
    else:
        good = _is_about(kind, path, source, score)
    if not good:
        raise SquidError(f"The export of kind {kind.value} does not hold what was written.", INSTALL_AGAIN)


def _is_picture(data: bytes) -> bool:
    import cv2
    import numpy as np

    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return picture is not None and int(picture.max()) > int(picture.min())


def _is_about(kind: ExportKind, path: Path, source: Path, score: float) -> bool:
    """Whether a DICOM object names the image and its patient, and holds its pixels or its score."""
    from pydicom import dcmread

    written, image = dcmread(path), dcmread(source, stop_before_pixels=True)
    values = [element.value for element in written.iterall() if element.VR in ("UI", "DS", "FD")]
    about = written.PatientID == image.PatientID and image.SOPInstanceUID in values
    if kind is ExportKind.STRUCTURED_REPORT:
        return about and any(abs(float(value) - score) < 1e-3 for value in values if not isinstance(value, str))
    if kind is ExportKind.SECONDARY_CAPTURE:
        return about and int(written.pixel_array.max()) > int(written.pixel_array.min())
    if kind is ExportKind.SEGMENTATION:  # of nothing, where nothing is unusual
        return about and written.pixel_array.size > 0
    return about
