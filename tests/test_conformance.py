"""``check_trainer``: no false alarm, what a failure says, and every bad answer of a trainer."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import deviant_trainers
import ml_dtypes
import numpy as np
import pytest
import torch
from deviant_trainers import BEHAVING, honest, moved, scaled, slopes
from honest_trainers import BFLOAT16, HONEST, backward, compiled
from jsonschema import Draft202012Validator

from claims.conformance import (
    LOSSES,
    SCALES,
    ConformanceError,
    Outcome,
    check_dtype,
    check_trainer,
    gradient_trainer,
    optax_trainer,
    torch_trainer,
)
from claims.conformance import report as report_module
from claims.conformance.behaviour import STEPS
from claims.conformance.probes import probes
from claims.conformance.running import Given
from claims.conformance.steps import Course, _worst, checked, course, flushes
from solvers.arithmetic import exact
from solvers.arithmetic.formats import FORMATS

SCHEMA = Draft202012Validator(
    json.loads(Path(report_module.__file__).with_name("conformance.schema.json").read_text("utf-8"))
)

# No false alarm.

RUNS = [
    *((name, dtype) for name in HONEST if "optax" not in name for dtype in ("float64", "float32")),
    *((name, "float16") for name in ("numpy backward", "numpy gram", "torch")),
    ("optax", "float32"),
]


@pytest.mark.parametrize(("name", "dtype"), RUNS)
def test_honest_trainers_conform(name, dtype):
    """NumPy in five forms, PyTorch's three, optax and jax.jit; every check is right, and each step was compared."""
    report = check_trainer(HONEST[name], dtype=dtype)
    assert report.conforms
    assert {check.outcome for check in report.checks} == {Outcome.RIGHT}
    assert all(check.ratio <= 1 for check in report.steps)
    assert len(report.steps) == 3 * len(probes(FORMATS[dtype])) >= 36


MEANS = {
    "torch": torch_trainer(loss=torch.nn.functional.mse_loss),
    "optax": optax_trainer(loss=lambda predictions, outputs: ((predictions - outputs) ** 2).mean()),
}


@pytest.mark.parametrize(("name", "dtype"), [("torch", "float64"), ("torch", "float32"), ("optax", "float32")])
def test_means_of_squares_conform_to_their_loss(name, dtype):
    """As the frameworks take them, quotients in their places."""
    assert check_trainer(MEANS[name], dtype=dtype, loss="mean").conforms


@pytest.mark.parametrize("name", BFLOAT16)
def test_honest_trainers_in_bfloat16(name):
    """Numbers that come in float32 arrays."""
    assert check_trainer(BFLOAT16[name], dtype="bfloat16").conforms


def test_a_compiled_trainer():
    """torch.compile, its graphs run as they are; one probe."""
    given, limits = Given(FORMATS["float32"], False), FORMATS["float32"]
    ran = course(torch_trainer(partial(compiled, backend="aot_eager")), given, probes(limits)[5], 2)
    assert [check.outcome for check in checked(ran, limits, LOSSES["half-sum"], 2)] == [Outcome.RIGHT] * 2


def test_tf32_products_conform_where_they_are_declared():
    """And in float32 they do not."""
    trainer = deviant_trainers.KNOWN["TF32"][0]
    assert check_trainer(trainer, dtype="tf32").conforms
    assert not check_trainer(trainer, dtype="float32", on_fail="return").conforms


def test_arrays_of_bfloat16_are_taken():
    """As JAX returns them."""

    def train(*arguments):
        return [matrix.astype(ml_dtypes.bfloat16) for matrix in BFLOAT16["torch"](*arguments)]

    assert check_trainer(train, dtype="bfloat16").conforms


# Power.

SEEN = {"float64": 3e-15, "float32": 2e-6, "float16": 0.02, "bfloat16": 0.1}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_power_that_is_told(dtype):
    """A relative error of the gradient of that size, and a little more, fails; of a twentieth of it passes."""
    report = check_trainer(honest, dtype=dtype)
    assert report.seen < SEEN[dtype]
    assert not check_trainer(scaled(lambda x, y: 1 + 1.2 * report.seen), dtype=dtype, on_fail="return").conforms
    assert check_trainer(scaled(lambda x, y: 1 + report.seen / 20), dtype=dtype, on_fail="return").conforms
    assert f"relative errors of the gradient below {report.seen:.1g}" in str(report)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_the_power_in_short_formats(dtype):
    """Two digits, and one."""
    trainer = HONEST["torch"] if dtype == "float16" else BFLOAT16["torch"]
    assert check_trainer(trainer, dtype=dtype).seen < SEEN[dtype]


