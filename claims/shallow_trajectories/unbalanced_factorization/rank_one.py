"""Statement 4: one column times one row from equal norms, by Oja's flow."""

from dataclasses import dataclass

import numpy as np
import sympy
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from claims.suite.symbols import is_zero
from solvers.arithmetic import ObjectArray
from solvers.arithmetic import exact as rationals
from solvers.network import frobenius_squared
from strategies import diagonal, orthogonal_matrices

VALUES = st.lists(st.sampled_from([fmpq(k, 2) for k in range(7)]), min_size=3, max_size=3)
LENGTHS = st.sampled_from([fmpq(1), fmpq(1, 3), fmpq(2), fmpq(1, 100), fmpq(0)])


@dataclass(frozen=True)
class RankOneState:
    """A = Q diag(s) R^T, s falling, and u = r Q x, v = r R y with |x| = |y|, in rationals; ``bases`` are Q and R."""

    target: ObjectArray
    values: list[fmpq]
    left: ObjectArray
    right: ObjectArray
    bases: tuple[ObjectArray, ObjectArray]

    @property
    def top(self) -> int:
        """How many singular values are the greatest."""
        return sum(value == self.values[0] for value in self.values)


PARTS = ((fmpq(3, 5), fmpq(4, 5)), (fmpq(0), fmpq(1)), (fmpq(1), fmpq(0)))


@st.composite
def states(draw: st.DrawFn, *, missing: bool = False) -> RankOneState:
    """Sizes 1 to 3; ties, zeros and rank deficiency included. Where ``missing``, y = -x in the coordinates of s_1,
    which is a = 0: the part of z there is an eigenvector of J for -s_1."""
    m, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    bases = draw(orthogonal_matrices(m)), draw(orthogonal_matrices(n))
    values = sorted(draw(VALUES)[: min(m, n)], reverse=True)
    target = bases[0] @ diagonal(m, n, values) @ bases[1].T
    length = draw(LENGTHS)
    if missing:
        top = sum(value == values[0] for value in values)
        here, off = draw(st.sampled_from(PARTS)) if min(m, n) > top else PARTS[2]
        first = draw(orthogonal_matrices(top))[:, 0] * here
        x, y = (
            np.concatenate([sign * first, *([draw(orthogonal_matrices(size - top))[:, 0] * off] if size > top else [])])
            for size, sign in ((m, 1), (n, -1))
        )
    else:
        x, y = (draw(orthogonal_matrices(size))[:, 0] for size in (m, n))
    return RankOneState(target, values, length * (bases[0] @ x), length * (bases[1] @ y), bases)


def velocity(target: ObjectArray, left: ObjectArray, right: ObjectArray) -> ObjectArray:
    """(u', v') of the gradient flow of 1/2 ||u v^T - A||_F^2."""
    rest = np.outer(left, right) - target
    return np.concatenate([-rest @ right, -rest.T @ left])


def oja_velocity(
    target: ObjectArray, left: ObjectArray, right: ObjectArray, *, share: fmpq | None = None
) -> ObjectArray:
    """J z - ``share`` |z|^2 z, 1/2 in the statement."""
    z = np.concatenate([left, right])
    moved: ObjectArray = np.concatenate([target @ right, target.T @ left]) - z * ((share or fmpq(1, 2)) * (z @ z))
    return moved


def error(state: RankOneState) -> fmpq:
    """||u v^T - A||_F^2."""
    found: fmpq = frobenius_squared(np.outer(state.left, state.right) - state.target)
    return found


@symbolic
def test_norms_stay_equal_and_the_formula_solves_the_flow() -> None:
    """Every size. <u, u'> - <v, v'> = 0 in words; and for each coordinate, with y = e^{J t} z_0, j = (J y)_i, n = |y|^2
    and s' = n, the derivative of y_i s^{-1/2} is (J z)_i - |z|^2 z_i / 2."""
    m, k = sympy.symbols("m k", integer=True, positive=True)
    target, u, v = sympy.MatrixSymbol("A", m, k), sympy.MatrixSymbol("u", m, 1), sympy.MatrixSymbol("v", k, 1)
    left, right = -(u * v.T - target) * v, -(u * v.T - target).T * u
    assert is_zero((u.T * left) - (v.T * right).T)
    t = sympy.symbols("t")
    y, s = sympy.Function("y")(t), sympy.Function("s")(t)
    j, n = sympy.symbols("j n")
    moved = sympy.diff(y / sympy.sqrt(s), t).subs({y.diff(t): j, s.diff(t): n})
    assert sympy.simplify(moved - (j / sympy.sqrt(s) - (n / s) * (y / sympy.sqrt(s)) / 2)) == 0


