"""What the reading room is made of, without Qt and without torch."""