# What a failure says.


def test_the_report_of_a_failure():
    """Momentum: the first wrong step with its numbers, a hint, what is right, and how to see it again."""
    report = check_trainer(deviant_trainers.KNOWN["momentum"][0], on_fail="return")
    text = str(report)
    assert "is NOT gradient descent on 1/2 ||W X - Y||_F^2: 26 of 39 steps are outside the bound" in text
    assert 'first: probe "scalar, depth 1", step 2   (step 1 is right)' in text
    assert "W_1 after step 1   1.34375   exact step 2   1.20703125   yours   1.06640625" in text
    assert "times the bound 2.9e-16" in text
    assert "diagnosis: momentum 0.9 (a hint, not part of the verdict)" in text
    assert "right: determinism, steps=0, caller's arrays, NaN" in text
    assert "np.array([[0.25]], np.float64), 0.125, 2)" in text
    assert report.failures[0].deviation.ratio > 1e14


@pytest.mark.parametrize("name", ["stale gradients", "first sample", "layers in turn, forward"])
@pytest.mark.parametrize("transposed", [False, True])
def test_the_snippet_fails_as_the_check_does(name, transposed):
    """For the first failure: run as it stands, it raises AssertionError; with an honest trainer it does not."""
    trainer = deviant_trainers.KNOWN[name][0]
    used = turned(trainer) if transposed else trainer
    report = check_trainer(used, on_fail="return", transposed=transposed)
    lines = [line for line in report.failures[0].snippet.splitlines() if not line.startswith(("from", "#"))]
    with pytest.raises(AssertionError):
        exec("\n".join(lines), {"train": used})
    exec("\n".join(lines), {"train": turned(honest) if transposed else honest})


def turned(trainer):
    """The same with every array transposed."""

    def train(weights, inputs, outputs, learning_rate, steps):
        found = trainer([matrix.T for matrix in weights], inputs.T, outputs.T, learning_rate, steps)
        return [matrix.T for matrix in found]

    return train


def test_a_snippet_imports_the_trainer_by_its_name():
    """Where that can be imported: run in another process, it fails."""
    snippet = check_trainer(deviant_trainers.stale, on_fail="return").failures[0].snippet
    assert "from deviant_trainers import stale as train" in snippet
    path = [str(deviant_trainers.__file__).rpartition("/")[0], *sys.path]
    code = f"import sys; sys.path[:0] = {path!r}\n{snippet}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=200)
    assert ran.returncode == 1
    assert "AssertionError" in ran.stderr


def test_the_error_that_is_raised_has_the_report():
    """By default."""
    with pytest.raises(ConformanceError, match="is NOT gradient descent") as raised:
        check_trainer(deviant_trainers.stale)
    assert not raised.value.report.conforms
    assert isinstance(raised.value, AssertionError)


def test_the_report_as_json():
    """JSON's types, as the schema says, with every check."""
    for trainer in (honest, deviant_trainers.stale):
        report = check_trainer(trainer, on_fail="return")
        found = json.loads(json.dumps(report.as_json()))
        SCHEMA.validate(found)
        assert found["conforms"] is report.conforms
        assert len(found["checks"]) == len(report.checks)
        assert {check["outcome"] for check in found["checks"]} <= {outcome.value for outcome in Outcome}
    assert found["diagnosis"] == "the gradient of the step before"


def test_the_schema_names_what_the_code_does():
    """Formats, losses, outcomes, and itself."""
    SCHEMA.check_schema(SCHEMA.schema)
    properties, check = SCHEMA.schema["properties"], SCHEMA.schema["$defs"]["check"]["properties"]
    assert SCHEMA.schema["$id"] == properties["schema"]["const"] == report_module.SCHEMA
    assert set(properties["dtype"]["enum"]) == FORMATS.keys()
    assert set(properties["loss"]["enum"]) == LOSSES.keys()
    assert check["outcome"]["enum"] == [outcome.value for outcome in Outcome]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "deep-linear-claims/conformance/0"},
        {"conforms": "yes"},
        {"dtype": "double"},
        {"seen": 0},
        {"checks": []},
        {"checks": [{}]},
        {"more": 1},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_report(change):
    """One thing at a time."""
    report = check_trainer(honest).as_json()
    SCHEMA.validate(report)
    assert not SCHEMA.is_valid(report | change)
    for missing in change.keys() & report.keys():
        assert not SCHEMA.is_valid({key: value for key, value in report.items() if key != missing})


