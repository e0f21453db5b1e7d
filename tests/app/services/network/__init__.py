"""The network behind the window, with other systems, key ring and node in the tests' hands."""
