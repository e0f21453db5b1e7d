"""How work leaves the window's thread, and how its answers come back."""
