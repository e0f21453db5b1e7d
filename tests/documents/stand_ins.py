"""What the commands of the documents name: folders and files of made-up chests, and a shell to run a command in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from squid_core.cli import main
from tests.documents.pages import Command
from tests.squid_core.chests import chest
from tests.squid_core.dicom import phantoms

SIDE = 256
WRITTEN = ("--out", "--png", "--json", "--jsonl", "--csv", "--snapshot")
OURS = ("squid", "squid-viewer")


def films(folder: Path, count: int = 2, **attributes: Any) -> Path:
    """A folder of DICOM files for the detector, of as many patients."""
    for number in range(count):
        pixels = (chest(number, SIDE) * 4000).astype(np.uint16)
        phantoms.save(folder, phantoms.chest(pixels, PatientID=f"P-{number}", **attributes), f"film{number}.dcm")
    return folder


def pictures(folder: Path, seeds: range) -> Path:
    """A folder of PNG files, each of another patient."""
    folder.mkdir(parents=True)
    for seed in seeds:
        Image.fromarray((chest(seed, SIDE) * 255).astype(np.uint8)).save(folder / f"person{seed}_{seed}.png")
    return folder


def is_looked_for(command: Command, folder: Path) -> list[str]:
    """What a command was to write and did not."""
    words = command.words
    named = {word: words[at + 1] for at, word in enumerate(words[:-1]) if word in WRITTEN and words[at + 1][0] != "-"}
    return [f"{option} {name}" for option, name in named.items() if not (folder / name).exists()]


def carried_out(command: Command, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command of a document in a folder, to its end, as it is written.

    `squid` is called in this process, which has loaded torch; its words are those that a shell would give it. Anything
    else goes through a shell.

    Returns:
        What a program in a shell said.
    """
    said = ""
    if command.words[0] == "squid":
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for name, value in {**command.variables, **(environment or {})}.items():
                patch.setenv(name, value)
            code = main(command.words[1:])
    else:
        done = subprocess.run(
            ["sh", "-e", "-c", command.text],  # noqa: S607
            cwd=folder,
            env={**shell_environment(), **(environment or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        code, said = done.returncode, done.stdout + done.stderr
    assert code == 0, f"{command.page}: {command.text}\n{said}"
    assert is_looked_for(command, folder) == [], f"{command.page}: {command.text}"
    return said


def begun_and_stopped(command: Command, folder: Path, *, at_work: Callable[[], bool], by: signal.Signals) -> int:
    """Run what goes on until it is stopped; its exit status.

    Args:
        command: of a document.
        folder: where it is typed.
        at_work: whether the program does by now what it is for.
        by: Ctrl+C (SIGINT), or what a window manager and systemd do (SIGTERM).
    """
    module = "squid_core.cli" if command.words[0] == "squid" else "app"
    call = [sys.executable, "-m", module, *command.words[1:]]
    with (folder / "said").open("w+") as said:
        # Of a shell's background SIGINT is ignored, and a child would inherit that.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        process = subprocess.Popen(call, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        signal.signal(signal.SIGINT, before)
        try:
            while not at_work():
                assert process.poll() is None, f"{command.text}: {(folder / 'said').read_text()}"
                time.sleep(0.2)
            process.send_signal(by)
            return process.wait(30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(30)


def shell_environment() -> dict[str, str]:
    """With the programs of this environment on the path, as after `. .venv/bin/activate`."""
    return {**os.environ, "PATH": os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))}
