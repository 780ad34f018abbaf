"""Statement 1: which cycles of two there are, and their multipliers."""

from collections.abc import Callable

import sympy
from flint import arb, fmpq, fmpz_poly
from hypothesis import example, given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, Scalar, compare, settle
from solvers.descent.two_cycles import TwoCycle, cycles_of_two_numbers
from solvers.shallow import TwoFactors
from solvers.shallow.real_roots import real_roots

PRODUCTS = st.builds(fmpq, st.integers(1, 60), st.integers(1, 20))
"""mu from 1/20 to 60."""

W, MU = sympy.symbols("w mu", positive=True)


def state(u: Scalar, v: Scalar, product: Scalar) -> TwoFactors:
    """The scaled model: eta = 1, and Phi = mu."""
    return TwoFactors(u, v, product, fmpq(1))


def derivative(here: TwoFactors, sign: int) -> tuple[Scalar, Scalar]:
    """The derivative of a step along u = ``sign`` v and across, at a point of this line; ``sign`` is 1 or -1."""
    return 1 + sign * here.target - 3 * here.left**2, 1 + sign * here.residual


@symbolic
def test_every_cycle_of_two() -> None:
    """The proof: p'' and q'' at p q != 0, and both polynomials; mu a symbol."""
    r, after = sympy.symbols("R R'")
    total = sympy.expand((1 - r) * (1 - after) + (1 + r) * (1 + after))
    difference = sympy.expand((1 + r) * (1 + after) - (1 - r) * (1 - after))
    assert total - 2 == sympy.expand(2 * r * after)
    assert difference == 2 * r + 2 * after
    assert sympy.solve([total - 2, difference], [r, after], dict=True) == [{r: 0, after: 0}]
    for sign in (1, -1):

        def step(w: sympy.Expr, sign: int = sign) -> sympy.Expr:
            return w * (1 + sign * MU - w**2)

        factors = (W**2 - sign * MU) * (W**2 - 2 - sign * MU) * (W**4 - (1 + sign * MU) * W**2 + 1)
        assert sympy.expand(step(step(W)) - W - W * factors) == 0
        moved = TwoFactors(W, sign * W, MU, 1).step()
        assert sympy.expand(moved.left - step(W)) == 0
        assert sympy.expand(moved.right - sign * step(W)) == 0
    assert sympy.expand((1 - MU) ** 2 - 4 - (MU - 3) * (MU + 1)) == 0  # < 0 for 0 < mu < 3; beyond, 1 - mu < 0


@symbolic
def test_the_multipliers_and_the_window() -> None:
    """The derivative of two steps from that of the step in p and q; (a) by s = x^2 + y^2 = 1 + mu and x y = 1."""
    u, v = sympy.symbols("u v", real=True)
    moved = TwoFactors(u, v, MU, 1).step()
    jacobian = sympy.Matrix([moved.left, moved.right]).jacobian([u, v])
    turn = sympy.Matrix([[1, 1], [1, -1]])  # (p, q); its own inverse times 2
    for sign in (1, -1):
        along, across = derivative(TwoFactors(W, sign * W, MU, 1), sign)
        found = (turn * jacobian.subs({u: W, v: sign * W}) * turn / 2).applyfunc(sympy.expand)
        order = (along, across) if sign == 1 else (across, along)
        assert found == sympy.diag(*map(sympy.expand, order))
    x = sympy.Symbol("x", positive=True)
    mu = x**2 + x**-2 - 1
    pairs = [derivative(TwoFactors(value, value, mu, 1), 1) for value in (x, 1 / x)]
    assert sympy.simplify(pairs[0][0] * pairs[1][0] - (9 - 2 * (1 + mu) ** 2)) == 0
    assert sympy.simplify(pairs[0][1] * pairs[1][1] - (3 - 2 * mu)) == 0
    inside = sympy.solve_univariate_inequality((9 - 2 * (1 + MU) ** 2 + 1) > 0, MU, relational=False)
    assert inside.intersect(sympy.Interval.open(0, sympy.oo)) == sympy.Interval.open(0, sympy.sqrt(5) - 1)
    assert sympy.solve(9 - 2 * (1 + MU) ** 2, MU) == [3 / sympy.sqrt(2) - 1]
    assert 9 - 2 * (1 + 1) ** 2 == 3 - 2 * 1 == 1  # both are 1 at mu = 1, and fall


def checked(cycle: TwoCycle, product: fmpq, moves: Callable[[TwoFactors], TwoFactors] = TwoFactors.step) -> bool:
    """Whether the points alternate and the multipliers are the products of the derivatives; balls must overlap."""
    (u, v), (x, y) = cycle.points
    here, there = state(u, v, product), state(x, y, product)
    sign = 1 if u * v > 0 else -1
    first, second = derivative(here, sign), derivative(there, sign)
    pairs = [
        (moves(here).left, x),
        (moves(here).right, y),
        (moves(there).left, u),
        (moves(there).right, v),
        (first[0] * second[0], cycle.along),
        (first[1] * second[1], cycle.across),
    ]
    return all(arb(one).overlaps(arb(other)) for one, other in pairs)


