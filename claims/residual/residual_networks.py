"""From the identity, positive definite targets are learned at an explicit rate, and negative eigenvalues never are.

Statement. Phi is symmetric (d x d), W_1(0) = ... = W_N(0) = I; lambda runs through the eigenvalues of Phi.

1. Under any eta all layers stay equal, symmetric and commuting with Phi: W_j = Q diag(w) Q^T for Phi = Q diag(lambda)
   Q^T, with w(0) = 1 and w' = w - eta w^{N-1} (w^N - lambda) for each eigenvalue.
2. Phi positive semidefinite, r = lambda^{1/N}, u = max(1, lambda_max^{1/N}), m = min(1, lambda_min^{1/N}) and
   0 < eta <= 1 / (N u^{2N-2}): |w(t+1) - r| <= (1 - eta N m^{2N-2}) |w(t) - r| for every eigenvalue and every t, and w
   stays between 1 and r. So Phi is learned if it is positive definite. At N = 1 this is w' - lambda = (1 - eta)
   (w - lambda), for every real lambda. The rate is attained in the limit by lambda_min < 1, and for no N and no x > 1
   is x / (N u^{2N-2}) small enough.
3. lambda = 0, N >= 2, same eta: w(t) <= (1 + (2N-2) eta t)^{-1/(2N-2)}, so that 0 is learned too, but the quotient
   w(t+1) / w(t) tends to 1: at no linear rate.
4. lambda < 0, N >= 2, eta < 1 / (1 + |lambda|): 0 < w(t+1) <= w(t) <= 1 for all t, w -> 0, and this eigenvalue's part
   of the loss is above lambda^2 / 2 for ever. For even N it is at least that under every eta (``margin_needed``);
   for odd N >= 3 it is not, for eta just above 1 / (1 + |lambda|), and lambda can even be learned.
5. Any square Phi with ||Phi - I||_F < 1/2: the layers I meet the hypotheses of Theorem 1 (``linear_rate``):
   sigma_min(Phi) - ||Phi - I||_F >= 1 - 2 ||Phi - I||_F > 0, all B_j = 0. At 1/2 the margin can be 0.

Proof. 1: D_j = A^{N-j} (A^N - Phi) A^{j-1} for layers A that commute with Phi. 2: w^N - r^N = (w - r) s with s =
sum_i w^{N-1-i} r^i, so w' - r = (w - r) (1 - eta w^{N-1} s); for w and r in [m, u], w^{N-1} s is in [N m^{2N-2},
N u^{2N-2}], the factor is in [0, 1 - eta N m^{2N-2}], and w stays between 1 and r. 3: w^{-(2N-2)} grows by at least
(2N-2) eta, by Bernoulli's inequality. 4: w^{N-2} (w^N + |lambda|) <= 1 + |lambda|. 5: Weyl's inequality.

Hypotheses. As stated.
Source. BHL18 (arXiv:1802.06093), on positive definite targets, and Theorem 4; ACGH19 (arXiv:1810.02281), Section 3.2.
The rate and its sharpness, 3, and 4 for every N are this project's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_linnerud

from claims.necessity.margin_needed import (
    SymmetricState,
    above_the_floor,
    keeps_the_symmetric_invariant,
    symmetric_states,
)
from claims.suite import Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from claims.suite.sources import ACGH19, BHL18, DLC
from solvers import arithmetic
from solvers.arithmetic import (
    Comparison,
    ObjectArray,
    Scalar,
    compare,
    decide,
    lower_float,
    power,
    rational,
    square_root,
)
from solvers.descent import gradient_descent, loss_ball
from solvers.flow import mode_step
from solvers.guarantees import theorem_one
from solvers.network import (
    Problem,
    deficiency_margin,
    frobenius_squared,
    gradient_step,
    layer_gradients,
    loss,
    singular_values,
)
from strategies import diagonal, directions, learning_rates

CLAIM = Claim(
    uid="DL-032",
    title="Residual networks",
    statement=__doc__,
    sources=(BHL18.at("Theorem 4"), ACGH19.at("Section 3.2"), DLC.at("DL-032")),
    items=("10.1", "10.2", "10.3", "10.4"),
    status=Status.THEOREM,
    hypotheses=("Phi symmetric", "start", "learning rate", "N >= 2", "||Phi - I||_F < 1/2"),
)

BITS = 2048
W, LAMBDA, ETA, R = sympy.symbols("w lambda eta r", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)


def identity(size: int) -> ObjectArray:
    """I in rationals."""
    return diagonal(size, size, [1] * size)


def moved(w: Any, eigenvalue: Scalar, depth: int, rate: Scalar) -> Any:
    """w - eta w^{N-1} (w^N - lambda), by the modes' recurrence for N equal layers."""
    return mode_step([w] * depth, eigenvalue, rate)[0]


