"""The rows of the ledger proved: for every size of the layers, and, where constants close, for every depth."""

from fractions import Fraction

import pytest
import sympy
from flint import arb, fmpq

from claims.convergence.proof_ledger import CLAIM
from claims.convergence.proof_ledger.lemmas import ANYWHERE, CONSTANTS, IN_THE_SET, INDUCTION, LEDGER
from claims.convergence.proof_ledger.state import HALF
from claims.suite import symbolic
from claims.suite.symbols import is_one
from solvers.guarantees import theorem_one
from solvers.network import imbalances

# N = 1 + n for every real n >= 0 where nothing else is said, x = c / Phi_F in (0, 2].

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
X = C / PHI


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
def test_small_imbalance_closes_for_every_depth() -> None:
    """(N-1) 2 delta / c^{2/N} = (N-1)/(128 N^3) x^{2-2/N} <= 4/27 * 4/128 = 1/216, with equality at no x < 2; and
    sigma >= c. 4 N^3 - 27 (N-1) = (2n - 1)^2 (n + 4)."""
    exponent = 2 * EXTRA / DEPTH
    assert is_one(EXTRA * 2 * DELTA / C ** (2 / DEPTH) / (EXTRA / (128 * DEPTH**3) * X**exponent))
    assert exponent.is_nonnegative
    assert sympy.simplify(2 - exponent).is_nonnegative
    assert sympy.expand(4 * DEPTH**3 - 27 * EXTRA - (2 * EXTRA - 1) ** 2 * (EXTRA + 4)) == 0
    assert fmpq(4, 27) * fmpq(4, 128) == CONSTANTS["small imbalance"]


@symbolic
def test_norms_close_for_every_depth() -> None:
    """|W| <= 2 Phi_F, so |W_j|^{2N} <= 4 Phi_F^2 (1 + e)^N, N e = 3/2 N (N-1) 2 delta / c^{2/N} <= 3/2 * 4/128 * 1/4:
    at most 4 exp(3/256) < 5. N^2 - 4 (N-1) = (n - 1)^2."""
    assert sympy.expand(DEPTH**2 - 4 * EXTRA - (EXTRA - 1) ** 2) == 0
    assert CONSTANTS["layer norms"] * fmpq(4, 128) * fmpq(1, 4) == fmpq(3, 256)
    assert 4 * (arb(3) / 256).exp() < CONSTANTS["norms"]


@symbolic
def test_kept_closes_for_every_depth() -> None:
    """eta N M^{2N-2} <= 16 * 5 / 6144 (x^{4-2/N} <= 16, 5^{1-1/N} <= 5); N y <= 16 * 9/4 / 6144 for N >= 2, as
    5^{1/2} < 9/4, so tau <= N y exp(N y) / 2. What is kept suffices for row 11 (217/432) and 14 (1/2), M (1 + y) for
    12, and 5/6 for 4.6."""
    m = (5 * PHI**2) ** (1 / (2 * DEPTH))
    exponent = 4 - 2 / DEPTH
    assert is_one(RATE * DEPTH * m ** (2 * DEPTH - 2) / (5 ** (EXTRA / DEPTH) / (6144 * DEPTH**2) * X**exponent))
    root = sympy.Rational(1, 2) - 1 / DEPTH
    assert is_one(RATE * DEPTH * m ** (DEPTH - 2) * PHI / (5**root / (6144 * DEPTH**2) * X**exponent))
    assert sympy.simplify(exponent).is_positive
    assert (4 - exponent).is_positive
    assert arb(5).sqrt() < fmpq(9, 4)
    ny = fmpq(16 * 9, 4 * 6144)
    tau = ny / 2 * arb(ny).exp()
    lost = tau + fmpq(5 * 16, 2 * 6144) * (1 + tau) ** 2
    assert lost < 1 - CONSTANTS["kept"]
    assert CONSTANTS["kept"] >= CONSTANTS["lemma 7"] * (1 + CONSTANTS["small imbalance"])
    assert CONSTANTS["kept"] * CONSTANTS["potential"] >= 1
    assert arb(5).sqrt() * arb(ny).exp() < CONSTANTS["norms after a step"]
    assert arb(5).sqrt() + fmpq(16, 6144) < CONSTANTS["norms after a step"]  # row 12 at depth 1
    assert HALF * arb(HALF).exp() < CONSTANTS["remainder of 4.6"]


@symbolic
def test_total_drift_closes_for_every_depth() -> None:
    """Both quotients with delta: 2 * 8^{1-1/N} * 256/6144 <= 2/3, and x^{2-2/N} * 256/6144 <= 1/6."""
    m = (8 * PHI**2) ** (1 / (2 * DEPTH))
    by_the_rate = 2 * RATE * m ** (2 * DEPTH - 2) * PHI**2 / C ** (2 * EXTRA / DEPTH)
    assert is_one(by_the_rate / DELTA / (8 ** (EXTRA / DEPTH) / 12))
    assert is_one(RATE * PHI**2 / DELTA / (X ** (2 * EXTRA / DEPTH) / 24))
    assert (1 - EXTRA / DEPTH).simplify().is_positive
    assert max(fmpq(8, 12), fmpq(4, 24)) <= CONSTANTS["total drift"]


@symbolic
def test_the_ledger_is_a_proof() -> None:
    """Rows use earlier ones only; each hypothesis is used; the induction needs all but what is there for 4.4 and 4.6.
    That a row uses what it says it does is in ``entailed``."""
    seen: set[str] = set()
    for row in LEDGER:
        assert set(row.uses) <= seen, row
        seen.add(row.name)
    assert len(seen) == len(LEDGER)
    assert {hypothesis for row in LEDGER for hypothesis in row.hypotheses} == set(CLAIM.hypotheses)
    assert not any(row.hypotheses or IN_THE_SET[0].name in row.uses for row in ANYWHERE)
    needed = set(INDUCTION)
    for row in reversed(LEDGER):
        if row.name in needed:
            needed |= set(row.uses)
    assert seen - needed == {"norms after a step", "drift in the set", "remainder of 4.6"}
