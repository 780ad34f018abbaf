"""Small starts of U U^T: how fast the modes of the truth grow, and how those across it fade.

Descent on f(U) = 1/4 ||U U^T - M||_F^2, M positive semidefinite of rank r with eigenvalues sigma_1 >= ... >= sigma_r,
from U_0 = alpha Q, Q orthogonal. With 0 < eta <= 1/(2 sigma_1) and alpha^2 < sigma_r the eigenvalues u^2 of U U^T are

    sigma - u_T^2 <= sigma / (1 + (1 + eta sigma)^{2T} alpha^2 / (sigma - alpha^2)),    u_T^2 < sigma,
    u_T^2 <= alpha^2 / (1 + 2 eta alpha^2 T)    where sigma = 0.

(DL-054, statement 1.) The last function is of a network of quadratic units (statement 4).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from solvers.arithmetic import Scalar, power
from solvers.shallow.checks import check_whole


def learning_rate_limit(largest: fmpq, two: int | fmpq = 2) -> fmpq:
    """1/(2 sigma_1); ``two`` stands for the 2."""
    return 1 / (two * largest)


def signal_error(square: Any, eigenvalue: Any, learning_rate: Any, steps: Any, share: Any = 1) -> Any:
    """sigma / (1 + (1 + eta sigma)^{2T} alpha^2 / (sigma - alpha^2)), alpha^2 = ``square``; ``share`` times sigma
    stands for the sigma of the growth."""
    growth = (1 + share * learning_rate * eigenvalue) ** (2 * steps)
    return eigenvalue * (eigenvalue - square) / (eigenvalue - square + growth * square)


def null_square(square: Any, learning_rate: Any, steps: Any, two: Any = 2) -> Any:
    """alpha^2 / (1 + 2 eta alpha^2 T); ``two`` stands for the 2."""
    return square / (1 + two * learning_rate * square * steps)


def enough_steps(square: fmpq, largest: fmpq, smallest: fmpq, learning_rate: fmpq, accuracy: fmpq) -> int:
    """The least T, or the next, with T >= ln(sigma_1 / (alpha^2 eps)) / (2 ln(1 + eta sigma_r)): from then on every
    sigma - u_T^2 is below eps sigma. Raises ValueError for a number that is not positive."""
    _check_positive(square=square, largest=largest, smallest=smallest, learning_rate=learning_rate, accuracy=accuracy)
    growth = arb(1 + learning_rate * smallest).log()
    return _next_whole((arb(largest / (square * accuracy))).log() / (2 * growth))


def two_phases(square: fmpq, smallest: fmpq, learning_rate: fmpq, accuracy: fmpq) -> int:
    """T_1 + T_2, T_1 = ceil(ln(sigma_r / (2 alpha^2)) / (2 ln(1 + eta sigma_r / 2))) until u^2 is sigma_r / 2, if not
    yet, and T_2 = ceil(ln(1/eps) / (eta sigma_r)): from then on every sigma - u_T^2 is at most eps sigma. Errors as
    above."""
    _check_positive(square=square, smallest=smallest, learning_rate=learning_rate, accuracy=accuracy)
    first = (arb(smallest / (2 * square))).log() / (2 * arb(1 + learning_rate * smallest / 2).log())
    return _next_whole(first) + _next_whole((1 / arb(accuracy)).log() / (learning_rate * smallest))


def peak(square: Scalar, eigenvalue: Scalar, rank: int, size: int) -> tuple[Scalar, Scalar]:
    """L p <= max_t w(t) <= p for what rises across the truth, where T X = 2 X + tr(X) I, M = sigma P and rank P = r:

        p = alpha^{4/(r+2)} sigma^{r/(r+2)},
        L = (1 - h)^{r/(r+2)} exp(-2 (d+2) / ((r+1)(r+2)) (p/sigma) ((r+2)/r + ln(1/h))),   h = d p/sigma < 1.

    Raises ValueError where h is not below 1, so that nothing is said, and for other numbers out of their range.
    """
    _check_positive(square=square, eigenvalue=eigenvalue)
    check_whole(rank, "rank", least=1)
    check_whole(size, "size", least=rank)
    most = power(square, Fraction(2, rank + 2)) * power(eigenvalue, Fraction(rank, rank + 2))
    part = arb(most) / eigenvalue
    if not size * part < 1:
        raise ValueError(f"d p / sigma is {size * part}; expected less than 1, a smaller start")
    time = fmpq(2 * (size + 2), (rank + 1) * (rank + 2)) * part * (fmpq(rank + 2, rank) - (size * part).log())
    return power(1 - size * part, Fraction(rank, rank + 2)) * (-time).exp() * most, most


def _check_positive(**numbers: Scalar) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name} is {number}; expected a number > 0")


def _next_whole(number: arb) -> int:
    """The least whole number >= x >= 0, or the next where a ball does not tell; 0 for x < 0."""
    upper = (number + arb(2) ** (8 - ctx.prec)).ceil().upper()
    return max(0, int(float(upper)))
