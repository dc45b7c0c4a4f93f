"""Algorithms that know the transition table. One module with an ALGORITHM each."""
