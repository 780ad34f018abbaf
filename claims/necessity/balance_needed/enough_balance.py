"""How much balance is enough: 256 times Theorem 1's delta is, and a thousand times is open."""

from itertools import pairwise

import numpy as np
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, fewer, sampled, symbolic
from solvers import arithmetic, network
from solvers.arithmetic import lower_float, rational
from solvers.descent import gradient_descent
from solvers.guarantees import sharper_constants, theorem_one
from strategies import dimensions, dyadic_matrices, margin_problems

MORE = sympy.Symbol("n", integer=True, nonnegative=True)  # N - 2


@symbolic
@ablates("DL-004", "balance", "x 10", Fate.TRUE)
@ablates("DL-004", "balance", "x 256", Fate.TRUE)
def test_two_hundred_and_fifty_six_times_delta_is_still_enough_for_every_depth() -> None:
    """By the stronger theorem of ``sharper_constants`` (DL-013), which asks for c^{2/N} / (2 N^2): that is
    128 N x^{-(2-2/N)} times delta, x = c / Phi_F <= 1, so 256 times at least for N >= 2 (at depth 1 nothing is asked).
    It allows a larger learning rate too (``learning_rate_needed``)."""
    depth, t = MORE + 2, sympy.Symbol("t", nonnegative=True)  # x = exp(-t)
    log_quotient = sympy.log(128 * depth) + (2 - 2 / depth) * t
    assert sympy.simplify(log_quotient - sympy.log(256) - sympy.log(1 + MORE / 2) - 2 * (MORE + 1) / depth * t) == 0
    assert (sympy.log(1 + MORE / 2) + 2 * (MORE + 1) / depth * t).is_nonnegative
    for n in (2, 3, 7, 1000):  # the formulas above are those in use
        for x in (fmpq(1), fmpq(1, 2), fmpq(1, 64)):
            quotient = arb(sharper_constants.imbalance_limit(n, x, fmpq(1))) / arb(
                theorem_one.imbalance_limit(n, x, fmpq(1))
            )
            assert abs(quotient.log() - ((arb(128 * n)).log() - (2 - arb(2) / n) * arb(x).log())) < arb(2) ** -40


@st.composite
def unbalanced_problems(draw: st.DrawFn, factor: int) -> tuple[network.Problem, fmpq]:
    """A problem of Theorem 1, except that ||B_j||_F is up to ``factor`` delta: its balanced layers between
    A_j and A_j^{-1}, A_j = I + s E_j, so that W and the margin are kept up to rounding; and its margin c."""
    wanted = dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False)
    start = draw(margin_problems(dimensions=wanted, perturb=False)).problem
    noise = [draw(dyadic_matrices(width, width)) for width in start.dimensions[1:-1]]
    norm = arithmetic.square_root(network.frobenius_squared(arithmetic.exact(start.target)))
    for halvings in range(60):
        inner = [np.eye(len(e)) + e * 2.0 ** (-3 - halvings) for e in noise]
        bases = [np.eye(start.dimensions[0]), *inner, np.eye(start.dimensions[-1])]
        moved = tuple(b @ w @ np.linalg.inv(a) for w, (a, b) in zip(start.weights, pairwise(bases), strict=True))
        margin = theorem_one.certain_margin(network.Problem(moved, start.target, 0.0))
        if margin <= 0:
            continue
        delta = factor * theorem_one.imbalance_limit(start.depth, rational(margin), norm)
        if all(
            arithmetic.square_root(network.frobenius_squared(b)) <= delta
            for b in network.imbalances(network.Problem(moved, start.target, 0).exact().weights)
        ):
            break
    rate = lower_float(theorem_one.learning_rate_limit(start.depth, rational(margin), norm))
    return network.Problem(moved, start.target, rate), rational(margin)


@sampled
@ablates("DL-004", "balance", "x 1000", Fate.OPEN)
@fewer(4)
@given(st.lists(unbalanced_problems(1000), min_size=4, max_size=4))
def test_no_counterexample_at_a_thousand_times_delta(batch: list[tuple[network.Problem, fmpq]]) -> None:
    """A search: 24 problems by default, 2500 in the thorough profile; 300 steps each do not refute the guarantee."""
    trajectories = gradient_descent([problem for problem, _ in batch], steps=300, certify=True)
    for (problem, margin), trajectory in zip(batch, trajectories, strict=True):
        exact_problem = problem.exact()
        verdict = arithmetic.compare(
            theorem_one.guarantee(trajectory, margin, network.loss(exact_problem.weights, exact_problem.target))
        )
        if verdict.outcome is arithmetic.Outcome.UNDECIDED:
            verdict = arithmetic.decide(lambda one, c=margin: theorem_one.after_one_step(one, c), problem)  # type: ignore[misc]
        assert verdict.holds, verdict
