"""Two patches of two entries that share one: the exact poor minimum for w* = (1, -1), by pi and 3^{1/2}."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from claims.suite import Fate, ablates, control, exact, symbolic
from claims.suite.agreement import all_agree
from solvers import shallow
from solvers.arithmetic import Comparison, ObjectArray, settle

MAPS = shallow.patch_maps(2, 2, 1)
PI, ROOT = sympy.pi, sympy.sqrt(3)
TRUTH = np.array([sympy.Integer(1), sympy.Integer(-1)], dtype=object)


def size(*, five: Any = 5, root: Any = ROOT, pi: Any = PI) -> Any:
    """c = (3 sqrt 3 + 2 pi)/(3 sqrt 3 + 5 pi)."""
    return (3 * root + 2 * pi) / (3 * root + five * pi)


def height(*, seven: Any = 7, root: Any = ROOT, pi: Any = PI) -> Any:
    """(6 sqrt 3 + 7 pi)/(12 sqrt 3 + 20 pi)."""
    return (6 * root + seven * pi) / (12 * root + 20 * pi)


def bends(*, five: Any = 5, nine: Any = 9, root: Any = ROOT, pi: Any = PI) -> tuple[Any, Any]:
    """The eigenvalues of the Hessian along w* and across."""
    along = sympy.Rational(1, 12) * five + root / (4 * pi)
    return along, (14 * pi**2 + 7 * root * pi - nine) / (12 * pi * (3 * root + 2 * pi))


def zero(expression: Any) -> bool:
    """Whether a number of Q(3^{1/2})(pi) is 0: pi is transcendental, so it is a letter."""
    letter = sympy.Symbol("p")
    above, _ = sympy.fraction(sympy.together(sympy.sympify(expression).subs(PI, letter)))
    return bool(sympy.expand(above) == 0)


def at(factor: Any) -> ObjectArray:
    """-factor w*."""
    found: ObjectArray = -factor * TRUTH
    return found


@symbolic
@ablates("DL-045", "patches apart", "dropped", Fate.REFUTED)
def test_a_strict_local_minimum() -> None:
    """The gradient is 0, the eigenvectors are w* and (1, 1), both eigenvalues are positive, and so is the loss."""
    w = at(size())
    assert all(zero(entry) for entry in shallow.sliding_gradient(w, TRUTH, MAPS))
    hessian = shallow.sliding_hessian(w, TRUTH, MAPS)
    along, across = bends()
    assert all(zero(entry) for entry in hessian @ TRUTH - along * TRUTH)
    assert all(zero(entry) for entry in hessian @ abs(TRUTH) - across * abs(TRUTH))
    assert zero(shallow.sliding_loss(w, TRUTH, MAPS) - height())
    for number in (along, across, height()):
        assert sympy.N(number, 20) > fmpq(1, 3)


@control
def test_refuted_with_other_numbers() -> None:
    """4 and 501/100 for 5 in c; 8 for 7 in the loss; 9 + 1/1000 and 5 + 1/1000 in the eigenvalues."""
    small = sympy.Rational(1, 1000)
    for five in (4, sympy.Rational(501, 100)):
        assert not any(zero(entry) for entry in shallow.sliding_gradient(at(size(five=five)), TRUTH, MAPS))
    w = at(size())
    assert not zero(shallow.sliding_loss(w, TRUTH, MAPS) - height(seven=8))
    trace, determinant = sum(bends()), bends()[0] * bends()[1]
    hessian = sympy.Matrix(shallow.sliding_hessian(w, TRUTH, MAPS))
    assert zero(hessian.trace() - trace)
    assert zero(hessian.det() - determinant)
    for changed in ({"nine": 9 + small}, {"five": 5 + small}):
        assert not zero(hessian.trace() - sum(bends(**changed)))


@exact
def test_it_is_seen_in_balls_too() -> None:
    """The gradient is 0 within AGREEMENT, at -c w* with c as a ball, and both minors of the Hessian are positive."""
    truth = np.array([arb(1), arb(-1)], dtype=object)

    def w() -> ObjectArray:
        found: ObjectArray = -size(root=arb(3).sqrt(), pi=arb.pi()) * truth
        return found

    def minors() -> tuple[arb, arb]:
        h = shallow.sliding_hessian(w(), truth, MAPS)
        return h[0, 0], h[0, 0] * h[1, 1] - h[0, 1] * h[1, 0]

    assert all_agree(lambda: shallow.sliding_gradient(w(), truth, MAPS), lambda: 0 * truth).holds
    for k in (0, 1):
        assert settle(lambda k=k: Comparison(minors()[k], ">", fmpq(0), "a minor")).holds  # type: ignore[misc]


@control
@pytest.mark.parametrize("stride", [2, 3])
def test_refuted_where_the_same_patches_are_apart(stride: int) -> None:
    """The gradient at -c w* is not 0; at w_s it is, and there the Hessian is 0 across."""
    maps, truth = shallow.patch_maps(2, 2, stride), TRUTH / sympy.sqrt(2)
    assert not any(zero(entry) for entry in shallow.sliding_gradient(at(size()), TRUTH, maps))
    across = shallow.filter_hessian(shallow.opposite_filter(truth, patches=2), truth, patches=2) @ abs(TRUTH)
    assert all(sympy.simplify(entry) == 0 for entry in across)
