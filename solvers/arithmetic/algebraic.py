"""Real algebraic numbers, whose ties are decided.

Balls of any precision leave it open whether sqrt(2) sqrt(3) = sqrt(6). What closes it is that an algebraic number that
is not 0 cannot be small: with D >= [Q(x) : Q] and h(x) its absolute logarithmic height, here to base 2,

    Liouville.   x = 0 or |x| >= 2^{-D h(x)}.
    Heights.     h(p/q) = log max(|p|, |q|) in lowest terms, h(x + y) <= h(x) + h(y) + 1, h(x y) <= h(x) + h(y),
                 h(x^{p/q}) = |p/q| h(x); and of a root of an irreducible f in Z[X] of degree d,
                 h(x) <= 1/d log ||f||_2 (Landau).

(M. Waldschmidt, Diophantine Approximation on Linear Algebraic Groups, Springer 2000, Chapter 3.) An :class:`Algebraic`
is a formula: it encloses its number at any precision, bounds its height, and knows what generates a field that has it.
Its sign is that of a ball, or 0 where a ball about 0 is thinner than Liouville's bound. Exact, and costly near a tie
only.

Numbers are made so only inside :func:`algebraic_numbers`; elsewhere roots are balls, which are quicker.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache, partial, reduce
from typing import Any, NoReturn

from flint import arb, ctx, fmpq, fmpz, fmpz_poly

from solvers.arithmetic.ball_powers import ball_power, whole_power

ACTIVE: ContextVar[bool] = ContextVar("ACTIVE", default=False)
MOST_BITS = 1 << 20
"""Where Liouville's bound asks for more, the sign of what balls leave open is given up."""
ISOLATING = 256
"""Bits at which the roots of a polynomial are told apart, and from which one of them is refined."""


class NotAlgebraicError(ArithmeticError):
    """Nothing exact is known: a formula is not one of algebraic numbers, or their degree is beyond computing."""


@contextmanager
def algebraic_numbers() -> Iterator[None]:
    """Inside, irrational roots are :class:`Algebraic`."""
    token = ACTIVE.set(True)
    try:
        yield
    finally:
        ACTIVE.reset(token)


