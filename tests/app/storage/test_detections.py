from __future__ import annotations

import io
import json
import lzma
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.storage import detections
from app.storage.detections import DECODED_LIMIT, decode, encode, encode_anew, is_former, settings_key
from app.storage.detections_format_1 import FORMAT_1_MAGIC
from squid_core.contracts.detection import (
    INPUT_STEPS,
    RECONSTRUCTION_STEPS,
    Detection,
    DetectorSettings,
    Gate,
    Geometry,
    MemoryMatch,
    Pose,
    Shrinkage,
    Trial,
    in_steps,
)
from squid_core.contracts.errors import SquidError
from tests.app.samples import detection
from tests.app.storage.former import encode_before_registration, encode_format_1

FORMATS = pytest.mark.parametrize("pack", [encode, encode_before_registration, encode_format_1])
Pack = Callable[[Detection], bytes]


def assert_same(before: Detection, after: Detection) -> None:
    for field in fields(before):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other, field.name


def as_detected(before: Detection) -> Detection:
    """With pictures in the steps in which the detector makes them."""
    seen = in_steps(before.input_image, INPUT_STEPS)
    made = in_steps(before.reconstruction, RECONSTRUCTION_STEPS)
    return replace(before, input_image=seen, reconstruction=made, difference=seen - made)


@FORMATS
@pytest.mark.parametrize("top_k", [1, 3])
def test_a_detection_comes_back_bit_for_bit(pack: Pack, top_k: int) -> None:
    before = detection(top_k=top_k)
    assert_same(before, decode(pack(before)))
    assert_same(as_detected(before), decode(pack(as_detected(before))))


SHARES = st.floats(0, 1)
ANY = st.floats(-1e30, 1e30)


@st.composite
def any_detection(draw: st.DrawFn) -> Detection:
    side, grid = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    narrow = draw(st.booleans())
    seen, made = (rng.random((side, side)).astype(np.float32) for _ in range(2))
    if draw(st.booleans()):
        seen, made = in_steps(seen, INPUT_STEPS), in_steps(made, RECONSTRUCTION_STEPS)
    number = st.floats(-1, 1, width=32) if narrow else st.floats(-1, 1)
    whole = st.integers(0, 2**31 - 1)
    match = st.builds(MemoryMatch, whole, number, number, whole, st.none() | st.text(max_size=5))
    return Detection(
        score=draw(SHARES),
        percentile=100 * draw(SHARES),
        paper_score=draw(SHARES),
        components=draw(st.dictionaries(st.text(max_size=5), ANY, max_size=3)),
        input_image=seen,
        reconstruction=made,
        difference=seen - made,
        patch_scores=rng.random((grid, grid)).astype(np.float32),
        patch_percentiles=rng.random((grid, grid)).astype(np.float32),
        matches=tuple(tuple(draw(st.lists(match, max_size=3))) for _ in range(grid * grid)),
        geometry=Geometry(
            (draw(st.integers(1, 9000)), draw(st.integers(1, 9000))),
            (side, side),
            ((7.3, draw(st.floats(-0.5, 0.5)), draw(ANY)), (draw(st.floats(-0.5, 0.5)), 0.1, draw(ANY))),
            draw(st.floats(0.1, 10)),
        ),
        trial=Trial(DetectorSettings(draw(st.integers(1, 200)), draw(st.sampled_from(Shrinkage)), Gate.SOFT, 0.3)),
        model=draw(st.text(max_size=5)),
        model_hash="a" * 64,
        outside_memory=draw(st.booleans()),
        seconds=draw(SHARES),
        pose=draw(st.none() | st.builds(Pose, SHARES, st.booleans(), st.booleans())),
    )


@settings(max_examples=60)
@given(any_detection())
def test_whatever_the_detector_says_comes_back(before: Detection) -> None:
    assert_same(before, decode(encode(before)))


def test_the_training_images_behind_the_entries_are_kept_with_the_result() -> None:
    before = detection()
    named = tuple(replace(match, source=f"child/{match.slot}.png") for match in before.matches[1])
    before = replace(before, matches=(before.matches[0], named, *before.matches[2:]))
    for pack in (encode, encode_format_1):
        after = decode(pack(before))
        assert after.matches == before.matches
        assert after.matches[0][0].source is None


def test_a_result_of_an_older_version_keeps_its_input_and_all_numbers_and_shrinks() -> None:
    before = detection()
    former = encode_format_1(before)
    anew = encode_anew(former)
    assert (is_former(former), is_former(anew)) == (True, False)
    assert len(anew) < len(former)
    after = decode(anew)
    assert np.abs(after.reconstruction - before.reconstruction).max() <= 0.5 / RECONSTRUCTION_STEPS + 1e-7
    difference = before.input_image - after.reconstruction
    assert_same(replace(before, reconstruction=after.reconstruction, difference=difference), after)


