"""What the window renders from, and who may change it."""