class Algebraic:
    """A real algebraic number: ``enclose`` gives a ball at the precision of ``flint.ctx``, ``height`` is at least the
    height in bits, and ``generators`` are numbers, by name and degree, whose field has it.

    ``name`` is what equal formulas share, so that a generator counts once.
    """

    __hash__ = None  # type: ignore[assignment]  # equal numbers have different formulas
    __slots__ = ("_bits", "_kept", "_root", "enclose", "generators", "height", "name")

    def __init__(
        self,
        enclose: Callable[[], arb],
        height: Fraction | int,
        generators: Mapping[Hashable, int] | None = None,
        name: Hashable = None,
    ) -> None:
        self.enclose = enclose
        self.height = height
        self.generators = generators or {}
        self.name = object() if name is None else name
        self._bits, self._kept = 0, arb(0)
        self._root: tuple[Algebraic, Fraction] | None = None

    @classmethod
    def of(cls, number: Any) -> Algebraic:
        """A rational number as an algebraic one; NotAlgebraicError for a ball, which is no single number."""
        if isinstance(number, Algebraic):
            return number
        if not isinstance(number, fmpq | fmpz | int | Fraction):
            raise NotAlgebraicError(f"a {type(number).__name__} among algebraic numbers; expected a rational number")
        value = fmpq(number.numerator, number.denominator) if isinstance(number, Fraction) else fmpq(number)
        p, q = int(value.p), int(value.q)
        return cls(lambda: arb(value), max(p.bit_length(), q.bit_length()), name=(p, q))

    def ball(self) -> arb:
        """A ball that contains it, at the precision of ``flint.ctx``."""
        if self._bits != ctx.prec:
            self._bits, self._kept = ctx.prec, self.enclose()
        return self._kept

    def _unfolded(self) -> arb:
        """That ball; NotAlgebraicError where Python ends before the formula does, as in a sum of a thousand roots."""
        try:
            return self.ball()
        except RecursionError:
            raise NotAlgebraicError("a formula of algebraic numbers nested beyond Python's recursion limit") from None

    @property
    def degree(self) -> int:
        """At least its degree over the rationals."""
        return math.prod(self.generators.values())

    def sign(self) -> int:
        """-1, 0 or 1; NotAlgebraicError where balls leave it open and Liouville's bound is beyond ``MOST_BITS``."""
        least = math.ceil(self.degree * self.height)
        for bits in _precisions(least):
            with ctx.workprec(bits):
                ball = self._unfolded()
                if ball > 0 or ball < 0:
                    return 1 if ball > 0 else -1
                if ball.abs_upper() < arb(2) ** -least:
                    return 0
        raise NotAlgebraicError(f"a sign that only {least} bits would decide; {MOST_BITS} are the most")

    def power(self, exponent: Fraction | int) -> Algebraic:
        """x^{p/q}, for x >= 0 where the exponent is no whole number.

        Raises ValueError for x < 0 there, ZeroDivisionError for x = 0 and a negative exponent.
        """
        exponent = Fraction(exponent)
        if exponent == 1:
            return self
        if exponent == 0:
            return Algebraic.of(1)
        if exponent < 0:
            return self.power(-exponent)._inverse()
        if self._root:
            base, before = self._root
            return base.power(before * exponent)
        if exponent.denominator == 1:
            return self._made(lambda: whole_power(self.ball(), exponent.numerator), exponent * self.height)
        if self.sign() < 0:
            raise ValueError(f"power {exponent} of a negative number; expected one >= 0")
        generators = _together(self.generators, {("root", self.name): exponent.denominator})
        root = Algebraic(lambda: ball_power(self.ball(), exponent), exponent * self.height, generators)
        root._root = self, exponent
        return root

    def _made(self, enclose: Callable[[], arb], height: Fraction | int, *others: Algebraic) -> Algebraic:
        return Algebraic(enclose, height, reduce(_together, (other.generators for other in others), self.generators))

    def _plus(self, right: Algebraic) -> Algebraic:
        return self._made(lambda: self.ball() + right.ball(), self.height + right.height + 1, right)

    def _times(self, right: Algebraic) -> Algebraic:
        return self._made(lambda: self.ball() * right.ball(), self.height + right.height, right)

    def __add__(self, other: Any) -> Algebraic:
        return self._plus(Algebraic.of(other))

    __radd__ = __add__

    def __mul__(self, other: Any) -> Algebraic:
        return self._times(Algebraic.of(other))

    __rmul__ = __mul__

    def __neg__(self) -> Algebraic:
        return self._made(lambda: -self.ball(), self.height)

    def __sub__(self, other: Any) -> Algebraic:
        return self._plus(-Algebraic.of(other))

    def __rsub__(self, other: Any) -> Algebraic:
        return Algebraic.of(other)._plus(-self)

    def _inverse(self) -> Algebraic:
        """1/x; ZeroDivisionError where x = 0."""
        if self.sign() == 0:
            raise ZeroDivisionError("division by an algebraic number that is 0")
        return self._made(lambda: 1 / self.ball(), self.height)

    def __truediv__(self, other: Any) -> Algebraic:
        return self._times(Algebraic.of(other)._inverse())

    def __rtruediv__(self, other: Any) -> Algebraic:
        return self._inverse()._times(Algebraic.of(other))

    def __pow__(self, exponent: int) -> Algebraic:
        return self.power(exponent)

    def __abs__(self) -> Algebraic:
        return self if self.sign() >= 0 else -self

    def sqrt(self) -> Algebraic:
        """Its square root, as balls have it."""
        return self.power(Fraction(1, 2))

    def _against(self, other: Any) -> int:
        return self._plus(-Algebraic.of(other)).sign()

    def __eq__(self, other: object) -> bool:
        return self._against(other) == 0

    def __lt__(self, other: Any) -> bool:
        return self._against(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._against(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._against(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._against(other) >= 0

    def __float__(self) -> float:
        return float(self.ball())

    def __repr__(self) -> str:
        return f"algebraic number {float(self):.17g} of degree at most {self.degree}"

    def __getattr__(self, name: str) -> NoReturn:
        if hasattr(arb, name) or name == "as_integer_ratio":
            raise NotAlgebraicError(f"{name} of an algebraic number; expected sums, products, powers and roots only")
        raise AttributeError(f"an algebraic number has no attribute {name}")


def _together(some: Mapping[Hashable, int], others: Mapping[Hashable, int]) -> Mapping[Hashable, int]:
    """What generates both fields; roots of one number of degrees p and q are powers of one of degree lcm(p, q)."""
    return {**some, **{name: math.lcm(degree, some.get(name, 1)) for name, degree in others.items()}}


def _precisions(least: int) -> Iterator[int]:
    """Bits to try: few, and what Liouville's bound needs, with room for the numbers' own size and for cancellation."""
    yield from (64, 512, 4096)
    bits = max(8192, least + 64)
    while bits <= 2 * MOST_BITS:
        yield bits
        bits *= 2


def real_roots(factor: fmpz_poly) -> list[Algebraic]:
    """The roots of an irreducible polynomial of whole numbers whose roots are all real, smallest first."""
    coefficients = tuple(map(int, factor.coeffs()))
    degree = len(coefficients) - 1
    height = Fraction(sum(c * c for c in coefficients).bit_length(), 2 * degree)
    names = [(coefficients, place) for place in range(degree)]
    return [Algebraic(partial(_root_now, *name), height, {name: degree}, name) for name in names]


def _root_now(coefficients: tuple[int, ...], place: int) -> arb:
    return _root(coefficients, place, ctx.prec)


@lru_cache(maxsize=32)
def _root(coefficients: tuple[int, ...], place: int, bits: int) -> arb:
    """A root of a polynomial whose roots are real and simple: isolated by FLINT, refined by Newton's method for
    intervals, of which m - f(m) / f'(ball) has every root in the ball."""
    polynomial = fmpz_poly(list(coefficients))
    derivative = polynomial.derivative()
    known = min(bits, ISOLATING)
    ball = _isolated(coefficients, known)[place]
    while True:
        with ctx.workprec(known + 64):
            slope, middle = derivative(ball), ball.mid()
            if slope.contains(0):
                return _isolated(coefficients, bits)[place]
            better = ball.intersection(middle - polynomial(middle) / slope)
        if known == bits and not better.rad() < ball.rad():
            return better
        ball, known = better, min(2 * known, bits)


@lru_cache(maxsize=32)
def _isolated(coefficients: tuple[int, ...], bits: int) -> list[arb]:
    """Disjoint balls about the roots, smallest first."""
    with ctx.workprec(bits):
        return sorted(root.real for root, _ in fmpz_poly(list(coefficients)).complex_roots())  # type: ignore[misc, has-type]
