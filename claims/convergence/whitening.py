"""On whitened data the regression loss is half the squared distance to a target matrix, plus a constant.

Statement. Let X, of shape d_0 x m, hold m inputs as columns, and Y, of shape d_N x m, their outputs. With

    S = X X^T / m,   Phi = Y X^T / m,   const = ||Y||_F^2 / (2m) - ||Phi||_F^2 / 2:

White inputs. If S = I, then for every W of shape d_N x d_0

    1/(2m) ||W X - Y||_F^2 = 1/2 ||W - Phi||_F^2 + const.

Any inputs. Whatever S is, the left side exceeds the right by tr(W (S - I) W^T) / 2.

Proof. Expand both squares: ||W X||_F^2 / m = tr(W S W^T), and <W X, Y> / m = <W, Phi>.

Hypotheses. X X^T / m = I. Any full-rank inputs reach it as S^{-1/2} X.

Source. ACGH19 (arXiv:1810.02281), Section 2 and Appendix A.

Differs from the source. In wording alone, as far as is meant; what is said of any inputs is written out here.
"""

from math import isqrt

import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import ACGH19, Claim, Fate, Status, ablates, control, exact, formal, sampled, symbolic, witness
from claims.suite.prover import proved
from solvers import arithmetic
from solvers.arithmetic import Comparison, ObjectArray, Scalar, compare
from solvers.network import frobenius_squared, transpose, whiten, whitened_regression
from strategies import DATASETS, dyadic_matrices, orthogonal_matrices, regression

CLAIM = Claim(
    uid="DL-001",
    title="Whitening",
    statement=__doc__,
    sources=(ACGH19.at("Section 2, Appendix A"),),
    items=("1",),
    status=Status.THEOREM,
    hypotheses=("white inputs", "full rank"),
)

SIZES = st.integers(1, 4)


def excess(weight: ObjectArray, inputs: ObjectArray, outputs: ObjectArray) -> Scalar:
    """1/(2m) ||W X - Y||^2 - (1/2 ||W - Phi||^2 + const), which is zero on whitened data."""
    samples = inputs.shape[1]
    target = outputs @ inputs.T / fmpq(samples)
    constant = frobenius_squared(outputs) / (2 * samples) - frobenius_squared(target) / 2
    regression_loss = frobenius_squared(weight @ inputs - outputs) / (2 * samples)
    return regression_loss - frobenius_squared(weight - target) / 2 - constant  # type: ignore[no-any-return]


@st.composite
def whitened_data(draw: st.DrawFn) -> tuple[ObjectArray, ObjectArray, ObjectArray]:
    """W, X, Y of rationals with X X^T = m I exactly: orthogonal blocks a_i Q_i side by side, sum of a_i^2 = m.

    Zero columns fill X up to m samples, as samples at the origin may.
    """
    features, outputs = draw(SIZES), draw(SIZES)
    blocks = draw(st.integers(1, 3))
    least = isqrt(features) + 1
    scales = [draw(st.integers(least, least + 2)) for _ in range(blocks)]
    samples = sum(scale * scale for scale in scales)
    parts = [scale * draw(orthogonal_matrices(features)) for scale in scales]
    parts.append(arithmetic.exact(np.zeros((features, samples - blocks * features))))
    weight = arithmetic.exact(draw(dyadic_matrices(outputs, features)))
    return weight, np.concatenate(parts, axis=1), arithmetic.exact(draw(dyadic_matrices(outputs, samples)))


