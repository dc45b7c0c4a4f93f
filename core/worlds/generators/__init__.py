"""Generators of worlds. One module with a GENERATOR each; the module's name is the generator's, with _ for -."""
