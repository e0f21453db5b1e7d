"""Like squid_core.network: what needs no other system."""
