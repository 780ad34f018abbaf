"""A bound of "kept" by the two numbers that proofs bound, for every state; and how near to it it is."""

from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger.state import State
from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, compare

ZERO = fmpq(0)


def tau_at_most(below: Any, u: fmpq = ZERO) -> arb:
    """At least tau where N y <= ``below``, u = 1/N or 0 for every N, in balls: (1-u)/2 N y exp((1-2u) N y)."""
    return (1 - u) / 2 * arb(below) * ((1 - 2 * u) * arb(below)).exp()


def kept_at_least(size: Any, below: Any, u: fmpq = ZERO) -> arb:
    """At most kept where eta N M^{2N-2} <= ``size`` and N y <= ``below``, u as above."""
    most = tau_at_most(below, u)
    return 1 - most - arb(size) / 2 * (1 + most) ** 2


@symbolic
def test_the_exponential_bounds_tau_for_every_depth() -> None:
    """(N-1)/2 y is (1-u)/2 N y, and (1+y)^{N-2} <= exp((N-2) y) = exp((1-2u) N y), as y - ln(1+y) is 0 at 0 and rises;
    both fall with u."""
    n, y, u = sympy.symbols("N y u", positive=True)
    assert sympy.simplify(((1 - u) / 2 * n * y).subs(u, 1 / n) - (n - 1) / 2 * y) == 0
    assert sympy.simplify(((1 - 2 * u) * n * y).subs(u, 1 / n) - (n - 2) * y) == 0
    assert sympy.simplify(sympy.diff(y - sympy.log(1 + y), y) - y / (1 + y)) == 0
    assert sympy.diff((1 - u) / 2, u).is_negative
    assert sympy.diff(1 - 2 * u, u).is_negative


def balanced(depth: int, w: fmpq) -> tuple[State, fmpq, fmpq]:
    """Equal numbers w towards 1, eta N M^{2N-2} = 1/2; and that, and N y."""
    rate = fmpq(1, 2) / (depth * w ** (2 * depth - 2))
    return State.of([w] * depth, 1, rate), fmpq(1, 2), depth * rate * w ** (depth - 2) * (1 - w**depth)


@exact
@pytest.mark.parametrize("depth", [2, 3, 4, 8])
def test_the_bound_is_near(depth: int) -> None:
    """w^N about 4/5 and N y about 1/13: below kept by less than (N y)^3, and by nothing at N = 2; below with u = 0."""
    state, size, below = balanced(depth, 1 - fmpq(1, 5 * depth))
    kept = 1 - state.share_lost()
    bound = kept_at_least(size, below, fmpq(1, depth))
    near = Comparison(kept - bound, "<", below**3, "kept above its bound")
    assert compare(near).holds
    assert compare(Comparison(kept_at_least(size, below), "<", bound, "the bound for every N")).holds
    if depth > 2:
        assert compare(Comparison(bound, "<", kept, "the bound of kept")).holds
    else:
        assert abs(kept - bound) < arb(2) ** -40


@control
def test_refuted_with_other_bounds_of_tau() -> None:
    """N = 8: without the exponential, or with N y for (1-u) N y, it is no bound, or not so near."""
    state, size, below = balanced(8, 1 - fmpq(1, 40))
    kept = 1 - state.share_lost()
    linear = (1 - fmpq(1, 8)) / 2 * below
    assert 1 - linear - size / 2 * (1 + linear) ** 2 > kept
    assert kept - kept_at_least(size, 2 * below, fmpq(1, 8)) > below**3
