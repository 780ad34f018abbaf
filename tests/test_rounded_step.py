"""Formats against NumPy's and PyTorch's own; the exact step against the loss; simulated steps against NumPy, bit by
bit; the bound by hand."""

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import torch
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite.profiles import fewer
from solvers.arithmetic import exact, nearest
from solvers.arithmetic.formats import FORMATS, Format, check_format
from solvers.descent.rounded_step import Step, rounding_bound, roundings, summed_indices
from solvers.descent.simulated_step import Drawn, Machine, Plain, simulated_step
from strategies import rounded_steps

NUMPY = {"float64": np.float64, "float32": np.float32, "float16": np.float16}
TORCH = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}

# Formats.


@pytest.mark.parametrize("name", NUMPY)
def test_a_format_is_what_numpy_says(name):
    """Unit, smallest and largest numbers, normal and subnormal."""
    info, ours = np.finfo(NUMPY[name]), FORMATS[name]
    assert float(ours.unit) == info.eps / 2
    assert float(ours.smallest_normal) == info.smallest_normal
    assert float(ours.largest) == info.max
    assert float(2 * ours.underflow(flush=False)) == info.smallest_subnormal
    assert ours.underflow(flush=True) == ours.smallest_normal


@pytest.mark.parametrize("name", TORCH)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=20, max_size=20), st.integers(-160, 40))
def test_rounding_is_what_pytorch_does(name, numbers, exponent):
    """From float64, or from float32 where it goes that way; subnormals included; where we raise, it has an infinity."""
    wide = np.ldexp(np.frexp(np.array(numbers))[0], exponent)
    scaled = [float(number) for number in (wide if name == "float32" else wide.astype(np.float32))]
    theirs = torch.tensor(scaled, dtype=torch.float64).to(TORCH[name]).to(torch.float64).tolist()
    for number, rounded in zip(scaled, theirs, strict=True):
        try:
            assert FORMATS[name].nearest(number) == fmpq(*rounded.as_integer_ratio())
        except OverflowError:
            assert float(FORMATS[name].largest) < abs(number)
            assert np.isinf(rounded)


@pytest.mark.parametrize(
    ("number", "rounded"),
    [(257, 256), (259, 260), (258, 258), (Fraction(1, 3), Fraction(171, 512)), (-257, -256), (0, 0)],
)
def test_ties_go_to_the_even_number(number, rounded):
    """bfloat16 has 8 bits: 257 lies between 256 and 258, 259 between 258 and 260."""
    assert FORMATS["bfloat16"].nearest(number) == fmpq(*Fraction(rounded).as_integer_ratio())


def test_flushing_and_overflow():
    """Below the smallest normal number there is 0, above the largest an error; what rounds to them is they."""
    half = FORMATS["float16"]
    assert half.nearest(half.smallest_normal / 2, flush=True) == 0
    assert half.nearest(half.smallest_normal / 2) == half.smallest_normal / 2
    assert half.nearest(65519) == 65504
    with pytest.raises(OverflowError, match="65520 is beyond the range of float16"):
        half.nearest(65520)
    assert half.holds(65504)
    assert not half.holds(65505)
    assert not half.holds(10**9)


def test_factors_of_products_have_eleven_bits_in_tf32():
    """And all of them in the other formats."""
    number = 1 + fmpq(1, 2**11) + fmpq(1, 2**20)
    assert FORMATS["tf32"].factor(number) == 1 + fmpq(1, 2**10)
    assert FORMATS["tf32"].nearest(number) == number == FORMATS["float32"].factor(number)
    assert FORMATS["tf32"].product_unit == fmpq(1, 2**11)
    assert FORMATS["float32"].product_unit == 0


def test_gamma():
    """n u / (1 - n u), below n u = 1."""
    assert FORMATS["bfloat16"].gamma(3) == fmpq(3, 253)
    assert FORMATS["tf32"].product_gamma(2) == fmpq(2, 2046)
    with pytest.raises(ValueError, match="256 roundings in bfloat16 have n u = 1; expected n u < 1"):
        FORMATS["bfloat16"].gamma(256)


