"""The hunt for a counterexample to a conjecture about gradient descent: ``python -m claims hunt``.

A conjecture is a predicate over a trajectory (:mod:`~claims.suite.hunting.conjecture`,
:mod:`~claims.suite.hunting.trajectory`). Hypothesis draws problems from a named space
(:mod:`~claims.suite.hunting.spaces`) and shrinks what refutes it (:mod:`~claims.suite.hunting.search`); only exact
arithmetic decides (:mod:`~claims.suite.hunting.numbers`); a finding becomes a file that ``check.py`` verifies
(:mod:`~claims.suite.hunting.finding`).
"""

from claims.suite.hunting.numbers import sqrt
from claims.suite.hunting.trajectory import determinant, identity, norm

__all__ = ["determinant", "identity", "norm", "sqrt"]
