"""What a reader is to be asked so that the results of an image are written, for exports and for what is sent alike.

Nothing is prepared of an image in whose place another one lies: results belong to the bytes that were scored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from app.domain.exporting import ExportOrder
from app.domain.marks.annotations import Marks
from app.domain.marks.exported import drawn_marks
from app.domain.orientation import Orientation
from app.domain.study import ImageItem
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.storage.database import Database
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Maps
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.contracts.reading import Opinion
from squid_core.dicom.readers import ReaderPool
from squid_core.export.request import PICTURED, ExportRequest, ShownAs, is_writable, no_marks
from squid_core.privacy import new_key

NOT_SCORED = "An image without a score has no results that could be written."
NO_WEIGHTS = "The weights that scored an image are not installed here, so its results cannot be written."
GONE = "An image is no longer in the worklist."
CHANGED = "An image has changed since it was read, or another one lies in its place; nothing was written of it."


@dataclass(slots=True)
class Prepared:
    """What came of preparing one image.

    Attributes:
        request: None where nothing can be written of it.
        failures: sentences on what of the order cannot be.
        notices: sentences on what is missing in it.
        fingerprint: of all that makes these results what they are: weights, what the reader drew and said, and how the
            image is shown.
    """

    request: ExportRequest | None = None
    failures: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is known of one image."""

    detection: Detection | None = None
    marks: Marks = ()
    opinion: Opinion | None = None
    notices: tuple[str, ...] = ()


class Preparer:
    """Prepares orders image by image; `maps` asks the detector for those of a result of a bundle's folder."""

    def __init__(
        self,
        readers: ReaderPool,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        maps: Callable[[Path, Detection], Future[Maps]],
        bundles: Bundles,
    ) -> None:
        self._readers, self._holder, self._store, self._database = readers, holder, store, database
        self._maps, self._bundles = maps, bundles
        self._key = new_key()  # what is de-identified in one run of the program belongs together

    def prepare(self, order: ExportOrder, key: str, *, as_shown: bool = True) -> Steps[Prepared]:
        """What a reader is to be asked for an image.

        Args:
            order: what is wanted of it.
            key: of the image.
            as_shown: greys and orientation of the image that is open are as on the screen; otherwise as in the file.
        """
        prepared = Prepared()
        item = self._store.worklist.image(key)
        if item is None:
            prepared.failures.append(GONE)
            return prepared
        try:
            stored = yield from answer(self._database.ask(partial(self._stored, item=item)))
        except Exception:  # noqa: BLE001 - as if there were nothing
            stored = _Stored()
        prepared.notices += stored.notices
        digest = yield from self._digest(item)
        if not digest:
            prepared.failures.append(CHANGED)
            return prepared
        shown = self._shown(item, order.orientation, as_shown)
        prepared.request = request = self._request(prepared, order, item, digest, stored, shown)
        if request is not None and request.detection is not None and PICTURED.intersection(request.kinds):
            prepared.request = replace(request, picture=(yield from self._picture(request.detection)))
        return prepared

    def _picture(self, detection: Detection) -> Steps[FloatArray | None]:
        """The normal picture of a result; None where its weights paint none or the detector has no answer."""
        bundle = self._bundles.of(detection)
        if bundle is None or not bundle.card.network.picture_widths:
            return None
        try:
            maps: Maps = yield from answer(self._maps(bundle.folder, detection))
        except Exception:  # noqa: BLE001 - the score's own reconstruction is shown in its place
            return None
        return maps.picture

    def _digest(self, item: ImageItem) -> Steps[str]:
        """Of the image as the worklist knows it; '' where its file holds another one, or none."""
        if item.is_read:
            return item.digest
        try:
            examined = yield from answer(self._readers.examine(item.source))
        except Exception:  # noqa: BLE001 - as if it could not be read
            return ""
        content, identity = examined.content, examined.identity
        return content.digest if content and identity and item.is_in(content, identity) else ""

    def _shown(self, item: ImageItem, orientation: Orientation, as_shown: bool) -> ShownAs:
        """Greys and orientation of the image that is open; graphics and marks of all or of none."""
        state = self._holder.state
        any_image = ShownAs(graphics=state.display.graphics, marks=state.marks_shown)
        if not as_shown:
            return ShownAs()
        if state.image_key != item.key:
            return any_image
        return replace(
            any_image,
            window=state.window,
            inverted=state.invert,
            gamma=state.display.gamma,
            mirrored=orientation.mirrored,
            quarters=orientation.quarters,
        )

    def _stored(self, database: Database, item: ImageItem) -> _Stored:
        """On the database's thread."""
        self._bundles.names()  # reads the cards here and not on the window's thread
        detection = database.result_of(item) if item.score is not None else None
        if not item.is_read:
            return _Stored(detection)
        opinion = database.opinions(item.digest).get(item.digest)
        try:
            return _Stored(detection, database.marks(item.digest), opinion)
        except SquidError as error:
            return _Stored(detection, (), opinion, (str(error),))

    def _request(
        self, prepared: Prepared, order: ExportOrder, item: ImageItem, digest: str, stored: _Stored, shown: ShownAs
    ) -> ExportRequest | None:
        """What of an order can be written of this image, None for nothing; what cannot is put down as a failure."""
        detection = stored.detection
        bundle = self._bundles.of(detection) if detection is not None else None
        kinds = order.kinds
        if bundle is None:
            drawn, judged = bool(stored.marks), stored.opinion is not None
            kinds = tuple(kind for kind in kinds if is_writable(kind, scored=False, drawn=drawn, judged=judged))
            if len(kinds) < len(order.kinds):
                prepared.failures.append(NOT_SCORED if detection is None else NO_WEIGHTS)
        if not kinds:
            return None
        made_of = (bundle.fingerprint if bundle is not None else "", stored.marks, stored.opinion, shown)
        prepared.fingerprint = hashlib.sha256(repr(made_of).encode()).hexdigest()
        return ExportRequest(
            path=item.source,
            folder=order.folder,
            kinds=kinds,
            digest=digest,
            detection=detection if bundle is not None else None,
            weights=bundle.card.facts() if bundle is not None else None,
            shown=shown,
            marks=partial(drawn_marks, stored.marks) if stored.marks else no_marks,
            opinion=stored.opinion,
            deidentify=order.deidentify,
            mask_names=order.mask_names,
            key=self._key if order.deidentify else self._holder.state.mask_key,
            insist=order.insist,
        )
