"""Linear regression with random data: moments of Wishart matrices, exact and in the limit, and learning curves.

X (n x p) has independent N(0, 1) entries, S = X^T X / n, c the limit of p / n. The spectrum of S tends to the law of
Marchenko and Pastur: with ends (1 -+ sqrt c)^2 it has the density sqrt((x - l_-)(l_+ - x)) / (2 pi c x), and for c > 1
the mass 1 - 1/c at 0. Every integral over it is one over an angle,

    int h dMP = 2/pi int_0^pi h(x) sin^2 a / x da + (1 - 1/c)_+ h(0),     x = 1 + c - 2 sqrt(c) cos a,

of an analytic function, so that Arb encloses it. Gradient flow on least squares from 0, with labels X w* + noise of
variance s per sample and w* of norm 1, isotropic, has at time t the risk E |w(t) - w*|^2 (the mean over w* and noise)

    tr exp(-2 S t) / p + s / n tr (I - exp(-S t))^2 S^{-1}.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from flint import acb, arb, fmpq
from numpy.typing import NDArray

from solvers.arithmetic import Scalar, rational, whole_power
from solvers.shallow.checks import check_array, check_stack, check_whole

FloatArray = NDArray[np.float64]
Analytic = Callable[[acb], acb]

LARGEST_MOMENT = 6


def pairings(count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every way to pair the numbers 0, ..., count - 1: (count - 1)!! of them, none for an odd count."""
    yield from _pairings(tuple(range(count)))


