"""Grayscale softcopy presentation states made for tests, of an image of `phantoms`."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, GrayscaleSoftcopyPresentationStateStorage, generate_uid


def item(**attributes: Any) -> Dataset:
    """A sequence item."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def reference(image: Dataset, **attributes: Any) -> Dataset:
    """An item of a Referenced Image Sequence."""
    return item(ReferencedSOPClassUID=image.SOPClassUID, ReferencedSOPInstanceUID=image.SOPInstanceUID, **attributes)


def state_of(image: Dataset, *drawings: Dataset, **attributes: Any) -> Dataset:
    """A state of the patient and study of an image, which it is about; `drawings` lie on its only layer."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = GrayscaleSoftcopyPresentationStateStorage
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = image.StudyInstanceUID, generate_uid(), "PR"
    ds.PatientName, ds.PatientID = image.PatientName, image.PatientID
    ds.ContentLabel, ds.ContentCreatorName = "READ", "Roe^Richard"
    ds.PresentationLUTShape = "IDENTITY"
    series = item(SeriesInstanceUID=image.SeriesInstanceUID, ReferencedImageSequence=[reference(image)])
    ds.ReferencedSeriesSequence = [series]
    if drawings:
        graphics = [drawing for drawing in drawings if "GraphicData" in drawing]
        texts = [drawing for drawing in drawings if "UnformattedTextValue" in drawing]
        annotation = item(GraphicLayer="MARKS", GraphicObjectSequence=graphics, TextObjectSequence=texts)
        ds.GraphicAnnotationSequence = [annotation]
        ds.GraphicLayerSequence = [item(GraphicLayer="MARKS", GraphicLayerOrder=1)]
    for keyword, value in attributes.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def window(center: float, width: float, **attributes: Any) -> dict[str, Any]:
    """The VOI of a state, for all its images."""
    voi = item(WindowCenter=f"{center:g}", WindowWidth=f"{width:g}", **attributes)
    return {"SoftcopyVOILUTSequence": [voi]}


def graphic(kind: str, *numbers: float, units: str = "PIXEL", **attributes: Any) -> Dataset:
    """A graphic object; its numbers are column, row and so on."""
    return item(
        GraphicAnnotationUnits=units, GraphicDimensions=2, NumberOfGraphicPoints=len(numbers) // 2,
        GraphicData=list(numbers), GraphicType=kind, GraphicFilled="N", **attributes,
    )  # fmt: skip


def words(text: str, at: tuple[float, float], units: str = "PIXEL", **attributes: Any) -> Dataset:
    """A text object with an anchor at (column, row)."""
    return item(
        UnformattedTextValue=text, AnchorPoint=list(at), AnchorPointAnnotationUnits=units, AnchorPointVisibility="N",
        **attributes,
    )  # fmt: skip
