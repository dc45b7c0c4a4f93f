"""Files of other programs: one module, one format."""
