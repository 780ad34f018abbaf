"""Random starts to which Theorem 2 applies with a = 1 and p = 1/20, at its largest s and eta."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from claims.initialization.initialization_convergence import CLAIM
from claims.suite.statistics import consistent, gaussian_networks, generator
from solvers.arithmetic import Scalar, compare, exact, lower_float, rational, settle, square_root
from solvers.descent import gradient_descent
from solvers.guarantees import theorem_two
from solvers.network import Problem, balanced_factors, frobenius_squared
from strategies import row_target

FloatMatrix = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """Theorem 2 with a = 1 and p = 1/20: ``size`` is ||Phi||, ``scale`` the largest s and ``rate`` the largest eta, or
    floats just below, ``spread`` v, and ``margin`` c or just below."""

    widths: tuple[int, ...]
    target: FloatMatrix
    size: Scalar
    scale: float
    spread: Scalar
    margin: fmpq
    rate: float

    @classmethod
    def of(cls, widths: tuple[int, ...], limit: theorem_two.Limit, target: FloatMatrix | None = None) -> Setting:
        """``limit`` is that of statement 1 or 3."""
        inputs, depth = widths[0], len(widths) - 1
        target = row_target(inputs) if target is None else target
        size = square_root(frobenius_squared(exact(target)))
        scale = lower_float(theorem_two.scale_limit(inputs, size, fmpq(1)))
        spread = theorem_two.spread(rational(scale), inputs)
        margin = rational(lower_float(theorem_two.promised_margin(spread, size)))
        return cls(widths, target, size, scale, spread, margin, lower_float(limit(depth, 2 * margin * size, size)))

    def draw(self, count: int, key: str) -> list[Problem]:
        """Random starts by Procedure 1; the seed belongs to the widths and the key."""
        random = generator(CLAIM.uid, *self.widths, key)
        (matrices,) = gaussian_networks((self.widths[0], self.widths[-1]), self.scale, count, random)
        return [Problem(balanced_factors(matrix, self.widths), self.target, self.rate) for matrix in matrices]

    def accuracy(self, fall: int) -> fmpq:
        """||Phi||^2 / ``fall``."""
        whole: fmpq = frobenius_squared(exact(self.target))
        return whole / fall

    def steps(self, accuracy: fmpq) -> int:
        """T."""
        return theorem_two.steps_to(len(self.widths) - 1, rational(self.rate), self.spread, self.size, accuracy)

    def with_margin(self, drawn: list[Problem]) -> list[Problem]:
        """The networks that certainly have margin >= c, the others certainly not; as many as p promises.

        Of 500 or more drawn: notices a probability that is lower by 0.05, which is to say 0.
        """
        verdicts = [settle(partial(theorem_two.has_margin, problem.exact(), self.margin)) for problem in drawn]
        assert all(verdict.holds != verdict.fails for verdict in verdicts)
        chosen = [problem for problem, verdict in zip(drawn, verdicts, strict=True) if verdict.holds]
        assert consistent(
            len(chosen), len(drawn), ">=", theorem_two.TWENTIETH, "margin", notices=theorem_two.TWENTIETH
        ).holds
        assert chosen
        return chosen


def count_at_the_end(setting: Setting, count: int, accuracy: fmpq) -> int:
    """How many of so many random starts certainly are at eps after T steps; the others certainly are not."""
    ends = gradient_descent(setting.draw(count, "count"), steps=setting.steps(accuracy), certify=True)
    verdicts = [compare(theorem_two.guarantee(end, accuracy)) for end in ends]
    assert all(verdict.holds != verdict.fails for verdict in verdicts)
    return sum(verdict.holds for verdict in verdicts)
