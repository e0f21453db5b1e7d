"""How studies are hung: which panes stand where, and which rule says so."""
