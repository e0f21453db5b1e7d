"""Work done away from the window. QtCore only."""
