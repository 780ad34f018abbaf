"""With a learning rate too large gradient descent cycles, stops at a saddle or diverges: balanced, and with a margin.

Statement. All layers are exactly balanced and the margin c is positive; only eta is too large. Width 1, equal layers
w_j = w, so that a step is w' = w - eta w^{N-1} (w^N - Phi) for each (unequal signs: the same up to signs of Phi):

1. Cycles of two, every N >= 1. For p > q > 0 let Phi = (p^{2N-1} + q^{2N-1}) / (p^{N-1} + q^{N-1}) and
   eta = (p - q) (p^{N-1} + q^{N-1}) / ((p q)^{N-1} (p^N - q^N)). Then p -> q -> p, with margins 2 Phi - p^N > 0 at p
   and q^N at q. Every p != q that alternate satisfy the same two equations, but where N is even and q = -p.
2. So for every Phi > 0 and every eta with N eta Phi^{2-2/N} > 2, the inverse curvature at the minimum, a start with a
   margin cycles for ever: with p = r q the product N eta Phi^{2-2/N} goes from 2 at r = 1 to infinity (N >= 2).
3. N even: p -> -p -> p where eta p^{N-2} (p^N - Phi) = 2, any Phi; the margin is 2 Phi - p^N. N = 2: p^2 = Phi + 2/eta,
   loss 2/eta^2 for ever, margin Phi - 2/eta > 0 exactly for eta Phi > 2.
4. Cycles of four, N even: p -> q -> -p -> -q -> p for 0 < p < q, margin p^N at p, with
   K = (q+p) p^{N-1} + (q-p) q^{N-1},
   Phi = ((q+p) p^{2N-1} + (q-p) q^{2N-1}) / K and eta = K / ((p q)^{N-1} (q^N - p^N)).
5. N >= 2: eta p^{N-2} (p^N - Phi) = 1 goes from p to the saddle at 0 in one step, and l = Phi^2 / 2 for ever; the
   margin is 2 Phi - p^N.
6. N = 1, any dimensions: W(t) - Phi = (1 - eta)^t (W(0) - Phi): divergence for eta > 2, a cycle for eta = 2.

All rational p and q give rational instances. In d x d the same happens to W_j = Q_j diag(w, s, ...) Q_{j-1}^T and
Phi = Q_N diag(Phi, s^N, ...) Q_0^T, any orthogonal Q_j, where s^N > |p^N - Phi| keeps the margin positive.

Hypotheses. As stated: those of Theorem 1 (``linear_rate``) without the bound on eta.
Source. This project. That eta may be 6144 times Theorem 1's limit is ``sharper_constants``.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import DLC, Claim, Fate, Status, ablates, control, exact, fewer, sampled, symbolic, witness
from solvers import arithmetic
from solvers.arithmetic import Comparison, Outcome, compare, decide, lower_float, rational, square_root
from solvers.descent import gradient_descent
from solvers.guarantees import sharper_constants, theorem_one
from solvers.network import (
    Problem,
    deficiency_margin,
    frobenius_squared,
    gradient_step,
    imbalances,
    layer_gradients,
    loss,
)
from strategies import DATASETS, MarginProblem, diagonal, dimensions, margin_problems, orthogonal_matrices, real_problem

CLAIM = Claim(
    uid="DL-019",
    title="A small learning rate is needed",
    statement=__doc__,
    sources=(DLC.at("DL-019"),),
    items=("5.6", "5.8"),
    status=Status.THEOREM,
)

TOO_LARGE = {"learning rate against its limit"}


def two_cycle(depth: int, p: fmpq, q: fmpq) -> tuple[fmpq, fmpq]:
    """Statement 1: (Phi, eta)."""
    k = p ** (depth - 1) + q ** (depth - 1)
    return (p ** (2 * depth - 1) + q ** (2 * depth - 1)) / k, (p - q) * k / (
        (p * q) ** (depth - 1) * (p**depth - q**depth)
    )


def four_cycle(depth: int, p: fmpq, q: fmpq) -> tuple[fmpq, fmpq]:
    """Statement 4: (Phi, eta)."""
    k = (q + p) * p ** (depth - 1) + (q - p) * q ** (depth - 1)
    target = ((q + p) * p ** (2 * depth - 1) + (q - p) * q ** (2 * depth - 1)) / k
    return target, k / ((p * q) ** (depth - 1) * (q**depth - p**depth))


def times(depth: int, p: fmpq, target: fmpq, multiple: int) -> fmpq:
    """The eta with eta p^{N-2} (p^N - Phi) = multiple: 1 leads to the saddle, 2 to -p."""
    return multiple / (p ** (depth - 2) * (p**depth - target))


def equal_layers(depth: int, w: fmpq, target: fmpq, rate: fmpq) -> Problem:
    """A network of width 1 with equal layers, in rationals."""
    return Problem((diagonal(1, 1, [w]),) * depth, diagonal(1, 1, [target]), rate)


def orbit(problem: Problem, steps: int) -> list[fmpq]:
    """The layers of a network of width 1 at steps 0..steps; they stay equal."""
    seen = []
    for _ in range(steps + 1):
        (w,) = {matrix[0, 0] for matrix in problem.weights}
        seen.append(w)
        problem = problem.step()
    return seen


def only_the_learning_rate_fails(problem: Problem, margin: fmpq) -> bool:
    """Balanced exactly, with exactly this positive margin, and eta above Theorem 1's limit."""
    assert all(frobenius_squared(b) == 0 for b in imbalances(problem.weights))
    assert compare(Comparison(deficiency_margin(problem.weights, problem.target), "==", margin, "margin")).holds
    return margin > 0 and theorem_one.violated(problem, margin).keys() == TOO_LARGE


