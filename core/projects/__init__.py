"""A project: worlds, runs, layout and notes in one file, and the folder in which one is worked on."""