@pytest.mark.parametrize(("bad", "kind"), [("float8", ValueError), (32, TypeError), (None, TypeError)])
def test_a_format_that_is_none(bad, kind):
    """The names are told."""
    with pytest.raises(kind, match="expected a Format, or one of float64, float32, bfloat16, float16, tf32"):
        check_format(bad)
    assert check_format("float32") is check_format(FORMATS["float32"])


# The exact step.


def loss(weights, step):
    """kappa/2 ||W X - Y||_F^2."""
    signal = exact(np.eye(step.dimensions[0])) if step.inputs is None else step.inputs
    for matrix in weights:
        signal = matrix @ signal
    return step.scale / 2 * ((signal - step.outputs) ** 2).sum()


@fewer(2)
@given(rounded_steps(format=Format("five bits", 5, -4, 100)))
def test_the_exact_step_is_that_of_the_loss(drawn):
    """Of second degree in each entry, so that (l(w + 1) - l(w - 1)) / 2 is the derivative, exactly."""
    step = drawn.step
    for layer, matrix in enumerate(step.weights):
        for place in np.ndindex(matrix.shape):
            values = []
            for change in (1, -1):
                changed = matrix.copy()
                changed[place] += change
                values.append(loss([*step.weights[:layer], changed, *step.weights[layer + 1 :]], step))
            derivative = (values[0] - values[1]) / 2
            assert step.gradients[layer][place] == derivative
            assert step.moved[layer][place] == matrix[place] - step.learning_rate * derivative


def test_the_counts_of_a_network():
    """Widths 2, 3, 5, 7 and 11 samples; q = 4."""
    widths = (2, 3, 5, 7)
    assert summed_indices(widths, 0) == (5, 7, 3, 5)
    assert summed_indices(widths, 1) == (7, 3, 5, 2)
    assert summed_indices(widths, 2, 11) == (3, 5, 2, 11, 2, 3)
    step = step_of(widths, samples=11)
    assert roundings(step) == tuple(count + 5 for count in (12 + 8 + 13, 7 + 8 + 13 + 2, 8 + 13 + 5))


def step_of(widths, *, samples=None, entry=1, rate=1):
    """All entries alike."""
    full = [np.full((after, before), fmpq(entry), dtype=object) for before, after in pairwise(widths)]
    inputs = None if samples is None else np.full((widths[0], samples), fmpq(entry), dtype=object)
    outputs = np.full((widths[-1], samples or widths[0]), fmpq(0), dtype=object)
    return Step.of(full, outputs, rate, inputs=inputs)


def test_the_bound_by_hand():
    """w = 3, x = 2, y = 5, eta = 1/4, float16 with subnormals kept: n = 7 at q = 4, M = (3 2 + 5) 2 = 22, W+ = 5/2;
    k = 1, c = 3 + 1 + 8 = 12, V = (3 2 + 5) 2 2 = 44, tau = 2^-25."""
    step = Step.of([[[3]]], [[5]], fmpq(1, 4), inputs=[[2]])
    unit, tau = fmpq(1, 2**11), fmpq(1, 2**25)
    gamma = 7 * unit / (1 - 7 * unit)
    lost = (1 + gamma) * 44 * 24 * tau / (1 - 24 * tau)
    expected = (1 + unit) * (gamma * fmpq(22, 4) + lost) + unit * fmpq(5, 2) + tau
    assert rounding_bound(step, "float16", flush=False)[0][0, 0] == expected


