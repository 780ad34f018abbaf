"""Statements 5 and 6: poor minima for k > 1, at rank k from delta = 1/2 on, at rank 1 from 1/(1 + k^{-1/2}) on."""

from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.shallow_landscapes.matrix_sensing.isometry import Kind, has_isometry, kind
from claims.suite import Fate, ablates, control, exact, fewer, symbolic, witness
from claims.suite.symbols import is_zero
from solvers.arithmetic import Comparison, ObjectArray, compare, settle
from solvers.arithmetic import exact as rationals
from solvers.shallow import FactoredObjective, combination, from_form
from strategies import diagonal


@dataclass(frozen=True)
class Instance:
    """f, a critical U, and delta^2."""

    objective: FactoredObjective
    factor: ObjectArray
    delta_squared: fmpq


def embedded(root: fmpq, width: int) -> Instance:
    """5: u (+) I_{k-1}, z z^T (+) I_{k-1}; T is 3's on the entries 11, 12, 22, and 1 + t elsewhere; t = root^2."""
    t, size = root**2, width + 1
    factor, target = (rationals(np.zeros(shape)) for shape in ((size, width), (size, size)))
    factor[0, 0], target[1, 1] = root, fmpq(1)
    for place in range(2, size):
        factor[place, place - 1] = target[place, place] = fmpq(1)
    rows, columns = np.triu_indices(size)
    form = rationals(np.diag(np.where(rows == columns, 1.0, 2.0))) * (1 + t)
    corners = [int(np.flatnonzero((rows == i) & (columns == i))[0]) for i in (0, 1)]
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        form[corners[i], corners[j]] = fmpq(1) if i == j else t
    return Instance(FactoredObjective(target, from_form(form)), factor, t**2)


def overparameterised(root: fmpq, width: int, elsewhere: fmpq, columns: int | None = None) -> Instance:
    """6: s = root^2, c = ``elsewhere``; with more ``columns`` than k the others are zero.

    T = c id + (1 - c)(projection on span(I_k, F)) + s (I_k <F, .> + F <I_k, .>).
    """
    s, size = root**2, width + 1
    last = diagonal(size, size, [0] * width + [1])
    others = diagonal(size, size, [1] * width + [0])
    rest = 1 - elsewhere
    coefficients = rationals(np.array([[rest / width, s], [s, rest]], dtype=object))
    linear_map = combination(np.stack([others, last]), coefficients, identity=elsewhere)
    return Instance(FactoredObjective(last, linear_map), diagonal(size, columns or width, [root] * width), width * s**2)


@symbolic
@pytest.mark.parametrize("width", [2, 3])
def test_the_hessian_form_of_the_embedded_minimum(width: int) -> None:
    """k = 2, 3, every t: 2t v_1^2 + (1+t)((2t-1) v_2^2 + |t^{1/2} c + w_1|^2 + t |w_2|^2 + |Q + Q^T|^2 / 2), from
    1/2 <S, T S> + <T(N), V V^T>."""
    root = sympy.Symbol("r", positive=True)
    t, size = root**2, width + 1
    u = sympy.zeros(size, width)
    u[0, 0] = root
    for place in range(2, size):
        u[place, place - 1] = 1
    v = sympy.Matrix(size, width, sympy.symbols(f"v:{size * width}", real=True))
    s = u * v.T + v * u.T
    inside = s[0, 0] ** 2 + s[1, 1] ** 2 + 2 * t * s[0, 0] * s[1, 1]
    outside = (1 + t) * ((s * s).trace() - s[0, 0] ** 2 - s[1, 1] ** 2)
    seen = sympy.zeros(size, size)
    seen[1, 1] = t**2 - 1  # T(N), N = diag(t, -1)
    form = (inside + outside) / 2 + (seen * v * v.T).trace()
    block = v[2:, 1:]
    row_one, row_two, column = v[0, 1:], v[1, 1:], v[2:, 0]
    mixed = root * column.T + row_one
    squares = (2 * t - 1) * v[1, 0] ** 2 + (mixed * mixed.T)[0] + t * (row_two * row_two.T)[0]
    squares += ((block + block.T) ** 2).trace() / 2
    assert sympy.expand(form - 2 * t * v[0, 0] ** 2 - (1 + t) * squares) == 0


