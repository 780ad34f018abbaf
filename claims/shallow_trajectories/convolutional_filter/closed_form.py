"""Loss, gradient and Hessian in closed form, at drawn filters: against the sum over pairs of patches, in balls."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from claims.suite import control, exact, fewer, sampled
from claims.suite.agreement import agree, all_agree
from claims.suite.means import has_mean
from claims.suite.statistics import BITS, generator
from solvers import arithmetic, shallow
from solvers.arithmetic import ObjectArray, Scalar
from strategies import VectorPair, vector_pairs


@dataclass(frozen=True)
class Filter:
    """w = u/|v| and w* = v/|v| of a pair, and k; what is stated of them in balls, with numbers that may be changed."""

    pair: VectorPair
    patches: int
    others: fmpq | int = 0
    halves: fmpq | int = 2

    @property
    def w(self) -> ObjectArray:
        """Rational."""
        w: ObjectArray = self.pair.u / self.pair.v_length
        return w

    @property
    def truth(self) -> ObjectArray:
        """w*, of length 1."""
        truth: ObjectArray = self.pair.v / self.pair.v_length
        return truth

    @property
    def r(self) -> fmpq:
        """|w|."""
        return self.pair.u_length / self.pair.v_length

    @property
    def rest(self) -> fmpq | int:
        """k - 1, changed by ``others``."""
        return self.patches - 1 + self.others

    @property
    def s(self) -> arb:
        """S."""
        return (arb.pi() + self.rest) / (arb.pi() * self.patches)

    @property
    def h(self) -> arb:
        """pi - sin th - (pi - th) cos th."""
        angle = self.pair.angle
        value: arb = arb.pi() - angle.sine - angle.supplement * angle.cosine
        return value

    @property
    def loss(self) -> arb:
        """S (r - 1)^2/2 + r h(th)/(pi k)."""
        return self.s * (self.r - 1) ** 2 / self.halves + self.r * self.h / (arb.pi() * self.patches)

    @property
    def gradient(self) -> ObjectArray:
        """S w - ((sin th + k - 1) hat w + (pi - th) w*)/(pi k)."""
        angle, w = self.pair.angle, self.w
        pulled = w / self.r * (angle.sine + self.rest) + self.truth * angle.supplement
        found: ObjectArray = w * self.s - pulled / (arb.pi() * self.patches)
        return found

    @property
    def maps(self) -> ObjectArray:
        """Of k patches side by side."""
        size = len(self.w)
        maps: ObjectArray = arithmetic.exact(shallow.patch_maps(self.patches, size, size))
        return maps

    def bent(self, sines: fmpq | int) -> arb:
        """S - (k - 1 + ``sines`` sin th)/(pi k r): for 2 along hat p, for 1 across the plane."""
        pulled: arb = (self.rest + sines * self.pair.angle.sine) / (arb.pi() * self.patches * self.r)
        return self.s - pulled

    def pairwise_loss(self) -> Scalar:
        """Over all pairs of patches, by their angles."""
        value: Scalar = shallow.sliding_loss(self.w, self.truth, self.maps)
        return value


FILTERS = st.builds(Filter, vector_pairs(), st.integers(1, 3))
"""d = 1 to 4; k = 1 to 3; r from 10^-6 to 10^6; th = 0 and pi, 2^-60 from both, and between."""
PLANE = st.builds(Filter, vector_pairs(min_dimension=2, parallel=False, opposite=False), st.integers(1, 3))


@exact
@fewer(2)
@given(st.lists(FILTERS, min_size=2, max_size=2))
def test_loss_and_gradient(filters: list[Filter]) -> None:
    """Against all pairs of patches, and the solver's closed forms."""
    for at in filters:
        assert agree(at.pairwise_loss, lambda at=at: at.loss).holds  # type: ignore[misc]
        pairs = partial(shallow.sliding_gradient, at.w, at.truth, at.maps)
        assert all_agree(pairs, lambda at=at: at.gradient).holds  # type: ignore[misc]
        known = partial(shallow.filter_loss, at.w, at.truth, patches=at.patches)
        assert agree(known, lambda at=at: at.loss).holds  # type: ignore[misc]


def hat_p(pair: VectorPair) -> ObjectArray:
    """The unit vector at right angles to u in the plane of u and v, with hat p.hat v = sin th > 0; rational."""
    unit = pair.u / pair.u_length
    across: ObjectArray = (pair.v / pair.v_length - unit * pair.angle.cosine) / pair.angle.sine
    return across


def is_bent(at: Filter, direction: ObjectArray, sines: fmpq | int | None, pairwise: bool) -> bool:
    """Whether the Hessian's eigenvalue along a direction is S (for None), or S - (k - 1 + sines sin th)/(pi k r)."""

    def image() -> ObjectArray:
        if pairwise:
            matrix = shallow.sliding_hessian(at.w, at.truth, at.maps)
        else:
            matrix = shallow.filter_hessian(at.w, at.truth, patches=at.patches)
        found: ObjectArray = matrix @ direction
        return found

    return all_agree(image, lambda: direction * (at.s if sines is None else at.bent(sines))).holds


