"""Maps T on symmetric matrices with a prescribed spectrum, and masks as graphs, in exact rationals.

:func:`near_isometries`: T = R D R with D diagonal on the entries of X and R a product of reflections
X -> X - 2 Y <Y, X> / <Y, Y>, which are orthogonal on Sym(n) and rational. So T is self-adjoint, and its eigenvalues are
D's: (1 - delta) |X|^2 <= <X, T X> <= (1 + delta) |X|^2 for every symmetric X, of any rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from flint import fmpq
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from solvers.arithmetic import ObjectArray, exact, rational
from solvers.shallow import SymmetricMap, coordinate_gram, from_form, mask
from strategies.arguments import check_whole


@dataclass(frozen=True)
class NearIsometry:
    """T, its n (n+1)/2 eigenvalues with multiplicity (in no order), and the delta that they keep to."""

    linear_map: SymmetricMap
    spectrum: tuple[fmpq, ...]
    delta: fmpq


@st.composite
def near_isometries(draw: st.DrawFn, size: int, *, delta: Fraction | fmpq | int) -> NearIsometry:
    """T on Sym(n), n = ``size``, with every eigenvalue in [1 - delta, 1 + delta], 0 <= delta <= 1, ends included.

    Shrinks to T = identity.
    """
    check_whole(size, "size", least=1)
    if isinstance(delta, bool) or not isinstance(delta, int | Fraction | fmpq) or not 0 <= rational(delta) <= 1:
        raise InvalidArgument(f"delta is {delta!r}; expected a rational number in [0, 1]")
    bound, count = rational(delta), size * (size + 1) // 2
    places = st.sampled_from([fmpq(0), fmpq(1), fmpq(-1), fmpq(1, 2), fmpq(-1, 2), fmpq(3, 4), fmpq(-7, 8)])
    spectrum = [1 + bound * place for place in draw(st.lists(places, min_size=count, max_size=count))]
    gram = coordinate_gram(size)
    turned = exact(np.eye(count))
    for vector in draw(st.lists(st.lists(st.integers(-2, 2), min_size=count, max_size=count), max_size=3)):
        y = exact(np.array(vector, dtype=object))
        length = y @ gram @ y
        if length != 0:  # a zero matrix reflects nothing
            turned = turned - np.outer(turned @ y, y @ gram) * (2 / length)
    inverse = np.array([[entry / gram[i, i] for entry in row] for i, row in enumerate(turned.T)]) @ gram
    form = gram @ turned @ (np.array(spectrum)[:, None] * inverse)
    return NearIsometry(from_form(form), tuple(spectrum), bound)


@dataclass(frozen=True)
class MaskGraph:
    """A symmetric ``pattern`` of observed entries as a graph with loops on the diagonal, in rationals.

    ``connected``: one component. ``bipartite``: no odd cycle in any component, a loop being one.
    """

    pattern: ObjectArray
    connected: bool
    bipartite: bool

    @property
    def linear_map(self) -> SymmetricMap:
        """T, which keeps the observed entries."""
        return mask(self.pattern)

    @property
    def edges(self) -> list[tuple[int, int]]:
        """(i, j), i <= j, observed."""
        places = zip(*np.triu_indices(len(self.pattern)), strict=True)
        return [(int(i), int(j)) for i, j in places if self.pattern[i, j] == 1]


@st.composite
def masks(
    draw: st.DrawFn,
    size: int,
    *,
    connected: bool | None = None,
    bipartite: bool | None = None,
    loops: bool = True,
) -> MaskGraph:
    """Graphs on ``size`` vertices: spanning trees of the components, and more edges between and inside their two sides.

    ``connected`` and ``bipartite`` are drawn where they are None. Without ``loops`` no diagonal entry is observed.
    InvalidArgument where there is no such graph: one vertex is connected, and an odd cycle without loops needs three.
    """
    check_whole(size, "size", least=1)
    for name, flag in (("connected", connected), ("bipartite", bipartite)):
        if flag is not None and not isinstance(flag, bool):
            raise InvalidArgument(f"{name} is {flag!r}; expected True, False or None")
    if not isinstance(loops, bool):
        raise InvalidArgument(f"loops is {loops!r}; expected True or False")
    if size == 1 and connected is False:
        raise InvalidArgument("size is 1 and connected is False; expected size >= 2, one vertex being connected")
    least = 1 if loops else 3
    must = size == 1 or (bipartite is False and size - 1 < least)
    whole = (must or not draw(st.booleans())) if connected is None else connected
    room = size if whole else size - 1
    if bipartite is False and room < least:
        raise InvalidArgument(f"size is {size} and bipartite is False; expected room for an odd cycle, loops={loops}")
    even = (room < least or not draw(st.booleans())) if bipartite is None else bipartite
    order = draw(st.permutations(range(size)))
    cut = size if whole else draw(st.integers(1 if even else least, size - 1))
    parts = [order[:cut], *([order[cut:]] if cut < size else [])]
    edges: set[tuple[int, int]] = set()
    for part in parts:
        edges |= draw(_component(list(part), odd=not even and part is parts[0], free=not even, loops=loops))
    pattern = exact(np.zeros((size, size)))
    for i, j in edges:
        pattern[i, j] = pattern[j, i] = fmpq(1)
    return MaskGraph(pattern, whole, even)


@st.composite
def _component(draw: st.DrawFn, vertices: list[int], *, odd: bool, free: bool, loops: bool) -> set[tuple[int, int]]:
    """Edges of a connected graph; ``free``: inside its sides too, ``odd``: at least one of them."""
    side = {vertices[0]: 0}
    edges = set()
    # an odd cycle without loops needs two vertices on one side: a path through the first three
    for place, vertex in enumerate(vertices[1:], start=1):
        parent = vertices[draw(st.integers(0, place - 1))] if place != 2 or loops or not odd else vertices[1]
        side[vertex] = 1 - side[parent]
        edges.add((parent, vertex))
    across = [pair for pair in combinations(vertices, 2) if side[pair[0]] != side[pair[1]]]
    inside = [pair for pair in combinations(vertices, 2) if side[pair[0]] == side[pair[1]]]
    inside += [(vertex, vertex) for vertex in vertices] if loops else []
    edges |= draw(_some(across))
    if odd:
        edges.add(draw(st.sampled_from(inside)))
    return edges | draw(_some(inside)) if free else edges


def _some(edges: Iterable[tuple[int, int]]) -> st.SearchStrategy[set[tuple[int, int]]]:
    listed = list(edges)
    return st.sets(st.sampled_from(listed)) if listed else st.just(set())
