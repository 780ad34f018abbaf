"""A step's fall by the eigenvalues of its preconditioner, and the norms of products of layers; at any state.

Let P be the operator of "first order", <H, P H> = S_t. Its eigenvalues are at least l = sigma^2 / (sigma^{2/N} + b),
and at most any bound u of sum_j |W_{j+1:N}|_2^2 |W_{1:j-1}|_2^2, as N M^{2N-2} is. Let z = eta s_1 N M^{2N-2}, lambda =
|W|_2^{2/N} and beta = b / lambda.

    fall       E(t) - E(t+1) >= eta ||H||_F^2 min(f(l), f(u)),  f(p) = p (1 - tau - (1+tau)/2 (tau z + eta s_1 p))
    products   |W_{1:j}|_2^2 <= lambda^j exp(j (N-j)/N beta/(1-beta)), |W_{N-j+1:N}|_2^2 too, where beta < 1

Proof of "fall". E falls by <H, V> - 1/2 |V|_S^2 for V = eta P H - R, where ||R||_F^2 <= (eta tau)^2 N M^{2N-2} S_t, and
(a + b)^2 <= (1 + tau) a^2 + (1 + 1/tau) b^2. So eta f(p) is left of each part of H, and f is concave. And the fall is
eta S_t f(u) / u at least, so that f(u) / u may stand for kept; for u = N M^{2N-2} it is kept.

Proof of "products". Let W_{1:j} x be longest for its x, |W_{1:j}|_2^2 = mu^j, and r_i the square of |W_{1:i} x| over
|W_{1:i-1} x|. Then r_{i+1} >= r_i - |B_i|_2 by Cauchy and Schwarz, so r_j >= mu - sum_{i<j} |B_i|_2, and lambda^N >=
mu^j (mu - b)^{N-j}. The logarithm of that is what is said. So u = N lambda^{N-1} exp((N^2-1)/(2N) beta/(1-beta)) is a
bound too.
"""

from collections.abc import Sequence
from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data.starts import ONE, start
from claims.beyond_balance.general_data.state import DataState
from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, compare
from solvers.network import Problem, end_to_end, stacks


def by_eigenvalue(p: Any, tau: Any, z: Any, rate: Any) -> Any:
    """f(p), for ``rate`` = eta s_1."""
    return p * (1 - tau - (1 + tau) / 2 * (tau * z + rate * p))


@symbolic
def test_the_fall_by_eigenvalues_for_every_size() -> None:
    """(a+b)^2 with a and b as above, part by part of H; f is concave, and f(u) is u kept."""
    p, u, tau, eta, a, b = sympy.symbols("p u tau eta a b", positive=True)
    young = (1 + tau) * a**2 + (1 + 1 / tau) * b**2
    assert sympy.simplify(young - (a + b) ** 2 - (tau * a - b) ** 2 / tau) == 0
    z = eta * u
    lost = eta / 2 * young.subs({a: p, b: tau * sympy.sqrt(u * p)})
    assert sympy.simplify(p * (1 - tau) - lost - by_eigenvalue(p, tau, z, eta)) == 0
    assert sympy.expand(sympy.diff(by_eigenvalue(p, tau, z, eta), p, 2) + (1 + tau) * eta) == 0
    assert sympy.expand(by_eigenvalue(u, tau, z, eta) - u * (1 - tau - z / 2 * (1 + tau) ** 2)) == 0


def fall(s: DataState, share: fmpq = ONE, ends: Sequence[int] = (0, 1)) -> Comparison:
    """The fall against eta ||H||_F^2 min(f(l), f(u)), or so many times that, or with one end alone."""
    least = s.sigma**2 / (s.root(s.sigma, 2) + s.total_imbalance)
    most = s.depth * s.layer_norm_squared ** (s.depth - 1)
    rate = s.rate * s.most
    values = [by_eigenvalue((least, most)[end], s.tau, rate * most, rate) for end in ends]
    return Comparison(s.fall, ">=", -share * s.rate * s.gap * stacks.largest([-value for value in values]), "the fall")


