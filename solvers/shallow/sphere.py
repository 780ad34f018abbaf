"""Homogeneous polynomials f of degree p on the unit sphere |u| = 1 of R^d, in every arithmetic.

A polynomial is a table of exponents and coefficients: {(3, 0): 1, (1, 2): -3} is u_1^3 - 3 u_1 u_2^2. On the sphere,
with P = I - u u^T,

    Riemannian gradient  Df - p f u = P Df,        Riemannian Hessian  P (D^2 f - p f I) P,

since u . Df = p f (Euler). A point is critical iff Df = p f u. Points are float64 arrays (with leading batch axes) or
object arrays of rationals, balls or SymPy expressions; coefficients are exact and are rounded for float64 points alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from solvers.arithmetic import Scalar, rational, square_root, whole_power
from solvers.flow.flow import integrate
from solvers.network.checks import check_plain
from solvers.shallow.checks import check_array, check_whole

FloatArray = NDArray[np.float64]
Exponents = tuple[int, ...]


@dataclass(frozen=True)
class HomogeneousPolynomial:
    """f(u) = sum_e c_e u_1^{e_1} ... u_d^{e_d}, all exponents e of one degree p >= 1.

    ``table`` maps exponents (tuples of d whole numbers >= 0 with sum p) to coefficients: whole numbers, ``Fraction``,
    ``fmpq``, floats (which are dyadic rationals), or ``arb``; all but the last are kept as ``fmpq``. Raises TypeError
    or ValueError, naming the exponents, where the table is empty or is no homogeneous polynomial.
    """

    table: Mapping[Exponents, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", _checked(self.table))

    @cached_property
    def dimension(self) -> int:
        """d."""
        return len(next(iter(self.table)))

    @cached_property
    def degree(self) -> int:
        """p."""
        return sum(next(iter(self.table)))

    def value(self, point: Any) -> Any:
        """f(u), u of shape (d,) or (..., d)."""
        return _evaluate(self._terms, self._powers(point))

    def gradient(self, point: Any) -> Any:
        """Df, of the shape of u."""
        powers = self._powers(point)
        return _stacked([_evaluate(terms, powers) for terms in self._first], powers)

    def hessian(self, point: Any) -> Any:
        """D^2 f, of shape (..., d, d)."""
        powers = self._powers(point)
        d = self.dimension
        entries = {pair: _evaluate(terms, powers) for pair, terms in self._second.items()}
        rows = [_stacked([entries[min(i, j), max(i, j)] for j in range(d)], powers) for i in range(d)]
        return np.stack(rows, axis=-2)

    def riemannian_gradient(self, point: Any) -> Any:
        """Df - p f u, which is the gradient on the sphere where |u| = 1; also the velocity of the ascending flow."""
        scaled = np.asarray(self.value(point))[..., None] * self.degree
        return self.gradient(point) - point * scaled

    def riemannian_hessian(self, point: Any) -> Any:
        """P (D^2 f - p f I) P with P = I - u u^T, where |u| = 1: (..., d, d), with u in its kernel."""
        unit = np.eye(self.dimension, dtype=int).astype(point.dtype)
        projection = unit - point[..., :, None] * point[..., None, :]
        scaled = np.asarray(self.value(point))[..., None, None] * self.degree
        return projection @ (self.hessian(point) - unit * scaled) @ projection

    def laplacian(self, point: Any) -> Any:
        """The trace of D^2 f."""
        places = np.arange(self.dimension)
        return self.hessian(point)[..., places, places].sum(axis=-1)

    @cached_property
    def _terms(self) -> _Terms:
        kept = {e: c for e, c in self.table.items() if c != 0 or isinstance(c, arb)}
        return _Terms(tuple(kept), tuple(kept.values()))

    @cached_property
    def _first(self) -> list[_Terms]:
        return [self._terms.derivative(i) for i in range(self.dimension)]

    @cached_property
    def _second(self) -> dict[tuple[int, int], _Terms]:
        d = self.dimension
        return {(i, j): self._first[i].derivative(j) for i in range(d) for j in range(i, d)}

    def _powers(self, point: Any) -> list[Any]:
        """u^0, ..., u^p, entry by entry."""
        check_point(point, self.dimension)
        powers = [point * 0 + 1]
        for _ in range(self.degree):
            powers.append(powers[-1] * point)
        return powers


@dataclass(frozen=True)
class _Terms:
    """Exponents and exact coefficients of a polynomial, the zero one included."""

    exponents: tuple[Exponents, ...]
    coefficients: tuple[Any, ...]

    @cached_property
    def rounded(self) -> FloatArray:
        return np.array([float(c) for c in self.coefficients])

    @cached_property
    def symbolic(self) -> list[Any]:
        from sympy import Rational  # only those who bring symbols pay for the import

        return [Rational(int(c.p), int(c.q)) for c in self.coefficients]

    def derivative(self, place: int) -> _Terms:
        kept = [(e, c) for e, c in zip(self.exponents, self.coefficients, strict=True) if e[place]]
        lowered = tuple((*e[:place], e[place] - 1, *e[place + 1 :]) for e, _ in kept)
        return _Terms(lowered, tuple(c * e[place] for e, c in kept))


def polynomial_from_text(text: str) -> HomogeneousPolynomial:
    """The polynomial that a line like ``"400:4, 301:-12, 022:1/3"`` writes: exponents, one digit a variable, a colon,
    and a coefficient (a whole number, a fraction or a decimal), separated by commas or spaces.

    Raises ValueError with the term that is wrong, or named twice.
    """
    if not isinstance(text, str):
        raise TypeError(f"text is a {type(text).__name__}; expected terms such as '30:1, 12:-3'")
    table: dict[Exponents, Any] = {}
    for term in text.replace(",", " ").split():
        digits, _, number = term.partition(":")
        try:
            exponents, coefficient = tuple(int(digit) for digit in digits), Fraction(number)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"text has the term {term!r}; expected exponents:coefficient, such as 301:-12") from None
        if exponents in table:
            raise ValueError(f"text has the exponents {digits} twice; expected each once")
        table[exponents] = coefficient
    return HomogeneousPolynomial(table)


def sum_of_powers(coefficients: Sequence[Any], vectors: Any, degree: int) -> HomogeneousPolynomial:
    """f(u) = sum_i lambda_i <a_i, u>^p for ``coefficients`` lambda_i and ``vectors`` a_i, the rows of an (r, d) array
    of float64 or exact numbers: a tensor of rank r at most, orthogonal where the a_i are."""
    check_array(vectors, "vectors", axes=2, expected="(r, d)")
    if len(coefficients) != len(vectors):
        raise ValueError(f"coefficients has {len(coefficients)} entries but there are {len(vectors)} vectors")
    check_whole(degree, "degree", least=1)
    rows = [[_exactly(entry, "vectors entry") for entry in row] for row in vectors]
    table: dict[Exponents, Any] = {}
    for exponents in all_exponents(vectors.shape[1], degree):
        count = multinomial(exponents)
        total: Any = fmpq(0)
        for scale, row in zip(coefficients, rows, strict=True):
            term = _exactly(scale, "coefficients entry") * count
            for entry, exponent in zip(row, exponents, strict=True):
                term = term * whole_power(entry, exponent) if exponent else term
            total = total + term
        table[exponents] = total
    return HomogeneousPolynomial(table)


def spin_glass(dimension: int, degree: int, seed: int | np.random.Generator) -> HomogeneousPolynomial:
    """f(u) = sum J_{i_1...i_p} u_{i_1} ... u_{i_p} with J independent N(0, 1): E f(u) f(v) = <u, v>^p.

    The coefficient of u^e is N(0, p! / (e_1! ... e_d!)); its float64 draw is taken as the exact one.
    """
    check_whole(dimension, "dimension", least=1)
    check_whole(degree, "degree", least=1)
    generator = np.random.default_rng(seed)
    exponents = all_exponents(dimension, degree)
    spread = np.sqrt([multinomial(e) for e in exponents])
    return HomogeneousPolynomial(dict(zip(exponents, spread * generator.standard_normal(len(spread)), strict=True)))


def power_map(polynomial: HomogeneousPolynomial, point: Any) -> Any:
    """Df(u) / |Df(u)|, for u of shape (..., d): the power iteration of a tensor; rational where the norm is.

    Raises ZeroDivisionError at an exact point where Df = 0; gives NaN there in float64.
    """
    gradient = polynomial.gradient(point)
    return gradient / _norm(gradient)


def log_ratio_velocity(polynomial: HomogeneousPolynomial, point: Any, first: int, second: int) -> Any:
    """(ln |u_i / u_j|)' = u_i'/u_i - u_j'/u_j along the ascending flow u' = Df - p f u; the term p f drops out."""
    gradient = polynomial.gradient(point)
    return gradient[..., first] / point[..., first] - gradient[..., second] / point[..., second]


def sphere_flow(
    polynomial: HomogeneousPolynomial, start: FloatArray, *, times: Any, rtol: float = 1e-10, atol: float = 1e-12
) -> FloatArray:
    """The ascending flow u' = Df - p f u from a float64 ``start`` (d,), normalised, at each of ``times``: (T, d).

    As :func:`solvers.gradient_flow` in its tolerances and errors.
    """
    check_point(start, polynomial.dimension, "start")
    check_array(start, "start", axes=1, expected=f"({polynomial.dimension},)")
    if not start.any():
        raise ValueError("start is zero; expected a direction")

    def velocity(state: FloatArray) -> FloatArray:
        unit = state / np.linalg.norm(state)
        found: FloatArray = polynomial.riemannian_gradient(unit)
        return found

    _, states, _ = integrate(velocity, start / np.linalg.norm(start), times, rtol, atol)
    found: FloatArray = states / np.linalg.norm(states, axis=-1, keepdims=True)
    return found


def all_exponents(dimension: int, degree: int) -> list[Exponents]:
    """Every (e_1, ..., e_d) with sum p, u_1^p first."""
    choices = combinations_with_replacement(range(dimension), degree)
    return [tuple(choice.count(i) for i in range(dimension)) for choice in choices]


def multinomial(exponents: Exponents) -> int:
    """p! / (e_1! ... e_d!)."""
    return math.factorial(sum(exponents)) // math.prod(map(math.factorial, exponents))


def check_point(point: Any, dimension: int, name: str = "point") -> None:
    """An array of d numbers, or of stacks of them: float64 (finite), or object."""
    if not isinstance(point, np.ndarray):
        raise TypeError(f"{name} is a {type(point).__name__}; expected an array of {dimension} numbers")
    check_plain(point, name)
    if point.dtype not in (np.dtype(np.float64), np.dtype(object)):
        raise TypeError(f"{name} has dtype {point.dtype}; expected float64, or object for exact entries")
    if point.ndim == 0 or point.shape[-1] != dimension:
        raise ValueError(f"{name} has shape {point.shape}; expected {dimension} numbers on the last axis")


def _evaluate(terms: _Terms, powers: list[Any]) -> Any:
    point = powers[0]
    coefficients: Any = terms.coefficients
    if point.dtype == np.dtype(np.float64):
        coefficients = terms.rounded
    elif hasattr(point.flat[0], "free_symbols"):
        coefficients = terms.symbolic
    total = point[..., 0] * 0
    for exponents, coefficient in zip(terms.exponents, coefficients, strict=True):
        factors = [powers[e][..., i] for i, e in enumerate(exponents) if e]
        product = factors[0] if factors else powers[0][..., 0]
        for factor in factors[1:]:
            product = product * factor
        total = total + product * coefficient
    return total


def _stacked(entries: list[Any], powers: list[Any]) -> Any:
    result = np.empty((*powers[0].shape[:-1], len(entries)), dtype=powers[0].dtype)
    for i, entry in enumerate(entries):
        result[..., i] = entry
    return result


def _norm(vector: Any) -> Any:
    if vector.dtype == np.dtype(np.float64):
        return np.linalg.norm(vector, axis=-1, keepdims=True)
    squares = np.atleast_1d((vector * vector).sum(axis=-1))
    roots = np.array([square_root(square) for square in squares.ravel()], dtype=object).reshape(squares.shape)
    return roots if vector.ndim == 1 else roots[..., None]


def _checked(table: Any) -> dict[Exponents, Scalar]:
    if not isinstance(table, Mapping):
        raise TypeError(f"table is a {type(table).__name__}; expected a dictionary from exponents to coefficients")
    if not table:
        raise ValueError("table is empty; expected at least one term, which may be 0, to tell dimension and degree")
    found: dict[Exponents, Scalar] = {}
    for exponents, coefficient in table.items():
        if not isinstance(exponents, tuple) or not all(_is_whole(e) for e in exponents):
            raise TypeError(f"table has the key {exponents!r}; expected a tuple of whole numbers >= 0")
        found[exponents] = _exactly(coefficient, f"the coefficient of {exponents}")
    first = next(iter(found))
    for exponents in found:
        if len(exponents) != len(first) or not exponents:
            raise ValueError(f"table has the exponents {first} and {exponents}; expected as many in each, at least one")
        if sum(exponents) != sum(first) or sum(exponents) == 0:
            raise ValueError(
                f"table has the exponents {first} and {exponents}, of degrees {sum(first)} and {sum(exponents)}; "
                "expected one degree >= 1"
            )
    return found


def _is_whole(number: Any) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool) and bool(number >= 0)


def _exactly(number: Any, name: str) -> Scalar:
    if isinstance(number, arb):
        return number
    try:
        return rational(number)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {number!r}; expected a finite real number") from None
