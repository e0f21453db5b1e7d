"""The detector's process, seen from the window, and what runs in it."""
