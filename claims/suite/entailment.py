"""That a row of a ledger follows from the rows that it uses: what a proof asks for is what it may assume.

A proof is a function of :class:`Premises`. It gets conclusions of rows and hypotheses of the theorem by asking for
them, as gaps, right less left, which are >= 0: of a state of symbols, from the rows' own code. Two rules close a step.
:func:`follows`: a sum of gaps with factors >= 0. :func:`at_the_bound`: what falls as a symbol grows is least where the
symbol is at a bound that a premise gives. Both raise where they do not apply.
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
        return gaps(self.rows[name], self.state)[number]

    def hypothesis(self, name: str, number: int = 0) -> Gap:
        self.hypotheses_asked.add(name)
        return _gap(self.hypotheses[name](self.state)[number])


def gaps(row: Row, state: Any) -> list[Gap]:
    """What a row says of a state of symbols, with its constant as a rational of SymPy's."""
    constant: Any = sympy.Rational(int(row.constant.p), int(row.constant.q))
    return [_gap(comparison) for comparison in row.statement(state, constant)]


def _gap(comparison: Comparison) -> Gap:
    left, relation, right, sentence = comparison
    if relation not in ("<=", ">="):
        raise ValueError(f"{sentence}: the relation is {relation}; expected <= or >=")
    return right - left if relation == "<=" else left - right


def follows(
    shown: Gap, premises: Sequence[tuple[Any, Gap]], rest: Any = 0, sizes: Mapping[Any, Any] = MappingProxyType({})
) -> None:
    """Assert that ``shown`` is the sum of factor times gap, of which each factor is > 0, and of ``rest`` >= 0."""
    for factor, _ in premises:
        assert sympy.sympify(factor).subs(sizes).is_positive, factor
    assert sympy.sympify(rest).is_nonnegative, rest
    total = sum((factor * premise for factor, premise in premises), sympy.sympify(rest))
    assert sympy.simplify(sympy.expand(shown - total)) == 0, sympy.simplify(shown - total)


def at_the_bound(shown: Gap, premise: Gap, symbol: Any, sizes: Mapping[Any, Any]) -> Gap:
    """``shown`` with the one value of ``symbol`` at which ``premise`` is 0 put in, which is no larger.

    Asserts that both fall as the symbol grows, or both rise; ``sizes`` are expressions for symbols that are at least
    something, for SymPy to see signs by.
    """
    bound, rises = _bound(premise, symbol, tuple(sizes.items()))
    assert rises is _rises(shown, symbol, sizes), (premise, shown)
    found = sympy.powsimp(sympy.expand_power_base(shown.subs(symbol, bound), force=True))
    return found.replace(lambda part: part.is_Pow, lambda part: part.base ** sympy.expand(part.exp))


@cache
def _bound(premise: Any, symbol: Any, sizes: tuple[tuple[Any, Any], ...]) -> tuple[Any, bool]:
    """Where ``premise`` is 0, and whether it rises; asked again and again of the same ones."""
    (bound,) = [bound for bound in sympy.solve(premise, symbol) if _factored(bound.subs(sizes)).is_positive]
    return bound, _rises(premise, symbol, dict(sizes))


def _rises(expression: Any, symbol: Any, sizes: Mapping[Any, Any]) -> bool:
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
