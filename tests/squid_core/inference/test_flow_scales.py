"""What the scheduler makes of more cores, simulated with known costs: events instead of processes."""

from __future__ import annotations

import pytest

from tests.tools.scale import Device, simulate

CARD = Device(call=0.004, image=0.002, batches=2)
LINEAR = 0.85


@pytest.mark.parametrize("cores", [4, 16, 64])
@pytest.mark.parametrize("read", [0.013, 0.026, 0.4])
def test_readers_are_kept_busy_until_the_device_is_the_bound(cores: int, read: float) -> None:
    readers = cores - 1
    bound = min(readers / read, CARD.rate(8))
    assert LINEAR * bound <= simulate(read, CARD, readers) <= bound * 1.001


@pytest.mark.parametrize("image", [0.017, 0.1])
def test_a_device_that_is_the_bound_works_in_full_batches(image: float) -> None:
    device = Device(call=0.013, image=image)
    assert simulate(0.013, device, readers=15) == pytest.approx(device.rate(8), rel=0.02)


def test_a_device_that_keeps_up_answers_one_at_a_time() -> None:
    device = Device(call=0.002, image=0.001)
    assert simulate(0.1, device, readers=1, images=50) == pytest.approx(1 / 0.1, rel=0.02)