@st.composite
def in_d_dimensions(draw: st.DrawFn, problem: Problem) -> tuple[Problem, fmpq]:
    """One mode is that of ``problem``, the others are at their minimum; bases any rational ones; and the margin."""
    depth, size = problem.depth, draw(st.integers(1, 3))
    (w,), (target,) = problem.weights[0][0], problem.target[0]
    residual = abs(w**depth - target)
    others = [1 + residual + draw(st.integers(0, 4)) for _ in range(size - 1)]
    bases = [draw(orthogonal_matrices(size)) for _ in range(depth + 1)]
    layer = diagonal(size, size, [w, *others])
    weights = tuple(after @ layer @ before.T for before, after in pairwise(bases))
    goal = bases[-1] @ diagonal(size, size, [target, *(s**depth for s in others)]) @ bases[0].T
    return Problem(weights, goal, problem.learning_rate), min([target, *(s**depth for s in others)]) - residual


SIZES = st.builds(fmpq, st.integers(1, 12), st.integers(1, 4))

P, Q, PHI, ETA = sympy.symbols("p q Phi eta", positive=True)
N = sympy.Symbol("N", integer=True, positive=True)


def moved(w: sympy.Expr, depth: sympy.Expr, target: sympy.Expr, rate: sympy.Expr) -> sympy.Expr:
    """w - eta w^{N-1} (w^N - Phi)."""
    return w - rate * w ** (depth - 1) * (w**depth - target)


def vanishes(expression: sympy.Expr) -> bool:
    return bool(sympy.simplify(sympy.expand(sympy.together(expression).as_numer_denom()[0])) == 0)


