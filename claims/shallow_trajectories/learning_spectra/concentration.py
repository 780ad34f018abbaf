"""Statement 4: how F = 1/p sum h(x_i) concentrates, and that its constant is best possible."""

from functools import partial
from itertools import product

import numpy as np
import pytest
from flint import acb, arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, sampled, witness
from claims.suite.agreement import agree
from claims.suite.statistics import consistent, generator
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, attained, compare, settle
from solvers.arithmetic.scalars import ObjectArray


def tail_bound(
    shape: tuple[int, int], deviation: Scalar, slope: Scalar, constant: Scalar | int = 8, few: int | None = None
) -> arb:
    """2 exp(-n p^2 e^2 / (8 min(n, p) sup x h'^2)), ``slope`` being the supremum; ``few`` stands for min(n, p)."""
    n, p = shape
    return 2 * (-arb(n * p**2) * deviation**2 / (constant * (few or min(n, p)) * slope)).exp()


def second_moment(x: ObjectArray) -> fmpq:
    """F for h = x^2."""
    n, p = x.shape
    gram = x.T @ x
    found: fmpq = (gram @ gram).trace() / (p * fmpq(n) ** 2)
    return found


def squared_gradient(x: ObjectArray) -> fmpq:
    """The sum of the squares of F's derivatives: F has the degree 4 along every line, so five values give a slope."""
    total = fmpq(0)
    for i, j in product(*map(range, x.shape)):
        move = 0 * x
        move[i, j] = fmpq(1)
        near, far = (second_moment(x + k * move) - second_moment(x - k * move) for k in (1, 2))
        total += ((8 * near - far) / 12) ** 2
    return total


@exact
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_the_gradient(n: int, p: int, data: st.DataObject) -> None:
    """For h = x^2, n, p <= 4, any rank: ||grad F||^2 = 4/(n p^2) tr S h'(S)^2 = 16/(n p^2) tr S^3, in rationals."""
    rows = st.lists(st.lists(st.integers(-3, 3), min_size=p, max_size=p), min_size=n, max_size=n)
    x = arithmetic.exact(np.array(data.draw(rows), dtype=object))
    gram = x.T @ x
    cube = (gram @ gram @ gram).trace() / fmpq(n) ** 3
    assert squared_gradient(x) == fmpq(16, n * p**2) * cube


@exact
@pytest.mark.parametrize("deviation", [1, 5, 40])
def test_one_number_obeys_the_bound(deviation: int) -> None:
    """n = p = 1, h = sqrt(x), of slope 1/4: F = |x|, and beyond its mean (2/pi)^{1/2} both tails are normal ones."""
    assert settle(lambda: Comparison(tail_of_one(deviation), "<=", one_bound(deviation), f"e = {deviation}")).holds


def tail_of_one(deviation: int) -> arb:
    """P(||x| - E|x|| > e) for e >= 1 > E|x|."""
    return ((arb(2) / arb.pi()).sqrt() / arb(2).sqrt() + arb(deviation) / arb(2).sqrt()).erfc()


@witness
@pytest.mark.parametrize("deviation", [1, 5])
def test_the_tail_of_one_is_that_of_the_normal_density(deviation: int) -> None:
    """2 int phi from e + (2/pi)^{1/2} to 60, beyond which less than 10^-300 is left."""
    begin = arb(deviation) + (arb(2) / arb.pi()).sqrt()
    density = acb.integral(lambda x, _: (-x * x / 2).exp() / acb(2 * arb.pi()).sqrt(), begin, 60).real
    assert abs(tail_of_one(deviation) / (2 * density) - 1) < arb(2) ** -20


def one_bound(deviation: int, constant: Scalar | int = 8) -> arb:
    return tail_bound((1, 1), fmpq(deviation), fmpq(1, 4), constant)


@control
@pytest.mark.parametrize(("constant", "deviation"), [(fmpq(15, 2), 40), (fmpq(79, 10), 200)])
def test_refuted_with_a_constant_below_eight(constant: fmpq, deviation: int) -> None:
    """15/2 at e = 40, 79/10 at e = 200: |x| is farther from its mean more often than that."""
    stated = tail_of_one(deviation), one_bound(deviation, constant)
    assert settle(lambda: Comparison(stated[0], "<=", stated[1], f"{constant} for 8, e = {deviation}")).fails


@exact
def test_the_eight_is_attained() -> None:
    """At e = 200 the logarithms of the tail and of its bound are within 1 in 50 of each other."""
    logarithms = tail_of_one(200).log(), one_bound(200).log()
    assert settle(lambda: attained(Comparison(logarithms[0], "<=", logarithms[1], "of a tail"), fmpq(1, 50))).holds


@control
def test_refuted_with_the_trace_for_its_square() -> None:
    """||grad F||^2 = 16/(n p^2) tr S^2 would be wrong for X = 2, n = p = 1: 4 X^3 squared is 16 X^6."""
    two = arithmetic.exact(np.array([[2.0]]))
    assert squared_gradient(two) == 16 * 2**6 != 16 * 2**4


@sampled
@pytest.mark.parametrize(("n", "p"), [(4, 2), (6, 6), (2, 6), (1, 1)])
def test_how_often(n: int, p: int) -> None:
    """h = exp(-2 x), of slope max 4 x exp(-4 x) = 1/e. Where two independent F differ by more than 2 e, one of them is
    farther than e from the mean: at most twice the bound, here 1/4, at level 10^-9. 4000 pairs:
    notices a frequency that is higher by 0.06."""
    slope = arb(-1).exp()
    deviation = (slope * 8 * min(n, p) * arb(16).log() / (n * p**2)).sqrt()
    assert tail_bound((n, p), deviation, slope).contains(fmpq(1, 8))
    drawn = generator("DL-058", "pairs", n, p).standard_normal((2, 4000, n, p))
    means = np.exp(-2 * np.linalg.eigvalsh(drawn.mT @ drawn / n)).mean(axis=-1)
    far = int((abs(means[0] - means[1]) > 2 * float(deviation)).sum())
    assert consistent(far, 4000, "<=", fmpq(1, 4), f"n = {n}, p = {p}", notices=fmpq(6, 100)).holds


@witness
def test_with_p_in_place_of_the_minimum_it_is_weaker() -> None:
    """For p > n the bound with min(n, p) is the smaller one; for p <= n they are one."""
    wide, tall = (2, 6), (6, 2)
    weaker = partial(tail_bound, deviation=fmpq(1), slope=fmpq(1))
    assert compare(Comparison(weaker(wide), "<", weaker(wide, few=6), "n = 2, p = 6")).holds
    assert agree(lambda: weaker(tall), lambda: weaker(tall, few=2), "n = 6, p = 2").holds
