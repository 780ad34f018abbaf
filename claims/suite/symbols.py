"""Matrices of symbols: identities for every size, and powers of positive symbols.

An identity between sums of products of matrices holds in every dimension if it holds between words of letters that do
not commute, which is how :func:`is_zero` decides it.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy

from solvers.network import Matrix


def network_symbols(depth: int) -> tuple[tuple[sympy.MatrixSymbol, ...], sympy.MatrixSymbol]:
    """Weights W_1..W_N of symbolic widths d_0..d_N, and a target that fits."""
    sizes = sympy.symbols(f"d:{depth + 1}", integer=True, positive=True)
    weights = tuple(sympy.MatrixSymbol(f"W{j + 1}", sizes[j + 1], sizes[j]) for j in range(depth))
    return weights, sympy.MatrixSymbol("Phi", sizes[-1], sizes[0])


def matrix_power(square: Matrix, exponent: int) -> Matrix:
    """A^k for k >= 1 as a product of k factors, in any arithmetic."""
    return reduce(lambda product, factor: product @ factor, [square] * exponent)


def as_words(expression: Any) -> sympy.Expr:
    """A matrix expression as a polynomial in letters that do not commute, X and X' for X and X^T.

    An identity of such words holds for matrices of every size that fits. (MatrixExpr alone takes (A^T A)^2 and
    A^T A A^T A for two things.) Scalars stay as they are. Raises TypeError for anything but sums, products, powers and
    transposes of matrix symbols.
    """
    if isinstance(expression, sympy.MatAdd | sympy.MatMul):
        combine = sympy.Add if expression.is_MatAdd else sympy.Mul
        return combine(*map(as_words, expression.args))
    if isinstance(expression, sympy.MatPow):
        return as_words(expression.base) ** expression.exp
    if isinstance(expression, sympy.Transpose) and isinstance(expression.arg, sympy.MatrixSymbol):
        return sympy.Symbol(f"{expression.arg}'", commutative=False)
    if isinstance(expression, sympy.MatrixSymbol):
        return sympy.Symbol(expression.name, commutative=False)
    if isinstance(expression, sympy.ZeroMatrix | sympy.Identity):
        return sympy.Integer(isinstance(expression, sympy.Identity))
    if not isinstance(expression, sympy.Expr) or isinstance(expression, sympy.MatrixExpr):
        raise TypeError(f"expression is {expression}; expected sums, products and transposes of matrix symbols")
    return expression


def is_zero(difference: Any) -> bool:
    """Whether a matrix expression is the zero matrix in every dimension that fits."""
    return bool(sympy.expand(as_words(difference.doit())) == 0)


def is_one(quotient: Any) -> bool:
    """Whether a quotient of powers of positive symbols is 1: exponents times logarithms add up to 0."""
    factors = (factor.as_base_exp() for factor in sympy.Mul.make_args(quotient))
    logarithm = sum(exponent * sympy.expand_log(sympy.log(base), force=True) for base, exponent in factors)
    return bool(sympy.expand(logarithm) == 0 or sympy.simplify(logarithm) == 0)  # to expand is quick, and mostly enough
