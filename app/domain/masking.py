"""One switch for every place that shows who a patient is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.study import Study
from squid_core.contracts.radiograph import Identity
from squid_core.privacy import masked


@dataclass(frozen=True, slots=True)
class Masking:
    """Whether names are masked, and the secret behind the pseudonyms.

    Order, selection and search go by UIDs, scores and arrival; they are the same with and without.
    """

    on: bool = False
    key: str = ""

    def identity(self, identity: Identity, study_uid: str = "") -> Identity:
        """As it may be shown; a patient without name and ID is told from others by the study."""
        return masked(identity, self.key, study_uid) if self.on else identity

    def study(self, study: Study) -> Study:
        """As it may be shown."""
        if not self.on:
            return study
        images = tuple(replace(image, identity=self.identity(image.identity, study.uid)) for image in study.images)
        return replace(study, images=images)
