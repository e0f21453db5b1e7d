"""dcmqrscp of DCMTK: a small archive that is queried and hands images out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from squid_core.network.configuration import Peer, Retrieval
from tests.network.peers import LOOPBACK, free_port, run, running

AET = "ARCHIVE"


@dataclass(frozen=True, slots=True)
class Archive:
    """A running dcmqrscp. It knows the node here as SQUID on `our_port`."""

    port: int
    our_port: int

    @property
    def peer(self) -> Peer:
        """As it is configured here."""
        return Peer(name="pacs", ae_title=AET, host=LOOPBACK, port=self.port, retrieval=Retrieval.GET)

    def put(self, *files: Path) -> None:
        """Have it store files."""
        sent = run("storescu", "-R", "-xt", "-aec", AET, "-aet", "TESTS", LOOPBACK, str(self.port), *files)
        assert sent.returncode == 0, sent.stderr


@contextlib.contextmanager
def running_archive(folder: Path, our_port: int = 0) -> Iterator[Archive]:
    """An empty archive of one's own."""
    made = Archive(free_port(), our_port or free_port())
    (folder / "store").mkdir(parents=True)
    configuration = f"""
NetworkTCPPort = {made.port}
MaxPDUSize = 16384
MaxAssociations = 8
HostTable BEGIN
us = (SQUID, {LOOPBACK}, {made.our_port})
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
{AET} {folder / "store"} RW (100, 1024mb) ANY
AETable END
"""
    file = folder / "dcmqrscp.cfg"
    file.write_text(configuration, encoding="ascii")
    with running(["dcmqrscp", "+xt", "-c", str(file)], made.port):
        yield made
