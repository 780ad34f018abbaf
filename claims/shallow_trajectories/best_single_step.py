"""The best single step of gradient descent on random linear regression leaves the risk (p + 1)/(n + p + 1).

Statement. X (n x p) has independent N(0, 1) entries, y = X w* + noise, |w*| = 1, the noise independent with mean 0 and
variance s per sample. One step on |X w - y|^2 / (2n) from 0 is w_1 = eta X^T y / n. For all n, p >= 1 its risk is

    E |w_1 - w*|^2 = 1 - 2 eta + eta^2 (n + p + 1 + s p) / n,

least for eta = n / (n + p + 1 + s p), where it is

    (p + 1 + s p) / (n + p + 1 + s p) = 1 - eta;   without noise (p + 1)/(n + p + 1).

It holds for every fixed w*, and so for random ones that are independent of the data.

Proof. w_1 - w* = -(I - eta S) w* + eta X^T noise / n with S = X^T X / n. E S = I, and E S^2 = (1 + (p + 1)/n) I: it is
kept by every rotation of the inputs, so it is a multiple of I, and its trace is DL-058's. The noise adds
eta^2 s E tr S / n = eta^2 s p / n. The rest is a square completed.

Hypotheses. "normal entries" (with entries +-1 the step is better), "start at zero".
Source. This project; LC18 (arXiv:1805.11917).
Differs from the source. The source has the flow; the single step is this project's. In the limit p / n -> c the risk is
c / (1 + c), without noise; flow without noise does better for c < 1, as its risk tends to 0.
"""

from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from claims.suite.cubature import gaussian_mean_of
from claims.suite.sources import LC18
from claims.suite.statistics import generator
from solvers.arithmetic import Comparison, compare, rational
from solvers.shallow import limit_risk, mean_moment

CLAIM = Claim(
    uid="DL-059",
    title="The best single step of linear regression",
    statement=__doc__,
    sources=(DLC.at("DL-059"), LC18),
    items=("12.10.3",),
    status=Status.THEOREM,
    hypotheses=("normal entries", "start at zero"),
    uses=("DL-058",),
)

SMALL = [(n, p) for n, p in product(range(1, 5), repeat=2) if n * p <= 4]


def risk_of_step(samples: Any, inputs: Any, eta: Any, noise: Any = 0, more: Any = 1) -> Any:
    """1 - 2 eta + eta^2 (n + p + 1 + s p) / n; ``more`` stands for the 1."""
    return 1 - 2 * eta + eta * eta * (samples + inputs + more + noise * inputs) / samples


def best_rate(samples: Any, inputs: Any, noise: Any = 0) -> Any:
    """n / (n + p + 1 + s p)."""
    return samples / (samples + inputs + 1 + noise * inputs)


def enumerated(samples: int, truth: tuple[int, ...], eta: fmpq) -> fmpq:
    """E |w_1 - w*|^2 without noise, by a finite distribution: |n w* - eta X^T X w*|^2 / n^2."""
    w = np.array(truth)

    def mean(values: object) -> fmpq:
        assert callable(values)
        return gaussian_mean_of((samples, len(truth)), values)

    def moved(x: Any) -> Any:
        return (x.mT @ (x @ w)[..., None])[..., 0]

    first, second = mean(lambda x: moved(x) @ w), mean(lambda x: (moved(x) ** 2).sum(axis=1))
    return fmpq(int(w @ w)) - 2 * eta * first / samples + eta**2 * second / samples**2


@symbolic
def test_the_square_is_completed_for_every_n_and_p() -> None:
    """n, p, s and eta symbols: risk - (1 - best) = (eta - best)^2 (n + p + 1 + s p) / n >= 0, and 0 at eta = best."""
    n, p, s, eta = sympy.symbols("n p s eta", positive=True)
    best = best_rate(n, p, s)
    gap = risk_of_step(n, p, eta, s) - (1 - best)
    assert sympy.simplify(gap - (eta - best) ** 2 * (n + p + 1 + s * p) / n) == 0
    assert sympy.simplify(1 - best - (p + 1 + s * p) / (n + p + 1 + s * p)) == 0
    c = sympy.Symbol("c", positive=True)
    assert sympy.simplify(sympy.limit((1 - best.subs(s, 0)).subs(p, c * n), n, sympy.oo) - c / (1 + c)) == 0


@exact
@pytest.mark.parametrize(("samples", "inputs"), [*SMALL, (100, 3), (3, 100)])
def test_the_coefficient_is_the_second_moment(samples: int, inputs: int) -> None:
    """(n + p + 1)/n = E tr S^2 / p of DL-058, and E tr S / p = 1."""
    assert risk_of_step(fmpq(samples), inputs, fmpq(1)) + 1 == mean_moment(samples, inputs, 2)
    assert mean_moment(samples, inputs, 1) == 1


@exact
@given(st.sampled_from(SMALL), st.data(), st.fractions(0, 3, max_denominator=16))
def test_the_risk_by_enumeration(shape: tuple[int, int], data: st.DataObject, eta: object) -> None:
    """n p <= 4, any w* of whole numbers up to 3, eta in [0, 3]: the mean over a finite distribution."""
    samples, inputs = shape
    truth = tuple(data.draw(st.lists(st.integers(-3, 3), min_size=inputs, max_size=inputs)))
    size = sum(entry**2 for entry in truth)
    step = rational(eta)  # type: ignore[arg-type]
    assert enumerated(samples, truth, step) == size * risk_of_step(fmpq(samples), inputs, step)


