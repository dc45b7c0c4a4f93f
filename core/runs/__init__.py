"""Runs: a session of learning, its pace, its folder, and what its policy is worth."""
