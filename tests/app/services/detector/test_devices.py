"""Where the detector runs once the graphics card has failed."""

from __future__ import annotations

from app.services.detector.devices import CARD_FAILED, ON_THE_CPU, RESTARTED, Devices
from squid_core.contracts.errors import DeviceFailedError
from squid_core.processes.held import ChildLostError

NO_MEMORY = DeviceFailedError.of(MemoryError(), lasting=False)
DEAD = DeviceFailedError.of(RuntimeError(), lasting=True)


def test_out_of_memory_once_is_for_one_image_and_again_for_the_session() -> None:
    devices = Devices()
    assert devices.to_try() == ("auto", "cpu")
    assert devices.lost("auto", NO_MEMORY) is CARD_FAILED
    assert devices.to_try() == ("auto", "cpu")
    assert devices.lost("auto", NO_MEMORY) is ON_THE_CPU
    assert devices.to_try() == ("cpu", "cpu")
    assert devices.lost("cpu", MemoryError()) is RESTARTED


def test_a_dead_driver_is_for_the_session_until_a_device_is_chosen() -> None:
    devices = Devices()
    devices.chosen = "cuda"
    assert devices.lost("cuda", DEAD) is ON_THE_CPU
    assert devices.to_try() == ("cpu", "cpu")
    devices.chosen = "cuda"
    assert devices.to_try() == ("cuda", "cpu")


def test_a_card_that_hangs_or_crashes_its_process_is_not_trusted_for_ever() -> None:
    devices = Devices()
    assert devices.lost("auto", TimeoutError()) is CARD_FAILED
    assert devices.lost("auto", TimeoutError()) is ON_THE_CPU


def test_who_has_no_card_hears_of_none_and_a_kill_from_outside_says_nothing_of_it() -> None:
    devices = Devices()
    for _ in range(5):
        assert devices.lost("auto", ChildLostError()) is RESTARTED
    assert devices.to_try() == ("auto", "cpu")
    devices.has_card = False
    assert devices.lost("auto", TimeoutError()) is RESTARTED
    assert devices.to_try() == ("auto", "auto")
