"""Random networks counted against the mean of the caps that their own radii give."""

import numpy as np
import pytest
from flint import arb, fmpq
from numpy.typing import NDArray

from claims.initialization.random_margin import CLAIM
from claims.initialization.random_margin.angle import gap
from claims.initialization.random_margin.cap import cap, ratio_squared
from claims.suite import control, sampled
from claims.suite.statistics import consistent, gaussian_networks, generator, positive, product_tail, squared_norms
from solvers.arithmetic import Comparison, Enclosure, compare, exact, rational
from solvers.network import end_to_end, frobenius_squared
from strategies import regression

FloatMatrix = NDArray[np.float64]


COUNT = 800


def networks(
    hidden: tuple[int, ...], target: FloatMatrix, size: float, count: int = COUNT
) -> tuple[NDArray[np.bool_], Enclosure]:
    """Which of ``count`` random networks certainly have a positive margin, and r^2 of each.

    s is chosen so that the root of E r^2 is ``size`` times ||Phi||.
    """
    inputs = target.shape[1]
    dimensions = (inputs, *hidden, 1)
    scale = (size * float(np.linalg.norm(target)) / float(np.prod([inputs, *hidden])) ** 0.5) ** (
        1 / len(dimensions[1:])
    )
    weights = gaussian_networks(dimensions, scale, count, generator(CLAIM.uid, *dimensions, str(size)))
    product = end_to_end([Enclosure.of(layer) for layer in weights])
    inner = gap(product, Enclosure.of(target))
    return positive(Enclosure(inner.value[:, 0, 0], inner.radius[:, 0, 0])), squared_norms(product)


def promised(inputs: int, norms: Enclosure, target: FloatMatrix, *, times: fmpq | int = 1) -> arb:
    """The mean of the caps, each given its own r, and so its own h^2; ``times`` falsifies h^2."""
    whole = frobenius_squared(exact(target))
    squares = (arb(float(value), float(radius)) for value, radius in zip(norms.value, norms.radius, strict=True))
    caps = (cap(inputs, times * ratio_squared(square, whole)) for square in squares)
    return sum(caps, arb(0)) / len(norms.value)


def some_target(inputs: int) -> FloatMatrix:
    """Any direction does: 1, 3/2, -2, 5/2, ... with small denominators."""
    return np.array([[(-1.0) ** k * (1 + k / 2) for k in range(inputs)]])


# Given the radii the networks are independent, each with its own cap for probability. Hoeffding (Annals of Mathematical
# Statistics 27, 1956, Theorem 4): beyond one from the mean, the tails of their number are at most those of the
# binomial number whose probability is the mean of the caps. So the binomial test keeps its level.


@sampled
@pytest.mark.parametrize(
    ("inputs", "hidden"), [(1, (5,)), (1, (2, 3)), (2, ()), (2, (1,)), (3, (4, 4, 4)), (8, (2, 3))]
)
@pytest.mark.parametrize("size", [0.25, 1.0])
def test_frequency_of_positive_margins(inputs: int, hidden: tuple[int, ...], size: float) -> None:
    """Statement 3 through networks of depths 1 to 4, both tails; r about a quarter of ||Phi||, and about ||Phi||.

    Notices a probability that is off by 0.15; the caps themselves are checked exactly, and their h with the margin."""
    target = some_target(inputs)
    found, norms = networks(hidden, target, size)
    verdict = consistent(
        int(found.sum()), COUNT, "==", promised(inputs, norms, target), f"margin > 0, {hidden}", notices=fmpq(15, 100)
    )
    assert verdict.holds, verdict


@sampled
def test_frequency_of_six_thousand() -> None:
    """Widths 2-20-1, where r varies little, about 2 ||Phi||: enough to tell h from h sqrt(4/3), as the test shows."""
    target = some_target(2)
    found, norms = networks((20,), target, 2.0, count=6000)
    right, wrong = promised(2, norms, target), promised(2, norms, target, times=fmpq(4, 3))
    assert consistent(int(found.sum()), len(found), "==", right, "margin > 0", notices=fmpq(5, 100)).holds
    assert consistent(int(found.sum()), len(found), "==", wrong, "margin > 0, h^2 = r^2 / (3 ||Phi||^2)").fails


