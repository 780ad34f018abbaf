"""What the rows rest on: for every size of the layers and every depth. That constants close is in ``entailed``."""

from fractions import Fraction

import pytest
import sympy
from flint import fmpq

from claims.convergence.proof_ledger import CLAIM
from claims.convergence.proof_ledger.lemmas import ANYWHERE, IN_THE_SET, INDUCTION, LEDGER
from claims.suite import symbolic
from claims.suite.entailment import left_over
from solvers.guarantees import theorem_one
from solvers.network import imbalances

# N = 1 + n for every real n >= 0 where nothing else is said.

EXTRA = sympy.Symbol("n", nonnegative=True)
DEPTH = 1 + EXTRA


@symbolic
def test_ratios_along_the_layers() -> None:
    """|W_j^T p|^2 = |W_{j+1} p|^2 - p^T B_j p, for layers of symbolic size: up to D each ratio bounds the next."""
    rows, middle, columns = sympy.symbols("d_2 d_1 d_0", integer=True, positive=True)
    after, before = sympy.MatrixSymbol("W_2", rows, middle), sympy.MatrixSymbol("W_1", middle, columns)
    vector = sympy.MatrixSymbol("p", middle, 1)
    (b,) = imbalances((before, after))
    gap = vector.T * before * before.T * vector - vector.T * after.T * after * vector + vector.T * b * vector
    assert gap.expand().doit() == sympy.ZeroMatrix(1, 1)


@symbolic
def test_end_layers_from_the_ratios_for_every_depth() -> None:
    """s = sigma^{2/N}, a = (N-1) D: s^{N-1} (all ratios above s) and s^N / r (r <= s + a) are >= s^N / (s + a)."""
    s, rest = sympy.symbols("s rest", positive=True)
    a = sympy.Symbol("a", nonnegative=True)
    bound = s**DEPTH / (s + a)
    assert sympy.simplify(s ** (DEPTH - 1) - bound - a * s ** (DEPTH - 1) / (s + a)) == 0
    assert (a * s ** (DEPTH - 1) / (s + a)).is_nonnegative
    r = s + a - rest  # for any 0 < rest < s + a
    assert sympy.simplify(s**DEPTH / r - bound - s**DEPTH * rest / (r * (s + a))) == 0


@symbolic
def test_layer_norms_lose_three_halves_of_the_imbalance() -> None:
    """The nearer end is min(j-1, N-j) <= (N-1)/2 layers away, and N ratios from it lose at most (N-1) D each."""
    nearer, more, d = sympy.symbols("nearer more D", nonnegative=True)
    both = nearer + (nearer + more)  # N - 1 = (j - 1) + (N - j)
    assert (both / 2 - nearer).expand().is_nonnegative
    assert sympy.expand(both / 2 * d + both * d - sympy.Rational(3, 2) * both * d) == 0


@symbolic
def test_products_with_k_gradients_are_counted_for_every_depth() -> None:
    """Each of C(N, k) sets of k layers averages over its C(k, 2) pairs: C(N-2, k-2) / C(k, 2) <= C(N-2, k-2) a pair,
    and sum_k C(N-2, k-2) y^{k-2} = (1 + y)^{N-2}."""
    n, k = sympy.symbols("N k", integer=True, positive=True)
    sets, pairs = sympy.binomial(n, k) * sympy.binomial(k, 2), sympy.binomial(n, 2) * sympy.binomial(n - 2, k - 2)
    assert sympy.combsimp(sympy.simplify((sets / pairs).rewrite(sympy.gamma))) == 1


@symbolic
def test_products_with_k_gradients_have_one_norm_of_frobenius() -> None:
    """Each of C(N, k) sets averages over its k layers: C(N-1, k-1)/k = C(N, k)/N for a layer, and that is
    (N-1)/(k (k-1)) C(N-2, k-2)."""
    n, k = sympy.symbols("N k", integer=True, positive=True)
    each = sympy.binomial(n, k) / n
    for other in (sympy.binomial(n - 1, k - 1) / k, (n - 1) / (k * (k - 1)) * sympy.binomial(n - 2, k - 2)):
        assert sympy.combsimp(sympy.simplify((each / other).rewrite(sympy.gamma))) == 1


