"""Theorem 1 run to its own T, at its own learning rate, at depths 1 to 4.

Statement. That of ``linear_rate``, nothing extrapolated: start with deficiency margin c > 0, delta-balanced,
take eta = c^{(4N-2)/N} / (6144 N^3 Phi_F^{(6N-4)/N}), run all T = ceil(ln(l(0)/eps) / (eta c^{2(N-1)/N})) steps, and
find l(T) <= eps. At that eta
    T = 6144 N^3 (Phi_F / c)^{(6N-4)/N} ln(l(0)/eps), rounded up:
it depends on N, Phi_F / c and l(0)/eps alone. That is what limits the runs: with c near Phi_F and eps = l(0)/2 it
is 4 thousand at depth 1, 34 thousand at 2, 115 thousand at 3 and 273 thousand at 4; for a d x d target of condition
one, d^{(3N-2)/N} times as much.

Hypotheses. As stated. Rank-one targets, the diabetes data among them, and 2 x 2 and 3 x 3 multiples of rotations.
Source. ACGH19 (arXiv:1810.02281), Theorem 1.
Not covered: linnerud, whose sigma_min is 1/16 of Phi_F, so that T is above 10^9 (witnessed below); depth 5 and more.
Every float64 run carries the bound of ``solvers/descent/error_bound.py`` on its distance from the exact descent. Runs
longer than half a million steps need the compiled kernel, and are not collected without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import ACGH19, Claim, Status, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, Verdict, compare, lower_float, rational, settle, square_root
from solvers.descent import gradient_descent, kernel, loss_ball
from solvers.guarantees import theorem_one
from solvers.network import Problem, balanced_factors, frobenius_squared, loss
from strategies import MarginProblem, directions, real_problem, regression, targets
from strategies.networks import perturbed
from strategies.whole_problems import hidden_bases, rotated

CLAIM = Claim(
    uid="DL-021",
    title="Theorem 1 run to its own T",
    statement=__doc__,
    sources=(ACGH19.at("Theorem 1"),),
    items=("4",),
    status=Status.THEOREM,
)


def after_steps(problem: Problem, margin: Scalar, steps: int, *, fall: int) -> Verdict:
    """Whether l <= l(0) / fall after so many steps, for the exact descent, by a certified float64 run."""
    posed = problem.exact()
    trajectory = gradient_descent(problem, steps=steps, certify=True)
    bound = loss(posed.weights, posed.target) / fall
    return compare(
        Comparison(loss_ball(trajectory), "<=", bound, f"loss after {steps} steps for c = {float(margin):g}")
    )


def own_steps(problem: Problem, margin: Scalar, *, fall: int) -> int:
    """The theorem's T for eps = l(0) / fall."""
    return theorem_one.enough_steps(problem, margin, fmpq(fall), fmpq(1))


def check_complete_run(problem: Problem, margin: Scalar, *, fall: int) -> int:
    """Every hypothesis decided, all T steps at the largest learning rate, the conclusion decided; T."""
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    steps = own_steps(problem, margin, fall=fall)
    verdict = after_steps(problem, margin, steps, fall=fall)
    assert verdict.holds, verdict
    return steps


# The runs


@dataclass(frozen=True)
class Run:
    """Towards ``target`` from the balanced factors of start * target, to eps = l(0) / fall, T <= ``at_most``."""

    target: str
    widths: tuple[int, ...]
    start: float
    fall: int
    at_most: int

    def problem(self) -> Problem:
        matrix = regression("diabetes").target if self.target == "diabetes" else rotation(self.widths[0])
        return Problem(balanced_factors(self.start * matrix, self.widths), matrix, 0.0)

    def __str__(self) -> str:
        return f"{self.target}-{'x'.join(map(str, self.widths))}"


def rotation(size: int) -> NDArray[np.float64]:
    """I - (2 / size) e e^T with all of its entries in float64: all singular values are 1, up to rounding."""
    matrix: NDArray[np.float64] = np.eye(size) - np.full((size, size), 2 / size)
    return matrix


