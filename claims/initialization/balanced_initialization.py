"""Procedure 1 factors any matrix into layers that are exactly balanced.

Statement. Let A = U S V^T be a singular value decomposition of a d_N x d_0 matrix, S diagonal of size
k = min(d_0, d_N), U and V of k orthonormal columns. Let all hidden widths d_1, ..., d_{N-1} be at least k, and let
E_0 = V, E_N = U and E_j, of size d_j x k, have orthonormal columns: in ACGH19 the first k columns of the identity ("up
to zero padding"). Let W_j = E_j S^{1/N} E_{j-1}^T.

1. W_N ... W_1 = A and B_j = W_{j+1}^T W_{j+1} - W_j W_j^T = 0 for every j, exactly, for every A: rectangular both ways,
   rank deficient, zero; at depth 1 W_1 = A.
2. With S^{a_j} in place of S^{1/N}, all a_j > 0, a_1 + ... + a_N = 1, the product is A still, but ||B_j||_F^2 =
   sum_i (s_i^{2 a_{j+1}} - s_i^{2 a_j})^2. So, unless every singular value is 0 or 1, balance needs all a_j = 1/N.
3. Hidden widths of at least rank A are enough, with the columns that belong to zeros left out; no smaller width is.
4. ``solvers.balanced_factors`` in float64 keeps 1 up to LAPACK's errors and rounding, bounded in :class:`Bounds`.

Proof. 1. E_j^T E_j = I, so the product telescopes to U (S^{1/N})^N V^T, and both parts of B_j are E_j S^{2/N} E_j^T.
2. B_j = E_j (S^{2 a_{j+1}} - S^{2 a_j}) E_j^T by the same rule, and s^a is one-to-one in a where s is not 0 or 1.
3. A = U_r S_r V_r^T with r = rank A columns each; the rank of a product is at most every width.

Hypotheses. As stated; nothing is assumed of how A is drawn.
Source. ACGH19 (arXiv:1810.02281), Procedure 1. Statements 2 to 4 are this project's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from claims.suite import ACGH19, DLC, Claim, Fate, Status, ablates, control, exact, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import UNIT, Comparison, ObjectArray, Verdict, compare, gamma
from solvers.network import balanced_factors, end_to_end, frobenius_squared, imbalances
from strategies import (
    DATASETS,
    diagonal,
    dimensions,
    dyadic_matrices,
    orthogonal_matrices,
    regression,
    singular_value_lists,
)

FloatMatrix = NDArray[np.float64]

CLAIM = Claim(
    uid="DL-016",
    title="Balanced initialisation",
    statement=__doc__,
    sources=(ACGH19.at("Procedure 1"), DLC.at("DL-016")),
    items=("6.3",),
    status=Status.THEOREM,
    hypotheses=("width", "orthonormal columns", "equal exponents"),
)


def procedure(bases: Sequence[Any], powers: Sequence[Any]) -> tuple[Any, ...]:
    """W_j = E_j S^{a_j} E_{j-1}^T from E_0, ..., E_N and S^{a_1}, ..., S^{a_N}, in any arithmetic with ``.T``."""
    return tuple(after @ power @ before.T for (before, after), power in zip(pairwise(bases), powers, strict=True))


@dataclass(frozen=True)
class Factorisation:
    """A = U S V^T in rationals: ``bases`` are E_0 = V, E_1, ..., E_N = U, ``roots`` the diagonal of S^{1/N}."""

    matrix: ObjectArray
    bases: list[ObjectArray]
    roots: list[Any]

    def layers(self) -> tuple[ObjectArray, ...]:
        """Procedure 1."""
        size = len(self.roots)
        return procedure(self.bases, [diagonal(size, size, self.roots)] * (len(self.bases) - 1))


@st.composite
def factorisations(draw: st.DrawFn, *, padded: bool) -> Factorisation:
    """Every shape without a bottleneck, depths 1 to 6, every rank from 0 on; hidden bases padded or any."""
    widths = draw(dimensions(bottleneck=False))
    depth, size = len(widths) - 1, min(widths[0], widths[-1])
    roots = draw(singular_value_lists(size))
    bases = [draw(orthogonal_matrices(width))[:, :size] for width in (widths[0], widths[-1])]
    hidden = [
        diagonal(width, size, [1] * size) if padded else draw(orthogonal_matrices(width))[:, :size]
        for width in widths[1:-1]
    ]
    matrix = bases[1] @ diagonal(size, size, [root**depth for root in roots]) @ bases[0].T
    return Factorisation(matrix, [bases[0], *hidden, bases[1]], roots)


def is_balanced(weights: Sequence[ObjectArray]) -> bool:
    """B_j = 0 for every j, in rationals."""
    return all(compare(Comparison(frobenius_squared(b), "==", fmpq(0), "||B_j||^2")).holds for b in imbalances(weights))


# Words in E_j, E_j^T and powers of S, with E_j^T E_j = 1 as the only rule


def reduced(word: Any, *bases: Any) -> Any:
    """``word`` with E^T E = 1 for each pair (E, E^T) of ``bases``."""
    for basis, transposed in bases:
        word = word.subs(transposed * basis, 1)
    return sympy.expand(word)


@symbolic
def test_product_telescopes_and_imbalances_cancel_for_every_depth_and_size() -> None:
    """W_{j+1} (E_j S^{i/N} V^T) = E_{j+1} S^{(i+1)/N} V^T for any i, so by induction from W_1 = E_1 S^{1/N} V^T the
    product is U S V^T; and B_j = 0. The padded identity obeys the rule for symbolic sizes."""
    before, middle, after, first = (sympy.symbols(f"{name} {name}^T", commutative=False) for name in "EFGV")
    root, power_of_root = sympy.symbols("R R^i", commutative=False)
    bases = (before, middle, after, first)
    next_product = reduced((after[0] * root * middle[1]) * (middle[0] * power_of_root * first[1]), *bases)
    assert next_product == after[0] * root * power_of_root * first[1]
    upper = (middle[0] * root * after[1]) * (after[0] * root * middle[1])
    lower = (middle[0] * root * before[1]) * (before[0] * root * middle[1])
    assert reduced(upper - lower, *bases) == 0
    k, rest = sympy.symbols("k m", integer=True, positive=True)
    padded = sympy.BlockMatrix([[sympy.Identity(k)], [sympy.ZeroMatrix(rest, k)]])
    assert sympy.block_collapse(padded.T * padded) == sympy.Identity(k)


@symbolic
def test_other_powers_leave_their_difference_for_every_depth_and_size() -> None:
    """Statement 2: B_j = E_j (Q^2 - P^2) E_j^T for P = S^{a_j} and Q = S^{a_{j+1}}, whose squared norm is that of
    Q^2 - P^2; the product telescopes as before, to the product of the powers."""
    before, middle, after = (sympy.symbols(f"{name} {name}^T", commutative=False) for name in "EFG")
    old, new = sympy.symbols("P Q", commutative=False)
    imbalance = middle[0] * new * after[1] * after[0] * new * middle[1]
    imbalance -= middle[0] * old * before[1] * before[0] * old * middle[1]
    found = reduced(imbalance, before, middle, after)
    assert sympy.expand(found - middle[0] * (new**2 - old**2) * middle[1]) == 0
    squared = reduced(middle[0] * old * middle[1] * middle[0] * old * middle[1], middle)  # B B^T, of trace tr P^2
    assert squared == middle[0] * old**2 * middle[1]


@exact
@given(factorisations(padded=False), st.data())
def test_imbalances_under_other_exponents(drawn: Factorisation, data: st.DataObject) -> None:
    """Statement 2 with a_j = n_j / (n_1 + ... + n_N) and S the matching power of a rational diagonal: the product, the
    formula, and zero exactly where all n_j are equal or all values are 0 or 1."""
    size, depth = len(drawn.roots), len(drawn.bases) - 1
    exponents = data.draw(st.lists(st.integers(1, 3), min_size=depth, max_size=depth))
    weights = procedure(drawn.bases, [diagonal(size, size, [r**n for r in drawn.roots]) for n in exponents])
    whole = diagonal(size, size, [root ** sum(exponents) for root in drawn.roots])
    assert (end_to_end(weights) == drawn.bases[-1] @ whole @ drawn.bases[0].T).all()
    for (old, new), imbalance in zip(pairwise(exponents), imbalances(weights), strict=True):
        squared = sum(((r ** (2 * new) - r ** (2 * old)) ** 2 for r in drawn.roots), Fraction(0))
        assert frobenius_squared(imbalance) == arithmetic.rational(squared)
    assert is_balanced(weights) == (len(set(exponents)) == 1 or set(drawn.roots) <= {0, 1})


@exact
@given(factorisations(padded=True))
def test_procedure_with_padding(drawn: Factorisation) -> None:
    """Statement 1 as in ACGH19, in rationals."""
    weights = drawn.layers()
    assert (end_to_end(weights) == drawn.matrix).all()
    assert is_balanced(weights)


@exact
@given(factorisations(padded=False))
def test_procedure_with_any_hidden_bases(drawn: Factorisation) -> None:
    """Statement 1 with other orthonormal columns than the identity's; every layer has the norm of S^{1/N}."""
    weights = drawn.layers()
    assert (end_to_end(weights) == drawn.matrix).all()
    assert is_balanced(weights)
    size = sum((arithmetic.rational(root) ** 2 for root in drawn.roots), fmpq(0))
    assert all(frobenius_squared(layer) == size for layer in weights)


