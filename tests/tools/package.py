"""Makes of a bundle what is handed to a hospital: a Debian package, an archive with an installer, and their checksums.

`python -m tests.tools.package FOLDER` puts them beside FOLDER, a bundle `squid-viewer-VERSION`. Of the same bundle and
SOURCE_DATE_EPOCH it makes the same bytes. What goes into them besides the bundle is in `resources/packaging`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.paths import resource

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "squid-viewer"
INSTALLED = Path("opt", PACKAGE)
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)  # beside the drawing itself
CHECKSUMS = "SHA256SUMS"
# Whose the libraries are that PyInstaller leaves to the system, since they belong to its graphics.
LIBRARIES = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libxcb.so.1": "libxcb1", "libdrm.so.2": "libdrm2"}
WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
GLIBC = re.compile(r"(ld-linux.*|lib(c|dl|m|pthread|resolv|rt))\.so\.\d+$")
CONTROL = """\
Package: {package}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Suggests: fonts-noto-cjk, gnome-keyring
Section: science
Priority: optional
Description: reading room for chest radiographs
 SQUID Viewer shows beside every chest X-ray the normal image that the anomaly
 detector SQUID imagines for it, and sorts a worklist by how unusual they are.
 Research use only; not a medical device. It needs neither Python nor a network.
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: SQUID Viewer

Files: *
Copyright: {maintainer}
License: Apache-2.0
 The text is in /usr/share/common-licenses/Apache-2.0.
Comment:
 The software inside is listed in /opt/squid-viewer/NOTICE, with the licence of
 each part; their texts are in /opt/squid-viewer/_internal/licences.
"""
# dpkg would change the files below a window at work, whose children are started from them.
WHILE_IT_RUNS = """\
#!/bin/sh
if [ "$1" = {action} ] && ls -l /proc/[0-9]*/exe 2>/dev/null | grep -qF -- '-> /{installed}/'; then
    echo "SQUID Viewer is running. Close it for every user, then try again; nothing was changed." >&2
    exit 1
fi
"""
# dpkg takes away each folder that is empty now, though it was there before.
AFTER_REMOVAL = """\
#!/bin/sh
mkdir -p /opt
"""


def write_icon(path: Path, size: int) -> None:
    """Draw the program's icon as a square PNG of `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(resource("icons/squid.svg"))).render(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise OSError(f"{path} cannot be written")


def package(bundle: Path) -> tuple[Path, ...]:
    """Write the files beside a bundle.

    Returns:
        Debian package (not where `dpkg-deb` is missing), archive, checksums.

    Raises:
        ValueError: the bundle needs a library that neither it nor a package named here brings.
    """
    version = bundle.name.removeprefix(f"{PACKAGE}-")
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))  # dpkg-deb reads it, too
    with tempfile.TemporaryDirectory(dir=bundle.parent) as work:
        share = Path(work) / "share"
        write_share(share)
        made = [_archive(bundle, share, Path(work))]
        if shutil.which("dpkg-deb"):
            made.insert(0, _debian_package(bundle, share, version, Path(work)))
        else:
            sys.stderr.write("dpkg-deb is not here, so there is no Debian package.\n")
    lines = []
    for path in made:
        with path.open("rb") as stream:
            lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.name}\n")
    sums = bundle.parent / CHECKSUMS
    sums.write_text("".join(lines), encoding="utf-8")
    return (*made, sums)


def write_share(share: Path) -> None:
    """Write what a desktop reads, as it lies in /usr/share or ~/.local/share: entry, icons, MIME type."""
    icons = share / "icons" / "hicolor"
    _copy(resource("packaging/squid-viewer.desktop"), share / "applications")
    _copy(resource("packaging/squid-viewer.xml"), share / "mime" / "packages")
    _copy(resource("icons/squid.svg"), icons / "scalable" / "apps", f"{PACKAGE}.svg")
    for size in ICON_SIZES:
        write_icon(icons / f"{size}x{size}" / "apps" / f"{PACKAGE}.png", size)


