"""Grayscale softcopy presentation states (PS3.3 A.33.1): read as they apply to one image. In a child only."""
