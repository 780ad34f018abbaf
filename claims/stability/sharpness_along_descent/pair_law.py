"""Statement 1: what a step does to the difference of two squares; and what phi is."""

from fractions import Fraction
from itertools import combinations

import sympy
from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import Fate, ablates, control, exact, symbolic, witness
from solvers.arithmetic import Comparison, compare, rational
from solvers.flow import limit_sharpness, limit_squares, mode_step, pair_factor
from solvers.network import Problem, characteristic_polynomial, end_to_end, hessian
from strategies import scalar_chains, scalar_weights


def numbers(problem: Problem) -> list[fmpq]:
    """w_1, ..., w_N of a network of width 1."""
    return [layer[0, 0] for layer in problem.weights]


def factor(problem: Problem, i: int, j: int) -> fmpq:
    """e_ij."""
    return pair_factor(numbers(problem), problem.target[0, 0], problem.learning_rate, i, j)


def smallest_two(problem: Problem) -> tuple[int, int]:
    """The places of the two smallest |w|."""
    i, j, *_ = sorted(range(problem.depth), key=lambda k: abs(numbers(problem)[k]))
    return i, j


def defect(problem: Problem, i: int, j: int, *, coefficient: int = 1) -> fmpq:
    """w_i'^2 - w_j'^2 - (1 - e_ij^2) (w_i^2 - w_j^2), 0 by the law; the coefficient of e_ij^2 is 1."""
    before, after = numbers(problem), numbers(problem.step())
    kept = 1 - coefficient * factor(problem, i, j) ** 2
    return after[i] ** 2 - after[j] ** 2 - kept * (before[i] ** 2 - before[j] ** 2)


@symbolic
def test_the_pair_law_for_every_depth() -> None:
    """With R for the product over the N - 2 other layers: l = (w_i w_j R - Phi)^2 / 2, and e_ij = eta r R."""
    one, other, rest, target, eta = sympy.symbols("w_i w_j R Phi eta", real=True)
    loss = (one * other * rest - target) ** 2 / 2
    e = eta * (one * other * rest - target) * rest
    after, later = (w - eta * sympy.diff(loss, w) for w in (one, other))
    assert sympy.expand(after - (one - e * other)) == 0
    assert sympy.expand(later - (other - e * one)) == 0
    assert sympy.expand(after**2 - later**2 - (1 - e**2) * (one**2 - other**2)) == 0


@exact
@given(scalar_chains(), st.data())
def test_the_pair_law(problem: Problem, data: st.DataObject) -> None:
    """Every pair, two steps, depths 2 to 6, zeros and ties among the weights."""
    for _ in range(2):
        assert all(defect(problem, i, j) == 0 for i, j in combinations(range(problem.depth), 2))
        problem = problem.step()


@control
def test_refuted_with_another_coefficient() -> None:
    """w = (1, 2, 4), Phi = 1, eta = 1/14: 0 or 2 for the 1 before e^2, and the step of one layer after the other."""
    problem = Problem(scalar_weights(1, 2, 4), scalar_weights(1)[0], fmpq(1, 14))
    assert factor(problem, 0, 1) == 2
    assert defect(problem, 0, 1) == 0
    assert defect(problem, 0, 1, coefficient=0) != 0
    assert defect(problem, 0, 1, coefficient=2) != 0
    w, rate = numbers(problem), problem.learning_rate
    first = mode_step(w, fmpq(1), rate)[0]
    second = mode_step([first, *w[1:]], fmpq(1), rate)[1]
    assert first**2 - second**2 != (1 - factor(problem, 0, 1) ** 2) * (w[0] ** 2 - w[1] ** 2)


@exact
@given(st.lists(st.fractions(-4, 4, max_denominator=8).filter(bool), min_size=1, max_size=5))
def test_phi_is_the_sharpness_of_a_minimum(weights: list[Fraction]) -> None:
    """Where w_1 ... w_N = Phi the Hessian's characteristic polynomial is z^{N-1} (z - Phi^2 sum 1/w_i^2), exactly, and
    x_i = w_i^2. Depths 1 to 5; a negative product is turned."""
    layers = scalar_weights(*weights)
    target = end_to_end(layers)
    if target[0, 0] < 0:
        layers = (-layers[0], *layers[1:])
        target = -target
    values = [layer[0, 0] for layer in layers]
    sharpness = target[0, 0] ** 2 * sum((1 / value**2 for value in values), start=fmpq(0))
    polynomial = characteristic_polynomial(hessian(layers, target))
    assert polynomial == fmpq_poly([0, 1]) ** (len(layers) - 1) * fmpq_poly([-sharpness, 1])
    found = limit_sharpness(values, target[0, 0])
    assert found.overlaps(arb(sharpness))
    assert not found.overlaps(arb(sharpness) * fmpq(1001, 1000))
    squares = limit_squares(values, target[0, 0])
    assert all(square.overlaps(arb(value**2)) for square, value in zip(squares, values, strict=True))


@symbolic
def test_the_product_rises_through_zero_for_every_depth() -> None:
    """Where the flow ends: with R for the product of the other layers, d(w_i R)/dt has the part -r R^2 from w_i; at
    w_i = 0, R != 0 it is all of it, and r = -Phi: the product rises by Phi R^2."""
    one, rest, target = sympy.symbols("w_i R Phi", real=True)
    slope = -sympy.diff((one * rest - target) ** 2 / 2, one)
    assert sympy.expand(slope * rest + (one * rest - target) * rest**2) == 0
    assert sympy.expand((slope * rest).subs(one, 0) - target * rest**2) == 0


@control
@ablates("DL-063", "one smallest", "dropped", Fate.REFUTED)
def test_refuted_for_a_tie_of_opposite_signs() -> None:
    """w_1 = -w_2: (w_1 + w_2)' = -r (w_1 + w_2) = 0, so that the product is never positive, and never Phi; at N = 3
    with a larger third weight too. With |w_1| < |w_2| the sum of the two does move."""
    u, v, third, target = sympy.symbols("u v w Phi", positive=True)
    for rest in (sympy.Integer(1), third):
        r = -u * v * rest - target  # weights u, -v
        velocity = -r * (-v) * rest + -r * u * rest
        assert sympy.expand(velocity.subs(v, u)) == 0
        assert sympy.expand(velocity + r * rest * (u - v)) == 0
        assert sympy.expand(velocity.subs(v, u + 1)) != 0


@witness
def test_phi_in_small_numbers() -> None:
    """N = 2, w = (3, 1), Phi = 1: phi^2 = 68. Equal |w|: N Phi^{2 - 2/N}; N = 3, Phi = 8: 48. All 0: the same."""
    sharpness = limit_sharpness([3, 1], 1)
    assert (sharpness**2).contains(68)
    for weights in ([5, -5, 5], [0, 0, 0]):
        assert limit_sharpness(weights, 8).contains(48)
    assert compare(Comparison(limit_sharpness([0, 0, rational(0.5)], 8), ">", fmpq(48), "phi of unequal |w|")).holds
