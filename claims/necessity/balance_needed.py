"""Without balance gradient descent can stop at a saddle after one step, or diverge, under every learning rate.

Statement. W has margin c > 0 and eta > 0 is as small as one likes; only the layers are unbalanced. Widths 1, Phi = 1:

1. N >= 3, f in (0, 1/2), m > 0, eta = m^2 f, e = f / (1 - f), w_1 = w_2 = m e, the product R of the others 1 / (eta e).
   Then w = 1 + e, the margin is 1 - e, one step sets w_1 = w_2 = 0, and all gradients are 0: l = 1/2 for ever. All
   rational instances for a rational eta are these (a = m e runs through the conic a^2 = eta e (1 + e)).
2. N >= 2. If all |w_j| lie in [B, C], whatever their signs, B >= 2 and eta B^{2N-1} >= 20 C, then a step flips every
   sign, the new |w_j| lie in [14 C, 5/4 eta C^{2N-1}], and these bounds meet the same condition. So l grows for ever.
3. N >= 2, 0 < c < 1, k = eta c (1 - c), r = min(c, k), 0 < a <= min(r / 2, eta r^{2N-1} / (20 (1 + eta))):
   w_1 = c / a^{N-1}, w_2 = ... = w_N = a has w = c, so margin c, and one step leads into the set of 2.

In d x d the same happens to W_j = Q_j diag(w_j, I) Q_{j-1}^T and Phi = Q_N Q_0^T, any orthogonal Q_j.

Proof. 1: D_1 = a R (a^2 R - 1) = a R e = a / eta; then two layers are 0, one of which is in every product of N - 1.
2: D_j = (w / w_j) (w - 1) has the sign of w_j, since |w| >= 4, and B^{N-1} (B^N - 1) <= |D_j| <= C^{N-1} (C^N + 1);
|w_j'| = eta |D_j| - |w_j|. Induction on t. 3: w_1 moves up by at most eta, and each other to a + k/a.

Other bounds. 14 C is attained. The smaller upper bound eta C^{2N-1} holds where w > 0, so for equal signs and even N,
but not for odd N and negative w_j, into which every other step leads: N = 3, w_j = -2, eta = 5/4, next are 43 > 40.

Hypotheses. As stated: those of Theorem 1 (``linear_rate``) without balance; the target is 1, or orthogonal.
Source. ACGH19 (arXiv:1810.02281), Claim 4 and Lemma 17; 1 and the explicit start in 3 are this project's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import ACGH19, DLC, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Outcome, compare, decide, lower_float, rational, square_root
from solvers.descent import DivergenceError, gradient_descent
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem, deficiency_margin, end_to_end, frobenius_squared, imbalances, layer_gradients, loss
from strategies import diagonal, dimensions, dyadic_matrices, margin_problems, orthogonal_matrices, real_problem

CLAIM = Claim(
    uid="DL-018",
    title="Balance is needed",
    statement=__doc__,
    sources=(ACGH19.at("Claim 4, Lemma 17"), DLC.at("DL-018")),
    items=("5.4", "5.5", "5.8"),
    status=Status.THEOREM,
)

HALF, UNIT = fmpq(1, 2), fmpq(1)


def posed(weights: list[fmpq], rate: fmpq, target: fmpq = UNIT) -> Problem:
    """A network of width 1, in rationals."""
    return Problem(tuple(diagonal(1, 1, [w]) for w in weights), diagonal(1, 1, [target]), rate)


def values(problem: Problem) -> list[fmpq]:
    """The weights of a network of width 1."""
    return [matrix[0, 0] for matrix in problem.weights]


def onto_the_saddle(f: fmpq, m: fmpq, rest: list[fmpq]) -> Problem:
    """Statement 1: ``rest`` is w_3, ..., w_{N-1}; w_N makes their product 1 / (eta e)."""
    rate, residual = m**2 * f, f / (1 - f)
    last = 1 / (rate * residual * math.prod(rest, start=UNIT))
    return posed([m * residual, m * residual, *rest, last], rate)


def one_large_weight(depth: int, margin: fmpq, rate: fmpq) -> Problem:
    """Statement 3, with the largest a that it allows."""
    r = min(margin, rate * margin * (1 - margin))
    small = min(r / 2, rate * r ** (2 * depth - 1) / (20 * (1 + rate)))
    return posed([margin / small ** (depth - 1), *[small] * (depth - 1)], rate)


def in_the_set(rate: fmpq, depth: int, low: fmpq, high: fmpq) -> bool:
    """The condition of statement 2 on B, C and eta."""
    return bool(2 <= low <= high and rate * low ** (2 * depth - 1) >= 20 * high)


def ends(problem: Problem) -> tuple[fmpq, fmpq]:
    """The smallest and the largest |w_j|."""
    sizes = [abs(w) for w in values(problem)]
    return min(sizes), max(sizes)


@st.composite
def in_d_dimensions(draw: st.DrawFn, problem: Problem) -> Problem:
    """W_j = Q_j diag(w_j, I) Q_{j-1}^T and Phi = Q_N Q_0^T of size 1 to 3."""
    size = draw(st.integers(1, 3))
    bases = [draw(orthogonal_matrices(size)) for _ in range(problem.depth + 1)]
    layers = [diagonal(size, size, [w, *[UNIT] * (size - 1)]) for w in values(problem)]
    weights = tuple(after @ layer @ before.T for layer, (before, after) in zip(layers, pairwise(bases), strict=True))
    return Problem(weights, bases[-1] @ bases[0].T, problem.learning_rate)


UNITS = st.integers(1, 63).map(lambda k: fmpq(k, 64))
RATES = st.builds(lambda k, power: fmpq(k) / fmpq(2) ** power, st.integers(1, 5), st.integers(-2, 20))

ETA, M, F, R = sympy.symbols("eta m f R", positive=True)
MORE = sympy.Symbol("n", integer=True, nonnegative=True)  # N - 2


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_one_step_lands_on_the_saddle_for_every_depth_and_learning_rate() -> None:
    """w_3 ... w_N enters as one symbol R; after the step every gradient of the network's own code is 0 for N = 3..6."""
    rate, e = M**2 * F, F / (1 - F)
    a, product = M * e, 1 / (rate * e)
    assert sympy.simplify(a**2 * product - (1 + e)) == 0
    assert sympy.simplify(a - rate * a * product * (a**2 * product - 1)) == 0
    small = sympy.Symbol("s", positive=True)  # f = 1 / (2 + s) < 1/2: 0 < e < 1
    assert sympy.simplify((1 - e).subs(F, 1 / (2 + small)) - small / (1 + small)) == 0
    for depth in range(3, 7):
        rest = [sympy.Matrix([[w]]) for w in sympy.symbols(f"w:{depth - 2}", real=True)]
        gradients = layer_gradients((sympy.zeros(1, 1), sympy.zeros(1, 1), *rest), sympy.ones(1, 1))
        assert all(gradient == sympy.zeros(1, 1) for gradient in gradients)


