"""Algorithms that learn with neural networks. One module with an ALGORITHM each; what they share is in `engine`."""
