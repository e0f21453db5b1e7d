from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.headless import htj2k
from app.headless.encodings import ENCODINGS, Encoding, picture, write
from squid_core.dicom.pixel.syntaxes import LOSSY, READ
from squid_core.dicom.reader import read


def test_each_transfer_syntax_that_is_read_has_a_file() -> None:
    assert [encoding.uid for encoding in ENCODINGS if encoding.uid in READ] == [one.uid for one in ENCODINGS]
    assert {encoding.uid for encoding in ENCODINGS} == READ
    assert len({encoding.name for encoding in ENCODINGS}) == len(ENCODINGS)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=[encoding.name for encoding in ENCODINGS])
def test_the_file_is_of_its_encoding_and_reads_as_it_was_drawn(encoding: Encoding, tmp_path: Path) -> None:
    from pydicom import dcmread

    write(encoding, str(tmp_path / "file"))
    assert dcmread(tmp_path / "file", stop_before_pixels=True).file_meta.TransferSyntaxUID == encoding.uid
    radiograph = read(tmp_path / "file")
    assert radiograph.notices == ()
    off = np.abs(radiograph.pixels.astype(int) - picture(encoding.bits)).max()
    assert off <= encoding.off
    is_lossy = encoding.uid in LOSSY or encoding.name == "JPEG XL of a JPEG"
    assert (off > 0, encoding.off > 0) == (is_lossy, is_lossy)  # a lossy stream that lost nothing would prove little


def test_the_picture_is_like_none_of_its_mirror_images() -> None:
    for bits in (8, 12):
        drawn = picture(bits).astype(int)
        for other in (drawn[::-1], drawn[:, ::-1], drawn[::-1, ::-1]):
            assert np.abs(drawn - other).max() > 0.1 * 2**bits


def test_the_streams_that_stand_in_the_program_are_those_of_an_independent_encoder() -> None:
    codecs = pytest.importorskip("imagecodecs", reason="an independent encoder and decoder")
    drawn = picture(8)
    np.testing.assert_array_equal(codecs.htj2k_decode(htj2k.LOSSLESS), drawn)
    np.testing.assert_array_equal(codecs.htj2k_decode(codecs.htj2k_encode(drawn, reversible=True, tlm=True)), drawn)
    lossy = codecs.htj2k_encode(drawn, reversible=False, level=0.003)
    np.testing.assert_array_equal(codecs.htj2k_decode(htj2k.LOSSY), codecs.htj2k_decode(lossy))
