"""Learners whose action values are linear in features of the observation."""
