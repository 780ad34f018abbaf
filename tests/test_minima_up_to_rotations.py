"""Minima up to rotations of the columns: the step of the product, each model in the kernel, and what is refused."""

from fractions import Fraction

import pytest
from formal import compiled

from claims.command_line.counterexample_files import counterexample_files
from claims.counterexamples import formal
from claims.counterexamples.check import read
from claims.counterexamples.derivatives import columns, composed, entries
from claims.counterexamples.formal_landscapes import ALWAYS
from claims.counterexamples.formal_landscapes import MODELS as TERMS
from claims.counterexamples.formal_rotations import OBJECTIVES, flipped, multiplied, named, step, up_to_rotations
from claims.counterexamples.formal_rotations import symmetric as variables
from claims.counterexamples.formal_terms import UnstatedError
from claims.counterexamples.landscapes import MODELS
from claims.counterexamples.rationals import SPENT, constant, matrix, minus, product, transposed

TALL = [["1", "0"], ["-1", "2"], ["1/2", "1"]]
TARGET = [["1", "-1", "1/2"], ["-1", "5", "3/2"], ["1/2", "3/2", "5/4"]]  # TALL times its transpose
SQUARE = [["1", "1"], ["0", "2"]]
SADDLE = [["3", "0"], ["0", "0"], ["0", "1"]]  # of which the second column would be better as (0, 2, 0)
EVERY_ENTRY = {"model": "completion", "pattern": [["1"] * 3] * 3, "signal": TALL}
ALL_BUT_ONE = EVERY_ENTRY | {"pattern": [["0", "1", "1"], ["1", "1", "1"], ["1", "1", "1"]]}
DIAGONAL = EVERY_ENTRY | {"pattern": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]}
LOSSES = ["4 - 4*s + s^2", "16 - 8*s + s^2", "100 - 20*s + s^2"]  # 0 at the outputs 2, 4 and 10 of SQUARE
HILLS = ["4*s - s^2", "8*s - s^2", "20*s - s^2"]
QUADRATIC = {"model": "quadratic", "inputs": [["1", "0"], ["0", "1"], ["1", "1"]], "losses": LOSSES}
ENTRIES = {uid: read(entry.path) for uid, entry in counterexample_files().items()}


def factorization(target):
    return {"model": "factorization", "target": target}


def point_of(rows):
    SPENT[0] = 0
    return matrix(rows, (len(rows), len(rows[0])))


@pytest.mark.parametrize("rows", [TALL, SQUARE, [["2"], ["-1"], ["3"]]])
def test_the_product_moves_by_the_step(rows):
    """At numbers for v; and each of its terms has a factor in S or E."""
    point = point_of(rows)
    near, away = step(point), [[Fraction(1 + i, 3 + j) for j in range(len(rows[0]))] for i in range(len(rows))]
    there = {key: constant(x) for key, x in entries(away).items()}
    there |= {key: composed(move, there) for key, move in near.moves.items()}
    beside = minus(point, away, Fraction(-1))
    change = minus(product(beside, transposed(beside)), product(point, transposed(point)))
    assert [[composed(p, there) for p in row] for row in near.product] == [[constant(x) for x in row] for row in change]
    assert all(any(key in near.moves for key, _ in term) for row in near.product for p in row for term in p)
    assert product(near.left, point) == [[Fraction(i == j) for j in range(len(point[0]))] for i in range(len(point[0]))]


@pytest.mark.parametrize(
    "model",
    [factorization(TARGET), ALL_BUT_ONE, ENTRIES["DLX-045"]["landscape"], ENTRIES["DLX-038"]["landscape"]],
    ids=lambda model: model["model"],
)
def test_an_objective_is_a_function_of_the_product(model):
    """The polynomial that ``check.py`` decides of."""
    point, x = point_of(TALL), variables("x", 3)
    u = flipped(columns(point))
    whole = composed(OBJECTIVES[model["model"]](model, x), named(x, multiplied(u, flipped(u))))
    assert whole == MODELS[model["model"]](model, point).objective
    assert set(OBJECTIVES) < set(TERMS)


CASES = {
    "a product": (factorization(TARGET), TALL, 1, True),
    "as many columns as rows": (factorization([["2", "2"], ["2", "4"]]), SQUARE, 1, True),
    "all entries": (EVERY_ENTRY, TALL, 1, True),
    "all entries but one": (ALL_BUT_ONE, TALL, 1, True),
    "quadratic units": (QUADRATIC, SQUARE, 1, True),
    "the diagonal alone": (DIAGONAL, TALL, 1, False),
    "a maximum": (factorization(TARGET), TALL, -1, False),
    "a saddle": (factorization([["9", "0", "0"], ["0", "4", "0"], ["0", "0", "1"]]), SADDLE, 1, False),
    "no critical point": (factorization([["2", "2"], ["2", "5"]]), SQUARE, 1, False),
    "hills": (QUADRATIC | {"losses": HILLS}, SQUARE, -1, True),
}


def goal(model, rows, sign, holds):
    point = point_of(rows)
    objective = f"({TERMS[model['model']](model, len(point), len(point[0]))})"
    shown = objective if sign > 0 else f"(negated {objective})"
    statement, proof = up_to_rotations(model, point, sign, shown)
    fails = "" if holds else "Fail "
    return f"Goal forall R : realFieldType, {statement}. Proof. move=> R. {fails}solve [{proof}]. Abort.\n"


def test_the_kernel_accepts_minima_up_to_rotations_and_nothing_else():
    """All in one run."""
    text = formal.OPENING.format(files=" ".join([*formal.ALWAYS, *ALWAYS]))
    assert compiled(text + "".join(goal(*case) for case in CASES.values()), [*formal.ALWAYS, *ALWAYS]) == ""


def test_columns_that_depend_are_no_case_of_it():
    with pytest.raises(UnstatedError, match="columns of the minimum depend"):
        step(point_of([["1", "2"], ["1", "2"]]))
