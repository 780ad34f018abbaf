"""Statement 1 proved: Isserlis' moments, f and its derivatives for symbolic n, all critical points and spectra."""

from itertools import product
from math import prod

import sympy

from claims.suite import symbolic
from claims.suite.symbols import as_words
from solvers.shallow import FactoredObjective, gaussian_mean

N = sympy.Symbol("n", integer=True, positive=True)
X, T, S = sympy.symbols("X t s", real=True)  # |x|^2, |z|^2, <x, z>
LETTERS = {name: sympy.MatrixSymbol(name, N, 1) for name in "xzv"}
OBJECTIVE = FactoredObjective(LETTERS["x"] * LETTERS["x"].T, gaussian_mean())
INNER = {("x", "x"): X, ("z", "z"): T, ("x", "z"): S, ("z", "x"): S}


def letter(name: str) -> sympy.Symbol:
    return sympy.Symbol(name, commutative=False)


def reduced(expression: sympy.MatrixExpr, inner: dict[tuple[str, str], sympy.Expr]) -> sympy.Expr:
    """A column of any height as a sum of letters x, z, v: traces Tr(a b') and products b' a replaced by <b, a>."""
    words = sympy.expand(as_words(expression.doit()))
    for (left, right), value in inner.items():
        words = words.subs(sympy.Trace(LETTERS[right] * LETTERS[left].T), value)
        words = words.subs(letter(f"{left}'") * letter(right), value)
    return sympy.expand(words)


def trace_of(words: sympy.Expr, inner: dict[tuple[str, str], sympy.Expr]) -> sympy.Expr:
    """The trace of a sum of products a b' c d' ...: <b, c> <d, a> by cyclic exchange."""
    total = sympy.Integer(0)
    for term in sympy.Add.make_args(sympy.expand(words)):
        scalars, noncommutative = term.args_cnc()
        powers = [factor.as_base_exp() for factor in noncommutative]
        names = [str(base).rstrip("'") for base, exponent in powers for _ in range(int(exponent))]
        turned = [*names[1:], names[0]]
        total += sympy.Mul(*scalars) * prod(inner[pair] for pair in zip(turned[::2], turned[1::2], strict=True))
    return total


@symbolic
def test_isserlis_moments() -> None:
    """E a a^T <a a^T, Y> = 2 Y + tr(Y) I, n = 3, Y symbolic, and E ((a.z)^2 - (a.x)^2)^2 = 4 f: every monomial of a has
    the mean prod (e - 1)!!, 0 for odd e. f depends on the plane of x and z only, so n = 3 stands for every n."""
    a, z, x = (sympy.symbols(f"{name}1:4") for name in "azx")

    def mean(polynomial: sympy.Expr) -> sympy.Expr:
        terms = sympy.Poly(sympy.expand(polynomial), *a).terms()
        even = [(exponents, c) for exponents, c in terms if all(e % 2 == 0 for e in exponents)]
        return sympy.expand(sum((c * prod(sympy.factorial2(e - 1) for e in exps) for exps, c in even), start=0 * T))

    y = sympy.Matrix(3, 3, lambda i, j: sympy.Symbol(f"y{min(i, j)}{max(i, j)}"))
    form = sum(a[i] * y[i, j] * a[j] for i, j in product(range(3), repeat=2))
    image = sympy.Matrix(3, 3, lambda i, j: mean(a[i] * a[j] * form))
    assert image == (2 * y + y.trace() * sympy.eye(3)).applyfunc(sympy.expand)
    along = [sum(ai * ui for ai, ui in zip(a, u, strict=True)) for u in (z, x)]
    square = {"t": sum(u**2 for u in z), "X": sum(u**2 for u in x), "s": sum(u * w for u, w in zip(z, x, strict=True))}
    closed = 3 * T**2 - 2 * X * T - 4 * S**2 + 3 * X**2
    closed = closed.subs({T: square["t"], X: square["X"], S: square["s"]}, simultaneous=True)
    assert sympy.expand(mean((along[0] ** 2 - along[1] ** 2) ** 2) - closed) == 0


