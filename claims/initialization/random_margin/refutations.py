"""What is false: for entries not normal, two outputs, a target of zero; below one half at one input. The boundary."""

import numpy as np
from flint import arb, fmpq
from hypothesis import given

from claims.initialization.random_margin.angle import ONE_OUTPUT, gap
from claims.initialization.random_margin.cap import cap, ratio_squared
from claims.suite import Fate, ablates, control, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, deficiency_margin, frobenius_squared
from strategies import problems


@control
@ablates("DL-015", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_entries_that_are_not_normal() -> None:
    """Signs +-s in place of normal entries, d_0 = 2, N = 1, Phi = (1, 0), s = 1/2: r = s sqrt(2) always, and two of the
    four signs have a positive margin, 1/2 in place of the cap acos(sqrt(2) / 4) / pi."""
    target, half = arithmetic.exact(np.array([[1.0, 0.0]])), fmpq(1, 2)
    signs = [arithmetic.exact(np.array([[x, y]])) * half for x in (1, -1) for y in (1, -1)]
    assert sum(gap(product, target)[0, 0] > 0 for product in signs) == 2
    assert compare(Comparison(half, "==", cap(2, fmpq(1, 8)), "the cap")).fails


@control
@ablates("DL-015", "one output", "dropped", Fate.REFUTED)
def test_refuted_with_two_outputs() -> None:
    """Phi = I_2: W = t I_2 has angle 0 and margin 1 - sqrt(2) |1 - t|. At t = 1/4, h = 1/8, so cos theta > h, and the
    cap with d_0 d_N = 4 for d_0 is positive; the margin is not. With one output W = Phi / 4 has one."""
    target = arithmetic.exact(np.eye(2))
    squared = ratio_squared(frobenius_squared(target / 4), frobenius_squared(target))
    assert squared == fmpq(1, 64) < 1
    assert compare(Comparison(deficiency_margin((target / 4,), target), ">", fmpq(0), "margin of I / 4")).fails
    assert compare(Comparison(cap(4, squared), ">", fmpq(0), "the cap at h = 1/8")).holds
    one = arithmetic.exact(np.eye(1))
    assert compare(Comparison(deficiency_margin((one / 4,), one), ">", fmpq(0), "margin with one output")).holds


@control
@ablates("DL-015", "Phi != 0", "dropped", Fate.REFUTED)
@given(problems(dimensions=ONE_OUTPUT))
def test_refuted_with_a_target_of_zero(problem: Problem) -> None:
    """Phi = 0: the margin -r is never positive, so its probability is 0 for every s and does not tend to 1/2."""
    posed = problem.exact()
    margin = deficiency_margin(posed.weights, 0 * posed.target)
    assert compare(Comparison(arb(margin), ">", fmpq(0), "margin for Phi = 0")).fails


@control
def test_refuted_that_it_is_below_one_half_given_r_with_one_input() -> None:
    """d_0 = 1, r = ||Phi||: of W = Phi and W = -Phi, equally likely, the first has a positive margin."""
    one = arithmetic.exact(np.array([[1.0]]))
    positive_margins = [deficiency_margin((sign * one,), one) > 0 for sign in (1, -1)]
    probability = fmpq(sum(positive_margins), 2)
    assert compare(Comparison(probability, "==", cap(1, fmpq(1, 4)), "the cap at d_0 = 1")).holds
    assert compare(Comparison(probability, "<", fmpq(1, 2), "below one half given r")).fails


@witness
def test_boundary_of_the_cap() -> None:
    """W = 2 Phi has margin exactly 0: at r = 2 ||Phi|| no direction has a positive one, just below it this one has."""
    target = arithmetic.exact(np.array([[3.0, 4.0]]))
    assert deficiency_margin((2 * target,), target) == 0
    assert deficiency_margin((2 * target * fmpq(99, 100),), target) > 0
    assert deficiency_margin((0 * target,), target) == 0
    assert cap(2, fmpq(1)) == cap(1, fmpq(1)) == cap(3, fmpq(2)) == 0
