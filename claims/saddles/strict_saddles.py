"""Two layers have strict saddles only; deeper networks do where the middle layers' product keeps full rank.

Statement. l = 1/2 ||W_N ... W_1 - Phi||_F^2, N >= 2, p = min(d_1, ..., d_{N-1}) the least hidden width, and
r = rank(W_{N-1} ... W_2), r = p for N = 2. At a critical point that is not a global minimum:

1. N = 2: some eigenvalue of the Hessian is negative, for any widths and any Phi. If a unit vector v has v^T W_1 = 0 the
   least is at most (c - (c^2 + 4 s^2)^{1/2}) / 2 <= -s^2 / (c + s), with c = |W_2 v|^2, s = |G|_2; the same with
   W_2 v = 0 and c = |v^T W_1|^2. Otherwise W is d_1 modes of Phi, one of them below one left out, sigma < sigma', and
   some direction has <V, H V> = sigma^2 - sigma'^2.
2. N >= 3: the same if r = p.
3. No smaller rank will do. For N >= 3, any hidden widths and any r < p there are targets with a critical point at which
   l is not the least, no eigenvalue is negative, and the middle layers have rank r. In the target's singular bases: its
   r largest modes carried by diagonal layers, everything else zero, rank Phi > r.
4. Below p the rank does not decide: there are strict saddles at every r < p too. With all widths 1 and Phi != 0 a
   critical point with l > 0 is strict if exactly two layers vanish, whichever, and its Hessian is zero if more do.

Proof. The second derivative along V is ||dW||_F^2 + 2 <G, d2W>, dW and d2W the sums of the products with one and with
two factors V_j.
1: with v^T W_1 = 0, V = (v y^T, -a u v^T) has dW = W_2 v y^T and d2W = -a u y^T. For u, y the largest singular pair of
G it is c - 2 a s, over ||V||^2 = 1 + a^2: the quadratic form of [[c, -s], [-s, 0]]. In the last case V is the swap of
``poor_minima``.
2: W_{N-1} ... W_2 = A B through the narrowest layer, A of full column rank, B of full row rank. (B W_1, W_N A) is a
critical point of two layers of width p, with the same W; moves of W_1 and W_N alone move both factors at will, with no
second-order term of their own. The tail is that of the deep network, so 1 applies.
3: G being minus the modes left, <G, d2W> needs a path from a left input to a left output. All layers are zero there, so
it goes by V_1 into a carried place c and by V_N out of it, and contributes m_c b_c^T G a_c, where x_c, m_c, z_c are the
factors of W_1, the middle and W_N, x_c m_c z_c = sigma_c, b_c is a column of V_N and a_c a row of V_1. ||dW||^2 has
|b_c m_c x_c|^2 + |z_c m_c a_c|^2 >= 2 |m_c| sigma_c |b_c| |a_c|, and |G|_2 <= sigma_c. That l is lower arbitrarily near
is DL-023's.

Hypotheses. "middle rank": r = p, in 2 (it holds by itself in 1). Any widths, any target.
Source. K16 (arXiv:1605.07110), Theorem 2.3 (iii)-(iv); the bounds of 1, 3 and 4 are this project's.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy
from flint import arb, arb_mat, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.saddles.poor_minima import is_zero
from claims.suite import DLC, K16, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare, square_root
from solvers.network import (
    end_to_end,
    frobenius_squared,
    hessian,
    hessian_vector_product,
    inertia,
    layer_gradients,
    loss,
    lower_nearby,
    negative_curvature,
    null_space,
    rank,
)
from strategies import DATASETS, CriticalPoint, critical_points, diagonal, dimensions, regression, zero_weights

CLAIM = Claim(
    uid="DL-024",
    title="Which saddles are strict",
    statement=__doc__,
    sources=(K16.at("Theorem 2.3"), DLC.at("DL-024")),
    items=("7.3",),
    status=Status.THEOREM,
    hypotheses=("middle rank",),
)

Layers = tuple[ObjectArray, ...]

SLOPES = st.integers(-16, 64).map(lambda k: fmpq(k, 8))
TWO_LAYERS = critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3))
FULL_MIDDLE = critical_points(dimensions=dimensions(min_depth=3, max_depth=4, max_width=3), rest="full middle")
NOT_STRICT = critical_points(
    dimensions=dimensions(min_depth=3, max_depth=4, max_width=3), rest="zero", leading=True, rank_left=True
)


def curvature(weights: Layers, target: ObjectArray, direction: Layers) -> Scalar:
    """<V, H V>."""
    product = hessian_vector_product(weights, target, direction)
    value: Scalar = sum((v * h).sum() for v, h in zip(direction, product, strict=True))
    return value


def middle_rank(weights: Layers) -> int:
    """The rank of W_{N-1} ... W_2; d_1 for N = 2."""
    return rank(end_to_end(weights[1:-1])) if len(weights) > 2 else len(weights[0])


def least_hidden_width(weights: Layers) -> int:
    """p."""
    return min(len(matrix) for matrix in weights[:-1])


def is_strict(point: CriticalPoint) -> bool:
    """Whether an eigenvalue is negative, by Descartes' rule on the characteristic polynomial."""
    return inertia(hessian(point.weights, point.target))[1] > 0


