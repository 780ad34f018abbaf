"""The hunt for a counterexample to a conjecture about gradient descent: ``python -m claims hunt``.

An expression is read against a list of what it may hold (:mod:`~claims.suite.hunting.reading`,
:mod:`~claims.suite.hunting.names`) before anything else is imported. The hunt is then a process of its own, with a
bound on its time and its memory (:mod:`~claims.suite.hunting.bounded`), which tells what it finds as it finds it
(:mod:`~claims.suite.hunting.worker`).

There a conjecture is a predicate over a trajectory (:mod:`~claims.suite.hunting.conjecture`,
:mod:`~claims.suite.hunting.trajectory`). Hypothesis draws problems from a named space
(:mod:`~claims.suite.hunting.spaces`) and shrinks what refutes it (:mod:`~claims.suite.hunting.search`); only exact
arithmetic decides (:mod:`~claims.suite.hunting.numbers`); a finding becomes a file that ``check.py`` verifies
(:mod:`~claims.suite.hunting.finding`).

For predicates in modules of your own: ``from claims.suite.hunting import determinant, identity, norm, sqrt``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.suite.hunting.numbers import sqrt
    from claims.suite.hunting.trajectory import determinant, identity, norm

__all__ = ["determinant", "identity", "norm", "sqrt"]


def __getattr__(name: str) -> Any:
    """The functions, with the solvers behind them, when they are asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from claims.suite.hunting import numbers, trajectory

    return numbers.sqrt if name == "sqrt" else getattr(trajectory, name)
