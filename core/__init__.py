"""Worlds, learning, runs and files. No Qt: usable from a notebook or a server."""
