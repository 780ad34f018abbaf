"""How large is small enough: 6144 times Theorem 1's limit is, and 9000 times is open at depth 2."""

import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.necessity.learning_rate_needed.scalar_networks import N
from claims.suite import Fate, ablates, fewer, sampled, symbolic
from solvers import arithmetic
from solvers.arithmetic import Outcome, compare, decide, lower_float, rational
from solvers.descent import gradient_descent
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import Problem, frobenius_squared, loss
from strategies import MarginProblem, dimensions, margin_problems


@symbolic
@ablates("DL-004", "learning rate", "x 10", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 1000", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 6144", Fate.TRUE)
def test_six_thousand_times_the_learning_rate_is_still_small_enough_for_every_depth() -> None:
    """N >= 2: by the stronger theorem of ``sharper_constants`` (DL-013), eta <= c^{2/N} / (2 N^2 Phi_F^2):
    3072 N x^{-(4-4/N)} times the limit, x = c / Phi_F <= 1. It asks for less balance too. N = 1: eta <= x^2 <= 1,
    and (1 - eta)^2 <= 1 - eta <= exp(-eta)."""
    more, t = sympy.Symbol("n", integer=True, nonnegative=True), sympy.Symbol("t", nonnegative=True)  # x = exp(-t)
    excess = sympy.log(1 + more / 2) + 4 * (1 + more) / (2 + more) * t  # N = 2 + n
    assert sympy.simplify(sympy.log(3072 * N) + (4 - 4 / N) * t - sympy.log(6144) - excess.subs(more, N - 2)) == 0
    assert excess.is_nonnegative
    for n in (2, 3, 7, 1000):  # the formulas above are those in use
        for x in (fmpq(1), fmpq(1, 2), fmpq(1, 64)):
            quotient = arb(sharper_constants.learning_rate_limit(n, x, fmpq(1))) / arb(
                theorem_one.learning_rate_limit(n, x, fmpq(1))
            )
            assert abs(quotient.log() - (arb(3072 * n).log() - (4 - arb(4) / n) * arb(x).log())) < arb(2) ** -40
    assert 6144 * theorem_one.learning_rate_limit(1, fmpq(1, 2), fmpq(1)) == fmpq(1, 4)
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - eta
    assert sympy.expand(rest - rest**2 - rest * (1 - rest)) == 0


@sampled
@fewer(4)
@ablates("DL-004", "learning rate", "x 9000", Fate.OPEN)
@given(
    st.lists(
        margin_problems(dimensions=dimensions(min_depth=2, max_depth=2, bottleneck=False), least_fraction=1 / 4),
        min_size=4,
        max_size=4,
    )
)
def test_no_counterexample_at_nine_thousand_times_the_learning_rate(batch: list[MarginProblem]) -> None:
    """A search at depth 2, the one not decided: 3072 N > 9000 for N >= 3, and (1 - eta)^2 <= exp(-eta) at eta = 1.465.
    24 problems by default, 2500 in the thorough profile, 100 steps each."""
    assert arb(-fmpq(9000, 6144)).exp() >= (1 - fmpq(9000, 6144)) ** 2
    problems = [_at(drawn, 9000) for drawn in batch]
    trajectories = gradient_descent(problems, steps=100, certify=True)
    for drawn, problem, trajectory in zip(batch, problems, trajectories, strict=True):
        margin, posed = rational(drawn.margin), problem.exact()
        verdict = compare(theorem_one.guarantee(trajectory, margin, loss(posed.weights, posed.target)))
        if verdict.outcome is Outcome.UNDECIDED:
            verdict = decide(lambda one, c=margin: theorem_one.after_one_step(one, c), problem)  # type: ignore[misc]
        assert verdict.holds, verdict


def _at(drawn: MarginProblem, factor: int) -> Problem:
    norm = arithmetic.square_root(frobenius_squared(arithmetic.exact(drawn.problem.target)))
    limit = theorem_one.learning_rate_limit(drawn.problem.depth, rational(drawn.margin), norm)
    return Problem(drawn.problem.weights, drawn.problem.target, lower_float(factor * limit))
