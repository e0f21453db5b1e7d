"""`squid-viewer --self-test`: does this installation work on this machine? A table, and exit code 0 or 1.

Imports no Qt before the checks of the window, so that a window that cannot be built hides nothing else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

import numpy as np

from app.domain.layers.policy import load_policy
from app.headless import encodings, errands
from app.headless.checks import INSTALL_AGAIN, CheckTable, Remark
from app.headless.encodings import ENCODINGS, Encoding
from app.paths import AppPaths
from app.platform_check import platform_problem
from app.services.detector import worker
from app.services.readers import new_readers
from app.software import software_inside
from squid_core.bundle.library import AUTO, Bundles, available, folders, weights_root
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.files import private_folder, remove, write_atomically
from squid_core.home import HOME_VARIABLE
from squid_core.policy import policy_file
from squid_core.processes.child import yield_to_the_window
from squid_core.processes.held import Attempt, ChildLostError, NoChildError
from squid_core.processes.pool import Pool
from squid_core.terminal import say
from squid_core.version import installed_version

T = TypeVar("T")

CHILD_SECONDS = 400.0
DETECTOR_SECONDS = 180.0  # to import torch and load a bundle, on a slow disk that is searched for viruses meanwhile
PROBE = b"self-test"
CHILDREN = "Allow the program to start itself again: security software may forbid it."


def self_test(device: str | None) -> int:
    """Check this installation, and leave nothing behind.

    Returns:
        0 where every check has passed, 1 otherwise.
    """
    say(f"SQUID Viewer {installed_version('squid-viewer') or 'of unknown version'}, Python {platform.python_version()}")
    say(f"{platform.platform()}, {os.cpu_count()} processors, in {_installed_in()}")
    table = CheckTable()
    table.check("Program's folder", partial(check_own_folder, AppPaths.default().root))
    table.check("Policy of this computer", check_policy)
    scratch: list[tempfile.TemporaryDirectory[str]] = []
    if table.check("Temporary files", partial(_make_scratch, scratch)):
        with scratch[0] as folder:
            _in_folder(table, Path(folder), device)
    return 0 if table.end() else 1


def _installed_in() -> Path:
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else Path(__file__).resolve().parent.parent


def _make_scratch(made: list[tempfile.TemporaryDirectory[str]]) -> str:
    made.append(tempfile.TemporaryDirectory(prefix="squid-self-test-", ignore_cleanup_errors=True))
    return f"in {Path(made[0].name).parent}, {shutil.disk_usage(made[0].name).free / 1e9:.1f} GB free"


def _in_folder(table: CheckTable, folder: Path, device: str | None) -> None:
    """All checks that write; what they write goes into a folder of their own."""
    paths = AppPaths(folder / "home")
    if getattr(sys, "frozen", False):
        table.check("Licences", check_licences)
    readers = new_readers(paths)
    try:
        if table.check("Reading process", partial(check_reader, readers)):
            for encoding in ENCODINGS:
                table.check(f"Reads {encoding.name}", partial(check_encoding, readers, encoding, folder))
            table.guard("Weights", partial(check_bundles, table, readers))
        else:
            table.leave_out("Encodings, weights, registration", "there is no reading process.")
        table.guard("Detector", partial(check_detector, table, device))
        table.guard("Window", partial(check_window, table, paths, readers, folder, device))
    finally:
        readers.close()


def check_own_folder(root: Path) -> str:
    """Whether the program can keep what it keeps; a folder that was not there is not there afterwards.

    Raises:
        SquidError: it cannot, in a folder that was chosen on purpose.
    """
    try:
        return _written_in(root)
    except (OSError, SquidError) as error:
        why = f"{root} cannot be written"
        if os.environ.get(HOME_VARIABLE):
            advice = f"Let this user write there, or set {HOME_VARIABLE} to another folder."
            raise SquidError(f"{why}.", advice, type(error).__name__) from error
        return Remark(f"{why} by this user, so nothing would be kept; a temporary folder stands in for this test.")


def check_policy() -> str:
    """Whether what an administrator has set on this computer can be used.

    Raises:
        SquidError: some of it cannot.
    """
    policy, complaint = load_policy()
    if complaint is not None:
        raise SquidError(complaint.title, "`squid-viewer --show-settings` says what is in force.", complaint.detail)
    file = policy_file()
    return f"{file}, settings fixed: {len(policy.names)}" if file.exists() else f"there is no {file}"


def _written_in(root: Path) -> str:
    """Write, read and remove a file."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    probe = root / f".self-test-{os.getpid()}"
    try:
        private_folder(root)
        write_atomically(probe, PROBE, private=True)
        if probe.read_bytes() != PROBE:
            raise OSError(errno.EIO, "it reads as something else")
        return f"{root}, {shutil.disk_usage(root).free / 1e9:.1f} GB free"
    finally:
        remove(probe)
        with contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()


def _answer(future: Future[T]) -> T:
    """What a child answers: each call has a limit of its own; this one is for a pool that has broken down.

    Raises:
        SquidError: it says what is wrong, or does not answer.
    """
    try:
        return future.result(CHILD_SECONDS)
    except TimeoutError as error:
        raise SquidError("A child process does not answer.", CHILDREN) from error