@exact
@ablates("DL-016", "width", "at least rank A", Fate.TRUE)
@given(st.data())
def test_width_of_the_rank_is_enough(data: st.DataObject) -> None:
    """Statement 3: rank r from 1 to k, hidden widths from r on, S_r of size r."""
    inputs, outputs = data.draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    rank = data.draw(st.integers(1, min(inputs, outputs)))
    widths = [inputs, *data.draw(st.lists(st.integers(rank, 6), max_size=3)), outputs]
    roots = data.draw(singular_value_lists(rank, rank=rank))
    bases = [data.draw(orthogonal_matrices(width))[:, :rank] for width in widths]
    depth = len(widths) - 1
    weights = procedure(bases, [diagonal(rank, rank, roots)] * depth)
    matrix = bases[-1] @ diagonal(rank, rank, [root**depth for root in roots]) @ bases[0].T
    assert (end_to_end(weights) == matrix).all()
    assert is_balanced(weights)


# The float64 factors


def norm(matrix: ObjectArray) -> arb:
    """||A||_F."""
    return arb(frobenius_squared(matrix)).sqrt()


POWER_ULPS = 4
"""What a float64 power may be off by, in units in the last place, each at most 2u of the number: C libraries keep to
one, the vectorised powers of NumPy to four."""


