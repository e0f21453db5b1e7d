"""What is handed to a hospital, made of a stand-in for the bundle: the Debian package, the archive, its installer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools.package import WHILE_IT_RUNS, needs, package

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's packages")
PROGRAM = """\
#!/bin/sh
case "$1" in
--version) echo "squid {version}" ;;
forget) echo "$@" >>"$HOME/asked"; exit "${{FORGET:-0}}" ;;
esac
"""
NAMES = ("squid", "squid-viewer")
Install = Callable[..., "subprocess.CompletedProcess[str]"]


def _tool(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


def _bundle(folder: Path, version: str) -> Path:
    """A folder as PyInstaller makes it: a program of two names, and a library (one that runs, as the real program)."""
    bundle = folder / f"squid-viewer-{version}"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "squid-viewer").write_text(PROGRAM.format(version=version))
    (bundle / "squid-viewer").chmod(0o755)
    (bundle / "squid").symlink_to("squid-viewer")
    shutil.copy(_tool("sleep"), bundle / "_internal" / "sleep.so.1")
    return bundle


def _answer(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is made of two versions, by version and the file's ending."""
    folder = tmp_path_factory.mktemp("dist")
    return {
        f"{version}{path.suffix}": path for version in ("0.9.0", "0.10.0") for path in package(_bundle(folder, version))
    }


