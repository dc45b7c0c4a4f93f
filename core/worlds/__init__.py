"""Worlds: documents that a person edits, the finite MDP they compile to, environments that can be stepped."""
