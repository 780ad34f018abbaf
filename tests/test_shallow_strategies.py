"""Strategies of the shallow models: every promise checked exactly, what they reach, what they shrink to, bad input."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat, fmpq_poly
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import exact
from solvers.network import rank
from solvers.shallow import coordinate_gram, identity_map
from strategies import (
    GRAMS,
    factorization_points,
    gaussian_points,
    masks,
    near_isometries,
    real_gram,
    tensor_points,
    unit_vectors,
)

POINTS = st.one_of(factorization_points(), gaussian_points())


def zero(array):
    """Whether every entry is exactly 0."""
    return all(entry == 0 for entry in array.ravel())


def unit(size):
    """The identity in rationals."""
    return exact(np.eye(size))


@given(POINTS)
def test_factored_points_are_critical_and_what_is_said_of_them_is_so(point):
    """Gradient 0; the target's spectral decomposition; U from its parts; the rank."""
    assert zero(point.objective.gradient(point.factor))
    assert zero(point.basis.T @ point.basis - unit(len(point.basis)))
    assert zero(point.target @ point.basis - point.basis * np.array(point.eigenvalues, dtype=object))
    caught = point.basis[:, list(point.captured)]
    assert zero(point.factor @ point.factor.T - caught * np.array(point.squares, dtype=object) @ caught.T)
    assert rank(point.factor) == point.rank == len(point.caught) <= min(point.width, len(point.target))
    assert len(point.left_out) == len(point.target) - point.rank


@given(gaussian_points())
def test_gaussian_targets_are_positive_semidefinite(point):
    """No eigenvalue is negative."""
    assert all(value >= 0 for value in point.eigenvalues)


@given(tensor_points())
def test_tensor_points_are_critical_and_what_is_said_of_them_is_so(point):
    """|u| = 1, Df = p c u, c = f(u), lambda_i u_i^{p-2} = c on the support and u_i = 0 off it."""
    u, p = point.point, point.degree
    assert (u * u).sum() == 1
    assert point.polynomial.value(u) == point.level
    assert zero(point.polynomial.gradient(u) - u * point.level * p)
    assert zero(point.polynomial.riemannian_gradient(u))
    inward = point.basis @ u
    for i, (entry, scale) in enumerate(zip(inward, point.coefficients, strict=True)):
        assert scale > 0
        assert scale * entry ** (p - 2) == point.level if i in point.support else entry == 0


@given(st.integers(1, 5).flatmap(unit_vectors))
def test_unit_vectors_have_no_zero(vector):
    """|u| = 1 and u_i != 0."""
    assert (vector * vector).sum() == 1
    assert all(entry != 0 for entry in vector)


DELTAS = st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1)])


@given(DELTAS.flatmap(lambda delta: st.integers(1, 3).flatmap(lambda n: near_isometries(n, delta=delta))))
def test_near_isometries_have_the_spectrum_they_name(found):
    """The characteristic polynomial of the form relative to the entries' Gram matrix, exactly; eigenvalues in range."""
    n = found.linear_map.size
    form, gram = found.linear_map.form(n), coordinate_gram(n)
    assert zero(form - form.T)
    relative = fmpq_mat(len(gram), len(gram), [entry / gram[i, i] for i, row in enumerate(form) for entry in row])
    expected = fmpq_poly([1])
    for value in found.spectrum:
        expected *= fmpq_poly([-value, 1])
        assert 1 - found.delta <= value <= 1 + found.delta
    assert relative.charpoly() == expected


def components(graph):
    """(connected, bipartite) by colouring the vertices."""
    size, colour, parts, even = len(graph.pattern), {}, 0, True
    for root in range(size):
        if root in colour:
            continue
        parts += 1
        colour[root] = 0
        waiting = [root]
        while waiting:
            i = waiting.pop()
            for j in range(size):
                if graph.pattern[i, j] == 0:
                    continue
                if j not in colour:
                    colour[j] = 1 - colour[i]
                    waiting.append(j)
                even &= colour[j] != colour[i]
    return parts == 1, even


FLAGS = st.sampled_from([True, False, None])


@given(st.integers(3, 5), FLAGS, FLAGS, st.booleans(), st.data())
def test_masks_are_the_graphs_they_say(size, connected, bipartite, loops, data):
    """Symmetric, and connected and bipartite as named and as asked for; no loop where none is allowed."""
    least = size >= 4 or connected is not False or bipartite is not False or loops
    graph = data.draw(masks(size, connected=connected, bipartite=bipartite if least else None, loops=loops))
    assert zero(graph.pattern - graph.pattern.T)
    assert components(graph) == (graph.connected, graph.bipartite)
    assert connected in (None, graph.connected)
    assert not least or bipartite in (None, graph.bipartite)
    assert loops or zero(np.diag(graph.pattern))
    assert all(graph.pattern[i, j] == 1 for i, j in graph.edges)


@pytest.mark.parametrize(("size", "connected"), [(1, True), (2, False)])
def test_one_vertex_with_a_loop_is_an_odd_cycle(size, connected):
    """The smallest graphs that are not bipartite: one loop, and a vertex apart."""
    graph = find(masks(size, connected=connected, bipartite=False), lambda g: True, settings=QUICK)
    assert components(graph) == (connected, False)
    assert list(np.diag(graph.pattern)).count(1) == 1


