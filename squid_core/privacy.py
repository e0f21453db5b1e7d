"""What may be shown or written of a patient: clean text, masked identities, and the names of a de-identified copy.

Pure: the window's process uses it too. Nothing here parses a file.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import secrets

from squid_core.contracts.radiograph import Identity
from squid_core.text import is_unreadable

BURNED_IN = "The picture itself may show the patient's name."
BURNED_IN_UNKNOWN = "The file does not say whether text is burned into the picture: look before you pass it on."
MASKED_NAME = re.compile(r"Patient ([0-9A-F]{6})")  # as `masked` gives it
UNREAD_NAME = re.compile(r"Patient ([0-9A-F]{6}) \(ID (.+)\)\Z")  # as `unread_name` gives it
_DIGITS = 6  # of a pseudonym: short enough to be said aloud, long enough for a worklist


def new_key() -> str:
    """A secret for `pseudonym`, `replaced_uid` and `masked`: whoever lacks it cannot find a patient by trying."""
    return secrets.token_hex(16)


def pseudonym(key: str, patient_id: str, patient_name: str) -> str:
    """A short name in a patient's place: the same for the same patient and key; '' where there is neither."""
    if not (patient_id or patient_name):
        return ""
    digest = hashlib.sha256(f"{key}\0{patient_id}\0{patient_name}".encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:_DIGITS].upper()


def unread_name(patient_id: str, name: str) -> str:
    """What is shown in the place of a name that cannot be read: a pseudonym, no secret, with the Patient ID.

    Args:
        patient_id: as shown; '' for none.
        name: what stands for the name, see `text.unreadable`.
    """
    called = f"Patient {pseudonym('', patient_id, name)}"
    return f"{called} (ID {patient_id})" if patient_id and not is_unreadable(patient_id) else called


def replaced_uid(key: str, uid: str) -> str:
    """The UID in the place of `uid`: the same for the same key, so that what refers to each other still does.

    Derived from a UUID as PS3.5 B.2 has it (2.25.), here of a keyed hash.
    """
    digest = hashlib.sha256(f"{key}\0{uid}".encode("utf-8", "surrogatepass")).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def masked(identity: Identity, key: str = "", called: str = "") -> Identity:
    """The same study for eyes that need not know the patient: a stable pseudonym, no name, id, dates or number.

    The description goes too, since people write names into it. UIDs are kept: they are what ties images of a study
    together inside the program.

    Args:
        identity: whose.
        key: a secret of this installation, so that the pseudonym tells nothing to anybody else.
        called: what tells a study of a patient without name and ID from others; '' leaves it without a pseudonym.
    """
    name = pseudonym(key, identity.patient_id, identity.patient_name) or pseudonym(key, "", called)
    return dataclasses.replace(
        identity,
        patient_name=f"Patient {name}" if name else "",
        patient_id="",
        patient_birth_date=None,
        study_date=None,
        accession_number="",
        study_description="",
    )