@symbolic
def test_the_curvature_of_two_layers_in_any_dimension() -> None:
    """1, v^T W_1 = 0: V_2 W_1 + W_2 V_1 = W_2 v y^T - a u (v^T W_1), V_2 V_1 = -a |v|^2 u y^T, symbolic sizes; and
    with W_2 z = 0: V = (-a z y^T, u z^T) has -a (W_2 z) y^T + u z^T W_1."""
    inputs, width, outputs = sympy.symbols("d_0 d_1 d_2", integer=True, positive=True)
    first, second = sympy.MatrixSymbol("W_1", width, inputs), sympy.MatrixSymbol("W_2", outputs, width)
    v, y, u = (sympy.MatrixSymbol(*spec) for spec in (("v", width, 1), ("y", inputs, 1), ("u", outputs, 1)))
    a = sympy.Symbol("a")
    move, other = v * y.T, -a * u * v.T
    assert is_zero(other * first + second * move - second * v * y.T + a * u * (v.T * first))
    assert is_zero(other * move + a * u * (v.T * v) * y.T)
    move, other = -a * v * y.T, u * v.T
    assert is_zero(other * first + second * move - u * (v.T * first) + a * (second * v) * y.T)
    assert is_zero(other * move + a * u * (v.T * v) * y.T)


@symbolic
def test_the_least_eigenvalue_of_the_two_by_two_form() -> None:
    """[[c, -s], [-s, 0]] has (1, (q + c) / 2 s) for (c - q) / 2, q = (c^2 + 4 s^2)^{1/2}. That is -2 s^2 / (c + q), and
    q <= c + 2 s, so it is at most -s^2 / (c + s) < 0."""
    c, s = sympy.Symbol("c", nonnegative=True), sympy.Symbol("s", positive=True)
    form, q = sympy.Matrix([[c, -s], [-s, 0]]), sympy.sqrt(c**2 + 4 * s**2)
    vector, least = sympy.Matrix([1, (q + c) / (2 * s)]), (c - q) / 2
    assert (form * vector - least * vector).applyfunc(lambda entry: sympy.simplify(sympy.expand(entry))) == sympy.zeros(
        2, 1
    )
    assert sympy.expand(least * (c + q) + 2 * s**2) == 0
    assert sympy.expand((c + 2 * s) ** 2 - q**2 - 4 * c * s) == 0
    assert (4 * c * s).is_nonnegative
    assert sympy.simplify(-2 * s**2 / (c + (c + 2 * s)) + s**2 / (c + s)) == 0
    assert (-(s**2) / (c + s)).is_negative


