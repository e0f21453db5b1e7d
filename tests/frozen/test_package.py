"""What `make package` has made, in a bare Debian 12 of debootstrap: installed, used, upgraded and removed.

Needs root, a mirror of Debian, `debootstrap` (apt-get install debootstrap) and some 5 GB of disk for five minutes. What
is mounted is mounted in a namespace of the command that needs it, so nothing stays mounted, however a test ends.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.headless import phantom
from squid_core.version import installed_version
from tests.frozen.conftest import do_without

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
NEXT = "99.0.0"  # a made-up version
USER, HOME = "leser", Path("home", "leser")
# What a machine writes while it runs, packages or not.
OF_THE_MACHINE = ("proc/", "sys/", "dev/", "run/", "tmp/", "var/cache/", "var/log/", "var/lib/apt/", "var/lib/dpkg/")
INTO = 'mount -t proc proc "$0/proc" && mount -t tmpfs shm "$0/dev/shm" && exec chroot "$0" "$@"'


def _answer(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@dataclass(frozen=True)
class Machine:
    """A bare Debian in a folder."""

    root: Path

    def run(self, *command: str, network: bool = True, fails: bool = False) -> str:
        """Run a command there as root; what it says."""
        into = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8"}
        done = subprocess.run(
            [*into, "sh", "-c", INTO, str(self.root), *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stdout
        return done.stdout

    def as_user(self, command: str) -> str:
        """Run a shell's line there as an ordinary user, without a network."""
        return self.run("su", "-", USER, "-c", command, network=False)

    def install(self, *arguments: str) -> str:
        """Let apt install packages, or files of them."""
        return self.run("apt-get", "install", "--yes", *arguments)

    def bring(self, source: Path, place: Path) -> None:
        """Put a file there, the user's where it lies in the user's home."""
        shutil.copy(source, self.root / place)
        owner = (self.root / HOME).stat().st_uid if place.is_relative_to(HOME) else 0
        os.chown(self.root / place, owner, owner)

    def files(self) -> set[str]:
        """All files but those of other packages and what every machine writes."""
        lists = (self.root / "var" / "lib" / "dpkg" / "info").glob("*.list")
        packed = {line for one in lists if one.stem != "squid-viewer" for line in one.read_text().splitlines()}
        found = (path.relative_to(self.root) for path in self.root.rglob("*"))
        return {str(path) for path in found if not str(path).startswith(OF_THE_MACHINE) and f"/{path}" not in packed}

    def table(self, *paths: str) -> str:
        """Open files in the window, as the user; the worklist."""
        return self.as_user(f"squid-viewer --device cpu --snapshot picture.png {' '.join(paths)}")


@pytest.fixture(scope="module")
def packages(repository: Path) -> dict[str, Path]:
    """What `make package` has made, by ending."""
    made = [*(repository / "dist").glob(f"squid-viewer[-_]{installed_version()}[-_]*.*")]
    found = {path.suffix: path for path in made if path.is_file()}
    if {".deb", ".gz"} - found.keys():
        do_without(f"dist/ holds no packages of version {installed_version()}: make package")
    return found


