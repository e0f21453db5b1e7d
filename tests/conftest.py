"""What every test of the suite gets: an isolated home, silent Qt, and nothing left running behind it.

Fixtures: `shared` (Path of ../shared/data, or the test is skipped), `demo_folder` (Path of pydicom-data's files),
`repository` (Path of the checkout). Marker `shared` skips a test where ../shared is not there; `keeps_running`
moves the check for dangling threads and processes from the test's end to the module's.
"""

from __future__ import annotations

import gc
import importlib.util
import multiprocessing
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
PATIENCE_SECONDS = 5.0  # how long a thread or process may take to wind down after its test
HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")  # live as long as the interpreter

# Before anything else is imported: Qt, numpy, torch and platformdirs read the environment once.
_HOME = Path(tempfile.mkdtemp(prefix="squid-tests-"))
for _name in ("config", "data", "cache", "state", "runtime", "tmp"):
    (_HOME / _name).mkdir(mode=0o700)
os.environ |= {
    "HOME": str(_HOME),
    "USERPROFILE": str(_HOME),
    "XDG_CONFIG_HOME": str(_HOME / "config"),
    "XDG_DATA_HOME": str(_HOME / "data"),
    "XDG_CACHE_HOME": str(_HOME / "cache"),
    "XDG_STATE_HOME": str(_HOME / "state"),
    "XDG_RUNTIME_DIR": str(_HOME / "runtime"),
    "SQUID_VIEWER_HOME": str(_HOME / "viewer"),
    "PYTHONPATH": os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH")))),
}
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Whoever asks OpenMP for one thread gets one: torch heeds MKL's number first, and two threads on a busy core spin.
_THREADS = os.environ.get("OMP_NUM_THREADS") or str(min(2, os.cpu_count() or 1))
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # torch without importing torch
    os.environ.setdefault(_name, _THREADS)


# No time limit for one example, nor for making them: what a busy machine takes longer for is not wrong.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs ../shared where it is not there."""
    if SHARED_DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason="../shared/data is not on this machine"))


def pytest_unconfigure() -> None:
    """Remove the home of this run."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's root."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """../shared/data; the test is skipped where it is not there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not on this machine")
    return SHARED_DATA


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    """The files of the PyPI package pydicom-data, whose module is called data_store."""
    spec = importlib.util.find_spec("data_store")
    if spec is None or spec.origin is None:
        pytest.skip("pydicom-data is not installed")
    return Path(spec.origin).parent / "data"


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The viewer's own folder, the policy and the folder of temporary files are the test's own."""
    temporary = tmp_path / "temporary files"
    temporary.mkdir()
    monkeypatch.setenv("SQUID_VIEWER_HOME", str(tmp_path / "viewer home"))
    monkeypatch.setattr("squid_core.policy.policy_file", lambda: tmp_path / "policy of this computer.json")
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture(autouse=True)
def _files_are_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test has just written has been written: the queue need not wait and look again."""
    monkeypatch.setattr("app.services.triage_queue.REST_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program opens no socket to a network; watched in the process of the tests, not in its children."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError("a test opened a network connection")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture(autouse=True)
def _garbage_is_collected_on_this_thread() -> Iterator[None]:
    """As in the program (app/services/threads/garbage.py): a QObject freed by a worker's collection would crash Qt.

    The widgets of a test wait for an event loop to delete them, and hold their images meanwhile.
    """
    gc.disable()
    yield
    if _qt("QtCore"):
        _let_qt_delete()
        gc.collect()
    gc.enable()


@pytest.fixture(autouse=True, scope="module")
def _module_leaves_nothing_running() -> Iterator[None]:
    """No thread and no child process outlives its test module.

    What lives when it begins is no garbage, and is not searched after each of its tests: that took most of the time.
    """
    before = _running()
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    _expect(lambda: _running() - before, "the module left running")


@pytest.fixture(autouse=True)
def _leaves_nothing_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread, no child process and no window outlives its test."""
    before, windows = _running(), _windows()
    yield
    if not request.node.get_closest_marker("keeps_running"):
        _expect(lambda: _running() - before, "the test left running")
    _expect(lambda: _windows() - windows, "the test left windows open")


def _expect(left: Callable[[], set[str]], complaint: str) -> None:
    """Fail when `left()` is not empty within the patience."""
    until = time.monotonic() + PATIENCE_SECONDS
    while left() and time.monotonic() < until:
        _let_qt_delete()
        gc.collect()
        time.sleep(0.02)
    if still := left():
        pytest.fail(f"{complaint}: {', '.join(sorted(still))}", pytrace=False)


def _running() -> set[str]:
    """Names of this process's threads and of its children, less those that belong to the interpreter."""
    threads = {
        f"thread {thread.name} ({thread.ident})"
        for thread in threading.enumerate()
        # A Qt thread that ran Python leaves a _DummyThread behind; tqdm keeps one monitor for ever, Dask one helper.
        if thread.is_alive()
        and not isinstance(thread, threading._DummyThread)
        and type(thread).__name__ != "TMonitor"
        and not thread.name.startswith("Dask-Offload")
    }
    return threads | _qt_workers() | _children()


def _children() -> set[str]:
    """Living child processes: all of them on Linux, multiprocessing's own elsewhere."""
    found = {f"process {child.pid}" for child in multiprocessing.active_children()}
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in _read(listing).split():
            command = _read(Path("/proc", pid, "cmdline")).replace("\0", " ")
            if command and not any(helper in command for helper in HELPERS):  # a zombie has no command line
                found.add(f"process {pid}")
    return found


def _read(path: Path) -> str:
    """Text of a file below /proc, '' when its process has gone."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _qt(module: str) -> Any:
    """A Qt module if some test has imported it; this file imports none."""
    return sys.modules.get(f"PySide6.{module}")


def _qt_workers() -> set[str]:
    """The global thread pool's work, if any."""
    core = _qt("QtCore")
    busy = core.QThreadPool.globalInstance().activeThreadCount() if core and core.QCoreApplication.instance() else 0
    return {f"{busy} jobs of Qt's thread pool"} if busy else set()


def _windows() -> set[str]:
    """Windows on the screen."""
    widgets = _qt("QtWidgets")
    if not widgets or not isinstance(widgets.QApplication.instance(), widgets.QApplication):
        return set()
    return {
        f"{type(widget).__name__} {id(widget):#x}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.isVisible()
    }


def _let_qt_delete() -> None:
    """Run the deletions that wait for an event loop."""
    core = _qt("QtCore")
    if core and core.QCoreApplication.instance():
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
