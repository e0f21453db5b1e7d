"""How SQUID works, and the tour."""
