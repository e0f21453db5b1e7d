"""One pass on xcb: the window on a virtual X screen, not only offscreen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.headless import phantom

pytestmark = [
    pytest.mark.xcb,
    pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="there is no Xvfb on this machine"),
    pytest.mark.skipif(find_library("xcb-cursor") is None, reason="there is no libxcb-cursor0 on this machine"),
]
SCREEN = (1400, 900)


def test_the_window_works_on_a_real_screen_by_key_and_by_mouse(repository: Path, tmp_path: Path) -> None:
    film, picture = tmp_path / "film", tmp_path / "screen.png"
    assert phantom.write_in_child(film)
    width, height = SCREEN
    ended = subprocess.run(
        [
            str(shutil.which("xvfb-run")), "--auto-servernum", f"--server-args=-screen 0 {width}x{height}x24",
            sys.executable, "-m", "tests.app.on_xcb", str(tmp_path / "home"), str(film), str(picture),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "TMPDIR": str(tmp_path)},  # xvfb-run minds a space in it
        cwd=repository, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found.pop("platform") == "xcb"
    assert found.pop("screen") == list(SCREEN)
    done = ("inverted", "zoomed", "windowed", "full_screen", "left_full_screen", "dialog")
    assert found == dict.fromkeys(done, True)
    image = QImage(str(picture)).convertToFormat(QImage.Format.Format_Grayscale8)
    assert (image.width(), image.height()) == SCREEN
    greys = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, :width]
    assert len(np.unique(greys)) > 100  # a radiograph is on it