def number_of_points(product: fmpq) -> int:
    """Real w != 0 of period exactly two on u = v and on u = -v, counted by FLINT's isolation of all real roots."""
    n, d = int(product.p), int(product.q)
    count = 0
    for sign in (1, -1):
        step = fmpz_poly([0, d + sign * n, 0, -d])  # d f(w)
        twice = (d + sign * n) * d**2 * step - d * step**3  # d^4 f(f(w))
        simple, repeated = real_roots(twice - fmpz_poly([0, d**4]))
        fixed, again = real_roots(step - fmpz_poly([0, d]))
        count += len(simple) + len(repeated) - len(fixed) - len(again)
    return count


@exact
@given(PRODUCTS)
@example(fmpq(1))
@example(fmpq(2))
def test_the_cycles_are_all_there_are(product: fmpq) -> None:
    """Each alternates, with its multipliers; their points are as many as the polynomials have roots; and which of them
    are there, and stable, is as stated."""
    found = cycles_of_two_numbers(product)
    assert all(checked(cycle, product) for cycle in found)
    points = {complex(float(arb(w)), float(arb(v))) for cycle in found for w, v in cycle.points}
    assert len(points) == 2 * len(found) == number_of_points(product)
    assert len(found) == 1 + (product < 2) + 2 * (product > 1)
    window = settle(lambda: Comparison(product, "<", arb(5).sqrt() - 1, "mu against sqrt 5 - 1"))
    for k, cycle in enumerate(found):
        assert cycle.is_stable == (k < 2 and product > 1 and window.holds)


@exact
@given(st.integers(2, 40), st.integers(1, 39))
def test_rational_cycles(numerator: int, denominator: int) -> None:
    """Every rational x != 1: mu = x^2 + 1/x^2 - 1, and 1/x is the other point, in rationals."""
    x = fmpq(numerator, denominator) if numerator != denominator else fmpq(numerator + 1, denominator)
    product = x**2 + 1 / x**2 - 1
    here = state(x, x, product)
    assert (here.step().left, here.descend(2).left) == (1 / x, x)
    first = cycles_of_two_numbers(product)[0]
    assert {first.points[0][0], first.points[1][0]} == {x, 1 / x}


@control
@ablates("DL-064", "mu above 1", "mu >= 1", Fate.REFUTED)
@ablates("DL-064", "mu above 1", "dropped", Fate.REFUTED)
def test_refuted_at_and_below_one() -> None:
    """At mu = 1 the two points of (a) are one, a minimum; at and below it the points of (b) and (c) are all."""
    one = state(fmpq(1), fmpq(1), fmpq(1))
    assert one.step() == one
    for product in (fmpq(1), fmpq(99, 100), fmpq(1, 2), fmpq(1, 100)):
        assert number_of_points(product) == 4
        assert [checked(cycle, product) for cycle in cycles_of_two_numbers(product)] == [True, True]
    assert number_of_points(fmpq(101, 100)) == 8


@control
@ablates("DL-064", "mu below sqrt 5 - 1", "dropped", Fate.REFUTED)
@ablates("DL-064", "mu below sqrt 5 - 1", "mu < 12361/10000", Fate.REFUTED)
def test_refuted_stability_beyond_the_window() -> None:
    """mu = 1.23606 is stable, 1.23607 is not, nor is 3/2; (b) and (c) are not at any mu, though across is what
    differs: 9 - 2 (1 + mu)^2 leaves at -1, and 3 - 2 mu not before 2."""
    assert [cycle.is_stable for cycle in cycles_of_two_numbers(fmpq(123606, 100000))] == [True, True, False, False]
    for product in (fmpq(123607, 100000), fmpq(3, 2), fmpq(3)):
        cycle = cycles_of_two_numbers(product)[0]
        assert not cycle.is_stable
        assert compare(Comparison(cycle.along, "<", fmpq(-1), "along")).holds
        assert (cycle.across * cycle.across < 1) == (product < 2)


@control
def test_refuted_with_other_numbers() -> None:
    """x y = 1 and x^2 + y^2 = 2 + mu, or x y = 2, do not alternate; nor do the multipliers with 8 for 9 fit."""
    product = fmpq(481, 400)
    cycle = cycles_of_two_numbers(product)[0]
    assert checked(cycle, product)
    assert not checked(cycle, product + 1)
    assert not checked(TwoCycle(cycle.points, cycle.along - 1, cycle.across), product)
    assert not checked(TwoCycle(cycle.points, cycle.along, cycle.across - 1), product)
    assert not checked(cycle, product, lambda here: here.descend(2))


@witness
def test_the_cycle_of_five_fourths() -> None:
    """(5/4, 4/5) at mu = 481/400: -56161/80000 along, 119/200 across; superstable between 1.12132 and 1.12133."""
    here = state(fmpq(5, 4), fmpq(5, 4), fmpq(481, 400))
    assert here.step() == state(fmpq(4, 5), fmpq(4, 5), fmpq(481, 400))
    first = cycles_of_two_numbers(fmpq(481, 400))[0]
    assert (first.along, first.across, first.is_stable) == (fmpq(-56161, 80000), fmpq(119, 200), True)
    before, beyond = (cycles_of_two_numbers(fmpq(k, 100000))[0].along for k in (112132, 112133))
    assert compare(Comparison(before, ">", fmpq(0), "along")).holds
    assert compare(Comparison(beyond, "<", fmpq(0), "along")).holds
