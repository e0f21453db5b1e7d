"""Grey windows: those behind keys, and the one that an image begins with. Display only."""
