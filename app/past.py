"""How much memory the pasts of runs may take: what a person chose, for the run that is open and those to come."""

from app.dialogs.past_memory import PastMemoryDialog
from app.numbers import MB
from app.preferences import Preferences
from app.runs import Runs


class Past:
    """The memory of the past.

    Args:
        runs: the run in the window.
        preferences: which remember what was chosen.
    """

    def __init__(self, runs: Runs, preferences: Preferences) -> None:
        self.runs, self.preferences = runs, preferences
        runs.conductor.set_memory(preferences.past_memory * MB)

    def choose_memory(self) -> None:
        """Ask for it."""
        last = self.runs.last
        dialog = PastMemoryDialog(self.runs.window, self.preferences.past_memory, 0 if last is None else last.position.size)
        dialog.chosen.connect(self._take)
        dialog.open()

    def _take(self, memory: int) -> None:
        self.preferences.past_memory = memory
        self.runs.conductor.set_memory(memory * MB)
