"""The frozen program where it has nothing but itself, and where a part of it is broken.

The bare environment: no variable but a PATH that is empty and a HOME that is not there, so no locale and no display;
the user nobody; no network; the program's folder mounted read-only under a name with an umlaut and a blank; this
checkout out of sight. It is a namespace of the command, so nothing stays mounted. Linux, as root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.headless import phantom
from app.headless.encodings import ENCODINGS
from tests.frozen.conftest import Runner, do_without

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
PLACE = "/tmp/Räume 2/squid-viewer"  # noqa: S108 - on a tmpfs of its own
NOBODY = "65534"
# $0 is the bundle, $1 the checkout; then comes what is run. A tmpfs on /tmp, so that it is seen what is left there.
INTO = f"""
set -e
mount --bind "$0" /mnt
mount -t tmpfs bare "$1"
mount -t tmpfs -o mode=1777 bare /tmp
mkdir -p "{PLACE}"
mount --bind /mnt "{PLACE}"
mount -o remount,bind,ro "{PLACE}"
umount /mnt
shift
cd /
exec /usr/bin/setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups "$@"
"""


@pytest.fixture(scope="module")
def bare(bundle: Path, repository: Path) -> list[str]:
    """The beginning of a command that is run there; environment and program follow."""
    if not sys.platform.startswith("linux"):
        pytest.skip("namespaces of Linux")
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        do_without("a mount that is read-only and another user need root: sudo make bundle-test")
    into = ["unshare", "--mount", "--net", "sh", "-c", INTO, str(bundle), str(repository)]
    return [*into, "/usr/bin/env", "-i", "PATH=", "HOME=/nonexistent"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the other user may write, and that is seen from there."""
    folder = Path(tempfile.mkdtemp(prefix="squid-bare-", dir="/var/tmp"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def start(bare: list[str], *command: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*bare, *command], capture_output=True, text=True, timeout=380, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_the_bare_environment_is_bare(bare: list[str], repository: Path) -> None:
    look = (
        f'touch "{PLACE}/x" 2>/dev/null && echo written; ls "{repository}"; id -u; grep -o "[a-z0-9]*:" /proc/net/dev'
    )
    done = start(bare, "/bin/sh", "-c", f"PATH=/bin:/usr/bin; {look}")
    assert done.stdout.split() == [NOBODY, "lo:"]  # nothing can be written, nothing of the checkout is seen


def test_the_self_test_passes_and_leaves_nothing_behind(bare: list[str]) -> None:
    done = start(bare, "/bin/sh", "-c", f'"{PLACE}/squid-viewer" --self-test; code=$?; echo left /tmp/*; exit $code')
    *lines, left = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert [line for line in lines if line.startswith("FAILED")] == []
    assert [line.split()[3:5] for line in lines if line.startswith("note")] == [["Program's", "folder"]]
    assert f"in {PLACE}" in lines[1]
    assert sum(" Reads " in line for line in lines) == len(ENCODINGS)
    for check in (
        "Licences",
        "Weights adult",
        "Registration, adult",
        "Detector, adult",
        "Window",
        "Phantom",
        "Results",
    ):
        assert check in done.stdout
    assert left == "left /tmp/Räume 2"


def test_the_window_starts_says_that_it_can_keep_nothing_and_closes(bare: list[str]) -> None:
    command = [*bare, "QT_QPA_PLATFORM=offscreen", f"{PLACE}/squid-viewer"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as window:
        said, until = "", time.monotonic() + 120
        assert window.stdout is not None
        while "its folder cannot be written" not in said and time.monotonic() < until:
            line = window.stdout.readline()
            said += line
            if not line:
                break
        time.sleep(2.0)  # in which it goes on to start its children
        window.send_signal(signal.SIGTERM)
        said += window.stdout.read()
    assert "The worklist cannot be saved at present: its folder cannot be written." in said
    assert "Traceback" not in said
    assert window.returncode == 0, said


def test_without_a_display_the_window_is_one_sentence(bare: list[str]) -> None:
    done = start(bare, f"{PLACE}/squid-viewer")
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no display here." in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_command_line_scores_and_says_what_it_cannot_write(bare: list[str], open_folder: Path) -> None:
    phantom.write(str(open_folder / "film"))
    results = open_folder / "results.jsonl"
    squid = f"{PLACE}/squid"
    done = start(bare, squid, "triage", str(open_folder / "film"), "--jsonl", str(results), "--device", "cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"scored"' in results.read_text("utf-8")
    done = start(bare, squid, "export", str(open_folder / "film"), "--kinds", "pdf", "--out", "/nonexistent/x")
    assert done.returncode != 0
    assert "could not be written" in done.stdout + done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names of files as on Linux")
def test_what_is_broken_in_a_bundle_is_named_and_hides_nothing(bundle: Path, run: Runner) -> None:
    """A weight with a turned bit, a decoder that is gone, a licence that is gone."""
    with tempfile.TemporaryDirectory(prefix=".broken-", dir=bundle.parent) as folder:
        broken = Path(shutil.copytree(bundle, Path(folder, bundle.name), symlinks=True, copy_function=os.link))
        inside = broken / "_internal"
        weights = inside / "squid_core" / "weights" / "adult" / "model.safetensors"
        data = bytearray(weights.read_bytes())
        data[len(data) // 2] ^= 1
        weights.unlink()  # a second name of the bundle's own file until now
        weights.write_bytes(data)
        (decoder,) = inside.glob("_CharLS*.so")
        decoder.unlink()
        text = next((inside / "licences" / "torch").iterdir())
        text.unlink()
        done = run(broken, "squid-viewer", "--self-test")
    assert done.returncode == 1
    failed = [line[17:].split("  ")[0] for line in done.stdout.splitlines() if line.startswith("FAILED")]
    assert {"Licences", "Reads JPEG-LS", "Reads JPEG-LS, near lossless", "Weights adult, shipped"} <= set(failed)
    assert "Detector, adult" in failed
    passed = [line[17:].split("  ")[0] for line in done.stdout.splitlines() if line.startswith("ok")]
    assert {"Reads JPEG, lossless", "Weights zhanglab, shipped", "Registration, adult", "Window is drawn"} <= set(
        passed
    )
    assert "the hash differs" in done.stdout