def test_products_of_rounded_factors_by_hand():
    """The same in TF32, flushed: two factors a sum, of which there are two, and 6 more operations that underflow."""
    step = Step.of([[[3]]], [[5]], fmpq(1, 4), inputs=[[2]])
    unit, product, tau = fmpq(1, 2**24), fmpq(1, 2**11), fmpq(1, 2**126)
    relative = (1 / (1 - 7 * unit)) * (1 / (1 - 4 * product))
    lost = relative * 44 * 36 * tau / (1 - 36 * tau)
    expected = (1 + unit) * ((relative - 1) * fmpq(22, 4) + lost) + unit * fmpq(5, 2) + tau
    assert rounding_bound(step, "tf32")[0][0, 0] == expected


BAD = [
    ({"weights": []}, "weights is empty"),
    ({"weights": [[[1, 2]], [[1, 2]]]}, "weights.1. has shape"),
    ({"outputs": [[1, 2]]}, r"outputs has shape \(1, 2\); expected \(1, 1\)"),
    ({"outputs": [1]}, r"outputs has shape \(1,\); expected two axes"),
    ({"inputs": [[1], [2]]}, r"inputs has shape \(2, 1\); expected 1 rows"),
    ({"inputs": [[1, 2]]}, r"outputs has shape \(1, 1\); expected \(1, 2\)"),
    ({"learning_rate": -1}, "learning_rate is -1; expected a number >= 0"),
    ({"learning_rate": float("nan")}, "nan is not a rational number"),
    ({"scale": 0}, "scale is 0; expected a number > 0"),
]


@pytest.mark.parametrize(("changes", "message"), BAD, ids=lambda each: str(each)[:40])
def test_a_bad_step(changes, message):
    """What is wrong, and what would be right."""
    right = {"weights": [[[1]]], "outputs": [[1]], "learning_rate": 1, "inputs": None, "scale": 1}
    parts = right | changes
    with pytest.raises((TypeError, ValueError), match=message):
        Step.of(
            parts["weights"],
            parts["outputs"],
            parts["learning_rate"],
            inputs=parts["inputs"],
            scale=parts["scale"],
        )


@pytest.mark.parametrize(
    ("step", "options", "message"),
    [
        (
            step_of((1, 1), entry=fmpq(1, 3)),
            {},
            r"weights\[0\] has an entry 0.333.*; expected a normal number of float32",
        ),
        (step_of((1, 1), entry=fmpq(1, 2**140)), {}, "expected a normal number of float32, or 0"),
        (step_of((1, 1), entry=fmpq(1, 2**150)), {"flush": False}, "expected a number of float32, or 0"),
        (step_of((1, 1), rate=fmpq(1, 10)), {}, "learning_rate has an entry 0.1; expected a normal number"),
        (step_of((1, 1, 1), entry=2**60), {}, "gradient may be .*; expected a smaller one, so that"),
        (step_of((1, 1)), {"scalings": -1}, "scalings is -1; expected a whole number >= 0"),
        (step_of((1, 1)), {"scalings": 2**24}, "expected n u < 1"),
    ],
)
def test_no_bound(step, options, message):
    """A condition that is not met."""
    with pytest.raises(ValueError, match=message):
        rounding_bound(step, "float32", **options)


def test_sums_that_underflow_too_much():
    """2 c k^2 tau >= 1: 2 * 12 * 48^2 * 2^-14 > 1 in float16, flushed."""
    with pytest.raises(ValueError, match="sums of 48 products underflow in float16; expected a smaller dimension"):
        rounding_bound(step_of((48, 1), samples=1, entry=fmpq(1, 2**10)), "float16")


