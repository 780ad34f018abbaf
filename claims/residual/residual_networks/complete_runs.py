"""Statement 2 from the identity to the end: every eigenvalue in balls, and whole networks, on real covariances."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from claims.suite import exact, sampled
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, lower_float, power, rational
from solvers.descent import gradient_descent
from solvers.guarantees import residual
from solvers.network import Problem, singular_values
from strategies import covariance

BITS = 2048


def check_complete_run(eigenvalues: Sequence[Scalar], bounds: residual.Bounds, eta: Scalar, steps: int) -> None:
    """Each step of every eigenvalue's recurrence from w = 1 at N >= 2, in balls, and the distance after the last."""
    with ctx.workprec(BITS):
        rate = bounds.rate(eta)
        for value in eigenvalues:
            if value == 1:  # w = r stays: 0 <= 0, which no ball decides
                assert residual.moved(fmpq(1), value, bounds.depth, eta) == 1
                continue
            r, w, done = power(value, Fraction(1, bounds.depth)), arb(1), 0
            while done < steps and abs(w - r) > arb(2) ** -(BITS // 4):  # below it w is r as far as balls can tell
                after = residual.moved(w, value, bounds.depth, eta)
                verdict = compare(residual.contraction(w, r, after, rate))
                assert verdict.holds, verdict
                w, done = after, done + 1
            whole = arb(rate) ** done * abs(1 - arb(r))
            assert compare(Comparison(abs(w - r), "<=", whole, "distance of w from r at the end")).holds


@exact
@pytest.mark.parametrize(("name", "depth"), [("linnerud", 2), ("linnerud", 3), ("linnerud", 5), ("diabetes", 2)])
def test_real_covariances_in_balls(name: str, depth: int) -> None:
    """300 steps of every eigenvalue of a real covariance matrix, at 63/64 of the largest eta."""
    with ctx.workprec(BITS):
        eigenvalues = singular_values(arithmetic.exact(covariance(name)))  # those of a positive definite matrix
        bounds = residual.Bounds.of(eigenvalues, depth)
        check_complete_run(eigenvalues, bounds, rational(lower_float(bounds.learning_rate)) * fmpq(63, 64), 300)


@sampled
@pytest.mark.parametrize(
    ("name", "depth", "part"),
    [("linnerud", 2, 2), ("linnerud", 3, 4), ("linnerud", 4, 16), ("diabetes", 2, 4)],
)
def test_real_covariances_by_whole_networks(name: str, depth: int, part: int) -> None:
    """The float64 network from the identity at a ``part`` of the largest eta (for its rounding bound's sake), until q^T
    is below 2^-10, q the rate of statement 2: then, rounding counted, l <= sum_i (N u^{N-1} q^T |1 - r_i|)^2 / 2, since
    |w^N - r^N| <= N u^{N-1} |w - r|."""
    target = covariance(name)
    with ctx.workprec(256):
        bounds = residual.Bounds.of_target(arithmetic.exact(target), depth)
        eta = lower_float(bounds.learning_rate) / part
        rate = arb(bounds.rate(rational(eta)))
        steps = math.ceil(10 / -float(rate.log() / arb(2).log()))
        problem = Problem((np.eye(len(target)),) * depth, target, eta)
        assert not residual.violated(problem)
        verdict = compare(residual.guarantee(gradient_descent(problem, steps=steps, certify=True)))
        assert verdict.holds, verdict
