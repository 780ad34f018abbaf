"""``audit``: what it says of a network, against exact rationals, closed forms and runs of its own."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from itertools import product as product_of

import jsonschema
import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes

import claims
from claims.auditing import Answer, Chosen, Guarantee, Hypothesis, Rigour, audit, rebalanced_weights
from claims.auditing.deciding import all_of
from claims.auditing.json_form import as_json, schema
from claims.auditing.judging import RATE, judge, learning_rate_limit
from claims.auditing.known import GUARANTEES
from claims.auditing.margin_rows import SHARPER
from claims.auditing.mode_times import half_steps, modes_of
from claims.auditing.running import state_of
from claims.auditing.structure import curvatures
from solvers import (
    Problem,
    balanced_factors,
    end_to_end,
    gradient_descent,
    hessian,
    imbalances,
    loss,
    singular_values,
    whitened_regression,
)
from solvers.arithmetic import Comparison, exact, rational
from solvers.guarantees import general_data, near_identity
from solvers.guarantees.general_data import BALANCES, MARGINS
from strategies import dyadic_matrices, generic_weights, margin_problems

EYE = np.eye(3)
POSITIVE = np.diag([2.0, 1.0, 0.5])


def by_uid(report):
    assert [report.judgement(each.uid) for each in report.judgements] == list(report.judgements)
    return {each.uid: each for each in report.judgements}


def fractions(matrix):
    return [[Fraction(float(x)) for x in row] for row in matrix]


def product(a, b):
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def turned(a):
    return [list(row) for row in zip(*a, strict=True)]


def stepped(layers, target, rate):
    """One step of gradient descent in fractions, by the chain rule and by nothing of this project."""
    forward = [None]
    for matrix in layers:
        forward.append(matrix if forward[-1] is None else product(matrix, forward[-1]))
    back = [[x - y for x, y in zip(*rows, strict=True)] for rows in zip(forward[-1], target, strict=True)]
    moved = []
    for j in range(len(layers) - 1, -1, -1):
        gradient = product(back, turned(forward[j])) if j else back
        both = zip(layers[j], gradient, strict=True)
        moved.append([[x - rate * y for x, y in zip(*rows, strict=True)] for rows in both])
        back = product(turned(layers[j]), back)
    return moved[::-1]


def exact_loss(layers, target):
    found = layers[0]
    for matrix in layers[1:]:
        found = product(matrix, found)
    return sum((x - y) ** 2 for rows in zip(found, target, strict=True) for x, y in zip(*rows, strict=True)) / 2


# Guarantees: what they say, from both sides.


@given(margin_problems(max_depth=4, least_distance=1 / 8))
def test_theorem_one_holds_where_it_was_built_to(drawn):
    """Of problems that meet it by construction; the sharper one then holds as well, with a larger learning rate."""
    problem = drawn.problem
    report = audit(problem.weights, problem.target, problem.learning_rate, most_steps=0)
    found = by_uid(report)
    assert found["DL-004"].holds is Answer.HOLDS
    assert found["DL-013"].holds is Answer.HOLDS
    assert found["DL-013"].learning_rate_limit >= found["DL-004"].learning_rate_limit >= problem.learning_rate
    assert found["DL-004"].counts is (found["DL-004"].steps <= 10**12)
    assert report.certified is any(each.counts for each in report.judgements if each.holds is Answer.HOLDS)
    assert found["DL-013"].steps == found["DL-004"].steps > 0


@given(margin_problems(max_depth=3, least_distance=1 / 8, perturb=False), st.sampled_from([1, 2]))
def test_the_learning_rate_is_bounded_where_it_is_said_to_be(drawn, which):
    """At the limit that is told the guarantee holds, and 2^-40 beyond it fails, by that factor."""
    problem, uid = drawn.problem, ("DL-004", "DL-013")[which - 1]
    limit = by_uid(audit(problem.weights, problem.target, most_steps=0))[uid].learning_rate_limit
    at = by_uid(audit(problem.weights, problem.target, limit, most_steps=0))[uid]
    assert at.holds is Answer.HOLDS
    beyond = by_uid(audit(problem.weights, problem.target, limit * (1 + 2.0**-40), most_steps=0))[uid]
    assert (beyond.applies, beyond.holds) == (Answer.HOLDS, Answer.FAILS)
    (failed,) = [each for each in beyond.rate_hypotheses if each.answer is Answer.FAILS]
    assert failed.factor == pytest.approx(1 + 2.0**-40, rel=1e-12)
    assert beyond.steps is not None
    assert beyond.learning_rate == limit


def test_limits_are_the_formulas():
    """c^{2/N} / (2 N^2) and the like, in floating point, of one network whose numbers are simple."""
    problem = Problem((np.diag([1.0, 0.5]),) * 2, np.diag([1.0, 0.5]), 0.0)  # W = diag(1, 1/4)
    report = audit(problem.weights, problem.target, 1e-9, most_steps=0)
    margin, norm = 0.5 - 0.25, np.sqrt(1.25)
    assert by_uid(report)["DL-013"].learning_rate_limit == pytest.approx(margin / (8 * norm**2), rel=1e-12)
    assert by_uid(report)["DL-004"].learning_rate_limit == pytest.approx(margin**3 / (49152 * norm**4), rel=1e-12)
    steps = np.log(report.finding("loss").values["loss"][0] / report.to_loss) / (1e-9 * margin)
    assert by_uid(report)["DL-013"].steps == pytest.approx(steps, rel=1e-9)


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize(("share", "answer"), [(1 - 2.0**-20, Answer.HOLDS), (1 + 2.0**-20, Answer.FAILS)])
def test_balance_is_bounded_where_it_is_said_to_be(depth, share, answer):
    """Scalar layers x, 1/x, 1, ..., 1 with the product and target 1: the margin is 1, DL-013's delta 1 / (2 N^2)."""
    delta = share / (2 * depth**2)
    square = (delta + np.sqrt(delta**2 + 4)) / 2  # x^2 - 1/x^2 = delta
    weights = [np.array([[np.sqrt(square)]]), np.array([[np.sqrt(1 / square)]])] + [np.array([[1.0]])] * (depth - 2)
    found = by_uid(audit(weights, np.array([[1.0]]), most_steps=0))["DL-013"]
    assert found.applies is answer
    worst = max(each.factor or 1 for each in found.hypotheses)
    assert worst == pytest.approx(max(share, 1), rel=1e-9)