@symbolic
@pytest.mark.parametrize("depth", range(1, 8))
def test_the_scalar_recurrence_is_the_networks_own_step(depth: int) -> None:
    """Equal layers of width 1 stay equal; a change of two layers' signs changes nothing else."""
    w = sympy.Symbol("w", real=True)
    layers = (sympy.Matrix([[w]]),) * depth
    after = gradient_step(layers, sympy.Matrix([[PHI]]), ETA)
    assert all(sympy.expand(matrix[0] - moved(w, depth, PHI, ETA)) == 0 for matrix in after)
    if depth >= 2:
        turned = gradient_step((-layers[0], -layers[1], *layers[2:]), sympy.Matrix([[PHI]]), ETA)
        assert [-turned[0], -turned[1], *turned[2:]] == list(after)


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_two_cycles_with_a_margin_for_every_depth() -> None:
    """Statement 1 with N, p, q symbols. For p, q that alternate, p^{N-1} (p^N - Phi) + q^{N-1} (q^N - Phi) = 0."""
    k = P ** (N - 1) + Q ** (N - 1)
    target = (P ** (2 * N - 1) + Q ** (2 * N - 1)) / k
    rate = (P - Q) * k / ((P * Q) ** (N - 1) * (P**N - Q**N))
    assert vanishes(moved(P, N, target, rate) - Q)
    assert vanishes(moved(Q, N, target, rate) - P)
    (found,) = sympy.solve(P ** (N - 1) * (P**N - PHI) + Q ** (N - 1) * (Q**N - PHI), PHI)
    assert vanishes(found - target)
    assert vanishes(target - Q**N - P ** (N - 1) * (P**N - Q**N) / k)  # Phi > q^N: the margin at q is q^N
    assert vanishes(P**N - target - Q ** (N - 1) * (P**N - Q**N) / k)  # p^N > Phi
    margin = P**N * (P ** (N - 1) - Q ** (N - 1)) + 2 * Q ** (2 * N - 1)  # 2 Phi - p^N, times k
    assert vanishes(2 * target - P**N - margin / k)


@symbolic
@ablates("DL-004", "learning rate", "eta > 2 / curvature", Fate.REFUTED)
def test_every_learning_rate_beyond_the_inverse_curvature_has_a_cycle_for_every_depth() -> None:
    """Statement 2: N eta Phi^{2-2/N} is a continuous function of r = p/q, 2 as r -> 1 since (r-1) / (r^N - 1) -> 1/N,
    and at least r^{N-1} / 4, by Phi >= q^N r^N / 2, K >= r^{N-1} and N r^{N-1} (r-1) >= r^N - 1 for r >= 1."""
    r = sympy.Symbol("r", positive=True)
    k = 1 + r ** (N - 1)
    target, rate = (1 + r ** (2 * N - 1)) / k, (r - 1) * k / (r ** (N - 1) * (r**N - 1))
    whole = (P ** (2 * N - 1) + Q ** (2 * N - 1)) / (P ** (N - 1) + Q ** (N - 1))
    assert vanishes(whole.subs(P, r * Q) - Q**N * target)  # and eta scales as q^{2-2N}
    slope = sympy.diff(r**N - 1, r).subs(r, 1)
    assert sympy.simplify(slope - N) == 0
    assert sympy.simplify((rate * (r**N - 1) / (r - 1)).subs(r, 1) / slope * N * target.subs(r, 1) ** (2 - 2 / N)) == 2
    assert vanishes(2 * target - r**N - (2 + r**N * (r ** (N - 1) - 1)) / k)
    gap = N * r ** (N - 1) * (r - 1) - (r**N - 1)
    assert sympy.simplify(gap.subs(r, 1)) == 0
    assert vanishes(sympy.diff(gap, r) - N * (N - 1) * r ** (N - 2) * (r - 1))
    least = N / (N * r ** (N - 1)) * (r**N / 2) ** (2 - 2 / N)
    assert sympy.simplify(sympy.expand_power_base(least, force=True) * 2 ** (2 - 2 / N) / r ** (N - 1)) == 1