@dataclass(frozen=True)
class Bounds:
    """u, m and what statement 2 makes of them, for the r = lambda^{1/N} of all eigenvalues."""

    largest: Any
    smallest: Any
    depth: int

    @classmethod
    def of(cls, roots: Sequence[Scalar], depth: int) -> Bounds:
        """Of all r; for balls the least and the greatest must be certain."""
        ends = [fmpq(1), *roots]
        return cls(max(ends), min(ends), depth)

    @property
    def learning_rate(self) -> Any:
        """1 / (N u^{2N-2})."""
        return 1 / (self.depth * self.largest ** (2 * self.depth - 2))

    def rate(self, learning_rate: Any) -> Any:
        """1 - eta N m^{2N-2}; m^0 = 1."""
        return 1 - learning_rate * self.depth * self.smallest ** (2 * self.depth - 2)


def contraction(w: Any, r: Any, after: Any, rate: Any) -> Comparison:
    """|w' - r| <= (1 - eta N m^{2N-2}) |w - r|."""
    return Comparison(abs(after - r), "<=", rate * abs(w - r), "distance of w from r after a step")


@symbolic
def test_layers_stay_equal_for_every_depth_and_dimension() -> None:
    """Statement 1. A and Phi symmetric with A Phi = Phi A generate commutative symmetric matrices, where transposes
    are the matrices themselves, so that D_j = A^{N-j} (A^N - Phi) A^{j-1} can be computed as if they were numbers: it
    is A^{N-1} (A^N - Phi) for every j, N and j symbolic, symmetric and commuting with Phi; and an eigenvector of A and
    Phi is one of A - eta D_j. The network's own gradients for N = 1..6."""
    j = sympy.Symbol("j", integer=True, positive=True)
    gradient = W ** (N - j) * (W**N - LAMBDA) * W ** (j - 1)
    assert sympy.powsimp(gradient / (W**N - LAMBDA)) == W ** (N - 1)
    for depth in range(1, 7):
        gradients = layer_gradients((sympy.Matrix([[W]]),) * depth, sympy.Matrix([[LAMBDA]]))
        assert all(sympy.expand(d[0] - gradient.subs(N, depth).subs(j, 1)) == 0 for d in gradients)


@symbolic
def test_rate_for_every_depth() -> None:
    """Statement 2, N symbolic: (w - r) sum_i w^{N-1-i} r^i telescopes to w^N - r^N, so that w' - r is (w - r) times the
    factor; each of the N terms w^{2N-2-i} r^i is between m^{2N-2} and u^{2N-2}, its exponents being >= 0; and a factor
    in [0, 1] keeps w' between w and r."""
    i = sympy.Symbol("i", integer=True, nonnegative=True)
    term = (W - R) * W ** (N - 1 - i) * R**i
    part = W ** (N - i) * R**i  # part(i) - part(i + 1) telescopes from i = 0 to N - 1
    assert sympy.simplify(term - (part - part.subs(i, i + 1))) == 0
    assert sympy.simplify(part.subs(i, 0) - part.subs(i, N) - (W**N - R**N)) == 0
    total = sympy.Symbol("s")  # sum_i w^{N-1-i} r^i
    after = W - ETA * W ** (N - 1) * (W - R) * total
    assert sympy.simplify(after - R - (W - R) * (1 - ETA * W ** (N - 1) * total)) == 0
    more = sympy.Symbol("n", integer=True, nonnegative=True)
    a, b = sympy.symbols("a b", nonnegative=True)
    last = i + more  # N - 1 = i + n, for i = 0..N-1
    for sign in (1, -1):  # w = m e^a and r = m e^b, or u e^{-a} and u e^{-b}: the term over m^{2N-2}, or u^{2N-2}
        exponent = sign * ((2 * last - i) * a + i * b)
        assert (sign * exponent).expand().is_nonnegative
    factor = sympy.Symbol("f", nonnegative=True)
    assert sympy.expand((R + factor * (W - R)) - (factor * W + (1 - factor) * R)) == 0


