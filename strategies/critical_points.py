"""Critical points of 1/2 ||W_N ... W_1 - Phi||_F^2 of every kind, by construction, in exact rationals.

In the target's singular bases and in any bases of the hidden layers every layer is a block diagonal matrix:

- the *captured* block carries r singular modes of Phi with sigma_i > 0, each by any factors whose product is sigma_i;
- the *rest* has layers Z_1, ..., Z_N with Z_N ... Z_1 = 0 and Z_{j+1:N}^T Phi' Z_{1:j-1}^T = 0, Phi' the modes that are
  left. That holds where two layers vanish and the others are anything; and where one does, if no mode that Phi' has is
  both read by Z_1 and written by Z_N. Inside the network a layer may also vanish only against its two neighbours
  (Z_{j+1} Z_j = 0 and Z_j Z_{j-1} = 0), with Z_j itself not zero.

So W is the sum of the captured modes, G = W - Phi minus the others, and every layer gradient is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from flint import fmpq, fmpq_mat
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.extra import numpy as hnp

from solvers.arithmetic import ObjectArray, exact, rational
from strategies.arguments import check_dimensions, check_strategy, check_whole
from strategies.built_once import built_once
from strategies.datasets import regression
from strategies.matrices import diagonal, orthogonal_matrices, singular_value_lists
from strategies.networks import zero_weights
from strategies.widths import dimensions as all_dimensions

KINDS_OF_REST = ("any", "zero", "full middle", "tight", "loose")


@dataclass(frozen=True)
class CriticalPoint:
    """Weights at which every layer gradient of the loss vanishes, and what is known of them.

    Phi = ``left`` diag(``singular_values``) ``right``^T, values largest first; W is the sum of the modes whose
    (positive) values have the indices ``captured``.
    """

    weights: tuple[ObjectArray, ...]
    target: ObjectArray
    left: ObjectArray
    right: ObjectArray
    singular_values: tuple[fmpq, ...]
    captured: tuple[int, ...]

    @property
    def rank(self) -> int:
        """The rank of W."""
        return len(self.captured)

    @property
    def loss(self) -> fmpq:
        """1/2 sum of sigma_i^2 over the modes that are not captured."""
        left_out = [s for i, s in enumerate(self.singular_values) if i not in self.captured]
        return sum((s**2 for s in left_out), start=fmpq(0)) / 2

    @property
    def least_loss(self) -> fmpq:
        """The least loss of any weights of these widths: 1/2 sum_{i > p} sigma_i^2, p the least width."""
        width = min(self.weights[0].shape[1], *(len(matrix) for matrix in self.weights))
        return sum((s**2 for s in self.singular_values[width:]), start=fmpq(0)) / 2

    @property
    def is_global(self) -> bool:
        """Whether no weights have a lower loss."""
        return self.loss == self.least_loss


@st.composite
def critical_points(
    draw: st.DrawFn,
    *,
    dimensions: st.SearchStrategy[tuple[int, ...]] | None = None,
    leading: bool = False,
    rest: str = "any",
    rank_left: bool = False,
    least_rank: int = 0,
    minimum: bool = False,
) -> CriticalPoint:
    """Critical points with any subset of modes captured, of targets of any rank, through layers of any widths.

    ``dimensions`` defaults to depths 1-4 and widths 1-4, with a bottleneck and without; at depth 1 the only critical
    point is W = Phi. ``leading``: the captured modes are the largest. ``rest``:

    - "any" as above;
    - "zero": Z_j = 0 in every layer;
    - "full middle": W_{N-1} ... W_2 of rank min(d_1, ..., d_{N-1}), and Z_1 = Z_N = 0, or one of them alone is not 0
      and reads or writes what Phi' does not have; depth >= 2;
    - "tight": for all i < j, Z_{j-1} ... Z_{i+1} = 0 or Z_{i-1} ... Z_1 Phi'^T Z_N ... Z_{j+1} = 0; depth >= 3;
    - "loose": neither is zero for some i < j; depth >= 2, and ``rank_left`` is understood.

    ``rank_left``: at least one mode of Phi and one dimension of every hidden layer are left, so that the point is not
    global; depth >= 2. ``least_rank``: W has at least this rank. ``minimum``: a global minimum, W as many of the
    largest modes as Phi has and the widths let through. Shrinks to W = Phi = 1, at depth >= 2 to zero weights.
    """
    if rest not in KINDS_OF_REST:
        raise InvalidArgument(f"rest is {rest!r}; expected one of {', '.join(map(repr, KINDS_OF_REST))}")
    for name, flag in (("leading", leading), ("rank_left", rank_left), ("minimum", minimum)):
        if not isinstance(flag, bool):
            raise InvalidArgument(f"{name} is {flag!r}; expected True or False")
    check_whole(least_rank, "least_rank", least=0)
    rank_left = rank_left or rest == "loose"
    if minimum and rank_left:
        raise InvalidArgument("minimum is asked for with rank_left or rest='loose'; expected one of them")
    widths = check_dimensions(draw(check_strategy(dimensions, "dimensions", _moderate)))
    depth, count = len(widths) - 1, min(widths[0], widths[-1])
    if depth == 1 and (rest == "full middle" or rank_left):
        raise InvalidArgument(f"dimensions drew {widths}; rest='full middle', 'loose' and rank_left need depth >= 2")
    if depth < 3 and rest == "tight":
        raise InvalidArgument(f"dimensions drew {widths}; rest='tight' needs depth >= 3")
    if least_rank + rank_left > min(widths):
        raise InvalidArgument(
            f"dimensions drew {widths}; least_rank = {least_rank} needs all widths >= {least_rank + rank_left}"
        )
    rank = draw(st.integers(least_rank + rank_left, count)) if rank_left or least_rank else None
    values = [rational(s) for s in draw(singular_value_lists(count, rank=rank))]
    every = tuple(i for i, s in enumerate(values) if s > 0)
    captured = every[: min(widths)]
    if depth > 1 and not minimum:
        captured = draw(_captured(len(every), min(widths), leading, least_rank, rank_left))
    left, right = draw(orthogonal_matrices(widths[-1])), draw(orthogonal_matrices(widths[0]))
    carried = draw(_factors([values[i] for i in captured], depth))
    left_out = [
        _left_out(widths[0], captured),
        *(list(range(len(captured), width)) for width in widths[1:-1]),
        _left_out(widths[-1], captured),
    ]
    live = {i for i, s in enumerate(values) if s > 0 and i not in captured}
    remaining = draw(_rest(left_out, live, rest))
    places = [list(captured), *([list(range(len(captured)))] * (depth - 1)), list(captured)]
    layers = []
    for j, (before, after) in enumerate(pairwise(widths)):
        layer = exact(np.zeros((after, before)))
        layer[np.ix_(places[j + 1], places[j])] = diagonal(len(captured), len(captured), carried[j])
        layer[np.ix_(left_out[j + 1], left_out[j])] = remaining[j]
        layers.append(layer)
    target = left @ diagonal(widths[-1], widths[0], values) @ right.T
    bases = [draw(_invertible(width)) for width in widths[1:-1]]
    outward = [*bases, left]
    inward = [right.T, *(_inverse(basis) for basis in bases)]
    weights = tuple(q @ layer @ p for q, layer, p in zip(outward, layers, inward, strict=True))
    return CriticalPoint(weights, target, left, right, tuple(values), captured)


def real_saddles(name: str, depth: int) -> tuple[list[tuple[ObjectArray, ...]], ObjectArray]:
    """Critical points with W = 0 of a real target, and that target, exactly; all hidden widths are d_N.

    Zeros, and a first layer that reads what Phi does not, or that reads anything where two other layers vanish.
    """
    target = exact(regression(name).target)
    outputs, inputs = target.shape
    zeros = zero_weights((inputs, *([outputs] * (depth - 1)), outputs))
    first = zeros[0].copy()
    if outputs == 1:
        first[0, :2] = [target[0, 1], -target[0, 0]]
    elif depth > 2:
        first[0, 0] = fmpq(1)
    return [zeros, (first, *zeros[1:])], target


def _moderate() -> st.SearchStrategy[tuple[int, ...]]:
    return all_dimensions(max_depth=4, max_width=4)


@built_once
@st.composite
def _captured(
    draw: st.DrawFn, positive: int, width: int, leading: bool, least: int, rank_left: bool
) -> tuple[int, ...]:
    """Indices of at most ``width`` of the positive modes, of one fewer with ``rank_left``; shrinks to ``least``."""
    number = draw(st.integers(least, min(positive, width) - rank_left))
    order = list(range(positive)) if leading else draw(st.permutations(range(positive)))
    return tuple(sorted(order[:number]))


@st.composite
def _factors(draw: st.DrawFn, values: Sequence[fmpq], depth: int) -> list[list[fmpq]]:
    """For each layer one factor a mode, the first layer's such that a mode's product is its singular value."""
    choices = st.sampled_from([fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2), fmpq(-3, 2)])
    later = [[draw(choices) for _ in values] for _ in range(depth - 1)]
    first = list(values)
    for layer in later:
        first = [value / factor for value, factor in zip(first, layer, strict=True)]
    return [first, *later]


def _left_out(width: int, captured: Sequence[int]) -> list[int]:
    return [i for i in range(width) if i not in captured]


@st.composite
def _rest(draw: st.DrawFn, places: list[list[int]], live: set[int], kind: str) -> list[ObjectArray]:
    """Z_1, ..., Z_N between the places that the captured modes leave."""
    sizes = [len(place) for place in places]
    depth = len(sizes) - 1
    if kind == "zero":
        return [exact(np.zeros((after, before))) for before, after in pairwise(sizes)]
    if kind == "full middle":
        inner = min(sizes[1:-1])
        middle = [diagonal(after, before, [1] * inner) for before, after in pairwise(sizes[1:-1])]
        first, last = exact(np.zeros((sizes[1], sizes[0]))), exact(np.zeros((sizes[-1], sizes[-2])))
        match draw(st.sampled_from(["neither", "first", "last"])):
            case "first":
                idle = [k for k, i in enumerate(places[0]) if i not in live]
                first[:, idle] = draw(_small(sizes[1], len(idle)))
            case "last":
                idle = [k for k, i in enumerate(places[-1]) if i not in live]
                last[idle, :] = draw(_small(len(idle), sizes[-2]))
        return [first, *middle, last]
    if kind == "loose":
        return draw(_loose(places, live))
    layers = [draw(_small(after, before)) for before, after in pairwise(sizes)]
    if kind == "tight":
        return draw(_tight(layers, places, live))
    if 0 in sizes[1:-1]:  # no path leads through
        return layers
    anywhere, within = st.integers(0, depth - 1), st.integers(min(1, depth - 1), max(depth - 2, min(1, depth - 1)))
    several = st.sets(anywhere, min_size=min(depth, 2)).map(sorted)
    vanishing = draw(st.one_of(st.tuples(anywhere), st.tuples(within), st.tuples(within), several))
    if len(vanishing) == 1:
        (zero,) = vanishing
        order = draw(st.permutations(sorted(live)))  # a part of them mostly, so that neither end is idle
        number = min(len(live), draw(st.sampled_from([1, 1, 1, 0, 2, len(live)])))
        read = {0: live, depth - 1: set()}.get(zero, set(order[:number]))
        if zero > 0:  # of the live modes Z_1 reads those in ``read`` alone, and Z_N writes none of them
            layers[0][:, [k for k, i in enumerate(places[0]) if i in live - read]] = fmpq(0)
        if zero < depth - 1:
            layers[-1][[k for k, i in enumerate(places[-1]) if i in read], :] = fmpq(0)
    for zero in vanishing:
        layers[zero] *= fmpq(0)
    inside = [zero for zero in vanishing if 0 < zero < depth - 1 and sizes[zero] and sizes[zero + 1]]
    if draw(st.booleans()) and inside:
        zero = inside[0]
        layers[zero - 1][-1, :] = fmpq(0)
        layers[zero + 1][:, -1] = fmpq(0)
        layers[zero][-1, -1] = fmpq(1)
    return layers


@st.composite
def _loose(draw: st.DrawFn, places: list[list[int]], live: set[int]) -> list[ObjectArray]:
    """Z_i = Z_j = 0 for a drawn i < j, and entries >= 0 elsewhere, with a path of positive ones for some live mode."""
    sizes = [len(place) for place in places]
    entries = st.integers(0, 2).map(fmpq)
    layers = [
        draw(hnp.arrays(np.dtype(object), (after, before), elements=entries)) for before, after in pairwise(sizes)
    ]
    for layer in layers:
        layer[0, 0] += fmpq(1)
    mode = draw(st.sampled_from(sorted(live)))
    layers[0][0, places[0].index(mode)] += fmpq(1)
    layers[-1][places[-1].index(mode), 0] += fmpq(1)
    for zero in draw(st.sampled_from(list(combinations(range(len(layers)), 2)))):
        layers[zero] *= fmpq(0)
    return layers


@st.composite
def _tight(draw: st.DrawFn, layers: list[ObjectArray], places: list[list[int]], live: set[int]) -> list[ObjectArray]:
    """No live mode is read or written and one inner layer vanishes; or all inner layers do, and Z_1 reads some live
    modes and Z_N writes others (from depth 4 on; at depth 5 and above the same ones as well)."""
    depth = len(layers)
    read: set[int] = set()
    written: set[int] = set()
    vanishing = [draw(st.integers(1, depth - 2))]
    if depth > 3 and draw(st.booleans()):
        vanishing = list(range(1, depth - 1))
        order = draw(st.permutations(sorted(live)))
        read = set(order[: draw(st.sampled_from([(len(live) + 1) // 2, 0, len(live)]))])  # a part of them mostly
        written = live - read if depth == 4 else live
    layers[0][:, [k for k, i in enumerate(places[0]) if i in live - read]] = fmpq(0)
    layers[-1][[k for k, i in enumerate(places[-1]) if i in live - written], :] = fmpq(0)
    for zero in vanishing:
        layers[zero] *= fmpq(0)
    return layers


@built_once
def _small(rows: int, columns: int) -> st.SearchStrategy[ObjectArray]:
    """Zeros now and then, else entries of which few are 0; shrinks to zeros."""
    entries = st.sampled_from([fmpq(1), fmpq(-1), fmpq(2), fmpq(-2), fmpq(0)])
    dense = hnp.arrays(np.dtype(object), (rows, columns), elements=entries, fill=st.nothing())
    return st.one_of(st.builds(lambda: exact(np.zeros((rows, columns)))), dense, dense, dense)


@built_once
@st.composite
def _invertible(draw: st.DrawFn, size: int) -> ObjectArray:
    """Q D (I + a e_1 e_size^T): any orthogonal Q, D of 1/2, 1, 2, and a in {0, 1}; shrinks to I."""
    scales = draw(st.lists(st.sampled_from([fmpq(1), fmpq(2), fmpq(1, 2)]), min_size=size, max_size=size))
    shear = exact(np.eye(size))
    if size > 1:
        shear[0, -1] = fmpq(draw(st.integers(0, 1)))
    result: ObjectArray = draw(orthogonal_matrices(size)) @ diagonal(size, size, scales) @ shear
    return result


def _inverse(matrix: ObjectArray) -> ObjectArray:
    size = len(matrix)
    inverse = fmpq_mat(size, size, list(matrix.ravel())).inv()
    return np.array(inverse.tolist(), dtype=object).reshape(size, size)
