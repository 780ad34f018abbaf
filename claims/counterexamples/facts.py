"""Comparisons of what gradient descent does in a finite number of steps, decided with the standard library alone.

A fact is one comparison, such as ``loss[1] > 2 * loss[0]``, of quantities at steps t: ``depth``, ``width[j]``,
``learning_rate``, ``margin``, ``target_norm``, ``target_sigma_min``, ``target[row][column]``, ``loss[t]``,
``imbalance[t]`` (max_j ||B_j||_F), ``sigma_min[t]``, ``gradient_norm[t]`` (all layers), ``weights[t][j][row][column]``,
``end_to_end[t][row][column]``, with whole numbers, ``+ - * / **``, ``sqrt()`` and ``abs()``. Nothing is ever executed.
Numbers are rational, but for roots, known between two rationals: what these do not decide does not hold.
"""

import ast
import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import partial, reduce
from itertools import pairwise
from typing import Any

from claims.counterexamples.rationals import Matrix, minus, require, transposed

Interval = tuple[Fraction, Fraction]  # a number that is at least the first and at most the second

BITS = 128  # of roots
BUDGET = 200_000  # products of short numbers
ZERO, ONE = Fraction(0), (Fraction(1), Fraction(1))


def product(a: Matrix, *others: Matrix) -> Matrix:
    for b in others:
        a = [[sum((x * y for x, y in zip(row, c, strict=True)), ZERO) for c in zip(*b, strict=True)] for row in a]
    return a


def squared(*matrices: Matrix) -> Fraction:
    return sum((x * x for a in matrices for row in a for x in row), ZERO)


def combined(operation: Callable[[Fraction, Fraction], Fraction], a: Interval, b: Interval) -> Interval:
    values = [operation(x, y) for x in set(a) for y in set(b)]  # + - * are largest and smallest at ends of both
    return min(values), max(values)


def quotient(a: Interval, b: Interval) -> Interval:
    require(b[0] > 0 or b[1] < 0, "a division by what may be 0")
    return combined(operator.mul, a, (1 / b[1], 1 / b[0]))


def root(a: Interval) -> Interval:
    require(a[0] >= 0, "a root of what may be negative")
    return roots(a[0])[0], roots(a[1])[1]


