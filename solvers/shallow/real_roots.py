"""The real roots of integer polynomials: isolated by FLINT, or only counted, by Sturm's theorem in balls.

Sturm: let p_0 = p, p_1 = p' and p_{k+1} = -(p_{k-1} mod p_k), down to a constant that is not 0. The number of real
roots is the number of sign changes of the chain at -oo less that at +oo. A ball that contains 0 tells no sign.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flint import arb, ctx, fmpz_poly


def real_roots(polynomial: fmpz_poly) -> tuple[list[arb], list[arb]]:
    """(simple, repeated) real roots of an integer polynomial that is not 0, as disjoint balls."""
    simple: list[arb] = []
    repeated: list[arb] = []
    factors: Any = polynomial.factor()[1]
    for factor, multiplicity in factors:
        real = [root.real for root, _ in factor.complex_roots() if root.imag == 0]
        (simple if multiplicity == 1 else repeated).extend(real)
    return simple, repeated


def simple_real_roots(polynomial: fmpz_poly) -> int | None:
    """How many real roots an integer polynomial that is not 0 has, by Sturm's chain in balls.

    None where they do not tell a sign, as where a root is repeated.
    """
    with ctx.workprec(polynomial.height_bits() + 64 * (polynomial.degree() + 1)):
        chain = [[arb(c) for c in part.coeffs()] for part in (polynomial, polynomial.derivative())]
        while len(chain[-1]) > 1:
            chain.append(_negative_rest(chain[-2], chain[-1]))
            if not (chain[-1][-1] > 0 or chain[-1][-1] < 0):
                return None
        chain = [part for part in chain if part]
        right = [part[-1] > 0 for part in chain]
        left = [(part[-1] > 0) == (len(part) % 2 == 1) for part in chain]
    return _changes(left) - _changes(right)


def _negative_rest(dividend: list[arb], divisor: list[arb]) -> list[arb]:
    """-(dividend mod divisor), of degree one less than the divisor's, lowest coefficient first."""
    rest = list(dividend)
    while len(rest) >= len(divisor):
        factor, shift = rest.pop() / divisor[-1], len(rest) + 1 - len(divisor)
        for k, coefficient in enumerate(divisor[:-1]):
            rest[shift + k] -= factor * coefficient
    return [-coefficient for coefficient in rest]


def _changes(signs: list[bool]) -> int:
    return sum(a != b for a, b in pairwise(signs))
