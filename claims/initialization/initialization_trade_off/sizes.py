"""The size of W(0) layer-wise: its second moment for every width and depth, and over all signs; what it needs."""

from fractions import Fraction
from itertools import pairwise, product
from math import prod

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st
from sympy.concrete.delta import deltasummation

from claims.suite import Fate, ablates, control, exact, symbolic
from solvers.arithmetic import rational
from solvers.network import end_to_end, transpose


@symbolic
def test_a_layer_multiplies_the_second_moment_by_s_squared_and_the_width() -> None:
    """E (v X)_k^2 = sum_ij v_i v_j E X_ik X_jk = s^2 sum_i v_i^2 for symbolic width; h layers later s^{2N} h^{N-1}."""
    width, i, j = sympy.symbols("h i j", integer=True, positive=True)
    s, n = sympy.Symbol("s", positive=True), sympy.Symbol("n", integer=True)
    v, moment = sympy.IndexedBase("v"), sympy.Function("a")
    inner = deltasummation(v[i] * v[j] * s**2 * sympy.KroneckerDelta(i, j), (j, 1, width))
    assert inner == sympy.Piecewise((s**2 * v[i] ** 2, i <= width), (0, True))
    hidden = sympy.rsolve(moment(n + 1) - width * s**2 * moment(n), moment(n), {moment(1): width * s**2})
    depth = sympy.Symbol("N", integer=True, positive=True)
    entry = s**2 * hidden.subs(n, depth - 1)  # E ||(W_{N-1} ... W_1)_{.k}||^2 through N - 1 layers, then the last
    assert sympy.simplify(entry - s ** (2 * depth) * width ** (depth - 1)) == 0


@symbolic
def test_a_band_of_sizes_is_a_narrower_band_of_deviations() -> None:
    """From r = s^N h^{(N-1)/2}: the decades of s between two sizes are those of r over N, whatever h."""
    depth, width, s, t = sympy.symbols("N h s t", positive=True)
    size = [x**depth * width ** ((depth - 1) / 2) for x in (s, t)]
    gap = sympy.expand_log(sympy.log(size[1] / size[0]), force=True) - depth * (sympy.log(t) - sympy.log(s))
    assert sympy.simplify(gap) == 0


SIGNS = (-1.0, 1.0)


def mean_square(dimensions: tuple[int, ...], s: fmpq, *, tied: bool = False, shift: int = 0) -> set[fmpq]:
    """The values of E W_{ik}^2 over all entries of W, where every entry of every layer is s (sign + shift), over all
    patterns of signs; ``tied``: the last layer is the transpose of the first."""
    shapes = [(after, before) for before, after in pairwise(dimensions)]
    ends = np.cumsum([0, *(rows * columns for rows, columns in shapes)])
    entries = np.array(list(product(SIGNS, repeat=int(ends[-1])))) + float(shift)  # small whole numbers: exact
    layers = [entries[:, a:b].reshape(-1, *shape) for a, b, shape in zip(ends[:-1], ends[1:], shapes, strict=True)]
    if tied:
        layers[-1] = transpose(layers[0])
    squares = end_to_end(tuple(layers)) ** 2
    unit = s ** (2 * len(shapes)) / len(entries)
    return {int(total) * unit for total in squares.sum(axis=0).ravel()}


def formula(dimensions: tuple[int, ...], s: fmpq) -> fmpq:
    """s^{2N} d_1 ... d_{N-1}."""
    return s ** (2 * len(dimensions) - 2) * prod(dimensions[1:-1])


@exact
@given(st.lists(st.integers(1, 2), min_size=2, max_size=4), st.fractions("1/8", 8))
def test_the_second_moment_over_all_signs(widths: list[int], s: Fraction) -> None:
    """Entries s and -s with equal chances, every outcome counted: depths 1 to 3, several inputs and outputs."""
    assert mean_square(tuple(widths), rational(s)) == {formula(tuple(widths), rational(s))}


@control
@ablates("DL-017", "independent entries", "dropped", Fate.REFUTED)
def test_refuted_for_tied_layers() -> None:
    """W_2 = W_1^T, two signs: W = 2 s^2 always, so E W^2 = 4 s^4 in place of 2 s^4."""
    s = fmpq(1, 3)
    assert mean_square((1, 2, 1), s, tied=True) == {4 * s**4}
    assert formula((1, 2, 1), s) == 2 * s**4


@control
@ablates("DL-017", "zero means", "dropped", Fate.REFUTED)
def test_refuted_for_entries_with_a_mean() -> None:
    """Entries 0 and 2 s: mean s, variance s^2. E W^2 = 2 (2 s^2)^2 + 2 (s^2)^2 = 10 s^4 at widths 1, 2, 1."""
    s = fmpq(1, 3)
    assert mean_square((1, 2, 1), s, shift=1) == {10 * s**4}