def test_factors_tell_by_how_much():
    """W = (1, 4) (4, 1)^T / 4: imbalance 15, against DL-013's c / 8 with c = 1."""
    report = audit([np.array([[4.0]]), np.array([[0.25]])], np.array([[1.0]]), most_steps=0)
    (failed,) = [each for each in by_uid(report)["DL-013"].hypotheses if each.answer is Answer.FAILS]
    assert failed.left == 16 - 1 / 16
    assert failed.factor == pytest.approx((16 - 1 / 16) * 8, rel=1e-12)
    assert by_uid(report)["DL-013"].learning_rate_limit is None
    assert by_uid(report)["DL-013"].steps is None


def test_a_margin_of_zero_is_none_and_beyond_rationals_it_is_undecided():
    """Phi = 2 I and W = Phi - 2 e e^T: exactly 0, which float64 cannot tell from a number next to it."""
    for size, answer in ((3, Answer.FAILS), (40, Answer.UNDECIDED)):
        target = 2 * np.eye(size)
        start = target.copy()
        start[0, 0] = 0
        report = audit([start], target, 0.01, most_steps=0)
        assert by_uid(report)["DL-013"].applies is answer
        assert report.finding("margin").values["positive"] == answer.value
        assert by_uid(report)["DL-072"].applies is answer
        assert not report.certified


@pytest.mark.parametrize(
    ("weights", "target", "holds"),
    [
        ((EYE,) * 3, POSITIVE, Answer.HOLDS),
        ((EYE,) * 3, np.diag([2.0, 1.0, -0.5]), Answer.FAILS),
        ((EYE,) * 3, np.diag([2.0, 1.0, 0.0]), Answer.FAILS),
        ((EYE,) * 3, POSITIVE + np.eye(3, k=1) / 8, Answer.FAILS),
        ((EYE, EYE, EYE * (1 + 2.0**-52)), POSITIVE, Answer.FAILS),
        ((np.eye(2, 3), np.eye(3, 2)), np.eye(2), Answer.FAILS),
    ],
)
def test_positive_definite_targets_from_the_identity(weights, target, holds):
    """DL-032 holds of these alone; its limit is 1 / (N lambda_max^{2-2/N})."""
    weights = weights if len(weights) == 3 else weights[::-1]
    found = by_uid(audit(weights, target, 1e-3, most_steps=0))["DL-032"]
    assert found.holds is holds
    if holds is Answer.HOLDS:
        assert found.learning_rate_limit == pytest.approx(1 / (3 * 2 ** (4 / 3)), rel=1e-12)


BALANCED = (np.array([[0.5], [0.0]]), np.array([[0.5, 0.0]]))
"""W = 1/4, exactly balanced."""


@pytest.mark.parametrize(
    ("weights", "target", "deviation"),
    [
        (BALANCED, np.array([[1.0]]), "0.7071"),
        ((np.array([[0.5, 0.0]]), np.array([[0.5]])), np.array([[1.0, 0.0]]), "0.5"),
    ],
)
def test_theorem_two_of_one_output(weights, target, deviation):
    """DL-033, of the largest s for which the margin is s^2 d_0 / (2 Phi_F): as if that were the deviation of A."""
    found = by_uid(audit(weights, target, to_loss=2.0**-20, most_steps=0))["DL-033"]
    assert found.applies is Answer.HOLDS
    assert found.constants == f"s = {deviation}, the largest"  # s^2 d_0 = 2 / 4
    assert found.learning_rate_limit == pytest.approx(1 / 32, rel=1e-12)  # c / (2 N^2) for c = 1/4
    steps = 4 * 32 * (np.log(4) * 2 + np.log(2.0**17))
    assert found.steps == pytest.approx(steps, abs=1)
    held = by_uid(audit(weights, target, 1 / 33, most_steps=0))["DL-033"]
    assert held.holds is Answer.HOLDS


@pytest.mark.parametrize(
    ("weights", "target", "answer", "sentence"),
    [
        ((np.eye(2),) * 2, np.eye(2), Answer.FAILS, "number of outputs"),
        (BALANCED, np.array([[-1.0]]), Answer.FAILS, "deficiency margin at step 0"),
        ((BALANCED[0], np.array([[0.5 + 2.0**-50, 0.0]])), np.array([[1.0]]), Answer.FAILS, "||B_1||_F^2 of balanced"),
        (
            (np.eye(30, 1) / 2, np.eye(1, 30) / 2),
            np.array([[1.0]]),
            Answer.UNDECIDED,
            "balance, decided up to 24",
        ),
    ],
)
def test_what_theorem_two_is_not_about(weights, target, answer, sentence):
    """Each for one reason alone."""
    found = by_uid(audit(weights, target, 1e-3, most_steps=0))["DL-033"]
    assert found.applies is answer
    assert next(each for each in found.hypotheses if each.answer is answer).sentence.startswith(sentence)


def test_theorem_two_of_a_target_that_is_met():
    """The margin is Phi_F and s at its other limit, Phi_F / sqrt(d_0), where v = Phi_F^2."""
    weights = (np.array([[0.5, 0.0]]), np.array([[0.5]]))
    found = by_uid(audit(weights, np.array([[0.25, 0.0]]), most_steps=0))["DL-033"]
    assert found.applies is Answer.HOLDS
    assert found.constants == "s = 0.1768, the largest"
    assert found.learning_rate_limit == pytest.approx(0.125 / (8 * 0.25**2), rel=1e-12)


def test_theorem_two_promises_fewer_steps_from_a_small_margin():
    """Margin 2^-8: Theorem 1 goes on at its rate; and by the run the loss is there in time."""
    layers = (np.array([[2.0**-4]]), np.array([[2.0**-4]]))
    report = audit(layers, np.array([[1.0]]), to_loss=1e-6)
    found = by_uid(report)
    assert found["DL-033"].learning_rate_limit == pytest.approx(found["DL-013"].learning_rate_limit, rel=1e-12)
    assert report.run.steps <= found["DL-033"].steps < found["DL-013"].steps / 2


def test_near_the_identity_theorem_one_is_promised():
    """Of ||Phi - I||_F < 1/2, symmetric or not, at the learning rate of solvers.guarantees.near_identity."""
    target = np.eye(2) + np.array([[0.0, 0.25], [-0.125, 0.125]])
    problem = near_identity.from_identity(target, 3)
    assert near_identity.violated(problem) == {}
    found = by_uid(audit(problem.weights, target, problem.learning_rate, most_steps=0))
    assert found["DL-004"].holds is Answer.HOLDS
    assert found["DL-004"].learning_rate_limit == pytest.approx(problem.learning_rate, rel=1e-12)
    assert found["DL-032"].holds is Answer.FAILS