@symbolic
def test_ends_alone_move_two_layers_at_will_in_any_dimension() -> None:
    """2: with C, E one-sided inverses, B C = I and E A = I, V_1 = C X and V_N = Y E give dP = X, dQ = Y; the product
    moves by t (Y P + Q X) + t^2 Y X, as that of the two layers (P, Q) = (B W_1, W_N A) does; symbolic sizes."""
    names = "d_0 d_1 p d_l d_N"
    inputs, first, width, last, outputs = sympy.symbols(names, integer=True, positive=True)
    w1, wn = sympy.MatrixSymbol("W_1", first, inputs), sympy.MatrixSymbol("W_N", outputs, last)
    a, b = sympy.MatrixSymbol("A", last, width), sympy.MatrixSymbol("B", width, first)
    c, e = sympy.MatrixSymbol("C", first, width), sympy.MatrixSymbol("E", width, last)
    x, y = sympy.MatrixSymbol("X", width, inputs), sympy.MatrixSymbol("Y", outputs, width)
    t = sympy.Symbol("t")
    one, other = b * c - sympy.Identity(width), e * a - sympy.Identity(width)
    moved_p, moved_q = b * (w1 + t * c * x), (wn + t * y * e) * a
    assert is_zero(moved_p - (b * w1 + t * x) - t * one * x)
    assert is_zero(moved_q - (wn * a + t * y) - t * y * other)
    deep = (wn + t * y * e) * a * b * (w1 + t * c * x)
    assert is_zero(deep - moved_q * moved_p)


@symbolic
@pytest.mark.parametrize("others", [0, 1, 2])
@pytest.mark.parametrize("vanishing", [2, 3])
def test_scalar_networks_are_strict_where_exactly_two_layers_vanish(vanishing: int, others: int) -> None:
    """4, every depth: an entry of the Hessian has two variables, so the layers that vanish (three of them, where there
    are more), at most two others, and R for the product of all the rest show every entry there is. With two at zero,
    that of the two is -Phi times the product of the others, and all else 0; with three everything is 0."""
    t = sympy.symbols(f"t1:{vanishing + others + 1}", real=True)
    w = sympy.symbols(f"w1:{others + 1}", real=True, nonzero=True)
    phi = sympy.Symbol("Phi", real=True, nonzero=True)
    rest = sympy.Symbol("R", real=True, nonzero=True) if vanishing == 2 else sympy.Symbol("R", real=True)
    value = (sympy.prod(t) * rest - phi) ** 2 / 2
    here = dict(zip(t, [0] * vanishing + list(w), strict=True))
    assert all(sympy.diff(value, variable).subs(here) == 0 for variable in t)
    entries, expected = sympy.hessian(value, t).subs(here), sympy.zeros(len(t), len(t))
    if vanishing == 2:
        expected[0, 1] = expected[1, 0] = -phi * rest * sympy.prod(w)
        assert expected[0, 1].is_nonzero  # so the eigenvalues are plus and minus that, and zeros
    assert (entries - expected).applyfunc(sympy.expand) == sympy.zeros(len(t), len(t))


@symbolic
def test_the_carried_modes_outweigh_what_is_left() -> None:
    """3: B^2 m^2 x^2 + A^2 m^2 z^2 - 2 |m| g A B = (B m x - A m z)^2 + 2 |m| A B (sigma - g) with x m z = sigma, for
    A, B, x, m, z >= 0 (signs go into the vectors), and sigma >= g."""
    a, b, x, m, z, g, gap = sympy.symbols("A B x m z g gap", nonnegative=True)
    sigma = x * m * z
    form = (b * m * x) ** 2 + (a * m * z) ** 2 - 2 * m * g * a * b
    assert sympy.expand(form - (b * m * x - a * m * z) ** 2 - 2 * m * a * b * (sigma - g)) == 0
    assert ((b * m * x - a * m * z) ** 2 + 2 * m * a * b * gap).is_nonnegative


