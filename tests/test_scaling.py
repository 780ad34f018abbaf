"""Units: what is said in them is refused, what is not is kept, and a problem in other units descends as the old one."""

from dataclasses import replace

import pytest
from flint import fmpq

from claims.convergence.proof_ledger.lemmas import LEDGER
from claims.convergence.proof_ledger.state import State
from claims.suite.scaling import DATA_SCALES, SCALES, check_units, drawn_problem, has_units, rescaled, same_ratio
from solvers.arithmetic import Comparison
from solvers.network import Problem, frobenius_squared, loss

WIDTHS = (2, 2, 3, 2)


@pytest.mark.parametrize("covariance", [False, True])
@pytest.mark.parametrize("scale", SCALES)
def test_descent_is_the_same_in_other_units(scale, covariance):
    """After three steps every layer is s times what it was, and the loss s^{2N} t times, exactly."""
    data_scale = DATA_SCALES[0] if covariance else fmpq(1)
    one = drawn_problem(WIDTHS, fmpq(1, 50), covariance=covariance)
    other = rescaled(one, scale, data_scale)
    for _ in range(3):
        one, other = one.step(), other.step()
    assert all((scale * a == b).all() for a, b in zip(one.weights, other.weights, strict=True))
    before, after = (loss(each.weights, each.target, covariance=each.covariance) for each in (one, other))
    assert after == scale**6 * data_scale * before > 0


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row.name)
@pytest.mark.parametrize("power", [(1, 1), (-1, 8)])
def test_a_row_with_another_power_of_the_target_is_refused(row, power):
    """Each row of the ledger, its right side times Phi_F or Phi_F^{-1/8}, which makes one of several rows false."""

    def crooked(problem, margin):
        state = State(problem, margin)
        factor = state.root(state.target_norm, 3 * power[0]) if power[1] == 1 else 1 / _eighth_root(state)
        return [each._replace(right=each.right * factor) for each in row.says(state)]

    with pytest.raises(AssertionError, match="depends on units"):
        check_units(crooked, drawn_problem(WIDTHS, fmpq(1, 50)), fmpq(1, 4))


def _eighth_root(state):
    root = state.target_norm
    for _ in range(3):
        root = root.sqrt()
    return root


def test_a_power_of_the_learning_rate_is_seen():
    """||W_1||^2 <= eta, as a comparison of two numbers that have different units."""

    def said(problem, margin):
        return [Comparison(frobenius_squared(problem.weights[0]), "<=", problem.learning_rate, "eta")]

    with pytest.raises(AssertionError, match="eta: depends on units"):
        check_units(said, drawn_problem(WIDTHS, fmpq(1, 50)))


def test_a_margin_is_taken_along():
    """c against ||W||_F at depth 1; against ||W||_F^2 it is refused."""

    def said(problem, margin, power=1):
        return [Comparison(margin**2, "<=", frobenius_squared(problem.target) ** power, "c")]

    check_units(said, drawn_problem((3, 2), fmpq(1, 50)), fmpq(1, 4))
    with pytest.raises(AssertionError, match="c: depends on units"):
        check_units(lambda problem, margin: said(problem, margin, 2), drawn_problem((3, 2), fmpq(1, 50)))


def test_data_have_units_of_their_own():
    """eta times the covariance's trace has none at depth 1; eta alone has."""
    problem = drawn_problem((3, 2), fmpq(1, 50), covariance=True)
    trace = [Comparison(fmpq(1), ">=", problem.learning_rate, "eta")]
    check_units(lambda posed, _: [trace[0]._replace(right=posed.learning_rate * posed.covariance.trace())], problem)
    with pytest.raises(AssertionError, match="scales 1 and 7/2"):
        check_units(lambda posed, _: [trace[0]._replace(right=posed.learning_rate)], problem)


def test_nothing_said_is_refused():
    with pytest.raises(AssertionError, match="nothing is said"):
        check_units(lambda problem, margin: [], drawn_problem(WIDTHS, fmpq(1, 50)))


@pytest.mark.parametrize("relation", [">", "<="])
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_compared_with_zero_has_units_of_its_own(relation, turned):
    """||W_1||_F^2 against 0 and eta against 0 are kept; their sum, whose sign is the same in all units, is refused."""

    def said(add):
        def says(problem, _):
            sides = (add(frobenius_squared(problem.weights[0]), problem.learning_rate), fmpq(0))
            left, right = reversed(sides) if turned else sides
            return [Comparison(left, relation, right, "against 0")]

        return says

    problem = drawn_problem(WIDTHS, fmpq(1, 50))
    check_units(said(lambda norm, rate: norm), problem)
    check_units(said(lambda norm, rate: rate), problem)
    check_units(said(lambda norm, rate: norm**3 * rate), problem)
    with pytest.raises(AssertionError, match="against 0: depends on units; expected one power of them against 0"):
        check_units(said(lambda norm, rate: norm + rate), problem)


def test_what_of_the_data_is_compared_with_zero_has_units_of_its_own():
    """The covariance's trace against 0 is kept; one more than it is refused."""

    def said(more):
        return lambda posed, _: [Comparison(posed.covariance.trace() + more, ">", fmpq(0), "trace")]

    problem = drawn_problem((3, 2), fmpq(1, 50), covariance=True)
    check_units(said(0), problem)
    with pytest.raises(AssertionError, match="trace: depends on units; expected one power"):
        check_units(said(1), problem)


@pytest.mark.parametrize("right", [fmpq(0), fmpq(2)])
def test_zero_on_both_sides_shows_no_units(right):
    """0 <= 0 is refused, and what is 0 in some units alone."""
    sides = [Comparison(fmpq(0), "<=", each, "") for each in (right, fmpq(0), fmpq(0))]
    assert not has_units(sides, SCALES)
    said = iter(sides)
    with pytest.raises(AssertionError, match="depends on units"):
        check_units(lambda problem, margin: [next(said)], drawn_problem(WIDTHS, fmpq(1, 50)))


def test_signs_and_relations():
    """Another verdict, relation or sign is not the same ratio."""
    zero, one = Comparison(fmpq(0), "<=", fmpq(0), ""), Comparison(fmpq(1), "<=", fmpq(2), "")
    assert same_ratio(one, Comparison(fmpq(3), "<=", fmpq(6), ""))
    assert not same_ratio(one, Comparison(fmpq(3), "<", fmpq(6), ""))
    assert not same_ratio(one, Comparison(fmpq(-1), "<=", fmpq(-2), ""))
    assert not same_ratio(one, Comparison(fmpq(3), "<=", fmpq(7), ""))
    assert not same_ratio(zero, Comparison(fmpq(0), "<", fmpq(1), ""))


def test_the_drawn_problem_has_no_structure():
    """No two layers alike, no balance, and a covariance that is positive definite where one is asked for."""
    problem = drawn_problem(WIDTHS, fmpq(1, 50), covariance=True)
    assert isinstance(problem, Problem)
    assert problem.dimensions == WIDTHS
    assert problem.covariance[0, 0] * problem.covariance[1, 1] > problem.covariance[0, 1] ** 2
    assert drawn_problem(WIDTHS, fmpq(1, 50)).covariance is None
    assert replace(problem, covariance=None).is_white