@pytest.fixture
def unpacked(made: dict[str, Path], tmp_path: Path) -> Path:
    """Where a user has unpacked both archives."""
    folder = tmp_path / "Downloads"
    folder.mkdir()
    for version in ("0.9.0", "0.10.0"):
        _answer("tar", "xf", made[f"{version}.gz"], "-C", folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / 'Jörg 100% "Röntgen" $1 `x` \\'
    folder.mkdir()
    return folder


@pytest.fixture
def install(unpacked: Path, home: Path) -> Install:
    """Run a version's install.sh as a user whose shell finds ~/.local/bin."""

    def run(
        version: str, *arguments: str, answer: str = "", path: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        search = f"{path or home / '.local' / 'bin'}:/usr/bin:/bin"
        return subprocess.run(
            [str(unpacked / f"squid-viewer-{version}" / "install.sh"), *arguments],
            env={"HOME": str(home), "PATH": search, **more},
            input=answer,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def at_work() -> Iterator[Callable[[Path], None]]:
    """Let a program of a folder run until the test ends."""
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path) -> None:
        started.append(subprocess.Popen([folder / "_internal" / "sleep.so.1", "60"]))

    yield start
    for process in started:
        process.kill()
        process.wait()


def _said(home: Path) -> str:
    """What the installed `squid` says of itself."""
    return _answer(home / ".local" / "bin" / "squid", "--version").strip()


# The Debian package


def test_the_package_brings_the_program_its_names_and_what_a_desktop_reads(
    made: dict[str, Path], tmp_path: Path
) -> None:
    root = tmp_path / "root"
    _answer(_tool("dpkg-deb"), "-R", made["0.9.0.deb"], root)
    for name in NAMES:
        assert (root / "usr" / "bin" / name).readlink() == Path("/opt/squid-viewer", name)
    assert (root / "opt" / "squid-viewer" / "squid").readlink() == Path("squid-viewer")
    assert {path.name for path in (root / "DEBIAN").iterdir()} == {"control", "preinst", "prerm", "postrm"}
    share = root / "usr" / "share"
    assert (share / "applications" / "squid-viewer.desktop").is_file()
    assert (share / "mime" / "packages" / "squid-viewer.xml").is_file()
    assert len(list((share / "icons" / "hicolor").glob("*x*/apps/squid-viewer.png"))) == 7
    assert (share / "icons" / "hicolor" / "scalable" / "apps" / "squid-viewer.svg").is_file()
    assert "Apache-2.0" in (share / "doc" / "squid-viewer" / "copyright").read_text()
    assert not (root / "etc").exists()
    assert not (root / "home").exists()


def test_the_package_is_roots_and_nobody_else_may_write_into_it(made: dict[str, Path]) -> None:
    lines = [line.split() for line in _answer(_tool("dpkg-deb"), "-c", made["0.9.0.deb"]).splitlines()]
    assert {line[1] for line in lines} == {"root/root"}
    assert {line[0] for line in lines} == {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}


def test_the_package_says_what_it_needs_of_debian(made: dict[str, Path]) -> None:
    def said(name: str) -> str:
        return _answer(_tool("dpkg-deb"), "-f", made["0.9.0.deb"], name).strip()

    assert (said("Package"), said("Version")) == ("squid-viewer", "0.9.0")
    assert said("Architecture") == _answer("dpkg", "--print-architecture").strip()
    assert "libc6 (>= 2." in said("Depends")
    assert int(said("Installed-Size")) > 30


def test_a_bundle_that_lacks_a_library_nobody_brings_is_not_packed(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path, "0.9.0")
    shutil.copy(_tool("ls"), bundle / "_internal")  # asks for libselinux, which is no part of graphics
    with pytest.raises(ValueError, match=r"libselinux\.so\.1"):
        needs(bundle)


@pytest.mark.parametrize("action", ["upgrade", "remove"])
def test_dpkg_changes_nothing_below_a_program_at_work(
    tmp_path: Path, at_work: Callable[[Path], None], action: str
) -> None:
    bundle = _bundle(tmp_path, "0.9.0")
    script = WHILE_IT_RUNS.format(action=action, installed=str(bundle).lstrip("/"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "-c", script, "script", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert run(action).returncode == 0
    at_work(bundle)
    refused = run(action)
    assert refused.returncode == 1
    assert "SQUID Viewer is running. Close it" in refused.stderr
    assert run("purge").returncode == 0


def test_the_same_bundle_makes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: dict[str, Path]
) -> None:
    del made  # SOURCE_DATE_EPOCH is set by then, and is this test's own
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    found = []
    for name, mask in (("one", 0o022), ("two", 0o077)):
        before = os.umask(mask)
        try:
            *_, sums = package(_bundle(tmp_path / name, "0.9.0"))
        finally:
            os.umask(before)
        found.append(sums.read_text())
        checked = _answer("env", f"--chdir={sums.parent}", "sha256sum", "--check", sums.name)
        assert [line.endswith(": OK") for line in checked.splitlines()] == [True, True]
        time.sleep(1.1)  # the files of the next one are of another second
    assert found[0] == found[1]


# What a desktop reads


def test_the_desktop_entry_is_valid_and_speaks_chinese(repository: Path) -> None:
    entry = repository / "resources" / "packaging" / "squid-viewer.desktop"
    assert {"GenericName[zh_TW]", "Comment[zh_TW]"} <= {
        line.partition("=")[0] for line in entry.read_text().splitlines()
    }
    done = subprocess.run([_tool("desktop-file-validate"), entry], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_file_manager_knows_a_dicom_file_by_its_bytes_and_a_dicomdir_by_its_name(
    repository: Path, tmp_path: Path
) -> None:
    packages = tmp_path / "share" / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(repository / "resources" / "packaging" / "squid-viewer.xml", packages)
    _answer(_tool("update-mime-database"), packages.parent)
    (tmp_path / "IM000001").write_bytes(bytes(128) + b"DICM" + bytes(40))
    (tmp_path / "no header.DCM").write_bytes(bytes(40))
    (tmp_path / "DICOMDIR").write_bytes(bytes(40))
    (tmp_path / "other").write_bytes(bytes(40))
    files = [tmp_path / name for name in ("IM000001", "no header.DCM", "DICOMDIR", "other")]
    done = subprocess.run(
        [_tool("gio"), "info", "--attributes=standard::content-type", *files],
        env={"XDG_DATA_DIRS": str(tmp_path / "share"), "XDG_DATA_HOME": str(tmp_path / "none"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    kinds = [line.split()[1] for line in done.stdout.splitlines() if "standard::content-type:" in line]
    assert kinds == ["application/dicom"] * 3 + ["application/octet-stream"]


# The archive


def test_a_user_installs_without_questions_and_finds_the_program(install: Install, home: Path) -> None:
    done = install("0.9.0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"SQUID Viewer 0.9.0 is installed in {home}/.local/lib/squid-viewer-0.9.0."]
    assert _said(home) == "squid 0.9.0"
    assert (home / ".local" / "lib" / "squid-viewer-0.9.0" / "squid").readlink() == Path("squid-viewer")
    assert {path.name for path in home.iterdir()} == {".local"}


def test_the_menu_starts_the_program_wherever_the_home_lies(install: Install, home: Path) -> None:
    install("0.9.0")
    entry = home / ".local" / "share" / "applications" / "squid-viewer.desktop"
    (line,) = (line for line in entry.read_text().splitlines() if line.startswith("Exec="))
    # Desktop Entry Specification 1.5: a string's escapes, then what is quoted in an argument, then field codes.
    string = line.removeprefix("Exec=").replace("\\\\", "\\")
    argument = re.sub(r"\\([\\\"`$])", r"\1", string.removesuffix('" %F').removeprefix('"'))
    assert argument.replace("%%", "%") == f"{home}/.local/bin/squid-viewer"
    _answer(_tool("desktop-file-validate"), entry)


def test_one_whose_shell_does_not_look_there_is_told(install: Install, home: Path) -> None:
    assert f"{home}/.local/bin is not on your PATH" in install("0.9.0", path="/usr/local/bin").stdout


def test_an_upgrade_replaces_the_program_and_nothing_else(install: Install, home: Path) -> None:
    kept = home / ".local" / "share" / "squid-viewer" / "settings.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{}")
    install("0.9.0")
    done = install("0.10.0")
    assert done.stdout.splitlines()[1:] == ["It replaces 0.9.0."]
    assert _said(home) == "squid 0.10.0"
    assert [path.name for path in (home / ".local" / "lib").iterdir()] == ["squid-viewer-0.10.0"]
    assert kept.read_text() == "{}"


def test_a_downgrade_is_allowed_and_said(install: Install, home: Path) -> None:
    install("0.10.0")
    done = install("0.9.0")
    assert "It is older than 0.10.0, which was here." in done.stdout
    assert _said(home) == "squid 0.9.0"


def test_the_same_version_again_repairs_it(install: Install, home: Path) -> None:
    install("0.9.0")
    library = home / ".local" / "lib" / "squid-viewer-0.9.0" / "_internal" / "sleep.so.1"
    library.unlink()
    assert install("0.9.0").returncode == 0
    assert library.is_file()


@pytest.mark.parametrize("end", ["kill -9 $PPID", "kill -TERM $PPID; sleep 0.1; exit 1", "exit 1"])
@pytest.mark.parametrize("version", ["0.9.0", "0.10.0"])
def test_an_installation_that_breaks_off_leaves_the_old_program_whole(
    install: Install, home: Path, tmp_path: Path, end: str, version: str
) -> None:
    install("0.9.0")
    before = _files(home)
    (tmp_path / "bin").mkdir()
    half = 'for to; do :; done; mkdir "$to"; echo half >"$to/squid"'
    (tmp_path / "bin" / "cp").write_text(f"#!/bin/sh\n{half}\n{end}\n")
    (tmp_path / "bin" / "cp").chmod(0o755)
    assert install(version, path=str(tmp_path / "bin")).returncode != 0
    assert _said(home) == "squid 0.9.0"
    left = _files(home) - before
    assert before <= _files(home)
    assert left == set() or end.startswith("kill -9")
    assert install(version).returncode == 0
    assert _said(home) == f"squid {version}"
    assert not list((home / ".local" / "lib").glob(".*"))


def test_a_program_that_does_not_run_here_is_not_installed(install: Install, home: Path, unpacked: Path) -> None:
    (unpacked / "squid-viewer-0.9.0" / "squid-viewer").write_text("#!/bin/sh\nexit 127\n")
    done = install("0.9.0")
    assert done.returncode == 1
    assert "the program does not run here, and has said why; nothing was changed" in done.stderr
    assert _files(home / ".local") == set()


def test_another_program_of_the_same_name_is_left_alone(install: Install, home: Path) -> None:
    other = home / ".local" / "bin" / "squid"
    other.parent.mkdir(parents=True)
    other.write_text("a proxy")
    done = install("0.9.0")
    assert done.returncode == 1
    assert "is another program" in done.stderr
    assert other.read_text() == "a proxy"
    assert not (home / ".local" / "lib").exists()


def test_a_program_at_work_keeps_its_files(install: Install, home: Path, at_work: Callable[[Path], None]) -> None:
    install("0.9.0")
    old = home / ".local" / "lib" / "squid-viewer-0.9.0"
    at_work(old)
    assert "0.9.0 is still running, and stays in" in install("0.10.0").stdout
    assert (old / "_internal").is_dir()
    assert _said(home) == "squid 0.10.0"
    for again in (install("0.9.0"), install("0.10.0", "--uninstall", "--yes")):
        assert again.returncode == 1
        assert "0.9.0 is running. Close it, then try again; nothing was changed." in again.stderr
    assert _said(home) == "squid 0.10.0"


def test_removal_asks_before_it_begins(install: Install, home: Path) -> None:
    install("0.9.0")
    for answer in ("", "\n", "n\n"):
        done = install("0.9.0", "--uninstall", answer=answer)
        assert (done.returncode, done.stderr) == (1, "install.sh: nothing was removed.\n")
    assert _said(home) == "squid 0.9.0"
    assert not (home / "asked").exists()


def test_removal_lets_the_program_ask_about_patient_data_and_leaves_no_file(install: Install, home: Path) -> None:
    install("0.9.0")
    done = install("0.9.0", "--uninstall", answer="y\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("SQUID Viewer 0.9.0 is removed.\n")
    assert "were not removed" not in done.stdout
    assert (home / "asked").read_text() == "forget --all\n"
    generated = {path for path in _files(home) if path.startswith(".local/share/") and "packages" not in path}
    assert _files(home) - generated == {".local", ".local/share", "asked"} - generated
    assert not [path for path in generated if "squid" in path]


def test_patient_data_that_stays_is_named(install: Install, home: Path) -> None:
    where = f"Worklist, results and settings were not removed: {home}/.local/share/squid-viewer"
    install("0.9.0")
    assert where in install("0.9.0", "--uninstall", "--yes").stdout
    assert not (home / "asked").exists(), "in silence nothing is removed that was not asked for"
    install("0.9.0")
    assert where in install("0.9.0", "--uninstall", answer="y\n", FORGET="1").stdout


def test_a_silent_removal_of_everything_is_possible(install: Install, home: Path) -> None:
    install("0.9.0")
    failed = install("0.9.0", "--uninstall", "--yes", "--forget", FORGET="1")
    assert failed.returncode == 1
    assert _said(home) == "squid 0.9.0"
    assert install("0.9.0", "--uninstall", "--yes", "--forget").returncode == 0
    assert (home / "asked").read_text() == "forget --all --yes\n" * 2
    assert not (home / ".local" / "lib").exists()


def test_the_installed_program_can_remove_itself(install: Install, home: Path, unpacked: Path) -> None:
    install("0.9.0", "--prefix", str(home / "tools"))
    shutil.rmtree(unpacked)
    installed = home / "tools" / "lib" / "squid-viewer-0.9.0" / "install.sh"
    _answer("env", f"HOME={home}", installed, "--uninstall", "--yes", "--prefix", home / "tools")
    assert not (home / "tools" / "lib").exists()


def test_removal_where_nothing_is_installed_says_so(install: Install) -> None:
    assert "there is no folder" in install("0.9.0", "--uninstall").stderr
    install("0.9.0")
    install("0.9.0", "--uninstall", "--yes")
    assert "there is no SQUID Viewer below" in install("0.9.0", "--uninstall").stderr
