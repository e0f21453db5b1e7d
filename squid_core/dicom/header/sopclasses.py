"""What a SOP class holds, in the few kinds that matter here (PS3.4 B.5, PS3.6 annex A)."""

from __future__ import annotations

from pydicom import uid

_STORAGE = "1.2.840.10008.5.1.4.1.1."

RADIOGRAPHS = frozenset[str](
    (
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.DigitalXRayImageStorageForProcessing,
    )
)
SECONDARY_CAPTURES = frozenset[str](
    (
        uid.SecondaryCaptureImageStorage,
        uid.MultiFrameSingleBitSecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
    )
)
_PROJECTIONS = RADIOGRAPHS | frozenset[str](
    (
        uid.DigitalMammographyXRayImageStorageForPresentation,
        uid.DigitalMammographyXRayImageStorageForProcessing,
        uid.DigitalIntraOralXRayImageStorageForPresentation,
        uid.DigitalIntraOralXRayImageStorageForProcessing,
        uid.XRayAngiographicImageStorage,
        uid.XRayRadiofluoroscopicImageStorage,
        uid.EnhancedXAImageStorage,
        uid.EnhancedXRFImageStorage,
    )
)
GRAYSCALE_STATE: str = uid.GrayscaleSoftcopyPresentationStateStorage
RADIOGRAPH_MODALITIES = frozenset(("CR", "DX", "DR", "RG"))
_PROJECTION_MODALITIES = RADIOGRAPH_MODALITIES | frozenset(("MG", "XA", "RF", "IO", "PX", "XC"))

