"""Counterexamples with permanent names, one readable JSON file each, and two independent ways to check them.

``catalogue`` loads and writes the files: networks and their descent (schema 1), and shallow landscapes (schema 2, whose
form is in ``landscape_files``). ``verify`` decides all that they say, with the project's solvers and SymPy.
``check`` decides it again with nothing but Python's standard library, on ``certificates`` for networks and on
``critical_points``, ``landscapes`` and ``derivatives`` for landscapes, so this file imports nothing.

``formal`` makes theorems of them that Coq's kernel checks, where there are such: ``python -m claims check --kernel``.
"""