LONGEST = 10**7 if kernel() else 5 * 10**5
"""NumPy takes 20 to 40 thousand steps a second, the kernel a hundred times as many."""

RUNS = [
    Run("diabetes", (10, 1), 31 / 32, 4, 10**4),
    Run("diabetes", (10, 3, 1), 15 / 16, 4, 10**5),
    Run("diabetes", (10, 3, 2, 1), 31 / 32, 2, 2 * 10**5),
    Run("diabetes", (10, 8, 8, 1), 7 / 8, 4, 10**6),
    Run("diabetes", (10, 2, 3, 2, 1), 31 / 32, 2, 4 * 10**5),
    Run("diabetes", (10, 4, 4, 4, 1), 15 / 16, 4, 10**6),
    Run("rotation", (2, 2, 2), 63 / 64, 2, 2 * 10**5),
    Run("rotation", (2, 3, 2, 2), 63 / 64, 2, 10**6),
    Run("rotation", (2, 2, 3, 2, 2), 63 / 64, 2, 2 * 10**6),
    Run("rotation", (3, 4, 3), 63 / 64, 2, 10**6),
    Run("rotation", (3, 4, 3, 3), 63 / 64, 2, 2 * 10**6),
    Run("rotation", (3, 3, 4, 3, 3), 63 / 64, 2, 5 * 10**6),
]


@sampled
@pytest.mark.parametrize("run", [run for run in RUNS if run.at_most <= LONGEST], ids=str)
def test_complete_run(run: Run) -> None:
    """Real data and rotations at depths 1 to 4."""
    problem = run.problem()
    margin = rational(theorem_one.certain_margin(problem))
    assert run.at_most / 10 < check_complete_run(problem, margin, fall=run.fall) <= run.at_most


@st.composite
def well_conditioned(draw: st.DrawFn, *, shapes: list[tuple[int, ...]]) -> MarginProblem:
    """Targets with all singular values 1/2, 1 or 2 in rational bases, W(0) within 1/32 of them, perturbed within delta;
    the learning rate is left at 0."""
    widths = draw(st.sampled_from(shapes))
    count, scale = min(widths[0], widths[-1]), draw(st.sampled_from([1.0, 0.5, 2.0]))
    values = [int(4 * scale)] * count
    target = arithmetic.nearest(draw(targets(widths[-1], widths[0], singular_values=values))) / 4
    start = target + scale / 32 * draw(directions(target.shape, least=1 / 2))
    weights = rotated(balanced_factors(start, widths), draw(hidden_bases(widths)))
    norm = square_root(frobenius_squared(arithmetic.exact(target)))
    delta = theorem_one.imbalance_limit(len(widths) - 1, rational(0.96 * scale), norm)
    weights = draw(perturbed(weights, imbalance=lower_float(delta)))
    return MarginProblem(Problem(weights, target, 0.0), theorem_one.certain_margin(Problem(weights, target, 0.0)))


SHAPES = [(1, 2, 1, 1), (3, 2, 1, 1), (1, 1, 2, 4), (2, 1, 1, 2, 1), (1, 2, 3, 1, 1), (2, 2, 3, 2), (2, 3, 3, 2)]
"""At depths 3 and 4, rank one first: T is 0.2 to 1.3 million."""


@sampled
@fewer(8)
@given(well_conditioned(shapes=SHAPES if kernel() else SHAPES[:3]))
def test_complete_runs_at_depths_three_and_four(drawn: MarginProblem) -> None:
    """Generated targets, bases, directions and imbalances: all T steps to eps = l(0) / 2."""
    check_complete_run(drawn.problem, rational(drawn.margin), fall=2)


