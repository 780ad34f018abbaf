"""One input, Phi = s = 1: all T steps from an end of the event, which stands for every start in it."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from claims.initialization.initialization_convergence.starts import Setting
from claims.suite import exact, sampled, symbolic
from solvers.arithmetic import Comparison, compare, lower_float, power, upper_float
from solvers.descent import gradient_descent, kernel
from solvers.guarantees.theorem_two import TWENTIETH, guarantee, learning_rate_limit
from solvers.network import Problem, loss


@symbolic
def test_scalar_descent_keeps_the_order_of_starts() -> None:
    """f(w) = w - eta w^{N-1} (w^N - 1) has f(1) = 1 and f' = 1 - eta ((2N-1) w^{2N-2} - (N-1) w^{N-2}), positive for
    0 < w <= 3/2 and the learning rates of Theorem 2 at s = Phi = 1: f^T maps [u, v] around 1 into [f^T(u), f^T(v)]."""
    w, eta, n = sympy.symbols("w eta N", positive=True)
    step = w - eta * w ** (n - 1) * (w**n - 1)
    assert step.subs(w, 1) == 1
    slope = 1 - eta * ((2 * n - 1) * w ** (2 * n - 2) - (n - 1) * w ** (n - 2))
    assert sympy.simplify(sympy.expand(sympy.diff(step, w) - slope)) == 0
    for depth in (1, 2, 3):
        assert learning_rate_limit(depth, fmpq(1), fmpq(1)) * (2 * depth - 1) * fmpq(3, 2) ** (2 * depth - 2) < 1


DEEPEST = 3 if kernel() else 1
"""NumPy alone would take minutes at depth 2."""


ENDS = [(1, fmpq(1, 2)), (1, fmpq(3, 2)), (2, fmpq(1, 2)), (3, fmpq(1, 2))]


@sampled
@pytest.mark.parametrize(("depth", "end"), [case for case in ENDS if case[0] <= DEEPEST])
def test_one_input_to_its_own_end(depth: int, end: fmpq) -> None:
    """Phi = s = 1, all T steps to eps = 1/64 at depth 1, else 1/9, below l(0) = 1/8, from the ends 1/2 and 3/2 of the
    event that the margin is at least c = 1/2 (floats just outside it): all starts between them end between them. At
    depths 2 and 3 from 1/2 alone, which leaves the starts in [1/2, 1], of probability 0.15 (below)."""
    setting, accuracy = Setting.of((1,) * (depth + 1), learning_rate_limit), fmpq(1, 64 if depth == 1 else 9)
    assert (setting.scale, setting.margin) == (1.0, fmpq(1, 2))
    outwards = lower_float if end < 1 else upper_float
    problem = Problem((np.array([[outwards(power(end, Fraction(1, depth)))]]),) * depth, np.eye(1), setting.rate)
    posed = problem.exact()
    assert loss(posed.weights, posed.target) > accuracy
    end_of_run = gradient_descent(problem, steps=setting.steps(accuracy), certify=True)
    verdict = compare(guarantee(end_of_run, accuracy))
    assert verdict.holds, verdict


@exact
def test_the_lower_half_of_the_event_is_likely_enough() -> None:
    """P(1/2 <= A <= 1) >= 1/20 for A in N(0, 1)."""
    probability = ((arb(1) / arb(2).sqrt()).erf() - (arb(1) / arb(8).sqrt()).erf()) / 2
    assert compare(Comparison(probability, ">=", TWENTIETH, "P(1/2 <= A <= 1)")).holds
