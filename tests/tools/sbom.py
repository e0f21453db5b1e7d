"""Writes the bill of materials of a bundle, in CycloneDX's JSON, from the list that its folder of licences holds.

`python -m tests.tools.sbom FOLDER` writes FOLDER/sbom.cdx.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from app.software import OURS, Software, listed

NAME = "sbom.cdx.json"


def write_sbom(folder: Path) -> Path:
    """Write the bill beside the list it is made from.

    Raises:
        OSError: there is no list, or the folder cannot be written.
    """
    parts = {part.name: _component(part) for part in listed(folder)}
    ours = parts.pop(OURS)
    bom = Bom(components=parts.values())
    bom.metadata.component = ours
    bom.register_dependency(ours, parts.values())
    path = folder / NAME
    JsonV1Dot6(bom).output_to_file(str(path), allow_overwrite=True, indent=1)
    return path


def _component(part: Software) -> Component:
    address = PackageURL(part.kind, "debian" if part.kind == "deb" else None, part.name, part.version)
    home = [ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(part.home))] if part.home else []
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.APPLICATION if part.name == OURS else ComponentType.LIBRARY,
        bom_ref=str(address),
        purl=address,
        licenses=[LicenseFactory().make_from_string(part.licence)] if part.licence else [],
        external_references=home,
    )


if __name__ == "__main__":
    write_sbom(Path(sys.argv[1]))