def strict(point: CriticalPoint) -> None:
    """An explicit direction of negative curvature, or a global minimum with none at all."""
    direction = negative_curvature(point.weights, point.target)
    if point.is_global:
        assert direction is None
        assert not is_strict(point)
        return
    assert direction is not None
    form = curvature(point.weights, point.target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature along the direction")).holds
    assert is_strict(point)


@exact
@given(TWO_LAYERS)
def test_two_layers_are_strict(point: CriticalPoint) -> None:
    """1: a direction and the Hessian's inertia, in rationals; widths 1-3, with a bottleneck and without."""
    strict(point)


@exact
@fewer(2)
@given(critical_points(dimensions=dimensions(min_depth=2, max_depth=2, max_width=3), rank_left=True), SLOPES)
def test_the_least_eigenvalue_of_two_layers_is_below_the_bound(point: CriticalPoint, a: fmpq) -> None:
    """1 with v from the kernel of W_1^T, or of W_2 where that is 0: V = (v y^T, -a u v^T) or (-a v y^T, u v^T) has
    <V, H V> = |v|^2 (c - 2 a s) and ||V||^2 = |v|^2 (1 + a^2); and H + s^2 / (c + s) I is not positive definite."""
    first, second = point.weights
    unread = null_space(first.T)
    v = unread[:, :1] if unread.size else null_space(second)[:, :1]
    square = frobenius_squared(v)
    c = frobenius_squared(second @ v if unread.size else first.T @ v) / square
    left = next(i for i in range(len(point.singular_values)) if i not in point.captured)
    s = point.singular_values[left]  # |G|_2, the largest mode left
    u, y = -point.left[:, left : left + 1], point.right[:, left : left + 1]  # G y = s u
    direction = (v @ y.T, -a * u @ v.T) if unread.size else (-a * v @ y.T, u @ v.T)
    assert curvature(point.weights, point.target, direction) == square * (c - 2 * a * s)
    assert sum(frobenius_squared(part) for part in direction) == square * (1 + a**2)
    matrix = hessian(point.weights, point.target)
    shifted = matrix + arithmetic.exact(np.eye(len(matrix))) * (s**2 / (c + s))
    assert inertia(shifted)[0] < len(matrix)


@exact
@fewer(2)
@given(FULL_MIDDLE)
def test_deep_networks_with_a_full_middle_are_strict(point: CriticalPoint) -> None:
    """2: N = 3 and 4, widths 1-3."""
    assert middle_rank(point.weights) == least_hidden_width(point.weights)
    strict(point)


@exact
@fewer(2)
@ablates("DL-024", "middle rank", "dropped", Fate.REFUTED)
@given(NOT_STRICT, st.integers(0, 30))
def test_deep_networks_with_less_in_the_middle_may_not_be(point: CriticalPoint, halvings: int) -> None:
    """3: not global, no negative eigenvalue, in any bases of the hidden layers; and l is lower within 2^-k."""
    assert middle_rank(point.weights) == point.rank < least_hidden_width(point.weights)
    assert not point.is_global
    assert not is_strict(point)
    low = lower_nearby(point.weights, point.target, within=fmpq(1, 2**halvings))
    assert low is not None
    assert compare(Comparison(loss(low, point.target), "<", point.loss, "loss nearby")).holds


def real_modes(name: str) -> tuple[list[arb], list[ObjectArray], ObjectArray]:
    """Balls around the singular values of a real target, of full rank and not higher than wide, largest first, and
    around unit left singular vectors: column k of prod_{j != i} (S - s_j^2 I), S = Phi Phi^T, for some k, scaled."""
    target = arithmetic.exact(regression(name).target)
    gram, identity = target @ target.T, arithmetic.balls(np.eye(len(target)))
    found = arb_mat(len(gram), len(gram), [arb(entry) for entry in gram.ravel()]).eig()
    squares = sorted((value.real for value in found), key=float, reverse=True)
    vectors = []
    for i in range(len(squares)):
        product = identity
        for other in squares[:i] + squares[i + 1 :]:
            product = product @ (gram - identity * other)
        column = max(range(len(gram)), key=lambda k: float(product[k, k] ** 2))
        vector = product[:, column : column + 1]
        vectors.append(vector / frobenius_squared(vector).sqrt())
    return [square.sqrt() for square in squares], vectors, target


def subsets(count: int) -> list[tuple[int, ...]]:
    """All proper subsets of range(count)."""
    return [which for size in range(count) for which in itertools.combinations(range(count), size)]


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("captured", subsets(3))
def test_real_data_with_room_in_the_middle(captured: tuple[int, ...], depth: int) -> None:
    """linnerud, all hidden widths 3, W the captured modes, identities in the middle: W_N = [q_i, 0], W_1 = W_N^T Phi.
    For the first mode b left, V = (e q_b^T Phi, q_b e^T) with an idle unit e has <V, H V> = -2 s_b^2: in balls."""
    values, vectors, target = real_modes("linnerud")
    zero = arithmetic.balls(np.zeros((3, 1)))
    last = np.hstack([vectors[i] if i in captured else zero for i in range(3)])
    b = next(i for i in range(3) if i not in captured)
    idle = arithmetic.balls(np.eye(3))[:, b : b + 1]
    middle = (arithmetic.balls(np.eye(3)),) * (depth - 2)
    weights = (last.T @ target, *middle, last)
    still = tuple(0 * matrix for matrix in middle)
    direction = (idle @ (vectors[b].T @ target), *still, vectors[b] @ idle.T)
    assert all(entry.contains(0) for d in layer_gradients(weights, target) for entry in d.flat)
    form = curvature(weights, target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature")).holds
    assert (form + 2 * values[b] ** 2).contains(0)


@sampled
@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize(("kept", "left"), [(1, 0), (2, 0), (2, 1)])
def test_real_data_with_the_wrong_modes_across_a_bottleneck(kept: int, left: int, depth: int) -> None:
    """linnerud through width 1, mode a in W and a larger b left out: W_N = q_a, W_1 = q_a^T Phi; the swap
    V = (s_a / s_b q_b^T Phi, s_b / s_a q_b) has curvature s_a^2 - s_b^2 < 0: in balls."""
    values, vectors, target = real_modes("linnerud")
    one = arithmetic.balls(np.eye(1))
    weights = (vectors[kept].T @ target, *((one,) * (depth - 2)), vectors[kept])
    ratio = values[kept] / values[left]
    direction = (ratio * (vectors[left].T @ target), *((0 * one,) * (depth - 2)), vectors[left] / ratio)
    form = curvature(weights, target, direction)
    assert compare(Comparison(form, "<", fmpq(0), "curvature")).holds
    assert (form - values[kept] ** 2 + values[left] ** 2).contains(0)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_at_zero(name: str) -> None:
    """Exactly, in rationals: strict at depth 2, where an explicit direction is found; at depth 3 it is not."""
    target = arithmetic.exact(regression(name).target)
    outputs, inputs = target.shape
    weights = zero_weights((inputs, 2, outputs))
    direction = negative_curvature(weights, target)
    assert direction is not None
    assert compare(Comparison(curvature(weights, target, direction), "<", fmpq(0), "curvature")).holds
    assert inertia(hessian(weights, target))[1] > 0
    with pytest.raises(ValueError, match="below the rank of its narrowest layer"):
        negative_curvature(zero_weights((inputs, 1, 1, outputs)), target)


ONE = arithmetic.exact(np.array([[1.0]]))
NOTHING = 0 * ONE


@control
def test_refuted_that_depth_three_is_always_strict() -> None:
    """Widths 1, Phi = 1, all layers 0: the Hessian is 0, the loss 1/2 is not the least."""
    weights = (NOTHING,) * 3
    assert inertia(hessian(weights, ONE)) == (0, 0, 3)
    assert compare(Comparison(loss(weights, ONE), "<=", fmpq(0), "loss against the least")).fails


@control
@pytest.mark.parametrize("depth", [3, 4, 5])
@ablates("DL-024", "middle rank", "one less", Fate.REFUTED)
def test_refuted_with_a_middle_of_one_rank_less(depth: int) -> None:
    """Widths 2, Phi = I, all layers diag(1, 0): the middle has rank 1 = p - 1, no eigenvalue is negative, l = 1/2."""
    weights = (diagonal(2, 2, [1, 0]),) * depth
    target = diagonal(2, 2, [1, 1])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert middle_rank(weights) == 1
    assert inertia(hessian(weights, target))[1] == 0
    low = lower_nearby(weights, target, within=fmpq(1, 1000))
    assert low is not None
    assert compare(Comparison(loss(weights, target), "<=", loss(low, target), "loss against one nearby")).fails


@control
@pytest.mark.parametrize("place", [0, 1, 2])
def test_refuted_that_a_full_middle_is_needed(place: int) -> None:
    """4: widths 1, Phi = 1, two layers 0 and one 1: strict, the middle's rank being 1 or 0."""
    weights = tuple(ONE if j == place else NOTHING for j in range(3))
    assert inertia(hessian(weights, ONE)) == (1, 1, 1)
    assert middle_rank(weights) == (place == 1)


@control
def test_refuted_that_any_modes_carried_leave_no_negative_eigenvalue() -> None:
    """3 needs the largest: Phi = diag(1, 2), all layers diag(1, 0) at depth 3, has a negative one."""
    weights = (diagonal(2, 2, [1, 0]),) * 3
    target = diagonal(2, 2, [1, 2])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert inertia(hessian(weights, target))[1] > 0


@control
def test_refuted_that_a_global_minimum_is_strict() -> None:
    """Phi = diag(2, 1) through width 1 at diag(2, 0), loss 1/2: no negative eigenvalue, at depth 2."""
    weights, target = (diagonal(1, 2, [1]), diagonal(2, 1, [2])), diagonal(2, 2, [2, 1])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    assert inertia(hessian(weights, target))[1] == 0
    assert negative_curvature(weights, target) is None


@witness
@pytest.mark.parametrize(("root", "s", "least"), [(0, 2, -2), (3, 20, -16), (4, 15, -9)])
def test_the_bound_is_an_eigenvalue_in_the_smallest_case(root: int, s: int, least: int) -> None:
    """Widths 1-1-2, W_1 = 0, W_2 = (0, c^{1/2}), Phi = (s, 0): the form [[c, -s], [-s, 0]] and a zero, with the
    eigenvalue (c - (c^2 + 4 s^2)^{1/2}) / 2, an integer here."""
    c, weights = root**2, (NOTHING, arithmetic.exact(np.array([[0.0], [float(root)]])))
    target = diagonal(2, 1, [s])
    assert all(frobenius_squared(d) == 0 for d in layer_gradients(weights, target))
    matrix = hessian(weights, target)
    assert matrix.tolist() == [[c, -s, 0], [-s, 0, 0], [0, 0, 0]]
    assert c - square_root(fmpq(c**2 + 4 * s**2)) == 2 * least
    assert inertia(matrix - diagonal(3, 3, [least] * 3)) == (2, 0, 1)


@witness
@pytest.mark.parametrize("depth", [2, 3])
def test_the_swap_attains_its_curvature(depth: int) -> None:
    """1's last case: Phi = diag(2, 1) through width 1 at diag(0, 1): V = (e_1^T / 2, 2 e_1) has 1 - 4 = -3."""
    small = arithmetic.exact(np.array([[0.0, 1.0]]))
    target = diagonal(2, 2, [2, 1])
    weights = (small, *((ONE,) * (depth - 2)), small.T)
    direction = (diagonal(1, 2, [1]), *((NOTHING,) * (depth - 2)), diagonal(2, 1, [2]))
    assert curvature(weights, target, direction) == -3


@witness
@pytest.mark.parametrize(("width", "r"), [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)])
def test_every_smaller_rank_has_strict_and_other_saddles(width: int, r: int) -> None:
    """3 and 4: depth 3, Phi = diag(3, 2, 1, 1), hidden widths p = width > r. The r largest modes and nothing else: not
    strict. With W_1 reading one more mode, and nothing else: strict, with the same middle."""
    target = diagonal(4, 4, [3, 2, 1, 1])
    ones, values = [fmpq(1)] * r, [fmpq(3), fmpq(2)][:r]
    weights = (diagonal(width, 4, values), diagonal(width, width, ones), diagonal(4, width, ones))
    more = weights[0].copy()
    more[r, r] = fmpq(1)
    for chosen, negative in ((weights, False), ((more, *weights[1:]), True)):
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(chosen, target))
        assert middle_rank(chosen) == r < least_hidden_width(chosen)
        assert (inertia(hessian(chosen, target))[1] > 0) is negative
