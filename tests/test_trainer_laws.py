"""Laws at the steps of trainers: honest ones break none, each law is broken by some other, and a sentence says how."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import trainers
from flint import arb, ctx
from hypothesis import Phase, given, settings

from claims.command_line.claim_files import claim_files
from claims.conformance import LOSSES
from claims.conformance.laws import LAWS, BrokenLawError, HeldTrainer, UnusableTrainerError
from claims.conformance.laws.descent import falls, falls_from_anywhere
from claims.conformance.laws.holding import Run
from claims.conformance.laws.iterates import BITS, agreement, own_steps
from claims.conformance.laws.near_targets import imbalance_within
from claims.conformance.running import Given
from solvers import Problem
from solvers.arithmetic import Comparison, compare, exact, lower_float, rational, square_root
from solvers.arithmetic.formats import FORMATS
from solvers.guarantees import theorem_one
from solvers.network import frobenius_squared, loss

EXAMPLES = 12
FEW = settings(max_examples=EXAMPLES, derandomize=True, database=None)
MANY = settings(max_examples=100, derandomize=True, database=None, phases=[Phase.generate])
NAMES = [law.name for law in LAWS]
BY_NAME = {law.name: law for law in LAWS}


def held(train, dtype="float64", loss="half-sum", *, transposed=False):
    return HeldTrainer(f"trainers:{train.__name__}", train, Given(FORMATS[dtype], transposed), LOSSES[loss])


def transposing(train):
    """The same trainer for matrices the other way round."""

    def turned(weights, inputs, outputs, learning_rate, steps):
        found = train([matrix.T for matrix in weights], inputs.T, outputs.T, learning_rate, steps)
        return [np.ascontiguousarray(matrix.T) for matrix in found]

    return turned


HONEST = {
    "NumPy, float64": held(trainers.descend),
    "NumPy, float32": held(trainers.descend, "float32"),
    "Gram form, float64": held(trainers.gram),
    "Gram form, float32": held(trainers.gram, "float32"),
    "float16": held(trainers.descend, "float16"),
    "mean of samples, as declared": held(trainers.mean, loss="half-mean-of-samples"),
    "mean of all, as declared": held(trainers.mean_of_all, loss="mean"),
    "transposed": held(transposing(trainers.descend), transposed=True),
}


@pytest.mark.parametrize("law", NAMES)
@pytest.mark.parametrize("trainer", HONEST)
def test_gradient_descent_breaks_no_law(law, trainer):
    """In any association, format and convention; and but for half precision every law is decided at some step."""
    found = BY_NAME[law].hold(HONEST[trainer], profile=FEW)
    assert found.held or trainer == "float16"
    assert found.held + found.undecided + found.outside >= EXAMPLES


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_torch_breaks_no_law(dtype):
    """SGD on Linear layers."""
    pytest.importorskip("torch")
    from claims.conformance import torch_trainer

    trainer = HeldTrainer("torch", torch_trainer(), Given(FORMATS[dtype], False), LOSSES["half-sum"])
    assert all(law.hold(trainer, profile=FEW).held for law in LAWS)


BROKEN = {
    "imbalance_moves_by_the_square_of_eta": (
        trainers.momentum,
        trainers.mean,
        trainers.decay,
        trainers.sequential,
    ),
    "balance_is_kept": (trainers.unbalancing,),
    "loss_falls_from_anywhere": (trainers.mean, trainers.upwards),
    "descent_lemma": (trainers.mean, trainers.upwards, trainers.decay),
    "one_layer_contracts": (trainers.momentum, trainers.mean, trainers.decay, trainers.twice),
    "linear_rate": (trainers.mean, trainers.upwards),
    "margin_is_kept": (trainers.momentum, trainers.upwards),
    "negative_eigenvalues_are_not_learned": (trainers.jumping, trainers.overreaching),
    "wrong_sign_is_never_left": (trainers.momentum, trainers.four_times, trainers.upwards),
    "zero_is_stationary": (trainers.biased,),
    "modes_move_apart": (trainers.momentum, trainers.mean, trainers.decay, trainers.sequential),
    "residual_layers_contract": (trainers.momentum, trainers.mean, trainers.sequential),
}
"""For each law, what breaks it."""

CASES = [(law, train) for law, broken in BROKEN.items() for train in broken]


@pytest.mark.parametrize(("law", "train"), CASES, ids=lambda each: getattr(each, "__name__", each))
def test_a_law_is_broken_by_what_is_no_gradient_descent(law, train):
    """With a sentence that names law, step, both numbers, what it means, and a call that can be pasted."""
    with pytest.raises(BrokenLawError) as error:
        BY_NAME[law].hold(held(train), profile=MANY)
    lines = str(error.value).splitlines()
    uid, item = BY_NAME[law].uid, BY_NAME[law].item
    assert re.fullmatch(rf"trainers:{train.__name__} breaks {uid} \({re.escape(item)}\) at step [123].*", lines[0])
    assert [line.split()[0] for line in lines[1:6]] == ["law", "where", "found", "so", "again"]
    assert re.search(r"is \S*\d, by the law .*\d.*float64", lines[3])
    *_, imported, call = lines
    assert imported.strip() == f"from trainers import {train.__name__} as train"
    again = eval(call.strip(), {"train": train, "np": np})
    assert all(np.isfinite(matrix).all() for matrix in again)


def test_every_law_is_broken_by_something():
    assert set(BROKEN) == set(NAMES)


@pytest.mark.parametrize("train", [trainers.momentum, trainers.mean, trainers.decay, trainers.sequential])
def test_the_usual_deviations_break_several_laws_in_float32_too(train):
    """And momentum none at step 1, where it is gradient descent."""
    laws = [law for law, broken in BROKEN.items() if train in broken]
    assert len(laws) >= 3
    with pytest.raises(BrokenLawError) as error:
        BY_NAME["imbalance_moves_by_the_square_of_eta"].hold(held(train, "float32"), profile=MANY)
    step = re.search(r"at step (\d)", str(error.value))[1]
    assert step == ("2" if train is trainers.momentum else "1")


def test_a_law_names_a_claim_and_one_of_its_items():
    """And has a sentence of its own, no two the same."""
    for law in LAWS:
        assert law.item in claim_files()[law.uid].items, law.name
    assert len({law.sentence for law in LAWS}) == len({law.meaning for law in LAWS}) == len(LAWS)


@given(BY_NAME["loss_falls_from_anywhere"].starts)
def test_the_data_are_white_and_the_learning_rate_is_the_problems(start):
    """1/2 ||W X - Y||_F^2 = 1/2 ||W - Phi||_F^2 exactly; a step is as long as asked, whatever divides the loss."""
    for name in ("half-sum", "mean"):
        trainer = held(trainers.descend, "float32", name)
        probe = trainer.posed(start)
        inputs = exact(probe.inputs)
        assert (inputs @ inputs.T == exact(np.eye(len(inputs)))).all()
        step = trainer.step(probe, probe.weights)
        asked = rational(float(start.learning_rate))
        assert asked * (1 - rational(2.0**-20)) <= step.learning_rate * step.scale <= asked
        target = 2 * exact(probe.outputs)[:, : len(inputs)]
        posed = Problem(tuple(map(exact, probe.weights)), target, asked)
        from solvers.network import layer_gradients

        plain = layer_gradients(posed.weights, posed.target)
        assert all((a == step.scale * b).all() for a, b in zip(step.gradients, plain, strict=True))
        assert loss(posed.weights, posed.target) >= 0


@given(BY_NAME["imbalance_moves_by_the_square_of_eta"].starts)
def test_a_step_is_from_the_trainers_own_iterate_and_holds_the_exact_one(start):
    """W(t) as it returned it, to the last bit; the exact step from there is within the radius."""
    trainer = held(trainers.gram, "float32")
    steps = list(own_steps(trainer, start, 3))
    for number, step in enumerate(steps, start=1):
        assert step.number == number
        probe = trainer.posed(start)
        for mine, own in zip(step.before.weights, trainer.after(probe, number - 1), strict=True):
            assert (mine == own).all()
        moved = step.problem.exact().step().weights
        for one, after, radius in zip(moved, step.after, step.radius, strict=True):
            assert (abs(one - exact(after)) <= exact(radius)).all()


def agreed(found, radius, law, unmoved):
    with ctx.workprec(BITS):
        ball = np.array([[arb(found, radius)]])
        return agreement(ball, exact([[law]]), exact([[unmoved]]), "x")


def test_an_equality_is_decided_only_where_rounding_cannot_hide_the_step():
    """Within the radius it holds; beyond it fails; where the ball holds the unmoved number it is undecided."""
    assert agreed(1.0, 2.0**-20, 1 + 2.0**-21, 2).holds
    assert agreed(1.0, 2.0**-20, 1 + 2.0**-19, 2).fails
    assert agreed(1.0, 2.0**-20, 1, 1).outcome.value == "undecided"
    failed = agreed(1.0, 2.0**-20, 3, 1)
    assert failed.fails
    assert failed.left == 2
    assert 2.0**-20 <= failed.right <= 2.0**-20 * (1 + 2.0**-20)  # radii of balls have few bits, and are rounded up
    assert agreed(1.0, 0, 1, 2).holds
    assert agreed(1.0, 0, 1.5, 2).fails


@pytest.mark.parametrize(
    ("train", "sentence"),
    [
        (trainers.forgetful, "trainers:forgetful returned None; expected a list of"),
        (trainers.raising, "trainers:raising raised RuntimeError: no such device"),
        (trainers.constant_float64, "returned for W_1 an array of float64; expected float32"),
        (trainers.overflowing, "trainers:overflowing leaves entries that are not finite after step 1"),
    ],
)
def test_a_trainer_that_returns_no_weights_is_told_so(train, sentence):
    """With the call that shows it."""
    with pytest.raises(UnusableTrainerError, match=re.escape(sentence)) as error:
        BY_NAME["zero_is_stationary"].hold(held(train, "float32"), profile=MANY)
    assert "import numpy as np" in str(error.value)


def test_starts_are_left_out_for_want_of_time_and_counted():
    """With no time at all nothing is held; what is broken is told though time runs out while it is made smaller."""
    law = BY_NAME["modes_move_apart"]
    found = law.hold(held(trainers.descend), profile=FEW, seconds=-1)
    assert (found.held, found.undecided, found.outside, found.left_out) == (0, 0, 0, EXAMPLES)
    assert f"{EXAMPLES} starts left out" in str(found)
    assert law.hold(held(trainers.descend), profile=FEW, seconds=None).left_out == 0
    with pytest.raises(BrokenLawError, match="breaks DL-029"):
        law.hold(held(trainers.mean), profile=settings(FEW, phases=tuple(Phase)), seconds=0.5)


def test_a_trainer_that_leaves_things_to_chance_is_told_so():
    """The same start, another answer."""
    calls = []

    def chancy(weights, inputs, outputs, learning_rate, steps):
        calls.append(0)
        scale = 1 + len(calls) % 2
        return trainers.descend(weights, inputs, outputs, scale * learning_rate, steps)

    with pytest.raises(AssertionError, match="chancy"):
        BY_NAME["one_layer_contracts"].hold(held(chancy))


def test_the_law_of_descent_is_of_half_the_gradients_squares():
    """With all of them gradient descent itself breaks it; with a limit that forgets balance, too (DL-003)."""
    law = BY_NAME["loss_falls_from_anywhere"]
    whole = replace(law, says=lambda step: [step.decide(partial(falls, share=rational(1)))])
    with pytest.raises(BrokenLawError):
        whole.hold(held(trainers.descend), profile=FEW)
    unbalanced = Problem((np.array([[100.0]]), np.array([[0.0]])), np.array([[1.0]]), 1 / 18)
    (step,) = own_steps(held(trainers.descend), unbalanced, 1)
    assert compare(falls_from_anywhere(step.exact())).fails
    assert list(law.says(step)) == []
    assert step.decide(falls).fails


def just_below(delta):
    """DL-002's start of layers 1 and (w, 0) with w^2 - 1 just below ``delta``, the largest learning rate for it, and
    the delta of its own margin."""
    second = lower_float((1 + arb(rational(delta))).sqrt())
    weights = np.eye(1), np.array([[second], [0.0]])
    problem = Problem(weights, np.array([[second], [0.125]]), 0.0)
    margin = rational(theorem_one.certain_margin(problem))
    norm = square_root(frobenius_squared(problem.exact().target))
    limit = theorem_one.imbalance_limit(2, margin, norm)
    return theorem_one.with_largest_learning_rate(problem, margin), limit


def test_balance_is_kept_within_more_than_delta():
    """From just below delta gradient descent exceeds delta in a step, and not 1 + 1/243 of it, as the law has it."""
    delta = 1e-4
    for _ in range(40):
        delta = lower_float(just_below(delta)[1])
    start, limit = just_below(delta)
    (step,) = own_steps(held(trainers.descend), start, 1)
    assert step.decide(partial(imbalance_within, layer=0, limit=limit)).fails
    (verdict,) = BY_NAME["balance_is_kept"].says(step)
    assert verdict.holds


def scalars(*layers, target, rate):
    return Problem(tuple(np.array([[layer]]) for layer in layers), np.array([[target]]), rate)


OUTSIDE = [
    ("balance_is_kept", scalars(2.0, 0.5, target=1.0, rate=2.0**-20)),
    ("loss_falls_from_anywhere", scalars(1.5, target=1.0, rate=0.5)),
    ("descent_lemma", scalars(1.0, 1.0, target=1.0, rate=0.25)),
    ("descent_lemma", scalars(1.25, 0.75, target=1.0, rate=2.0**-20)),
    ("linear_rate", scalars(1.0, 1.0, target=1.25, rate=0.25)),
    ("linear_rate", scalars(2.0, 0.5, target=1.25, rate=2.0**-20)),
    ("margin_is_kept", scalars(1.5, target=1.0, rate=3.0)),
    ("negative_eigenvalues_are_not_learned", scalars(1.0, -1.0, target=-1.0, rate=0.25)),
    ("wrong_sign_is_never_left", scalars(2.0, 2.0, target=-1.0, rate=0.25)),
    ("residual_layers_contract", scalars(0.5, 0.5, target=4.0, rate=2.0**-6)),
]
"""For each law with hypotheses, starts that do not meet one of them."""


@pytest.mark.parametrize(("law", "start"), OUTSIDE)
def test_a_law_says_nothing_outside_of_its_hypotheses(law, start):
    """Where gradient descent may break it."""
    (step,) = own_steps(held(trainers.descend), start, 1)
    assert list(BY_NAME[law].says(step)) == []


def test_a_learning_rate_that_is_no_float_is_taken_as_it_is():
    """2/(m d_N) of a float at d_N = 3: statements are asked in rationals."""
    start = Problem((np.ones((3, 1)),), np.zeros((3, 1)), 0.25 + 3 * 2.0**-54)
    (step,) = own_steps(held(trainers.mean_of_all, loss="mean"), start, 1)
    assert rational(float(step.learning_rate)) != step.learning_rate
    rate = partial(Comparison, relation="==", right=step.learning_rate, sentence="learning rate")
    assert step.decide(lambda problem: rate(rational(problem.learning_rate))).holds


def test_steps_that_the_format_has_no_learning_rate_for_are_undecided():
    """All three of them, though none is taken."""
    law, start = BY_NAME["one_layer_contracts"], Problem((np.eye(1),), np.zeros((1, 1)), 2.0**-40)
    run = Run(law, held(trainers.descend, "float16"), None)
    assert run.wrong(start) is None
    assert (run.found.held, run.found.undecided, run.found.outside) == (0, 3, 0)


def test_where_rounding_decides_nothing_nothing_is_held():
    """Half precision rounds away most of Theorem 1's steps: undecided, and no pass."""
    found = BY_NAME["linear_rate"].hold(held(trainers.descend, "float16"), profile=FEW)
    assert found.held < found.undecided
    assert "undecided, within rounding" in str(found)