@symbolic
@pytest.mark.parametrize("multiple", [1, 2])
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_steps_to_the_saddle_and_to_the_mirror_image_for_every_depth(multiple: int) -> None:
    """Statements 3 and 5: p' = (1 - multiple) p; for even N the mirror image comes back."""
    depth = N if multiple == 1 else 2 * N
    rate = multiple / (P ** (depth - 2) * (P**depth - PHI))
    assert vanishes(moved(P, depth, PHI, rate) - (1 - multiple) * P)
    assert vanishes(moved(-P, 2 * N, PHI, ETA) + moved(P, 2 * N, PHI, ETA))
    assert vanishes((PHI + 2 / ETA - PHI) ** 2 / 2 - 2 / ETA**2)  # N = 2, the loss at p^2 = Phi + 2/eta
    assert vanishes(2 * PHI - (PHI + 2 / ETA) - (PHI - 2 / ETA))


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_four_cycles_with_a_margin_for_every_even_depth() -> None:
    """Statement 4 with depth 2n, and p, q symbols; the mirror image of p -> q -> -p closes it."""
    depth = 2 * N
    k = (Q + P) * P ** (depth - 1) + (Q - P) * Q ** (depth - 1)
    target = ((Q + P) * P ** (2 * depth - 1) + (Q - P) * Q ** (2 * depth - 1)) / k
    rate = k / ((P * Q) ** (depth - 1) * (Q**depth - P**depth))
    assert vanishes(moved(P, depth, target, rate) - Q)
    assert vanishes(moved(Q, depth, target, rate) + P)
    assert vanishes(target - P**depth - (Q - P) * Q ** (depth - 1) * (Q**depth - P**depth) / k)  # Phi > p^N


@symbolic
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_depth_one_diverges_beyond_two_in_any_dimension() -> None:
    """W' - Phi = (1 - eta) (W - Phi), symbolic sizes; for eta = 2 + s, (1 - eta)^2 = (1 + s)^2 = 1 + s (2 + s)."""
    rows, columns = sympy.symbols("d_1 d_0", integer=True, positive=True)
    weight, target = (sympy.MatrixSymbol(name, rows, columns) for name in ("W", "Phi"))
    (after,) = gradient_step((weight,), target, ETA)
    assert (after - target - (1 - ETA) * (weight - target)).expand().doit() == sympy.ZeroMatrix(rows, columns)
    s = sympy.Symbol("s", nonnegative=True)
    assert sympy.expand((1 - (2 + s)) ** 2 - 1 - s * (2 + s)) == 0


