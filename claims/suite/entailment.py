"""That a row of a ledger follows from the rows that it uses: what a proof asks for is what it may assume.

A proof is a function of :class:`Premises`. It gets conclusions of rows and hypotheses of the theorem by asking for
them, as gaps, right less left, which are >= 0: of a state of symbols, from the rows' own code. :func:`check_entailed`
runs it, and asserts that what it asked for is what its row names. Two rules close a step. :func:`follows`: a sum of
gaps with factors >= 0. :func:`at_the_bound`: what falls as a symbol grows is least where the symbol is at a bound that
a premise gives; :func:`worst` and :func:`capped` are that rule, again and again. All raise where they do not apply.

The depth is a symbol too: proofs are for every N >= 1, or where they say so for N >= 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import sympy

from claims.suite.ledger import Row
from solvers.arithmetic import Comparison

Gap = Any
"""An expression of SymPy's that is >= 0, or is to be shown so."""

N = sympy.Symbol("N", integer=True, positive=True)
DEEP: Mapping[Any, Any] = MappingProxyType({N: 2 + sympy.Symbol("n", integer=True, nonnegative=True)})
ANY_DEPTH: Mapping[Any, Any] = MappingProxyType({N: 1 + sympy.Symbol("n", integer=True, nonnegative=True)})
"""The depth, and how SymPy sees that it is at least 2, or at least 1."""


@dataclass
class Premises:
    """What a proof may assume of ``state``: ``rows`` by name, and ``hypotheses``; and what it has asked for."""

    state: Any
    rows: Mapping[str, Row]
    hypotheses: Mapping[str, Callable[[Any], list[Comparison]]]
    rows_asked: set[str] = field(default_factory=set)
    hypotheses_asked: set[str] = field(default_factory=set)

    def row(self, name: str, number: int = 0) -> Gap:
        """A conclusion of a row."""
        self.rows_asked.add(name)
        return self.shown(name)[number]

    def hypothesis(self, name: str, number: int = 0) -> Gap:
        self.hypotheses_asked.add(name)
        return gap(self.hypotheses[name](self.state)[number])

    def constant(self, name: str) -> Any:
        """A row's constant."""
        return rational(self.rows[name].constant)

    def shown(self, name: str) -> list[Gap]:
        """What is to be shown of a row."""
        return gaps(self.rows[name], self.state)


Proof = Callable[[Premises], None]


def check_entailed(name: str, proof: Proof, given: Premises) -> None:
    """Run the proof of a row, and assert that it asks for all the rows and hypotheses that its row names, and for no
    others."""
    proof(given)
    row = given.rows[name]
    assert given.rows_asked == set(row.uses), f"{name}: asks for {sorted(given.rows_asked)}, names {row.uses}"
    asked = given.hypotheses_asked
    assert asked == set(row.hypotheses), f"{name}: asks for {sorted(asked)}, names {row.hypotheses}"


def left_over(rows: Sequence[Row], needed: Sequence[str]) -> set[str]:
    """The rows that those which are ``needed`` do not rest on. Asserts that each row uses earlier ones only."""
    names = [row.name for row in rows]
    for number, row in enumerate(rows):
        assert row.name not in names[:number], f"two rows are called {row.name}"
        assert set(row.uses) <= set(names[:number]), f"{row.name} uses {row.uses}, not all of which stand before it"
    used = set(needed)
    for row in reversed(rows):
        if row.name in used:
            used |= set(row.uses)
    return set(names) - used


def rational(number: Any) -> Any:
    """A rational of FLINT's as one of SymPy's."""
    return sympy.Rational(int(number.p), int(number.q))


def gaps(row: Row, state: Any) -> list[Gap]:
    """What a row says of a state of symbols, with its constant as a rational of SymPy's."""
    constant: Any = rational(row.constant)
    return [gap(comparison) for comparison in row.statement(state, constant)]


def gap(comparison: Comparison) -> Gap:
    """The larger side of a comparison less the smaller one."""
    left, relation, right, sentence = comparison
    if relation not in ("<=", ">="):
        raise ValueError(f"{sentence}: the relation is {relation}; expected <= or >=")
    return right - left if relation == "<=" else left - right


def follows(
    shown: Gap, premises: Sequence[tuple[Any, Gap]], rest: Any = 0, sizes: Mapping[Any, Any] = MappingProxyType({})
) -> None:
    """Assert that ``shown`` is the sum of factor times gap, of which each factor is >= 0 and none is 0 for all sizes,
    and of ``rest`` >= 0."""
    for factor, _ in premises:
        seen = sympy.sympify(factor).subs(sizes)
        assert seen.is_nonnegative, factor
        assert not seen.is_zero, factor
    assert sympy.sympify(rest).subs(sizes).is_nonnegative, rest
    total = sum((factor * premise for factor, premise in premises), sympy.sympify(rest))
    assert_equal(shown, total)