@symbolic
def test_the_parametrisation_is_complete() -> None:
    """A step that zeroes w_1 = w_2 = a has R = 1 / (eta e), so a^2 = eta e (1 + e); m = a/e gives f = eta / m^2."""
    e, a = sympy.symbols("e a", positive=True)
    (zeroing,) = sympy.solve(a - ETA * a * R * e, R)
    assert sympy.simplify(zeroing - 1 / (ETA * e)) == 0
    on_the_conic = ETA * e * (1 + e)
    f = ETA / (on_the_conic / e**2)
    assert sympy.simplify(f / (1 - f) - e) == 0


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_divergence_is_an_induction_for_every_depth() -> None:
    """Statement 2 with B = 2 (1 + b), N = 2 + n and eta B^{2N-1} = 20 C + s, all symbols: what is left is >= 0."""
    b, s, extra = sympy.symbols("b s extra", nonnegative=True)
    c = sympy.Symbol("C", positive=True)
    depth, low = MORE + 2, 2 * (1 + b)
    decay = sympy.Symbol("decay")  # B^{-N} = 1/4 exp(-(n log 2 + N log(1 + b))) <= 1/4
    exponent = MORE * sympy.log(2) + depth * sympy.log(1 + b)
    assert exponent.is_nonnegative
    assert sympy.simplify(low**-depth * 4 * sympy.exp(exponent)) == 1
    assert sympy.simplify(low ** (depth - 1) * (low**depth - 1) / low ** (2 * depth - 1) - (1 - low**-depth)) == 0
    least = (20 * c + s) * (1 - decay) - c  # eta B^{N-1} (B^N - 1) - C
    assert sympy.expand(least - 14 * c - 3 * s / 4 - (20 * c + s) * (sympy.Rational(1, 4) - decay)) == 0
    high = low + extra  # C >= B, for C^{-N} <= 1/4 in eta C^{N-1} (C^N + 1) <= 5/4 eta C^{2N-1}
    assert sympy.simplify(high ** (depth - 1) * (high**depth + 1) / high ** (2 * depth - 1) - 1 - high**-depth) == 0
    again = ETA * (14 * c) ** (2 * depth - 1) - 20 * sympy.Rational(5, 4) * ETA * c ** (2 * depth - 1)
    assert sympy.simplify(again / (ETA * c ** (2 * depth - 1)) - (14 ** (2 * depth - 1) - 25)) == 0
    assert sympy.expand(2 * depth - 1 - 3 - 2 * MORE) == 0
    assert 14**3 > 25  # and 14^{2n} >= 1