def needs(bundle: Path) -> tuple[list[str], list[str]]:
    """What Debian must bring, and what it should, by the libraries that the bundle's own ask for.

    Raises:
        ValueError: nobody is known to bring one of them.
    """
    files = [path for path in bundle.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    carried = {path.name for path in bundle.rglob("*.so*")}
    said = _answer("objdump", "-p", *files)
    wanted = {name for name in re.findall(r"NEEDED\s+(\S+)", said) if not GLIBC.match(name)} - carried
    if unknown := wanted - set(LIBRARIES) - set(WAYLAND):
        raise ValueError(f"Nothing brings what the bundle needs: {', '.join(sorted(unknown))}")
    newest = max(re.findall(r"GLIBC_([\d.]+)", said), key=lambda text: [*map(int, text.split("."))])
    must = [f"libc6 (>= {newest})", *(LIBRARIES[name] for name in wanted & set(LIBRARIES))]
    must += ["fontconfig-config", "xkb-data"]  # read by libraries inside: which font, which key is which letter
    return sorted(must), sorted(WAYLAND[name] for name in wanted & set(WAYLAND))


def _debian_package(bundle: Path, share: Path, version: str, work: Path) -> Path:
    root = work / "debian"
    (maintainer,) = re.findall(r"^  - name: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    architecture = _answer("dpkg", "--print-architecture").strip()
    shutil.copytree(bundle, root / INSTALLED, symlinks=True, copy_function=os.link)
    shutil.copytree(share, root / "usr" / "share")
    (root / "usr" / "bin").mkdir()
    for name in ("squid", "squid-viewer"):
        (root / "usr" / "bin" / name).symlink_to(Path("/") / INSTALLED / name)
    _write(root / "usr" / "share" / "doc" / PACKAGE / "copyright", COPYRIGHT.format(maintainer=maintainer))
    _copy(ROOT / "CHANGELOG.md", root / "usr" / "share" / "doc" / PACKAGE)
    must, should = needs(bundle)
    kilobytes = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir()) // 1024
    control = CONTROL.format(
        package=PACKAGE,
        version=version,
        architecture=architecture,
        maintainer=maintainer,
        size=kilobytes,
        depends=", ".join(must),
        recommends=", ".join([*should, "shared-mime-info", "desktop-file-utils", "hicolor-icon-theme"]),
    )
    _write(root / "DEBIAN" / "control", control)
    for script, action in (("preinst", "upgrade"), ("prerm", "remove")):
        _write(root / "DEBIAN" / script, WHILE_IT_RUNS.format(action=action, installed=INSTALLED), 0o755)
    _write(root / "DEBIAN" / "postrm", AFTER_REMOVAL, 0o755)
    _level(root)
    path = bundle.parent / f"{PACKAGE}_{version}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", str(root), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def _archive(bundle: Path, share: Path, work: Path) -> Path:
    root = work / "archive"
    shutil.copytree(bundle, root / bundle.name, symlinks=True, copy_function=os.link)
    shutil.copytree(share, root / bundle.name / "share")
    _copy(resource("packaging/install.sh"), root / bundle.name)
    _level(root)
    path = bundle.parent / f"{bundle.name}-linux-{os.uname().machine}.tar.gz"
    command = ["tar", "--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"]
    command += ["--gzip", f"--file={path}", f"--directory={root}", bundle.name]  # what every tar can read
    subprocess.run(command, check=True)
    return path


def _answer(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _level(root: Path) -> None:
    """All can read it, nobody but its owner can write it, and each file is of one time."""
    date = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (date, date), follow_symlinks=False)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _copy(source: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, folder / (name or source.name))


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


if __name__ == "__main__":
    for made in package(Path(sys.argv[1]).resolve()):
        size = made.stat().st_size / 1e6
        sys.stdout.write(f"{size:8.0f} MB  {made}\n")