@symbolic
@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_pairs_are_at_most_squares(depth: int) -> None:
    """(N-1)/2 sum d_i^2 - sum_{i<j} d_i d_j = 1/2 sum_{i<j} (d_i - d_j)^2, and so (sum d_i)^2 <= N sum d_i^2."""
    d = sympy.symbols(f"d:{depth}", nonnegative=True)
    pairs = [(d[i], d[j]) for i in range(depth) for j in range(i)]
    squares = sum(value**2 for value in d)
    gap = sympy.Rational(depth - 1, 2) * squares - sum(a * b for a, b in pairs)
    assert sympy.expand(gap - sum((a - b) ** 2 for a, b in pairs) / 2) == 0
    assert sympy.expand(depth * squares - sum(d) ** 2 - sum((a - b) ** 2 for a, b in pairs)) == 0


@symbolic
def test_descent_from_its_parts() -> None:
    """<G, A D B> = ||D||^2 for D = A^T G B^T of symbolic size, as trace(X B) = trace(B X); entry by entry the fall for
    a step v of G; and the bounds of rows 4 and 5 put into it."""
    d = sympy.symbols("d:4", integer=True, positive=True)
    shapes = {"G": (d[3], d[0]), "A": (d[3], d[2]), "B": (d[1], d[0])}
    g, after, before = (sympy.MatrixSymbol(name, *shape) for name, shape in shapes.items())
    layer = after.T * g * before.T
    assert before * (g.T * after * layer) == layer.T * layer
    entry, v = sympy.symbols("g_ij v_ij", real=True)
    assert sympy.expand((entry - v) ** 2 / 2 - (entry**2 / 2 - entry * v + v**2 / 2)) == 0
    total, eta, tau, m = sympy.symbols("S eta tau M", positive=True)
    step = eta * m ** (DEPTH - 1) * sympy.sqrt(DEPTH * total) * (1 + tau)  # ||eta P||_F + ||R||_F
    share = tau + eta / 2 * DEPTH * m ** (2 * DEPTH - 2) * (1 + tau) ** 2
    assert sympy.simplify(eta * tau * total + step**2 / 2 - share * eta * total) == 0


@symbolic
def test_depth_one_attains_every_row_anywhere() -> None:
    """At N = 1 rows 1 to 6 are equalities: M = |W|, S = ||G||^2, R = 0, and what is lost is eta/2 of eta S."""
    g, eta = sympy.symbols("g eta", positive=True)
    lost = eta * g**2 - (g**2 - (g - eta * g) ** 2) / 2
    assert sympy.expand(lost - eta / 2 * eta * g**2) == 0


@symbolic
def test_powers_of_a_number_near_one() -> None:
    """1 + y <= exp(y): the difference of logarithms rises from 0."""
    y = sympy.Symbol("y", nonnegative=True)
    gap = y - sympy.log(1 + y)
    assert gap.subs(y, 0) == 0
    assert sympy.simplify(sympy.diff(gap, y)).is_nonnegative


C, PHI = sympy.symbols("c phi", positive=True)
DELTA = theorem_one.imbalance_limit(DEPTH, C, PHI)
RATE = theorem_one.learning_rate_limit(DEPTH, C, PHI)


@symbolic
def test_limits_are_those_of_the_strategies() -> None:
    """At N = 1, 2, 4, c = 1/16, Phi_F = 256: rational numbers, equal."""
    for depth in (1, 2, 4):
        at = {EXTRA: depth - 1, C: sympy.Rational(1, 16), PHI: 256}
        for formula, limit in ((DELTA, theorem_one.imbalance_limit), (RATE, theorem_one.learning_rate_limit)):
            assert Fraction(str(sympy.nsimplify(formula.subs(at)))) == Fraction(
                str(limit(depth, fmpq(1, 16), fmpq(256)))
            )


@symbolic
def test_the_ledger_is_a_proof() -> None:
    """Rows use earlier ones only; each hypothesis is used; the induction needs all but what is there for 4.4 and 4.6.
    That a row uses what it says it does is in ``entailed``."""
    assert left_over(LEDGER, INDUCTION) == {"norms after a step", "drift in the set", "remainder of 4.6"}
    assert {hypothesis for row in LEDGER for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
    assert not any(row.hypotheses or IN_THE_SET[0].name in row.uses for row in ANYWHERE)
