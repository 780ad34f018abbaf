"""What a search proposes is decided here: that a state meets every hypothesis, and the two sides of an inequality."""

from collections.abc import Callable

from flint import arb, fmpq

from solvers.arithmetic import Comparison, compare, lower_float, square_root, upper_float
from solvers.guarantees import theorem_one
from solvers.network import Problem, frobenius_squared, imbalances
from strategies.whole_problems import in_descent_set

Enter = Callable[[str, float, float, str], None]
"""The fixture ``tightness``: a quantity, what was observed, what is guaranteed, and how it was searched."""

DEEP = {1: ((1, 1), (2, 2)), 2: ((1, 1, 1), (2, 2, 2), (2, 1, 1)), 3: ((1, 1, 1, 1), (2, 2, 2, 2))}
WITH_HIDDEN = {depth: DEEP[depth] for depth in (2, 3)}
"""The widths that are searched at each depth."""


def check_state(problem: Problem, margin: fmpq, *, lemma: bool) -> None:
    """Assert that every hypothesis of Theorem 1, or of Lemma 7, certainly holds."""
    if not lemma:
        assert not theorem_one.violated(problem.exact(), margin)
        return
    assert in_descent_set(problem, float(margin))
    posed = problem.exact()
    norm = square_root(frobenius_squared(posed.target))
    delta = theorem_one.imbalance_limit(problem.depth, margin, norm)
    limits = [(square_root(frobenius_squared(b)), 2 * delta, "||B_j||_F") for b in imbalances(posed.weights)]
    limits.append((posed.learning_rate, theorem_one.learning_rate_limit(problem.depth, margin, norm), "learning rate"))
    for left, right, what in limits:
        assert compare(Comparison(left, "<=", right, f"{what} against its limit")).holds


def measured(comparison: Comparison, *, root: int) -> tuple[float, float]:
    """The two sides of an inequality that certainly holds, the first rounded down, the second up; a root of both."""
    verdict = compare(comparison)
    assert verdict.holds, verdict
    left, right = (arb(side).root(root) for side in (comparison.left, comparison.right))
    return lower_float(left), upper_float(right)
