"""Policies that other programs trained: one kind of file, one file, found because it is there."""
