"""Which rows the worklist has, in which order, and how far out of the ordinary a score in them is."""
