"""The rules by which a row follows from others: each refuses what does not follow."""

import pytest
import sympy
from flint import fmpq

from claims.suite.entailment import (
    DEEP,
    N,
    Premises,
    assert_equal,
    at_the_bound,
    capped,
    check_entailed,
    follows,
    gaps,
    left_over,
    worst,
)
from claims.suite.ledger import Row
from solvers.arithmetic import Comparison

x, y, n = (sympy.Symbol(name, positive=True) for name in "xyn")


def test_a_sum_of_gaps_follows():
    follows(3 * x - 2 * y, [(2, x - y)], x)


@pytest.mark.parametrize(
    ("shown", "premises", "rest"),
    [
        (3 * x - 2 * y, [(2, x - y)], 0),
        (2 * y - 2 * x, [(-2, x - y)], 0),
        (x, [(0, x - y)], x),
        (x - y, [(1, x)], -y),
        (x - y, [(sympy.Symbol("sign", real=True), x)], 0),
    ],
    ids=["another sum", "a factor < 0", "a premise that is not needed", "a rest < 0", "a factor of unknown sign"],
)
def test_what_is_no_such_sum_is_refused(shown, premises, rest):
    with pytest.raises(AssertionError):
        follows(shown, premises, rest)


def test_a_symbol_is_put_at_its_bound():
    """x <= 4 and 5 - x; x >= 4 and x^2 - 3; and with powers of a symbol."""
    assert at_the_bound(5 - x, 4 - x, x, {}) == 1
    assert at_the_bound(x**2 - 3, x - 4, x, {}) == 13
    assert at_the_bound(5 - x, y**n - x**n, x, {}) == 5 - y


def test_a_bound_from_the_wrong_side_is_refused():
    with pytest.raises(AssertionError):
        at_the_bound(5 - x, x - 4, x, {})
    with pytest.raises(AssertionError):
        at_the_bound(x - 5, 4 - x, x, {})


def test_what_turns_is_refused():
    """x - x^2 rises and falls; (x - 1) (x - 2) is 0 twice."""
    with pytest.raises(ValueError, match="is not seen"):
        at_the_bound(x - x**2, 4 - x, x, {})
    with pytest.raises(ValueError, match="is no bound of x"):
        at_the_bound(5 - x, (x - 1) * (x - 2), x, {})
    with pytest.raises(ValueError, match="not seen to be >= 0"):
        at_the_bound(5 - x, -y - x, x, {})


def test_sizes_let_signs_be_seen():
    """(n - 1) x rises with x where n >= 1, and for no other reason."""
    with pytest.raises(ValueError, match="is not seen"):
        at_the_bound((n - 1) * x, x - 2, x, {})
    assert at_the_bound((n - 1) * x, x - 2, x, {n: 1 + y}) == 2 * (n - 1)


def test_what_is_asked_for_is_remembered():
    row = Row("doubled", lambda state, constant: [Comparison(state, "<=", constant * y, "x")], fmpq(3, 2))
    given = Premises(x, {"doubled": row}, {"small": lambda state: [Comparison(state, ">=", n, "x")]})
    assert given.row("doubled") == sympy.Rational(3, 2) * y - x
    assert (given.rows_asked, given.hypotheses_asked) == ({"doubled"}, set())
    assert given.hypothesis("small") == x - n
    assert given.hypotheses_asked == {"small"}
    with pytest.raises(KeyError):
        given.row("another")


def test_an_equation_is_no_gap():
    row = Row("equal", lambda state, _: [Comparison(state, "==", y, "x against y")], fmpq(1))
    with pytest.raises(ValueError, match="x against y: the relation is =="):
        gaps(row, x)


def ledger(*, uses=("small",), hypotheses=("positive",)):
    """x <= y and y <= 2 z, from which x + n <= 2 z + n follows; n > 0 is assumed."""
    z = sympy.Symbol("z", positive=True)
    rows = (
        Row("small", lambda s, constant: [Comparison(s, "<=", constant * y, "x")], fmpq(1)),
        Row("other", lambda s, constant: [Comparison(y, "<=", constant * z, "y")], fmpq(2)),
        Row("sum", lambda s, constant: [Comparison(s, "<=", constant * y + n, "x")], fmpq(1), uses, hypotheses),
    )
    return Premises(x, {row.name: row for row in rows}, {"positive": lambda s: [Comparison(n, ">=", 0, "n")]})


def proof(given):
    (shown,) = given.shown("sum")
    follows(shown, [(1, given.row("small")), (1, given.hypothesis("positive"))])


def test_a_row_that_names_what_its_proof_asks_for():
    check_entailed("sum", proof, ledger())


@pytest.mark.parametrize(
    "named",
    [{"uses": ()}, {"uses": ("small", "other")}, {"hypotheses": ()}, {"hypotheses": ("positive", "another")}],
    ids=["a row is missing", "a row is too much", "a hypothesis is missing", "a hypothesis is too much"],
)
def test_a_row_that_names_something_else_is_refused(named):
    with pytest.raises(AssertionError, match=r"sum: asks for .*, names"):
        check_entailed("sum", proof, ledger(**named))


def test_what_a_ledger_has_left_over():
    rows = list(ledger().rows.values())
    assert left_over(rows, ["sum"]) == {"other"}
    assert left_over(rows, ["sum", "other"]) == set()
    with pytest.raises(AssertionError, match="not all of which stand before it"):
        left_over(rows[::-1], ["sum"])
    with pytest.raises(AssertionError, match="two rows are called small"):
        left_over([*rows, rows[0]], ["sum"])


def test_symbols_one_after_another():
    """10 - x - y with x <= y and y <= 3."""
    assert worst(10 - x - y, (y - x, x), (3 - y, y)) == 4


def test_a_power_is_capped():
    """2^{1/N} <= 2, as 1/N <= 1 for N >= 1; not <= 2^{1/2}, but for N >= 2; and a number below 1 is none to cap."""
    power = 3 - sympy.Integer(2) ** (1 / N)
    assert capped(power, 2, 1) == 1
    with pytest.raises(AssertionError):
        capped(power, 2, sympy.Rational(1, 2))
    assert capped(power, 2, sympy.Rational(1, 2), DEEP) == 3 - sympy.sqrt(2)
    half = sympy.Rational(1, 2)
    with pytest.raises((AssertionError, ValueError)):
        capped(3 - sympy.Pow(half, 1 / N, evaluate=False), half, 1)


def test_two_expressions_that_are_not_one():
    assert_equal((x + y) ** 2, x**2 + 2 * x * y + y**2)
    with pytest.raises(AssertionError):
        assert_equal((x + y) ** 2, x**2 + y**2)
