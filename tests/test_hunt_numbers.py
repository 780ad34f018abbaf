"""What a hunt computes with: exact as written, certain or undecided, and the solvers' own quantities."""

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hunting import SMALL
from hypothesis import given

from claims.suite.hunting.conjecture import Fate, conjecture
from claims.suite.hunting.numbers import Number, Undecided, recorded
from claims.suite.hunting.trajectory import Orbit, Trajectory, determinant
from solvers import Problem, deficiency_margin, end_to_end, imbalances, layer_gradients, loss, sigma_min
from solvers.arithmetic import exact, square_root
from solvers.network.network import frobenius_squared
from strategies import dimensions, problems

EXACT = (
    *("0.1 + 0.2 == 0.3", "1 / 3 * 3 == 1", "1e-3 == 1 / 1000", "0x10 == 16", "0b11 == 3", "1_000.5 == 2001 / 2"),
    *("sqrt(9 / 4) == 1.5", "4 ** (1 / 2) == 2", "8 ** (2 / 3) == 4", "2 ** -2 == 0.25", "-abs(-3) == -3"),
    *("determinant(identity(3) * 2) == 8", "norm(identity(4)) == 2", "3 - loss[0] == 3 - loss[0]"),
    "all(t / (t + 1) * (t + 1) == t for t in range(5))",
)


def test_numbers_are_exact_as_written():
    """0.1 is a tenth, 1 / 3 a third, and so in ranges; powers and roots stay rational where they are."""
    for text in EXACT:
        assert conjecture(text, [], 1).decide(SMALL).fate is Fate.HOLDS, text


@given(problems(dimensions=dimensions(max_depth=4, max_width=3)))
def test_quantities_against_the_solvers(problem):
    """Each documented quantity is the solvers', at steps 0 to 2."""
    posed = problem.exact()
    trajectory = Trajectory(Orbit(posed), 2, 256)
    with ctx.workprec(256):
        assert _same(trajectory.margin, deficiency_margin(posed.weights, posed.target))
        assert _same(trajectory.target_sigma_min, sigma_min(posed.target))
        assert _same(trajectory.target_norm, square_root(frobenius_squared(posed.target)))
        for t in range(3):
            whole = end_to_end(posed.weights)
            squares = [frobenius_squared(b) for b in imbalances(posed.weights)]
            gradients = layer_gradients(posed.weights, posed.target)
            assert _same(trajectory.loss[t], loss(posed.weights, posed.target))
            assert _same(trajectory.imbalance[t], square_root(max(squares, default=fmpq(0))))
            assert _same(trajectory.sigma_min[t], sigma_min(whole))
            assert _same(trajectory.gradient_norm[t], square_root(sum(map(frobenius_squared, gradients))))
            assert (trajectory.end_to_end[t] == whole).all()
            assert all((a == b).all() for a, b in zip(trajectory.weights[t], posed.weights, strict=True))
            posed = posed.step()


def _same(number, value):
    return number.value == value if isinstance(value, fmpq) else number.value.overlaps(arb(value))


def test_long_runs_go_on_in_balls():
    """Rationals grow fivefold a step at depth 3: 40 steps are decided all the same, where floats stand still."""
    problem = Problem((np.array([[1.0]]),) * 3, np.array([[2.0]]), 0.125)
    posed = conjecture("all(loss[t + 1] < loss[t] for t in range(steps)) and loss[steps] < 1e-6", [], 40)
    decision = posed.decide(problem)
    assert (decision.fate, decision.in_floats) == (Fate.HOLDS, Fate.FAILS)  # the float's loss is 0 from some step on
    orbit = Orbit(problem.exact())
    assert isinstance(orbit.state(40, 256).weights[0][0, 0], arb)
    assert isinstance(orbit.state(2, 256).weights[0][0, 0], fmpq)
    assert orbit.rational(2)
    assert not orbit.rational(40)


