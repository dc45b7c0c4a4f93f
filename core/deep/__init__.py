"""Algorithms that learn with neural networks. One module with an ALGORITHM each; torch is imported only when one is built."""
