"""Real peers, started and stopped by the tests on loopback, with configurations and folders of their own.

Each is skipped with a reason where its program is not installed (`.ci/test-tools.sh` installs them on Debian).
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

LOOPBACK = "127.0.0.1"
START_SECONDS = 20.0
DICOMWEB_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


def needs(program: str) -> str:
    """Where a program lies; the test is skipped where it is not installed."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    if found is None:
        pytest.skip(f"{program} is not installed (.ci/test-tools.sh)")
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = START_SECONDS) -> None:
    """Until somebody listens."""
    until = time.monotonic() + seconds
    while not listens(port):
        assert time.monotonic() < until, "the peer does not listen"
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Whether somebody listens there now."""
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


@dataclass(frozen=True, slots=True)
class Orthanc:
    """A running Orthanc. It knows the node here as `modality` (SQUID on `our_port`)."""

    dicom_port: int
    http_port: int
    our_port: int
    aet: str = "ORTHANC"
    modality: str = "squid"

    @property
    def dicomweb(self) -> str:
        """Base URL of its DICOMweb services."""
        return f"http://{LOOPBACK}:{self.http_port}/dicom-web"

    def ask(self, path: str, data: bytes | None = None, method: str | None = None) -> Any:
        """Its own REST interface; JSON where it answers in JSON, else bytes."""
        url = f"http://{LOOPBACK}:{self.http_port}{path}"
        request = urllib.request.Request(url, data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            body = answer.read()
            return json.loads(body) if "json" in answer.headers.get("Content-Type", "") else body

    def put(self, *files: Path) -> None:
        """Have it store files."""
        for file in files:
            self.ask("/instances", file.read_bytes())

    def instances(self) -> list[str]:
        """SOP Instance UIDs that it has."""
        found = self.ask("/instances?expand")
        return [one["MainDicomTags"]["SOPInstanceUID"] for one in found]


@contextlib.contextmanager
def running_orthanc(folder: Path, http_port: int = 0, dicom_port: int = 0, our_port: int = 0) -> Iterator[Orthanc]:
    """An Orthanc of one's own; the ports are chosen where they are 0. Starting it again on `folder` finds its files."""
    program = needs("Orthanc")
    if not DICOMWEB_PLUGIN.exists():
        pytest.skip("orthanc-dicomweb is not installed (.ci/test-tools.sh)")
    made = Orthanc(dicom_port or free_port(), http_port or free_port(), our_port or free_port())
    folder.mkdir(parents=True, exist_ok=True)
    configuration = {
        "Name": "tests",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": made.http_port,
        "DicomPort": made.dicom_port,
        "DicomAet": made.aet,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomModalities": {made.modality: ["SQUID", LOOPBACK, made.our_port]},
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "Plugins": [str(DICOMWEB_PLUGIN)],
        "DicomWeb": {"Enable": True},
        "HttpServerEnabled": True,
        "StableAge": 1,
    }
    (folder / "orthanc.json").write_text(json.dumps(configuration), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen([program, str(folder / "orthanc.json")], stdout=log, stderr=log)
        try:
            wait_for_port(made.http_port)
            wait_for_port(made.dicom_port)
            yield made
        finally:
            process.kill()  # by itself it takes seconds to end; what it was sent is on its disk all the same
            process.wait(20)


@contextlib.contextmanager
def running(command: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program that listens, such as storescp or dcmqrscp of DCMTK, until the block ends."""
    process = subprocess.Popen([needs(command[0]), *command[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def run(*command: str | Path, seconds: float = 60.0) -> subprocess.CompletedProcess[str]:
    """A program of DCMTK to its end; its exit status is for the test to look at."""
    words = [str(word) for word in command]
    words[0] = needs(words[0])
    return subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
