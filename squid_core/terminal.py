"""What a program says on its terminal, and how it ends when that cannot be written or the user stops it."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, TextIO

from squid_core.contracts.errors import SquidError

EXIT_OK, EXIT_UNWRITTEN, EXIT_FAILED, EXIT_INTERRUPTED = 0, 1, 2, 130
EXIT_PIPE_CLOSED, EXIT_TERMINATED = 141, 143  # as a program that SIGPIPE or SIGTERM ends

WAKE_SECONDS = 0.1  # between two attempts at waking the main thread


class OutputError(Exception):
    """What was to be said cannot be written: the disk is full, or whoever read it has gone."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause.strerror)
        self.reader_gone = cause.errno == errno.EPIPE or (sys.platform == "win32" and cause.errno == errno.EINVAL)


class TerminatedError(KeyboardInterrupt):
    """The system or a scheduler asked the program to end (SIGTERM)."""


class Parser(argparse.ArgumentParser):
    """A parser of arguments, and its subparsers, that do not keep to themselves that the help could not be written."""

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401 - as argparse has it
        """Write it to the terminal."""
        say(self.format_help().rstrip("\n"))


def say(text: str = "") -> None:
    """Write a line to the terminal, now.

    Raises:
        OutputError: it cannot be written.
    """
    _to_stdout(lambda stream: stream.write(text + "\n"))


@contextlib.contextmanager
def ending_on_term() -> Iterator[None]:
    """While open, SIGTERM ends what the main thread does as Ctrl+C would: with everything put away.

    Raises:
        TerminatedError: when it comes.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TerminatedError

    if threading.current_thread() is not threading.main_thread():  # which alone hears of signals
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def _woken_by_signals() -> Iterator[None]:
    """While open, the main thread hears of a signal at once, also where it waits.

    The system may give a signal to any thread. Python notes it there and leaves it to the main thread, but does not
    wake that from a lock or from sleep: Ctrl+C would be heard when the wait is over. A thread that is told of every
    signal wakes it by SIGURG, which means nothing else here. Windows has no such signals.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    main, heard = threading.main_thread().ident or 0, deque[int](maxlen=1)

    def wake() -> None:
        while number := os.read(told, 1):
            heard.clear()
            while number[0] != signal.SIGURG and not heard:  # it may have been about to wait, and not yet waiting
                signal.pthread_kill(main, signal.SIGURG)
                time.sleep(WAKE_SECONDS)

    before = signal.signal(signal.SIGURG, lambda number, _: heard.append(number))
    told_before = signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    thread = threading.Thread(target=wake, name="signals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(told_before)
        os.close(tell)
        thread.join()
        os.close(told)
        signal.signal(signal.SIGURG, before)


def run_guarded(program: str, work: Callable[[], int]) -> int:
    """Do the work of a program. Whatever ends it, its user gets a sentence, and never a traceback.

    Args:
        program: who speaks, before a sentence on stderr.
        work: what is to be done; its answer is the exit code.

    Returns:
        The exit code, that of an argument parser's exit included.
    """
    _open_streams()
    try:
        try:
            with _woken_by_signals():
                code = work()
        except SystemExit as end:  # of an argument parser: help, version or a wrong option
            code = end.code if isinstance(end.code, int) else EXIT_FAILED
        _to_stdout(lambda _: None)  # what others have written there
    except OutputError as error:
        code = EXIT_PIPE_CLOSED if error.reader_gone else EXIT_UNWRITTEN
        if not error.reader_gone:
            complain(f"{program}: The output could not be written: {error}.")
    except SquidError as error:
        code = EXIT_FAILED
        complain(f"{program}: {error}")
    except OSError as error:
        code = EXIT_FAILED
        complain(f"{program}: The system refused to read or write: {error.strerror or type(error).__name__}.")
    except KeyboardInterrupt as stop:
        code = EXIT_TERMINATED if isinstance(stop, TerminatedError) else EXIT_INTERRUPTED
        complain(f"{program}: stopped. {stop}".rstrip())
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _to_nowhere(stream)  # or the interpreter tries again at its end, and says so
    return code


def _to_stdout(write: Callable[[TextIO], object]) -> None:
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except OSError as error:
        raise OutputError(error) from error


def complain(sentence: str) -> None:
    """Say it on stderr, if that can still be written."""
    with contextlib.suppress(OSError):
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()


def _open_streams() -> None:
    """Take the place of standard streams that were closed, lest the next file to be opened does, such as the worklist.

    What is written to them fails then, as it should; but not in a windowed program on Windows, which never has any.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            flags = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
            place = os.open(os.devnull, flags)
            os.set_inheritable(place, True)  # children need it just as much
            setattr(sys, name, open(place, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name must never end the run


def _to_nowhere(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
