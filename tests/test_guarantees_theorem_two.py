"""Theorem 2 as functions: limits by hand, each hypothesis violated alone, the number of steps, the conclusion."""

from dataclasses import replace

import numpy as np
import pytest
from flint import arb, fmpq

from solvers import Problem, gradient_descent
from solvers.arithmetic import compare, exact
from solvers.guarantees import theorem_two

HALF = fmpq(1, 2)

PROBLEM = Problem((exact([[HALF], [0]]), exact([[HALF, 0]])), exact([[1]]), fmpq(1, 10**8))
"""d = 1-2-1, Phi = 1, A = 1/4 exactly balanced; s = 1/2 and a = 4 are at the limit of s, with v = 1/4."""


def test_limits_by_hand():
    """Depths 1 and 2 at v = 1/4, Phi = 2: rational, so that each is an equality."""
    v, norm = theorem_two.spread(HALF, 1), fmpq(2)
    assert v == fmpq(1, 4)
    assert theorem_two.spread(HALF, 12) == 3
    assert theorem_two.promised_margin(v, norm) == fmpq(1, 16)
    assert theorem_two.scale_limit(10, norm, fmpq(4)) == fmpq(1, 10)
    assert theorem_two.learning_rate_limit(1, v, norm) == fmpq(1, 16) / (10**5 * 16)
    assert theorem_two.learning_rate_limit(2, v, norm) == fmpq(1, 64) / (10**5 * 8 * 128)
    assert theorem_two.sharper_learning_rate_limit(1, v, norm) == fmpq(1, 256) / 8
    assert theorem_two.sharper_learning_rate_limit(2, v, norm) == fmpq(1, 16) / 32


def test_a_problem_that_meets_every_hypothesis():
    """s at its limit; and eta at either limit, with equality."""
    assert theorem_two.violated(PROBLEM, HALF, fmpq(4)) == {}
    for limit in (theorem_two.learning_rate_limit, theorem_two.sharper_learning_rate_limit):
        largest = replace(PROBLEM, learning_rate=limit(2, fmpq(1, 4), fmpq(1)))
        assert theorem_two.violated(largest, HALF, fmpq(4), limit) == {}


@pytest.mark.parametrize(
    ("changes", "scale", "constant", "sentence"),
    [
        (
            {"weights": (exact([[HALF]]), exact([[HALF], [0]])), "target": exact([[1], [0]])},
            HALF,
            4,
            "number of outputs",
        ),
        ({}, HALF, 5, "deviation s against its limit"),
        ({"weights": (exact([[1], [0]]), exact([[fmpq(1, 4), 0]]))}, HALF, 4, "||B_1||_F^2 of balanced layers"),
        ({"learning_rate": fmpq(0)}, HALF, 4, "learning rate"),
        ({"learning_rate": fmpq(1, 10**6)}, HALF, 4, "learning rate against its limit"),
        ({}, -HALF, 4, "deviation s of the entries"),
        ({}, HALF, fmpq(1, 2), "a d_0"),
    ],
)
def test_each_hypothesis_is_violated_alone(changes, scale, constant, sentence):
    """One change to the problem that meets all, one sentence; v, and so eta's limit, are as they were."""
    problem = replace(PROBLEM, **changes)
    assert list(theorem_two.violated(problem, scale, fmpq(constant))) == [sentence]


def test_the_sharper_limit_allows_more():
    """1/10^6 is above the paper's limit and below the sharper one, c^{2/N} / (2 N^2) = 1/64."""
    problem = replace(PROBLEM, learning_rate=fmpq(1, 10**6))
    assert theorem_two.violated(problem, HALF, fmpq(4), theorem_two.sharper_learning_rate_limit) == {}


@pytest.mark.parametrize("problem", [PROBLEM, PROBLEM.nearest()], ids=["exact", "float64"])
def test_a_target_of_zero_is_an_error(problem):
    """It has no limits to compare with."""
    with pytest.raises(ValueError, match="target is 0; Theorem 2 is about Phi != 0"):
        theorem_two.violated(replace(problem, target=0 * problem.target), HALF, fmpq(4))


def test_the_event_at_its_boundary():
    """A = Phi / 2 has margin exactly 1/2; exactly on it the event happened, just above it did not."""
    problem = Problem((exact([[HALF]]),), exact([[1]]), fmpq(1, 100))
    assert compare(theorem_two.has_margin(problem, HALF)).holds
    assert compare(theorem_two.has_margin(problem, HALF + fmpq(1, 10**9))).fails


def test_steps_by_hand():
    """Depth 1, Phi = v = 1: (4/eta) (ln 4 + ln(1 / (8 eps))) = 8 ln 2 / eta at eps = 1/8; none from eps = 1/2 on."""
    rate = fmpq(1, 100)
    expected = int((800 * arb(2).log()).ceil().unique_fmpz())
    assert theorem_two.steps_to(1, rate, fmpq(1), fmpq(1), fmpq(1, 8)) == expected == 555
    assert theorem_two.steps_to(1, rate, fmpq(1), fmpq(1), fmpq(51, 100)) == 0
    problem = Problem((np.eye(1) / 2,), np.eye(1), 1 / 128)
    assert theorem_two.enough_steps(problem, fmpq(1), fmpq(1, 8)) == 710  # 1024 ln 2 = 709.8


def test_the_conclusion_of_a_run():
    """Depth 1 from A = 1/2: it holds after enough steps, and not after a sixteenth of them."""
    problem, accuracy = Problem((np.eye(1) / 2,), np.eye(1), 1 / 128), fmpq(1, 10**4)
    steps = theorem_two.enough_steps(problem, fmpq(1), accuracy)
    ends = [gradient_descent(problem, steps=count, certify=True) for count in (steps, steps // 16)]
    assert compare(theorem_two.guarantee(ends[0], accuracy)).holds
    assert compare(theorem_two.guarantee(ends[1], accuracy)).fails


def test_the_bound_of_a_loss_is_what_the_steps_are_enough_for():
    """The other way round: at T the bound is at most eps, and one step before it is not."""
    rate, v, norm = fmpq(1, 64), fmpq(1, 2), fmpq(3, 2)
    for depth in (1, 2, 3):
        steps = theorem_two.steps_to(depth, rate, v, norm, fmpq(1, 1000))
        assert steps > 0
        assert theorem_two.loss_bound(depth, rate, v, norm, steps) <= fmpq(1, 1000)
        assert theorem_two.loss_bound(depth, rate, v, norm, steps - 1) > fmpq(1, 1000)