@given(st.binary(max_size=200), st.sampled_from([b"", detections.MAGIC, FORMAT_1_MAGIC]))
def test_damaged_bytes_are_a_plain_error(junk: bytes, magic: bytes) -> None:
    with pytest.raises(SquidError, match="damaged"):
        decode(magic + junk)


@FORMATS
def test_a_truncated_result_is_a_plain_error(pack: Pack) -> None:
    payload = pack(detection())
    for end in (0, 3, 7, 8, len(payload) // 2, len(payload) - 1):
        with pytest.raises(SquidError, match="damaged"):
            decode(payload[:end])


def test_no_changed_bit_passes_for_a_result() -> None:
    payload = encode(as_detected(detection()))
    for place in range(len(payload)):
        with pytest.raises(SquidError, match="damaged"):
            decode(payload[:place] + bytes([payload[place] ^ (1 << place % 8)]) + payload[place + 1 :])


@settings(max_examples=300)
@given(st.data())
def test_an_older_result_with_a_changed_byte_is_itself_or_a_plain_error(data: st.DataObject) -> None:
    before = detection()
    payload = bytearray(encode_format_1(before))
    for _ in range(data.draw(st.integers(1, 3))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        after = decode(bytes(payload))
    except SquidError:
        return
    assert_same(before, after)  # what changed was a date of the archive, or the like


def block(content: bytes) -> bytes:
    body = lzma.compress(content, lzma.FORMAT_RAW, filters=detections._FILTERS)
    return detections._HEAD.pack(detections.MAGIC, zlib.crc32(body)) + body


def content_of(payload: bytes) -> bytes:
    return lzma.decompress(payload[8:], lzma.FORMAT_RAW, filters=detections._FILTERS)


@settings(max_examples=300)
@given(st.data())
def test_a_block_that_lies_with_a_right_checksum_is_a_plain_error(data: st.DataObject) -> None:
    """Not what a disk does to it, but a fault of ours: never another exception."""
    content = bytearray(content_of(encode(as_detected(detection()))))
    length = int.from_bytes(content[:4], "little")
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, length + 3))] = data.draw(st.integers(0, 255))
    with suppress(SquidError):
        decode(block(bytes(content)))


@pytest.mark.parametrize(
    "change",
    [
        {"arrays": {"patch_scores": ["<f4", [1 << 40, 1 << 40]]}},
        {"arrays": {"patch_scores": ["<f4", [-1]]}},
        {"arrays": {"patch_scores": ["O", [1]]}},
        {"pictures": {"input_image": [255, [1 << 40, 4]], "reconstruction": [4095, [1, 1]]}},
        {"pictures": {"input_image": [256, [1, 1]]}},
        {"pictures": [1]},
        {"score": "high"},
        {"score": None},
        {"geometry": {}},
        {"components": None, "settings": {"top_k": 0, "shrinkage": "gumbel", "gate": "off", "rho": 1}},
    ],
)
def test_a_block_that_claims_nonsense_is_a_plain_error(change: dict[str, object]) -> None:
    content = content_of(encode(as_detected(detection())))
    length = int.from_bytes(content[:4], "little")
    meta = json.dumps({**json.loads(content[4 : 4 + length]), **change}).encode()
    with pytest.raises(SquidError, match="damaged"):
        decode(block(len(meta).to_bytes(4, "little") + meta + content[4 + length :]))


def bomb_of_format_1() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("meta.npy", bytes(4 * DECODED_LIMIT))
    return buffer.getvalue()


@pytest.mark.parametrize("bomb", [lambda: block(bytes(4 * DECODED_LIMIT)), bomb_of_format_1])
def test_a_result_that_swells_is_refused_in_bounded_memory(bomb: Callable[[], bytes]) -> None:
    payload = bomb()
    tracemalloc.start()
    try:
        with pytest.raises(SquidError, match="damaged"):
            decode(payload)
        assert tracemalloc.get_traced_memory()[1] < 3 * DECODED_LIMIT
    finally:
        tracemalloc.stop()


def test_settings_that_differ_have_keys_that_differ() -> None:
    variants = [
        DetectorSettings(5),
        DetectorSettings(4),
        DetectorSettings(5, Shrinkage.HARD),
        DetectorSettings(5, gate=Gate.SOFT),
        DetectorSettings(5, rho=0.5),
    ]
    assert len({settings_key(settings) for settings in variants}) == len(variants)
    assert settings_key(DetectorSettings(5)) == settings_key(DetectorSettings(5))