def check_licences() -> str:
    """Whether every part that the frozen program is made of has the text of its licence beside it.

    Raises:
        SquidError: some are missing.
    """
    parts = software_inside()
    without = [part.name for part in parts if not part.texts or not all(text.is_file() for text in part.texts)]
    if without:
        raise SquidError(f"Texts of licences are missing: {', '.join(without)}.", INSTALL_AGAIN)
    return f"{len(parts)} parts, {sum(len(part.texts) for part in parts)} texts"


def check_reader(readers: ReaderPool) -> str:
    """Whether a reading process starts, loads what reads files, and answers.

    Raises:
        SquidError: none does.
    """
    try:
        number = _answer(readers.carry_out(os.getpid, lambda: None))
    except SquidError as error:
        raise SquidError("No reading process can be started.", CHILDREN, error.detail) from error
    return f"process {number} answers"


def check_encoding(readers: ReaderPool, encoding: Encoding, folder: Path) -> str:
    """Have a file of an encoding made, read as any file of the user's, and compare.

    Raises:
        SquidError: it cannot be made or read, or is read as something else.
    """
    path = folder / f"{encoding.uid}.dcm"
    try:
        _answer(readers.carry_out(partial(encodings.write, encoding, str(path)), lambda: None))
    except SquidError as error:
        raise SquidError("A file of it cannot be made.", INSTALL_AGAIN, error.detail or error.title) from error
    try:
        radiograph = _answer(readers.read(path))
    except SquidError as error:
        raise SquidError(f"It cannot be read: {error.title}", INSTALL_AGAIN, error.detail) from error
    wanted = encodings.picture(encoding.bits)
    if radiograph.pixels.shape != wanted.shape:
        raise SquidError("It is read in another size than it has.", INSTALL_AGAIN)
    off = int(np.abs(radiograph.pixels.astype(np.int64) - wanted).max())
    if off > encoding.off:
        raise SquidError(f"It is read wrongly: a value is off by {off}, {encoding.off} is allowed.", INSTALL_AGAIN)
    if radiograph.notices:  # the first decoder is missing or broken, and the second has read it
        raise SquidError(f"It is not read as it should be. {' '.join(radiograph.notices)}", INSTALL_AGAIN)
    top = 2**encoding.bits - 1
    return "exact" if not encoding.off else f"within {off} of {top}; {encoding.off} is allowed"


def check_bundles(table: CheckTable, readers: ReaderPool) -> None:
    """Every bundle, shipped or learned here: its hash, and that a chest is found again on its mean one."""
    table.check("Weights by age", _check_by_age)
    for folder in folders():
        where = "shipped" if folder.parent == weights_root() else "learned here"
        table.check(f"Weights {folder.name}, {where}", partial(_in_reader, readers, errands.check_weights, folder))
    for name, bundle in available().items():
        if bundle.card.preprocessing.mean_chest:
            table.check(f"Registration, {name}", partial(_in_reader, readers, errands.lay, bundle.folder))


def _in_reader(readers: ReaderPool, errand: Callable[[Path], str], folder: Path) -> str:
    return _answer(readers.carry_out(partial(errand, folder), lambda: None))


def _check_by_age() -> str:
    bundles = Bundles()
    adult, child = (bundles.choose(AUTO, age).card.name for age in (50, 5))
    return f"{adult} reads adults, {child} reads children"


def check_detector(table: CheckTable, device: str | None) -> None:
    """A process with torch, which loads every bundle that reads chests."""
    pool = Pool(1, yield_to_the_window, stopped="The detector was stopped.")
    try:
        for name, bundle in available().items():
            if bundle.card.subject == "chest":
                table.check(f"Detector, {name}", partial(_load, pool, bundle.folder, device or "auto"))
    finally:
        pool.close()


def _load(pool: Pool, folder: Path, device: str) -> str:
    attempt = Attempt(worker.warm_up, (str(folder), device), DETECTOR_SECONDS)
    report = _answer(pool.run([attempt], _no_detector))
    card = "a graphics card answers" if report.cuda else "no graphics card"
    return f"torch {report.torch}, {card}"


def _no_detector(error: BaseException, _: float) -> NoReturn:
    advice = CHILDREN if isinstance(error, (ChildLostError, NoChildError)) else INSTALL_AGAIN
    raise SquidError("The detector's process cannot be started, or does not stay.", advice, type(error).__name__)


def check_window(table: CheckTable, paths: AppPaths, readers: ReaderPool, folder: Path, device: str | None) -> None:
    """The window itself, offscreen, and what only the whole program can do."""
    problem = platform_problem()

    def libraries() -> str:
        if problem is not None:
            raise SquidError(problem)
        return "what Qt needs of the system is there"

    if not table.check("Libraries for the window", libraries):
        table.leave_out("Window", "Qt cannot be loaded.")
        return
    if table.check("Qt", _load_qt):
        from app.headless.window_checks import check_program

        check_program(table, paths, readers, folder, device)


def _load_qt() -> str:
    import PySide6.QtWidgets

    return f"Qt for Python {PySide6.__version__}, {os.environ.get('QT_QPA_PLATFORM') or 'on the screen'}"