def test_a_run_that_leaves_the_range_of_floats_says_nothing_in_floats():
    """W' = -7 W: beyond 2^1024 after 400 steps, where the exact run goes on."""
    problem = Problem((np.array([[1.0]]),), np.array([[0.0]]), 8.0)
    decision = conjecture("loss[steps] > 10 ** 300 and loss[steps] < 10 ** 800 or margin > 0", [], 450).decide(problem)
    assert decision.in_floats is None
    assert conjecture("loss[steps] < 10 ** 800", [], 450).decide(problem).fate is Fate.HOLDS


def test_comparisons_are_certain_or_undecided():
    """Balls that overlap decide nothing, whatever the predicate would make of it."""
    two = Number(arb(2, 1e-3), "x")
    assert two > 1
    assert two != 3
    for undecided in (lambda: two <= 2, lambda: two == 2, lambda: two != 2, lambda: max(two, Number.of(2))):
        with pytest.raises(Undecided):
            undecided()
    with pytest.raises(Undecided):
        Number(arb(0, 1), "x").sqrt()
    with pytest.raises(Undecided):
        assert Number(float("nan"), "x") > 0
    assert not issubclass(Undecided, Exception)


def test_facts_are_recorded_as_they_hold():
    """Each comparison once, the false ones turned round."""
    x = Number(fmpq(3), "x")
    with recorded() as found:
        assert x > 1
        assert not x <= 2 * x - 4 + 0
        assert x != 5
        assert not x < 3
        assert x > 1
    assert list(found) == ["x > 1", "x > ((2 * x) - 4) + 0", "x != 5", "x >= 3"]
    assert [(fact.left, fact.right) for fact in found.values()] == [(3, 1), (3, 2), (3, 5), (3, 3)]


def test_determinants():
    """Against the float one; not of a rectangle."""
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 4):
        matrix = rng.integers(-4, 5, (size, size)).astype(float)
        entries = np.vectorize(lambda x: Number.of(float(x)), otypes=[object])(matrix)
        assert abs(float(determinant(entries).value) - np.linalg.det(matrix)) < 1e-9
    with pytest.raises(ValueError, match="square"):
        determinant(entries[:2])


def test_standing_still_is_seen_exactly():
    """At a critical point of positive loss, in a cycle, at loss 0; else undecided."""
    assert _trajectory(1, 1, 0, 1).converges is False  # w = 0
    cycle = _trajectory(2, 3, 2, fmpq(1, 2))
    assert cycle.converges is False
    assert cycle.standstill == (0, 2, fmpq(1, 2))  # 2 -> 1 -> 2, losses 1/2 and 2
    saddle = _trajectory(2, 3, 2, 1)
    assert saddle.converges is False
    assert saddle.standstill == (1, 0, fmpq(9, 2))
    assert _trajectory(2, 4, 2, 1).converges is True
    for undecided in (_trajectory(2, 3, 2, fmpq(1, 100)), _trajectory(2, 3, fmpq(1, 100), fmpq(1, 100))):
        with pytest.raises(Undecided):
            _ = undecided.converges


def _trajectory(depth, target, weight, rate):
    """Equal layers of width 1; at depth 1 two layers."""
    layers = tuple(exact(np.array([[weight]])) for _ in range(max(2, depth)))
    return Trajectory(Orbit(Problem(layers, exact(np.array([[target]])), fmpq(1) * rate)), 3, 64)


def test_steps_are_checked_and_counted():
    """Negative indices count from the end, slices give lists, and the last step looked at is known."""
    trajectory = _trajectory(2, 3, 2, fmpq(1, 2))
    assert trajectory.last_step == 0
    moving = _trajectory(2, 3, 2, fmpq(1, 100))
    assert moving.loss[-1] == moving.loss[3] != moving.loss[1]
    assert [value.value for value in trajectory.loss[:3]] == [fmpq(1, 2), 2, fmpq(1, 2)]
    assert trajectory.last_step == 2
    assert len(trajectory.loss) == len(list(trajectory.loss)) == 4
    for step in (4, -5):
        with pytest.raises(IndexError, match="--steps"):
            trajectory.loss[step]
