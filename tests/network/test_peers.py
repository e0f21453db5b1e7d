from __future__ import annotations

from pathlib import Path

from tests.network.peers import LOOPBACK, Orthanc, free_port, run, running
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes


def test_orthanc_and_dcmtk_understand_each_other(orthanc: Orthanc, tmp_path: Path) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    sent = run("storescu", "-aec", orthanc.aet, LOOPBACK, str(orthanc.dicom_port), film)
    assert sent.returncode == 0, sent.stderr
    assert len(orthanc.instances()) == 1
    assert orthanc.ask("/dicom-web/studies")


def test_a_program_of_dcmtk_is_there_until_the_block_ends(tmp_path: Path) -> None:
    port = free_port()
    with running(["storescp", "-od", str(tmp_path), str(port)], port):
        assert run("echoscu", LOOPBACK, str(port)).returncode == 0
    assert run("echoscu", LOOPBACK, str(port)).returncode != 0