@symbolic
def test_depth_one_and_the_limit_of_the_rate_for_every_depth() -> None:
    """N = 1: w' - lambda = (1 - eta) (w - lambda), any real lambda. dw'/dw is 1 - eta N r^{2N-2} at w = r."""
    real = sympy.Symbol("lambda", real=True)
    assert sympy.expand((W - ETA * (W - real)) - real - (1 - ETA) * (W - real)) == 0
    after = W - ETA * W ** (N - 1) * (W**N - R**N)
    assert sympy.simplify(sympy.diff(after, W).subs(W, R) - (1 - ETA * N * R ** (2 * N - 2))) == 0


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


@symbolic
def test_negative_eigenvalues_for_every_depth() -> None:
    """Statement 4, N = n + 2, w = e^{-x} in (0, 1] and l = |lambda|: w' = w (1 - eta w^{N-2} (w^N + l)), and 1 + l less
    the factor of eta is (1 - w^{2N-2}) + l (1 - w^{N-2}) >= 0; (w^N + l)^2 - l^2 > 0; a limit w of the decreasing w(t)
    has w^{N-1} (w^N + l) = 0."""
    x, size = sympy.Symbol("x", nonnegative=True), sympy.Symbol("l", positive=True)
    depth = sympy.Symbol("n", integer=True, nonnegative=True) + 2
    w = sympy.exp(-x)
    factor = w ** (depth - 2) * (w**depth + size)
    assert sympy.simplify(w - ETA * w ** (depth - 1) * (w**depth + size) - w * (1 - ETA * factor)) == 0
    rest = (1 - w ** (2 * depth - 2)) + size * (1 - w ** (depth - 2))
    assert sympy.simplify(1 + size - factor - rest) == 0
    for exponent in (depth - 2, 2 * depth - 2):
        assert sympy.expand(exponent * x).is_nonnegative  # w^exponent = exp(-exponent x) <= 1
    assert sympy.expand((W**depth + size) ** 2 - size**2 - W**depth * (W**depth + 2 * size)) == 0
    assert (W**depth * (W**depth + 2 * size)).is_positive


@exact
@given(symmetric_states(depths=(1, 2, 3, 4, 5), at_identity=True), learning_rates())
def test_layers_and_eigenvalues_in_rationals(state: SymmetricState, rate: float) -> None:
    """Statement 1, any symmetric target and any eta: two steps; the loss and the trace of a layer are those of the
    scalar recurrences."""
    weights, eta = state.weights, rational(rate)
    own = [fmpq(1)] * len(state.eigenvalues)
    for _ in range(2):
        weights = gradient_step(weights, state.target, eta)
        assert keeps_the_symmetric_invariant(weights, state.target)
        own = [moved(w, value, state.depth, eta) for w, value in zip(own, state.eigenvalues, strict=True)]
        residual = sum((w**state.depth - value) ** 2 for w, value in zip(own, state.eigenvalues, strict=True))
        assert loss(weights, state.target) == residual / 2
        assert sum(weights[0].diagonal()) == sum(own)


ROOTS = st.lists(st.integers(0, 16).map(lambda k: fmpq(k, 8)), min_size=1, max_size=3)


@exact
@given(ROOTS, st.integers(1, 6), st.integers(1, 64), st.integers(0, 64))
def test_one_step_contracts_from_anywhere_between(roots: list[fmpq], depth: int, part: int, place: int) -> None:
    """Statement 2 from any w between 1 and r, eta up to its limit, that included, zero eigenvalues included: in
    rationals, so for all t, by induction."""
    bounds = Bounds.of(roots, depth)
    eta = fmpq(part, 64) * bounds.learning_rate
    for r in roots:
        w = 1 + (r - 1) * fmpq(place, 64)
        after = moved(w, r**depth, depth, eta)
        assert compare(contraction(w, r, after, bounds.rate(eta))).holds
        assert (w - r) * (after - r) >= 0


POSITIVE_ROOTS = st.lists(st.integers(1, 16).map(lambda k: fmpq(k, 8)), min_size=1, max_size=3)