@pytest.mark.parametrize("name", BEHAVING)
def test_other_questions(name):
    """Each fails the question that is about it, though its steps may be right."""
    trainer, question = BEHAVING[name]
    report = check_trainer(trainer, on_fail="return")
    assert question in {check.name for check in report.failures}
    assert f"{question}" in str(report)
    if name in ("cleaned", "one step at 0"):
        assert [check.name for check in report.failures] == [question]
        assert "though its steps are" in str(report)


def test_a_trainer_that_changes_the_callers_list():
    """Of weights, not the arrays in it."""

    def train(weights, inputs, outputs, learning_rate, steps):
        for _ in range(steps):
            weights[:] = moved(weights, learning_rate, slopes(weights, inputs, outputs))
        return weights

    (failure,) = check_trainer(train, on_fail="return").failures
    assert failure.name == "caller's arrays"
    assert "the caller's list of weights has other arrays" in failure.sentence


def test_a_trainer_may_refuse_nan():
    """With an exception."""

    def train(weights, *rest):
        if any(np.isnan(matrix).any() for matrix in weights):
            raise FloatingPointError("NaN in the weights")
        return honest(weights, *rest)

    assert check_trainer(train).conforms


# Conventions.


@pytest.mark.parametrize("loss", LOSSES)
def test_each_loss_convention(loss):
    """Its own gradient conforms to it, and to no other one."""
    trainer = scaled(lambda x, y: float(LOSSES[loss].scale(x.shape[1], len(y))))
    for other in LOSSES:
        assert check_trainer(trainer, loss=other, on_fail="return").conforms is (other == loss)


@pytest.mark.parametrize("name", ["2", "1/4", "1/m", "2/(m d_N)", "1/(2 d_N)", "m", "1/2 m d_N"])
def test_up_to_scale(name):
    """A named factor is found and told, and then the trainer conforms."""
    trainer = scaled(lambda x, y: float(SCALES[name](x.shape[1], len(y))))
    report = check_trainer(trainer, up_to_scale=True)
    assert report.scale == name
    assert f"is gradient descent on 1/2 ||W X - Y||_F^2 with learning rate x {name}," in str(report)
    assert not check_trainer(trainer, on_fail="return").conforms


def test_up_to_scale_needs_no_scale_and_finds_no_wrong_one():
    """Honest: none. Momentum: still a failure."""
    assert check_trainer(honest, up_to_scale=True).scale == ""
    report = check_trainer(deviant_trainers.KNOWN["momentum"][0], up_to_scale=True, on_fail="return")
    assert not report.conforms
    assert report.scale == ""


def test_transposed_arrays():
    """Weights (in, out), samples in rows; and an honest trainer of the other kind fails."""
    assert check_trainer(turned(honest), transposed=True).conforms
    assert not check_trainer(honest, transposed=True, on_fail="return").conforms


# Expected failures and variants.


def test_expected_failures():
    """By check or by probe, with a reason; the rest still counts."""
    trainer = scaled(lambda x, y: 1 / x.shape[1])
    failing = sorted({check.question for check in check_trainer(trainer, on_fail="return").failures})
    assert len(failing) == 8
    report = check_trainer(trainer, expected_failures=dict.fromkeys(failing, "a mean over samples"))
    assert report.conforms
    assert "is NOT gradient descent on 1/2 ||W X - Y||_F^2, as expected: 24 of 43 checks fail" in str(report)
    assert "fails as expected: 3-2, four samples, step 1 (a mean over samples)" in str(report)
    assert report.seen < 1e-14
    report = check_trainer(trainer, expected_failures=dict.fromkeys(failing[1:], "a mean"), on_fail="return")
    assert {check.question for check in report.failures} == {failing[0]}
    one = {"3-2, four samples, step 1": "one step"}
    names = {check.name for check in check_trainer(trainer, expected_failures=one, on_fail="return").failures}
    assert "3-2, four samples, step 1" not in names
    assert "3-2, four samples, step 2" in names


