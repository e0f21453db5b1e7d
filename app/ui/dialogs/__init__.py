"""Windows over the window, opened on request only."""