@symbolic
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_every_learning_rate_and_margin_has_a_start_that_diverges_for_every_depth() -> None:
    """Statement 3: the step to w_1 + eta a^{N-1} (1-c) and a + k/a; with B = r/a and C = (1 + eta) / a^{N-1} the
    condition eta B^{2N-1} >= 20 C is a^N <= eta r^{2N-1} / (20 (1 + eta)), and a^N <= a."""
    a, c, r = sympy.symbols("a c r", positive=True)
    depth = MORE + 2
    product, large = c, c / a ** (depth - 1)
    assert sympy.simplify(large * a ** (depth - 1) - product) == 0
    other = a - ETA * (product / a) * (product - 1)
    assert sympy.simplify(other - a - ETA * c * (1 - c) / a) == 0
    quotient = ETA * (r / a) ** (2 * depth - 1) / (20 * (1 + ETA) / a ** (depth - 1))
    allowed = ETA * r ** (2 * depth - 1) / (20 * (1 + ETA)) / a**depth
    assert sympy.simplify(sympy.expand_power_base(quotient / allowed, force=True)) == 1
    t = sympy.Symbol("t", nonnegative=True)  # a = 1 / (1 + t) <= 1
    assert (sympy.log(1 + t) * (depth - 1)).is_nonnegative  # a^N <= a, and c / a <= c / a^{N-1}


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
        for x in (fmpq(1), HALF, fmpq(1, 64)):
            quotient = arb(sharper_constants.imbalance_limit(n, x, UNIT)) / arb(theorem_one.imbalance_limit(n, x, UNIT))
            assert abs(quotient.log() - ((arb(128 * n)).log() - (2 - arb(2) / n) * arb(x).log())) < arb(2) ** -40


@exact
@given(UNITS.map(lambda f: f / 2), st.integers(28, 34), st.lists(UNITS, max_size=3), st.data())
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_onto_the_saddle(f: fmpq, power: int, rest: list[fmpq], data: st.DataObject) -> None:
    """N = 3..6, 1 x 1 to 3 x 3, in rationals: only balance fails, at learning rates that Theorem 1 allows."""
    problem = data.draw(in_d_dimensions(onto_the_saddle(f, fmpq(1, 2**power), rest)))
    margin = 1 - f / (1 - f)
    assert {sentence[:3] for sentence in theorem_one.violated(problem, margin)} == {"||B"}
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    after = problem.step()
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(after.weights, after.target))
    assert loss(after.weights, after.target) == HALF


PARTS = st.integers(0, 64).map(lambda k: fmpq(k, 64))