@symbolic
@ablates("DL-004", "learning rate", "x 10", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 1000", Fate.TRUE)
@ablates("DL-004", "learning rate", "x 6144", Fate.TRUE)
def test_six_thousand_times_the_learning_rate_is_still_small_enough_for_every_depth() -> None:
    """N >= 2: by the stronger theorem of ``sharper_constants`` (DL-013), eta <= c^{2/N} / (2 N^2 Phi_F^2):
    3072 N x^{-(4-4/N)} times the limit, x = c / Phi_F <= 1. It asks for less balance too. N = 1: eta <= x^2 <= 1,
    and (1 - eta)^2 <= 1 - eta <= exp(-eta)."""
    more, t = sympy.Symbol("n", integer=True, nonnegative=True), sympy.Symbol("t", nonnegative=True)  # x = exp(-t)
    excess = sympy.log(1 + more / 2) + 4 * (1 + more) / (2 + more) * t  # N = 2 + n
    assert sympy.simplify(sympy.log(3072 * N) + (4 - 4 / N) * t - sympy.log(6144) - excess.subs(more, N - 2)) == 0
    assert excess.is_nonnegative
    for n in (2, 3, 7, 1000):  # the formulas above are those in use
        for x in (fmpq(1), fmpq(1, 2), fmpq(1, 64)):
            quotient = arb(sharper_constants.learning_rate_limit(n, x, fmpq(1))) / arb(
                theorem_one.learning_rate_limit(n, x, fmpq(1))
            )
            assert abs(quotient.log() - (arb(3072 * n).log() - (4 - arb(4) / n) * arb(x).log())) < arb(2) ** -40
    assert 6144 * theorem_one.learning_rate_limit(1, fmpq(1, 2), fmpq(1)) == fmpq(1, 4)
    rest = sympy.Symbol("rest", nonnegative=True)  # 1 - eta
    assert sympy.expand(rest - rest**2 - rest * (1 - rest)) == 0


@exact
@given(st.integers(1, 6), SIZES, SIZES, st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_cycles_of_two(depth: int, p: fmpq, more: fmpq, data: st.DataObject) -> None:
    """Statement 1 and its matrix form, in rationals, with every other hypothesis of Theorem 1."""
    p, q = p + more, p
    target, rate = two_cycle(depth, p, q)
    for start, other, margin in ((p, q, 2 * target - p**depth), (q, p, q**depth)):
        scalar = equal_layers(depth, start, target, rate)
        assert orbit(scalar, 3) == [start, other, start, other]
        assert only_the_learning_rate_fails(scalar, margin)
    problem, margin = data.draw(in_d_dimensions(equal_layers(depth, q, target, rate)))
    assert only_the_learning_rate_fails(problem, margin)
    once = problem.step()
    assert loss(once.weights, once.target) == (p**depth - target) ** 2 / 2 > 0
    back = once.step().weights
    assert all((now == before).all() for now, before in zip(back, problem.weights, strict=True))


@exact
@given(st.integers(2, 6), SIZES, st.integers(33, 63), st.integers(1, 2), st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_to_the_saddle_or_to_the_mirror_image(
    depth: int, p: fmpq, part: int, multiple: int, data: st.DataObject
) -> None:
    """Statements 3 and 5 with Phi = part/64 p^N; in d x d too."""
    depth = depth + depth % 2 if multiple == 2 else depth
    target = p**depth * fmpq(part, 64)
    scalar = equal_layers(depth, p, target, times(depth, p, target, multiple))
    assert orbit(scalar, 2) == ([p, 0, 0] if multiple == 1 else [p, -p, p])
    problem, margin = data.draw(in_d_dimensions(scalar))
    assert only_the_learning_rate_fails(problem, margin)
    stuck = problem.step()
    if multiple == 1:
        assert all(frobenius_squared(d) == 0 for d in layer_gradients(stuck.weights, stuck.target))
        assert loss(stuck.weights, stuck.target) == target**2 / 2
    else:
        assert all((a == b).all() for a, b in zip(stuck.step().weights, problem.weights, strict=True))


@exact
@given(st.sampled_from([2, 4, 6]), SIZES, SIZES, st.data())
@ablates("DL-004", "learning rate", "dropped", Fate.REFUTED)
def test_cycles_of_four(depth: int, p: fmpq, more: fmpq, data: st.DataObject) -> None:
    """Statement 4 and its matrix form, in rationals."""
    q = p + more
    target, rate = four_cycle(depth, p, q)
    scalar = equal_layers(depth, p, target, rate)
    assert orbit(scalar, 5) == [p, q, -p, -q, p, q]
    assert only_the_learning_rate_fails(scalar, p**depth)
    problem, margin = data.draw(in_d_dimensions(scalar))
    assert only_the_learning_rate_fails(problem, margin)
    later = problem.step().step()
    assert any((a != b).any() for a, b in zip(later.weights, problem.weights, strict=True))
    later = later.step().step()
    assert all((a == b).all() for a, b in zip(later.weights, problem.weights, strict=True))


@exact
@given(SIZES, SIZES)
def test_cycles_of_two_are_beyond_the_inverse_curvature(q: fmpq, more: fmpq) -> None:
    """N eta Phi^{2-2/N} > 2 for N = 2..5, and it grows with p; at N = 1 it is 2."""

    def product(depth: int, p: fmpq) -> arb:
        target, rate = two_cycle(depth, p, q)
        return depth * rate * arb(target) ** (2 - arb(2) / depth)

    for depth in range(2, 6):
        near, far = product(depth, q + more), product(depth, q + 2 * more)
        assert 2 < near < far
    assert two_cycle(1, q + more, q)[1] == 2


@sampled
@pytest.mark.parametrize(
    ("depth", "p", "target", "rate", "cycle"),
    [(2, 2, 3, 1 / 2, (2, 1)), (2, 3, 7, 1.0, (3, -3)), (4, 2, 12, 1 / 8, (2, -2)), (2, 2, 3, 1.0, (2, 0, 0))],
)
def test_dyadic_cycles_are_exact_in_float64(
    depth: int, p: int, target: int, rate: float, cycle: tuple[int, ...]
) -> None:
    """10001 steps of the float64 solver, without rounding: it is where the period says, and the loss is exact."""
    problem = equal_layers(depth, fmpq(p), fmpq(target), rational(rate))
    trajectory = gradient_descent(problem.nearest(), steps=10_001, record=range(4))
    expected = [(fmpq(w) ** depth - target) ** 2 / 2 for w in cycle]
    assert [float(value) for value in trajectory.loss[: len(cycle)]] == [float(value) for value in expected]
    assert all(matrix == cycle[1] for matrix in trajectory.weights)


@sampled
@pytest.mark.parametrize("name", DATASETS)
def test_real_data_beyond_two(name: str) -> None:
    """Depth 1 from 31/32 Phi, eta = 5/2: each step multiplies the loss by 9/4, in rationals; a float run agrees."""
    problem = real_problem(name, (), start=31 / 32, learning_rate=2.5)
    posed = problem.exact()
    assert compare(Comparison(deficiency_margin(posed.weights, posed.target), ">", fmpq(0), "margin")).holds
    after = posed.step()
    assert loss(after.weights, after.target) == fmpq(9, 4) * loss(posed.weights, posed.target)
    trajectory = gradient_descent(problem, steps=50)
    assert trajectory.loss[-1] > 2.2**50 * trajectory.loss[0]


@sampled
@fewer(4)
@ablates("DL-004", "learning rate", "x 9000", Fate.OPEN)
@given(
    st.lists(
        margin_problems(dimensions=dimensions(min_depth=2, max_depth=2, bottleneck=False), least_fraction=1 / 4),
        min_size=4,
        max_size=4,
    )
)
def test_no_counterexample_at_nine_thousand_times_the_learning_rate(batch: list[MarginProblem]) -> None:
    """A search at depth 2, the one not decided: 3072 N > 9000 for N >= 3, and (1 - eta)^2 <= exp(-eta) at eta = 1.465.
    24 problems in the dev profile, 2500 in thorough, 100 steps each."""
    assert arb(-fmpq(9000, 6144)).exp() >= (1 - fmpq(9000, 6144)) ** 2
    problems = [_at(drawn, 9000) for drawn in batch]
    trajectories = gradient_descent(problems, steps=100, certify=True)
    for drawn, problem, trajectory in zip(batch, problems, trajectories, strict=True):
        margin, posed = rational(drawn.margin), problem.exact()
        verdict = compare(theorem_one.guarantee(trajectory, margin, loss(posed.weights, posed.target)))
        if verdict.outcome is Outcome.UNDECIDED:
            verdict = decide(lambda one, c=margin: theorem_one.after_one_step(one, c), problem)  # type: ignore[misc]
        assert verdict.holds, verdict


def _at(drawn: MarginProblem, factor: int) -> Problem:
    norm = square_root(frobenius_squared(arithmetic.exact(drawn.problem.target)))
    limit = theorem_one.learning_rate_limit(drawn.problem.depth, rational(drawn.margin), norm)
    return Problem(drawn.problem.weights, drawn.problem.target, lower_float(factor * limit))


@control
@given(SIZES, SIZES)
def test_refuted_cycle_of_two_with_another_learning_rate(p: fmpq, more: fmpq) -> None:
    """N = 3, the cycle's eta times 63/64: the first step already leads elsewhere."""
    p, q = p + more, p
    target, rate = two_cycle(3, p, q)
    assert orbit(equal_layers(3, p, target, rate), 1) == [p, q]
    assert orbit(equal_layers(3, p, target, rate * fmpq(63, 64)), 1) != [p, q]


@control
def test_refuted_mirror_image_for_odd_depth() -> None:
    """Statement 3 needs N even: N = 3, p = 1, Phi = 3/4, eta = 8 goes to -1, and not back."""
    problem = equal_layers(3, fmpq(1), fmpq(3, 4), times(3, fmpq(1), fmpq(3, 4), 2))
    assert orbit(problem, 2)[:2] == [1, -1]
    assert orbit(problem, 2)[2] != 1


@control
def test_refuted_margin_of_the_mirror_image_at_eta_phi_two() -> None:
    """N = 2, eta Phi = 2: p^2 = 2 Phi, and the margin is exactly 0."""
    problem = equal_layers(2, fmpq(2), fmpq(2), fmpq(1))
    assert orbit(problem, 2) == [2, -2, 2]
    margin = deficiency_margin(problem.weights, problem.target)
    assert compare(Comparison(margin, ">", fmpq(0), "margin")).fails


@control
def test_refuted_divergence_at_depth_one_with_eta_two() -> None:
    """Statement 6 needs eta > 2: at 2 the loss stays."""
    problem = equal_layers(1, fmpq(3), fmpq(2), fmpq(2))
    assert orbit(problem, 2) == [3, 1, 3]


@control
def test_refuted_four_cycle_for_odd_depth() -> None:
    """Statement 4 needs N even: with the same formulas N = 3, p = 1, q = 2 leaves the cycle."""
    target, rate = four_cycle(3, fmpq(1), fmpq(2))
    assert orbit(equal_layers(3, fmpq(1), target, rate), 4) != [1, 2, -1, -2, 1]


@witness
def test_the_cycles_in_small_numbers() -> None:
    """N = 2: 1 -> 2 -> 1 at Phi = 3, eta = 1/2; 5/2 -> -5/2 at Phi = 4, eta = 8/9; 1 -> 2 -> -1 -> -2 at Phi = 11/5,
    eta = 5/6. N = 3: 1 -> 2 -> 1 at Phi = 33/5, eta = 5/28. Onto the saddle: N = 2, w = 2, Phi = 3, eta = 1."""
    assert two_cycle(2, fmpq(2), fmpq(1)) == (fmpq(3), fmpq(1, 2))
    assert orbit(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(8, 9)), 2) == [fmpq(5, 2), fmpq(-5, 2), fmpq(5, 2)]
    assert only_the_learning_rate_fails(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(8, 9)), fmpq(7, 4))
    assert not only_the_learning_rate_fails(equal_layers(2, fmpq(5, 2), fmpq(4), fmpq(1, 10**8)), fmpq(7, 4))
    assert four_cycle(2, fmpq(1), fmpq(2)) == (fmpq(11, 5), fmpq(5, 6))
    assert two_cycle(3, fmpq(2), fmpq(1)) == (fmpq(33, 5), fmpq(5, 28))
    assert orbit(equal_layers(2, fmpq(2), fmpq(3), fmpq(1)), 2) == [2, 0, 0]


@witness
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_the_smallest_factor_above_the_limit_is_near_12288_n_squared(depth: int) -> None:
    """As p/q -> 1 the margin goes to Phi and N eta Phi^{2-2/N} to 2, so that eta is 2 * 6144 N^2 times the limit."""
    p, q = fmpq(10**6 + 1), fmpq(10**6)
    target, rate = two_cycle(depth, p, q)
    factor = arb(rate) / arb(theorem_one.learning_rate_limit(depth, q**depth, target))
    assert abs(factor / (12288 * depth**2) - 1) < arb(1) / 1000