def test_two_layers_of_any_imbalance():
    """DL-069: no margin, no balance, any target, where (W_1, W_2^T) has full rank; its alpha_0 and limit by hand."""
    weights = [np.vstack([3 * np.eye(2), np.zeros((2, 2))]), np.hstack([np.zeros((2, 2)), 3 * np.eye(2)])]
    target = np.array([[1.0, 2.0], [0.0, -1.0]])  # W = 0, D = diag(-9, -9, 9, 9), alpha_0 = 18, L_0 = 3
    report = audit(weights, target)
    found = by_uid(report)["DL-069"]
    norm, rest = np.linalg.norm(target, 2), np.sqrt(6)
    limit = min(1 / (13.5 + np.sqrt(13.5**2 + 4 * (norm + rest) ** 2) + rest), 18 / 36)
    assert found.applies is Answer.HOLDS
    assert found.learning_rate_limit == pytest.approx(limit, rel=1e-12)
    assert found.steps == np.ceil(np.log(1e-3) / np.log(1 - limit * 6))
    assert report.certified
    assert report.run.steps <= found.steps
    assert by_uid(audit([*weights, np.eye(2)], target, most_steps=0))["DL-069"].applies is Answer.FAILS
    assert by_uid(audit([np.eye(2)] * 2, target, most_steps=0))["DL-069"].applies is Answer.FAILS


@pytest.mark.parametrize("white", [True, False])
def test_any_data_by_hand(white):
    """DL-072 of layers of one mode: c, the better of its two limits, and steps, by its formulas."""
    weights, target = [np.array([[1.25]])] * 2, np.array([[1.5]])  # W = 25/16, distance 1/16
    scale = 1.0 if white else 0.25
    covariance = None if white else np.array([[scale]])
    report = audit(weights, target, covariance=covariance)
    found = by_uid(report)["DL-072"]
    margin = 1.5 - 1 / 16
    limit = max(margin / (8 * scale * 2.25), margin / (30 * scale * 2.25))
    assert found.applies is Answer.HOLDS
    assert found.learning_rate_limit == pytest.approx(limit, rel=1e-5)
    assert found.steps == pytest.approx(np.log(1000) / (limit * scale * margin), abs=1.1)
    assert report.run.reached
    assert (by_uid(report)["DL-013"].applies is Answer.HOLDS) is white


def test_of_data_without_a_margin_it_is_told_how_far_away_it_is():
    """Against c = 0, in place of sigma_min(Phi), at which nothing would be near enough."""
    found = by_uid(audit([np.eye(2)] * 2, np.diag([3.0, 1.0]), most_steps=0))["DL-072"]
    first = found.hypotheses[0]
    assert first.sentence == "|G(0)|_S against sqrt(s_d) sigma_min(Phi)"
    assert (first.left, first.right, first.factor) == pytest.approx((2, 1, 2))
    assert not any("against the margin" in each.sentence for each in found.hypotheses)


def test_balance_in_the_sum_at_greater_depth():
    """At depth nine 15 N is less than 2 N^2, and the sum of nine imbalances of zero is small: the form that allows more
    is chosen."""
    limit = by_uid(audit([np.array([[1.0]])] * 9, np.array([[1.0]]), most_steps=0))["DL-072"].learning_rate_limit
    assert limit == pytest.approx(1 / (15 * 9), rel=1e-5)


def test_two_targets_the_norm_of_which_is_larger_than_its_largest_singular_value():
    """DL-072 has |Phi|_2 where DL-013 has ||Phi||_F: twice the rate for two equal modes."""
    report = audit([np.eye(2)] * 2, np.eye(2) * 1.125, most_steps=0)
    ratio = by_uid(report)["DL-072"].learning_rate_limit / by_uid(report)["DL-013"].learning_rate_limit
    assert ratio == pytest.approx(2, rel=1e-5)


def test_whitened_data_are_not_white_and_are_certified_as_they_are():
    """The diabetes data: what float64 calls white is 4e-15 off; DL-072 applies, what is of white data not."""
    inputs, outputs = load_diabetes(return_X_y=True)
    data = whitened_regression(inputs.T.copy(), ((outputs - outputs.mean()) / outputs.std())[None])
    start = balanced_factors(0.8 * data.target, (10, 12, 1))
    report = audit(start, learning_rate=0.01, inputs=data.inputs, outputs=data.outputs)
    off = report.finding("covariance").values["off_white"]
    exactly = exact(data.inputs) @ exact(data.inputs).T / fmpq(442) - exact(np.eye(10))
    assert 1e-15 < off[1] < 1e-13
    assert off[1] == pytest.approx(float(arb((exactly * exactly).sum()).sqrt()), rel=0.5)
    assert by_uid(report)["DL-013"].applies is Answer.FAILS
    assert by_uid(report)["DL-072"].holds is Answer.HOLDS
    assert report.run.rigour is Rigour.CERTIFIED
    assert report.run.steps <= by_uid(report)["DL-072"].steps
    found = report.finding("data").values
    assert found["samples"] == 442
    assert max(found["covariance_off"], found["target_off"]) < 1e-14
    rest = data.outputs - data.target @ data.inputs
    assert found["least_loss"] == pytest.approx((rest**2).sum() / 884, rel=1e-9)
    again = audit(start, data.target, 0.01, covariance=data.inputs @ data.inputs.T / 442)
    assert by_uid(again)["DL-072"].holds is Answer.HOLDS
    schema_check(report)


def test_the_run_on_data_is_exact_descent_on_data():
    """Samples in fractions, one step by the chain rule through X and Y."""
    inputs, outputs = np.array([[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]]), np.array([[1.0, 0.5, 0.25]])
    weights = [np.array([[0.5, 0.25], [0.25, 1.0]]), np.array([[0.75, 0.5]])]
    report = audit(weights, learning_rate=0.125, inputs=inputs, outputs=outputs, most_steps=1, to_loss=1e-9)
    (w, v), x, y = map(fractions, weights), fractions(inputs), fractions(outputs)
    rest = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(product(v, product(w, x)), y, strict=True)]
    gradient = [[each / 3 for each in row] for row in product(rest, turned(x))]
    rate = Fraction(1, 8)
    moved = []
    for layer, change in ((w, product(turned(v), gradient)), (v, product(gradient, turned(w)))):
        moved.append([[a - rate * b for a, b in zip(*rows, strict=True)] for rows in zip(layer, change, strict=True)])
    rest = product(moved[1], product(moved[0], x))
    loss_then = sum((a - b) ** 2 for rows in zip(rest, y, strict=True) for a, b in zip(*rows, strict=True)) / 6
    least = report.finding("data").values["least_loss"]
    assert report.run.loss[1] + least == pytest.approx(float(loss_then), rel=1e-12)