def _pairings(left: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    if not left:
        yield ()
    for place in range(1, len(left)):
        for rest in _pairings(left[1:place] + left[place + 1 :]):
            yield ((left[0], left[place]), *rest)


@cache
def wishart_moment(order: int) -> dict[tuple[int, int], int]:
    """E tr (X^T X)^k as a polynomial in n and p: the coefficient of n^a p^b by (a, b).

    Isserlis: tr (X^T X)^k = sum X_{i1 j1} X_{i1 j2} X_{i2 j2} ... X_{ik jk} X_{ik j1}; each pairing of the 2k factors
    makes their rows equal and their columns equal, and contributes n^(rows left) p^(columns left). Raises ValueError
    unless 0 <= k <= 6 (there are (2k - 1)!! pairings).
    """
    check_whole(order, "order", least=0)
    if order > LARGEST_MOMENT:
        raise ValueError(f"order is {order}; expected at most {LARGEST_MOMENT}, which has 10395 pairings")
    if order == 0:
        return {(0, 1): 1}
    rows = [factor // 2 for factor in range(2 * order)]
    columns = [(factor + 1) // 2 % order for factor in range(2 * order)]
    counted: Counter[tuple[int, int]] = Counter()
    for pairing in pairings(2 * order):
        counted[_classes(order, rows, pairing), _classes(order, columns, pairing)] += 1
    return dict(counted)


def _classes(count: int, labels: list[int], pairing: tuple[tuple[int, int], ...]) -> int:
    """How many of ``count`` indices are left when the labels of paired factors are one."""
    names = list(range(count))
    for left, right in pairing:
        keep, drop = names[labels[left]], names[labels[right]]
        names = [keep if name == drop else name for name in names]
    return len(set(names))


def mean_moment(samples: int, inputs: int, order: int) -> fmpq:
    """E tr S^k / p for n = ``samples`` and p = ``inputs``, exactly; ValueError unless n, p >= 1 and 0 <= k <= 6."""
    check_whole(samples, "samples", least=1)
    check_whole(inputs, "inputs", least=1)
    total = sum(count * samples**a * inputs**b for (a, b), count in wishart_moment(order).items())
    return fmpq(total, inputs * samples**order)


def check_ratio(ratio: Any) -> fmpq:
    """c > 0 as a rational."""
    value = rational(ratio)
    if value <= 0:
        raise ValueError(f"ratio is {ratio!r}; expected a positive number, the limit of inputs / samples")
    return value


def edges(ratio: Scalar | float) -> tuple[arb, arb]:
    """l_- and l_+, (1 -+ sqrt c)^2."""
    root = arb(check_ratio(ratio)).sqrt()
    return whole_power(1 - root, 2), (1 + root) ** 2


def spectral_integral(h: Analytic, ratio: Scalar | float) -> arb:
    """int h dMP as a ball, for h analytic near [l_-, l_+] (and at 0, where c > 1). ValueError unless c > 0.

    h takes and returns ``acb``. At c = 1 the factor sin^2 a / x is cos^2(a/2).
    """
    c = check_ratio(ratio)
    inside = spectral_density_integral(h, c)
    return inside + h(acb(0)).real * (1 - 1 / c) if c > 1 else inside


def spectral_density_integral(h: Analytic, ratio: Scalar | float) -> arb:
    """The same without the mass at 0."""
    c = check_ratio(ratio)

    def integrand(a: acb, _: bool) -> acb:
        weight = (a / 2).cos() ** 2 if c == 1 else a.sin() ** 2 / _place(a, c)
        return h(_place(a, c)) * weight

    found: arb = 2 / arb.pi() * acb.integral(integrand, 0, arb.pi()).real
    return found


def _place(a: acb, c: fmpq) -> acb:
    """x = 1 + c - 2 sqrt(c) cos a, as (1 - sqrt c)^2 + 4 sqrt(c) sin^2(a/2)."""
    root = arb(c).sqrt()
    return whole_power(1 - root, 2) + 4 * root * (a / 2).sin() ** 2


def finite_size_term(h: Analytic, ratio: Scalar | float) -> arb:
    """lim p (E tr h(S) / p - int h dMP) = (h(l_-) + h(l_+)) / 4 - 1/(2 pi) int_0^pi h da, as a ball."""
    c = check_ratio(ratio)
    low, high = edges(c)
    inside = acb.integral(lambda a, _: h(_place(a, c)), 0, arb.pi()).real
    found: arb = (h(acb(low)).real + h(acb(high)).real) / 4 - inside / (2 * arb.pi())
    return found


def grown(x: acb, time: Scalar | int) -> acb:
    """(1 - exp(-x t)) / x, entire in x: t M(1, 2, -x t) with Kummer's function M."""
    return arb(time) * acb(-x * arb(time)).hypgeom_1f1(1, 2)


def limit_risk(ratio: Scalar | float, time: Scalar, noise: Scalar | int) -> arb:
    """int exp(-2 x t) dMP + c s int (1 - exp(-x t))^2 / x dMP, the risk at time t as n and p grow, as a ball."""
    c, t = check_ratio(ratio), arb(time)
    forgotten = spectral_integral(lambda x: (-2 * x * t).exp(), c)
    learnt = spectral_integral(lambda x: (1 - (-x * t).exp()) * grown(x, time), c)
    return forgotten + arb(c) * noise * learnt


def risk(eigenvalues: FloatArray, samples: int, time: float, noise: float) -> FloatArray:
    """The risk at time t >= 0 given the p eigenvalues of S along the last axis (any leading axes), in float64."""
    check_whole(samples, "samples", least=1)
    check_stack(eigenvalues, "eigenvalues", axes=1, expected="(..., p)")
    if time < 0:
        raise ValueError(f"time is {time}; expected at least 0")
    values = np.maximum(eigenvalues, 0)  # one that is 0 may be computed as -1e-17
    learnt = -np.expm1(-values * time) * _grown(values, np.asarray(float(time)))
    found: FloatArray = np.exp(-2 * values * time).mean(axis=-1) + noise / samples * learnt.sum(axis=-1)
    return found


def _grown(values: FloatArray, times: FloatArray) -> FloatArray:
    """(1 - exp(-x t)) / x in float64 for x >= 0, entry by entry; t at x = 0."""
    values, times = np.broadcast_arrays(values, times)
    found: FloatArray = np.divide(-np.expm1(-values * times), values, out=times.astype(np.float64), where=values > 0)
    return found


def classification_limit(ratio: Scalar | float, signal: fmpq, time: Scalar | int, start: Scalar) -> tuple[arb, arb]:
    """(E, V), the limits of mu.w(t) and |w(t)|^2 where x = y mu + z, m = ``signal`` = |mu|^2, |w(0)|^2 -> ``start``.

    w' = -(S w - 1/n sum y x), S = 1/n sum x x^T, y = +-1, z ~ N(0, I). With f(x) = (1 - exp(-x t)) / x

        E = int f dm,   V = (m + c) / m int f^2 dm + start int exp(-2 x t) dMP,
        dm = sqrt((x - l_-)(l_+ - x)) / (2 pi (L - x)) dx + ((m^2 - c)_+ / m) delta_L,   L = c + 1 + m + c / m.

    Raises ValueError unless c, m > 0; m^2 = c is refused, where dm's density has its pole at the end l_+.
    """
    c, m = check_ratio(ratio), rational(signal)
    if m <= 0 or m * m == c:
        raise ValueError(f"signal is {signal}; expected a positive number whose square is not the ratio {c}")
    last, decay = arb(time), spectral_integral(lambda x: (-2 * x * arb(time)).exp(), c)
    first = spiked_integral(lambda x: grown(x, last), c, m)
    second = spiked_integral(lambda x: grown(x, last) ** 2, c, m)
    return first, arb((m + c) / m) * second + start * decay


def spiked_integral(h: Analytic, ratio: Scalar | float, signal: fmpq) -> arb:
    """int h dm as a ball; dm as in :func:`classification_limit`, dm = 2c/pi sin^2 a / (L - x) da and its atom."""
    c, m = check_ratio(ratio), rational(signal)
    inside = spiked_density_integral(h, c, m)
    return inside + arb((m * m - c) / m) * h(acb(arb(_spike(c, m)))).real if m * m > c else inside


def _spike(c: fmpq, m: fmpq) -> fmpq:
    """L = c + 1 + m + c / m."""
    return c + 1 + m + c / m


def spiked_density_integral(h: Analytic, ratio: Scalar | float, signal: fmpq) -> arb:
    """The same without the atom at L."""
    c, m = check_ratio(ratio), rational(signal)
    top = _spike(c, m)

    def integrand(a: acb, _: bool) -> acb:
        x = _place(a, c)
        return h(x) * a.sin() ** 2 / (arb(top) - x)

    found: arb = 2 * arb(c) / arb.pi() * acb.integral(integrand, 0, arb.pi()).real
    return found


def regression_flow(inputs: FloatArray, labels: FloatArray, times: FloatArray, start: FloatArray) -> FloatArray:
    """w(t) of w' = -(S w - X^T y / n) from w(0), at each time: (..., T, p) for inputs (..., n, p), labels (..., n).

    By the eigenvectors of S: w(t) = exp(-S t) w(0) + (I - exp(-S t)) S^{-1} X^T y / n, with t for (1 - exp(-0 t)) / 0.
    """
    check_stack(inputs, "inputs", axes=2, expected="(..., n, p)")
    samples, columns = inputs.shape[-2:]
    for array, name, wanted in ((labels, "labels", (samples,)), (start, "start", (columns,))):
        check_stack(array, name, axes=1, expected=f"(..., {wanted[0]})")
        if array.shape != (*inputs.shape[:-2], *wanted):
            raise ValueError(f"{name} has shape {array.shape}; expected {(*inputs.shape[:-2], *wanted)}")
    check_array(times, "times", axes=1, expected="(T,)")
    if times.min() < 0:
        raise ValueError(f"times has the entry {times.min()}; expected none below 0")
    values, vectors = np.linalg.eigh(inputs.mT @ inputs / samples)
    values = np.maximum(values, 0)
    driven = ((inputs.mT @ labels[..., None]) / samples).mT @ vectors
    left = start[..., None, :] @ vectors
    rates, when = values[..., None, :], times[:, None]
    found: FloatArray = (np.exp(-rates * when) * left + _grown(rates, when) * driven) @ vectors.mT
    return found