@symbolic
def test_own_steps_depend_on_the_ratio_alone() -> None:
    """1 / (eta c^{2(N-1)/N}) = 6144 N^3 (Phi_F / c)^{(6N-4)/N}, for symbolic N; and the theorem is scale-invariant:
    Phi -> s Phi, c -> s c, W_j -> s^{1/N} W_j, eta -> s^{2/N - 2} eta keeps T, and delta scales as W_j W_j^T does."""
    depth = sympy.Symbol("N", integer=True, positive=True)
    c, phi, s = sympy.symbols("c phi s", positive=True)

    def limit(margin: sympy.Expr, norm: sympy.Expr) -> sympy.Expr:
        return margin ** ((4 * depth - 2) / depth) / (6144 * depth**3 * norm ** ((6 * depth - 4) / depth))

    def delta(margin: sympy.Expr, norm: sympy.Expr) -> sympy.Expr:
        return margin**2 / (256 * depth**3 * norm ** (2 * (depth - 1) / depth))

    def is_one(quotient: sympy.Expr) -> bool:
        return bool(sympy.simplify(sympy.expand_log(sympy.log(quotient), force=True)) == 0)

    steps = 6144 * depth**3 * (phi / c) ** ((6 * depth - 4) / depth)
    assert is_one(steps * limit(c, phi) * c ** (2 * (depth - 1) / depth))
    assert is_one(limit(s * c, s * phi) / limit(c, phi) * s ** (2 - 2 / depth))
    assert is_one(delta(s * c, s * phi) / delta(c, phi) / s ** (2 / depth))
    for n in (1, 2, 3, 4):  # the formulas above are those the strategies use: Phi_F / c = 2^12, a power of every root
        used = theorem_one.learning_rate_limit(n, fmpq(1), fmpq(2**12)) * theorem_one.decay_exponent(n, fmpq(1))
        assert used * 6144 * n**3 * 2 ** (12 * (6 * n - 4) // n) == 1


BITS = 96


def scalar_run_from_below(depth: int, start: fmpq, rate: fmpq, steps: int) -> fmpq:
    """A rational certainly <= w(steps) for w(t+1) = f(w(t)), f(w) = w + eta w^{N-1} (1 - w^N), w(0) = start < 1: N
    equal scalar layers with Phi = 1, in whole multiples of 2^-96, every step rounded down.

    f is increasing on [0, 1] where eta (N + (N - 1)) < 1, so that a lower bound goes to a lower bound.
    """
    assert 0 < start < 1
    assert rate * (2 * depth - 1) < 1
    one = 1 << BITS
    w, eta = (int((number * one).floor()) for number in (start, rate))
    for _ in range(steps):
        sweep = one
        for _ in range(depth - 1):
            sweep = sweep * w >> BITS
        up = -(-sweep * w >> BITS) + depth  # w^N from above: each product lost less than one unit
        w += (eta * sweep >> BITS) * (one - up) >> BITS
    return fmpq(w, one)


@exact
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_scalar_run_in_whole_numbers(depth: int) -> None:
    """Equal layers, Phi = 1, w = (N 1000 - 15) / (N 1000) so that W(0) is about 63/64: all T steps in integers, with
    no float and no rounding bound but "down"."""
    start = fmpq(1000 * depth - 15, 1000 * depth)
    one = arithmetic.exact(np.array([[1.0]]))
    margin = start**depth
    problem = Problem(
        (start * one,) * depth, one, rational(lower_float(theorem_one.learning_rate_limit(depth, margin, fmpq(1))))
    )
    assert not theorem_one.violated(problem, margin)
    steps = own_steps(problem, margin, fall=2)
    reached = scalar_run_from_below(depth, start, problem.learning_rate, steps)
    left = (1 - reached**depth) ** 2 / 2
    assert reached > start
    assert compare(Comparison(left, "<=", (1 - margin) ** 2 / 4, f"loss after T = {steps}")).holds


# Controls: what a complete run can refute


def diabetes() -> tuple[Problem, fmpq]:
    """10-3-2-1 from 31/32 Phi at the largest learning rate, and its margin."""
    problem = Run("diabetes", (10, 3, 2, 1), 31 / 32, 2, LONGEST).problem()
    margin = rational(theorem_one.certain_margin(problem))
    return theorem_one.with_largest_learning_rate(problem, margin), margin


@control
@pytest.mark.parametrize("part", [1000, 10])
def test_refuted_with_a_part_of_the_steps(part: int) -> None:
    """T / 1000 steps do not halve the loss, and neither do T / 10: on this run the theorem gives
    away less than a factor of ten."""
    problem, margin = diabetes()
    verdict = after_steps(problem, margin, own_steps(problem, margin, fall=2) // part, fall=2)
    assert verdict.fails, verdict


@control
def test_refuted_with_the_exponent_doubled() -> None:
    """Phi = W(0) + 1/2 = 32, three equal layers: with c^{4(N-1)/N} for c^{2(N-1)/N} T is a hundredth, too few."""
    target = np.array([[32.0]])
    problem = Problem(balanced_factors(target - 0.5, (1, 1, 1, 1)), target, 0.0)
    margin = rational(theorem_one.certain_margin(problem))
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(3, margin) ** 2
    steps = int(np.ceil(arithmetic.upper_float(arb(2).log() / decay)))
    assert steps * 90 < own_steps(problem, margin, fall=2)
    verdict = after_steps(problem, margin, steps, fall=2)
    assert verdict.fails, verdict


@control
def test_refuted_without_the_margin_after_all_its_steps() -> None:
    """Phi = -1, w = (1, 1, 1), as if c were 1: all T = 115 thousand steps leave l above 1/2, a quarter of l(0)."""
    one = np.ones((1, 1))
    problem = theorem_one.with_largest_learning_rate(Problem((one, one, one), -one, 0.0), fmpq(1))
    verdict = after_steps(problem, fmpq(1), own_steps(problem, fmpq(1), fall=4), fall=4)
    assert verdict.fails, verdict


@control
def test_refuted_that_a_large_learning_rate_needs_fewer_steps() -> None:
    """eta = 3/2, Phi = 1, three layers of (9/8)^{1/3}: T would be 1, so that every l(t), t >= 1, is at most l(0) / 2;
    l(2) is not."""
    one = np.ones((1, 1))
    problem = Problem(((9 / 8) ** (1 / 3) * one,) * 3, one, 1.5)
    margin = rational(theorem_one.certain_margin(problem))
    assert own_steps(problem, margin, fall=2) == 1
    start = problem.exact()
    moved = start
    for _ in range(2):
        moved = moved.step()
    bound = loss(start.weights, start.target) / 2
    assert compare(Comparison(loss(moved.weights, moved.target), "<=", bound, "loss after two steps")).fails


@witness
def test_nothing_to_do_for_an_accuracy_already_reached() -> None:
    """eps >= l(0) needs T = 0 steps, and T is the least whole number that does: one less is not enough."""
    problem, margin = diabetes()
    assert theorem_one.enough_steps(problem, margin, fmpq(1), fmpq(1)) == 0
    assert theorem_one.enough_steps(problem, margin, fmpq(1), fmpq(2)) == 0
    steps = own_steps(problem, margin, fall=2)
    decay = rational(problem.learning_rate) * theorem_one.decay_exponent(problem.depth, margin)
    promised = partial(_promised, decay)
    assert settle(partial(promised, steps)).holds
    assert settle(partial(promised, steps - 1)).fails


def _promised(decay: Scalar, steps: int) -> Comparison:
    return Comparison((-arb(decay) * steps).exp(), "<=", fmpq(1, 2), f"exp(-eta c^(2(N-1)/N) T) at T = {steps}")


@witness
def test_linnerud_meets_the_hypotheses_but_its_own_steps_are_out_of_reach() -> None:
    """Depth 3 on real data with three outputs: T is above 10^9."""
    problem = real_problem("linnerud", (4, 3), start=127 / 128, learning_rate=0.0)
    margin = rational(theorem_one.certain_margin(problem))
    problem = theorem_one.with_largest_learning_rate(problem, margin)
    assert not theorem_one.violated(problem.exact(), margin)
    assert own_steps(problem, margin, fall=2) > 10**9
