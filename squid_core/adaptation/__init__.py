"""A bundle adapted to a place: its own normals into memory, statistics and calibration. No gradient, seconds."""
