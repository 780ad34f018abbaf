"""A step's fall by the eigenvalues of its preconditioner, the norms of products of layers, and the drift so far.

Let P be the operator of "first order", <H, P H> = S_t. Its eigenvalues are at least l = sigma^2 / (sigma^{2/N} + b),
and at most any bound u of sum_j |W_{j+1:N}|_2^2 |W_{1:j-1}|_2^2, as N M^{2N-2} is. Let z = eta s_1 N M^{2N-2}, lambda =
|W|_2^{2/N}, beta = b / lambda, x = c / F and g = |G|_2 / F.

    fall       E(t) - E(t+1) >= eta ||H||_F^2 min(f(l), f(u)),  f(p) = p (1 - tau - (1+tau)/2 (tau z + eta s_1 p))
    products   |W_{1:j}|_2^2 <= lambda^j exp(j (N-j)/N beta/(1-beta)), |W_{N-j+1:N}|_2^2 too, where beta < 1
    drift      b(t) <= b(0) + eta s_1 F^2 ((1-x)^2 - g^2) / k  where kept was at least k so far; half of it at N = 2

Proof of "fall". E falls by <H, V> - 1/2 |V|_S^2 for V = eta P H - R, where ||R||_F^2 <= (eta tau)^2 N M^{2N-2} S_t, and
(a + b)^2 <= (1 + tau) a^2 + (1 + 1/tau) b^2. So eta f(p) is left of each part of H, and f is concave. And the fall is
eta S_t f(u) / u at least, so that f(u) / u may stand for kept; for u = N M^{2N-2} it is kept.

Proof of "products". Let W_{1:j} x be longest for its x, |W_{1:j}|_2^2 = mu^j, and r_i the square of |W_{1:i} x| over
|W_{1:i-1} x|. Then r_{i+1} >= r_i - |B_i|_2 by Cauchy and Schwarz, so r_j >= mu - sum_{i<j} |B_i|_2, and lambda^N >=
mu^j (mu - b)^{N-j}. The logarithm of that is what is said. So u = N lambda^{N-1} exp((N^2-1)/(2N) beta/(1-beta)) is a
bound too.

Proof of "drift". All B_j together move by at most 2 eta^2 S_t in a step, by half of that at N = 2, and E falls by kept
eta S_t at least, from at most s_d F^2 (1-x)^2 / 2 to no less than s_d F^2 g^2 / 2.
"""

from collections.abc import Sequence
from typing import Any

import pytest
import sympy
from flint import arb, fmpq

from claims.beyond_balance.general_data.starts import ONE, start
from claims.beyond_balance.general_data.state import DataState
from claims.suite import control, exact, symbolic
from solvers.arithmetic import Comparison, compare, square_root
from solvers.guarantees.general_data import excess, total_imbalance
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


ALONG = start([fmpq(3, 2)] * 3, fmpq(27, 8) - fmpq(1, 1000), fmpq(3, 5) / fmpq(243, 16), 3)
ACROSS = start([fmpq(3, 2)] * 3 + [[[2], [0]]], [[fmpq(27, 4)], [fmpq(1, 1000)]], fmpq(1, 6000), 3)
SKEW = start([[[1, 0], [0, 1]], [[1, fmpq(1, 4)], [0, 1]]], [[1, 0], [fmpq(1, 4), 1]], fmpq(1, 5), [[2, 1], [1, 2]])
AT_REST = start([1, 1, 1], 1, fmpq(1, 10), 1)


@exact
@pytest.mark.parametrize("problem", [ALONG, ACROSS, SKEW, AT_REST], ids=["along", "across", "skew", "at rest"])
def test_the_fall_by_eigenvalues(problem: Problem) -> None:
    """At the largest eigenvalue, where eta s_1 times it is 9/5; at the least, and out of balance; between; at Phi."""
    assert compare(fall(DataState(problem, ONE))).holds


@exact
def test_the_fall_in_numbers() -> None:
    """N = 2, w = (1, 1), Phi = 1/2, eta = 1/10: y = 1/20, so tau = 1/40; l = 1, u = 2 and z = 1/5; ||H||_F^2 = 1/4."""
    tau = fmpq(1, 40)
    at_least = 1 - tau - (1 + tau) / 2 * (tau / 5 + fmpq(1, 10))
    assert fall(DataState(start([1, 1], fmpq(1, 2), fmpq(1, 10), 1), ONE)).right == at_least / 40


@control
@pytest.mark.parametrize(
    ("problem", "end", "share"), [(ALONG, 1, fmpq(101, 100)), (ACROSS, 0, fmpq(11, 10))], ids=["along", "across"]
)
def test_refuted_that_the_fall_is_larger(problem: Problem, end: int, share: fmpq) -> None:
    """Either end is attained, up to so much; and neither does for both."""
    assert compare(fall(DataState(problem, ONE), share)).fails
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


def falling(depth: int, j: int, step: fmpq) -> Problem:
    """Numbers: j layers 2 (1 + step), and all further ones 2."""
    return start([2 * (1 + step)] * j + [2] * (depth - j), 1, 1, 1)


@exact
@pytest.mark.parametrize("problem", [SKEW, AT_REST, falling(6, 3, fmpq(1, 50))], ids=["skew", "at rest", "6"])
def test_the_products(problem: Problem) -> None:
    """Of matrices; of layers 1, where it is an equality; of numbers out of balance."""
    assert all(compare(each).holds for each in products(DataState(problem, ONE)))


@control
@pytest.mark.parametrize(("depth", "j"), [(2, 1), (3, 1), (3, 2), (6, 3)])
def test_refuted_that_the_products_are_smaller(depth: int, j: int) -> None:
    """beta is near 2/1000: 99/100 of it is not enough."""
    state = DataState(falling(depth, j, fmpq(1, 1000)), ONE)
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


def drift_so_far(pace: Any, kept: Any, depth: int, x: Any, g: Any) -> Any:
    """b(t) - b(0), over c^{2/N}."""
    return pace * ((1 - x) ** 2 - g**2) / kept * (fmpq(1, 2) if depth == 2 else 1)


@exact
@pytest.mark.parametrize("depth", [2, 3])
def test_the_drift_so_far(depth: int) -> None:
    """Widths 1, ..., 1, 2, all layers 1 and the residual h = 1/8 across the last one, S = 1 and eta = 1/100: one step,
    with c = F - h. The drift is less than what is said for kept = 1 - eta, and at N = 2 more than that for kept = 1."""
    h, eta = fmpq(1, 8), fmpq(1, 100)
    problem = start([*[1] * (depth - 1), [[1], [0]]], [[1], [h]], eta, 1)
    norm = square_root(1 + h**2)
    share = DataState(problem, norm - h).root(norm - h, 2)
    pace, after = eta * norm**2 / share, square_root(2 * excess(problem.step())) / norm
    for kept, holds in ((1 - eta, True), (ONE, depth > 2)):
        bound = share * drift_so_far(pace, kept, depth, (norm - h) / norm, after)
        assert compare(Comparison(total_imbalance(problem.step().weights), "<=", bound, "b(1)")).holds is holds
