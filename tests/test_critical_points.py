"""Critical points by construction: every promise checked exactly, what they reach, and bad arguments."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from flint import fmpq
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claims.suite import fewer
from solvers import end_to_end, layer_gradients, loss, singular_values
from solvers.network.saddles import rank
from strategies import CriticalPoint, critical_points, dimensions

DEEP = dimensions(min_depth=2, max_depth=4, max_width=4)


def widths_of(point):
    """(d_0, ..., d_N)."""
    return (point.weights[0].shape[1], *(len(matrix) for matrix in point.weights))


@given(critical_points())
def test_they_are_critical_and_what_is_said_of_them_is_so(point):
    """Gradients, loss, rank, the target's spectrum, and the least loss as the tail beyond the narrowest layer."""
    assert all(entry == 0 for gradient in layer_gradients(point.weights, point.target) for entry in gradient.flat)
    assert loss(point.weights, point.target) == point.loss
    assert rank(end_to_end(point.weights)) == point.rank
    values = singular_values(point.target)
    assert values == list(point.singular_values)
    assert point.least_loss == sum((v**2 for v in values[min(widths_of(point)) :]), start=fmpq(0)) / 2
    assert point.is_global == (point.loss == point.least_loss)
    for index in point.captured:
        u, v, s = point.left[:, index], point.right[:, index], values[index]
        assert s > 0
        assert (end_to_end(point.weights) @ v == s * u).all()
        assert (point.target @ v == s * u).all()


@settings(max_examples=100)
@given(critical_points(dimensions=st.sampled_from([(3, 3, 3), (3, 3, 3, 3)])))
def test_they_are_critical_where_several_modes_are_left(point):
    """Wide enough that one layer reads some of the modes that are left and another writes the others."""
    assert all(entry == 0 for gradient in layer_gradients(point.weights, point.target) for entry in gradient.flat)


@fewer(2)
@given(critical_points(dimensions=DEEP, rank_left=True, leading=True))
def test_leading_modes_with_room_left(point):
    """The captured are the first; a mode and a dimension of every layer are left, so that the point is not global."""
    assert point.captured == tuple(range(point.rank))
    assert point.rank < min(widths_of(point))
    assert point.singular_values[point.rank] > 0
    assert not point.is_global


@fewer(2)
@given(critical_points(dimensions=DEEP, rest="zero"))
def test_zero_rest_leaves_layers_of_the_rank_of_the_product(point):
    """Every layer carries the captured modes and nothing else."""
    assert {rank(matrix) for matrix in point.weights} == {point.rank}


@fewer(2)
@given(critical_points(dimensions=DEEP, rest="full middle"))
def test_full_middle_has_full_rank(point):
    """W_{N-1} ... W_2 has the rank of the narrowest hidden layer."""
    if len(point.weights) > 2:
        assert rank(end_to_end(point.weights[1:-1])) == min(widths_of(point)[1:-1])


def narrow(point):
    """Whether a hidden width is below both ends."""
    widths = widths_of(point)
    return min(widths[1:-1], default=widths[0]) < min(widths[0], widths[-1])


def is_zero(matrix):
    """Whether all entries are 0."""
    return all(entry == 0 for entry in matrix.flat)


KINDS = {
    "depth 1": lambda p: len(p.weights) == 1 and p.rank > 0,
    "a global minimum at a positive loss": lambda p: p.is_global and p.loss > 0,
    "a zero target": lambda p: is_zero(p.target) and not all(map(is_zero, p.weights)),
    "a target of less than full rank": lambda p: p.singular_values[-1] == 0 < p.singular_values[0],
    "a bottleneck, not global": lambda p: narrow(p) and not p.is_global,
    "wide": lambda p: p.weights[0].shape[1] > len(p.weights[-1]) and not p.is_global,
    "high": lambda p: p.weights[0].shape[1] < len(p.weights[-1]) and not p.is_global,
    "the smaller mode carried, the larger left": lambda p: p.captured and p.captured[0] > 0,
    "repeated values, one carried and one left": lambda p: any(
        (i in p.captured) != (i + 1 in p.captured) and a == b > 0
        for i, (a, b) in enumerate(pairwise(p.singular_values))
    ),
    "not global, no layer zero, W zero": lambda p: (
        not p.is_global and p.rank == 0 and not any(map(is_zero, p.weights))
    ),
    "not global, one layer alone zero": lambda p: not p.is_global and sum(map(is_zero, p.weights)) == 1,
    "zero products at depth 3": lambda p: (
        len(p.weights) == 3 and not p.is_global and p.rank == 0 and not any(map(is_zero, p.weights))
        and is_zero(p.weights[1] @ p.weights[0]) and is_zero(p.weights[2] @ p.weights[1])
    ),
}  # fmt: skip


WIDTHS = {
    "not global, no layer zero, W zero": [(3, 3, 3, 3)],
    "zero products at depth 3": [(3, 3, 3, 3)],
    "the smaller mode carried, the larger left": [(2, 1, 2)],
    "repeated values, one carried and one left": [(2, 1, 2)],
    "a global minimum at a positive loss": [(2, 1, 2)],
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_reached(kind):
    """Within 1000 draws of small networks; NoSuchExample would be raised where not."""
    quick = settings(
        database=None,
        deadline=None,
        max_examples=1000,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    widths = st.sampled_from(WIDTHS.get(kind, [(1, 1), (2, 1, 2), (3, 2, 2), (2, 2, 3), (2, 2, 2, 2)]))
    find(critical_points(dimensions=widths), KINDS[kind], settings=quick, random=Random(0))


def test_they_shrink_to_zero_weights():
    """With a mode left over: depth 2, widths 1, Phi = 1."""
    quick = settings(database=None, deadline=None, max_examples=20, phases=[Phase.generate, Phase.shrink])
    narrow_ones = st.sampled_from([(1, 1, 1), (1, 1, 1, 1)])
    left = find(critical_points(dimensions=narrow_ones, rank_left=True), lambda p: True, settings=quick)
    assert left.target.tolist() == [[1]]
    assert len(left.weights) == 2
    assert all(map(is_zero, left.weights))


BAD = [
    ({"rest": "none"}, "rest is 'none'; expected 'any', 'zero' or 'full middle'"),
    ({"leading": 1}, "leading is 1; expected True or False"),
    ({"rank_left": None}, "rank_left is None; expected True or False"),
    ({"dimensions": (2, 2)}, "dimensions is .*; expected a strategy"),
    ({"dimensions": st.just((2,))}, "dimensions is .*; expected"),
    ({"dimensions": st.just((2, 2)), "rest": "full middle"}, "rest='full middle' and rank_left need depth >= 2"),
    ({"dimensions": st.just((2, 2)), "rank_left": True}, "rest='full middle' and rank_left need depth >= 2"),
]


@pytest.mark.parametrize(("options", "sentence"), BAD)
def test_bad_arguments_are_refused_by_name(options, sentence):
    """InvalidArgument, when an example is drawn."""

    @settings(max_examples=1, database=None)
    @given(critical_points(**options))
    def draw(point):
        assert isinstance(point, CriticalPoint)

    with pytest.raises(InvalidArgument, match=sentence):
        draw()
