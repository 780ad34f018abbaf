"""Statement 2: what R must be on a cycle that is not balanced; and the cycles of four at which all |R| are sqrt 2."""

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.stability.edge_of_stability.all_cycles import state
from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, compare, square_root
from solvers.shallow import TwoFactors

ROOT = sympy.sqrt(2)


def gap_of_four(product: fmpq) -> arb:
    """q^2 of the cycle."""
    return 4 * (2 - product) / (4 + 2 * arb(2).sqrt())


def cycle_of_four(product: fmpq) -> TwoFactors:
    """A point of the cycle for 0 < mu < 2, as balls."""
    root, gap_squared = arb(2).sqrt(), gap_of_four(product)
    total = square_root(4 * (2 + root) - (3 + 2 * root) * gap_squared)
    gap = square_root(gap_squared)
    return state((total + gap) / 2, (total - gap) / 2, product)


def around(here: TwoFactors, steps: int) -> tuple[list[Scalar], TwoFactors]:
    """R at each of so many steps, and the end."""
    residuals = []
    for _ in range(steps):
        residuals.append(here.residual)
        here = here.step()
    return residuals, here


@symbolic
def test_the_law_and_the_equations_of_the_cycle() -> None:
    """b' = (1 - R^2) b; |1 - R^2| < 1 for 0 < R^2 < 2; and for steps to the negative: R' = -R, R^2 = 2, and with
    P = p^2/4, Q = q^2/4 the two equations P - Q - mu = R, (1-R)^2 P - (1+R)^2 Q - mu = -R have the stated solution."""
    u, v, mu, square = sympy.symbols("u v mu s", real=True)
    here = TwoFactors(u, v, mu, 1)
    moved = here.step()
    assert sympy.expand(moved.left**2 - moved.right**2 - (1 - here.residual**2) * (u**2 - v**2)) == 0
    assert sympy.expand(1 - (1 - square) ** 2 - square * (2 - square)) == 0
    r, after = sympy.symbols("R R'", real=True)
    found = sympy.solve([(1 - r) * (1 - after) + 1, (1 + r) * (1 + after) + 1], [r, after])
    assert set(found) == {(ROOT, -ROOT), (-ROOT, ROOT)}
    large, small = sympy.symbols("P Q", real=True)
    equations = [large - small - mu - ROOT, (1 - ROOT) ** 2 * large - (1 + ROOT) ** 2 * small - mu + ROOT]
    solved = sympy.solve(equations, [large, small])
    gap_squared = 4 * (2 - mu) / (4 + 2 * ROOT)
    assert sympy.simplify(4 * solved[small] - gap_squared) == 0
    assert sympy.simplify(4 * solved[large] - (4 * (2 + ROOT) - (3 + 2 * ROOT) * gap_squared)) == 0
    for positive in (solved[small], solved[large]):  # linear in mu: > 0 inside (0, 2)
        ends = [sympy.simplify(positive.subs(mu, end)) for end in (0, 2)]
        assert min(ends) >= 0 < max(ends)


@exact
@given(st.integers(1, 199))
def test_cycles_of_four_at_the_root_of_two(hundredths: int) -> None:
    """mu = 1/100 to 199/100: R is sqrt 2 and -sqrt 2 in turn, two steps lead to the negative, and b != 0."""
    product = fmpq(hundredths, 100)
    start = cycle_of_four(product)
    residuals, end = around(start, 4)
    root = arb(2).sqrt()
    for residual, expected in zip(residuals, (root, -root, root, -root), strict=True):
        assert arb(residual).overlaps(expected)
    assert end.left.overlaps(start.left)
    assert end.right.overlaps(start.right)
    _, half = around(start, 2)
    assert half.left.overlaps(-start.left)
    assert half.right.overlaps(-start.right)
    assert start.left**2 - start.right**2 > 0


@exact
@given(st.integers(1, 20), st.integers(1, 20), st.integers(-14142, 14142).filter(bool))
def test_balance_never_comes_back_below_the_root_of_two(u: int, product: int, residual: int) -> None:
    """From u to 4, mu to 2, 0 < |R| <= 1.4142 and b != 0, up to six steps: while 0 < |R| < sqrt 2, |b| falls at each;
    at the first it is so by construction."""
    mu, first = fmpq(product, 10), fmpq(u, 5) + fmpq(1, 7**7)
    here = state(first, (mu + fmpq(residual, 10000)) / first, mu)
    assert here.left**2 != here.right**2
    assert 0 < here.residual**2 < 2
    for _ in range(6):
        moved = here.step()
        before, after = (abs(each.left**2 - each.right**2) for each in (here, moved))
        if before == 0 or not 0 < here.residual**2 < 2:
            break
        assert after < before
        here = moved


@control
@ablates("DL-064", "all |R| below sqrt 2", "all |R| <= sqrt 2", Fate.REFUTED)
@ablates("DL-064", "all |R| below sqrt 2", "dropped", Fate.REFUTED)
@pytest.mark.parametrize("product", [fmpq(1, 10), fmpq(1), fmpq(19, 10)])
def test_refuted_at_the_root_of_two(product: fmpq) -> None:
    """The cycles of four are unbalanced, and every |R| on them is below 1415/1000."""
    start = cycle_of_four(product)
    residuals, end = around(start, 4)
    for residual in residuals:
        assert compare(Comparison(residual * residual, "<", fmpq(1415, 1000) ** 2, "R^2")).holds
    assert (end.left - start.left).contains(0)
    assert start.left**2 - start.right**2 > 0


@control
def test_refuted_cycle_of_four_with_other_numbers() -> None:
    """With q^2 a tenth larger, or mu a tenth larger, two steps do not lead to the negative."""
    start = cycle_of_four(fmpq(1))
    total, gap = start.total, start.gap * square_root(fmpq(11, 10))
    for moved in (state((total + gap) / 2, (total - gap) / 2, fmpq(1)), state(start.left, start.right, fmpq(11, 10))):
        _, half = around(moved, 2)
        assert not half.left.overlaps(-moved.left)


@control
@pytest.mark.parametrize("product", [fmpq(2), fmpq(21, 10)])
def test_refuted_from_two_on(product: fmpq) -> None:
    """At mu = 2 q^2 is 0: the cycle is balanced; beyond, q^2 < 0. Just below 2 it is there."""
    assert gap_of_four(product) == 0 if product == 2 else gap_of_four(product) < 0
    assert gap_of_four(fmpq(199, 100)) > 0


@witness
def test_a_cycle_of_four_is_not_stable() -> None:
    """mu = 1: the determinant of the derivative of four steps is above 1, so one of the two multipliers is."""
    here, determinant = cycle_of_four(fmpq(1)), arb(1)
    for _ in range(4):
        u, v, r = here.left, here.right, here.residual
        determinant *= (1 - u * u) * (1 - v * v) - (r + u * v) ** 2
        here = here.step()
    assert abs(determinant) > 1
