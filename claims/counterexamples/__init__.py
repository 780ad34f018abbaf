"""Counterexamples with permanent names, one readable JSON file each, and two independent ways to check them.

``catalogue`` loads and writes the files and ``verify`` decides all that they say, with the project's solvers and SymPy.
``check``, ``certificates`` and ``rationals`` decide it again with nothing but Python's standard library, so this file
imports nothing.
"""
