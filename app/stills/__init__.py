"""Drawings of the stage as pictures to keep."""