ANY_INPUTS = r"""
forall (R : realFieldType) (p q m : nat) (W : 'M[R]_(p, q)) (X : 'M[R]_(q, m)) (Y : 'M[R]_(p, m)),
let S := (m%:R)^-1 *: (X *m X^T) in let Phi := (m%:R)^-1 *: (Y *m X^T) in (0 < m)%N ->
sqnorm (W *m X - Y) / (2%:R * m%:R) = sqnorm (W - Phi) / 2%:R + (sqnorm Y / (2%:R * m%:R) - sqnorm Phi / 2%:R)
  + \tr (W *m (S - 1%:M) *m W^T) / 2%:R
"""
WHITE_INPUTS = """
forall (R : realFieldType) (p q m : nat) (W : 'M[R]_(p, q)) (X : 'M[R]_(q, m)) (Y : 'M[R]_(p, m)),
let Phi := (m%:R)^-1 *: (Y *m X^T) in (0 < m)%N -> (m%:R)^-1 *: (X *m X^T) = 1%:M ->
sqnorm (W *m X - Y) / (2%:R * m%:R) = sqnorm (W - Phi) / 2%:R + (sqnorm Y / (2%:R * m%:R) - sqnorm Phi / 2%:R)
"""


@formal
def test_any_inputs() -> None:
    """Over any ordered field, for every shape. Leaves out: nothing."""
    proved("whitening.v", "any_inputs", ANY_INPUTS)


@formal
def test_white_inputs() -> None:
    """Over any ordered field, for every shape. Leaves out: nothing."""
    proved("whitening.v", "white_inputs", WHITE_INPUTS)


@symbolic
def test_excess_is_a_trace_that_vanishes_on_white_inputs_of_any_size() -> None:
    """Expanding the squares leaves tr(W (S - I) W^T) / 2, for symbolic d_0, d_N and m."""
    features, outputs, m = sympy.symbols("d_0 d_N m", integer=True, positive=True)
    w, x, y = (
        sympy.MatrixSymbol(name, rows, columns)
        for name, rows, columns in (("W", outputs, features), ("X", features, m), ("Y", outputs, m))
    )

    def squared(matrix: sympy.MatrixExpr) -> sympy.Expr:
        return sympy.Trace(matrix * transpose(matrix))

    target = y * x.T / m
    gap = squared(w * x - y) / (2 * m) - squared(w - target) / 2 - squared(y) / (2 * m) + squared(target) / 2
    claimed = sympy.Trace(w * (x * x.T / m - sympy.Identity(features)) * w.T) / 2
    assert _trace_terms(gap - claimed) == {}


def _trace_terms(expression: sympy.Expr) -> dict[sympy.MatrixExpr, sympy.Expr]:
    """A sum of traces as {word: coefficient} with zero coefficients gone; tr(A) = tr(A^T) names each word once."""
    terms: dict[sympy.MatrixExpr, sympy.Expr] = {}
    for addend in sympy.Add.make_args(sympy.expand(expression)):
        (trace,) = addend.atoms(sympy.Trace)
        for word in sympy.Add.make_args(sympy.expand(trace.arg).doit()):
            scalar, matrix = word.as_coeff_mmul()
            matrix = min(matrix, transpose(matrix).doit(), key=str)
            terms[matrix] = terms.get(matrix, 0) + scalar * addend / trace
    return {matrix: sympy.simplify(value) for matrix, value in terms.items() if sympy.simplify(value) != 0}


@exact
@given(whitened_data())
def test_losses_differ_by_the_constant(data: tuple[ObjectArray, ObjectArray, ObjectArray]) -> None:
    """On exactly white rational data the excess is exactly zero."""
    weight, inputs, outputs = data
    assert compare(Comparison(excess(weight, inputs, outputs), "==", fmpq(0), "excess on white data")).holds


@sampled
@given(st.data(), SIZES, SIZES)
def test_excess_on_float_whitened_data_is_its_distance_from_white(
    data: st.DataObject, features: int, outputs: int
) -> None:
    """Whitened in float64, decided in rationals: |excess| <= ||S - I||_F ||W||_F^2 / 2, and S is I up to rounding."""
    raw = np.concatenate([np.eye(features), data.draw(dyadic_matrices(features, features + 3))], axis=1)
    result = whitened_regression(raw, data.draw(dyadic_matrices(outputs, raw.shape[1])))
    weight = arithmetic.exact(data.draw(dyadic_matrices(outputs, features)))
    _check_almost_white(weight, arithmetic.exact(result.inputs), arithmetic.exact(result.outputs))


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data(name: str) -> None:
    """The same on real, whitened regression data, at W = 0, at Phi and at the matrix of ones."""
    data = regression(name)
    for weight in (np.zeros_like(data.target), data.target, np.ones_like(data.target)):
        _check_almost_white(*(arithmetic.exact(a) for a in (weight, data.inputs, data.outputs)))


