"""One-point convexity and co-coercivity: decided at drawn states, and each constant pinned."""

from dataclasses import dataclass
from functools import partial

import pytest
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact
from claims.suite.agreement import agree
from solvers import shallow
from solvers.arithmetic import Comparison, Scalar, Verdict, settle
from strategies import VectorPair, vector_pairs


@dataclass(frozen=True)
class State:
    """What the statement says of w and w*: |w|, |w*|, cos th, sin th/2pi and (pi - th)/2pi. Rational where th = 0 or
    pi, so that equalities are decided there; balls elsewhere."""

    w: fmpq
    truth: fmpq
    cosine: fmpq
    sine: Scalar
    supplement: Scalar

    @classmethod
    def of(cls, pair: VectorPair) -> "State":
        """w = u and w* = v."""
        angle = pair.angle
        if pair.is_parallel or pair.is_opposite:
            half = fmpq(1, 2) if pair.is_parallel else fmpq(0)
            return cls(pair.u_length, pair.v_length, angle.cosine, fmpq(0), half)
        twice = 2 * arb.pi()
        return cls(pair.u_length, pair.v_length, angle.cosine, angle.sine / twice, angle.supplement / twice)

    @property
    def kernel(self) -> Scalar:
        """J_1 = w.K."""
        return self.w * self.truth * (self.sine + self.supplement * self.cosine)

    @property
    def inner(self) -> Scalar:
        """<grad l, w - w*> = |w|^2/2 - w.w*/2 - w.K + w*.K."""
        return self.w**2 / 2 - self.w * self.truth * self.cosine / 2 - self.kernel + self._truth_kernel

    @property
    def rho(self) -> Scalar:
        """|w|^2/2 - 2 J_1 + w*^T M(w, w*) w*, and M(w, w*) w* = K."""
        return self.w**2 / 2 - 2 * self.kernel + self._truth_kernel

    @property
    def gradient_squared(self) -> Scalar:
        """|w/2 - K|^2."""
        size = self.sine * self.sine + 2 * self.sine * self.supplement * self.cosine + self.supplement * self.supplement
        return self.w**2 / 4 - self.kernel + self.truth**2 * size

    @property
    def distance_squared(self) -> fmpq:
        """|w - w*|^2."""
        return self.w**2 - 2 * self.w * self.truth * self.cosine + self.truth**2

    @property
    def kappa(self) -> Scalar:
        """(pi - th - sin th)/2pi."""
        return self.supplement - self.sine

    @property
    def _truth_kernel(self) -> Scalar:
        return self.truth**2 * (self.sine * self.cosine + self.supplement)


def convex(state: State, *, factor: fmpq | int = 1) -> Comparison:
    """<grad l, w - w*> >= rho."""
    return Comparison(state.inner, ">=", factor * state.rho, "<grad l, w - w*> against rho")


def coercive(state: State, *, factor: fmpq | int = 2) -> Comparison:
    """rho >= 2 |grad l|^2."""
    return Comparison(state.rho, ">=", factor * state.gradient_squared, "rho against 2 |grad l|^2")


def strongly_convex(state: State, *, factor: fmpq | int = 1) -> Comparison:
    """<grad l, w - w*> >= kappa(th) |w - w*|^2."""
    bound = factor * state.kappa * state.distance_squared
    return Comparison(state.inner, ">=", bound, "<grad l, w - w*> against kappa |w - w*|^2")


STATEMENTS = (convex, coercive, strongly_convex)


def decided(statement: object, pair: VectorPair, **changed: fmpq | int) -> Verdict:
    """At growing precision."""
    return settle(lambda: statement(State.of(pair), **changed))  # type: ignore[operator]


@exact
@given(st.lists(vector_pairs(), min_size=10, max_size=10))
def test_the_three_inequalities(pairs: list[VectorPair]) -> None:
    """th = 0 and pi, 2^-60 from both and between; |w| and |w*| from 1/1000 to 1000."""
    for pair in pairs:
        for statement in STATEMENTS:
            assert decided(statement, pair).holds


@exact
@given(st.lists(vector_pairs(), min_size=4, max_size=4))
def test_the_state_is_that_of_the_gradient(pairs: list[VectorPair]) -> None:
    """<grad l, w - w*>, |grad l|^2 and |w - w*|^2 from vectors, in dimensions 1 to 4, over |w| = |w*| = 1."""
    for drawn in pairs:
        u, v = drawn.u / drawn.u_length, drawn.v / drawn.v_length
        pair = VectorPair(u, v, fmpq(1), fmpq(1), drawn.half)
        assert agree(partial(from_vectors, pair, "inner"), lambda pair=pair: State.of(pair).inner).holds  # type: ignore[misc]
        assert agree(
            partial(from_vectors, pair, "square"),
            lambda pair=pair: State.of(pair).gradient_squared,  # type: ignore[misc]
        ).holds
        assert (u - v) @ (u - v) == State.of(pair).distance_squared


def from_vectors(pair: VectorPair, what: str) -> Scalar:
    """By the solver's gradient: <grad l, w - w*>, or |grad l|^2."""
    gradient = shallow.population_gradient(pair.u[None], pair.v[None])[0]
    found: Scalar = gradient @ (pair.u - pair.v) if what == "inner" else gradient @ gradient
    return found


@control
@pytest.mark.parametrize("statement", STATEMENTS)
@given(pair=vector_pairs(opposite=False))
def test_refuted_with_larger_constants(statement: object, pair: VectorPair) -> None:
    """.1 per cent more fails where th = 0 and |w| is not |w*|, and there the statement is an equality."""
    line = VectorPair(pair.u, pair.u * fmpq(7, 5), pair.u_length, pair.u_length * fmpq(7, 5), (fmpq(0), fmpq(1)))
    verdict = decided(statement, line)
    assert verdict.holds
    assert verdict.left == verdict.right
    more = fmpq(2002, 1000) if statement is coercive else fmpq(1001, 1000)
    assert decided(statement, line, factor=more).fails


@control
@given(pair=vector_pairs(min_dimension=2, parallel=False, opposite=False))
def test_rho_at_pi_too_and_kappa_nowhere_between(pair: VectorPair) -> None:
    """rho = 2 |grad l|^2 at th = pi; for 0 < th < pi all three are strict."""
    opposite = VectorPair(pair.u, -pair.u, pair.u_length, pair.u_length, (fmpq(1), fmpq(0)))
    state = State.of(opposite)
    assert state.rho == 2 * state.gradient_squared
    assert decided(coercive, opposite, factor=fmpq(2002, 1000)).fails
    for statement in STATEMENTS:
        verdict = settle(lambda statement=statement: statement(State.of(pair))._replace(relation=">"))  # type: ignore[misc]
        assert verdict.holds