def roots(value: Fraction) -> Interval:
    """Two rationals around a square root, which are the same if it is rational."""
    p, q = value.as_integer_ratio()
    whole = Fraction(math.isqrt(p), math.isqrt(q))
    shift = BITS + max(0, q.bit_length() - p.bit_length())
    below = Fraction(math.isqrt((p << 2 * shift) // q), 1 << shift)
    return (whole, whole) if whole**2 == value else (below, below + Fraction(1, 1 << shift))


def power(a: Interval, exponent: Interval) -> Interval:
    count = int(exponent[0])
    require(exponent[0] == exponent[1] == count and abs(count) <= 64, "an exponent that is not whole, or is too large")
    low, high = reduce(lambda x, y: combined(operator.mul, x, y), [a] * abs(count), ONE)
    result = (max(low, ZERO) if count % 2 == 0 else low), high
    return quotient(ONE, result) if count < 0 else result


def side(gram: Matrix, shift: Fraction) -> int:
    """1, 0 or -1 as the least eigenvalue of a symmetric matrix is above, at or below the shift, by pivots."""
    rows, result = [[x - shift * (i == j) for j, x in enumerate(row)] for i, row in enumerate(gram)], 1
    while rows:
        (pivot, *right), *rest = rows
        if pivot < 0 or (pivot == 0 and any(right)):
            return -1
        result = result if pivot else 0
        rows = [[x - row[0] * y / (pivot or 1) for x, y in zip(row[1:], right, strict=True)] for row in rest]
    return result


def sigma_min(a: Matrix) -> Interval:
    """By bisection of the smaller Gram matrix's least eigenvalue; exactly, if that is a short rational."""
    gram = product(a, transposed(a)) if len(a) <= len(a[0]) else product(transposed(a), a)
    low, high = ZERO, sum((gram[k][k] for k in range(len(gram))), ZERO)
    for _ in range(BITS):
        middle = (low + high) / 2
        low, high = (middle, high) if side(gram, middle) > 0 else (low, middle)
    exact = [guess for guess in (low, high, high.limit_denominator(2**32)) if side(gram, guess) == 0]
    return roots(exact[0]) if exact else root((low, high))


class Run:
    """Gradient descent from a start, in rationals, and what a fact may name of it."""

    def __init__(self, weights: list[Matrix], target: Matrix, rate: Fraction, last: int) -> None:
        self.target, self.rate, self.states, spent = target, rate, [weights], 0
        for _ in range(last):
            moves = zip(self.states[-1], self.gradients(self.states[-1]), strict=True)
            self.states.append([minus(w, d, rate) for w, d in moves])
            bits = max(n.bit_length() for w in self.states[-1] for r in w for x in r for n in x.as_integer_ratio())
            spent += sum(len(w) * len(w[0]) ** 2 for w in weights) * len(weights) * (1 + (bits**2 >> 16))
            require(spent < BUDGET, "the numbers grow too long, or are too many, for the budget of a file")

    def residual(self, weights: list[Matrix]) -> Matrix:
        return minus(product(*reversed(weights)), self.target)

    def gradients(self, weights: list[Matrix]) -> list[Matrix]:
        residual, back = self.residual(weights), [transposed(w) for w in weights]
        return [product(*back[j + 1 :], residual, *back[:j]) for j in range(len(back))]

    def imbalance(self, weights: list[Matrix]) -> Interval:
        pairs = (minus(product(transposed(b), b), product(a, transposed(a))) for a, b in pairwise(weights))
        return roots(max(map(squared, pairs), default=ZERO))

    def named(self, name: str, places: list[int]) -> Interval:
        """A quantity, or an entry of it."""
        target, start = self.target, self.states[0]
        alone: dict[str, Callable[[], Any]] = {
            "depth": lambda: len(start),
            "learning_rate": lambda: self.rate,
            "width": lambda: [len(start[0][0]), *map(len, start)],
            "target": lambda: target,
            "target_norm": lambda: roots(squared(target)),
            "target_sigma_min": lambda: sigma_min(target),
            "margin": lambda: combined(operator.sub, sigma_min(target), roots(squared(self.residual(start)))),
        }
        of_a_step: dict[str, Callable[[list[Matrix]], Any]] = {
            "loss": lambda weights: squared(self.residual(weights)) / 2,
            "weights": list,
            "end_to_end": lambda weights: product(*reversed(weights)),
            "imbalance": self.imbalance,
            "sigma_min": lambda weights: sigma_min(product(*reversed(weights))),
            "gradient_norm": lambda weights: roots(squared(*self.gradients(weights))),
        }
        places = places if name in of_a_step else [0, *places]
        require(name in {**alone, **of_a_step} and places and places[0] < len(self.states), f"{name:.40} is not known")
        found = alone[name]() if name in alone else of_a_step[name](self.states[places[0]])
        for place in places[1:]:
            require(isinstance(found, list) and place < len(found), f"{name} without an entry at {place}")
            found = found[place]
        require(not isinstance(found, list), f"{name} with these indices is no number")
        return found if isinstance(found, tuple) else (Fraction(found), Fraction(found))


RING = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
OPERATIONS = {kind: partial(combined, sign) for kind, sign in RING.items()} | {ast.Div: quotient, ast.Pow: power}


def value(node: Any, run: Run) -> Interval:
    """What a part of a fact stands for."""
    match node:
        case ast.Constant(value=int(whole)) if type(whole) is int:
            return Fraction(whole), Fraction(whole)
        case ast.UnaryOp(op=ast.USub(), operand=inside):
            return combined(operator.sub, (ZERO, ZERO), value(inside, run))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](value(left, run), value(right, run))
        case ast.Call(func=ast.Name(id="sqrt" | "abs" as name), args=[inside], keywords=[]):
            a = value(inside, run)
            return root(a) if name == "sqrt" else (ZERO if a[0] < 0 < a[1] else min(map(abs, a)), max(map(abs, a)))
    places: list[Any] = []
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        places, node = [node.slice.value, *places], node.value
    known = isinstance(node, ast.Name) and {int}.issuperset(map(type, places))
    require(known, f"{ast.unparse(node):.40} is none of the known operations")
    return run.named(node.id, places)


def holds(text: str, run: Run) -> bool:
    """Whether a comparison certainly holds; ValueError where it is none."""
    try:
        parsed: Any = ast.parse(text, mode="eval").body
        require(isinstance(parsed, ast.Compare) and len(parsed.ops) == 1, "expected one comparison")
        a, b = value(parsed.left, run), value(parsed.comparators[0], run)
    except (SyntaxError, MemoryError, RecursionError, ValueError) as error:
        raise ValueError(f"{text!a:.60}: {error}") from None
    below, above, same = a[1] < b[0], a[0] > b[1], a[0] == a[1] == b[0] == b[1]
    certain = {"Lt": below, "Gt": above, "Eq": same, "NotEq": below or above, "LtE": a[1] <= b[0], "GtE": a[0] >= b[1]}
    return certain.get(type(parsed.ops[0]).__name__, False)


def all_hold(facts: str, problem: Any, last: int) -> bool:
    """Whether each of the facts, parted by "; ", certainly holds, for a problem with its weights, target and rate."""
    run = Run(problem.weights, problem.target, problem.rate, last)
    return all(holds(fact, run) for fact in facts.split("; "))
