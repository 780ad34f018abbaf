"""Where depth does not help: statement 2 at p = 2, and statement 3 from a large start and at equal scales."""

from itertools import pairwise

import pytest
from flint import fmpq, fmpq_poly

from claims.end_to_end.implicit_acceleration.quartic import REACHED, START, balanced, matrix, quartic, step
from claims.suite import Fate, ablates, control, witness
from solvers.network import backpropagate, end_to_end


@control
@ablates("DL-028", "power", "dropped", Fate.REFUTED)
def test_refuted_for_the_square() -> None:
    """The two samples with p = 2, L = 1/2 sum (w_i - y_i)^2: depth 1 is there after one step, which no depth beats."""
    start, target = matrix([*START]), matrix([fmpq(10), fmpq(1)])
    (after,) = (layer - d for layer, d in zip((start,), backpropagate((start,), start - target), strict=True))
    assert (after == target).all()
    assert not (start == target).all()


@control
@ablates("DL-028", "small start", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("depth", [2, 3, 6])
def test_refuted_from_a_larger_start(depth: int) -> None:
    """W(0) = (64, 0), target (65, 1): one step at depth 1; at depth N L after a step is a polynomial in eta, and
    that polynomial less 1/1000 has no real root and is positive at eta = 0."""
    one = step((matrix([fmpq(64), fmpq(0)]),), (65, 1), fmpq(1, 2))
    assert quartic(end_to_end(one), (65, 1)) == 0
    weights = balanced((fmpq(64), fmpq(0)), fmpq(64), depth)
    moved = step(weights, (65, 1), fmpq(1))
    layers = [
        [fmpq_poly([before, after - before]) for before, after in zip(w.ravel(), v.ravel(), strict=True)]
        for w, v in zip(weights, moved, strict=True)
    ]
    product = layers[0]
    for (factor,) in layers[1:]:
        product = [entry * factor for entry in product]
    left = ((product[0] - 65) ** 4 + (product[1] - 1) ** 4) / 2 - fmpq_poly([REACHED])
    assert left(fmpq(0)) > 0
    assert real_roots(left) == 0


def real_roots(polynomial: fmpq_poly) -> int:
    """The number of distinct real roots, by Sturm's theorem."""
    chain = [polynomial, polynomial.derivative()]
    while chain[-1].degree() > 0:
        chain.append(-(chain[-2] % chain[-1]))
    chain = [part for part in chain if part.degree() >= 0]

    def changes(side: int) -> int:
        signs = [part[part.degree()] * side ** part.degree() > 0 for part in chain]
        return sum(before != after for before, after in pairwise(signs))

    return changes(-1) - changes(1)


@control
@ablates("DL-028", "unequal scales", "dropped", Fate.REFUTED)
def test_refuted_for_equal_scales() -> None:
    """Target (10, 10), W(0) = (1, 1) / 64: both residuals vanish in one step of depth 1, which no depth beats."""
    residual = 10 - fmpq(1, 64)
    after = step((matrix([fmpq(1, 64)] * 2),), (10, 10), 1 / (2 * residual**2))
    assert quartic(end_to_end(after), (10, 10)) == 0


@witness
def test_sturm_counts_real_roots() -> None:
    """x^2 + 1 has none, x^2 - 2 two, x^2 (x - 1) two distinct ones."""
    assert [real_roots(fmpq_poly(c)) for c in ([1, 0, 1], [-2, 0, 1], [0, 0, -1, 1])] == [0, 2, 2]