def test_a_covariance_that_is_singular():
    """Nothing is certified, in words; of the identity no word is lost, since it is none."""
    report = audit([np.eye(2)] * 2, np.diag([1.5, 1.0]), 0.01, covariance=np.diag([1.0, 0.0]))
    found = by_uid(report)["DL-072"]
    assert found.holds is Answer.FAILS
    assert any(each.sentence == "least eigenvalue of the covariance" for each in found.hypotheses)
    assert "singular" in report.finding("covariance").sentence
    schema_check(report)
    white = audit([np.eye(2)] * 2, np.diag([1.5, 1.0]), 0.01, covariance=np.eye(2))
    assert white.as_json() == audit([np.eye(2)] * 2, np.diag([1.5, 1.0]), 0.01).as_json()


def test_a_bottleneck_for_data():
    """The floor is at most what the best network of that width leaves, and no more than s_d times the tail."""
    covariance, target = np.diag([4.0, 1.0, 0.25]), np.diag([1.0, 1.0, 2.0])
    report = audit([np.ones((1, 3)), np.ones((3, 1))], target, 0.01, covariance=covariance, most_steps=0)
    best = (np.linalg.svd(target @ np.sqrt(covariance), compute_uv=False)[1:] ** 2).sum() / 2
    assert report.finding("bottleneck").values["floor"] == pytest.approx(0.25 * (1 + 1) / 2)
    assert best >= 0.25 * (1 + 1) / 2


def test_learning_rates_that_are_safe_and_that_are_not():
    """DL-071, DL-062 and DL-065 by their formulas; runs on both sides."""
    target = np.diag([2.0, 0.5])
    report = audit([np.eye(2)] * 2, target, most_steps=0)
    safe, stable = (report.finding(name).values["learning_rate"] for name in ("safe", "stable"))
    reach = 2 + np.sqrt(1.25)
    assert safe == pytest.approx(1 / (6 * 1.5 * reach), rel=1e-9)
    assert stable == pytest.approx(0.5, rel=1e-12)
    assert report.finding("identity").values["learning_rate"] == pytest.approx(0.5, rel=1e-12)
    losses = gradient_descent(Problem((np.eye(2),) * 2, target, safe), steps=50, record=range(50)).loss
    assert (np.diff(losses) < 0).all()
    near = (np.eye(2) * np.sqrt([2.0, 0.5]) + 1e-3,) * 2
    assert gradient_descent(Problem(near, target, 0.98 * stable), steps=500).loss[-1] < 1e-12
    assert gradient_descent(Problem(near, target, 1.02 * stable), steps=500).loss[-1] > 1e-4
    with pytest.raises(KeyError):
        audit([np.eye(2)] * 2, np.diag([2.0, -0.5]), most_steps=0).finding("identity")


def test_a_guarantee_beyond_reach_counts_for_nothing():
    """An imbalance of 2^-50 has a rate of its own, and promises what nobody will see."""
    weights = [2.0**-4 * np.eye(2), (2.0**-4 + 2.0**-47) * np.eye(2)]
    report = audit(weights, np.diag([1.0, 0.5]))
    found = by_uid(report)["DL-069"]
    assert found.applies is Answer.HOLDS
    assert found.steps > 10**12
    assert not found.counts
    assert report.largest_learning_rate is None
    assert report.certified_from.uid == "DL-013"
    schema_check(report)


def test_a_guarantee_is_plugged_in():
    """A row of one's own: "the loss is at most 1" at learning rates up to 1/2."""
    row = Guarantee(
        "DL-999",
        "made up",
        "l(T) <= l(0)",
        lambda enclosed: Chosen(None, ""),
        lambda problem, _: [
            Comparison(loss(problem.weights, problem.target), "<=", fmpq(1), "loss"),
            Comparison(rational(problem.learning_rate), "<=", fmpq(1, 2), "learning rate against 1/2"),
        ],
        lambda problem, _, initial, accuracy: 7,
        lambda problem, _, initial, steps: initial,
    )
    near, far = (Problem((np.array([[w]]),), np.array([[1.0]]), 0.75) for w in (2.0, 3.0))
    found = judge(row, near, True, fmpq(1), 0.1)
    assert (found.applies, found.holds, found.learning_rate_limit, found.learning_rate, found.steps) == (
        Answer.HOLDS,
        Answer.FAILS,
        0.5,
        0.5,
        7,
    )
    assert judge(row, far, True, fmpq(1), 0.1).applies is Answer.FAILS
    silent = replace(row, hypotheses=lambda problem, chosen: row.hypotheses(problem, chosen)[:1])
    with pytest.raises(ValueError, match="DL-999 says nothing of the learning rate"):
        judge(silent, near, True, fmpq(1), 0.1)


def test_rows_have_names_of_claims():
    from claims.command_line.claim_files import claim_files

    assert len({each.uid for each in GUARANTEES}) == len(GUARANTEES)
    assert {each.uid for each in GUARANTEES} <= set(claim_files())


# What does not change an answer.


def answers(report):
    return (
        [(each.uid, each.applies, each.holds, each.steps) for each in report.judgements],
        report.run and (report.run.steps, report.run.reached),
        report.certified_from and (report.certified_from.step, report.certified_from.further),
        report.certified,
    )


STARTS = {
    "small": ((np.diag([0.25, 0.125]), np.diag([0.25, 0.125])), np.diag([2.0, 1.0]), 1 / 128),
    "unbalanced": ((np.diag([1.0, 0.5]), np.diag([2.0, 1.0])), np.diag([2.0, 1.0]), 1 / 128),
    "near": ((np.diag([1.25, 1.0]), np.diag([1.25, 1.0])), np.diag([1.5, 1.125]), 1 / 128),
}


@pytest.mark.parametrize("name", STARTS)
def test_units_do_not_matter(name):
    """Layers times 2, target times 2^N, learning rate over 2^{2N-2}, loss times 4^N: exactly, and so the same words."""
    weights, target, rate = STARTS[name]
    plain = audit(weights, target, rate, to_loss=2.0**-12)
    scaled = audit([2 * w for w in weights], 4 * target, rate / 4, to_loss=2.0**-8)
    assert answers(plain) == answers(scaled)


@pytest.mark.parametrize("name", STARTS)
def test_bases_do_not_matter(name):
    """Inputs, hidden units and outputs are permuted, with signs."""
    weights, target, rate = STARTS[name]
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    other = [turn @ weights[0] @ turn.T, weights[1] @ turn.T]
    assert answers(audit(weights, target, rate)) == answers(audit(other, target @ turn.T, rate))


# The run, and the step from which a guarantee holds.


