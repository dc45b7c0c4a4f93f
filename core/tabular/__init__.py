"""Algorithms that learn a table from experience. One module with an ALGORITHM each."""
