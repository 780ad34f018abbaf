"""Networks of mixed shapes and depths, packed on the diagonals of square tiles: one stacked product moves them all.

Blocks on a diagonal stay blocks under products, transposes and sums, and the zeros beside them add nothing, so that
what a network does is not changed by its neighbours. The one exception is overflow: infinity times a neighbour's zero
is not a number. A step that overflows is therefore tried again with each suspect alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from solvers.descent.paths.stack import FloatArray, IndexArray, Looks, Stack, chosen_by_stack, not_finite, pieces

TILE = 8
"""Tiles have a multiple of this many rows: the smallest product that BLAS does at a good rate."""


@dataclass(frozen=True)
class _Place:
    """Where the networks of one stack are: tile and first row, each (B,)."""

    dimensions: tuple[int, ...]
    tile: IndexArray
    row: IndexArray


@dataclass(frozen=True)
class _End:
    """The tiles of one depth: their end-to-end matrices, residuals R, gradients G (``outer``, in the place of R but for
    a covariance), rates, and what is ``seen``: covariances or masks."""

    span: slice
    end_to_end: FloatArray
    target: FloatArray
    residual: FloatArray
    outer: FloatArray
    rates: FloatArray
    seen: FloatArray | None


class Tiles:
    """Stacks of any shapes, their losses of one form. The deepest tiles come first: layer j is (tiles of more than j
    layers, size, size), and the state is all layers one after another."""

    closes_ranks = True

    def __init__(self, stacks: Sequence[Stack]) -> None:
        widest = max(max(stack.dimensions) for stack in stacks)
        self._size = -(-widest // TILE) * TILE
        self._places, depths = _packed(stacks, self._size)
        starts = np.concatenate([place.tile * self._size + place.row for place in self._places])
        self._order = np.argsort(starts)
        self._starts = starts[self._order]
        self._tiles = [int((depths > j).sum()) for j in range(max(len(stack.weights) for stack in stacks))]
        self.state = np.zeros(sum(self._tiles) * self._size**2)
        self._gradient = np.zeros_like(self.state)
        self._layers, gradients = self._views(self.state), self._views(self._gradient)
        self._target = np.zeros((len(depths), self._size, self._size))
        self._rates = np.zeros((len(depths), self._size, 1))
        self._form = stacks[0].form
        self._see = np.multiply if self._form == "mask" else np.matmul
        if any(stack.form != self._form for stack in stacks):
            raise ValueError("stacks have losses of several forms; expected one")
        self._seen = np.zeros_like(self._target) if self._form != "white" else None
        self._fill(stacks)
        prefixes = [self._layers[0], *map(np.zeros_like, self._layers[1:])]
        backs = [gradients[0], *map(np.zeros_like, self._layers[1:])]
        deeper = [*self._tiles[1:], 0]  # tiles that go on after layer j
        self._forward = [
            (self._layers[j], prefixes[j - 1][: self._tiles[j]], prefixes[j]) for j in range(1, len(self._tiles))
        ]
        self._ends = [
            self._end(slice(go_on, tiles), prefix[go_on:], back[go_on:])
            for prefix, back, go_on, tiles in zip(prefixes, backs, deeper, self._tiles, strict=True)
            if go_on < tiles
        ]
        self._backward = []
        for j in range(len(self._tiles) - 1, 0, -1):
            self._backward.append((backs[j], prefixes[j - 1][: self._tiles[j]].mT, gradients[j]))
            self._backward.append((self._layers[j].mT, backs[j], backs[j - 1][: self._tiles[j]]))

    def advance(self, steps: int, looks: Looks | None = None) -> None:
        for step in range(steps):
            for left, right, out in self._forward:
                np.matmul(left, right, out)
            for end in self._ends:
                np.subtract(end.end_to_end, end.target, end.residual)
                if end.seen is not None:
                    self._see(end.residual, end.seen, end.outer)
            if looks is not None:
                self._look(looks[0][step], looks[1][step])
            for end in self._ends:
                np.multiply(end.outer, end.rates, end.outer)
            for left, right, out in self._backward:
                np.matmul(left, right, out)
            np.subtract(self.state, self._gradient, self.state)

    def weights(self, states: FloatArray) -> list[tuple[FloatArray, ...]]:
        layers = self._views(states)
        return [
            tuple(
                np.ascontiguousarray(layer[:, *index])
                for layer, index in zip(layers, self._indices(place), strict=False)
            )
            for place in self._places
        ]

    def clear(self, networks: IndexArray) -> None:
        counts = [len(place.tile) for place in self._places]
        for place, mine in zip(self._places, chosen_by_stack(networks, counts), strict=True):
            some = _Place(place.dimensions, place.tile[mine], place.row[mine])
            for layer, index in zip(self._layers, self._indices(some), strict=False):
                layer[index] = 0.0
            self._rates[some.tile[:, None], some.row[:, None] + np.arange(place.dimensions[-1])] = 0.0

    def overflowed(self, before: FloatArray) -> IndexArray:
        """Each suspect shares a tile with one that overflowed; alone in it, it shows whether it is the one."""
        suspects, after, rates = not_finite(self), self.state.copy(), self._rates.copy()
        guilty = []
        for network in suspects:
            self.state[...], self._rates[...] = before, rates
            self.clear(suspects[suspects != network])
            self.advance(1)
            if len(not_finite(self)):
                guilty.append(network)
        self.state[...], self._rates[...] = after, rates
        return np.array(guilty, dtype=np.intp) if guilty else suspects

    def _views(self, flat: FloatArray) -> list[FloatArray]:
        """The layers of a state, or of S states: (..., tiles, size, size)."""
        ends = [tiles * self._size**2 for tiles in accumulate(self._tiles)]
        shape = (*flat.shape[:-1], -1, self._size, self._size)
        return [layer.reshape(shape) for layer in pieces(flat, ends)]

    def _indices(self, place: _Place) -> list[tuple[IndexArray, IndexArray, IndexArray]]:
        """Where each layer of a stack's networks is, as indices that give (B, d_{j+1}, d_j)."""
        tile, row = place.tile[:, None, None], place.row[:, None, None]
        return [
            (tile, row + np.arange(rows)[:, None], row + np.arange(columns))
            for columns, rows in zip(place.dimensions[:-1], place.dimensions[1:], strict=True)
        ]

    def _end(self, span: slice, end_to_end: FloatArray, outer: FloatArray) -> _End:
        return _End(
            span,
            end_to_end,
            self._target[span],
            outer if self._form != "covariance" else np.zeros_like(outer),
            outer,
            self._rates[span],
            None if self._seen is None else self._seen[span],
        )

    def _fill(self, stacks: Sequence[Stack]) -> None:
        for stack, place in zip(stacks, self._places, strict=True):
            indices = self._indices(place)
            for layer, index, matrix in zip(self._layers, indices, stack.weights, strict=False):
                layer[index] = matrix
            tile, row = place.tile[:, None], place.row[:, None]
            outputs, inputs = np.arange(stack.dimensions[-1]), np.arange(stack.dimensions[0])
            block = tile[..., None], row[..., None] + outputs[:, None], row[..., None] + inputs
            self._target[block] = stack.target
            if self._seen is not None and stack.mask is not None:
                self._seen[block] = stack.mask
            elif self._seen is not None:
                square = row[..., None] + inputs[:, None], row[..., None] + inputs
                self._seen[tile[..., None], *square] = stack.covariance
            self._rates[tile, row + outputs, 0] = stack.rates[:, None]

    def _look(self, residual_squared: FloatArray, norm_squared: FloatArray) -> None:
        """The squares of a block are those of its rows, since the rest of a row is zero."""
        rows = np.zeros(self._target.shape[:2])
        for end in self._ends:
            np.einsum("trc,trc->tr", end.residual, end.outer, out=rows[end.span])
        residual_squared[self._order] = np.add.reduceat(rows.ravel(), self._starts)
        norm_squared[...] = 0.0
        for layer in self._layers:
            rows[...] = 0.0
            np.einsum("trc,trc->tr", layer, layer, out=rows[: len(layer)])
            squares = np.add.reduceat(rows.ravel(), self._starts)
            norm_squared[self._order] = np.maximum(norm_squared[self._order], squares)


def _packed(stacks: Sequence[Stack], size: int) -> tuple[list[_Place], IndexArray]:
    """A place for every network, and the depth of each tile; tiles hold one depth each, the deepest first."""
    places = [_Place(stack.dimensions, *np.zeros((2, len(stack)), dtype=np.intp)) for stack in stacks]
    depths: list[int] = []
    used = size
    order = sorted(range(len(stacks)), key=lambda s: (-len(stacks[s].weights), -max(stacks[s].dimensions)))
    for s in order:
        depth, width = len(stacks[s].weights), max(stacks[s].dimensions)
        for network in range(len(stacks[s])):
            if not depths or depths[-1] != depth or used + width > size:
                depths.append(depth)
                used = 0
            places[s].tile[network], places[s].row[network] = len(depths) - 1, used
            used += width
    return places, np.array(depths)