def _check_almost_white(weight: ObjectArray, inputs: ObjectArray, outputs: ObjectArray) -> None:
    gap, defect_squared = excess(weight, inputs, outputs), _whiteness_defect_squared(inputs)
    bound = defect_squared * frobenius_squared(weight) ** 2 / 4
    assert compare(Comparison(gap**2, "<=", bound, "squared excess on almost white data")).holds
    assert defect_squared < arb(_orthogonality_bound(*inputs.shape)) ** 2


def _whiteness_defect_squared(inputs: ObjectArray) -> Scalar:
    features, samples = inputs.shape
    return frobenius_squared(inputs @ inputs.T / fmpq(samples) - arithmetic.exact(np.eye(features)))  # type: ignore[no-any-return]


def _orthogonality_bound(features: int, samples: int) -> float:
    """LAPACK's guarantee for computed singular vectors, ||V^T V - I|| = O(u): p(m, n) u with p = m n here."""
    return features * samples * 2.0**-52


@control
@pytest.mark.parametrize("name", DATASETS)
def test_refuted_that_data_a_millionth_larger_are_white_up_to_rounding(name: str) -> None:
    """The allowance for rounding is smaller than that."""
    inputs = arithmetic.exact(regression(name).inputs)
    allowed = arb(_orthogonality_bound(*inputs.shape)) ** 2
    assert _whiteness_defect_squared(inputs) < allowed
    assert _whiteness_defect_squared(inputs * (1 + fmpq(1, 2**20))) > allowed


@control
@ablates("DL-001", "white inputs", "dropped", Fate.REFUTED)
def test_refuted_when_the_inputs_are_not_white() -> None:
    """One sample x = 2: 1/2 (2w)^2 differs from 1/2 w^2 by more than a constant."""
    weight, inputs, outputs = (arithmetic.exact([[value]]) for value in (1, 2, 0))
    assert compare(Comparison(excess(weight, inputs, outputs), "==", fmpq(0), "excess")).fails


@control
def test_refuted_with_the_constant_of_the_outputs_alone() -> None:
    """Leaving ||Phi||^2 / 2 out of the constant is wrong already for one white sample."""
    weight, inputs, outputs = (arithmetic.exact([[value]]) for value in (0, 1, 1))
    without = excess(weight, inputs, outputs) - frobenius_squared(outputs @ inputs.T) / 2
    assert compare(Comparison(without, "==", fmpq(0), "excess without the target's part")).fails


@control
@ablates("DL-001", "full rank", "dropped", Fate.REFUTED)
def test_singular_covariance_is_refused() -> None:
    """No whitening exists when a feature repeats another; the error says which rank was found."""
    with pytest.raises(ValueError, match=r"inputs .* rank 1; expected full rank 2"):
        whiten(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]]))


@witness
def test_white_data_exist_down_to_a_single_sample() -> None:
    """X = (1), Y = (3): Phi = 3 and both losses agree, with constant 0."""
    data = whitened_regression(np.array([[1.0]]), np.array([[3.0]]))
    assert abs(data.target) == 3.0
    assert excess(*(arithmetic.exact(a) for a in (np.zeros((1, 1)), data.inputs, data.outputs))) == 0


@witness
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_have_full_rank_and_a_target_below_one(name: str) -> None:
    """Standardised real data: Phi explains part of the variance, so 0 < ||Phi||_F^2 < d_N."""
    target = regression(name).target
    assert 0 < frobenius_squared(arithmetic.exact(target)) < target.shape[0]