def test_unexpected_passes_are_told():
    """And fail nothing; a probe of which one step fails as expected has none."""
    report = check_trainer(honest, expected_failures={"NaN": "it cleans its weights", "scalar, depth 1": "momentum"})
    assert report.conforms
    assert "passes unexpectedly: NaN (it cleans its weights)" in str(report)
    assert "passes unexpectedly: scalar, depth 1, step 1 (momentum)" in str(report)
    momentum = deviant_trainers.KNOWN["momentum"][0]
    report = check_trainer(momentum, expected_failures={"scalar, depth 1": "momentum"}, on_fail="return")
    assert "passes unexpectedly" not in str(report)
    assert "fails as expected: scalar, depth 1, step 2 (momentum)" in str(report)


def half_rate(trainer):
    return lambda weights, inputs, outputs, rate, steps: trainer(weights, inputs, outputs, rate / 2, steps)


def test_variants_are_checked_too():
    """Under their names."""
    report = check_trainer(honest, variants=[turned_twice, half_rate], on_fail="return")
    failed = {check.name.partition(":")[0] for check in report.failures}
    assert failed == {"half_rate"}
    assert "half_rate: scalar, depth 1, step 1" in {check.name for check in report.failures}
    assert check_trainer(honest, variants=[turned_twice]).conforms


def turned_twice(trainer):
    return turned(turned(trainer))


# Bad answers.


def answering(change):
    """A trainer that does something else with its answer."""
    return lambda *arguments: change(honest(*arguments))


def raising(*arguments):
    raise RuntimeError("out of memory")


def leaving(*arguments):
    """Python, with the exit code of success."""
    sys.exit(0)


def skipping(*arguments):
    pytest.skip("no GPU")


def of_names(*, weights, inputs, outputs, learning_rate, steps):
    return honest(weights, inputs, outputs, learning_rate, steps)


def needing_gradients(weights, *rest):
    return [torch.tensor(matrix, requires_grad=True) for matrix in weights]


ANSWERS = [
    (raising, "raised RuntimeError: out of memory"),
    (leaving, "raised SystemExit: 0"),
    (skipping, "raised Skipped: no GPU"),
    (lambda weights: weights, "raised TypeError"),
    (
        of_names,
        "expected a function of weights, inputs, outputs, learning_rate, steps, not given by name",
    ),
    (answering(lambda weights: None), "returned None; expected a list of 1 arrays, the weights after the last step"),
    (answering(lambda weights: weights[0]), "returned a ndarray; expected a list of 1 arrays"),
    (answering(lambda weights: dict(enumerate(weights))), "returned a dict; expected a list"),
    (answering(lambda weights: weights[1:]), "returned 0 layers; expected 1, as many as it was given"),
    (
        answering(lambda weights: [each[0] for each in weights]),
        r"for W_1 an array of shape (1,); expected (1, 1)",
    ),
    (answering(lambda weights: [each.astype(np.float32) for each in weights]), "an array of float32; expected float64"),
    (answering(lambda weights: [each.astype(object) for each in weights]), "an array of object; expected float64"),
    (answering(lambda weights: [each * np.inf for each in weights]), "left entries that are not finite"),
    (needing_gradients, "returned for W_1 a Tensor that is no array"),
]


@pytest.mark.parametrize(("trainer", "sentence"), ANSWERS)
def test_what_is_no_answer_is_told(trainer, sentence):
    """As the first failure, with what was expected."""
    report = check_trainer(trainer, on_fail="return")
    first = report.failures[0]
    assert first.name == "scalar, depth 1, step 1"
    assert sentence in first.sentence
    assert sentence in str(report)
    assert "train(" in first.snippet
    compile(first.snippet, "snippet", "exec")
    assert report.as_json()["conforms"] is False


def raising_on_two_lines(*arguments):
    raise RuntimeError("no memory\nleft")


def test_a_trainer_that_always_raises_is_right_in_nothing():
    """It has not refused the NaN, and no step is outside a bound; its message stands in one line, to be pasted."""
    report = check_trainer(raising_on_two_lines, on_fail="return")
    assert {check.outcome for check in report.checks} <= {Outcome.WRONG, Outcome.UNDECIDED}
    assert "39 of 39 steps have no answer to compare" in str(report)
    assert "# raised RuntimeError: no memory left (steps=1)" in report.failures[0].snippet
    compile(report.failures[0].snippet, "snippet", "exec")


def inputs_first(weights, inputs, outputs, learning_rate, steps):
    """Layers (in, out), samples in rows."""
    return [each.T for each in honest([each.T for each in weights], inputs.T, outputs.T, learning_rate, steps)]