@symbolic
def test_the_threshold_of_the_overparameterised_minimum() -> None:
    """With kappa = k^{1/2}, delta = s kappa and c = 1 + delta: c s - (1 - k s^2) = (1 + delta)(s - 1 + delta), which is
    positive iff delta > kappa / (1 + kappa) = 1/(1 + 1/kappa)."""
    s, kappa = sympy.symbols("s kappa", positive=True)
    delta = s * kappa
    gap = (1 + delta) * s - (1 - kappa**2 * s**2)
    assert sympy.expand(gap - (1 + delta) * (s - 1 + delta)) == 0
    assert sympy.simplify((s - 1 + delta).subs(s, kappa / (1 + kappa) / kappa)) == 0
    assert sympy.simplify(kappa / (1 + kappa) - 1 / (1 + 1 / kappa)) == 0
    assert sympy.diff(s - 1 + delta, s).is_positive


@symbolic
def test_a_column_that_u_leaves_idle_in_any_dimension() -> None:
    """U p = 0, V = v p^T: U V^T + V U^T = (U p) v^T + v (U p)^T, which is 0, and V V^T = |p|^2 v v^T. So k >= n leaves
    no second-order point but the global ones, for any psd T."""
    rows, columns = sympy.symbols("n k", integer=True, positive=True)
    u, p = sympy.MatrixSymbol("U", rows, columns), sympy.MatrixSymbol("p", columns, 1)
    v = sympy.MatrixSymbol("v", rows, 1)
    moved = v * p.T
    assert is_zero(u * moved.T + moved * u.T - (u * p) * v.T - v * (u * p).T)
    assert is_zero(moved * moved.T - v * (p.T * p) * v.T)


NEAR_HALF = st.sampled_from([fmpq(12, 17), fmpq(17, 24), fmpq(29, 41), fmpq(70, 99)])  # r^2 = .498 to .503
ROOTS = st.one_of(NEAR_HALF, st.integers(2, 30).flatmap(lambda q: st.integers(1, q - 1).map(lambda p: fmpq(p, q))))


@exact
@pytest.mark.parametrize("width", [1, 2, 3])
@fewer(2)
@given(root=ROOTS)
def test_embedded_minima_are_poor_exactly_above_one_half(width: int, root: fmpq) -> None:
    """k = 1, 2, 3 and any t = r^2; delta is t on all of Sym(k + 1). Poor: zero directions are rotations."""
    found, t = embedded(root, width), root**2
    assert has_isometry(found.objective.linear_map, width + 1, t**2)
    assert not has_isometry(found.objective.linear_map, width + 1, t**2 * fmpq(999, 1000))
    assert kind(found.objective, found.factor) is (Kind.POOR if t > fmpq(1, 2) else Kind.STRICT)


@st.composite
def overparameterised_instances(draw: st.DrawFn) -> tuple[int, fmpq, fmpq]:
    """(k, s^{1/2}, c) with k s^2 < 1 and |c - 1| <= delta, c nearly as large as that in half of them."""
    width = draw(st.integers(2, 3))
    bottom = draw(st.integers(3, 40))
    most = int(bottom * (1 / width) ** 0.25)
    root = fmpq(draw(st.integers(1, most)), bottom)
    delta = int(1000 * float(width * root**4) ** 0.5)
    shift = draw(st.one_of(st.just(delta), st.integers(-delta, delta)))
    return width, root, 1 + fmpq(shift, 1000)


@exact
@given(overparameterised_instances())
def test_overparameterised_minima_are_poor_exactly_above_the_threshold(drawn: tuple[int, fmpq, fmpq]) -> None:
    """k = 2, 3: U is critical for any s and c; it is poor iff c s > 1 - k s^2, strict iff c s < 1 - k s^2, and then
    delta > 1/(1 + k^{-1/2}) where it is poor."""
    width, root, elsewhere = drawn
    found, s = overparameterised(root, width, elsewhere), root**2
    assert has_isometry(found.objective.linear_map, width + 1, found.delta_squared)
    gap = elsewhere * s - (1 - width * s**2)
    expected = Kind.POOR if gap > 0 else Kind.STRICT if gap < 0 else Kind.FLAT
    assert kind(found.objective, found.factor) is expected
    if gap > 0:
        assert is_beyond(width, found.delta_squared)


