"""Deviations that are known are detected and named, others detected; a guess is confirmed where it was not found."""

import re

import deviant_trainers
import pytest
from deviant_trainers import BEHAVING, KNOWN, UNKNOWN, honest, scaled

from claims.conformance import check_trainer
from claims.conformance.diagnosis import FITTED, shown
from claims.conformance.rules import rules


def test_there_are_enough_of_both():
    """And each rule has one name."""
    assert len(KNOWN) >= 34
    assert len(UNKNOWN) >= 15
    names = [name for name, _ in rules()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", KNOWN)
def test_known_deviations_are_detected_and_named(name):
    """In float64, far outside the bound."""
    trainer, told = KNOWN[name]
    report = check_trainer(trainer, on_fail="return")
    assert not report.conforms
    assert report.ratio > 1e5
    assert re.fullmatch(told, report.diagnosis), report.diagnosis


@pytest.mark.parametrize("name", UNKNOWN)
def test_other_deviations_are_detected(name):
    """Whatever the diagnosis."""
    report = check_trainer(UNKNOWN[name], on_fail="return")
    assert any(check.probe for check in report.failures)
    assert report.ratio > 1


IN_FLOAT32 = ["mean of squares", "momentum", "Nesterov", "Adam", "clipped entries", "layers in turn, forward", "TF32"]


@pytest.mark.parametrize("name", IN_FLOAT32)
def test_deviations_are_named_in_float32_too(name):
    """With seven digits to go by."""
    trainer, told = KNOWN[name]
    report = check_trainer(trainer, dtype="float32", on_fail="return")
    assert not report.conforms
    assert re.fullmatch(told, report.diagnosis), report.diagnosis


def test_a_named_deviation_still_fails():
    """Whatever it is called, and with every loss of which it is right up to a factor."""
    report = check_trainer(scaled(lambda x, y: 2.0), on_fail="return")
    assert report.diagnosis == 'learning rate x 2, which is loss="sum"'
    assert not report.conforms


def test_what_explains_one_probe_only_is_not_told():
    """Twice the gradient on the probe that parameters are found on, three times on the others of two outputs."""

    def train(weights, inputs, outputs, learning_rate, steps):
        fitted = inputs.shape == (2, 3) and learning_rate != 0.0625
        return honest(weights, inputs, outputs, learning_rate * (2 if fitted else 3 if len(outputs) == 2 else 1), steps)

    report = check_trainer(train, on_fail="return")
    assert FITTED in {check.probe for check in report.failures}
    assert report.diagnosis == ""


def test_what_is_random_has_no_diagnosis():
    """That it is random is what there is to say."""
    report = check_trainer(BEHAVING["noise"][0], on_fail="return")
    assert any(check.probe for check in report.failures)
    assert "two identical calls return different weights" in str(report)
    assert report.diagnosis == ""


@pytest.mark.parametrize("name", ["in place", "cleaned", "one step at 0"])
def test_right_steps_have_no_diagnosis(name):
    """What is wrong is said by the question's own sentence."""
    trainer, question = BEHAVING[name]
    report = check_trainer(trainer, on_fail="return", expected_failures={})
    wrong_steps = [check for check in report.failures if check.probe]
    assert question in {check.name for check in report.failures}
    assert (report.diagnosis == "") is (not wrong_steps)


def test_a_diagnosis_of_another_loss():
    """Momentum on the mean of squares, against the half sum and against the mean."""
    momentum = deviant_trainers.optimizer(deviant_trainers.torch.optim.SGD, momentum=0.9)
    assert check_trainer(momentum, on_fail="return").diagnosis == "momentum 0.9"

    def mean(weights, inputs, outputs, learning_rate, steps):
        return momentum(weights, inputs, outputs, 2 * learning_rate / outputs.size, steps)

    told = check_trainer(mean, on_fail="return").diagnosis
    assert told == "learning rate x 2 / (m d_N), momentum 0.9"
    assert check_trainer(mean, loss="mean", on_fail="return").diagnosis == "momentum 0.9"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "1"), (2.0, "2"), (0.9, "0.9"), (1 / 3, "1/3"), (1.0001, "(1 + 0.0001)"), (1 - 2**-20, "(1 - 9.54e-07)")],
)
def test_numbers_in_a_sentence(number, text):
    """Quotients where they are shorter; distances from 1."""
    assert shown(number) == text