@exact
@fewer(2)
@given(PLANE, st.booleans())
def test_the_eigenvalues_of_the_hessian(at: Filter, pairwise: bool) -> None:
    """Along w, along hat p, and along each vector of a basis of the rest, d = 2 to 4."""
    across = hat_p(at.pair)
    assert is_bent(at, at.w / at.r, None, pairwise)
    assert is_bent(at, across, 2, pairwise)
    unit = at.w / at.r
    for e in arithmetic.exact(np.eye(len(unit))):
        assert is_bent(at, e - unit * (e @ unit) - across * (e @ across), 1, pairwise)


@exact
@given(st.lists(PLANE, min_size=4, max_size=4))
def test_no_critical_point_off_the_line(filters: list[Filter]) -> None:
    """hat p.grad l = -(pi - th) sin th/(pi k), which is certainly below 0, 2^-60 from the line too."""
    for at in filters:
        across, angle = hat_p(at.pair), at.pair.angle

        def along(at: Filter = at, across: ObjectArray = across) -> Scalar:
            found: Scalar = shallow.filter_gradient(at.w, at.truth, patches=at.patches) @ across
            return found

        assert angle.supplement > 0
        assert angle.sine > 0
        pull = partial(slope_across, at)
        assert agree(along, pull).holds
        assert pull() < 0


def slope_across(at: Filter) -> arb:
    """-(pi - th) sin th/(pi k)."""
    value: arb = -at.pair.angle.supplement * at.pair.angle.sine / (arb.pi() * at.patches)
    return value


CHANGES = {
    "k for k - 1": {"others": 1},
    "k - 2 for k - 1": {"others": -1},
    "a little more for k - 1": {"others": fmpq(1, 1000)},
    "another half": {"halves": fmpq(2001, 1000)},
}


@control
@pytest.mark.parametrize("name", CHANGES)
@given(pair=vector_pairs(), patches=st.integers(1, 3))
def test_refuted_with_other_numbers_in_the_loss(name: str, pair: VectorPair, patches: int) -> None:
    """At every drawn filter whose length is not 1, where S does not matter."""
    pair = (
        pair
        if pair.u_length != pair.v_length
        else VectorPair(3 * pair.u, pair.v, 3 * pair.u_length, pair.v_length, pair.half)
    )
    right, wrong = Filter(pair, patches), Filter(pair, patches, **CHANGES[name])  # type: ignore[arg-type]
    known = partial(shallow.filter_loss, right.w, right.truth, patches=patches)
    assert agree(known, lambda: right.loss).holds
    assert agree(known, lambda: wrong.loss).fails


@control
@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 3))
def test_refuted_with_other_numbers_in_derivatives(sine: int, cosine: int, patches: int) -> None:
    """k for k - 1 in the gradient and the Hessian; 1 and 2.001 for the 2 of 2 sin th. r = 2, d = 2."""
    half = fmpq(sine), fmpq(cosine)
    angle = shallow.Angle.of_half(*half)
    u, v = np.array([fmpq(2), fmpq(0)], dtype=object), np.array([angle.cosine, angle.sine], dtype=object)
    pair = VectorPair(u, v, fmpq(2), fmpq(1), half)
    right, wrong = Filter(pair, patches), Filter(pair, patches, others=1)
    known = partial(shallow.filter_gradient, right.w, right.truth, patches=patches)
    assert all_agree(known, lambda: right.gradient).holds
    assert all_agree(known, lambda: wrong.gradient).fails
    across = hat_p(pair)
    assert is_bent(right, across, 2, pairwise=False)
    assert not is_bent(wrong, across, 2, pairwise=False)
    for sines in (1, fmpq(2001, 1000)):
        assert not is_bent(right, across, sines, pairwise=False)


COUNT, SCALE = 100_000, 2**20


@sampled
@fewer(5)
@given(vector_pairs(unit=True), st.integers(1, 3))
def test_the_loss_is_the_mean_over_drawn_data(pair: VectorPair, patches: int) -> None:
    """Of 100,000 x: k d E f_w(y) f_{w*}(y) = (S - l)/2 for y = x/|x|, |w| = |w*| = 1, since E f_w^2 = l(0) = S/2. The
    products are at most 1/k; in units of 2^-20 of it. A mean that is off by .0145 of it is noticed with probability
    .99, since the variance is at most 1/4."""
    at, size = Filter(pair, patches), len(pair.u)
    x = generator("DL-045", size, patches).standard_normal((COUNT, patches * size))
    y = (x / np.sqrt((x**2).sum(axis=1, keepdims=True))).reshape(COUNT, patches, size)
    outputs = [np.maximum(y @ arithmetic.nearest(v), 0).mean(axis=1) for v in (at.w, at.truth)]
    products = patches * outputs[0] * outputs[1]
    numbers = np.minimum(np.rint(products * SCALE), SCALE).astype(int).tolist()
    with ctx.workprec(BITS):
        expected = (at.s - at.loss) / (2 * size) * SCALE
    assert has_mean(numbers, expected, SCALE, "k f_w f_w*").holds
