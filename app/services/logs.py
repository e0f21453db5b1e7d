"""The log and the crash file, in the program's own folder. No identifier goes into either."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.paths import AppPaths
from squid_core.files import private_folder, private_opener

MAX_BYTES = 1_000_000
BACKUPS = 3

log = logging.getLogger("app")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def start_logging(paths: AppPaths, on_fault: Callable[[str], None]) -> Callable[[], None]:
    """Log to a rotating file, Qt's own messages too, and write the stacks of a crash beside it.

    Where the folder cannot be written the program runs without a log.

    Args:
        paths: where.
        on_fault: told the kind of an exception that nothing caught.

    Returns:
        A function that ends it.
    """
    logger = logging.getLogger()
    level, handlers = logger.level, list[logging.Handler]()
    logger.setLevel(logging.INFO)
    crashes = None
    try:
        private_folder(paths.log.parent)
        handler = _PrivateFileHandler(paths.log, maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
        handlers.append(handler)
        crashes = open(paths.crashes, "a", encoding="utf-8", opener=private_opener)  # noqa: SIM115
        faulthandler.enable(crashes)
    except OSError:
        pass
    hook = sys.excepthook
    sys.excepthook = _hook(on_fault)
    former = qInstallMessageHandler(_from_qt)

    def end() -> None:
        sys.excepthook = hook
        qInstallMessageHandler(former)
        faulthandler.disable()
        if crashes is not None:
            crashes.close()
        for handler in handlers:
            logger.removeHandler(handler)
            with contextlib.suppress(OSError):  # of a full disk
                handler.close()
        logger.setLevel(level)

    return end


class _PrivateFileHandler(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=private_opener)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """What cannot be logged, as on a full disk, is lost; logging would print a traceback to the terminal."""


def _hook(
    on_fault: Callable[[str], None],
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], _error: BaseException, where: TracebackType | None) -> None:
        # The places only: an exception's text may hold what a file said.
        frames = "".join(f"\n  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(where))
        log.error("%s%s", kind.__name__, frames)
        on_fault(kind.__name__)

    return hook


def _from_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)