ALONG = start([1, 1], fmpq(999, 1000), fmpq(4, 15), 3)
ACROSS = start([1, [[1], [0]]], [[1], [fmpq(1, 1000)]], fmpq(1, 15), 3)
SKEW = start([[[1, 0], [0, 1]], [[1, fmpq(1, 4)], [0, 1]]], [[1, 0], [fmpq(1, 4), 1]], fmpq(1, 5), [[2, 1], [1, 2]])


@exact
@pytest.mark.parametrize("problem", [ALONG, ACROSS, SKEW], ids=["along", "across", "skew"])
def test_the_fall_by_eigenvalues(problem: Problem) -> None:
    """At the largest eigenvalue, with eta s_1 = 4/5; at the least; and between, out of balance."""
    assert compare(fall(DataState(problem, ONE))).holds


@control
@pytest.mark.parametrize(("problem", "end"), [(ALONG, 1), (ACROSS, 0)], ids=["along", "across"])
def test_refuted_that_the_fall_is_larger(problem: Problem, end: int) -> None:
    """Either end is attained, up to 1 in 100; and neither does for both."""
    assert compare(fall(DataState(problem, ONE), fmpq(101, 100))).fails
    assert compare(fall(DataState(problem, ONE), ends=[1 - end])).fails


def products(s: DataState, share: fmpq = ONE) -> list[Comparison]:
    """|W_{1:j}|_2^2 and |W_{N-j+1:N}|_2^2 against lambda^j exp(j (N-j)/N beta/(1-beta)), or with so much of beta."""
    weights = s.problem.weights
    beta = share * s.total_imbalance / s.root(s.norm, 2)
    found = []
    for j in range(1, s.depth):
        bound = s.root(s.norm, 2 * j) * (arb(fmpq(j * (s.depth - j), s.depth)) * beta / (1 - beta)).exp()
        ends = (end_to_end(weights[:j]), end_to_end(weights[-j:]))
        found += [Comparison(stacks.extreme_squares(end)[1], "<=", bound, f"{j} layers of an end") for end in ends]
    return found


def rising(depth: int, j: int, step: fmpq) -> Problem:
    """Numbers: j layers 1 + step, and all further ones 1."""
    return start([1 + step] * j + [1] * (depth - j), 1, 1, 1)


@exact
@pytest.mark.parametrize(
    "problem", [SKEW, rising(3, 1, fmpq(1, 10)), rising(6, 3, fmpq(1, 50))], ids=["skew", "3", "6"]
)
def test_the_products(problem: Problem) -> None:
    assert all(compare(each).holds for each in products(DataState(problem, ONE)))


@control
@pytest.mark.parametrize(("depth", "j"), [(2, 1), (3, 1), (3, 2), (6, 3)])
def test_refuted_that_the_products_are_smaller(depth: int, j: int) -> None:
    """Imbalance of 2 in 1000: 99/100 of beta is not enough."""
    state = DataState(rising(depth, j, fmpq(1, 1000)), ONE)
    assert all(compare(each).holds for each in products(state))
    assert any(compare(each).fails for each in products(state, fmpq(99, 100)))


@symbolic
def test_the_products_for_every_depth() -> None:
    """With mu = lambda (1 + m): N log(1+m) <= (N-j) (log(1+m) - log(1+m-beta)), and log v <= v - 1 at v = (1+m) /
    (1+m-beta) makes that at most (N-j) beta/(1-beta). All but the j-th layer then have, in the exponent, no more than
    (N^2-1)/(2N) <= N/2."""
    n, j, m, beta, v = sympy.symbols("N j m beta v", positive=True)
    assert sympy.simplify((1 + m) / (1 + m - beta) - 1 - beta / (1 + m - beta)) == 0
    assert sympy.simplify(sympy.diff(v - 1 - sympy.log(v), v) - (v - 1) / v) == 0
    both = (j - 1) * (n - j + 1) / n + (n - j) * j / n
    assert sympy.simplify((n**2 - 1) / (2 * n) - both - 2 * (j - (n + 1) / 2) ** 2 / n) == 0