MODALITY_NAMES = {
    "CT": "a CT slice",
    "MR": "an MR image",
    "US": "an ultrasound image",
    "IVUS": "an intravascular ultrasound image",
    "NM": "a nuclear medicine image",
    "PT": "a PET image",
    "MG": "a mammogram",
    "XA": "an angiogram",
    "RF": "a fluoroscopy image",
    "IO": "a dental image",
    "PX": "a panoramic dental image",
    "BMD": "a bone density image",
    "XC": "a photograph",
    "GM": "a microscope image",
    "SM": "a microscope image",
    "ES": "an endoscopy image",
    "OP": "an eye image",
    "ECG": "an ECG",
    "RTIMAGE": "a radiotherapy image",
}
_IMAGE_MODALITY: dict[str, str] = {
    uid.CTImageStorage: "CT",
    uid.EnhancedCTImageStorage: "CT",
    uid.LegacyConvertedEnhancedCTImageStorage: "CT",
    _STORAGE + "3": "US",  # Ultrasound Multi-frame, retired
    uid.UltrasoundMultiFrameImageStorage: "US",
    _STORAGE + "6": "US",  # Ultrasound, retired
    uid.UltrasoundImageStorage: "US",
    uid.EnhancedUSVolumeStorage: "US",
    uid.MRImageStorage: "MR",
    uid.EnhancedMRImageStorage: "MR",
    uid.EnhancedMRColorImageStorage: "MR",
    uid.LegacyConvertedEnhancedMRImageStorage: "MR",
    uid.NuclearMedicineImageStorage: "NM",
    uid.PositronEmissionTomographyImageStorage: "PT",
    uid.LegacyConvertedEnhancedPETImageStorage: "PT",
    uid.EnhancedPETImageStorage: "PT",
    uid.DigitalMammographyXRayImageStorageForPresentation: "MG",
    uid.DigitalMammographyXRayImageStorageForProcessing: "MG",
    uid.DigitalIntraOralXRayImageStorageForPresentation: "IO",
    uid.DigitalIntraOralXRayImageStorageForProcessing: "IO",
    uid.XRayAngiographicImageStorage: "XA",
    uid.EnhancedXAImageStorage: "XA",
    uid.XRayRadiofluoroscopicImageStorage: "RF",
    uid.EnhancedXRFImageStorage: "RF",
    uid.RTImageStorage: "RTIMAGE",
    uid.VLEndoscopicImageStorage: "ES",
    uid.VLMicroscopicImageStorage: "GM",
    uid.VLSlideCoordinatesMicroscopicImageStorage: "GM",
    uid.VLPhotographicImageStorage: "XC",
    uid.OphthalmicPhotography8BitImageStorage: "OP",
    uid.VLWholeSlideMicroscopyImageStorage: "SM",
}
_NO_IMAGE: dict[str, str] = {
    uid.EncapsulatedPDFStorage: "an encapsulated PDF document",
    uid.EncapsulatedCDAStorage: "an encapsulated clinical document",
    uid.EncapsulatedSTLStorage: "an encapsulated 3D model",
    uid.EncapsulatedOBJStorage: "an encapsulated 3D model",
    uid.EncapsulatedMTLStorage: "an encapsulated 3D model",
    uid.RTDoseStorage: "a radiotherapy dose map",
    uid.RTStructureSetStorage: "a radiotherapy structure set",
    uid.RTBeamsTreatmentRecordStorage: "a radiotherapy treatment record",
    uid.RTPlanStorage: "a radiotherapy plan",
    uid.RTBrachyTreatmentRecordStorage: "a radiotherapy treatment record",
    uid.RTTreatmentSummaryRecordStorage: "a radiotherapy treatment record",
    uid.RTIonPlanStorage: "a radiotherapy ion plan",
    uid.RTIonBeamsTreatmentRecordStorage: "a radiotherapy treatment record",
    uid.RawDataStorage: "raw data",
    uid.SpatialRegistrationStorage: "a spatial registration",
    uid.SpatialFiducialsStorage: "a set of spatial fiducials",
    uid.DeformableSpatialRegistrationStorage: "a deformable registration",
    uid.SegmentationStorage: "a segmentation, not a radiograph",
    uid.SurfaceSegmentationStorage: "a surface segmentation",
    uid.TractographyResultsStorage: "a tractography result",
    uid.ParametricMapStorage: "a parametric map, not a radiograph",
    uid.MRSpectroscopyStorage: "MR spectroscopy",
    uid.RealWorldValueMappingStorage: "a real world value mapping",
    uid.KeyObjectSelectionDocumentStorage: "a key object note",
}
_NO_IMAGE_FAMILIES = (
    (_STORAGE + "88.", "a structured report"),
    (_STORAGE + "11.", "a presentation state"),
    (_STORAGE + "9.", "a waveform"),
)
_NO_IMAGE_MODALITIES = {
    "SR": "a structured report",
    "PR": "a presentation state",
    "KO": "a key object note",
    "RTDOSE": "a radiotherapy dose map",
    "RTPLAN": "a radiotherapy plan",
    "RTSTRUCT": "a radiotherapy structure set",
    "RTRECORD": "a radiotherapy treatment record",
    "SEG": "a segmentation, not a radiograph",
    "REG": "a registration",
    "DOC": "a document",
    "M3D": "a 3D model",
    "ECG": "an ECG",
    "AU": "a sound recording",
}


def no_image(sop_class: str, modality: str) -> str:
    """What an object is that a viewer of images passes over, as a noun; '' where it may be an image."""
    if sop_class in _NO_IMAGE:
        return _NO_IMAGE[sop_class]
    for family, name in _NO_IMAGE_FAMILIES:
        if sop_class.startswith(family):
            return name
    return _NO_IMAGE_MODALITIES.get(modality, "")


def modality_of(sop_class: str, stated: str) -> str:
    """The modality that the SOP class implies, else the one stated."""
    return _IMAGE_MODALITY.get(sop_class, stated)


def is_projection(sop_class: str, modality: str) -> bool:
    """Whether an image is a projection, where spacing depends on magnification."""
    return sop_class in _PROJECTIONS or modality in _PROJECTION_MODALITIES