@pytest.mark.parametrize("name", GRAMS)
def test_real_matrices_have_the_rank_and_scale_they_say(name):
    """M = Z Z^T within its rounding, exactly symmetric, largest eigenvalue 1, `rank` eigenvalues away from 0."""
    found = real_gram(name)
    values = np.linalg.eigvalsh(found.matrix)[::-1]
    assert (found.matrix == found.matrix.T).all()
    assert np.abs(found.matrix - found.factor @ found.factor.T).max() < 1e-14
    assert abs(values[0] - 1) < 1e-13
    assert values[found.rank - 1] > 1e-5
    assert np.abs(values[found.rank :]).max() < 1e-13
    assert found.rank == {"digits": 10, "linnerud": 6}[name]


QUICK = settings(
    max_examples=3000, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)

REACHED = [
    (factorization_points(), lambda p: any(v < 0 for v in p.eigenvalues) and p.rank > 0),
    (factorization_points(), lambda p: p.width > len(p.target) and p.rank == len(p.target) > 1),
    (factorization_points(), lambda p: len(set(p.caught) & set(p.left_out)) > 0 and p.rank == p.width > 1),
    (factorization_points(psd=True), lambda p: 0 < p.rank < min(p.width, rank(p.target))),
    (factorization_points(), lambda p: len(set(p.caught)) < p.rank),
    (gaussian_points(), lambda p: p.rank > 1 and fmpq(0) in p.caught and max(p.left_out, default=fmpq(0)) > 0),
    (gaussian_points(), lambda p: p.rank == p.width < len(p.target) and min(p.caught) < max(p.left_out)),
    (gaussian_points(), lambda p: p.rank == 0 and max(p.eigenvalues) > 0),
    (tensor_points(), lambda p: p.level < 0 and len(p.support) > 1),
    (tensor_points(), lambda p: p.degree % 2 == 0 and len(p.support) == 3 < p.dimension),
    (near_isometries(2, delta=Fraction(1, 2)), lambda t: zero(t.linear_map.form(2)[0, :2]) is False and
     t.linear_map.form(2)[0, 1] != 0 and len(set(t.spectrum)) == 3),
    (masks(3), lambda g: not g.connected and not g.bipartite),
    (masks(4, loops=False), lambda g: g.connected and not g.bipartite and len(g.edges) == 6),
    (masks(3), lambda g: len(g.edges) == 6),
    (masks(2, connected=False), lambda g: len(g.edges) == 0),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(REACHED)))
def test_what_they_reach(case):
    """Each named situation is found among a few thousand draws."""
    strategy, wanted = REACHED[case]
    find(strategy, wanted, settings=QUICK)


def test_what_they_shrink_to():
    """Zeros, the identity, one dimension."""
    quick = settings(QUICK, phases=[Phase.generate, Phase.shrink])
    for points in (factorization_points(), gaussian_points()):
        point = find(points, lambda p: True, settings=quick)
        assert (point.factor.tolist(), point.target.tolist()) == ([[0]], [[0]])
    tensor = find(tensor_points(), lambda p: True, settings=quick)
    assert tensor.polynomial.table == {(3,): 1}
    assert tensor.point.tolist() == [1]
    found = find(near_isometries(2, delta=1), lambda t: True, settings=quick)
    assert zero(found.linear_map.form(2) - identity_map().form(2))
    assert find(masks(2, connected=False), lambda g: True, settings=quick).edges == []


WHOLE = "expected a whole number >= 1"
BAD = [
    (lambda: factorization_points(max_size=0), f"max_size is 0; {WHOLE}"),
    (lambda: factorization_points(max_width=1.5), f"max_width is 1.5; {WHOLE}"),
    (lambda: factorization_points(size=0), f"size is 0; {WHOLE}"),
    (lambda: gaussian_points(width=True), f"width is True; {WHOLE}"),
    (lambda: factorization_points(psd=1), "psd is 1; expected True or False"),
    (lambda: tensor_points(min_dimension=0), "min_dimension is 0; expected a whole number >= 1"),
    (lambda: tensor_points(min_degree=2), "min_degree is 2; expected a whole number >= 3"),
    (lambda: tensor_points(min_degree=5, max_degree=4), "min_degree is 5 but max_degree is 4; expected"),
    (lambda: unit_vectors(0), f"size is 0; {WHOLE}"),
    (lambda: near_isometries(0, delta=0), f"size is 0; {WHOLE}"),
    (lambda: near_isometries(2, delta=2), r"delta is 2; expected a rational number in \[0, 1\]"),
    (lambda: near_isometries(2, delta=0.5), r"delta is 0.5; expected a rational number in \[0, 1\]"),
    (lambda: masks(0), f"size is 0; {WHOLE}"),
    (lambda: masks(1, connected=False), "size is 1 and connected is False; expected size >= 2"),
    (lambda: masks(2, bipartite=False, loops=False), "size is 2 and bipartite is False; expected room"),
    (lambda: masks(3, connected=False, bipartite=False, loops=False), "size is 3 and bipartite is False; expected"),
    (lambda: masks(2, connected=1), "connected is 1; expected True, False or None"),
    (lambda: masks(2, loops=None), "loops is None; expected True or False"),
]


@pytest.mark.parametrize("case", range(len(BAD)))
def test_bad_arguments_are_refused_by_name(case):
    """InvalidArgument, when an example is drawn."""
    make, sentence = BAD[case]

    @settings(max_examples=1, database=None)
    @given(make())
    def draw(_):
        pass

    with pytest.raises(InvalidArgument, match=sentence):
        draw()


def test_an_unknown_real_matrix_is_refused():
    """With the names that are known."""
    with pytest.raises(ValueError, match="name is 'iris'; expected one of digits, linnerud"):
        real_gram("iris")
