"""Curves of a run: one module per plot, found because it is there, drawn by `PlotView` and laid out by `PlotBoard`."""