@fewer(2)
@given(st.sampled_from(sorted(FORMATS)), st.booleans(), st.data())
def test_the_strategy_keeps_its_promises(name, subnormal, data):
    """Numbers of the format, no subnormal ones unless asked for, a bound always; and what the parts cost."""
    limits = FORMATS[name]
    drawn = data.draw(rounded_steps(format=limits, subnormal=subnormal))
    step = drawn.step
    numbers = [entry for matrix in (*step.weights, step.outputs) for entry in matrix.ravel()]
    numbers += [step.learning_rate] if step.inputs is None else [step.learning_rate, *step.inputs.ravel()]
    assert all(limits.holds(number) for number in numbers)
    assert subnormal or all(number == 0 or abs(number) >= limits.smallest_normal for number in numbers)
    assert drawn.scalings >= 1 + len(drawn.parts)
    for flush in (False, True) if not subnormal else (False,):
        bounds = rounding_bound(step, limits, flush=flush, scalings=drawn.scalings)
        assert all((bound > 0).all() for bound in bounds)


# Simulated steps.


@fewer(3)
@given(st.sampled_from(["float64", "float32"]), st.data())
def test_the_textbook_step_is_numpys_bit_by_bit(name, data):
    """Sums in the order of their indices, by loops in NumPy's scalars; subnormals kept."""
    drawn = data.draw(rounded_steps(format=FORMATS[name], subnormal=True, samples=2))
    step, kind = drawn.step, NUMPY[name]
    weights = [nearest(matrix).astype(kind) for matrix in step.weights]
    inputs, outputs = (nearest(matrix).astype(kind) for matrix in (step.inputs, step.outputs))
    scalars = [kind(float(step.learning_rate)), *(kind(float(part)) for part in drawn.parts)]
    assert drawn.parts == () or max(drawn.parts) <= 2
    machine = Machine(FORMATS[name], Plain())
    for layer, ours in enumerate(simulated_step(step, machine, drawn.parts)):
        residual = in_order([*weights[::-1], inputs]) - outputs
        left = [matrix.T for matrix in weights[layer + 1 :]]
        update = in_order([*left, residual, inputs.T, *(matrix.T for matrix in weights[:layer])])
        for scalar in scalars:
            update = scalar * update
        theirs = weights[layer] - update
        if np.isfinite(theirs).all() and exactly_rounded(drawn.parts, FORMATS[name]):
            assert (ours == exact(theirs)).all()


def exactly_rounded(parts, limits):
    """Whether float(part) and then the format is one rounding: always so for the format's own numbers."""
    return limits.name == "float64" or all(limits.holds(part) for part in parts)


def in_order(factors):
    """The product from the left, each sum in the order of its index."""
    found = factors[0]
    for factor in factors[1:]:
        total = found[:, :1] * factor[:1]
        for k in range(1, len(factor)):
            total = total + found[:, k : k + 1] * factor[k : k + 1]
        found = total
    return found


def test_fused_multiply_adds_round_once():
    """(1 + 2^-12)^2 - 1 in float32: 2^-11 + 2^-24, of which separate rounding keeps 2^-11."""
    one, small = fmpq(1), 1 + fmpq(1, 2**12)
    left, right = np.array([[one, small]], dtype=object), np.array([[-one], [small]], dtype=object)
    for fused, expected in ((True, fmpq(1, 2**11) + fmpq(1, 2**24)), (False, fmpq(1, 2**11))):
        machine = Machine(FORMATS["float32"], Plain(), fused=fused)
        assert machine.product(left, right)[0, 0] == expected


def test_choices_reach_different_results():
    """A sum of 1, 2^-24 and 2^-24: lost one by one, and not together."""
    ones = np.array([[fmpq(1)] * 3], dtype=object)
    terms = np.array([[fmpq(1)], [fmpq(1, 2**24)], [fmpq(1, 2**24)]], dtype=object)
    machines = [Machine(FORMATS["float32"], Drawn(random.Random(seed))) for seed in range(20)]
    assert {str(machine.product(ones, terms)[0, 0]) for machine in machines} == {"1", str(1 + fmpq(1, 2**23))}


def test_parts_make_kappa():
    """Or they are refused."""
    with pytest.raises(ValueError, match=r"parts are .*'2'.*; expected numbers whose product is 1"):
        simulated_step(step_of((1, 1)), Machine(FORMATS["float32"], Plain()), [fmpq(2)])