@exact
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.fractions(0, 4), st.fractions(0, 2))
def test_no_rate_is_better(samples: int, inputs: int, noise: object, eta: object) -> None:
    """n and p up to 10^6, s <= 4, eta <= 2, in rationals."""
    n, s, step = fmpq(samples), rational(noise), rational(eta)  # type: ignore[arg-type]
    least = risk_of_step(n, inputs, best_rate(n, inputs, s), s)
    assert least == 1 - best_rate(n, inputs, s)
    assert compare(Comparison(least, "<=", risk_of_step(n, inputs, step, s), f"eta = {step}")).holds


@sampled
@pytest.mark.parametrize(("samples", "inputs", "noise"), [(20, 10, 0), (10, 20, 1), (1, 1, 0)])
def test_simulation_agrees(samples: int, inputs: int, noise: int) -> None:
    """20000 draws at the best rate: the mean is within 5 standard errors of the risk. Power: a deviation of 7.4
    standard errors, below 0.04, would be noticed with probability 0.99."""
    random = generator("DL-059", samples, inputs)
    x = random.standard_normal((20000, samples, inputs))
    truth = np.eye(inputs)[0]
    labels = x @ truth + np.sqrt(noise) * random.standard_normal((20000, samples))
    rate = best_rate(fmpq(samples), inputs, noise)
    found = ((float(rate) * (x.mT @ labels[..., None])[..., 0] / samples - truth) ** 2).sum(axis=1)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert 7.4 * error < 0.04
    assert abs(found.mean() - float(1 - rate)) < 5 * error


@control
@ablates("DL-059", "normal entries", "dropped", Fate.REFUTED)
def test_refuted_for_signs() -> None:
    """Entries +-1, n = p = 1: S = 1, and eta = 1 leaves no risk at all, not (p + 1)/(n + p + 1) = 2/3."""
    signs = np.array([[[1]], [[-1]]])
    gram = (signs.mT @ signs)[:, 0, 0]
    left = fmpq(int(((1 - gram) ** 2).sum()), 2)
    assert left == 0
    assert compare(Comparison(risk_of_step(fmpq(1), 1, best_rate(fmpq(1), 1)), "<=", left, "entries +-1")).fails


@control
@ablates("DL-059", "start at zero", "dropped", Fate.REFUTED)
def test_refuted_from_another_start() -> None:
    """From w_0 = 2 w* the distance at the start is 1 as well, and the risk is the same; from w_0 = w* it is 0."""
    truth = (1, 0)
    assert enumerated(2, tuple(2 * w - w for w in truth), fmpq(1, 2)) == enumerated(2, truth, fmpq(1, 2))
    at_truth = enumerated(2, (0, 0), best_rate(fmpq(2), 2))
    assert compare(Comparison(risk_of_step(fmpq(2), 2, best_rate(fmpq(2), 2)), "<=", at_truth, "from w*")).fails


@control
@pytest.mark.parametrize("more", [fmpq(9, 10), fmpq(11, 10)])
def test_refuted_with_another_constant(more: fmpq) -> None:
    """p + 9/10 or p + 11/10 in place of p + 1: not the mean by enumeration."""
    step = fmpq(1, 2)
    assert enumerated(2, (1, 0), step) == risk_of_step(fmpq(2), 2, step)
    assert enumerated(2, (1, 0), step) != risk_of_step(fmpq(2), 2, step, more=more)


@control
@pytest.mark.parametrize("factor", [fmpq(9, 10), fmpq(11, 10)])
def test_refuted_that_another_rate_is_best(factor: fmpq) -> None:
    """Nine or eleven tenths of the best rate leave more."""
    best = best_rate(fmpq(5), 3, fmpq(1))
    less = risk_of_step(fmpq(5), 3, best, fmpq(1))
    assert compare(Comparison(risk_of_step(fmpq(5), 3, factor * best, fmpq(1)), "<=", less, f"{factor} of it")).fails


@witness
def test_flow_does_better_without_noise() -> None:
    """c = 1/2: one step leaves 1/3 in the limit, flow less at t = 3; with noise 4 flow is worse at t = 3."""
    third = fmpq(1, 3)
    assert compare(Comparison(limit_risk(fmpq(1, 2), fmpq(3), 0), "<", third, "flow")).holds
    noisy = arb(1) - 1 / (1 + fmpq(1, 2) * 5)
    assert compare(Comparison(limit_risk(fmpq(1, 2), fmpq(3), 4), ">", noisy, "flow, noise 4")).holds


@witness
def test_one_number() -> None:
    """n = p = 1: eta = 1/3 leaves 2/3, E (1 - x^2/3)^2 = 1 - 2/3 + 3/9."""
    assert enumerated(1, (1,), fmpq(1, 3)) == fmpq(2, 3) == risk_of_step(fmpq(1), 1, best_rate(fmpq(1), 1))
