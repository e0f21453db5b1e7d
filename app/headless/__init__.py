"""The same program without a user: pictures of the window, tables, and its test of itself."""
