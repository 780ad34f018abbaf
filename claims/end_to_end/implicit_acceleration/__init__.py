"""Depth can speed up gradient descent on l_4 regression by far, from small weights; on l_2 it cannot, whitened.

Statement. One output, each depth at its own best learning rate, balanced layers with the same product W(0).

1. It happens. L(W) = 1/2 ((w_1 - 10)^4 + (w_2 - 1)^4) is l_4 regression on two whitened samples; W(0) = (3, 4) / 320.
   To L <= 1/1000 depth 1 needs at least 500 steps at every learning rate. Depth 2 needs at most 145 (eta = 87 / 2^15)
   and depth 3 at most 2 (eta = 6800 / 2^21).
2. For p = 2 and whitened inputs, X X^T / m = I, it does not: at depth 1 one step with eta = 1 ends at the minimum, from
   every start and for all outputs, and a start that is not there needs one at any depth.
3. It need not happen for p = 4 either. L = 1/2 ((w_1 - 65)^4 + (w_2 - 1)^4) and W(0) = (64, 0): depth 1 is at the
   minimum after one step (eta = 1/2), while at depths 2, 3 and 6 no learning rate leads to L <= 1/1000 in one step.
   Equal scales: for the target (10, 10) and W(0) = (1, 1) / 64 depth 1 needs one step.
4. Why. Towards one large target y from 0 the loss's curvature times the preconditioner of the flow
   (``end_to_end_dynamics``) is N w^{2-2/N} (p-1) (y - w)^{p-2}. Let eta be the largest rate with eta times
   this at most 2 all along; the speed eta y^{2-2/N} of the other weights near the target is then at depth N over that
   at depth 1 (a + b)^{a+b} / (N a^a b^b), a = 2 - 2/N, b = p - 2: 27/8 at N = 2 and p = 4, but 1/N at p = 2.
5. On real inputs (``acceleration``): the whitened diabetes inputs, a target W of entries from 10
   to 1 that is met exactly, p = 4, W(0) of a hundredth of its norm. Depths 2 and 3 need less than half of the
   iterations of depth 1 to a millionth of the loss. On the real outputs, where the least loss is not 0, depth 1 needs
   the fewest at p = 4 too; and at p = 2 everywhere.

Proof. 1: at depth 1 the weights do not mix: r_i = w_i - y_i goes to r_i (1 - 2 eta r_i^2). If 2 eta r_1(0)^2 >= 2, then
|r_1| never falls. Else q = 2 eta < 2 / r_1(0)^2. r (1 - q r^2) falls with q, and grows with r while 3 q r^2 < 1, so r_2
is after n steps at least what q = 2 / r_1(0)^2 would make of it, which after 499 steps is too much. Depths 2 and 3 are
run in balls and in rationals. 3: L after a step is a polynomial in eta; Sturm. 4: the maximum is at w = a y / (a + b).

Hypotheses of what 1 shows. p = 4 (power), a small start, unequal scales: without them it fails (2, 3). It is a fact
about examples; 5 rests on a grid of learning rates, and on floats.
Source. ACH18 (arXiv:1802.06509), Section 8, where 5's first half is an experiment. 1, 3 and 4 are this project's.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.end_to_end.experiments.acceleration import REDUCED, Cell, run
from claims.suite import ACH18, DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, power
from solvers.network import Weights, backpropagate, end_to_end
from strategies import dyadic_matrices, orthogonal_matrices

CLAIM = Claim(
    uid="DL-028",
    title="Implicit acceleration",
    statement=__doc__,
    sources=(ACH18.at("Section 8"), DLC.at("DL-028")),
    items=("8.5",),
    status=Status.THEOREM,
    hypotheses=("power", "small start", "unequal scales"),
)

REACHED = fmpq(1, 1000)
START = (fmpq(3, 320), fmpq(4, 320))
"""Of norm 1/64, a rational square and cube."""


def matrix(*rows: list[Scalar]) -> ObjectArray:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    for k, entries in enumerate(rows):
        found[k] = entries
    return found


def balanced(start: tuple[Scalar, ...], norm: Scalar, depth: int) -> tuple[ObjectArray, ...]:
    """N layers of norm ||W||^{1/N}, W = ``start`` of the given norm: a row, then numbers."""
    root = power(norm, Fraction(1, depth))
    return (matrix([w * (root / norm) for w in start]), *(matrix([root]),) * (depth - 1))


def quartic(product: ObjectArray, target: tuple[int, ...]) -> Scalar:
    """1/2 sum_i (w_i - y_i)^4."""
    total: Scalar = sum(((w - y) ** 4 for w, y in zip(product.ravel(), target, strict=True)), start=fmpq(0)) / 2
    return total


def step(weights: Weights, target: tuple[int, ...], rate: Scalar) -> tuple[ObjectArray, ...]:
    """A step of gradient descent on :func:`quartic`, in the arithmetic of the weights."""
    product = end_to_end(weights)
    gradient = matrix([2 * (w - y) ** 3 for w, y in zip(product.ravel(), target, strict=True)])
    return tuple(layer - d * rate for layer, d in zip(weights, backpropagate(weights, gradient), strict=True))


def residual_after(steps: int, q: Scalar, residual: Scalar) -> Scalar:
    """r -> r (1 - q r^2), so many times."""
    for _ in range(steps):
        residual = residual * (1 - q * residual * residual)
    return residual


@symbolic
def test_one_step_of_depth_one_for_every_whitened_regression() -> None:
    """p = 2, X X^T / m = I: W - (W X - Y) X^T / m = Y X^T / m, where the gradient is 0, for symbolic sizes."""
    outputs, inputs, m = sympy.symbols("d_N d_0 m", integer=True, positive=True)
    w, x, y = (
        sympy.MatrixSymbol(n, *shape)
        for n, shape in (("W", (outputs, inputs)), ("X", (inputs, m)), ("Y", (outputs, m)))
    )

    def gradient(at: sympy.MatrixExpr) -> sympy.MatrixExpr:
        found = (((at * x - y) * x.T) / m).expand().doit()
        return found.subs(at * x * x.T, m * at).doit()

    after = (w - gradient(w)).expand().doit()
    assert after == (y * x.T / m).doit()
    assert (gradient(w).subs(w, after)).expand().doit() == sympy.ZeroMatrix(outputs, inputs)


@symbolic
def test_what_the_bound_for_every_learning_rate_rests_on() -> None:
    """r (1 - q r^2) falls with q, grows with r while 3 q r^2 < 1; and |1 - q r^2| >= 1 where q r^2 >= 2. The
    gradient of (w - y)^4 / 2 is 2 r^3, so that q = 2 eta."""
    r, q, x = sympy.symbols("r q x", positive=True)
    after = r * (1 - q * r**2)
    assert sympy.diff(after, q).is_negative
    assert sympy.expand(sympy.diff(after, r) - (1 - 3 * q * r**2)) == 0
    assert sympy.simplify(((1 - (2 + x)) ** 2 - 1) - (x**2 + 2 * x)) == 0
    assert (x**2 + 2 * x).is_positive
    eta = q / 2
    assert sympy.expand(r - eta * sympy.diff(r**4 / 2, r) - after) == 0


@symbolic
def test_the_ratio_of_speeds_for_every_depth_and_power() -> None:
    """x^a (1 - x)^b is largest at x = a / (a + b), where its logarithm's derivative vanishes and falls; at b = 0 it is
    largest at 1. For N = 2, p = 4: 27/8; at p = 2: 1/N."""
    a, b, x = sympy.symbols("a b x", positive=True)
    slope = sympy.diff(a * sympy.log(x) + b * sympy.log(1 - x), x)
    assert sympy.simplify(slope.subs(x, a / (a + b))) == 0
    assert sympy.simplify(sympy.diff(slope, x) + a / x**2 + b / (1 - x) ** 2) == 0
    top = (a / (a + b)) ** a * (b / (a + b)) ** b
    ratio = (a + b) ** (a + b) / (a**a * b**b)
    assert sympy.simplify(sympy.expand_log(sympy.log(top * ratio), force=True)) == 0
    assert ratio.subs({a: 1, b: 2}) / 2 == sympy.Rational(27, 8)
    assert sympy.limit(ratio.subs(a, 1), b, 0) / 2 == sympy.Rational(1, 2)


@exact
def test_depth_one_needs_five_hundred_steps_at_every_learning_rate() -> None:
    """r_2 after 499 steps at the supremum of the rates that do not diverge: L > 1/1000 by w_2 alone, in balls."""
    with ctx.workprec(128):
        q, residual = 2 / (10 - arb(START[0])) ** 2, 1 - arb(START[1])
        assert 3 * q * residual**2 < 1
        left = residual_after(499, q, residual)
        assert compare(Comparison(left**4 / 2, ">", REACHED, "least loss of depth 1 after 499 steps")).holds


@exact
def test_two_layers_need_a_hundred_and_forty_five() -> None:
    """In balls of 256 bits: what is reached in step 145, and not before."""
    with ctx.workprec(256):
        weights = tuple(arithmetic.balls(layer) for layer in balanced(START, fmpq(1, 64), 2))
        for count in range(146):
            verdict = compare(Comparison(quartic(end_to_end(weights), (10, 1)), "<=", REACHED, f"loss at {count}"))
            assert verdict.holds if count == 145 else verdict.fails
            weights = step(weights, (10, 1), arb(fmpq(87, 2**15)))


@exact
def test_three_layers_need_two() -> None:
    """In rationals."""
    weights, rate = balanced(START, fmpq(1, 64), 3), fmpq(6800, 2**21)
    for count in range(3):
        verdict = compare(Comparison(quartic(end_to_end(weights), (10, 1)), "<=", REACHED, f"loss at {count}"))
        assert verdict.holds if count == 2 else verdict.fails
        weights = step(weights, (10, 1), rate)


@exact
@given(st.data())
def test_depth_one_is_done_after_one_step_on_drawn_regressions(data: st.DataObject) -> None:
    """Statement 2 in rationals: X = sqrt(m) times rows of an orthogonal matrix, two outputs, any start."""
    samples = data.draw(st.sampled_from([1, 4]))
    inputs = data.draw(st.integers(1, samples))
    x = data.draw(orthogonal_matrices(samples))[:inputs] * (1 if samples == 1 else 2)
    y, w = (arithmetic.exact(data.draw(dyadic_matrices(2, size))) for size in (samples, inputs))

    def gradient(at: ObjectArray) -> ObjectArray:
        found: ObjectArray = (at @ x - y) @ x.T * fmpq(1, samples)
        return found

    after = gradient(w - gradient(w))
    assert (after == 0 * after).all()


@sampled
@given(st.integers(-60, 60), st.integers(0, 31))
def test_no_drawn_learning_rate_beats_the_bound(exponent: int, mantissa: int) -> None:
    """Depth 1 at eta = (1 + k/32) 2^(e/4 - 5), about the whole range of floats that matters: 499 steps, in balls."""
    with ctx.workprec(256):
        q = 2 * (1 + arb(mantissa) / 32) * arb(2) ** (arb(exponent) / 4 - 5)
        first: Scalar = 10 - arb(START[0])
        second: Scalar = 1 - arb(START[1])
        for _ in range(499):
            loss = (first**4 + second**4) / 2
            assert loss > REACHED
            if q * first**2 >= 2:  # it never falls from here on
                break
            first, second = residual_after(1, q, first), residual_after(1, q, second)


@cache
def reduced() -> dict[tuple[str, int, int], Cell]:
    """The experiment on a coarse grid of rates, 300 steps."""
    cells = {(cell.case, cell.power, cell.depth): cell for cell in run(REDUCED)}
    assert not any(cell.at_the_edge for cell in cells.values())  # no better rate is likely beyond the grid
    return cells


def fewest(case: str, power: int, depth: int) -> float:
    """Iterations to a millionth of the loss, at the best rate."""
    found = float(reduced()[case, power, depth].best[-1])
    assert found <= REDUCED.steps
    return found


@sampled
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_accelerates_on_real_inputs(depth: int) -> None:
    """Statement 5: p = 4, the ill-scaled target; less than half of the iterations of depth 1."""
    assert 2 * fewest("ill-scaled target", 4, depth) < fewest("ill-scaled target", 4, 1)


@sampled
@pytest.mark.parametrize("case", REDUCED.cases)
@pytest.mark.parametrize("depth", [2, 3])
def test_depth_does_not_accelerate_least_squares(case: str, depth: int) -> None:
    """Statement 2 as the experiment sees it, with a rate of the grid near 1."""
    assert fewest(case, 2, 1) < fewest(case, 2, depth)


@control
@pytest.mark.parametrize("depth", [2, 3])
def test_refuted_that_depth_accelerates_on_real_outputs(depth: int) -> None:
    """Statement 5: at p = 4 too, where the residual does not vanish, depth 1 needs the fewest iterations."""
    assert fewest("real outputs", 4, 1) < fewest("real outputs", 4, depth)


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


@control
def test_refuted_that_depth_one_needs_six_hundred() -> None:
    """At q = 2 / r_1(0)^2, w_2 alone is near enough after 600 steps: the bound is not far from what it bounds."""
    with ctx.workprec(128):
        left = residual_after(600, 2 / (10 - arb(START[0])) ** 2, 1 - arb(START[1]))
        assert compare(Comparison(left**4 / 2, ">", REACHED, "least loss of depth 1 after 600 steps")).fails


@witness
def test_sturm_counts_real_roots() -> None:
    """x^2 + 1 has none, x^2 - 2 two, x^2 (x - 1) two distinct ones."""
    assert [real_roots(fmpq_poly(c)) for c in ([1, 0, 1], [-2, 0, 1], [0, 0, -1, 1])] == [0, 2, 2]


@witness
def test_the_start_is_balanced_at_every_depth() -> None:
    """Layers of equal norm, whose product is W(0) exactly."""
    for depth in (1, 2, 3):
        weights = balanced(START, fmpq(1, 64), depth)
        assert (end_to_end(weights) == matrix([*START])).all()
        assert len({(layer * layer).sum() for layer in weights}) == 1


@witness
def test_the_ratio_of_speeds_at_the_depths_that_are_run() -> None:
    """(a + b)^{a+b} / (N a^a b^b) at p = 4: 1 at N = 1, 27/8 at N = 2, between 3 and 4 at N = 3, below 1 at N = 17."""

    def ratio(depth: int) -> Scalar:
        a = Fraction(2 * (depth - 1), depth)
        whole = power(fmpq((a + 2).numerator, (a + 2).denominator), a + 2)
        return whole / (depth * power(fmpq(a.numerator, a.denominator), a) * 4)

    assert ratio(1) == 1
    assert ratio(2) == fmpq(27, 8)
    assert 3 < ratio(3) < 4
    assert ratio(17) < 1
