"""Statement 5: (x^2 y^2 - 1)^2 / 4 is four scalar layers in two pairs."""

import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, settle
from solvers.flow import limit_sharpness, mode_step, pair_factor, sharpness_change

NUMBERS = st.fractions(-3, 3, max_denominator=6).map(lambda x: fmpq(x.numerator, x.denominator))
SHARES = st.sampled_from([fmpq(1), fmpq(7, 5), fmpq(141421, 100000), fmpq(141422, 100000), fmpq(2), fmpq(1, 10)])


def moved(x: Scalar, y: Scalar, eta: Scalar) -> tuple[Scalar, Scalar]:
    """A step on (x^2 y^2 - 1)^2 / 4 itself."""
    slope = eta * (x**2 * y**2 - 1)
    return x - slope * x * y**2, y - slope * x**2 * y


def rate_for(x: fmpq, y: fmpq, share: fmpq) -> fmpq:
    """eta with eta |r x y| = share; 1 where r x y = 0."""
    slope = abs((x**2 * y**2 - 1) * x * y)
    return share / slope if slope else fmpq(1)


def does_not_rise(x: fmpq, y: fmpq, eta: fmpq) -> bool:
    """phi(w') <= phi(w), w = (x, x, y, y)."""
    after = mode_step([x, x, y, y], fmpq(1), eta)
    verdict = settle(lambda: Comparison(sharpness_change([x, x, y, y], after, fmpq(1)), "<=", fmpq(0), "change of phi"))
    assert verdict.holds or verdict.fails
    return verdict.holds


@symbolic
def test_the_two_losses_have_one_descent() -> None:
    """The gradient of (x^2 y^2 - 1)^2 / 4 is half of what (x, x, y, y) has together, that is, that of one of each pair;
    b' = (1 - (eta r x y)^2) b; phi = 2/X + 2/Y = 2 (X + Y), (X + Y)^2 = b^2 + 4."""
    x, y, eta = sympy.symbols("x y eta", real=True)
    loss = (x**2 * y**2 - 1) ** 2 / 4
    after = mode_step([x, x, y, y], sympy.Integer(1), eta)
    expected = [x - eta * sympy.diff(loss, x)] * 2 + [y - eta * sympy.diff(loss, y)] * 2
    assert all(sympy.expand(one - other) == 0 for one, other in zip(after, expected, strict=True))
    kept = 1 - (eta * (x**2 * y**2 - 1) * x * y) ** 2
    assert sympy.expand(after[0] ** 2 - after[2] ** 2 - kept * (x**2 - y**2)) == 0
    large, small = sympy.symbols("X Y", positive=True)
    assert sympy.simplify((2 / large + 2 / small).subs(small, 1 / large) - 2 * (large + 1 / large)) == 0
    assert sympy.expand((large - small) ** 2 + 4 * large * small - (large + small) ** 2) == 0


@exact
@given(NUMBERS, NUMBERS, SHARES)
def test_phi_falls_if_and_only_if(x: fmpq, y: fmpq, share: fmpq) -> None:
    """Both directions of 5, the step of four layers and that of the two numbers, the pair factor, and phi."""
    eta = rate_for(x, y, share)
    first, second = moved(x, y, eta)
    assert mode_step([x, x, y, y], fmpq(1), eta) == [first, first, second, second]
    e = pair_factor([x, x, y, y], fmpq(1), eta, 0, 2)
    assert first**2 - second**2 == (1 - e**2) * (x**2 - y**2)
    assert does_not_rise(x, y, eta) == (x**2 == y**2 or e**2 <= 2)
    formula = 2 * (arb(x**2 - y**2) ** 2 + 4).sqrt()
    assert limit_sharpness([x, x, y, y], 1).overlaps(formula)


@control
def test_refuted_with_other_numbers() -> None:
    """x = 2, y = 1: eta |r x y| = 3/2 raises phi, 7/5 does not; twice the learning rate is another descent; one layer
    of each pair alone, (x^2 y^2 - 1)^2 / 2, too."""
    x, y = fmpq(2), fmpq(1)
    assert does_not_rise(x, y, rate_for(x, y, fmpq(7, 5)))
    assert not does_not_rise(x, y, rate_for(x, y, fmpq(3, 2)))
    assert moved(x, y, fmpq(1, 50)) != tuple(mode_step([x, x, y, y], fmpq(1), fmpq(1, 25))[::2])


@witness
def test_a_minimum() -> None:
    """x y = 1: nothing moves, and phi = 2 (x^2 + y^2); at x = y = 1 it is 4."""
    assert mode_step([fmpq(2), fmpq(2), fmpq(1, 2), fmpq(1, 2)], fmpq(1), fmpq(9)) == [2, 2, fmpq(1, 2), fmpq(1, 2)]
    assert limit_sharpness([2, 2, fmpq(1, 2), fmpq(1, 2)], 1).overlaps(arb(fmpq(17, 2)))
    assert limit_sharpness([1, 1, 1, 1], 1).overlaps(arb(4))
