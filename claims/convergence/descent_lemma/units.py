"""The descent lemma and its invariants do not depend on units."""

import pytest
from flint import fmpq

from claims.convergence.descent_lemma.step import decrease, drift, layer_norm
from claims.suite import exact
from claims.suite.scaling import check_units, drawn_problem
from solvers.arithmetic import Comparison, Scalar
from solvers.network import Problem


def said(problem: Problem, margin: Scalar) -> list[Comparison]:
    """Statements 2 and 3, which ask for no margin themselves."""
    drifts = [drift(problem, layer) for layer in range(problem.depth - 1)]
    return [decrease(problem), *drifts, *(layer_norm(problem, layer) for layer in range(problem.depth))]


@exact
@pytest.mark.parametrize("widths", [(3, 2), (2, 3, 2), (2, 2, 3, 2)])
def test_nothing_depends_on_units(widths: tuple[int, ...]) -> None:
    """At a state outside the set: the ratios of both sides are the same in other units."""
    check_units(said, drawn_problem(widths, fmpq(1, 50)))
