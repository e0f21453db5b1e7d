"""What a user reads when the machine lacks something: the scripts behind `make run`, with stand-ins for the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts' other branches are Linux's")

OFFSCREEN = ("libglib-2.0.so.0", "libGL.so.1", "libEGL.so.1", "libxkbcommon.so.0", "libfontconfig.so.1")
BUS = "libdbus-1.so.3"
StandIn = Callable[[str, str], None]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that comes first in PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.fixture
def stand_in(machine: Path) -> StandIn:
    """Put a shell script in the place of a program."""

    def write(name: str, body: str) -> None:
        (machine / name).write_text(f"#!/bin/sh\n{body}\n")
        (machine / name).chmod(0o755)

    return write


def _run(repository: Path, machine: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{machine}:{os.environ['PATH']}", "HOME": str(machine)}
    command = [str(repository / ".ci" / script), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


def _libraries(*names: str) -> str:
    return "\n".join(["cat <<'LIST'", *(f"\t{name} (libc6,x86-64) => /usr/lib/{name}" for name in names), "LIST"])


def test_a_complete_machine_hears_nothing(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("ldconfig", _libraries(*OFFSCREEN, BUS))
    stand_in("find", "echo /usr/share/fonts/a.ttf")
    done = _run(repository, machine, "system-libraries.sh", "offscreen")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_user_without_rights_gets_the_one_line_to_run(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("ldconfig", _libraries(*OFFSCREEN))
    stand_in("find", "exit 0")
    stand_in("id", "echo 1000")
    stand_in("apt-get", "exit 99")
    done = _run(repository, machine, "system-libraries.sh", "offscreen")
    assert done.returncode == 1
    assert "sudo apt-get install --yes --no-install-recommends libdbus-1-3 fonts-dejavu-core" in done.stderr


def test_a_window_needs_more_than_a_picture(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("ldconfig", _libraries(*OFFSCREEN, BUS))
    stand_in("find", "echo /usr/share/fonts/a.ttf")
    stand_in("id", "echo 1000")
    stand_in("apt-get", "exit 99")
    done = _run(repository, machine, "system-libraries.sh", "window")
    assert done.returncode == 1
    assert "libxcb-cursor0" in done.stderr
    assert "libdbus-1-3" not in done.stderr


def test_root_on_a_fresh_machine_gets_them_installed(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("ldconfig", _libraries(*OFFSCREEN))
    stand_in("find", "echo /usr/share/fonts/a.ttf")
    stand_in("id", "echo 0")
    # As on a fresh container: nothing can be installed before the lists are fetched.
    stand_in(
        "apt-get", f'echo "$@" >>{machine}/log; [ "$1" = update ] && touch {machine}/lists; [ -e {machine}/lists ]'
    )
    done = _run(repository, machine, "system-libraries.sh", "offscreen")
    assert done.returncode == 0, done.stderr
    install = "install --yes --no-install-recommends libdbus-1-3"
    assert (machine / "log").read_text().splitlines() == [install, "update", install]


def test_no_service_is_left_running_by_the_programs_that_tests_need(
    tmp_path: Path, repository: Path, machine: Path, stand_in: StandIn
) -> None:
    policy, log = tmp_path / "policy-rc.d", machine / "log"
    for name in ("sh", "cat", "chmod", "dirname", "head", "rm", "uname"):  # and no program that a test asks for
        (machine / name).symlink_to(shutil.which(name) or pytest.skip(f"no {name}"))
    stand_in("ldconfig", "exit 1")
    stand_in("id", "echo 0")
    stand_in("apt-get", f'"{policy}"; echo "$1 may start services: $?" >>"{log}"')
    stand_in("update-rc.d", f'echo "$@" >>"{log}"')
    environment = {"PATH": str(machine), "POLICY_RC_D": str(policy)}
    command = [str(repository / ".ci" / "test-tools.sh")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert log.read_text().splitlines() == ["install may start services: 101", "orthanc disable"]
    assert not policy.exists(), "what was there for the installation only is gone again"


def test_an_old_python_is_told_so(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("python3", '[ "$1" = -V ] && echo Python 3.9.2; exit 1')
    done = _run(repository, machine, "make-venv.sh", "python3", str(machine / "venv"))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; python3 is Python 3.9.2" in done.stderr


def test_debian_without_venv_is_told_the_package(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("python3", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    stand_in("id", "echo 1000")
    done = _run(repository, machine, "make-venv.sh", "python3", str(machine / "venv"))
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr


def test_root_on_debian_without_venv_gets_it_installed(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("python3", f'case "$2" in *ensurepip*) [ -e {machine}/installed ];; *) echo "$@" >>{machine}/log;; esac')
    stand_in("id", "echo 0")
    stand_in("apt-get", f"touch {machine}/installed")
    done = _run(repository, machine, "make-venv.sh", "python3", str(machine / "venv"))
    assert done.returncode == 0, done.stderr
    assert (machine / "log").read_text().splitlines()[-1] == f"-m venv --clear {machine}/venv"


def test_a_working_environment_is_kept(repository: Path, machine: Path, stand_in: StandIn) -> None:
    stand_in("python3", "exit 99")
    done = _run(repository, machine, "make-venv.sh", "python3", sys.prefix)
    assert (done.returncode, done.stdout) == (0, "")
    assert Path(sys.prefix, "bin", "python").exists()
