"""Statement 4, sampled: how often descent recovers random M from random entries; and a real matrix.

Whether M is recovered, ||U U^T - M||_F <= ||M||_F / 1000 at the last point, is decided by enclosures.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from flint import arb, fmpq
from numpy.typing import NDArray

from claims.suite import control, sampled, witness
from claims.suite.recovery import recovered
from claims.suite.statistics import consistent, generator
from solvers import Enclosure
from solvers.arithmetic import Comparison, compare
from solvers.shallow import FactoredObjective, MaskStack, factored_descent, mask, stacked_descent
from strategies import real_gram

FloatArray = NDArray[np.float64]

SIZE, RANK, DRAWS, STEPS = 20, 2, 120, 1000


@dataclass(frozen=True)
class Penalized:
    """f(U) + lambda sum_i (|U_i| - alpha)_+^4 for each of a stack; ``alpha`` (B,)."""

    stack: MaskStack
    alpha: FloatArray
    strength: float = 1.0

    @property
    def shape(self) -> tuple[int, int]:
        return self.stack.shape

    def gradient(self, factors: FloatArray) -> FloatArray:
        """4 lambda (|U_i| - alpha)_+^3 U_i / |U_i| more for each row."""
        lengths, excess = self._rows(factors)
        rows = 4 * self.strength * excess**3 / np.maximum(lengths, 1e-300)
        found: FloatArray = self.stack.gradient(factors) + rows[..., None] * factors
        return found

    def value(self, factors: FloatArray) -> FloatArray:
        found: FloatArray = self.stack.value(factors) + self.strength * (self._rows(factors)[1] ** 4).sum(axis=-1)
        return found

    def rows(self, which: NDArray[np.bool_]) -> "Penalized":
        return Penalized(self.stack.rows(which), self.alpha[which], self.strength)

    def _rows(self, factors: FloatArray) -> tuple[FloatArray, FloatArray]:
        lengths = np.linalg.norm(factors, axis=-1)
        return lengths, np.maximum(lengths - self.alpha[:, None], 0.0)


def drawn_masks(p: fmpq, random: np.random.Generator, count: int, size: int) -> FloatArray:
    """Symmetric patterns, each entry i <= j with probability p."""
    upper = np.triu(random.random((count, size, size)) < float(p))
    found: FloatArray = (upper | upper.mT).astype(np.float64)
    return found


@cache
def runs(p: fmpq, weighted_rows: int = SIZE) -> tuple[int, float]:
    """How many of DRAWS runs recover a Gaussian M whose weight is in that many rows, and its mean incoherence,
    n max_i |Z_i|^2 / |Z|_F^2."""
    random = generator("DL-036", "random masks", int(1000 * p), weighted_rows)
    truth = random.standard_normal((DRAWS, SIZE, RANK))
    truth[:, weighted_rows:] = 0.0
    truth /= np.linalg.norm(truth, 2, axis=(1, 2))[:, None, None]
    targets, patterns = truth @ truth.mT.copy(), drawn_masks(p, random, DRAWS, SIZE)
    targets = (targets + targets.mT) / 2
    rows = np.linalg.norm(truth, axis=-1)
    stack = Penalized(MaskStack(targets, patterns), 2 * rows.max(axis=-1))
    start = random.standard_normal((DRAWS, SIZE, RANK)) / np.sqrt(SIZE)
    ends = stacked_descent(stack, start, learning_rate=0.5, steps=STEPS).point
    incoherence = SIZE * rows.max(axis=-1) ** 2 / (rows**2).sum(axis=-1)
    return int(recovered(ends, targets).sum()), float(incoherence.mean())


@sampled
@pytest.mark.parametrize(
    ("p", "relation", "chance"),
    [(fmpq(1, 5), "<=", fmpq(1, 20)), (fmpq(3, 5), ">=", fmpq(9, 10)), (fmpq(9, 10), ">=", fmpq(9, 10))],
)
def test_how_often_descent_recovers_a_gaussian_matrix(p: fmpq, relation: str, chance: fmpq) -> None:
    """n = 20, k = 2, 120 draws of M, mask and start, at level 10^-9. Notices a probability that is off by 0.31."""
    found, _ = runs(p)
    verdict = consistent(found, DRAWS, relation, chance, f"p = {p}", notices=fmpq(31, 100))  # type: ignore[arg-type]
    assert verdict.holds, verdict


@control
def test_refuted_for_a_coherent_matrix() -> None:
    """All weight in two rows, p = 3/5: the chance of 9/10 that incoherent ones have is refuted by the same runs; their
    incoherence is above half of the largest possible, n / k, the others' below."""
    found, incoherence = runs(fmpq(3, 5), weighted_rows=2)
    assert consistent(found, DRAWS, ">=", fmpq(9, 10), "two rows").fails
    assert runs(fmpq(3, 5))[1] < SIZE / (2 * RANK) < incoherence


