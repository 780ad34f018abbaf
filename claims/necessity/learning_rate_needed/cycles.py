"""Statements 1, 2 and 4: cycles of two at every learning rate beyond the inverse curvature, and cycles of four."""

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.necessity.learning_rate_needed import scalar_networks as scalars
from claims.necessity.learning_rate_needed.scalar_networks import SIZES, N, P, Q, equal_layers, moved, orbit, vanishes
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.guarantees import theorem_one
from solvers.network import loss


def two_cycle(depth: int, p: fmpq, q: fmpq) -> tuple[fmpq, fmpq]:
    """Statement 1: (Phi, eta)."""
    k = p ** (depth - 1) + q ** (depth - 1)
    return (p ** (2 * depth - 1) + q ** (2 * depth - 1)) / k, (p - q) * k / (
        (p * q) ** (depth - 1) * (p**depth - q**depth)
    )


def four_cycle(depth: int, p: fmpq, q: fmpq) -> tuple[fmpq, fmpq]:
    """Statement 4: (Phi, eta)."""
    k = (q + p) * p ** (depth - 1) + (q - p) * q ** (depth - 1)
    target = ((q + p) * p ** (2 * depth - 1) + (q - p) * q ** (2 * depth - 1)) / k
    return target, k / ((p * q) ** (depth - 1) * (q**depth - p**depth))


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_two_cycles_with_a_margin_for_every_depth() -> None:
    """Statement 1 with N, p, q symbols. For p, q that alternate, p^{N-1} (p^N - Phi) + q^{N-1} (q^N - Phi) = 0."""
    k = P ** (N - 1) + Q ** (N - 1)
    target = (P ** (2 * N - 1) + Q ** (2 * N - 1)) / k
    rate = (P - Q) * k / ((P * Q) ** (N - 1) * (P**N - Q**N))
    assert vanishes(moved(P, N, target, rate) - Q)
    assert vanishes(moved(Q, N, target, rate) - P)
    (found,) = sympy.solve(P ** (N - 1) * (P**N - scalars.PHI) + Q ** (N - 1) * (Q**N - scalars.PHI), scalars.PHI)
    assert vanishes(found - target)
    assert vanishes(target - Q**N - P ** (N - 1) * (P**N - Q**N) / k)  # Phi > q^N: the margin at q is q^N
    assert vanishes(P**N - target - Q ** (N - 1) * (P**N - Q**N) / k)  # p^N > Phi
    margin = P**N * (P ** (N - 1) - Q ** (N - 1)) + 2 * Q ** (2 * N - 1)  # 2 Phi - p^N, times k
    assert vanishes(2 * target - P**N - margin / k)


@symbolic
@ablates("DL-004", "learning rate", "eta > 2 / curvature", Fate.REFUTED)
def test_every_learning_rate_beyond_the_inverse_curvature_has_a_cycle_for_every_depth() -> None:
    """Statement 2: N eta Phi^{2-2/N} is a continuous function of r = p/q, 2 as r -> 1 since (r-1) / (r^N - 1) -> 1/N,
    and at least r^{N-1} / 4, by Phi >= q^N r^N / 2, K >= r^{N-1} and N r^{N-1} (r-1) >= r^N - 1 for r >= 1."""
    r = sympy.Symbol("r", positive=True)
    k = 1 + r ** (N - 1)
    target, rate = (1 + r ** (2 * N - 1)) / k, (r - 1) * k / (r ** (N - 1) * (r**N - 1))
    whole = (P ** (2 * N - 1) + Q ** (2 * N - 1)) / (P ** (N - 1) + Q ** (N - 1))
    assert vanishes(whole.subs(P, r * Q) - Q**N * target)  # and eta scales as q^{2-2N}
    slope = sympy.diff(r**N - 1, r).subs(r, 1)
    assert sympy.simplify(slope - N) == 0
    assert sympy.simplify((rate * (r**N - 1) / (r - 1)).subs(r, 1) / slope * N * target.subs(r, 1) ** (2 - 2 / N)) == 2
    assert vanishes(2 * target - r**N - (2 + r**N * (r ** (N - 1) - 1)) / k)
    gap = N * r ** (N - 1) * (r - 1) - (r**N - 1)
    assert sympy.simplify(gap.subs(r, 1)) == 0
    assert vanishes(sympy.diff(gap, r) - N * (N - 1) * r ** (N - 2) * (r - 1))
    least = N / (N * r ** (N - 1)) * (r**N / 2) ** (2 - 2 / N)
    assert sympy.simplify(sympy.expand_power_base(least, force=True) * 2 ** (2 - 2 / N) / r ** (N - 1)) == 1


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_four_cycles_with_a_margin_for_every_even_depth() -> None:
    """Statement 4 with depth 2n, and p, q symbols; the mirror image of p -> q -> -p closes it."""
    depth = 2 * N
    k = (Q + P) * P ** (depth - 1) + (Q - P) * Q ** (depth - 1)
    target = ((Q + P) * P ** (2 * depth - 1) + (Q - P) * Q ** (2 * depth - 1)) / k
    rate = k / ((P * Q) ** (depth - 1) * (Q**depth - P**depth))
    assert vanishes(moved(P, depth, target, rate) - Q)
    assert vanishes(moved(Q, depth, target, rate) + P)
    assert vanishes(target - P**depth - (Q - P) * Q ** (depth - 1) * (Q**depth - P**depth) / k)  # Phi > p^N


