"""One step from drawn states: each inequality decided, and each constant pinned."""

from dataclasses import dataclass
from typing import Any

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact
from claims.suite.agreement import agree
from solvers import arithmetic
from solvers.arithmetic import Comparison, Scalar, compare, settle
from solvers.shallow import step_coefficients
from strategies import VectorPair, vector_pairs

SHARES = st.one_of(st.integers(1, 8).map(lambda k: fmpq(k, 8)), st.sampled_from([fmpq(1, 2**40), 1 - fmpq(1, 2**40)]))
"""eta S, in (0, 1]."""
COUNTS = st.sampled_from([1, 2, 3, 10, 1000])
"""k."""


def learning_rate(share: fmpq | float, patches: int) -> arb:
    """eta, from eta S = ``share``."""
    return share * arb.pi() * patches / (arb.pi() + patches - 1)


@dataclass(frozen=True)
class Step:
    """A step from a state in the plane, for |w*| = 1: r, tan(th/2), the angle, eta, p and k; a, b and r' by the solver.

    ``kept`` is p = 1 - eta S.
    """

    length: Any
    tangent: Any
    angle: Any
    rate: Any
    kept: Any
    patches: Any

    @classmethod
    def of(cls, pair: VectorPair, share: fmpq, patches: int) -> "Step":
        """w = u, w* = v, in units of |v|; eta S = ``share``."""
        tangent = pair.half[0] / pair.half[1]
        rate = learning_rate(share, patches)
        return cls(pair.u_length / pair.v_length, tangent, pair.angle, rate, 1 - share, patches)

    @property
    def coefficients(self) -> tuple[Any, Any]:
        """a and b."""
        return step_coefficients(self.length, self.angle.sine, self.angle.supplement, self.rate, self.patches)

    @property
    def next_length(self) -> Any:
        """r'."""
        a, b = self.coefficients
        return arithmetic.square_root((a - b) * (a - b) + 2 * a * b * (1 + self.angle.cosine))

    @property
    def next_tangent(self) -> Any:
        """tan(th'/2)."""
        a, b = self.coefficients
        return a * self.angle.sine / (self.next_length + a * self.angle.cosine + b)

    @property
    def unit(self) -> Any:
        """eta/(pi k)."""
        return self.rate / (self.angle.pi * self.patches)

    @property
    def bend(self) -> Any:
        """h(th)."""
        angle = self.angle
        return angle.pi - angle.sine - angle.supplement * angle.cosine

    @property
    def drift(self) -> Any:
        """r' - 1 - p (r - 1)."""
        return self.next_length - 1 - self.kept * (self.length - 1)


def turned(step: Step) -> Comparison:
    """tan(th'/2) <= a/(a + b) tan(th/2)."""
    a, b = step.coefficients
    return Comparison(step.next_tangent, "<=", a / (a + b) * step.tangent, "tan(th'/2) against a/(a + b) tan(th/2)")


def bounded(step: Step) -> Comparison:
    """a + b <= p r + eta S."""
    a, b = step.coefficients
    return Comparison(a + b, "<=", step.kept * step.length + 1 - step.kept, "a + b")


def above(step: Step, *, factor: fmpq | int = 1) -> Comparison:
    """-eta h/(pi k) <= r' - 1 - p (r - 1)."""
    return Comparison(step.drift, ">=", -factor * step.unit * step.bend, "r' - 1 - p (r - 1) against -eta h/(pi k)")


def below(step: Step, *, factor: fmpq | int = 1) -> Comparison:
    """r' - 1 - p (r - 1) <= -eta (th - sin th)/(pi k)."""
    gap = step.angle.radians - step.angle.sine
    return Comparison(step.drift, "<=", -factor * step.unit * gap, "r' - 1 - p (r - 1) against the upper bound")


def contracted(step: Step, *, whole: bool = False, size: Scalar | None = None) -> Comparison:
    """tan(th'/2) <= (1 - eta (pi - th)/(pi k max(r, 1))) tan(th/2); or with pi for pi - th, or another size."""
    most = max(step.length, fmpq(1)) if size is None else size
    part = step.angle.pi if whole else step.angle.supplement
    return Comparison(step.next_tangent, "<=", (1 - step.unit * part / most) * step.tangent, "tan(th'/2)")


def gentle(step: Step, *, factor: fmpq | int = 1) -> Comparison:
    """h <= pi th^2/2."""
    bound = factor * step.angle.pi * step.angle.radians * step.angle.radians / 2
    return Comparison(step.bend, "<=", bound, "h against pi th^2/2")