@dataclass(frozen=True)
class Bounds:
    """How far float64 factors by Procedure 1 may be from what statement 1 says of A.

    ``product`` bounds ||W_N ... W_1 - A||_F, ``imbalance`` each ||B_j||_F, and ``value`` |r_i^N - s_i| for the roots
    r_i in the middle layers and the singular values s_i of A.
    """

    product: arb
    imbalance: arb
    value: arb

    @classmethod
    def of(cls, matrix: FloatMatrix, widths: Sequence[int]) -> Bounds:
        """``skew`` and ``residual`` are how far LAPACK's U, S, V are from a decomposition, measured exactly, so that
        |U|_2 |V|_2 is at most ``spread``. A computed root is s^{1/N} (1 + 8u), and 1/N is rounded too, so its N-th
        power is off by (8N + |log s|) u s. A layer is two products of inner dimension k, off by gamma_2k of its
        factors' norms. U and V are within ||U^T U - I|| and ||V^T V - I|| of orthonormal ones, so that Weyl's
        inequality bounds ``value``."""
        depth, size = len(widths) - 1, max(widths)
        u, values, v = np.linalg.svd(matrix, full_matrices=False)
        left, right = arithmetic.exact(u), arithmetic.exact(v)
        identity, largest = arithmetic.exact(np.eye(len(values))), arithmetic.rational(values[0])
        skew = norm(left.T @ left - identity) + norm(right @ right.T - identity)
        residual = norm(arithmetic.exact(matrix) - left @ arithmetic.exact(np.diag(values)) @ right)
        spread = (1 + skew) ** 2
        ulps = [(2 * POWER_ULPS * depth + abs(math.log(s))) * UNIT * s * (1 + 2.0**-20) for s in values if s > 0]
        top = arithmetic.power(largest, Fraction(1, depth)) * (1 + arb(2) ** -40)  # bounds every layer's root
        layer = gamma(2 * size) * size**2 * top * spread
        return cls(
            residual + spread * sum(ulps) + depth * layer * (top + layer) ** (depth - 1) * spread,
            top**2 * skew + 4 * (top * spread + layer) * layer,
            residual + largest * skew * (1 + skew) + max(ulps, default=0.0),
        )


