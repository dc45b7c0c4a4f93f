"""Collects Python's garbage where and when it does not hurt.

Python collects in whatever thread happens to allocate. In the worker that could end a Qt object outside its thread, and
a full collection holds every thread for some 80 ms once torch is loaded. So automatic collection is off while the
studio is open; the window's thread collects the young on its frame timer, and everything as a run begins. What is there
when it opens is left alone until the second run: to look it through would keep the window, and the first, waiting.
"""

import gc


class Garbage:
    """Call `tidy` often and `sweep` in calm moments, both in the thread of the window."""

    def __init__(self) -> None:
        self.fresh = True
        gc.disable()
        gc.freeze()

    def tidy(self) -> None:
        """Collect the generations that are due; what has been seen once is left alone until `sweep`, so that this stays short."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = -1
        for generation in range(3):
            if counts[generation] <= limits[generation]:
                break
            due = generation
        if due >= 0:
            gc.collect(due)
        if due == 2:
            gc.freeze()

    def sweep(self) -> None:
        """Collect everything, the first time all that has come since the start; then put what is left out of sight of later collections."""
        if not self.fresh:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        self.fresh = False

    def close(self) -> None:
        """Leave Python as it was."""
        gc.unfreeze()
        gc.enable()
