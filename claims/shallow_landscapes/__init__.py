"""Shallow landscapes: the six examples of the landscape conjecture, and what landscapes do not explain."""