def product_and_imbalances(weights: Sequence[FloatMatrix], matrix: FloatMatrix) -> tuple[Verdict, list[Verdict]]:
    """Whether float64 layers are within the bounds, their product and imbalances taken exactly."""
    bounds = Bounds.of(matrix, (matrix.shape[1], *(len(layer) for layer in weights)))
    layers = [arithmetic.exact(layer) for layer in weights]
    gap = norm(end_to_end(layers) - arithmetic.exact(matrix))
    return compare(Comparison(gap, "<=", bounds.product, "product of the factors against A")), [
        compare(Comparison(norm(b), "<=", bounds.imbalance, "imbalance of the factors")) for b in imbalances(layers)
    ]


def check_factors(matrix: FloatMatrix, widths: Sequence[int]) -> None:
    """``balanced_factors`` is within the bounds."""
    product, balance = product_and_imbalances(balanced_factors(matrix, widths), matrix)
    assert product.holds, product
    assert len(balance) == len(widths) - 2
    assert all(verdict.holds for verdict in balance), balance


@st.composite
def matrices_and_widths(draw: st.DrawFn) -> tuple[FloatMatrix, tuple[int, ...]]:
    """Entries that are not dyadic, every shape without a bottleneck."""
    widths = draw(dimensions(bottleneck=False))
    return draw(dyadic_matrices(widths[-1], widths[0])) / 3, widths


@sampled
@given(matrices_and_widths())
@example((np.zeros((2, 3)), (3, 2, 4, 2)))
@example((np.ones((3, 2)), (2, 2, 3)))
def test_procedure_in_floats(drawn: tuple[FloatMatrix, tuple[int, ...]]) -> None:
    """Statement 4, at A = 0 and a matrix of rank 1 too."""
    check_factors(*drawn)


@sampled
@given(factorisations(padded=True))
def test_floats_against_the_rational_procedure(drawn: Factorisation) -> None:
    """The middle layers of ``balanced_factors`` are Procedure 1's: padded diagonals whose N-th powers are the known
    singular values of the rational A, as far as LAPACK, and rounding A to float64, let them."""
    matrix, widths = arithmetic.nearest(drawn.matrix), [len(basis) for basis in drawn.bases]
    check_factors(matrix, widths)
    allowed = Bounds.of(matrix, widths).value + norm(arithmetic.exact(matrix) - drawn.matrix)
    depth, size = len(widths) - 1, len(drawn.roots)
    for layer in balanced_factors(matrix, widths)[1:-1]:
        found = arithmetic.exact(layer)
        on_the_diagonal = [found[i, i] for i in range(size)]
        assert (found == diagonal(len(found), len(found.T), on_the_diagonal)).all()
        for root, entry in zip(drawn.roots, on_the_diagonal, strict=True):
            gap = abs(entry**depth - arithmetic.rational(root) ** depth)
            verdict = compare(Comparison(gap, "<=", allowed, f"power of a root against {root**depth}"))
            assert verdict.holds, verdict


@sampled
@pytest.mark.parametrize("hidden", [(), (3,), (4, 3), (3, 5, 4, 3)], ids=str)
@pytest.mark.parametrize("name", DATASETS)
def test_real_targets(name: str, hidden: tuple[int, ...]) -> None:
    """The whitened data's own Phi, 1 x 10 and 3 x 3, at depths 1, 2, 3 and 5."""
    target = regression(name).target
    check_factors(target, (target.shape[1], *hidden, target.shape[0]))


# Controls

VALUES = diagonal(2, 2, [4, 1])
IDENTITY = diagonal(2, 2, [1, 1])


@control
@ablates("DL-016", "equal exponents", "dropped", Fate.REFUTED)
def test_refuted_without_the_roots() -> None:
    """W_1 = S V^T, W_2 = U has the same product diag(4, 1), and ||B_1||^2 = (4^0 - 4^2)^2 as statement 2 says."""
    weights = procedure([IDENTITY] * 3, [VALUES, IDENTITY])
    assert (end_to_end(weights) == VALUES).all()
    assert frobenius_squared(imbalances(weights)[0]) == (1 - 4**2) ** 2
    assert not is_balanced(weights)