def is_beyond(width: int, delta_squared: fmpq, *, less: fmpq | int = 0) -> bool:
    """Whether delta - ``less`` > 1/(1 + k^{-1/2}), decided."""

    def beyond() -> Comparison:
        threshold = 1 / (1 + 1 / arb(width).sqrt())
        return Comparison(arb(delta_squared).sqrt() - less, ">", threshold, "delta against the threshold")

    verdict = settle(beyond)
    assert verdict.holds or verdict.fails
    return verdict.holds


CASES = [(2, fmpq(2, 3), fmpq(3, 2)), (3, fmpq(5, 8), fmpq(13, 8)), (4, fmpq(3, 5), fmpq(17, 10))]


@witness
@pytest.mark.parametrize(("width", "root", "elsewhere"), CASES)
def test_small_overparameterised_minima(width: int, root: fmpq, elsewhere: fmpq) -> None:
    """(k, s^{1/2}, c): poor, with delta^2 = k s^2 < 1, |c - 1| <= delta, and f = (1 - k s^2)/4 > 0."""
    found = overparameterised(root, width, elsewhere)
    assert has_isometry(found.objective.linear_map, width + 1, found.delta_squared)
    assert compare(Comparison((elsewhere - 1) ** 2, "<=", found.delta_squared, "(c - 1)^2")).holds
    assert kind(found.objective, found.factor) is Kind.POOR
    assert found.objective.value(found.factor) == (1 - found.delta_squared) / 4


@control
@ablates("DL-041", "isometry", "more columns: 1/(1 + k^{-1/2}) + 1/1000", Fate.REFUTED)
@pytest.mark.parametrize("width", [2, 3, 4])
def test_refuted_that_more_than_the_threshold_is_enough(width: int) -> None:
    """A poor minimum within 1/1000 above the threshold, s^{1/2} a multiple of 2^-14; its neighbour below is strict."""
    edge = (1 / (1 + float(width) ** 0.5)) ** 0.5
    above, below = (fmpq(int(edge * 2**14) + step, 2**14) for step in (1, 0))
    for root, outcome in ((above, Kind.POOR), (below, Kind.STRICT)):
        delta = width * root**4
        shift = fmpq(int(2**30 * float(delta) ** 0.5) - 1, 2**30)
        found = overparameterised(root, width, 1 + shift)
        assert has_isometry(found.objective.linear_map, width + 1, found.delta_squared)
        assert kind(found.objective, found.factor) is outcome
        assert is_beyond(width, found.delta_squared) is (outcome is Kind.POOR)
        assert not is_beyond(width, found.delta_squared, less=fmpq(1, 1000))


@control
@pytest.mark.parametrize(("width", "root", "elsewhere"), CASES)
def test_refuted_with_as_many_columns_as_rows(width: int, root: fmpq, elsewhere: fmpq) -> None:
    """k + 1 = n columns, the last one zero: V = e_n p^T has <V, H V> = -(1 - k s^2), so the same U is strict."""
    found = overparameterised(root, width, elsewhere, width + 1)
    direction = rationals(np.zeros((width + 1, width + 1)))
    direction[width, width] = fmpq(1)
    assert found.objective.hessian_form(found.factor, direction) == -(1 - found.delta_squared)
    assert kind(found.objective, found.factor) is Kind.STRICT


@control
@pytest.mark.parametrize("width", [2, 3, 4])
def test_refuted_for_a_smaller_map_elsewhere(width: int) -> None:
    """c = 1 in place of 3/2, 13/8, 17/10: c s < 1 - k s^2, and the point is strict."""
    _, root, _ = CASES[width - 2]
    found = overparameterised(root, width, fmpq(1))
    assert kind(found.objective, found.factor) is Kind.STRICT


@witness
def test_one_column_is_statement_three() -> None:
    """k = 1 in either: 1/(1 + 1) = 1/2, and u of 3 at t = s = 9/16."""
    first, second = embedded(fmpq(3, 4), 1), overparameterised(fmpq(3, 4), 1, fmpq(25, 16))
    assert (first.factor == second.factor).all()
    assert (first.objective.hessian(first.factor) == second.objective.hessian(second.factor)).all()
    assert is_beyond(1, fmpq(1, 4) + fmpq(1, 10**9))
    assert not is_beyond(1, fmpq(1, 4) - fmpq(1, 10**9))
