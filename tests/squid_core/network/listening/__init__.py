"""Tests of squid_core.network.listening."""
