"""From a ModelInput to a Detection, and what the detector looked at on the way."""