@pytest.mark.parametrize("name", STARTS)
def test_the_loss_of_the_run_is_that_of_exact_descent(name):
    """Six steps in fractions; their loss lies in the certified interval, which is no wider than rounding."""
    weights, target, rate = STARTS[name]
    report = audit(weights, target, rate, most_steps=6, to_loss=1e-300)
    layers = [fractions(w) for w in weights]
    for _ in range(6):
        layers = stepped(layers, fractions(target), Fraction(rate))
    found = exact_loss(layers, fractions(target))
    low, high = report.run.loss
    assert report.run.rigour is Rigour.CERTIFIED
    assert (report.run.steps, report.run.reached) == (6, False)
    assert Fraction(low) <= found <= Fraction(high)
    assert high - low <= 1e-11 * high


@pytest.mark.parametrize("rate", [2.0**-5, 33 * 2.0**-10])
def test_certified_from_a_step_is_so_in_rationals(rate):
    """Exact descent in fractions meets the theorem at the step that is told, in rationals, and not one step before."""
    weights, target = (np.diag([1.25, 1.0625]),) * 2, np.diag([2.0, 1.5])
    report = audit(weights, target, rate)
    later = report.certified_from
    assert later is not None
    assert later.uid == "DL-072"
    assert 2 <= later.step <= 5  # rationals grow threefold a step
    layers = [fractions(w) for w in weights]
    met = []
    for step in range(later.step + 1):
        if step >= later.step - 1:
            met.append(in_rationals(Problem(tuple(map(exact, layers)), exact(target), rational(rate))))
        layers = stepped(layers, fractions(target), Fraction(rate))
    assert met == [False, True]
    assert by_uid(report)["DL-072"].holds is Answer.FAILS
    run = gradient_descent(Problem(weights, target, rate), steps=later.step + later.further)
    assert run.loss[-1] <= report.to_loss


def in_rationals(state):
    """Whether all hypotheses of DL-072 hold in one of its forms, for all but a millionth of the largest margin."""
    posed = replace(state, covariance=exact(np.eye(2)))
    for where, balance in product_of(MARGINS, BALANCES):
        margin = general_data.certain_margin(posed, where) * (1 - 1e-6)
        if margin > 0 and not general_data.violated(posed, margin, balance=balance, margin_in=where):
            return True
    return False


def test_the_exact_weights_are_within_the_enclosures():
    weights, target, rate = STARTS["unbalanced"]
    state = state_of(gradient_descent(Problem(weights, target, rate), steps=4, certify=True))
    layers = [fractions(w) for w in weights]
    for _ in range(4):
        layers = stepped(layers, fractions(target), Fraction(rate))
    for enclosure, matrix in zip(state.weights, layers, strict=True):
        for place in np.ndindex(enclosure.shape):
            value, radius = Fraction(float(enclosure.value[place])), Fraction(float(enclosure.radius[place]))
            assert abs(matrix[place[0]][place[1]] - value) <= radius
            assert radius < Fraction(1, 10**12)


def test_steps_that_are_guaranteed_are_enough():
    """Of a certified start, and of one that is certified later, by runs of so many steps."""
    for start, rate in ((0.9, None), (0.05, 0.01)):
        weights = [np.array([[np.sqrt(start)]])] * 2
        report = audit(weights, np.array([[1.0]]), rate, to_loss=1e-6)
        if report.certified_from:
            steps = report.certified_from.step + report.certified_from.further
        else:
            steps = by_uid(report)["DL-013"].steps
        run = gradient_descent(Problem(tuple(weights), np.array([[1.0]]), report.run.learning_rate), steps=steps)
        assert run.loss[-1] <= 1e-6
        assert steps >= report.run.steps


def test_why_no_guarantee_is_met_is_told():
    """A learning rate that is too large for every margin; layers that stay unbalanced; no error bound."""
    small = audit(*STARTS["small"][:2], 0.0625)
    assert small.certified_from is None
    assert "learning rate against its limit" in small.run.not_met
    unbalanced = audit([np.diag([1.0, 2.0]), np.diag([0.75, 1.0]), np.diag([1.0, 0.25])], np.eye(2), 0.01)
    assert "||B_1||_F against delta" in unbalanced.run.not_met
    wild = audit([np.array([[1.0]]), np.array([[1.0]])], np.array([[0.5]]), 1.75, most_steps=40)
    assert "rounding" in wild.run.not_met
    assert wild.run.rigour is Rigour.ESTIMATE


def test_a_run_that_overflows_is_told():
    report = audit([np.array([[3.0]]), np.array([[3.0]])], np.array([[1.0]]), 2.0)
    assert report.run.diverged
    assert not report.run.reached
    assert not report.certified
    assert "overflows in step" in str(report)


def test_where_no_learning_rate_is_given_one_is_chosen():
    """The largest that is certified, or what DL-013 allows for half of sigma_min(Phi), or none."""
    certified = audit(*STARTS["near"][:2])
    assert certified.run.learning_rate == certified.largest_learning_rate
    small = audit(*STARTS["small"][:2])
    assert small.largest_learning_rate is None
    assert small.run.learning_rate == pytest.approx(0.5 / (8 * 5), rel=1e-12)
    assert small.certified_from
    singular = audit([np.diag([0.5, 0.5])] * 2, np.diag([1.0, 0.0]))
    assert singular.run is None
    assert all(each.holds is None for each in singular.judgements)


# Findings.


@given(st.data())
def test_numbers_are_what_they_are(data):
    """Loss, imbalances and singular values of any network, against NumPy; the exact loss against fractions."""
    widths = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    weights = data.draw(generic_weights(widths))
    target = data.draw(dyadic_matrices(widths[-1], widths[0]))
    report = audit(weights, target, most_steps=0, to_loss=1.0)
    found = report.finding("loss")
    assert found.rigour is Rigour.EXACT
    low, high = found.values["loss"]
    assert Fraction(low) <= exact_loss([fractions(w) for w in weights], fractions(target)) <= Fraction(high)
    norms = [np.linalg.norm(after.T @ after - before @ before.T) for before, after in pairwise(weights)]
    if norms:
        assert [low for low, _ in report.finding("imbalance").values["imbalance"]] == pytest.approx(norms, abs=1e-9)
    values = np.linalg.svd(target, compute_uv=False)
    margin = values[-1] - np.linalg.norm(end_to_end(weights) - target)
    assert report.finding("margin").values["margin"] == pytest.approx([margin, margin], abs=1e-9)
    width = min(widths[1:-1], default=99)
    floor = report.finding("bottleneck").values["floor"]
    assert floor == pytest.approx(0.5 * (values[width:] ** 2).sum(), abs=1e-9)
    assert floor <= 0.5 * (values[width:] ** 2).sum() + 1e-15
    schema_check(report)


