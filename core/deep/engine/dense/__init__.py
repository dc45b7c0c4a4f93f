"""Fully connected networks on a processor: their passes and lessons, each one compiled call.

At the sizes that people learn with, torch takes longer to be asked for a layer's products than to make them, and much longer for
products with few columns. The numbers are the same but for rounding. What is compiled leaves the interpreter to other threads, such
as the window's, meanwhile.
"""
