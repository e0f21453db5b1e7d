"""Every limit on files from outside, in one place. All are checked before a byte of picture is decoded."""

from __future__ import annotations

MAX_PIXELS = 100_000_000  # of one frame
MAX_DECODED_BYTES = 256_000_000  # of one frame
MAX_COMPRESSED_BYTES = 512_000_000  # of one frame's stream
MAX_NESTING = 64  # sequences inside sequences
MAX_ITEMS = 10_000  # sequence items in a file
MAX_ELEMENTS = 200_000  # data elements in a file
MAX_FRAGMENTS = 200_000  # pieces of compressed pixel data
MAX_VALUE_BYTES = 1_000_000  # of one header value that is read; longer ones are passed over
MAX_OVERLAY_BYTES = 16_000_000  # of one overlay plane that is read
MAX_SEQUENCE_BYTES = 16_000_000  # of one sequence that is read
MAX_INFLATED_BYTES = 300_000_000  # of a deflated data set
MAX_HELD_BYTES = 300_000_000  # of a file that is held in memory while it is read; a larger one is digested twice
MAX_STATE_BYTES = MAX_SEQUENCE_BYTES  # of a presentation state: no sequence of it is passed over
MAX_DRAWN = 2_000  # strokes and captions of a presentation state that are drawn
MAX_DRAWN_POINTS = 50_000  # of all its strokes together

MAX_LISTED = 5_000  # elements and items of a header that are listed for the eye

MAX_INDEX_ELEMENTS = 3_000_000  # data elements in a DICOMDIR
MAX_INDEX_ITEMS = 100_000  # its records, and their icons

MAX_ARCHIVE_ENTRIES = 10_000
MAX_ARCHIVE_INFLATED_BYTES = 64_000_000_000  # of all members together; of one see MAX_INFLATED_BYTES
MAX_ARCHIVE_TABLE_BYTES = 4_000_000  # 400 for each entry

FIRST_TRY_SECONDS = 14.0  # wall time for one file
SECOND_TRY_SECONDS = 5.0
PREVIEW_SECONDS = 3.0  # for the one try at a preview; the whole image is read besides
EXPORT_SECONDS = 60.0  # for each try at writing the results on one image
CHILD_DATA_BYTES = 1_800_000_000  # private memory of a reading process; its libraries' files come on top
CHILD_TASKS = 250  # files a reading process serves before it is replaced, so that leaks do not grow
