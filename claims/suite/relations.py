"""Identities between matrices, and between traces, that hold in every dimension where given relations do.

As in :mod:`claims.suite.symbols` a matrix expression is a polynomial in letters that do not commute. A relation, as
Q^T Q = I or M Q = Q L, rewrites its left side, wherever it stands in a word, into its right side; a trace is a sum of
words up to rotation, and up to reversal with every letter transposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sympy

from claims.suite.symbols import as_words

Relation = tuple[Any, Any]
Word = tuple[str, ...]


def rewritten(expression: Any, relations: Iterable[Relation] = ()) -> sympy.Expr:
    """The expression in letters, with every left side of a relation replaced by its right side until none is left."""
    matrix = expression.doit() if isinstance(expression, sympy.MatrixExpr) else expression
    return _rewritten(as_words(matrix), [(as_words(left), as_words(right)) for left, right in relations])


def vanishes(difference: Any, relations: Iterable[Relation] = ()) -> bool:
    """Whether a matrix expression is zero in every dimension that fits, by the relations (False decides nothing)."""
    return bool(rewritten(difference, relations) == 0)


def trace_vanishes(square: Any, relations: Iterable[Relation] = ()) -> bool:
    """Whether the trace of a matrix expression, or of one in letters, is zero in every dimension that fits."""
    rules = [(as_words(left), as_words(right)) for left, right in relations]
    total: dict[Word, sympy.Expr] = defaultdict(lambda: sympy.Integer(0))
    waiting = [rewritten(square, relations)]
    while waiting:
        for term in sympy.Add.make_args(waiting.pop()):
            coefficient, word = _parted(term)
            again = _somewhere(word, rules)
            if again is None:
                total[min(_rotations(word) + _rotations(_transposed(word, rules)))] += coefficient
            else:
                waiting.append(sympy.expand(coefficient * again))
    return all(sympy.expand(coefficient) == 0 for coefficient in total.values())


def _rewritten(words: sympy.Expr, rules: list[Relation]) -> sympy.Expr:
    current = sympy.expand(words)
    while True:
        following = current
        for left, right in rules:
            following = sympy.expand(following.subs(left, right))
        if following == current:
            return current
        current = following


def _somewhere(word: Word, rules: list[Relation]) -> sympy.Expr | None:
    """A rotation of the word, rewritten; None where no relation applies to any."""
    for turn in map(_joined, _rotations(word)):
        found = _rewritten(turn, rules)
        if found != turn:
            return found
    return None


def _parted(term: sympy.Expr) -> tuple[sympy.Expr, Word]:
    """A term as its coefficient and the letters of its word."""
    coefficients, factors = term.args_cnc()
    powers = [factor.as_base_exp() for factor in factors]
    return sympy.Mul(*coefficients), tuple(base.name for base, exponent in powers for _ in range(exponent))


def _joined(word: Word) -> sympy.Expr:
    return sympy.Mul(*(sympy.Symbol(letter, commutative=False) for letter in word))


def _rotations(word: Word) -> list[Word]:
    return [word[i:] + word[:i] for i in range(max(len(word), 1))]


def _transposed(word: Word, rules: list[Relation]) -> Word:
    """The letters of the transposed word, those of symmetric matrices as the rules name them."""
    names = {left.name: right.name for left, right in rules if left.is_Symbol and right.is_Symbol}
    turned = (letter[:-1] if letter.endswith("'") else f"{letter}'" for letter in reversed(word))
    return tuple(names.get(letter, letter) for letter in turned)