def schema_check(report):
    jsonschema.validate(json.loads(json.dumps(as_json(report), allow_nan=False)), schema())


def test_a_bottleneck_keeps_the_loss_above_its_floor():
    weights, target = [np.full((1, 3), 0.5), np.full((3, 1), 0.5)], POSITIVE
    report = audit(weights, target, 0.05, to_loss=0.1)
    assert report.finding("bottleneck").values == {"width": 1, "floor": pytest.approx((1 + 0.25) / 2)}
    assert report.finding("unreachable")
    assert report.run is None
    assert report.rebalanced is None
    run = gradient_descent(Problem(tuple(weights), target, 0.05), steps=2000)
    assert run.loss[-1] >= 0.625 - 1e-12
    assert audit(weights, target, 0.05, to_loss=0.63).run.reached


@pytest.mark.parametrize(("depth", "rate"), [(2, 0.1), (4, 0.05)])
def test_negative_eigenvalues_from_equal_layers(depth, rate):
    """Even depth, layers I or any that commute: the floor of DL-006, which a run approaches."""
    target = np.array([[0.5, 1.0], [1.0, 0.5]])  # eigenvalues 3/2 and -1/2
    report = audit([np.eye(2)] * depth, target, rate)
    assert report.finding("sign").values["floor"] == pytest.approx(0.125, abs=1e-12)
    assert report.finding("sign").values["floor"] <= 0.125
    assert report.finding("sign").uid == "DL-006"
    assert report.run is None
    run = gradient_descent(Problem((np.eye(2),) * depth, target, rate), steps=3000)
    assert 0.125 - 1e-12 <= run.loss[-1] < 0.126
    commuting = audit([np.array([[2.0, 1.0], [1.0, 2.0]])] * depth, target, 1e-3, most_steps=0)
    assert commuting.finding("sign").values["negative"] == 1
    for other in ([np.eye(2)] * (depth - 1) + [np.diag([1.0, 2.0])], [np.diag([1.0, 2.0])] * depth):
        with pytest.raises(KeyError):
            audit(other, target, 1e-3, most_steps=0).finding("sign")


def test_negative_eigenvalues_from_the_identity_at_odd_depth():
    """DL-032, 4: below 1 / (1 + |Phi|_2); layers that are no identity get no such sentence."""
    target = np.diag([2.0, -0.5])
    found = audit([np.eye(2)] * 3, target, 0.1, most_steps=0).finding("sign")
    assert (found.uid, found.values["below"]) == ("DL-032", pytest.approx(1 / 3))
    run = gradient_descent(Problem((np.eye(2),) * 3, target, 0.3), steps=3000)
    assert run.loss[-1] > 0.125 >= found.values["floor"]
    with pytest.raises(KeyError):
        audit([2 * np.eye(2)] * 3, target, 0.1, most_steps=0).finding("sign")


def test_determinants_of_opposite_sign():
    report = audit([np.diag([1.0, 1.0]), np.diag([1.0, 3.0])], np.diag([-1.0, 1.0]), 0.01, most_steps=0)
    assert report.finding("determinant").values == {"network": 1, "target": -1}
    assert report.finding("margin").values["positive"] == "fails"
    for layer in (np.diag([1.0, 1.0]), np.diag([1.0, 0.0])):
        with pytest.raises(KeyError, match="expected one of loss, bottleneck"):
            audit([layer] * 2, POSITIVE[:2, :2], most_steps=0).finding("determinant")


def test_critical_starts():
    """Zero at depths two and three, a mode that was left out, and the target itself."""
    zero = audit([np.zeros((2, 3)), np.zeros((3, 2))], POSITIVE, 0.1)
    assert zero.finding("critical").values["kind"] == "strict saddle"
    assert zero.run is None
    assert zero.finding("unreachable")
    square = sum(abs(value) for value in [zero.finding("critical").values["curvature"]])
    assert 0 < square <= 2 + 1e-12
    deep = audit([np.zeros((3, 3))] * 3, POSITIVE, 0.1)
    assert deep.finding("critical").values["kind"] == "non-strict saddle"
    missed = audit([np.diag([1.0, 0.0])] * 2, np.diag([1.0, 3.0]), 0.1)
    assert missed.finding("critical").values["kind"] == "strict saddle"
    assert missed.finding("critical").values["curvature"] < 0
    solved = audit([EYE, POSITIVE], POSITIVE, 0.1)
    assert solved.finding("critical").values["kind"] == "global minimum"
    assert solved.run is None
    assert by_uid(solved)["DL-013"].steps in (0, None)


def test_curvature_is_the_hessians():
    """By Lanczos beyond 60 weights, and else as a matrix."""
    rng = np.random.default_rng(3)
    for widths in ((3, 2, 3), (8, 6, 5)):
        weights = tuple(rng.normal(size=(after, before)) for before, after in pairwise(widths))
        target = rng.normal(size=(widths[-1], widths[0]))
        expected = np.linalg.eigvalsh(hessian(weights, target))
        found = curvatures(Problem(weights, target, 0.0))
        assert found == pytest.approx((expected[0], expected[-1]), rel=1e-3)


@pytest.mark.parametrize("depth", [2, 3])
def test_a_small_start_stays_as_long_as_is_told(depth):
    """No layer is larger than R before the step, by a run; at depth two some layer is, at the step that is told."""
    rng = np.random.default_rng(5)
    weights = tuple(0.02 * rng.normal(size=(3, 3)) for _ in range(depth))
    report = audit(weights, POSITIVE, 0.05, most_steps=0)
    found = report.finding("escape").values
    assert found["steps"] > 20
    small, large = max(np.linalg.norm(w) for w in weights), 2 ** (1 / depth) / 2
    least = np.log(large / small) / np.log(1.1) if depth == 2 else (1 / small - 1 / large) / 0.1  # s = 2, eta = 0.05
    assert (found["from"], found["to"]) == pytest.approx((small, large))
    assert found["steps"] == np.floor(least)
    run = gradient_descent(Problem(weights, POSITIVE, 0.05), steps=found["steps"] - 1)
    assert max(np.linalg.norm(w) for w in run.weights) <= found["to"]
    if depth == 2:
        leaves = report.finding("leaves").values
        run = gradient_descent(Problem(weights, POSITIVE, 0.05), steps=leaves["steps"])
        assert max(np.linalg.norm(w) for w in run.weights) > leaves["to"]
    assert report.finding("saddle").values["modes"] == 0
    assert report.finding("saddle").uid == "DL-007"