STATEMENTS = (turned, bounded, above, below, contracted, gentle)
BETWEEN = vector_pairs(min_dimension=2, max_dimension=2, parallel=False, opposite=False)
"""0 < th < pi, down to 2^-60 from both; |w|/|w*| from 10^-6 to 10^6."""


@exact
@given(st.lists(st.tuples(BETWEEN, SHARES, COUNTS), min_size=6, max_size=6))
def test_one_step(states: list[tuple[VectorPair, fmpq, int]]) -> None:
    """Each inequality, strictly for 0 < th < pi; eta S from 2^-40 to 1, k from 1 to 1000. So th' < th."""
    for pair, share, patches in states:
        for statement in STATEMENTS:
            assert settle(lambda: statement(Step.of(pair, share, patches))._replace(relation=relation(statement))).holds  # noqa: B023
        assert settle(lambda: positive(Step.of(pair, share, patches))).holds  # noqa: B023


def relation(statement: object) -> Any:
    """The strict one."""
    return ">" if statement is above else "<"


def positive(step: Step) -> Comparison:
    """a > 0; b > 0 is plain."""
    return Comparison(step.coefficients[0], ">", fmpq(0), "a")


@exact
@given(
    st.tuples(vector_pairs(max_dimension=1, opposite=False), SHARES, COUNTS),
)
def test_one_step_at_angle_zero(state: tuple[VectorPair, fmpq, int]) -> None:
    """w' = (p r + 1 - p) w*, in rationals: an equality for the length, and the tangent stays 0."""
    pair, share, patches = state
    step = Step.of(pair, share, patches)
    assert agree(lambda: sum(Step.of(pair, share, patches).coefficients), lambda: step.kept * step.length + share).holds
    assert settle(lambda: Comparison(Step.of(pair, share, patches).next_length, ">", fmpq(0), "r'")).holds
    assert compare(turned(step)).holds
    assert step.next_tangent == 0


@control
@pytest.mark.parametrize("patches", [1, 2, 7])
@pytest.mark.parametrize("share", [fmpq(1, 3), fmpq(1)])
def test_refuted_with_other_constants(patches: int, share: fmpq) -> None:
    """Near th = 0, tan(th/2) = 1/1000: h is nearly pi th^2/2; with pi for pi - th, or 1 for max(r, 1) = 5, the tangent
    is not as small as that; with p r + eta S for max(r, 1) it still is."""
    small = (fmpq(1), fmpq(1000))
    equal, far = on_angle(fmpq(1), small), on_angle(fmpq(5), small)
    for statement in (bounded, gentle, contracted):
        assert settle(lambda statement=statement: statement(Step.of(far, share, patches))).holds  # type: ignore[misc]
    assert settle(lambda: gentle(Step.of(equal, share, patches), factor=fmpq(999, 1000))).fails
    assert gentle(Step.of(equal, share, patches)).right < gentle(Step.of(equal, share, patches), factor=2).right
    assert settle(lambda: contracted(Step.of(equal, share, patches), whole=True)).fails
    if share < 1:
        assert settle(lambda: contracted(Step.of(far, share, patches), size=fmpq(1))).fails
        assert settle(lambda: contracted(Step.of(far, share, patches), size=5 - share * 4)).holds


def on_angle(length: fmpq, half: tuple[fmpq, fmpq]) -> VectorPair:
    """w of that length in the plane, w* = e_1."""
    line = arithmetic.exact([1, 0])
    return VectorPair(line, line, length, fmpq(1), half)


@control
def test_refuted_with_closer_bounds_of_the_length() -> None:
    """-eta h/(pi k) is reached as eta -> 0, for th = pi/2 here, and the other bound near th = pi."""
    right, share = on_angle(fmpq(1), (fmpq(1), fmpq(1))), fmpq(1, 2**20)
    assert settle(lambda: above(Step.of(right, share, 2))).holds
    assert settle(lambda: above(Step.of(right, share, 2), factor=fmpq(999, 1000))).fails
    assert above(Step.of(right, share, 2)).right > above(Step.of(right, share, 2), factor=2).right
    far = on_angle(fmpq(1), (fmpq(10**6), fmpq(1)))
    assert settle(lambda: below(Step.of(far, fmpq(1), 1000))).holds
    assert settle(lambda: below(Step.of(far, fmpq(1), 1000), factor=fmpq(1001, 1000))).fails
    assert below(Step.of(far, fmpq(1), 1000)).right < below(Step.of(far, fmpq(1), 1000), factor=0).right