@exact
@example(2, [fmpq(0)] * 6, [True] * 5)  # the lower bound is attained
@example(3, [fmpq(0)] * 6, [False] * 5)  # beyond eta C^{2N-1}
@given(st.integers(2, 5), st.lists(PARTS, min_size=6, max_size=6), st.lists(st.booleans(), min_size=5, max_size=5))
def test_one_step_from_anywhere_in_the_set(depth: int, places: list[fmpq], signs: list[bool]) -> None:
    """Statement 2: B, C, eta and the weights drawn, the ends of [B, C] and the smallest B and eta included."""
    low = 2 + 8 * places[0]
    high = low + 8 * places[1]
    rate = 20 * high / low ** (2 * depth - 1) * (1 + 4 * places[5])
    sizes = [low, high, *(low + (high - low) * place for place in places[2:])][:depth]
    weights = [w if sign else -w for w, sign in zip(sizes, signs, strict=False)]
    assert in_the_set(rate, depth, low, high)
    after = posed(weights, rate).step()
    least, most = ends(after)
    assert all((before > 0) != (now > 0) for before, now in zip(weights, values(after), strict=True))
    assert 14 * high <= least <= most <= fmpq(5, 4) * rate * high ** (2 * depth - 1)
    assert in_the_set(rate, depth, 14 * high, fmpq(5, 4) * rate * high ** (2 * depth - 1))
    assert in_the_set(rate, depth, least, most)


@exact
@given(st.sampled_from([2, 3, 4]), UNITS, RATES, st.data())
@ablates("DL-004", "balance", "dropped", Fate.REFUTED)
def test_from_a_margin_to_divergence(depth: int, margin: fmpq, rate: fmpq, data: st.DataObject) -> None:
    """Statement 3, in rationals: margin c exactly; after one step in the set, and the loss grows in the next."""
    scalar = one_large_weight(depth, margin, rate)
    problem = data.draw(in_d_dimensions(scalar))
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    once = scalar.step()
    assert in_the_set(rate, depth, *ends(once))
    assert loss(problem.step().weights, problem.target) == loss(once.weights, once.target)
    twice = once.step()
    assert ends(twice)[0] >= 14 * ends(once)[1]
    assert loss(twice.weights, twice.target) > loss(once.weights, once.target)


@sampled
@given(st.integers(2, 4), st.integers(1, 7).map(lambda k: k / 8), st.integers(0, 3).map(lambda k: 2.0**-k))
def test_float_runs_diverge(depth: int, margin: float, rate: float) -> None:
    """The same starts in float64 leave its range within a few steps."""
    problem = one_large_weight(depth, rational(margin), rational(rate)).nearest()
    with pytest.raises(DivergenceError) as found:
        gradient_descent(problem, steps=20)
    assert found.value.step <= 15


@sampled
def test_real_data_out_of_balance() -> None:
    """linnerud, depth 2, from 63/64 Phi at eta = 1/100: balanced, the loss falls to a hundredth of its start in 10^4
    steps; with W_1 times 2^5 and W_2 divided by it, the same W and the same margin, it diverges."""
    problem = real_problem("linnerud", (4,), start=63 / 64, learning_rate=0.01)
    trajectory = gradient_descent(problem, steps=10**4)
    assert trajectory.loss[-1] < trajectory.loss[0] / 100
    first, second = problem.weights
    uneven = replace(problem, weights=(first * 32, second / 32))
    assert np.array_equal(end_to_end(uneven.weights), end_to_end(problem.weights))
    assert theorem_one.certain_margin(uneven) > 0
    with pytest.raises(DivergenceError):
        gradient_descent(uneven, steps=10**4)