@control
def test_refuted_that_few_entries_are_enough() -> None:
    """p = 1/5: 42 of 210 entries on average, where M has 39 degrees of freedom; 9/10 is refuted."""
    assert consistent(runs(fmpq(1, 5))[0], DRAWS, ">=", fmpq(9, 10), "p = 1/5").fails


@cache
def real_runs(p: fmpq, steps: int) -> tuple[list[arb], list[arb], arb]:
    """linnerud's Gram matrix, k = its rank 6, 12 starts: f and ||N||_F^2 at the ends as balls, and ||M||_F^2."""
    gram = real_gram("linnerud")
    random = generator("DL-036", "linnerud", int(1000 * p))
    seen = drawn_masks(p, random, 1, len(gram.matrix))[0]
    objective, everything = FactoredObjective(gram.matrix, mask(seen)), FactoredObjective(gram.matrix)
    start = random.standard_normal((12, *gram.factor.shape)) / np.sqrt(len(gram.matrix))
    ends = factored_descent(objective, start, learning_rate=0.4, steps=steps, stop_at_value=1e-12).point
    balls = [Enclosure.of(end) for end in ends]
    observed = [objective.enclosed().value(ball) for ball in balls]
    misses = [4 * everything.enclosed().value(ball) for ball in balls]
    return observed, misses, Enclosure.of(gram.matrix).frobenius_squared()


@sampled
def test_a_real_matrix_is_recovered_from_most_of_its_entries() -> None:
    """p = 9/10: from each of 12 starts within 1/1000 of M."""
    _, misses, size = real_runs(fmpq(9, 10), 6000)
    for miss in misses:
        assert compare(Comparison(10**6 * miss, "<", size, "distance from M")).holds


@sampled
def test_a_real_matrix_is_not_determined_by_few_of_its_entries() -> None:
    """p = 3/10: from each of 12 starts ||T N||_F = 2 f^{1/2} <= ||M||_F / 500, and yet ||N||_F > ||M||_F / 2."""
    observed, misses, size = real_runs(fmpq(3, 10), 4000)
    for value, miss in zip(observed, misses, strict=True):
        assert compare(Comparison(10**6 * value, "<=", size, "misfit on the observed entries")).holds
        assert compare(Comparison(4 * miss, ">", size, "distance from M")).holds


@witness
def test_the_extra_term_and_its_gradient() -> None:
    """At rows longer than alpha the term is positive, its gradient the difference quotient's limit; below it is 0."""
    random = np.random.default_rng(0)
    factors = random.standard_normal((3, 4, 2))
    nothing = MaskStack(np.zeros((3, 4, 4)), np.zeros((3, 4, 4)))
    short, long = Penalized(nothing, np.full(3, 9.0)), Penalized(nothing, np.full(3, 0.5), 2.0)
    assert (short.value(factors) == 0).all()
    assert (short.gradient(factors) == 0).all()
    step, move = 2.0**-20, random.standard_normal((3, 4, 2))
    quotient = (long.value(factors + step * move) - long.value(factors - step * move)) / (2 * step)
    assert (long.value(factors) > 0).all()
    assert np.allclose(quotient, (long.gradient(factors) * move).sum(axis=(1, 2)), rtol=1e-6)
