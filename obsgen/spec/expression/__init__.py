"""The small language between `${` and `}`: names, numbers, text, arithmetic, comparison, `if else` and a few functions.

An expression is parsed once to a tree, and the tree gives the value. There is no attribute of Python in it, no call
that `functions` does not list and no loop, so an expression of a stranger computes a value and does nothing else.
"""