@st.composite
def unbalanced_problems(draw: st.DrawFn, factor: int) -> tuple[Problem, fmpq]:
    """A problem of Theorem 1, except that ||B_j||_F is up to ``factor`` delta: its balanced layers between
    A_j and A_j^{-1}, A_j = I + s E_j, so that W and the margin are kept up to rounding; and its margin c."""
    wanted = dimensions(min_depth=2, max_depth=4, max_width=3, bottleneck=False)
    start = draw(margin_problems(dimensions=wanted, perturb=False)).problem
    noise = [draw(dyadic_matrices(width, width)) for width in start.dimensions[1:-1]]
    norm = square_root(frobenius_squared(arithmetic.exact(start.target)))
    for halvings in range(60):
        inner = [np.eye(len(e)) + e * 2.0 ** (-3 - halvings) for e in noise]
        bases = [np.eye(start.dimensions[0]), *inner, np.eye(start.dimensions[-1])]
        moved = tuple(b @ w @ np.linalg.inv(a) for w, (a, b) in zip(start.weights, pairwise(bases), strict=True))
        margin = theorem_one.certain_margin(Problem(moved, start.target, 0.0))
        if margin <= 0:
            continue
        delta = factor * theorem_one.imbalance_limit(start.depth, rational(margin), norm)
        if all(
            square_root(frobenius_squared(b)) <= delta
            for b in imbalances(Problem(moved, start.target, 0).exact().weights)
        ):
            break
    rate = lower_float(theorem_one.learning_rate_limit(start.depth, rational(margin), norm))
    return Problem(moved, start.target, rate), rational(margin)


@sampled
@ablates("DL-004", "balance", "x 1000", Fate.OPEN)
@fewer(4)
@given(st.lists(unbalanced_problems(1000), min_size=4, max_size=4))
def test_no_counterexample_at_a_thousand_times_delta(batch: list[tuple[Problem, fmpq]]) -> None:
    """A search: 24 problems in the dev profile, 2500 in thorough; 300 steps each do not refute the guarantee."""
    trajectories = gradient_descent([problem for problem, _ in batch], steps=300, certify=True)
    for (problem, margin), trajectory in zip(batch, trajectories, strict=True):
        exact_problem = problem.exact()
        verdict = compare(theorem_one.guarantee(trajectory, margin, loss(exact_problem.weights, exact_problem.target)))
        if verdict.outcome is Outcome.UNDECIDED:
            verdict = decide(lambda one, c=margin: theorem_one.after_one_step(one, c), problem)  # type: ignore[misc]
        assert verdict.holds, verdict


def times_delta(theorem: str, times: int) -> pytest.MarkDecorator:
    """The cell of the ablation matrix that the next check fills."""
    return ablates(theorem, "balance", f"x {times} at depth 2", Fate.REFUTED)


@control
@pytest.mark.parametrize(
    ("layer", "delta", "rate", "times"),
    [
        pytest.param(
            fmpq(88, 125),
            theorem_one.imbalance_limit,
            theorem_one.learning_rate_limit,
            3200,
            marks=times_delta("DL-004", 3200),
        ),
        pytest.param(
            fmpq(347, 500),
            sharper_constants.imbalance_limit,
            sharper_constants.learning_rate_limit,
            13,
            marks=times_delta("DL-013", 13),
        ),
    ],
)
def test_refuted_with_a_residual_that_only_a_small_layer_sees(
    layer: fmpq, delta: Any, rate: Any, times: int, tightness: Callable[[str, float, float, str], None]
) -> None:
    """Widths 1-1-2, Phi = (1 - t^2, 2 t) / (1 + t^2) of norm 1, t = 1/512, W = (Phi_1, 0), W_1 = a: G is orthogonal to
    W, so only W_2 answers to it, and a step takes it to (1 - eta a^2) G, while the guarantee wants the loss times
    exp(-eta c). That is more than it gets for a^2 below about c/2, and ||B_1||_F = (Phi_1 / a)^2 - a^2."""
    t = fmpq(1, 512)
    along, across = (1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)
    weights = (diagonal(1, 1, [layer]), arithmetic.exact(np.array([[along / layer], [fmpq(0)]])))
    target = arithmetic.exact(np.array([[along], [across]]))
    margin = 1 - across
    assert compare(Comparison(deficiency_margin(weights, target), "==", margin, "margin")).holds
    step = rational(lower_float(rate(2, margin, fmpq(1))))
    problem = Problem(weights, target, step)
    (imbalance,) = imbalances(weights)
    size, limit = abs(imbalance[0, 0]), delta(2, margin, fmpq(1))
    assert compare(Comparison(size, "<=", times * limit, "||B_1||_F against the factor times delta")).holds
    assert compare(Comparison(size, "<=", limit, "||B_1||_F against delta")).fails
    assert (
        frobenius_squared(problem.step().weights[1] @ problem.step().weights[0] - target)
        == ((1 - step * layer**2) * across) ** 2
    )
    assert decide(lambda one: theorem_one.after_one_step(one, margin), problem).fails
    constant = "4" if delta is theorem_one.imbalance_limit else "DL-013"
    how = "no search: widths 1-1-2, a residual orthogonal to W, small W_1"
    tightness(f"{constant} imbalance at the start, depth 2", float(arb(size)), float(arb(limit)), how)


