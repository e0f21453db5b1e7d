"""From the bytes of a frame to modality values."""
