"""The steps of the proofs, for matrices of all sizes and for symbols."""

import sympy

from claims.suite import symbolic
from claims.suite.relations import vanishes
from claims.suite.symbols import is_zero, network_symbols
from solvers.network import layer_gradients


@symbolic
def test_the_flow_of_both_layers_for_every_size() -> None:
    """Statement 1, block by block: minus the gradients against J Q - E Q D / 2 - Q Q^T Q / 2."""
    (first, second), target = network_symbols(2)
    one, two = layer_gradients((first, second), target)
    imbalance = second.T * second - first * first.T
    gram = first * first.T + second.T * second  # Q^T Q
    upper = target.T * second - first.T * imbalance / 2 - first.T * gram / 2
    lower = target * first.T + second * imbalance / 2 - second * gram / 2
    assert is_zero(upper + one.T)
    assert is_zero(lower + two)


@symbolic
def test_the_riccati_equation_for_every_size() -> None:
    """X' = Q' Q^T + Q Q'^T with Q' = F Q - Q Q^T Q / 2, as E Q c = c E Q."""
    size, hidden = sympy.symbols("s h", integer=True, positive=True)
    flow, q = sympy.MatrixSymbol("F", size, size), sympy.MatrixSymbol("Q", size, hidden)
    moved = flow * q - q * q.T * q / 2
    x = q * q.T
    assert vanishes(moved * q.T + q * moved.T - (flow * x + x * flow - x * x), [(flow.T, flow)])


@symbolic
def test_the_solution_for_every_size() -> None:
    """With K = M^{-1}: (Y K Y^T)' = F Y K Y^T + Y K Y^T F - Y K Y^T Y K Y^T, as K' = -K M' K and M' = Y^T Y; the latter
    since e^{2 F t} = e^{F t} e^{F t} and F is symmetric."""
    size, hidden = sympy.symbols("s h", integer=True, positive=True)
    flow, y = sympy.MatrixSymbol("F", size, size), sympy.MatrixSymbol("Y", size, hidden)
    k = sympy.MatrixSymbol("K", hidden, hidden)
    x = y * k * y.T
    derivative = flow * y * k * y.T - y * (k * y.T * y * k) * y.T + y * k * y.T * flow.T
    assert vanishes(derivative - (flow * x + x * flow - x * x), [(flow.T, flow)])
    grown, start = sympy.MatrixSymbol("P", size, size), sympy.MatrixSymbol("Z", size, hidden)  # e^{F t} and Q_0
    assert vanishes(start.T * grown * grown * start - (grown * start).T * (grown * start), [(grown.T, grown)])


@symbolic
def test_the_square_of_f_for_every_size() -> None:
    """Block by block: the corners (J^2 + c^2/4), and the others cancel, as E anticommutes with J."""
    m, n = sympy.symbols("m n", integer=True, positive=True)
    phi, c = sympy.MatrixSymbol("Phi", m, n), sympy.Symbol("c")
    upper, lower = -c / 2 * sympy.Identity(n), c / 2 * sympy.Identity(m)
    assert is_zero(upper * upper + phi.T * phi - (phi.T * phi + c**2 / 4 * sympy.Identity(n)))
    assert is_zero(phi * upper + lower * phi)
    assert is_zero(lower * lower + phi * phi.T - (phi * phi.T + c**2 / 4 * sympy.Identity(m)))


@symbolic
def test_one_hidden_unit() -> None:
    """z = Y M^{-1/2}: z' = F z - z |z|^2 / 2, entry by entry, for M' = |Y|^2 and any |Y|^2."""
    t = sympy.Symbol("t")
    y, m = sympy.Function("y")(t), sympy.Function("M")(t)
    grown, square = sympy.symbols("Fy Y2")  # an entry of F Y, and |Y|^2
    derivative = sympy.diff(y / sympy.sqrt(m), t).subs({sympy.diff(m, t): square, sympy.diff(y, t): grown})
    stated = grown / sympy.sqrt(m) - y / sympy.sqrt(m) * (square / m) / 2
    assert sympy.simplify(derivative - stated) == 0


@symbolic
def test_one_output_and_one_input() -> None:
    """W = Delta v/(1 - v^2) takes W' = (f - W)(Delta^2 + 4 W^2)^{1/2} to the equation of v, which v_+- solve and the
    quotient too, for symbols; k falls as e^{-r t}."""
    delta, f, v, k = sympy.symbols("Delta f v k")
    w = delta * v / (1 - v**2)
    root = delta * (1 + v**2) / (1 - v**2)
    assert sympy.simplify(root**2 - delta**2 - 4 * w**2) == 0
    equation = f - delta * v - f * v**2
    assert sympy.simplify((f - w) * root / sympy.diff(w, v) - equation) == 0
    r = sympy.Symbol("r")
    ends = [(-delta + sign * r) / (2 * f) for sign in (1, -1)]
    square = {delta**2: r**2 - 4 * f**2}
    for end in ends:
        assert sympy.simplify(sympy.expand(equation.subs(v, end) * 4 * f).subs(square)) == 0
    solution = (ends[0] - k * ends[1]) / (1 - k)
    rate = sympy.diff(solution, k) * (-r * k)
    rest = sympy.numer(sympy.together(rate - equation.subs(v, solution)))
    assert sympy.simplify(sympy.expand(rest).subs(square)) == 0
    assert sympy.simplify((solution - ends[0]) / (solution - ends[1]) - k) == 0
