"""Statement 3: an eigenvalue 0 is learned, at no linear rate."""

from typing import Any

import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, compare
from solvers.guarantees.residual import moved

BITS = 2048
W, ETA = sympy.symbols("w eta", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)


@symbolic
def test_a_zero_eigenvalue_for_every_depth() -> None:
    """Statement 3, k = 2N - 2 >= 1: z = w^{-k} becomes z v^{-k} with v = 1 - eta / z, and v^{-k} - 1 - k (1 - v) is 0
    at v = 1 and falls with v up to there: its derivative is -k (v^{-k-1} - 1), v = e^{-y}; w' / w = 1 - eta w^k."""
    k, v = sympy.symbols("k v", positive=True)
    y = sympy.Symbol("y", nonnegative=True)
    after = W - ETA * W ** (N - 1) * W**N
    assert sympy.simplify(after / W - (1 - ETA * W ** (2 * N - 2))) == 0
    gap = v**-k - 1 - k * (1 - v)
    assert gap.subs(v, 1) == 0
    assert sympy.simplify(sympy.diff(gap, v) + k * (v ** (-k - 1) - 1)) == 0
    assert sympy.expand_log(sympy.log(sympy.exp(-y) ** (-k - 1)), force=True).simplify().is_nonnegative


@exact
@given(st.integers(2, 6), st.integers(0, 64), st.integers(1, 64))
def test_a_zero_eigenvalue_in_rationals(depth: int, size: int, part: int) -> None:
    """Statement 3: w^{-(2N-2)} grows by at least (2N-2) eta in a step from any w in (0, 1], eta up to 1 / N."""
    w, eta = fmpq(size + 1, 65), fmpq(part, 64 * depth)
    after, k = moved(w, fmpq(0), depth, eta), 2 * depth - 2
    assert compare(Comparison(after**-k, ">=", w**-k + k * eta, "w^-(2N-2) after a step")).holds


@control
def test_refuted_that_zero_has_a_linear_rate() -> None:
    """lambda = 0, N = 2, eta = 1/2: after 200 steps w' / w is above 99/100."""
    w: Any = arb(1)
    with ctx.workprec(BITS):
        for _ in range(200):
            w = moved(w, fmpq(0), 2, fmpq(1, 2))
        quotient = moved(w, fmpq(0), 2, fmpq(1, 2)) / w
        assert compare(Comparison(quotient, "<=", fmpq(99, 100), "w' / w")).fails