def test_a_saddle_with_a_mode_is_near():
    weights = [np.diag([np.sqrt(2), 0.01, 0.01])] * 2
    found = audit(weights, POSITIVE, 0.05, most_steps=0).finding("saddle")
    assert found.values["modes"] == 1
    assert found.values["distance"] < 1e-3


def test_mode_times_are_those_of_the_run():
    """Aligned layers, turned in every hidden basis: singular values pass their halves when it is said."""
    rng = np.random.default_rng(7)
    u, v, q = (np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(3))
    target = u @ np.diag([3.0, 2.0, 1.0]) @ v.T
    small = np.diag([0.2, 0.3, 0.25])
    weights = (q @ small @ v.T, u @ small @ q.T)
    report = audit(weights, target, 0.01)
    found = report.finding("mode_times").values
    assert found["singular_values"] == pytest.approx([3, 2, 1])
    problem = Problem(weights, target, 0.01)
    for mode, step in enumerate(found["half_steps"]):
        for steps, below in ((step - 1, True), (step, False)):
            state = gradient_descent(problem, steps=steps).weights
            strength = float(u[:, mode] @ end_to_end(state) @ v[:, mode])
            assert (strength < (3, 2, 1)[mode] / 2) is below
    tilted = (weights[0] + 1e-3, weights[1])
    with pytest.raises(KeyError):
        audit(tilted, target, 0.01, most_steps=0).finding("mode_times")


def test_half_steps_beyond_a_block_and_beyond_the_last():
    layers, targets = np.full((2, 2), 0.01), np.array([1.0, 1e-4])
    found = half_steps(layers, targets, 0.001, 20_000)
    assert found[1] == 0
    assert found[0] > 1024
    modes = np.full((2, 1), 0.01)
    for _ in range(found[0]):
        assert modes.prod() < 0.5
        modes = modes - 0.001 * modes[::-1] * (modes.prod() - 1)
    assert modes.prod() >= 0.5
    assert half_steps(layers, targets, 0.001, 100) == [None, 0]
    late = half_steps(np.full((2, 1), 0.01), np.array([1.0]), 1e-4, 10**6)[0]
    assert late > 20_000
    assert gradient_descent(Problem((np.array([[0.01]]),) * 2, np.eye(1), 1e-4), steps=late).weights[0] ** 2 == (
        pytest.approx(0.5, abs=1e-3)
    )
    assert half_steps(np.array([[0.01], [0.02]]), np.array([1.0]), 1e-4, 10**6) == [None]
    assert half_steps(np.full((2, 1), 0.01), np.array([1.0]), 1e-4, 30_000) == [None]
    assert modes_of(Problem((np.zeros((2, 2)),) * 2, np.eye(2), 0.0)) is None


# The rebalanced network.


@given(st.data())
def test_rebalanced_layers_have_the_same_product_and_balance(data):
    widths = data.draw(st.lists(st.integers(1, 4), min_size=3, max_size=4))
    widths[1:-1] = [max(width, min(widths[0], widths[-1])) for width in widths[1:-1]]
    weights, target = data.draw(generic_weights(widths)), data.draw(dyadic_matrices(widths[-1], widths[0]))
    report = audit(weights, target, most_steps=0, to_loss=1.0)
    other = report.rebalanced
    assert [w.shape for w in other.weights] == [w.shape for w in weights]
    change = end_to_end([exact(w) for w in other.weights]) - end_to_end([exact(w) for w in weights])
    assert (change * change).sum() <= rational(other.change) ** 2
    assert other.change <= 1e-12 * (1 + np.linalg.norm(end_to_end(weights)))
    for b in imbalances([exact(w) for w in other.weights]):
        assert (b * b).sum() <= rational(other.imbalance) ** 2
    assert other.imbalance <= 1e-12 * (1 + np.linalg.norm(end_to_end(weights)))


def test_rebalancing_is_what_certifies():
    """Imbalance 15 fails, and with the same product balanced DL-013 holds."""
    report = audit([np.array([[4.0]]), np.array([[0.2]])], np.array([[1.0]]), 0.05)
    assert not report.certified
    assert {each.uid: each.holds for each in report.rebalanced.judgements}["DL-013"] is Answer.HOLDS
    assert report.rebalanced.run.reached
    assert "rebalanced" in str(report)


def test_a_bottleneck_has_no_room():
    with pytest.raises(ValueError, match="bottleneck"):
        rebalanced_weights([np.ones((1, 2)), np.ones((2, 1))])


# The smallest and the oddest.


@pytest.mark.parametrize(
    ("weights", "target"),
    [
        ([np.array([[2.0]])], np.array([[1.0]])),
        ([np.array([[0.0]])], np.array([[0.0]])),
        ([np.array([[0.0]])] * 3, np.array([[0.0]])),
        ([np.ones((1, 3))], np.zeros((1, 3))),
        ([np.ones((2, 3)), np.ones((4, 2))], np.zeros((4, 3))),
        ([np.zeros((2, 3)), np.zeros((4, 2))], np.ones((4, 3))),
        ([np.array([[1e-200]])] * 2, np.array([[1e-200]])),
        ([np.array([[1e150]])] * 2, np.array([[1.0]])),
        ([np.array([[1e160]])] * 2, np.array([[1.0]])),
    ],
)
def test_every_network_gets_a_report(weights, target):
    """Depth one, width one, zeros, underflow and overflow: no warning, valid JSON, and text."""
    for rate in (None, 1e-3):
        report = audit(weights, target, rate, to_loss=1e-3, most_steps=100)
        schema_check(report)
        assert str(report).startswith(f"{len(weights)} layer")


def test_a_wide_network_is_audited_in_seconds():
    """Beyond rationals: in float64 with its rounding bounded, and nothing is called exact that is not."""
    rng = np.random.default_rng(0)
    widths = (60, 50, 50, 5)
    weights = [rng.normal(size=(b, a)) / np.sqrt(a) for a, b in pairwise(widths)]
    target = end_to_end(weights) * 1.01
    report = audit(weights, target, most_steps=0)
    assert report.finding("loss").rigour is Rigour.CERTIFIED
    assert {each.uid: each.applies for each in report.rebalanced.judgements}["DL-013"] is Answer.HOLDS
    assert SHARPER.uid == "DL-013"


def test_arrays_of_all_kinds_and_none_is_changed():
    weights = [np.eye(2, dtype=np.float32), np.array([[1, 0], [0, 2]])]
    target = [[1.5, 0.0], [0.0, 2.0]]
    before = [matrix.copy() for matrix in weights]
    report = audit(weights, target, most_steps=10)
    assert report.dimensions == (2, 2, 2)
    assert all((a == b).all() and a.dtype == b.dtype for a, b in zip(weights, before, strict=True))
    assert claims.audit is audit


