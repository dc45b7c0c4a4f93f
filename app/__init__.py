"""Everything Qt: windows, editors, viewers, plots and the one worker."""
