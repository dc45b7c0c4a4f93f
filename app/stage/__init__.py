"""The stage: the world in the middle of the window, to draw on and to watch."""