def assert_equal(left: Any, right: Any) -> None:
    """Assert that two expressions are one: SymPy proves it, after one point has not refuted it."""
    difference = sympy.expand(left - right)
    assert abs(difference.subs(_point(difference)).evalf(30)) < 1e-20, difference
    assert difference == 0 or sympy.simplify(difference) == 0, difference


def _point(expression: Any) -> dict[Any, Any]:
    """A number for each symbol, none of them special."""
    symbols = sorted(expression.free_symbols, key=str)
    return {
        symbol: 5 + k if symbol.is_integer else sympy.Rational(7 + 2 * k, 5 + k) for k, symbol in enumerate(symbols)
    }


def worst(shown: Gap, *premises: tuple[Gap, Any], sizes: Mapping[Any, Any] = ANY_DEPTH) -> Gap:
    """What is to be shown with each symbol at the bound that its premise gives, one after another."""
    for premise, symbol in premises:
        shown = at_the_bound(shown, premise, symbol, sizes)
    return shown


def capped(shown: Gap, base: Any, exponent: Any, sizes: Mapping[Any, Any] = ANY_DEPTH) -> Gap:
    """What is to be shown with the power of a number > 1 in it at a larger exponent."""
    (power,) = (part for part in shown.atoms(sympy.Pow) if part.base == base and part.exp.has(N))
    assert base > 1
    assert sympy.simplify((exponent - power.exp).subs(sizes)).is_nonnegative
    part = sympy.Symbol("power", positive=True)
    return at_the_bound(shown.subs(power, part), base ** sympy.sympify(exponent) - part, part, sizes)


def at_the_bound(shown: Gap, premise: Gap, symbol: Any, sizes: Mapping[Any, Any]) -> Gap:
    """``shown`` with the one value of ``symbol`` at which ``premise`` is 0 put in, which is no larger.

    Asserts that both fall as the symbol grows, or both rise; ``sizes`` are expressions for symbols that are at least
    something, for SymPy to see signs by.
    """
    return _at_the_bound(shown, premise, symbol, tuple(sizes.items()))


Sizes = tuple[tuple[Any, Any], ...]


@cache
def _at_the_bound(shown: Any, premise: Any, symbol: Any, sizes: Sizes) -> Any:
    bound, rises = _bound(premise, symbol, sizes)
    assert rises is _rises(shown, symbol, sizes), (premise, shown)
    found = sympy.powsimp(sympy.expand_power_base(shown.subs(symbol, bound), force=True))
    return found.replace(lambda part: part.is_Pow, lambda part: part.base ** sympy.expand(part.exp))


@cache
def _bound(premise: Any, symbol: Any, sizes: Sizes) -> tuple[Any, bool]:
    """Where ``premise`` is 0, and whether it rises; asked again and again of the same ones. ValueError unless it is a
    term without the symbol and one power of it with a factor, and 0 at a number >= 0."""
    rest, term = premise.as_independent(symbol, as_Add=True)
    factor, power = term.as_independent(symbol, as_Add=False)
    base, exponent = power.as_base_exp()
    if base != symbol:
        raise ValueError(f"{premise} is no bound of {symbol}: expected a sum of one power of it and of what is without")
    bound = sympy.factor_terms(-rest / factor) ** (1 / exponent)
    if not _factored(bound.subs(sizes)).is_nonnegative:
        raise ValueError(f"{premise} is 0 at {symbol} = {bound}, which is not seen to be >= 0")
    return bound, _rises(premise, symbol, sizes)


def _rises(expression: Any, symbol: Any, sizes: Sizes) -> bool:
    """Whether it nowhere falls as the symbol grows; False where it nowhere rises. ValueError where neither is seen."""
    slope = sympy.diff(expression, symbol).subs(sizes)
    for rewrite in (sympy.sympify, _factored, sympy.simplify, sympy.expand):
        seen = rewrite(slope)
        if seen.is_nonnegative or seen.is_nonpositive:
            return bool(seen.is_nonnegative)
    raise ValueError(f"whether {expression} rises with {symbol} is not seen")


def _factored(expression: Any) -> Any:
    """Each sum in it as a product, if it is one."""
    return expression.replace(lambda part: part.is_Add, sympy.factor)