@pytest.fixture(scope="module")
def bare(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bare Debian 12."""
    del packages  # none is made where there are none
    if sys.platform != "linux":
        pytest.skip("Linux's packages")
    if os.geteuid() != 0:
        do_without("only root can make a bare Debian: sudo make bundle-test")
    for tool in ("debootstrap", "unshare", "dpkg-deb"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    root = tmp_path_factory.mktemp("debian")
    root.chmod(0o755)  # its users are in it
    mirror = _answer("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Codename: bookworm")
    command = [shutil.which("debootstrap") or "", "--variant=minbase", "bookworm", str(root), *mirror.split()[:1]]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        shutil.rmtree(root)
        pytest.skip(f"no bare Debian can be had here: {done.stdout.strip().splitlines()[-1]}")
    yield root
    shutil.rmtree(root)


@pytest.fixture
def machine(bare: Path, tmp_path: Path) -> Iterator[Machine]:
    """The bare Debian with an ordinary user, who has one file of DICOM; the user goes with the test."""
    machine = Machine(bare)
    machine.run("apt-get", "update")
    machine.run("useradd", "--create-home", "--shell", "/bin/sh", USER)
    phantom.write(str(tmp_path / "chest.dcm"))
    machine.bring(tmp_path / "chest.dcm", HOME / "chest.dcm")
    yield machine
    machine.run("userdel", "--remove", USER)


def _works_for_a_user(machine: Machine, version: str) -> None:
    assert machine.as_user("squid --version").split() == ["squid", version]
    assert machine.as_user("squid-viewer --version").split() == ["squid-viewer", version]
    machine.as_user("squid-viewer --self-test --device cpu")
    machine.as_user("squid triage chest.dcm --device cpu --jsonl results.jsonl")
    assert '"scored"' in (machine.root / HOME / "results.jsonl").read_text(encoding="utf-8")


def _store(machine: Machine) -> set[str]:
    """The files that the program keeps for the user."""
    return {path.name for path in (machine.root / HOME / ".local" / "share" / "squid-viewer").iterdir()}


def _say_version(file: Path) -> None:
    """Let the file, whose fields are those of a mail, speak of the next version."""
    file.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {NEXT}", file.read_text("utf-8")), encoding="utf-8")


def _next_package(package: Path, folder: Path) -> Path:
    """The same package of a later version."""
    _answer("dpkg-deb", "-R", package, folder / "next")
    _say_version(folder / "next" / "DEBIAN" / "control")
    path = folder / f"squid-viewer_{NEXT}_amd64.deb"
    _answer("dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "--build", folder / "next", path)
    shutil.rmtree(folder / "next")
    return path


def test_the_debian_package_is_installed_used_upgraded_and_removed(
    machine: Machine, packages: dict[str, Path], tmp_path: Path
) -> None:
    version = installed_version() or ""
    names = {version: Path("root", "this.deb"), NEXT: Path("root", "next.deb")}
    machine.bring(packages[".deb"], names[version])
    machine.bring(_next_package(packages[".deb"], tmp_path), names[NEXT])
    before = machine.files()

    machine.install(f"/{names[version]}")
    _works_for_a_user(machine, version)
    menu = machine.root / "usr" / "share" / "applications" / "mimeinfo.cache"
    assert "application/dicom=squid-viewer.desktop" in menu.read_text(), "Debian has read the entry by itself"
    assert "Phantom" in machine.table("chest.dcm")
    kept = _store(machine)

    at_work = "SQUID_VIEWER_HOME=/tmp/other QT_QPA_PLATFORM=offscreen squid-viewer & sleep 8; "
    said = machine.run(
        "sh", "-c", f"{at_work}apt-get install --yes /{names[NEXT]}; status=$?; kill $!; exit $status", fails=True
    )
    assert "SQUID Viewer is running. Close it for every user" in said
    assert machine.as_user("squid --version").split() == ["squid", version]

    machine.install(f"/{names[NEXT]}")
    assert machine.run("dpkg-query", "--show", "--showformat=${Version}", "squid-viewer") == NEXT
    assert "Phantom" in machine.table(), "the worklist is the user's, and was not touched"
    assert kept <= _store(machine)
    machine.install("--allow-downgrades", f"/{names[version]}")
    assert "Phantom" in machine.table()

    for removal in ("remove", "purge"):
        machine.install(f"/{names[version]}")
        machine.run("apt-get", removal, "--yes", "squid-viewer")
        left = {path for path in machine.files() - before if not path.startswith(str(HOME))}
        assert {path for path in left if "squid" in path} == set()
        assert list((machine.root / "opt").iterdir()) == []
    assert "squid" not in menu.read_text()
    assert kept <= _store(machine), "a package has no business in homes"


def test_a_user_without_root_installs_upgrades_and_removes_the_archive(
    machine: Machine, packages: dict[str, Path]
) -> None:
    version = installed_version() or ""
    needed = _answer("dpkg-deb", "-f", packages[".deb"], "Depends").split(",")
    machine.install("--no-install-recommends", *(part.split()[0] for part in needed))
    machine.bring(packages[".gz"], HOME / "archive.tar.gz")
    before = machine.files()

    machine.as_user("tar xf archive.tar.gz")
    assert "is not on your PATH" in machine.as_user(f"squid-viewer-{version}/install.sh")
    assert machine.as_user("command -v squid").strip() == f"/{HOME}/.local/bin/squid", "it is after the next login"
    _works_for_a_user(machine, version)
    assert "Phantom" in machine.table("chest.dcm")
    kept = _store(machine)

    unpacked = machine.root / HOME / f"squid-viewer-{version}"
    (metadata,) = unpacked.glob("_internal/squid_viewer-*.dist-info/METADATA")
    _say_version(metadata)
    assert f"It replaces {version}." in machine.as_user(f"squid-viewer-{version}/install.sh")
    assert machine.as_user("squid --version").split() == ["squid", NEXT]
    assert "Phantom" in machine.table()
    assert kept <= _store(machine)

    said = machine.as_user(f".local/lib/squid-viewer-{NEXT}/install.sh --uninstall --yes")
    assert "Worklist, results and settings were not removed" in said
    assert kept <= _store(machine)
    machine.as_user(f"squid-viewer-{version}/install.sh")
    machine.as_user(f"squid-viewer-{version}/install.sh --uninstall --yes --forget")
    shutil.rmtree(unpacked)
    others = [
        HOME / name for name in ("picture.png", "results.jsonl", ".cache", ".local/share/mime")
    ]  # the desktop's caches
    others.append(HOME / ".local/share/applications/mimeinfo.cache")
    left = {Path(path) for path in machine.files() - before}
    left = {path for path in left if not any(path.is_relative_to(other) for other in others)}
    assert left <= {HOME / name for name in (".local", ".local/share", ".local/share/applications")}
