"""A finite world as a graph: states as circles, actions as nodes on the way, outcomes as arrows."""
