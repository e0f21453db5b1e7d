"""`squid-viewer`: the command line of the window. No Qt at module level, so that children start lean."""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.charsets import to_charset
from squid_core.terminal import Parser, run_guarded
from squid_core.version import SayVersion

PATIENCE_SECONDS = 2.0  # with a disk, before the window is there
THIS_COMPUTERS = Path()  # policy, where no draft is named
DEVICES = ("auto", "cpu", "cuda")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Returns:
        The exit code: 0, also where it was running already, 1 after a failure said in a sentence, 2 when the command
        line or the machine does not fit,
        130 when the user stopped it, 141 when whoever read its output has gone.
    """
    multiprocessing.freeze_support()
    return run_guarded("squid-viewer", lambda: _run(_parser().parse_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    if (missing := _missing(options.paths)) is not None:
        raise SquidError(f"There is no file or folder {missing}")
    if options.show_settings is not None:
        from app.headless.shown_settings import show_settings
        from app.paths import AppPaths

        draft = options.show_settings
        return show_settings(AppPaths.default().settings, None if draft == THIS_COMPUTERS else draft)
    if options.self_test:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # also where there is a screen: nothing is to appear on it
        from app.headless.self_test import self_test

        return self_test(options.device)  # in a folder of its own

    headless = options.snapshot is not None
    if headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from app.platform_check import platform_problem

    if (problem := platform_problem()) is not None:
        raise SquidError(problem)

    from app.instance import Request, claim, hand_over, sentence
    from app.paths import AppPaths

    home = AppPaths.default().root
    own = claim(home)
    if own is None and headless:
        raise SquidError("SQUID Viewer is running already; close it, or set SQUID_VIEWER_HOME to another folder.")
    if own is None:
        own = hand_over(home, Request(tuple(path.absolute() for path in options.paths), options.demo))
    if own is None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"squid-viewer: {sentence(options.paths)}\n")
        return 0
    try:
        if headless:
            from app.headless.headless import snapshot
            from squid_core.forgetting import forget

            forget(home)  # where a run was killed over it

            return snapshot(options.paths, options.demo, options.device, options.snapshot, options.charset)

        from app.services.readers import new_readers

        readers = new_readers(AppPaths.default())
        readers.warm_up()  # they load what they need while this process loads Qt

        from app.main import run

        alone = own.lock is not None
        return run(options.paths, options.demo, options.device, readers, charset=options.charset, alone=alone)
    finally:
        own.release()


def _missing(paths: Sequence[Path]) -> Path | None:
    """The first that is not there; a disk that does not answer is left to the import."""
    from app.services.threads.disk import ask_disk

    def look() -> Path | None:
        return next((path for path in paths if not path.exists()), None)

    return ask_disk(look, PATIENCE_SECONDS, lambda: None).result() if paths else None


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="squid-viewer",
        description="A reading room for chest radiographs. Research use only; not a medical device.",
    )
    parser.add_argument("paths", metavar="PATH", type=Path, nargs="*", help="files and folders to open")
    parser.add_argument("--demo", action="store_true", help="open the demonstration images of pydicom-data")
    parser.add_argument(
        "--snapshot", metavar="PNG", type=Path, help="import, triage, print the worklist, save a picture, and exit"
    )
    parser.add_argument("--device", choices=DEVICES, help="where the detector runs (default: as in the settings)")
    parser.add_argument(
        "--charset",
        type=to_charset,
        metavar="NAME",
        help=f"default character set of names in this run: {', '.join(Charset)} (default: as in the settings)",
    )
    parser.add_argument(
        "--show-settings",
        metavar="POLICY",
        type=Path,
        nargs="?",
        const=THIS_COMPUTERS,
        help="say which settings are in force and whose they are, here or with a draft of a policy file, and exit",
    )
    parser.add_argument("--self-test", action="store_true", help="check this installation: 0 where all is well, else 1")
    parser.add_argument("--version", action=SayVersion, nargs=0, help="say which version this is, and exit")
    return parser


if __name__ == "__main__":
    sys.exit(main())
