"""The page of an environment at play: its picture with numbers beside it, and below what can be done with the watched episode."""
