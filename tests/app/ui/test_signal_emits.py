"""PySide6 6.12.0 dropped a reference to True on every Signal.emit under Python 3.10 and 3.11, and then aborted."""

from __future__ import annotations

import subprocess
import sys

EMITS = 200_000
PROGRAM = f"""
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    changed = Signal(object, bool)

heard = 0
def hear(value, flag):
    global heard
    heard += flag

source = Source()
source.changed.connect(hear)
for _ in range({EMITS}):
    source.changed.emit(None, True)
assert heard == {EMITS}
"""


def test_two_hundred_thousand_emits_are_survived() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