def test_tensors_are_taken():
    torch = pytest.importorskip("torch")
    layer = torch.nn.Linear(2, 2, bias=False)
    found = audit([layer.weight, layer.weight.to(torch.bfloat16).float()], np.eye(2), most_steps=0)
    assert found.finding("loss").rigour is Rigour.EXACT


ONE = np.array([[1.0]])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "sentence"),
    [
        ((np.eye(2), np.eye(2)), {}, TypeError, "weights is a ndarray; expected a list of matrices"),
        (([], ONE), {}, ValueError, "weights is empty"),
        (([np.ones(3)], ONE), {}, ValueError, r"weights\[0\] has shape \(3,\); expected two axes"),
        (([np.ones((1, 2)), np.ones((1, 2))], np.ones((1, 2))), {}, ValueError, r"weights\[1\] has shape"),
        (([ONE], np.ones((2, 2))), {}, ValueError, r"target has shape \(2, 2\)"),
        (([ONE], np.array([[np.nan]])), {}, ValueError, "target has the entry nan"),
        (([np.array([[np.inf]])], ONE), {}, ValueError, r"weights\[0\] has the entry inf"),
        (([ONE * 1j], ONE), {}, TypeError, r"weights\[0\] has dtype complex128; expected real numbers"),
        (([np.array([["a"]])], ONE), {}, TypeError, r"weights\[0\] has dtype <U1"),
        (([np.array([[True]])], ONE), {}, TypeError, "dtype bool"),
        (([np.array([[2**53 + 1]])], ONE), {}, ValueError, "that is no float64"),
        (([ONE], ONE, 0.0), {}, ValueError, "learning_rate is 0.0; expected a finite number > 0, or None"),
        (([ONE],), {}, TypeError, "target is None, and so are inputs; expected a target, or inputs and outputs"),
        (([ONE], ONE), {"inputs": ONE}, TypeError, "outputs is None; expected inputs and outputs, or neither"),
        (([ONE], ONE), {"inputs": ONE, "outputs": ONE}, TypeError, "target is given, and so are inputs"),
        (([ONE],), {"inputs": ONE, "outputs": ONE, "covariance": ONE}, TypeError, "covariance is given beside inputs"),
        (([ONE],), {"inputs": np.ones((1, 2)), "outputs": np.ones((1, 3))}, ValueError, "outputs has 3 samples"),
        (([ONE],), {"inputs": np.ones((2, 3)), "outputs": np.ones((1, 3))}, ValueError, r"target has shape \(1, 2\)"),
        (([ONE], ONE), {"covariance": -ONE}, ValueError, "covariance is not positive semidefinite"),
        (([ONE], ONE), {"covariance": np.eye(2) + 1}, ValueError, "covariance has shape"),
        (([ONE], ONE, -1.0), {}, ValueError, "learning_rate is -1.0; expected a finite number > 0"),
        (([ONE], ONE, "a"), {}, TypeError, "learning_rate is 'a'"),
        (
            ([1e200 * np.eye(2)] * 2, np.eye(2)),
            {},
            ValueError,
            "to_loss is None, and the loss at the start is beyond",
        ),
        (([ONE], ONE), {"to_loss": 0}, ValueError, "to_loss is 0; expected a finite number > 0"),
        (([ONE], ONE), {"to_loss": -1}, ValueError, "to_loss is -1"),
        (([ONE], ONE), {"most_steps": 1.5}, TypeError, "most_steps is 1.5"),
        (([ONE], ONE), {"most_steps": -1}, ValueError, "most_steps is -1"),
    ],
)
def test_bad_arguments_are_named(arguments, options, error, sentence):
    with pytest.raises(error, match=sentence):
        audit(*arguments, **options)


def test_singular_values_decide_the_margin_of_rounded_targets():
    """A target that float64 cannot diagonalise exactly: the margin's interval holds the ball of growing precision."""
    rng = np.random.default_rng(11)
    target = rng.normal(size=(3, 4))
    weights = balanced_factors(target * 0.9, (4, 3, 3))
    low, high = audit(weights, target, most_steps=0).finding("margin").values["margin"]
    values = singular_values(exact(target))
    distance = end_to_end([exact(w) for w in weights]) - exact(target)
    margin = values[-1] - arb((distance * distance).sum()).sqrt()
    assert low <= margin
    assert high >= margin
    assert high - low < 1e-12


def test_why_there_is_no_run_is_told():
    """A target of rank 1 gives no learning rate; with one that is given there is a run."""
    layers, target = [np.eye(2), np.eye(2)], np.outer([1.0, 2.0], [1.0, 2.0])
    report = audit(layers, target, most_steps=10)
    assert report.run is None
    assert "no run without a learning rate that is given: none is derived where Phi has no full rank" in str(report)
    assert "no run" not in str(audit(layers, target, 0.01, most_steps=10))


def test_one_layer_is_no_layers():
    """In the first line."""
    assert str(audit([np.eye(2)], 2 * np.eye(2), most_steps=10)).startswith("1 layer, 2 -> 2\n")
    assert str(audit([np.eye(2)] * 2, 2 * np.eye(2), most_steps=10)).startswith("2 layers, 2 -> 2 -> 2\n")


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ((), Answer.HOLDS),
        ((Answer.HOLDS, Answer.HOLDS), Answer.HOLDS),
        ((Answer.HOLDS, Answer.UNDECIDED), Answer.UNDECIDED),
        ((Answer.UNDECIDED, Answer.FAILS, Answer.HOLDS), Answer.FAILS),
    ],
)
def test_what_is_undecided_is_not_met(answers, answer):
    """Of all hypotheses together: one that fails decides, and one that is undecided is no yes."""
    asked = [Hypothesis("a hypothesis", 0.0, "<=", 0.0, each, Rigour.CERTIFIED) for each in answers]
    assert all_of(asked) is answer


def test_the_least_of_the_limits_is_that_of_the_learning_rate():
    """Of several the least, rounded down; what is not known, or is of something else, allows nothing."""

    def limit(*rights, sentence=RATE):
        return learning_rate_limit([Comparison(fmpq(0), "<=", right, sentence) for right in rights])

    assert limit(fmpq(2), fmpq(1), fmpq(3)) == 1
    assert limit(arb(1, 0.25)) <= 0.75
    assert limit(fmpq(1), arb("nan")) is None
    assert limit(fmpq(1), fmpq(0)) is None
    assert limit() is None
    assert limit(fmpq(1), sentence="imbalance against its limit") is None