@pytest.mark.parametrize(("trainer", "transposed"), [(inputs_first, False), (honest, True)])
def test_arrays_the_other_way_round_are_named(trainer, transposed):
    """Of a trainer that is right where shapes let it run; the hint is what makes it conform."""
    report = check_trainer(trainer, transposed=transposed, on_fail="return")
    assert not report.conforms
    assert report.diagnosis == f"arrays the other way round, which are transposed={not transposed}"
    outside = "12 of 39 steps are outside the bound and 12 of 39 steps have no answer to compare"
    assert outside in str(report)
    assert check_trainer(trainer, transposed=not transposed).conforms


EXTREMES = {
    "zeros": lambda weights: [0 * each for each in weights],
    "the largest number": lambda weights: [0 * each + np.finfo(each.dtype).max for each in weights],
    "the smallest number": lambda weights: [0 * each + np.finfo(each.dtype).smallest_subnormal for each in weights],
    "other signs": lambda weights: [-each for each in weights],
}


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_extreme_answers_are_wrong_ones(name, dtype):
    """And can be told: as text, as JSON."""
    report = check_trainer(answering(EXTREMES[name]), dtype=dtype, on_fail="return")
    assert not report.conforms
    assert "times the bound" in str(report)
    SCHEMA.validate(json.loads(json.dumps(report.as_json(), allow_nan=False)))


def test_numbers_that_are_not_of_the_format():
    """bfloat16 in float32 arrays: 1/3 is none."""
    trainer = answering(lambda weights: [each * 0 + np.float32(1 / 3) for each in weights])
    failure = check_trainer(trainer, dtype="bfloat16", on_fail="return").failures[0]
    assert "an entry 0.3333333432674408; expected numbers of bfloat16" in failure.sentence


def test_steps_after_a_lost_one_are_not_right():
    """They are not checked, and that is a failure."""

    def train(weights, inputs, outputs, learning_rate, steps):
        if steps == STEPS:
            raise ArithmeticError
        return honest(weights, inputs, outputs, learning_rate, steps)

    report = check_trainer(train, on_fail="return")
    outcomes = [check.outcome for check in report.steps if check.probe == "scalar, depth 1"]
    assert outcomes == [Outcome.RIGHT, Outcome.WRONG, Outcome.UNDECIDED]
    assert not report.conforms
    only = {check.name: "lost" for check in report.failures if check.outcome is Outcome.WRONG}
    assert not check_trainer(train, on_fail="return", expected_failures=only).conforms


# Bad arguments.

BAD = [
    ({"train": 3}, TypeError, "train is a int; expected a function"),
    ({"dtype": "float8"}, ValueError, "dtype is 'float8'; expected one of float64, float32"),
    ({"dtype": np.int32}, ValueError, "expected one of float64, float32"),
    ({"loss": "mse"}, ValueError, "loss is 'mse'; expected one of half-sum, sum"),
    ({"loss": None}, ValueError, "loss is None; expected one of"),
    ({"steps": 0}, ValueError, "steps is 0; expected at least 1"),
    ({"steps": 1.5}, TypeError, "steps is 1.5; expected a whole number"),
    ({"transposed": 1}, TypeError, "transposed is 1; expected True or False"),
    ({"up_to_scale": None}, TypeError, "up_to_scale is None; expected True or False"),
    ({"on_fail": "skip"}, ValueError, "on_fail is 'skip'; expected 'raise' or 'return'"),
    ({"variants": "jit"}, TypeError, "variants is 'jit'; expected functions"),
    ({"variants": [1]}, TypeError, "expected functions that make a trainer of a trainer"),
    ({"expected_failures": {"Nan": "x"}}, ValueError, "expected_failures names 'Nan'; expected one of"),
    ({"expected_failures": {"NaN": ""}}, ValueError, "expected_failures.'NaN'. is ''; expected the reason"),
    ({"expected_failures": ["NaN"]}, TypeError, "expected_failures is .*; expected the reasons by name"),
]