@control
@ablates("DL-016", "equal exponents", "A in the first layer, padded identities above", Fate.REFUTED)
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_padding_layer_by_layer(name: str) -> None:
    """Real data: the product is A whatever the padding, but no layer pair next to A is balanced."""
    target = arithmetic.exact(regression(name).target)
    outputs, _ = target.shape
    weights = (target, diagonal(4, outputs, [1] * outputs), diagonal(outputs, 4, [1] * outputs))
    assert (end_to_end(weights) == target).all()
    first, second = imbalances(weights)
    assert compare(Comparison(frobenius_squared(first), ">", fmpq(0), "||B_1||^2")).holds
    assert frobenius_squared(second) == 0


@control
@ablates("DL-016", "width", "dropped", Fate.REFUTED)
def test_refuted_through_a_bottleneck() -> None:
    """d = 2-1-2: any product of a column and a row has determinant 0, and A = diag(4, 1) has not; in the padded form a
    column of S is lost."""
    entries = sympy.symbols("u_1 u_2 v_1 v_2")
    product = sympy.Matrix(2, 1, entries[:2]) * sympy.Matrix(1, 2, entries[2:])
    assert sympy.expand(product.det()) == 0
    cut = diagonal(1, 2, [1])
    weights = procedure([IDENTITY, cut, IDENTITY], [diagonal(2, 2, [2, 1])] * 2)
    assert (end_to_end(weights) == diagonal(2, 2, [4, 0])).all()
    with pytest.raises(ValueError, match="bottleneck"):
        balanced_factors(arithmetic.nearest(VALUES), (2, 1, 2))


@control
@ablates("DL-016", "orthonormal columns", "dropped", Fate.REFUTED)
def test_refuted_for_columns_that_are_not_orthonormal() -> None:
    """E_1 = 2 I at depth 2 and 3: the product is 4 A, and next to the last layer balance is lost at depth 3."""
    root = diagonal(2, 2, [2, 1])
    for depth in (2, 3):
        weights = procedure([IDENTITY, 2 * IDENTITY, *[IDENTITY] * (depth - 1)], [root] * depth)
        assert (end_to_end(weights) == 4 * diagonal(2, 2, [2**depth, 1])).all()
        assert is_balanced(weights) == (depth == 2)


@control
def test_refuted_where_two_layers_disagree_on_a_basis() -> None:
    """W_1 padded from above and W_2 from below, d = 1-2-1: balance and product are both lost."""
    weights = (diagonal(2, 1, [1]), diagonal(1, 2, [1])[:, ::-1])
    assert (end_to_end(weights) == 0).all()
    assert not is_balanced(weights)


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_for_floats_with_a_relative_error_of_two_to_the_minus_40(name: str) -> None:
    """The bounds are sharp enough to tell one layer that is larger by 2^-40 from the right one."""
    target = regression(name).target
    widths = (target.shape[1], 4, 3, target.shape[0])
    weights = list(balanced_factors(target, widths))
    weights[1] = weights[1] * (1 + 2.0**-40)
    product, balance = product_and_imbalances(weights, target)
    assert product.fails
    assert all(verdict.fails for verdict in balance)


# Witnesses


@witness
def test_smallest_and_degenerate_cases() -> None:
    """A = 0, depth 1, and widths just wide enough, wide and tall: everything exact in floats too."""
    for shape in ((2, 3), (3, 2), (1, 1)):
        zero = np.zeros(shape)
        outputs, inputs = shape
        rank = min(shape)
        for widths in ((inputs, outputs), (inputs, rank, outputs), (inputs, 5, rank, outputs)):
            weights = [arithmetic.exact(layer) for layer in balanced_factors(zero, widths)]
            assert [layer.shape for layer in weights] == [(after, before) for before, after in pairwise(widths)]
            assert not end_to_end(weights).any()
            assert is_balanced(weights)


@witness
def test_scalars_by_hand() -> None:
    """A = -8 in three layers of width 1: all |w_j| are 2, and the product keeps the sign."""
    weights = balanced_factors(np.array([[-8.0]]), (1, 1, 1, 1))
    assert [abs(float(layer[0, 0])) for layer in weights] == [2.0] * 3
    assert end_to_end(weights)[0, 0] == -8


@witness
def test_zeros_and_ones_are_balanced_under_every_exponent() -> None:
    """The boundary of statement 2: singular values 1 and 0 alone, where S^a = S for every a > 0."""
    values = diagonal(2, 2, [1, 0])
    weights = procedure([IDENTITY] * 4, [values] * 3)
    assert (end_to_end(weights) == values).all()
    assert is_balanced(weights)