@symbolic
def test_the_error_in_the_spectrum_of_j() -> None:
    """|u|^2 = |v|^2 = n, c = <u, A v>, f = ||A||_F^2: f - 2c + n^2 = f - s^2 + (n - s)^2 + (2 s n - 2c) for every s."""
    f, c, n, s = sympy.symbols("f c n s")
    assert sympy.expand(f - 2 * c + n**2 - (f - s**2 + (n - s) ** 2 + (2 * s * n - 2 * c))) == 0


@exact
@given(states())
def test_the_flow_is_that_of_oja(state: RankOneState) -> None:
    """From |u| = |v| both velocities are equal, and so are <u, u'> and <v, v'>."""
    moves = velocity(state.target, state.left, state.right)
    assert state.left @ state.left == state.right @ state.right
    assert (moves == oja_velocity(state.target, state.left, state.right)).all()
    rows = len(state.left)
    assert state.left @ moves[:rows] == state.right @ moves[rows:]


@exact
@given(states())
def test_no_error_is_below_the_best(state: RankOneState) -> None:
    """The identity with s = s_1, whose last two terms are >= 0: no u v^T is nearer to A than ||A||_F^2 - s_1^2."""
    s, n = state.values[0], state.left @ state.left
    form = 2 * s * n - 2 * (state.left @ state.target @ state.right)
    best = frobenius_squared(state.target) - s**2
    assert form >= 0
    assert error(state) == best + (n - s) ** 2 + form


def least_error(state: RankOneState, *, exponent: int = 2) -> fmpq:
    """||A||_F^2 - max(s_2, 0)^``exponent`` for the next eigenvalue s_2 of J; 2 is the statement's."""
    lower = [value for value in state.values if value < state.values[0]]
    found: fmpq = frobenius_squared(state.target) - (lower[0] ** exponent if lower else 0)
    return found


@exact
@given(states(missing=True))
def test_starts_that_miss_the_top_stay_away(state: RankOneState) -> None:
    """a = 0: z' has no part in the eigenspace of s_1 either, and the error is at least ||A||_F^2 - max(s_2, 0)^2."""
    rows, moves = len(state.left), velocity(state.target, state.left, state.right)
    assert state.left @ state.left == state.right @ state.right
    for u, v in ((state.left, state.right), (moves[:rows], moves[rows:])):
        x, y = (basis.T @ vector for basis, vector in zip(state.bases, (u, v), strict=True))
        assert not (x[: state.top] + y[: state.top]).any()
    assert error(state) >= least_error(state)


DIAGONAL = rationals([[9, 0], [0, 4]])


def at(left: list[float], right: list[float]) -> RankOneState:
    """A = diag(9, 4) and a state."""
    axes = rationals(np.eye(2))
    return RankOneState(DIAGONAL, [fmpq(9), fmpq(4)], rationals(left), rationals(right), (axes, axes))


@control
def test_refuted_with_less_than_the_square_and_with_a_part_in_the_top() -> None:
    """A = diag(9, 4), u = v = (0, 2): 81 = 97 - 4^2, and not >= 97 - 4. u = v = (3, 0) misses nothing: 16 < 81."""
    state = at([0, 2], [0, 2])
    assert error(state) == least_error(state) == 81
    assert not error(state) >= least_error(state, exponent=1)
    top = at([3, 0], [3, 0])
    assert not error(top) >= least_error(top)


@control
@ablates("DL-056", "equal norms", "dropped", Fate.REFUTED)
def test_refuted_for_unequal_norms() -> None:
    """A = diag(9, 4), u = (1, 1), v = (1, 0): the flow is not Oja's; nor is it for equal norms with |z|^2 z / 3."""
    uneven, even = at([1, 1], [1, 0]), at([1, 0], [0, 1])
    assert (velocity(DIAGONAL, uneven.left, uneven.right) != oja_velocity(DIAGONAL, uneven.left, uneven.right)).any()
    assert (velocity(DIAGONAL, even.left, even.right) == oja_velocity(DIAGONAL, even.left, even.right)).all()
    other = oja_velocity(DIAGONAL, even.left, even.right, share=fmpq(1, 3))
    assert (velocity(DIAGONAL, even.left, even.right) != other).any()


@witness
def test_the_limit_rests_and_is_best() -> None:
    """A = diag(9, 4), u = v = (3, 0): |z|^2 = 18 = 2 s_1, velocity 0, error 97 - 81; half of it does not rest."""
    state, half = at([3, 0], [3, 0]), at([3 / 2, 0], [3 / 2, 0])
    assert not velocity(DIAGONAL, state.left, state.right).any()
    assert error(state) == 16
    assert velocity(DIAGONAL, half.left, half.right).any()