@symbolic
def test_value_gradient_and_hessian_for_every_n() -> None:
    """4 f = 3 t^2 - 2 X t - 4 s^2 + 3 X^2; grad f = (3 t - X) z - 2 s x;
    H v = (3 t - X) v + 6 <z, v> z - 2 <x, v> x."""
    x, z, v = (letter(name) for name in "xzv")
    value = 4 * OBJECTIVE.value(LETTERS["z"])
    assert isinstance(value, sympy.Trace)
    traces = {sympy.Trace(LETTERS[name] * LETTERS[name].T): size for name, size in (("x", X), ("z", T))}
    words = sympy.expand(as_words(value.arg.doit())).subs(traces)
    assert sympy.expand(trace_of(words, INNER) - (3 * T**2 - 2 * X * T - 4 * S**2 + 3 * X**2)) == 0
    gradient = reduced(OBJECTIVE.gradient(LETTERS["z"]), INNER)
    assert sympy.expand(gradient - (3 * T - X) * z + 2 * S * x) == 0
    c, d = sympy.symbols("c d")  # <z, v>, <x, v>
    inner = {**INNER, ("z", "v"): c, ("v", "z"): c, ("x", "v"): d, ("v", "x"): d}
    image = reduced(OBJECTIVE.hessian_vector_product(LETTERS["z"], LETTERS["v"]), inner)
    assert sympy.expand(image - (3 * T - X) * v - 6 * c * z + 2 * d * x) == 0


@symbolic
def test_there_are_no_other_critical_points() -> None:
    """z = p x + w with <x, w> = 0 and grad f = (3 t - X - 2 X) p x + (3 t - X) w, for every n. If p = 0: w = 0 or
    3 t = X. If p != 0: 3 t = 3 X, so 3 t - X = 2 X != 0, w = 0, t = p^2 X, and p = +-1."""
    p = sympy.Symbol("p", real=True)
    z, x, w = (letter(name) for name in "zxw")
    gradient = ((3 * T - X) * z - 2 * S * x).subs(z, p * x + w).subs(S, p * X)
    assert sympy.expand(gradient - (3 * T - 3 * X) * p * x - (3 * T - X) * w) == 0
    big = sympy.Symbol("X", positive=True)
    assert sympy.solve((3 * T - 3 * X).subs(X, big), T) == [big]
    assert (3 * T - X).subs({T: X}).subs(X, big).is_positive
    assert set(sympy.solve((T - X).subs(T, p**2 * X).subs(X, big), p)) == {-1, 1}


@symbolic
def test_spectra_and_values_for_every_n() -> None:
    """H v for v along x, along z, and orthogonal to both, at the three kinds of points; f there."""
    x, z, v = (letter(name) for name in "xzv")

    def image(direction: sympy.Expr, c: sympy.Expr, d: sympy.Expr, t: sympy.Expr) -> sympy.Expr:
        return sympy.expand((3 * t - X) * direction + 6 * c * z - 2 * d * x)

    def value(t: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
        return sympy.expand((3 * t**2 - 2 * X * t - 4 * s**2 + 3 * X**2) / 4)

    assert image(x, 0, X, 0).subs(z, 0) == -3 * X * x  # at 0
    assert image(v, 0, 0, 0).subs(z, 0) == -X * v
    assert value(0, 0) == 3 * X**2 / 4
    for sign in (1, -1):  # at +-x
        assert sympy.expand(image(x, sign * X, X, X).subs(z, sign * x)) == 6 * X * x
        assert sympy.expand(image(v, 0, 0, X).subs(z, sign * x)) == 2 * X * v
        assert value(X, sign * X) == 0
    third = X / 3  # z orthogonal to x
    assert image(x, 0, X, third) == -2 * X * x
    assert image(z, third, 0, third) == 2 * X * z
    assert image(v, 0, 0, third) == 0
    assert value(third, 0) == 2 * X**2 / 3
