"""Random starts run to the T of the theorem, and where that is too far, along the way."""

import pytest
from flint import arb, fmpq

from claims.initialization.initialization_convergence.starts import Setting, count_at_the_end
from claims.suite import Fate, ablates, sampled, witness
from claims.suite.statistics import consistent
from solvers.arithmetic import Comparison, compare, rational
from solvers.descent import gradient_descent
from solvers.guarantees import sharper_constants, theorem_one, theorem_two
from solvers.network import loss


@sampled
@pytest.mark.parametrize("inputs", [1, 2, 10])
def test_depth_one_to_its_own_end(inputs: int) -> None:
    """All T steps by the closed form (1 - eta)^{2T} l(0), from 40 of 500 random starts that have the margin."""
    posed = Setting.of((inputs, 1), theorem_two.learning_rate_limit)
    accuracy = posed.accuracy(10**6)
    factor = (2 * posed.steps(accuracy) * (1 - arb(posed.rate)).log()).exp()
    for problem in posed.with_margin(posed.draw(500, "one"))[:40]:
        initial = loss(problem.exact().weights, problem.exact().target)
        assert compare(Comparison(factor * initial, "<=", accuracy, "loss after T steps at depth 1")).holds


@sampled
@ablates("DL-033", "learning rate", "(v / 2 Phi)^{2/N} / (2 N^2 Phi^2)", Fate.TRUE)
@pytest.mark.parametrize("widths", [(2, 1, 1), (10, 3, 1), (3, 2, 2, 1), (10, 4, 3, 1), (2, 1, 2, 1, 1)], ids=str)
def test_larger_learning_rate_to_its_own_end(widths: tuple[int, ...]) -> None:
    """Statement 3, all T steps to eps = ||Phi||^2 / 64, from the first 40 of 500 random starts that have the margin,
    every hypothesis of DL-013 decided for the float64 factors. d_0 = 10 is real data."""
    setting = Setting.of(widths, theorem_two.sharper_learning_rate_limit)
    accuracy = setting.accuracy(64)
    chosen = setting.with_margin(setting.draw(500, "larger"))[:40]
    ends = gradient_descent(chosen, steps=setting.steps(accuracy), certify=True)
    for problem, trajectory in zip(chosen, ends, strict=True):
        assert not sharper_constants.violated(problem, setting.margin)
        verdict = compare(theorem_two.guarantee(trajectory, accuracy))
        assert verdict.holds, verdict


@sampled
@pytest.mark.parametrize("widths", [(2, 1, 1), (3, 2, 2, 2, 1), (5, 3, 1), (10, 4, 3, 1)], ids=str)
def test_theorem_two_along_the_way(widths: tuple[int, ...]) -> None:
    """Statement 1 with its own eta: of 500 random starts those with the margin are enough; four of them meet every
    hypothesis of Theorem 1, decided exactly; its guarantee after 300 steps. d_0 = 10 is real data."""
    setting = Setting.of(widths, theorem_two.learning_rate_limit)
    chosen = setting.with_margin(setting.draw(500, "along"))[:4]
    for problem, trajectory in zip(chosen, gradient_descent(chosen, steps=300, certify=True), strict=True):
        posed = problem.exact()
        assert not theorem_one.violated(posed, setting.margin)
        assert compare(theorem_one.guarantee(trajectory, setting.margin, loss(posed.weights, posed.target))).holds


@sampled
@ablates("DL-033", "p < 1/2", "dropped, d_0 >= 2", Fate.OPEN)
@pytest.mark.parametrize("widths", [(2, 1, 1), (10, 3, 1)], ids=str)
def test_open_whether_more_inputs_need_p_below_one_half(widths: tuple[int, ...]) -> None:
    """Statement 3: more than half of all random starts are at eps after T steps, with a margin or without."""
    setting = Setting.of(widths, theorem_two.sharper_learning_rate_limit)
    found = count_at_the_end(setting, 100, setting.accuracy(64))
    assert consistent(found, 100, "<=", fmpq(1, 2), "at eps after T").fails


@witness
@pytest.mark.parametrize("widths", [(2, 1), (2, 1, 1), (3, 2, 2, 1)], ids=str)
def test_the_steps_are_those_for_the_depth_of_what_is_drawn(widths: tuple[int, ...]) -> None:
    """T of Theorem 2 for as many layers as the networks have."""
    setting = Setting.of(widths, theorem_two.learning_rate_limit)
    (drawn,) = setting.draw(1, "depth")
    known = (rational(setting.rate), setting.spread, setting.size, fmpq(1, 100))
    assert setting.steps(fmpq(1, 100)) == theorem_two.steps_to(drawn.depth, *known)