@sampled
@pytest.mark.parametrize("hidden", [(), (3, 2)])
def test_real_target(hidden: tuple[int, ...]) -> None:
    """The whitened diabetes data: Phi is 1 x 10. Notices a probability that is off by 0.15."""
    target = regression("diabetes").target
    found, norms = networks(hidden, target, 0.5)
    assert consistent(
        int(found.sum()), COUNT, "==", promised(10, norms, target), "margin > 0 on diabetes", notices=fmpq(15, 100)
    ).holds


@sampled
@pytest.mark.parametrize("hidden", [(), (4,), (3, 2)])
def test_one_half_as_the_entries_shrink(hidden: tuple[int, ...]) -> None:
    """Real target, root of E r^2 at 2^-12 ||Phi||: a half, and what is off by 0.15 is noticed; and every margin is at
    most r, below 1 per cent of ||Phi|| with a frequency that Markov's inequality promises, or 0.03 less is noticed."""
    target = regression("diabetes").target
    found, norms = networks(hidden, target, 2.0**-12)
    assert consistent(
        int(found.sum()), COUNT, "==", fmpq(1, 2), "margin > 0 for small entries", notices=fmpq(15, 100)
    ).holds
    limit = float(np.sum(target**2)) / 10**4
    small = int(positive(Enclosure.of(np.full(COUNT, limit)) - norms).sum())
    assert consistent(small, COUNT, ">=", 1 - fmpq(10**4, 2**23), "r at most ||Phi|| / 100", notices=fmpq(3, 100)).holds


@sampled
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_without_the_condition_on_r(ratio: float) -> None:
    """Widths 1-1-1, Phi = s^2 ratio / 2: P(0 < w < 2 Phi) = 1/2 - P(|u v| > ratio) / 2, below 1/2, both
    tails. Notices a probability that is off by 0.15."""
    weights = gaussian_networks((1, 1, 1), 1.0, COUNT, generator(CLAIM.uid, "111", str(ratio)))
    inner = gap(end_to_end([Enclosure.of(layer) for layer in weights]), Enclosure.of(np.array([[ratio / 2]])))
    found = int(positive(Enclosure(inner.value[:, 0, 0], inner.radius[:, 0, 0])).sum())
    probability = (1 - product_tail(rational(ratio))) / 2
    assert compare(Comparison(probability, "<", fmpq(1, 2), "the probability")).holds
    assert consistent(found, COUNT, "==", probability, "margin > 0 at widths 1-1-1", notices=fmpq(15, 100)).holds


@control
def test_refuted_with_half_the_angle() -> None:
    """h = r / ||Phi|| in place of r / (2 ||Phi||)."""
    target = some_target(3)
    found, norms = networks((5,), target, 1.0)
    wrong = promised(3, norms, target, times=4)
    assert consistent(int(found.sum()), COUNT, "==", wrong, "margin > 0, h twice as large").fails


@control
def test_refuted_that_the_probability_is_one_half() -> None:
    """At r near ||Phi|| it is well below; so the limit of small s is one."""
    found, _ = networks((5,), some_target(3), 1.0)
    assert consistent(int(found.sum()), COUNT, ">=", fmpq(1, 2), "margin > 0 with probability 1/2").fails


@control
def test_refuted_that_a_fixed_margin_stays_likely() -> None:
    """A margin of ||Phi|| / 100 has probability near 0 and not 1/2 as s -> 0 (margin <= r)."""
    target = some_target(3)
    _, norms = networks((5,), target, 2.0**-12)
    limit = float(np.sum(target**2)) / 10**4
    at_most = COUNT - int(positive(Enclosure.of(np.full(COUNT, limit)) - norms).sum())
    assert consistent(at_most, COUNT, "==", fmpq(1, 2), "r, and so perhaps the margin, above ||Phi|| / 100").fails
