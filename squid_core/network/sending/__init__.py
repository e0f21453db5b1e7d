"""Objects go to another system: by C-STORE or STOW-RS, after a look at whose they are."""