@exact
@given(st.integers(1, 6), SIZES, SIZES, st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_cycles_of_two(depth: int, p: fmpq, more: fmpq, data: st.DataObject) -> None:
    """Statement 1 and its matrix form, in rationals, with every other hypothesis of Theorem 1."""
    p, q = p + more, p
    target, rate = two_cycle(depth, p, q)
    for start, other, margin in ((p, q, 2 * target - p**depth), (q, p, q**depth)):
        scalar = equal_layers(depth, start, target, rate)
        assert orbit(scalar, 3) == [start, other, start, other]
        assert scalars.only_the_learning_rate_fails(scalar, margin)
    problem, margin = data.draw(scalars.in_d_dimensions(equal_layers(depth, q, target, rate)))
    assert scalars.only_the_learning_rate_fails(problem, margin)
    once = problem.step()
    assert loss(once.weights, once.target) == (p**depth - target) ** 2 / 2 > 0
    back = once.step().weights
    assert all((now == before).all() for now, before in zip(back, problem.weights, strict=True))


@exact
@given(st.sampled_from([2, 4, 6]), SIZES, SIZES, st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_cycles_of_four(depth: int, p: fmpq, more: fmpq, data: st.DataObject) -> None:
    """Statement 4 and its matrix form, in rationals."""
    q = p + more
    target, rate = four_cycle(depth, p, q)
    scalar = equal_layers(depth, p, target, rate)
    assert orbit(scalar, 5) == [p, q, -p, -q, p, q]
    assert scalars.only_the_learning_rate_fails(scalar, p**depth)
    problem, margin = data.draw(scalars.in_d_dimensions(scalar))
    assert scalars.only_the_learning_rate_fails(problem, margin)
    later = problem.step().step()
    assert any((a != b).any() for a, b in zip(later.weights, problem.weights, strict=True))
    later = later.step().step()
    assert all((a == b).all() for a, b in zip(later.weights, problem.weights, strict=True))


@exact
@given(SIZES, SIZES)
def test_cycles_of_two_are_beyond_the_inverse_curvature(q: fmpq, more: fmpq) -> None:
    """N eta Phi^{2-2/N} > 2 for N = 2..5, and it grows with p; at N = 1 it is 2."""

    def product(depth: int, p: fmpq) -> arb:
        target, rate = two_cycle(depth, p, q)
        return depth * rate * arb(target) ** (2 - arb(2) / depth)

    for depth in range(2, 6):
        near, far = product(depth, q + more), product(depth, q + 2 * more)
        assert 2 < near < far
    assert two_cycle(1, q + more, q)[1] == 2


@control
@given(SIZES, SIZES)
def test_refuted_cycle_of_two_with_another_learning_rate(p: fmpq, more: fmpq) -> None:
    """N = 3, the cycle's eta times 63/64: the first step already leads elsewhere."""
    p, q = p + more, p
    target, rate = two_cycle(3, p, q)
    assert orbit(equal_layers(3, p, target, rate), 1) == [p, q]
    assert orbit(equal_layers(3, p, target, rate * fmpq(63, 64)), 1) != [p, q]


@control
def test_refuted_four_cycle_for_odd_depth() -> None:
    """Statement 4 needs N even: with the same formulas N = 3, p = 1, q = 2 leaves the cycle."""
    target, rate = four_cycle(3, fmpq(1), fmpq(2))
    assert orbit(equal_layers(3, fmpq(1), target, rate), 4) != [1, 2, -1, -2, 1]


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_the_smallest_factor_above_the_limit_is_near_12288_n_squared(depth: int) -> None:
    """As p/q -> 1 the margin goes to Phi and N eta Phi^{2-2/N} to 2, so that eta is 2 * 6144 N^2 times the limit."""
    p, q = fmpq(10**6 + 1), fmpq(10**6)
    target, rate = two_cycle(depth, p, q)
    factor = arb(rate) / arb(theorem_one.learning_rate_limit(depth, q**depth, target))
    assert abs(factor / (12288 * depth**2) - 1) < arb(1) / 1000
