"""The rules by which a row follows from others: each refuses what does not follow."""

import pytest
import sympy
from flint import fmpq

from claims.suite.entailment import Premises, at_the_bound, follows, gaps
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
    with pytest.raises(ValueError, match="unpack"):
        at_the_bound(5 - x, (x - 1) * (x - 2), x, {})


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
