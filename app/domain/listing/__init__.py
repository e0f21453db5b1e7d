"""Which rows the worklist has, and in which order."""