@control
def test_refuted_upper_bound_without_the_quarter() -> None:
    """With eta C^{2N-1}: N = 3, w_j = -2, so w = -8, and eta = 5/4 with eta B^5 = 20 C: next are 43 > 40."""
    rate, low = fmpq(5, 4), fmpq(2)
    assert rate * low**5 == 20 * low
    after = posed([-low] * 3, rate).step()
    assert values(after) == [43] * 3
    most = ends(after)[1]
    assert compare(Comparison(most, "<=", rate * low**5, "|w_j| against eta C^(2N-1)")).fails
    assert compare(Comparison(most, "<=", fmpq(5, 4) * rate * low**5, "|w_j| against 5/4 eta C^(2N-1)")).holds


@control
def test_refuted_with_eight_thirds_in_place_of_twenty() -> None:
    """eta = 2/3, w = (2, 2), Phi = 1: eta B^3 = 8/3 C, and the step is to (-2, -2) and back."""
    problem = posed([fmpq(2)] * 2, fmpq(2, 3))
    assert problem.learning_rate * 8 == fmpq(8, 3) * 2
    assert values(problem.step()) == [-2, -2]
    assert values(problem.step().step()) == [2, 2]


@control
def test_refuted_with_one_in_place_of_two() -> None:
    """B = C = 1 and any eta >= 20: w = Phi, and nothing moves."""
    problem = posed([UNIT, UNIT], fmpq(20))
    assert values(problem.step()) == [1, 1]


@control
def test_refuted_saddle_with_half_the_learning_rate() -> None:
    """Half the step of statement 1 leaves w_1 = w_2 = a/2, and not a critical point."""
    problem = onto_the_saddle(fmpq(1, 4), fmpq(1, 100), [])
    after = replace(problem, learning_rate=problem.learning_rate / 2).step()
    assert values(after)[0] == values(problem)[0] / 2
    assert any(frobenius_squared(d) > 0 for d in layer_gradients(after.weights, after.target))


@witness
def test_the_saddle_in_small_numbers() -> None:
    """eta = 1/10000, e = 1/3: f = 1/4, m = 1/50, w = (1/150, 1/150, 30000), margin 2/3, then (0, 0, w_3) for ever."""
    problem = onto_the_saddle(fmpq(1, 4), fmpq(1, 50), [])
    assert problem.learning_rate == fmpq(1, 10000)
    assert values(problem) == [fmpq(1, 150), fmpq(1, 150), 30000]
    assert values(problem.step())[:2] == [0, 0]
    assert values(problem.step().step()) == values(problem.step())


@witness
@pytest.mark.parametrize("signs", [(1, 1), (-1, -1)])
def test_the_lower_bound_is_attained_at_the_smallest_parameters(signs: tuple[int, int]) -> None:
    """N = 2, B = C = 2, eta = 5, so that eta B^3 = 20 C: |w_j'| = 28 = 14 C."""
    after = posed([fmpq(2 * sign) for sign in signs], fmpq(5)).step()
    assert values(after) == [-28 * sign for sign in signs]


@witness
def test_the_upper_bound_is_nearly_attained() -> None:
    """N = 3, w_j = -2, as eta grows: |w_j'| / (eta C^5) = 9/8 - 2 / (32 eta), the 1 + C^{-N} of the proof."""
    rate = fmpq(10**6)
    most = ends(posed([fmpq(-2)] * 3, rate).step())[1]
    assert most / (rate * 32) == fmpq(9, 8) - 2 / (32 * rate)
    assert arb(most / (rate * 32)) > 1
