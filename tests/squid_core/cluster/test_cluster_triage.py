"""Triage on a cluster: the answers of one machine, every file once, whatever becomes of workers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="the optional extra cluster is not installed")

import psutil
from distributed import Client, Nanny, Scheduler, SpecCluster

from squid_core.cluster import triage as triage_module
from squid_core.cluster.connection import Cluster, connected
from squid_core.cluster.order import chunks
from squid_core.cluster.triage import SET_ASIDE, triage
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.home import home_folder
from squid_core.inference.report import to_record
from squid_core.inference.results import FileResult
from squid_core.inference.shard import Shard
from squid_core.inference.triage import triage as triage_here
from tests.squid_core.cluster.cheap import WEIGHTS, cheap, deadly, failing, sleepy, write_bundle
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, save, to_bytes
from tests.squid_core.dicom.test_files import directory


def answers(*paths: Path, cluster: str = "local:2", loader: Any = cheap, **options: Any) -> list[FileResult]:
    return [one.result for one in triage(paths, WEIGHTS, "cpu", cluster=cluster, loader=loader, **options)]


def names(results: list[FileResult]) -> list[str]:
    return sorted(result.path for result in results)


def records(results: list[FileResult]) -> list[dict[str, Any]]:
    """What a line says, but for what it took."""
    lines = [to_record(result) | {"seconds": 0, "peak_rss_mb": 0} for result in results]
    return sorted(lines, key=lambda line: str(line["path"]))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_deadly(path: Path, how: str) -> None:
    home_folder().mkdir(parents=True, exist_ok=True)
    (home_folder() / f"deadly {digest(path)}").write_text(how, encoding="ascii")


@contextmanager
def cluster_of(*homes: Path) -> Iterator[SpecCluster]:
    """A scheduler that somebody else runs, with a worker for each home."""
    loopback = {"host": "127.0.0.1", "dashboard": False}
    workers = {
        number: {"cls": Nanny, "options": loopback | {"nthreads": 2, "env": {"SQUID_VIEWER_HOME": str(home)}}}
        for number, home in enumerate(homes)
    }
    with SpecCluster(
        workers, {"cls": Scheduler, "options": loopback | {"dashboard_address": "127.0.0.1:0"}}
    ) as cluster:
        yield cluster


def test_the_answers_are_those_of_one_machine(images: Path, tmp_path: Path, weights: Path) -> None:
    mixed = tmp_path / "mixed"
    save(mixed, zipped(("ST/IM1", to_bytes(chest())), ("notes.txt", b"Hello" * 30)), "a.zip")
    save(mixed / "deep", chest(BodyPartExamined="HIP"), "hip")
    save(mixed / "deep", chest(Rows=0), "broken")
    save(mixed, b"Hello" * 30, "text")
    save(tmp_path / "disc" / "IMAGES", chest(), "IM1")
    index = save(tmp_path / "disc", directory(["IMAGES", "IM1"]), "DICOMDIR")
    found = answers(images, mixed, index)
    here = [one.result for one in triage_here([images, mixed, index], WEIGHTS, "cpu", loader=cheap)]
    assert records(found) == records(here)
    assert Counter(result.status.value for result in found)["scored"] == 42
    assert all(result.identity is None for result in found), "nobody's name goes through the network"


def test_what_a_lost_worker_had_is_done_elsewhere_and_nothing_twice(images: Path, weights: Path) -> None:
    make_deadly(images / "Doe Jane 17", "once")
    found = answers(images, loader=deadly)
    assert names(found) == sorted(path.name for path in images.iterdir())
    assert all(result.status is FileStatus.SCORED for result in found)
    assert not list(home_folder().glob("deadly *")), "a worker was lost"


def test_a_file_that_ends_its_worker_each_time_is_set_aside(images: Path, weights: Path) -> None:
    make_deadly(images / "Doe Jane 17", "always")
    found = answers(images, loader=deadly)
    assert names(found) == sorted(path.name for path in images.iterdir())
    bad = [result for result in found if result.status is not FileStatus.SCORED]
    assert [(one.path, one.status, one.message) for one in bad] == [("Doe Jane 17", FileStatus.ERROR, SET_ASIDE)]


def test_a_worker_with_other_weights_takes_no_part_and_the_others_go_on(
    images: Path, tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path / "other home" / "bundles" / WEIGHTS, weights_sha256="1" * 64)
    told: list[str] = []
    with cluster_of(home_folder(), tmp_path / "other home") as cluster:
        found = answers(images, cluster=cluster.scheduler_address, tell=told.append)
        assert len(told) == 1
        assert "takes no part. Its weights are not those of the machine that asks." in told[0]
        write_bundle(tmp_path / "third home" / "bundles" / WEIGHTS, weights_sha256="2" * 64)
        monkeypatch.setenv("SQUID_VIEWER_HOME", str(tmp_path / "third home"))
        with pytest.raises(SquidError, match=r"No worker of the cluster may take part\. Its weights are not"):
            answers(images, cluster=cluster.scheduler_address)
    assert len(found) == len(list(images.iterdir()))


def test_no_file_and_no_folder_is_named_in_dasks_logs_nor_in_its_keys(images: Path, weights: Path) -> None:
    with cluster_of(home_folder()) as cluster, Client(cluster) as watcher:
        found = answers(images, cluster=cluster.scheduler_address, loader=failing)
        said = f"{watcher.get_scheduler_logs()} {watcher.get_worker_logs()} {watcher.story()}"
    assert len(found) == len(list(images.iterdir()))
    assert {result.status for result in found} == {FileStatus.ERROR}
    assert "Compute Failed" in said, "Dask wrote what it says of a task that failed"
    assert "Doe" not in said
    assert str(images) not in said


def test_a_cluster_started_here_listens_on_loopback_and_shows_nothing(images: Path, weights: Path) -> None:
    stream = triage([images], WEIGHTS, "cpu", cluster="local:2", loader=cheap)
    next(stream)
    me = psutil.Process()
    listening = [
        one.laddr
        for process in (me, *me.children(recursive=True))
        for one in process.net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    stream.close()
    assert {address.ip for address in listening} == {"127.0.0.1"}
    assert 8787 not in {address.port for address in listening}, "another cluster here may have it, or RStudio"


def test_nobody_without_the_runs_own_certificate_gets_into_a_cluster_started_here() -> None:
    with connected(Cluster.of("local:1")) as client:
        address = str(client.scheduler_info()["address"])
        assert address.startswith("tls://127.0.0.1:")
        with pytest.raises(SquidError, match="does not answer"), connected(Cluster.of(address)):
            pass


def test_who_stops_listening_leaves_nothing_running(images: Path, weights: Path) -> None:
    stream = triage([images], WEIGHTS, "cpu", cluster="local:2", loader=cheap)
    next(stream)
    stream.close()
    assert not [one for one in psutil.Process().children() if "resource_tracker" not in " ".join(one.cmdline())]


def test_chunks_hold_every_file_once(images: Path) -> None:
    found = [one.relative for chunk in chunks([images], Shard(), files_each=7) for one in chunk.files]
    assert sorted(found) == sorted(path.name for path in images.iterdir())
    assert max(len(chunk.files) for chunk in chunks([images], Shard(), files_each=7)) == 7


@pytest.mark.parametrize(
    "text", ["", "local", "local:", "local:0", "local:-1", "local:9999", "http://x", "tcp://", "here"]
)
def test_what_names_no_cluster_is_refused(text: str) -> None:
    with pytest.raises(SquidError, match="tcp://HOST:PORT"):
        Cluster.of(text)


def test_a_scheduler_that_does_not_answer_is_said(images: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("squid_core.cluster.connection.CONNECT_SECONDS", 0.5)
    with pytest.raises(SquidError, match="scheduler does not answer"):
        answers(images, cluster="tcp://127.0.0.1:9")


def test_a_cluster_without_workers_is_said(images: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage_module, "NO_WORKER_SECONDS", 0.3)
    with cluster_of() as cluster, pytest.raises(SquidError, match="no worker"):
        answers(images, cluster=cluster.scheduler_address)


def test_tls_without_certificates_is_said(images: Path, weights: Path) -> None:
    with pytest.raises(SquidError, match="certificates"):
        answers(images, cluster="tls://127.0.0.1:9")


def test_a_scheduler_that_goes_away_is_said(images: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("squid_core.cluster.connection.CONNECT_SECONDS", 2.0)  # that it may take to come back
    with cluster_of(home_folder()) as cluster:
        stream = triage([images], WEIGHTS, "cpu", cluster=cluster.scheduler_address, loader=sleepy)
        next(stream)
        cluster.close()
        with pytest.raises(SquidError, match="connection to the cluster was lost"):
            list(stream)
