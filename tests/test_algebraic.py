"""Algebraic numbers: what SymPy proves equal is 0, what differs in the 2000th bit is not, and heights are bounds."""

import itertools
import operator
from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq, fmpz_poly

from solvers.arithmetic import Comparison, Outcome, algebraic, settle, square_root
from solvers.arithmetic.algebraic import Algebraic, NotAlgebraicError, algebraic_numbers, real_roots
from solvers.network import spectrum, stacks

X = sympy.Symbol("x")


def root(number, degree):
    """The same in both arithmetics: of SymPy's numbers and of these."""
    if isinstance(number, sympy.Expr):
        return sympy.root(number, degree)
    return Algebraic.of(number).power(Fraction(1, degree))


IDENTITIES = {
    "product": lambda n: root(n(2), 2) * root(n(3), 2) - root(n(6), 2),
    "nested": lambda n: root(n(2), 2) + root(n(3), 2) - root(n(5) + n(2) * root(n(6), 2), 2),
    "golden": lambda n: root(n(2) + root(n(5), 2), 3) - (n(1) + root(n(5), 2)) / n(2),
    "Ramanujan": lambda n: (
        root(root(n(2), 3) - n(1), 3) - root(n(1) / n(9), 3) * (n(1) - root(n(2), 3) + root(n(4), 3))
    ),
    "inverse": lambda n: n(1) / (root(n(3), 2) - root(n(2), 2)) - root(n(3), 2) - root(n(2), 2),
    "powers": lambda n: root(n(2), 4) ** 3 * root(n(2), 12) ** 3 - n(2),
    "negative": lambda n: root(n(7), 3) ** -2 - root(n(7), 3) / n(7),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_what_is_zero_is_found_to_be(name):
    """SymPy finds the minimal polynomial x; here the sign is 0, and a change in the 2000th bit is seen either way."""
    identity = IDENTITIES[name]
    assert sympy.minimal_polynomial(identity(sympy.Integer), X) == X
    zero = identity(Algebraic.of)
    assert zero.sign() == 0
    for little in (fmpq(1, 2**2000), fmpq(-1, 2**2000)):
        assert (zero + little).sign() == (1 if little > 0 else -1)


@pytest.mark.parametrize("name", IDENTITIES)
def test_degrees_and_heights_are_bounds(name):
    """Of each part of an identity, moved off 0: SymPy's minimal polynomial has the degree and the Mahler measure."""
    for shift in (Fraction(1, 3), Fraction(22, 7)):
        number = IDENTITIES[name](Algebraic.of) + shift
        polynomial = sympy.minimal_polynomial(IDENTITIES[name](sympy.Integer) + sympy.Rational(shift), X)
        assert sympy.degree(polynomial) <= number.degree
        assert height(sympy.Poly(polynomial, X)) <= number.height


@pytest.mark.parametrize(
    ("of", "number"),
    [
        ("sqrt(2)", lambda: root(2, 2)),
        ("sqrt(2) + cbrt(3)", lambda: root(2, 2) + root(3, 3)),
        ("(sqrt(2) - cbrt(3)) / 5", lambda: (root(2, 2) - root(3, 3)) / 5),
        ("sqrt(1 + sqrt(2))", lambda: root(1 + root(2, 2), 2)),
        ("1048573/1048571 + 1048573/1048569", lambda: Algebraic.of(fmpq(1048573, 1048571)) + fmpq(1048573, 1048569)),
        ("2**(1/4) * 2**(1/6)", lambda: root(2, 4) * root(2, 6)),
        ("(2**(1/2) + 3**(1/2))**3", lambda: (root(2, 2) + root(3, 2)) ** 3),
        ("sqrt(10**30 + 1)", lambda: root(10**30 + 1, 2)),
        ("sqrt(1048573 * 1048571)", lambda: root(1048573, 2) * root(1048571, 2)),
        ("(1000 + sqrt(2))**2", lambda: (1000 + root(2, 2)) ** 2),
        ("1 / (10**15 + sqrt(2))", lambda: 1 / (10**15 + root(2, 2))),
    ],
)
def test_degree_and_height_of_what_is_no_tie(of, number):
    """SymPy's degree, or twice it; at least the height of the minimal polynomial, and at most a few bits more."""
    polynomial = sympy.Poly(sympy.minimal_polynomial(sympy.sympify(of), X), X)
    assert polynomial.degree() <= number().degree <= 2 * polynomial.degree()
    assert height(polynomial) <= number().height <= height(polynomial) + 8


def height(polynomial):
    """log2 M(f) / deg f, from the roots."""
    measure = abs(polynomial.LC()) * sympy.prod([max(1, abs(z)) for z in polynomial.nroots(n=50, maxsteps=500)])
    return float(sympy.log(measure, 2)) / polynomial.degree() - 1e-12


@pytest.mark.parametrize("size", [10**3, 10**40])
def test_liouvilles_bound_is_nearly_attained(size):
    """By the root about 1/N of x^2 - N x + 1: half its degree, or of its height, would be too little."""
    small, _ = real_roots(fmpz_poly([1, -size, 1]))
    with ctx.workprec(400):
        scaled = small.ball() * arb(2) ** (arb(fmpq(int(small.degree * small.height * 2), 2)))
    assert 1 <= scaled <= 4


def test_liouvilles_bound_is_nearly_attained_by_a_difference():
    """1/q - 1/(q+1) = 1/(q (q+1)), which balls of 64 bits do not tell from 0, nor from 1/q^{6/5}."""
    q = 2**300 - 1
    number = Algebraic.of(fmpq(1, q)) - fmpq(1, q + 1)
    assert number.sign() == 1
    assert (-number).sign() == -1
    assert number == fmpq(1, q * (q + 1))


def test_generators_count_once_where_they_are_the_same():
    """The root of one number, and of its powers, generates one field; roots of different numbers each their own."""
    one, other = 1 + root(2, 2), 1 + root(3, 2)
    assert (root(one, 2) + root(one, 2) ** 3).degree == 4
    assert (root(one, 2) + root(other, 2)).degree == 16


@pytest.mark.parametrize(
    "coefficients", [[1, -2, -1, 1], [-1, 5, -6, 1], [3, -17, 20, -1, -5, 1], [7, 0, -(10**9), 0, 1]]
)
def test_roots_are_those_of_sympy(coefficients):
    """In order, at any precision, each between two rationals that SymPy's isolation gives; their sum is Vieta's."""
    polynomial = sympy.Poly(coefficients[::-1], X)
    assert polynomial.is_irreducible
    intervals = polynomial.intervals(eps=sympy.Rational(1, 10**6))
    found = real_roots(fmpz_poly(coefficients))
    assert len(found) == len(intervals) == polynomial.degree()
    for number, ((low, high), _) in zip(found, intervals, strict=True):
        assert fmpq(int(low.p), int(low.q)) < number < fmpq(int(high.p), int(high.q))
    assert reduce(Algebraic.__add__, found) == fmpq(-coefficients[-2], coefficients[-1])
    assert sorted([*found[1:], found[0]]) == found


def test_roots_are_carried_to_one_another():
    """t -> t^2 - 2 permutes 2 cos(2 pi k / 7), the roots of x^3 + x^2 - 2x - 1, in one cycle."""
    roots = real_roots(fmpz_poly([-1, -2, 1, 1]))
    carried = [[t * t - 2 == other for other in roots].index(True) for t in roots]
    assert all([t * t - 2 == other for other in roots].count(True) == 1 for t in roots)
    assert sorted(carried) == [0, 1, 2]
    assert all(carried[k] != k for k in range(3))


@pytest.mark.parametrize("bits", [64, 300, 5000, 50000])
@pytest.mark.parametrize("coefficients", [[-1, -2, 1, 1], [-2, 4 * 10**40, -2 * 10**80, 1]])
def test_roots_are_enclosed_ever_more_narrowly(bits, coefficients):
    """The balls stay apart, and f changes sign over each. Two roots of the second differ by 10^-60 (Mignotte's), which
    costs 3 * 200 bits."""
    polynomial = fmpz_poly(coefficients)
    with ctx.workprec(bits):
        balls = [number.ball() for number in real_roots(polynomial)]
    with ctx.workprec(2 * bits + 5000):
        assert all(before < after for before, after in itertools.pairwise(balls))
        for ball in balls:
            assert ball.rad() < abs(ball) * arb(2) ** (600 - bits)
            assert polynomial(ball.lower()) * polynomial(ball.upper()) < 0


@pytest.mark.parametrize("bits", [100, 2000, 20000])
def test_a_near_tie_is_none(bits):
    """sqrt(2) and a rational that differs from it by less than 2^-bits: strict, in the order that squares tell."""
    scale = fmpq(2) ** bits
    with ctx.workprec(bits + 64):
        below = fmpq((arb(2).sqrt() * arb(scale)).floor().unique_fmpz()) / scale
    number = root(2, 2)
    assert below < number < below + 1 / scale
    assert not number <= below
    assert not below + 1 / scale <= number
    assert number != below
    verdict = settle(lambda: Comparison(square_root(fmpq(2)), ">", below, "a near tie"))
    assert verdict.holds
    assert verdict.arithmetic.startswith("algebraic" if bits > 4096 else "rationals")


def test_signs_of_what_is_not_zero():
    """And absolute values, powers and orders with them."""
    number = root(2, 2) - root(3, 2)
    assert number.sign() == -1
    assert abs(number) == -number > 0
    assert number**2 == 5 - 2 * root(6, 2)
    assert number**0 == 1
    assert (number - number).sign() == 0
    assert float(number) == pytest.approx(2**0.5 - 3**0.5)


def test_what_has_no_value_says_so():
    """Divisions by 0, roots of negative numbers."""
    zero = root(2, 2) * root(3, 2) - root(6, 2)
    with pytest.raises(ZeroDivisionError, match="algebraic number that is 0"):
        _ = 1 / zero
    with pytest.raises(ZeroDivisionError, match="algebraic number that is 0"):
        zero.power(Fraction(-1, 2))
    with pytest.raises(ValueError, match=r"power 1/2 of a negative number; expected one >= 0"):
        (root(2, 2) - 2).sqrt()
    assert zero.sqrt() == 0


@pytest.mark.parametrize(
    "formula",
    [
        lambda number: number.log(),
        arb,
        lambda number: number + arb(1),
        lambda number: arb(1) + number,
        lambda number: number < arb(1),
        lambda number: arb(1) < number,
        lambda number: number.as_integer_ratio(),
        lambda number: number == 1.5,
    ],
)
def test_what_only_balls_have_is_refused(formula):
    """Nothing exact would follow."""
    with pytest.raises(NotAlgebraicError):
        formula(root(2, 2))


def test_a_misspelt_attribute_is_an_attribute_error():
    """And no refusal."""
    with pytest.raises(AttributeError, match="no attribute squareroot"):
        _ = root(2, 2).squareroot


def test_what_would_take_too_many_bits_is_given_up(monkeypatch):
    """A tie whose bound is beyond the limit stays undecided, and says how far it would be."""
    large = fmpq(10**2000 + 1), fmpq(10**2000 + 3)

    def tie():
        left, right = map(square_root, large)
        return Comparison(left * right, "==", square_root(large[0] * large[1]), "a tie")

    assert settle(tie).holds
    monkeypatch.setattr(algebraic, "MOST_BITS", 60000)
    with algebraic_numbers(), pytest.raises(NotAlgebraicError, match=r"only \d+ bits would decide; 60000 are the most"):
        _ = tie().left == tie().right
    assert settle(tie).outcome is Outcome.UNDECIDED


def test_a_formula_too_deep_for_python_is_left_to_balls():
    """A sum of 900 roots against 900 of them: undecided, as balls have it, and no error of Python's."""
    root_of_two = Algebraic.of(2).sqrt()
    long = reduce(operator.add, [root_of_two] * 900)
    with pytest.raises(NotAlgebraicError, match="nested beyond Python's recursion limit"):
        (long - 900 * root_of_two).sign()

    def tie():
        left, right = [square_root(fmpq(2))] * 900, 900 * square_root(fmpq(2))
        return Comparison(reduce(operator.add, left), "<=", right, "the sum")

    assert settle(tie).outcome is Outcome.UNDECIDED


def test_roots_are_balls_elsewhere():
    """Only inside the context are they algebraic, and after an exception no more."""
    with algebraic_numbers():
        assert isinstance(square_root(fmpq(2)), Algebraic)
        assert isinstance(square_root(fmpq(4)), fmpq)
    with pytest.raises(ValueError, match="negative"), algebraic_numbers():
        square_root(fmpq(-2))
    assert isinstance(square_root(fmpq(2)), arb)


def symmetric(*rows):
    return np.array([[fmpq(entry) for entry in row] for row in rows], dtype=object)


def test_singular_values_are_algebraic_numbers():
    """Of [[2,1,0],[1,3,1],[0,1,5]], with a rational one beside: exact, in order, of sum and product as they must be."""
    block = symmetric([2, 1, 0, 0], [1, 3, 1, 0], [0, 1, 5, 0], [0, 0, 0, 4])
    with algebraic_numbers():
        values = spectrum.singular_values(block)
        least, most = stacks.extreme_squares(block)
        assert least == values[-1] ** 2
        assert most == values[0] ** 2
        assert values[1] == 4 < values[0]
        assert reduce(lambda a, b: a * b, values) == 4 * 23
        assert reduce(lambda a, b: a + b, values) == 4 + 10
    assert [float(value) for value in values] == pytest.approx(
        [float(value) for value in spectrum.singular_values(block)]
    )


def test_the_largest_of_tied_algebraic_numbers():
    """sqrt(6) twice, by different formulas, and a rational."""
    with algebraic_numbers():
        tied = [square_root(fmpq(2)) * square_root(fmpq(3)), fmpq(2), square_root(fmpq(6))]
        assert stacks.largest(tied) ** 2 == 6
