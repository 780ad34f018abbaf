"""Critical points by construction: every promise checked exactly, what they reach, and bad arguments."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from claims.suite import fewer
from solvers import end_to_end, imbalances, layer_gradients, loss, singular_values
from solvers.network import characteristic_polynomial, loose_pivots, rank
from strategies import CriticalPoint, balanced_points, capped_minima, critical_points, dimensions, minima_of_imbalance

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


@pytest.mark.parametrize("end", [0, -1])
def test_full_middle_has_an_idle_unit_that_an_end_reads_or_writes(end):
    """The other end passes it by, so that |W_N ... v|^2 or |v^T ... W_1|^2 is above 0: such points are drawn."""

    def seen(point):
        (first, *_, last), r = point.weights, point.rank
        return rank(first if end == 0 else last) > r == rank(end_to_end(point.weights))

    quick = settings(database=None, deadline=None, max_examples=300, phases=[Phase.generate])
    points = critical_points(dimensions=dimensions(min_depth=3, max_depth=3, max_width=3), rest="full middle")
    find(points, seen, settings=quick, random=Random(0))


@fewer(2)
@given(critical_points(dimensions=dimensions(min_depth=3, max_depth=5, max_width=3), rest="tight"))
def test_tight_rests_have_no_loose_pivot(point):
    """By ranks; depth 3 to 5."""
    assert loose_pivots(point.weights, point.target) == []


@fewer(2)
@given(critical_points(dimensions=DEEP, rest="loose"))
def test_loose_rests_have_one_and_leave_a_mode(point):
    """By ranks; depth 2 to 4."""
    assert loose_pivots(point.weights, point.target)
    assert point.rank < min(widths_of(point))
    assert point.singular_values[point.rank] > 0


@fewer(2)
@given(critical_points(dimensions=dimensions(max_depth=4, max_width=4), least_rank=1, minimum=True))
def test_minima_are_global_and_of_the_rank_asked_for(point):
    """The largest modes, as many as there are or fit."""
    assert point.is_global
    assert point.captured == tuple(range(point.rank))
    assert point.rank >= 1
    live = [s for s in point.singular_values if s > 0]
    assert point.rank == min(len(live), *widths_of(point))


@fewer(2)
@given(critical_points(dimensions=st.just((3, 2, 3, 2)), least_rank=1, rank_left=True))
def test_the_least_rank_is_kept_where_something_is_left(point):
    """Rank 1 of 2."""
    assert point.rank == 1
    assert not point.is_global


FLAT = {
    "W is not Phi, a minimum": lambda p: (end_to_end(p.weights) != p.target).any() and rank(p.weights[0]) == 1,
    "a tie": lambda p: (
        (end_to_end(p.weights) != p.target).any()
        and singular_values(p.target)[0] == singular_values(end_to_end(p.weights) - p.target)[0]
    ),
    "two modes": lambda p: rank(end_to_end(p.weights)) == 2,
}


@pytest.mark.parametrize("kind", FLAT)
def left_and_carried(point):
    """||Phi - W||_F^2 and ||W||_F^2."""
    product = end_to_end(point.weights)
    gap = point.target - product
    return (gap * gap).sum(), (product * product).sum()


ONE_MODE = st.sampled_from([(2, 1, 2), (2, 1, 3, 2), (1, 1, 1, 1)])
"""Where W carries one mode and leaves at most one."""


@pytest.mark.parametrize("points", [balanced_points, capped_minima])
@given(st.data())
def test_a_mode_that_is_left_is_no_larger_than_the_one_that_is_carried(points, data):
    """With one unit in a layer Phi - W has rank one at most, and is orthogonal to W: a minimum, by Eckart and Young."""
    point = data.draw(points(dimensions=ONE_MODE))
    product = end_to_end(point.weights)
    gap = point.target - product
    left, carried = left_and_carried(point)
    assert left <= carried
    assert not (product @ gap.T).any()
    assert not (product.T @ gap).any()


@pytest.mark.parametrize("points", [balanced_points, capped_minima])
@pytest.mark.parametrize("share", [fmpq(0), fmpq(1, 4), fmpq(1)])
def test_modes_that_are_left_reach_those_that_are_carried(points, share):
    """None, half of it, and a tie, whose squares are these."""
    quick = settings(database=None, deadline=None, max_examples=500, phases=[Phase.generate])

    def has_it(point):
        left, carried = left_and_carried(point)
        return left == share * carried and carried != 1

    find(points(dimensions=st.just((2, 1, 2))), has_it, settings=quick, random=Random(0))


@pytest.mark.parametrize("kind", FLAT)
@pytest.mark.parametrize("points", [balanced_points, capped_minima])
def test_flat_points_of_every_kind_are_reached(points, kind):
    """Within 300 draws through two layers and three."""
    quick = settings(
        database=None,
        deadline=None,
        max_examples=300,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    found = points(dimensions=st.sampled_from([(2, 1, 2), (3, 2, 3), (2, 2, 1, 2)]))
    find(found, FLAT[kind], settings=quick, random=Random(0))


@pytest.mark.parametrize("points", [balanced_points, capped_minima])
def test_flat_points_refuse_bad_widths(points):
    """By name."""

    @settings(max_examples=1, database=None)
    @given(points(dimensions=(2, 2)))
    def draw(point):
        assert point

    with pytest.raises(InvalidArgument, match=r"dimensions is .*; expected a strategy"):
        draw()


IMBALANCES = st.lists(st.integers(-8, 8).map(lambda k: Fraction(k, 2)), min_size=1, max_size=3)


@given(IMBALANCES.flatmap(lambda values: st.tuples(st.just(values), minima_of_imbalance(values))))
def test_minima_have_the_imbalance_that_is_asked_for(drawn):
    """Its eigenvalues, exactly: those of the characteristic polynomial, ties and zeros included."""
    values, weights = drawn
    (imbalance,) = imbalances(weights)
    expected = fmpq_poly([1])
    for value in values:
        expected *= fmpq_poly([fmpq(-value.numerator, value.denominator), 1])
    assert characteristic_polynomial(imbalance) == expected
    assert len(values) <= min(weights[0].shape[1], len(weights[1])) <= len(values) + 1


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


def live_reads(point):
    """Whether W_1 reads, and W_N writes, what is left: G W_1^T != 0 and W_N^T G != 0."""
    residual = end_to_end(point.weights) - point.target
    return not is_zero(residual @ point.weights[0].T), not is_zero(point.weights[-1].T @ residual)


def tied(point):
    """Whether a mode left is as large as one carried, and none is larger."""
    left = max((s for i, s in enumerate(point.singular_values) if i not in point.captured), default=0)
    return bool(point.captured) and left == min(point.singular_values[i] for i in point.captured)


TIGHT_AND_LOOSE = {
    "tight, a mode carried, nothing else": ("tight", lambda p: p.rank > 0 and rank(p.weights[0]) == p.rank),
    "tight, a mode carried, more in a layer": ("tight", lambda p: 0 < p.rank < rank(p.weights[0])),
    "tight, tied": ("tight", tied),
    "tight, the first reads some, the last writes others": ("tight", lambda p: live_reads(p) == (True, True)),
    "tight, an inner layer that is not carried": ("tight", lambda p: rank(p.weights[1]) > p.rank),
    "loose, a mode carried": ("loose", lambda p: p.rank > 0),
    "loose, the ends are not": ("loose", lambda p: (1, 4) not in loose_pivots(p.weights, p.target)),
    "loose, the ends alone": ("loose", lambda p: loose_pivots(p.weights, p.target) == [(1, 4)]),
    "loose, tied": ("loose", tied),
}


@pytest.mark.parametrize("kind", TIGHT_AND_LOOSE)
def test_every_kind_of_pivots_is_reached(kind):
    """Within 500 draws of networks of width 3 and depth 4."""
    quick = settings(
        database=None,
        deadline=None,
        max_examples=500,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    rest, holds = TIGHT_AND_LOOSE[kind]
    points = critical_points(dimensions=st.just((3, 3, 3, 3, 3)), rest=rest, rank_left=True)
    find(points, holds, settings=quick, random=Random(0))


def test_they_shrink_to_zero_weights():
    """With a mode left over: depth 2, widths 1, Phi = 1."""
    quick = settings(database=None, deadline=None, max_examples=20, phases=[Phase.generate, Phase.shrink])
    narrow_ones = st.sampled_from([(1, 1, 1), (1, 1, 1, 1)])
    left = find(critical_points(dimensions=narrow_ones, rank_left=True), lambda p: True, settings=quick)
    assert left.target.tolist() == [[1]]
    assert len(left.weights) == 2
    assert all(map(is_zero, left.weights))


BAD = [
    ({"rest": "none"}, "rest is 'none'; expected one of 'any', 'zero', 'full middle', 'tight', 'loose'"),
    ({"leading": 1}, "leading is 1; expected True or False"),
    ({"rank_left": None}, "rank_left is None; expected True or False"),
    ({"dimensions": (2, 2)}, "dimensions is .*; expected a strategy"),
    ({"dimensions": st.just((2,))}, "dimensions is .*; expected"),
    (
        {"dimensions": st.just((2, 2)), "rest": "full middle"},
        "rest='full middle', 'loose' and rank_left need",
    ),
    ({"dimensions": st.just((2, 2)), "rank_left": True}, "rest='full middle', 'loose' and rank_left need"),
    ({"dimensions": st.just((2, 2)), "rest": "loose"}, "rest='full middle', 'loose' and rank_left need"),
    ({"dimensions": st.just((2, 2, 2)), "rest": "tight"}, "rest='tight' needs depth >= 3"),
    ({"minimum": 1}, "minimum is 1; expected True or False"),
    ({"minimum": True, "rest": "loose"}, "minimum is asked for with rank_left or rest='loose'; expected one"),
    ({"least_rank": -1}, "least_rank is -1; expected"),
    ({"dimensions": st.just((2, 1, 2)), "least_rank": 2}, "least_rank = 2 needs all widths >= 2"),
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