@exact
@fewer(2)
@given(POSITIVE_ROOTS, st.integers(2, 5), st.integers(48, 64))
def test_complete_runs_in_balls(roots: list[fmpq], depth: int, part: int) -> None:
    """Positive definite, eta at or near its limit: 100 steps, each contracting, and the whole by the product."""
    bounds = Bounds.of(roots, depth)
    check_complete_run([r**depth for r in roots], bounds, bounds.learning_rate * fmpq(part, 64), 100)


@exact
@given(st.integers(-16, 16).map(lambda k: fmpq(k, 8)), st.integers(1, 64).map(lambda k: fmpq(k, 64)))
def test_complete_runs_at_depth_one(value: fmpq, eta: fmpq) -> None:
    """N = 1: w(t) - lambda = (1 - eta)^t (1 - lambda), an equality, for eigenvalues of either sign."""
    w = fmpq(1)
    for t in range(30):
        assert w - value == (1 - eta) ** t * (1 - value)
        w = moved(w, value, 1, eta)


def check_complete_run(eigenvalues: Sequence[Scalar], bounds: Bounds, eta: fmpq, steps: int) -> None:
    """Each step of every eigenvalue's recurrence from w = 1 at N >= 2, in balls, and the distance after the last."""
    with ctx.workprec(BITS):
        rate = bounds.rate(eta)
        for value in eigenvalues:
            if value == 1:  # w = r stays: 0 <= 0, which no ball decides
                assert moved(fmpq(1), value, bounds.depth, eta) == 1
                continue
            r, w, done = power(value, Fraction(1, bounds.depth)), arb(1), 0
            while done < steps and abs(w - r) > arb(2) ** -(BITS // 4):  # below it w is r as far as balls can tell
                after = moved(w, value, bounds.depth, eta)
                verdict = compare(contraction(w, r, after, rate))
                assert verdict.holds, verdict
                w, done = after, done + 1
            whole = arb(rate) ** done * abs(1 - arb(r))
            assert compare(Comparison(abs(w - r), "<=", whole, "distance of w from r at the end")).holds


@cache
def covariance(name: str) -> NDArray[np.float64]:
    """X X^T / m of a real data set's features, standardised: positive definite, and symmetric exactly."""
    features, _ = {"diabetes": load_diabetes, "linnerud": load_linnerud}[name](return_X_y=True)
    matrix = np.corrcoef(np.asarray(features, dtype=np.float64).T)
    symmetric: NDArray[np.float64] = np.tril(matrix) + np.tril(matrix, -1).T
    return symmetric


def real_bounds(name: str, depth: int) -> tuple[list[Scalar], Bounds]:
    """The eigenvalues of a covariance, as balls, and their bounds."""
    values = singular_values(arithmetic.exact(covariance(name)))  # of a positive definite matrix its eigenvalues
    return values, Bounds.of([power(value, Fraction(1, depth)) for value in values], depth)


@exact
@pytest.mark.parametrize(("name", "depth"), [("linnerud", 2), ("linnerud", 3), ("linnerud", 5), ("diabetes", 2)])
def test_real_covariances_in_balls(name: str, depth: int) -> None:
    """300 steps of every eigenvalue of a real covariance matrix, at 63/64 of the largest eta."""
    with ctx.workprec(BITS):
        values, bounds = real_bounds(name, depth)
        check_complete_run(values, bounds, rational(lower_float(bounds.learning_rate)) * fmpq(63, 64), 300)


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
        values, bounds = real_bounds(name, depth)
        eta = lower_float(bounds.learning_rate) / part
        rate = arb(bounds.rate(rational(eta)))
        steps = math.ceil(10 / -float(rate.log() / arb(2).log()))
        trajectory = gradient_descent(Problem((np.eye(len(target)),) * depth, target, eta), steps=steps, certify=True)
        reach = rate**steps * depth * bounds.largest ** (depth - 1)
        bound = sum((reach * (1 - power(value, Fraction(1, depth)))) ** 2 for value in values) / arb(2)
        verdict = compare(Comparison(loss_ball(trajectory), "<=", bound, f"loss after {steps} steps"))
        assert verdict.holds, verdict


@exact
@given(st.integers(2, 6), st.integers(0, 64), st.integers(1, 64))
def test_a_zero_eigenvalue_in_rationals(depth: int, size: int, part: int) -> None:
    """Statement 3: w^{-(2N-2)} grows by at least (2N-2) eta in a step from any w in (0, 1], eta up to 1 / N."""
    w, eta = fmpq(size + 1, 65), fmpq(part, 64 * depth)
    after, k = moved(w, fmpq(0), depth, eta), 2 * depth - 2
    assert compare(Comparison(after**-k, ">=", w**-k + k * eta, "w^-(2N-2) after a step")).holds


@exact
@given(st.integers(2, 7), st.integers(1, 32), st.just(64) | st.integers(1, 64), st.integers(1, 63))
def test_negative_eigenvalues_in_rationals(depth: int, size: int, place: int, part: int) -> None:
    """Statement 4 from any w in (0, 1], often from 1 itself, any eta below 1 / (1 + |lambda|)."""
    w, value = fmpq(place, 64), fmpq(-size, 8)
    after = moved(w, value, depth, fmpq(part, 64) / (1 - value))
    assert 0 < after <= w
    part_of_loss = (after**depth - value) ** 2 / 2
    assert compare(Comparison(part_of_loss, ">", value**2 / 2, "the eigenvalue's part of the loss")).holds


@exact
@given(symmetric_states(depths=(2, 3, 5), at_identity=True), st.integers(1, 63))
def test_negative_eigenvalues_of_matrices(state: SymmetricState, part: int) -> None:
    """Two steps of the network under eta below 1 / (1 + max |lambda|): above the floor, at odd depths too."""
    eta = fmpq(part, 64) / (1 + max(abs(value) for value in state.eigenvalues))
    weights = state.weights
    for _ in range(2):
        weights = gradient_step(weights, state.target, eta)
        assert compare(above_the_floor(weights, state)).holds


def check_theorem_one(target: NDArray[np.float64], depth: int) -> None:
    """Statement 5: the margin of the layers I is above its bound, and Theorem 1's hypotheses hold."""
    size = len(target)
    weights = (np.eye(size),) * depth
    problem = Problem(weights, target, 0.0)

    def margin_bound(posed: Problem) -> Comparison:
        distance = square_root(frobenius_squared(posed.target - posed.weights[0]))
        return Comparison(deficiency_margin(posed.weights, posed.target), ">=", 1 - 2 * distance, "margin of I")

    if (target == np.eye(size)).all():
        assert deficiency_margin(problem.exact().weights, problem.exact().target) == 1
    elif size > 1 or target[0, 0] > 1:  # d = 1 and Phi < 1 attain the bound
        verdict = decide(margin_bound, problem)
        assert verdict.holds, verdict
    margin = rational(theorem_one.certain_margin(Problem(weights, target, 0.0)))
    assert margin > 0
    norm = square_root(frobenius_squared(arithmetic.exact(target)))
    rate = lower_float(theorem_one.learning_rate_limit(depth, margin, norm))
    assert not theorem_one.violated(Problem(weights, target, rate).exact(), margin)


@sampled
@fewer(2)
@given(st.integers(1, 4), st.integers(1, 6), st.data())
def test_near_the_identity_theorem_one_applies(size: int, depth: int, data: st.DataObject) -> None:
    """Any direction, not only symmetric ones, ||Phi - I||_F up to 63/128."""
    check_theorem_one(np.eye(size) + 63 / 128 * data.draw(directions((size, size))), depth)


@sampled
@pytest.mark.parametrize(("name", "share"), [("linnerud", 1 / 4), ("diabetes", 1 / 8)])
def test_shrunken_real_covariances(name: str, share: float) -> None:
    """I + share (C - I), a covariance shrunken towards the identity until it is within 1/2: depths 1 to 3."""
    matrix = covariance(name)
    target = np.eye(len(matrix)) + share * (matrix - np.eye(len(matrix)))
    distance = frobenius_squared(arithmetic.exact(target) - identity(len(matrix)))
    assert compare(Comparison(distance, "<", fmpq(1, 4), "||Phi - I||_F^2")).holds
    for depth in (1, 2, 3):
        check_theorem_one(target, depth)


ONE = fmpq(1)
SHEAR = arithmetic.exact(np.array([[0, 1], [0, 0]]))


@control
@ablates("DL-032", "Phi symmetric", "dropped", Fate.REFUTED)
def test_refuted_for_a_target_that_is_not_symmetric() -> None:
    """Phi = e_1 e_2^T, N = 2, eta = 1/2: after one step the layers are not symmetric, after two not equal."""
    once = gradient_step((identity(2),) * 2, SHEAR, fmpq(1, 2))
    assert (once[0] == once[1]).all()
    assert (once[0] != once[0].T).any()
    twice = gradient_step(once, SHEAR, fmpq(1, 2))
    assert (twice[0] != twice[1]).any()


@control
@ablates("DL-032", "start", "dropped", Fate.REFUTED)
def test_refuted_from_zero() -> None:
    """N = 2, lambda = 1: w = 0 stays, though eta is at its limit 1/2; statement 2 would halve the distance or more."""
    bounds = Bounds.of([ONE], 2)
    after = moved(fmpq(0), ONE, 2, bounds.learning_rate)
    assert compare(contraction(fmpq(0), ONE, after, bounds.rate(bounds.learning_rate))).fails


@control
@ablates("DL-032", "learning rate", "dropped", Fate.REFUTED)
@ablates("DL-032", "learning rate", "x 1.01", Fate.REFUTED)
@pytest.mark.parametrize("depth", [1, 2, 3, 6])
@pytest.mark.parametrize("excess", [fmpq(101, 100), fmpq(1000001, 1000000)])
def test_refuted_for_any_larger_learning_rate(depth: int, excess: fmpq) -> None:
    """lambda = r^N with r just below 1, so u = 1; eta = x / N, x > 1: w passes r, and 1 - eta N m^{2N-2} < 0."""
    r = 1 - (excess - 1) / (4 * depth)
    bounds = Bounds.of([r], depth)
    eta = excess * bounds.learning_rate
    assert bounds.rate(eta) < 0
    after = moved(ONE, r**depth, depth, eta)
    assert after < r
    assert compare(contraction(ONE, r, after, bounds.rate(eta))).fails


@control
def test_refuted_with_a_better_rate() -> None:
    """1 - eta N m^{2N-2} is what a step near r does: with 101/100 N it fails at N = 2, lambda = 1/4, w = r + 1/1000."""
    r = fmpq(1, 2)
    bounds = Bounds.of([r], 2)
    eta = bounds.learning_rate
    w = r + fmpq(1, 1000)
    after = moved(w, r**2, 2, eta)
    assert compare(contraction(w, r, after, bounds.rate(eta))).holds
    assert compare(contraction(w, r, after, bounds.rate(eta * fmpq(101, 100)))).fails


@control
def test_refuted_that_zero_has_a_linear_rate() -> None:
    """lambda = 0, N = 2, eta = 1/2: after 200 steps w' / w is above 99/100."""
    w: Any = arb(1)
    with ctx.workprec(BITS):
        for _ in range(200):
            w = moved(w, fmpq(0), 2, fmpq(1, 2))
        quotient = moved(w, fmpq(0), 2, fmpq(1, 2)) / w
        assert compare(Comparison(quotient, "<=", fmpq(99, 100), "w' / w")).fails


@control
@ablates("DL-032", "N >= 2", "dropped", Fate.REFUTED)
def test_refuted_for_negative_eigenvalues_at_depth_one() -> None:
    """N = 1, lambda = -1, eta = 1/4 < 1/2: four steps bring the loss below lambda^2 / 2."""
    w = ONE
    for _ in range(4):
        w = moved(w, -ONE, 1, fmpq(1, 4))
    assert compare(Comparison((w + 1) ** 2 / 2, ">", fmpq(1, 2), "loss")).fails


@control
@pytest.mark.parametrize("depth", [3, 5])
@pytest.mark.parametrize("value", [fmpq(-1, 8), fmpq(-1), fmpq(-3)])
def test_refuted_for_odd_depth_and_a_learning_rate_just_above(depth: int, value: fmpq) -> None:
    """eta = 1 / (1 + |lambda|) leads to 0, where the loss is lambda^2 / 2 and not above; a thousandth more, beyond 0,
    where it is below."""
    limit, half = 1 / (1 - value), value**2 / 2
    for eta, relation in ((limit, ">"), (limit * fmpq(1001, 1000), ">=")):
        w = moved(ONE, value, depth, eta)
        verdict = compare(Comparison((w**depth - value) ** 2 / 2, relation, half, "the eigenvalue's part"))  # type: ignore[arg-type]
        assert verdict.fails


@control
@ablates("DL-032", "||Phi - I||_F < 1/2", "dropped", Fate.REFUTED)
@ablates("DL-032", "||Phi - I||_F < 1/2", "<= 1/2", Fate.REFUTED)
@pytest.mark.parametrize(("size", "least"), [(1, fmpq(1, 2)), (3, fmpq(1, 2)), (2, fmpq(-1))])
def test_refuted_at_the_boundary_and_beyond(size: int, least: fmpq) -> None:
    """Phi = diag(1/2, 1, ...): ||Phi - I||_F = 1/2 and the margin is exactly 0; Phi = diag(-1, 1): it is negative."""
    target = diagonal(size, size, [least] + [1] * (size - 1))
    margin = deficiency_margin((identity(size),) * 2, target)
    assert compare(Comparison(margin, ">", fmpq(0), "margin of I")).fails


@control
@ablates("DL-032", "||Phi - I||_F < 1/2", "|Phi - I|_2 < 1/2", Fate.REFUTED)
def test_refuted_in_the_spectral_norm() -> None:
    """Phi = 3/5 I, d = 4: |Phi - I|_2 = 2/5, but sigma_min(Phi) - ||Phi - I||_F = 3/5 - 4/5."""
    margin = deficiency_margin((identity(4),) * 2, identity(4) * fmpq(3, 5))
    assert compare(Comparison(margin, "==", fmpq(-1, 5), "margin of I")).holds


@witness
def test_smallest_parameters() -> None:
    """N = 1, d = 1, eta = 1 = 1 / (N u^0): one step reaches lambda, and the rate is 0."""
    bounds = Bounds.of([fmpq(3)], 1)
    assert bounds.learning_rate == 1
    assert bounds.rate(ONE) == 0
    assert moved(ONE, fmpq(3), 1, ONE) == 3
    assert Bounds.of([fmpq(0)], 1).rate(ONE) == 0  # m^0 = 1 where m = 0
    assert moved(ONE, fmpq(0), 1, ONE) == 0


@witness
def test_the_identity_itself() -> None:
    """Phi = I: w = r = 1 never moves, at the largest eta."""
    assert all((a == identity(2)).all() for a in gradient_step((identity(2),) * 3, identity(2), fmpq(1, 3)))


@witness
def test_positive_definite_targets_far_from_the_identity() -> None:
    """Phi = diag(4, 1/4): no margin for Theorem 1, and statement 2 holds at N = 2 with eta = 1/8, rate 15/16."""
    target = diagonal(2, 2, [4, fmpq(1, 4)])
    margin = deficiency_margin((identity(2),) * 2, target)
    assert compare(Comparison(margin, "<", fmpq(0), "margin of I")).holds
    bounds = Bounds.of([fmpq(2), fmpq(1, 2)], 2)
    assert bounds.learning_rate == fmpq(1, 8)
    assert bounds.rate(fmpq(1, 8)) == fmpq(15, 16)
    check_complete_run([fmpq(4), fmpq(1, 4)], bounds, fmpq(1, 8), 200)


@witness
def test_a_negative_eigenvalue_learned_by_a_jump() -> None:
    """N = 3, lambda = -1/8, eta = 1 > 8/9: w = 1 jumps to -1/8, and from there on to -1/2, the root."""
    with ctx.workprec(BITS):
        w = moved(arb(1), fmpq(-1, 8), 3, ONE)
        assert w == arb(fmpq(-1, 8))
        for _ in range(150):
            w = moved(w, fmpq(-1, 8), 3, ONE)
        assert compare(Comparison(abs(w + fmpq(1, 2)), "<", fmpq(1, 1000), "distance from the root")).holds


@witness
def test_on_the_other_side_of_the_boundary() -> None:
    """||Phi - I||_F = 1/2 from above, Phi = 3/2: the margin is 1; a margin needs no 1/2, only 1/2 suffices always."""
    assert deficiency_margin((identity(1),), identity(1) * fmpq(3, 2)) == 1