@pytest.mark.parametrize(("changes", "kind", "message"), BAD)
def test_bad_arguments(changes, kind, message):
    """Named, with what would be right."""
    options = dict(changes)
    with pytest.raises(kind, match=message):
        check_trainer(options.pop("train", honest), **options)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: gradient_trainer(None), TypeError, "gradient is None; expected a function of weights"),
        (lambda: torch_trainer(3), TypeError, "fit is 3; expected a function of model"),
        (lambda: torch_trainer(print, loss=print), TypeError, "given fit, and an optimizer or a loss beside it"),
        (lambda: torch_trainer(dtype="float16"), ValueError, "dtype is 'float16'; expected None"),
        (lambda: optax_trainer(0.1), TypeError, "optimizer is 0.1; expected a function of the learning rate"),
        (lambda: optax_trainer(dtype=32), ValueError, "dtype is 32; expected None"),
    ],
)
def test_bad_arguments_of_adapters(make, kind, message):
    """When the trainer is made, not when it is run."""
    with pytest.raises(kind, match=message):
        make()


def test_names_of_formats():
    """NumPy's types, PyTorch's as they are written, names."""
    for dtype in ("float32", np.float32, np.dtype("float32"), torch.float32, FORMATS["float32"]):
        assert check_dtype(dtype) is FORMATS["float32"]
    assert check_dtype(None) is FORMATS["float64"]
    assert check_dtype(torch.bfloat16) is check_dtype(ml_dtypes.bfloat16) is FORMATS["bfloat16"]


def test_an_adapted_trainer_says_of_what_it_is_made():
    """In a report, and no import is made up for it."""
    report = check_trainer(gradient_trainer(lambda w, x, y: [2 * each for each in backward(w, x, y)]), on_fail="return")
    assert report.trainer.startswith("gradient_trainer(test_an_adapted")
    assert str(report).startswith(report.trainer)
    assert "\n# train: " in report.failures[0].snippet


def test_no_framework_is_imported_before_it_is_needed():
    """Nor by the package."""
    code = "import sys, claims.conformance; print(sorted({'torch', 'jax', 'optax', 'pytest'} & set(sys.modules)))"
    environment_path = f"import sys; sys.path[:] = {sys.path!r}\n"
    ran = subprocess.run(
        [sys.executable, "-c", environment_path + code], capture_output=True, text=True, check=True, timeout=200
    )
    assert ran.stdout.strip() == "[]"


# The verdict's own edges.


@pytest.mark.parametrize(("ulps", "outcome"), [(0, Outcome.RIGHT), (1, Outcome.RIGHT), (2, Outcome.WRONG)])
def test_the_bound_is_where_it_is_said_to_be(ulps, outcome):
    """1.5 - 1/8 (1.5 - 1/4) = 1.34375, where an ulp is 2.2e-16 and the bound 3.2e-16."""
    limits = FORMATS["float64"]
    probe = probes(limits)[0]
    weight = 1.34375 + ulps * 2.0**-52
    (check,) = checked(Course(probe, (probe.weights, (np.array([[weight]]),)), ""), limits, LOSSES["half-sum"], 1)
    assert check.outcome is outcome


def test_what_was_not_compared_is_no_pass():
    """Of a step whose predecessor left an infinity, alone."""
    limits = FORMATS["float64"]
    probe = probes(limits)[0]
    lost = (np.array([[np.inf]]),)
    first, second = checked(Course(probe, (probe.weights, lost, lost), ""), limits, LOSSES["half-sum"], 2)
    assert (first.outcome, second.outcome) == (Outcome.WRONG, Outcome.UNDECIDED)
    report = check_trainer(honest, on_fail="return")
    assert not replace(report, checks=(*report.checks, second)).conforms


def test_the_worst_entry_is_that_of_its_own_bound():
    """An error of 1 within 2, and one of 1/4 beside a bound of 1/8: the verdict is of the second."""
    yours, moved, bounds = ([[1.0, 3.0]], [[0.0, 2.75]], [[2.0, 0.125]])
    right = SimpleNamespace(moved=(exact(np.array(moved)),))
    worst = _worst((np.array(yours),), (np.array(yours),), right, (exact(np.array(bounds)),))
    assert (worst.layer, worst.row, worst.column) == (0, 0, 1)
    assert worst.error > worst.bound


def test_who_has_returned_a_subnormal_flushes_none():
    """Its bound has no room for that; else there is room, in formats with at least the exponents of float32."""
    assert flushes((np.array([[1.0, 0.0]]),), FORMATS["float32"])
    assert not flushes((np.array([[1.0, 2.0**-140]]),), FORMATS["float32"])
    assert not flushes((np.array([[1.0, 0.0]]),), FORMATS["float16"])
